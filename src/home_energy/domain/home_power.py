"""What flows in the home at one instant, made of what every source told of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from home_energy.domain.power import PowerNow, Stream
from home_energy.domain.series import FloatArray

Watts = TypeVar("Watts", float, FloatArray)

LATE = timedelta(seconds=15)
"""Beyond its hold a reading is this much later on the screen at most."""

AHEAD = timedelta(minutes=1)
"""What was measured so much after now was dated by a clock that was wrong."""

OLD_AFTER = timedelta(minutes=30)
"""What was measured longer ago is not shown as a number any more."""


class PowerFreshness(StrEnum):
    """What may be said of a power: as it is now, as it was, or nothing."""

    FRESH = "fresh"
    STALE = "stale"
    OLD = "old"
    CHECKING_TIME = "checking_time"


@dataclass(frozen=True, slots=True)
class StreamPower:
    """Power of one stream of the home.

    Parameters
    ----------
    watts
        See `Stream` for the sign. [W]
    as_of
        When it was measured; of several sources the oldest. [aware UTC]
    hold
        How long it stands at most; of several sources the shortest.
    sources
        Who told.
    """

    watts: float
    as_of: datetime
    hold: timedelta
    sources: tuple[str, ...]

    def age(self, now: datetime | None) -> timedelta | None:
        """How long ago it was measured; `None` while no clock can be trusted."""
        return None if now is None else max(now - self.as_of, timedelta(0))

    def freshness(self, now: datetime | None) -> PowerFreshness:
        """What may be said of it at a moment of trusted time."""
        age = self.age(now)
        if now is None or age is None or self.as_of - now > AHEAD:
            return PowerFreshness.CHECKING_TIME
        if age <= self.hold + LATE:
            return PowerFreshness.FRESH
        return PowerFreshness.STALE if age <= OLD_AFTER else PowerFreshness.OLD


@dataclass(frozen=True, slots=True)
class StreamRule:
    """Whose word counts for each stream.

    Parameters
    ----------
    sources
        Of each stream that was set up, in the household's order.
    summed
        Streams whose sources are parts of it, such as three phases. Of any other
        stream the first source that is heard counts; those after it are spare.
    is_exporting_home
        Whether the home can sell: then its load alone does not tell the grid.
    """

    sources: Mapping[Stream, tuple[str, ...]]
    summed: Collection[Stream] = ()
    is_exporting_home: bool = True

    @property
    def has_any(self) -> bool:
        """Whether any source of live power was set up."""
        return bool(self.sources)


def home_power(
    told: Sequence[PowerNow], rule: StreamRule, now: datetime | None
) -> dict[Stream, StreamPower]:
    """Power of every stream of which anything is known.

    The grid, where no meter tells it, is what the house uses less what panels and
    battery give: if all of these that were set up are known.

    Parameters
    ----------
    told
        Newest of every source and stream.
    now
        Trusted time, by which a silent source gives way to a spare one. [aware UTC]
    """
    found: dict[Stream, StreamPower] = {}
    for stream in Stream:
        power = _of_stream(stream, told, rule, now)
        if power is not None:
            found[stream] = power
    if Stream.GRID not in rule.sources:
        grid = _grid_of(found, rule)
        if grid is not None:
            found[Stream.GRID] = grid
    return found


def grid_parts(rule: StreamRule) -> tuple[Stream, ...]:
    """Streams that tell the grid: itself, or load less what else was set up.

    Returns
    -------
    tuple of Stream
        Empty where the grid does not follow from what was set up.
    """
    if Stream.GRID in rule.sources:
        return (Stream.GRID,)
    if Stream.LOAD not in rule.sources:
        return ()
    givers = tuple(
        stream for stream in (Stream.SOLAR, Stream.BATTERY) if stream in rule.sources
    )
    if Stream.SOLAR not in givers and rule.is_exporting_home:
        return ()
    return (Stream.LOAD, *givers)


def grid_watts(watts_of: Callable[[Stream], Watts], parts: Sequence[Stream]) -> Watts:
    """Power of the grid from the streams of `grid_parts`. [W]"""
    watts = watts_of(parts[0])
    for giver in parts[1:]:
        watts = watts - watts_of(giver)
    return watts


def _of_stream(
    stream: Stream, told: Sequence[PowerNow], rule: StreamRule, now: datetime | None
) -> StreamPower | None:
    wanted = rule.sources.get(stream, ())
    heard = {each.source: each for each in told if each.stream is stream}
    known = [heard[source] for source in wanted if source in heard]
    if not known:
        return None
    if stream in rule.summed:
        return _sum_of(known) if len(known) == len(wanted) else None
    powers = [_sum_of([each]) for each in known]
    fresh = [p for p in powers if p.freshness(now) is PowerFreshness.FRESH]
    return fresh[0] if fresh else max(powers, key=lambda power: power.as_of)


def _sum_of(parts: Sequence[PowerNow]) -> StreamPower:
    return StreamPower(
        watts=sum(part.watts for part in parts),
        as_of=min(part.as_of for part in parts),
        hold=min(part.hold for part in parts),
        sources=tuple(part.source for part in parts),
    )


def _grid_of(
    found: Mapping[Stream, StreamPower], rule: StreamRule
) -> StreamPower | None:
    parts = grid_parts(rule)
    if not parts or any(stream not in found for stream in parts):
        return None
    known = [found[stream] for stream in parts]
    return StreamPower(
        watts=grid_watts(lambda stream: found[stream].watts, parts),
        as_of=min(power.as_of for power in known),
        hold=min(power.hold for power in known),
        sources=tuple(dict.fromkeys(s for power in known for s in power.sources)),
    )
