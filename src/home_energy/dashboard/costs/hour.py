"""What the first of these pages says: the cost of an hour now, and the last hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from home_energy.analysis.running_costs.day_cost import DayCost
from home_energy.analysis.running_costs.trend import Trend
from home_energy.analysis.running_costs.typical_cost import TypicalCost
from home_energy.dashboard.bill.view import day_words
from home_energy.dashboard.costs.chart import CostChart, cost_chart
from home_energy.dashboard.costs.so_far import ALL_KNOWN_FRACTION, day_amount
from home_energy.dashboard.costs.streams import StreamView, stream_views
from home_energy.dashboard.costs.trend_words import trend_words
from home_energy.dashboard.home.cost_cell import (
    CostCell,
    CostKind,
    cost_cell,
    typical_cell,
)
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.power import Stream
from home_energy.domain.verdict import PriceLevels
from home_energy.store import SourceStatus

ADD_A_METER = "For the cost now add a power meter: [power] in home.toml"


@dataclass(frozen=True, slots=True)
class HourReading:
    """What the page stands on.

    Parameters
    ----------
    time
        Trusted time. [aware UTC]
    wanted
        Streams of which a source was set up.
    statuses
        How every task of every source is doing.
    levels
        Where cheap ends and expensive begins; `None` where it is not known.
    demand
        What to heed in a demand window, before all else; `None` outside one.
    """

    time: datetime | None
    power: PowerMoment
    wanted: tuple[Stream, ...] = ()
    statuses: Sequence[SourceStatus] = ()
    trend: Trend | None = None
    levels: PriceLevels | None = None
    today: DayCost | None = None
    typical: TypicalCost | None = None
    demand: str | None = None


@dataclass(frozen=True, slots=True)
class HourPage:
    """The page.

    Parameters
    ----------
    cell
        The large figure; `None` where there is nothing to be told.
    lines
        Below it, one sentence each.
    """

    cell: CostCell | None
    lines: tuple[str, ...]
    streams: tuple[StreamView, ...]
    chart: CostChart | None


def hour_page(reading: HourReading, zone: tzinfo) -> HourPage:
    """Put the page together."""
    power, trend = reading.power, reading.trend
    return HourPage(
        cell=_cell(reading, zone),
        lines=_lines(reading, zone),
        streams=stream_views(power.streams, reading.wanted, reading.time),
        chart=None if trend is None else cost_chart(trend, reading.levels, zone),
    )


def _cell(reading: HourReading, zone: tzinfo) -> CostCell | None:
    """The first page's, without the power: that stands below with its age."""
    cell = cost_cell(reading.power, reading.statuses, reading.time, zone)
    if cell is None and reading.typical is not None and not reading.power.is_set_up:
        return typical_cell(reading.typical)
    if cell is not None and cell.kind in (CostKind.COST, CostKind.EARNING):
        return replace(cell, unit="/hour", below="")
    return cell


def _lines(reading: HourReading, zone: tzinfo) -> tuple[str, ...]:
    if not reading.power.is_set_up:
        return (*_typical_words(reading.typical), ADD_A_METER)
    if reading.demand is not None:
        return (reading.demand,)
    first = _today_words(reading.today)
    seen = None if reading.trend is None else trend_words(reading.trend, zone)
    return tuple(words for words in (first, seen) if words)


def _today_words(day: DayCost | None) -> str | None:
    """`Today $3.12 so far`, or that some of the day is not known."""
    if day is None or day.cost_aud is None:
        return None
    if day.known_fraction >= ALL_KNOWN_FRACTION:
        return f"Today {day_amount(day)} so far"
    return f"Today {day_amount(day)}, part missing"


def _typical_words(typical: TypicalCost | None) -> tuple[str, ...]:
    if typical is None:
        return ()
    last = day_words(typical.last_day)
    return (f"Median of {typical.day_count} days up to {last}",)
