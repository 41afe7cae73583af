"""What flows in the home at this moment, and what an hour of it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from home_energy.domain.cost_rate import GridPrices, cost_aud_per_hour
from home_energy.domain.home_power import (
    PowerFreshness,
    StreamPower,
    StreamRule,
    grid_parts,
    home_power,
)
from home_energy.domain.power import PowerNow, Stream
from home_energy.errors import StoreError
from home_energy.settings import Settings
from home_energy.store.present_power import present_power


@dataclass(frozen=True, slots=True)
class PowerMoment:
    """Power of the home at one moment.

    Parameters
    ----------
    is_set_up
        Whether the household named any source.
    streams
        Newest power of each stream of which anything was heard, however old.
    grid_freshness
        What may be said of the grid; `None` where it was never heard.
    cost_aud_per_hour
        Of the power now, negative when it earns; only while power and price are both
        fresh. [AUD/h]
    fault
        Why the power cannot be read.
    rule
        Whose word counts for each stream.
    told
        Newest of every source that was heard, whether it counts or not.
    """

    is_set_up: bool = False
    streams: Mapping[Stream, StreamPower] = field(default_factory=dict)
    grid_freshness: PowerFreshness | None = None
    cost_aud_per_hour: float | None = None
    fault: str | None = None
    rule: StreamRule = field(default_factory=lambda: StreamRule({}))
    told: tuple[PowerNow, ...] = ()

    @property
    def can_tell_grid(self) -> bool:
        """Whether the grid follows from what was set up."""
        return bool(grid_parts(self.rule))

    @property
    def grid(self) -> StreamPower | None:
        """Power of the grid, positive when bought."""
        return self.streams.get(Stream.GRID)


def read_power(
    settings: Settings,
    prices: GridPrices | None,
    time: datetime | None,
    *,
    is_exporting_home: bool,
) -> PowerMoment:
    """Read the power of this moment.

    Parameters
    ----------
    prices
        Of now; `None` while they may not be used.
    time
        Trusted time. [aware UTC]
    is_exporting_home
        Whether the home can sell.
    """
    rule = settings.power.stream_rule(is_exporting_home=is_exporting_home)
    if not rule.has_any:
        return PowerMoment()
    try:
        told = present_power(settings.home.store).read()
    except StoreError as error:
        return PowerMoment(is_set_up=True, fault=str(error), rule=rule)
    streams = home_power(told, rule, time)
    grid = streams.get(Stream.GRID)
    freshness = None if grid is None else grid.freshness(time)
    cost = None
    if grid is not None and prices and freshness is PowerFreshness.FRESH:
        cost = cost_aud_per_hour(grid.watts, prices)
    return PowerMoment(
        is_set_up=True,
        streams=streams,
        grid_freshness=freshness,
        cost_aud_per_hour=cost,
        rule=rule,
        told=tuple(told),
    )
