"""From a local clock without a zone to UTC, through the nights on which it changes.

In April an hour happens twice in Sydney, in October one never does. What decides:
how long a drive says it took, its neighbours, the odometer, the order of rows. What
nothing decides is taken as the first of the two and counted.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from home_energy.ingestion.sources.counted_problems import CountedProblems

_NEAR = timedelta(minutes=10)
_ROUNDING = timedelta(minutes=2)
_MINUTE = timedelta(minutes=1)
_BESIDE = timedelta(days=1)

_SKIPPED = (
    "a time that the clocks of {zone} skipped; read as if they had not been moved yet. "
    "If that is another clock than the file's, say --timezone"
)
_UNDECIDED = (
    "a time that happened twice in {zone}, and nothing tells which; taken as the first"
)
_CONTRADICTED = (
    "start and end are further apart than its duration, or less; kept as told. If the "
    "file is on another clock than {zone}'s, say --timezone"
)


class LocalSpan(NamedTuple):
    """From when to when something was, on a clock that shows no zone.

    Parameters
    ----------
    line
        Where it stands in the file.
    start, end
        Naive.
    duration_minutes
        As the file tells it; `None` if it does not. [minutes]
    odometer_km
        At its start; `None` if it is not told.
    """

    line: int
    start: datetime
    end: datetime
    duration_minutes: float | None = None
    odometer_km: float | None = None


class LocalStamp(NamedTuple):
    """When a row was written, on a clock that shows no zone.

    Parameters
    ----------
    line
        Where it stands in the file.
    moment
        Naive.
    seen_at
        An instant shortly before it, from another clock; `None` without.
    """

    line: int
    moment: datetime
    seen_at: datetime | None = None


Span = tuple[datetime, datetime]


def instants(moment: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every instant at which a clock showed a time: one, two, or none at all."""
    first, second = (
        moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if first == second:
        return (first,)
    is_repeated = first.astimezone(zone).replace(tzinfo=None) == moment
    return (first, second) if is_repeated else ()


def settle_spans(
    spans: Sequence[LocalSpan], zone: ZoneInfo, problems: CountedProblems
) -> list[Span]:
    """Put spans of one car, in any order, at their instants. They do not overlap."""
    places = [_places_of(span, zone, problems) for span in spans]
    is_decided = False
    while not is_decided:
        is_decided = True
        for number, mine in enumerate(places):
            if len(mine) < 2:
                continue
            left = [one for one in mine if _fits(number, one, spans, places)]
            if left and len(left) < len(mine):
                places[number] = left
                is_decided = False
    for span, mine in zip(spans, places, strict=True):
        if len(mine) > 1:
            problems.add(span.line, _UNDECIDED.format(zone=zone.key))
    return [mine[0] for mine in places]


def _places_of(
    span: LocalSpan, zone: ZoneInfo, problems: CountedProblems
) -> list[Span]:
    """Where a span may lie by itself; at least one."""
    starts, ends = (instants(moment, zone) for moment in (span.start, span.end))
    if not starts or not ends:
        problems.add(span.line, _SKIPPED.format(zone=zone.key))
    places = [
        (start, end)
        for start in starts or (_unmoved(span.start, zone),)
        for end in ends or (_unmoved(span.end, zone),)
    ]
    forward = [(start, end) for start, end in places if end >= start]
    if not forward or span.duration_minutes is None:
        return forward or places[:1]
    minutes = span.duration_minutes
    true = [
        (start, end)
        for start, end in forward
        if abs((end - start) / _MINUTE - minutes) <= _ROUNDING / _MINUTE
    ]
    if not true:
        problems.add(span.line, _CONTRADICTED.format(zone=zone.key))
    return true or forward


def _unmoved(moment: datetime, zone: ZoneInfo) -> datetime:
    """Instant of a skipped time, on the clock as it was before."""
    return moment.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _fits(
    number: int,
    mine: Span,
    spans: Sequence[LocalSpan],
    places: Sequence[Sequence[Span]],
) -> bool:
    """Whether a span can lie there beside those whose place is known."""
    start, end = mine
    odometer_km = spans[number].odometer_km
    for other, (span, theirs) in enumerate(zip(spans, places, strict=True)):
        if other == number or len(theirs) > 1:
            continue
        their_start, their_end = theirs[0]
        if start < their_end and their_start < end:
            return False
        their_km = span.odometer_km
        if odometer_km is None or their_km is None or odometer_km == their_km:
            continue
        if abs(their_start - start) > _BESIDE:
            continue
        if (odometer_km > their_km) != (start > their_start):
            return False
    return True


def settle_stamps(
    stamps: Sequence[LocalStamp], zone: ZoneInfo, problems: CountedProblems
) -> list[datetime]:
    """Put stamps of rows, in the order in which they were written, at their instants.

    Rows of an hour that happened twice are taken in runs without a pause. A step back
    of the clock parts the first hour from the second; else a run belongs to the hour
    that its neighbours, or the other clock, join it to.
    """
    told = [instants(stamp.moment, zone) for stamp in stamps]
    second = [False] * len(stamps)
    runs = _runs(stamps, told)
    sides = [_side(run, stamps, told) for run in runs]
    for number, (run, after) in enumerate(pairwise(runs)):
        if stamps[after.start].moment < stamps[run.stop - 1].moment - _NEAR:
            sides[number], sides[number + 1] = False, True
    for number, (run, side) in enumerate(zip(runs, sides, strict=True)):
        if side is None:
            is_second = _known_beside(number, runs, sides, stamps)
            if is_second is None:
                problems.add(stamps[run.start].line, _UNDECIDED.format(zone=zone.key))
            side = bool(is_second)  # noqa: PLW2901 - decided now
        for place in run:
            second[place] = side
    settled = []
    for stamp, found, is_second in zip(stamps, told, second, strict=True):
        if not found:
            problems.add(stamp.line, _SKIPPED.format(zone=zone.key))
        settled.append(found[is_second] if found else _unmoved(stamp.moment, zone))
    return settled


def _runs(
    stamps: Sequence[LocalStamp], told: Sequence[tuple[datetime, ...]]
) -> list[range]:
    """Rows of an hour that happened twice, without a pause or a step back."""
    runs: list[range] = []
    for place, found in enumerate(told):
        if len(found) < 2:
            continue
        is_next = bool(runs) and runs[-1].stop == place
        passed = stamps[place].moment - stamps[place - 1].moment
        if is_next and abs(passed) <= _NEAR:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


def _side(
    run: range, stamps: Sequence[LocalStamp], told: Sequence[tuple[datetime, ...]]
) -> bool | None:
    """Whether a run is of the second hour, by itself and its neighbours."""
    for place in run:
        seen_at, first = stamps[place].seen_at, told[place][0]
        if seen_at is None:
            continue
        if seen_at > first + _ROUNDING:
            return True
        if seen_at >= first - _NEAR:
            return False
    before = told[run.start - 1] if run.start else ()
    after = told[run.stop] if run.stop < len(told) else ()
    is_first = len(before) == 1 and told[run.start][0] - before[0] <= _NEAR
    is_second = len(after) == 1 and after[0] - told[run.stop - 1][1] <= _NEAR
    return None if is_first == is_second else is_second


def _known_beside(
    number: int,
    runs: Sequence[range],
    sides: Sequence[bool | None],
    stamps: Sequence[LocalStamp],
) -> bool | None:
    """What the other runs of the same night leave: time does not run back."""
    night = stamps[runs[number].start].moment.date()
    before = [
        side
        for run, side in zip(runs[:number], sides[:number], strict=True)
        if stamps[run.start].moment.date() == night
    ]
    after = [
        side
        for run, side in zip(runs[number + 1 :], sides[number + 1 :], strict=True)
        if stamps[run.start].moment.date() == night
    ]
    if True in before:
        return True
    return False if False in after else None
