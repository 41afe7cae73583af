"""Findings about live power: who is silent, what cannot be read, what is missing.

How a source of power does says nothing of prices, so none of these is about Amber.
"""

from collections.abc import Mapping, Sequence

from home_energy.dashboard.health.finding import Facts, Finding, Severity, since_words
from home_energy.dashboard.now import Now
from home_energy.domain.home_power import PowerFreshness, StreamPower
from home_energy.domain.power import PowerNow, Stream
from home_energy.settings.power import BROKER
from home_energy.store import SourceStatus

UNLIKE_WATTS, UNLIKE_FRACTION = 100.0, 0.2
"""Two meters of the same power do not differ by more than both of these."""


def power_findings(now: Now, facts: Facts) -> list[Finding]:
    """Everything worth saying about live power; nothing where none was set up."""
    if not now.power.is_set_up:
        return []
    if now.power.fault is not None:
        return [_unreadable(now.power.fault)]
    failing = _failing(now)
    return [
        *(_failure(status, now, facts) for status in failing.values()),
        *_silent(now, facts, failing),
        *_grid(now),
        *_several(now),
    ]


def _unreadable(fault: str) -> Finding:
    return Finding(
        "power_unreadable",
        Severity.WARNING,
        "The power of this moment cannot be read, so no cost per hour is shown",
        "power",
        f"{fault}.",
    )


def _failing(now: Now) -> dict[str, SourceStatus]:
    """Sources that say they fail, by name; those no longer set up are past."""
    known = {BROKER, *(source for source, _ in _named(now))}
    return {
        status.source: status
        for status in now.statuses
        if status.is_of_power
        and status.failing_since is not None
        and status.source in known
    }


def _failure(status: SourceStatus, now: Now, facts: Facts) -> Finding:
    since = since_words(status.failing_since, now, facts)
    message = status.failure_message or "no more is known"
    if status.source == BROKER:
        return Finding(
            "power_broker_away",
            Severity.WARNING,
            f"The broker that carries the power has not been heard{since}",
            "power: broker",
            f"{message}.",
        )
    is_heard = any(
        each.source == status.source and _is_fresh(each, now) for each in now.power.told
    )
    return Finding(
        "power_source_failing",
        Severity.NOTE if is_heard else Severity.WARNING,
        f"{status.source} does not tell all of its power{since}",
        f"power: {status.source}",
        f"{message}.",
    )


def _silent(
    now: Now, facts: Facts, failing: Mapping[str, SourceStatus]
) -> list[Finding]:
    """Sources that are silent although nothing says that they fail."""
    if now.time is None or BROKER in failing:
        return []
    heard = {(each.source, each.stream): each for each in now.power.told}
    return [
        _silence(source, stream, heard.get((source, stream)), now, facts)
        for source, stream in _named(now)
        if source not in failing and not _is_fresh(heard.get((source, stream)), now)
    ]


def _silence(
    source: str, stream: Stream, last: PowerNow | None, now: Now, facts: Facts
) -> Finding:
    power = now.power.streams.get(stream)
    has_spare = power is not None and power.freshness(now.time) is PowerFreshness.FRESH
    since = since_words(None if last is None else last.as_of, now, facts) or " yet"
    do = "Check that it has power and network; it is heard again by itself."
    if last is None:
        do = (
            "Check that it runs, and its name under [power] in config/home.toml; it "
            "is shown as soon as it tells."
        )
    return Finding(
        "power_silent",
        Severity.NOTE if has_spare else Severity.WARNING,
        f"{source} has told no power of the {stream}{since}",
        f"power: {source}",
        f"Another source stands in for it. {do}" if has_spare else do,
    )


def _grid(now: Now) -> list[Finding]:
    """Whether what is bought follows from what was set up."""
    if now.power.can_tell_grid:
        return []
    do = 'Add a meter of the grid (stream = "grid")'
    if Stream.LOAD in now.power.rule.sources:
        do += ', or of the panels (stream = "solar"), for this home can sell'
    return [
        Finding(
            "power_grid_unknown",
            Severity.WARNING,
            "What is bought does not follow from the meters that were set up, so no "
            "cost per hour is shown",
            "power: grid",
            f"{do}, under [power] in config/home.toml.",
        )
    ]


def _several(now: Now) -> list[Finding]:
    """Spare meters that tell something else: they may be parts of one whole."""
    rule = now.power.rule
    found = []
    for stream, sources in rule.sources.items():
        fresh = [
            each
            for source in sources
            for each in now.power.told
            if (each.source, each.stream) == (source, stream) and _is_fresh(each, now)
        ]
        if stream not in rule.summed and _differ(fresh):
            others = " and ".join(each.source for each in fresh[1:])
            found.append(_unlike(stream, fresh[0].source, others))
    return found


def _unlike(stream: Stream, first: str, others: str) -> Finding:
    return Finding(
        "power_sources_differ",
        Severity.NOTE,
        f"{first} and {others} tell different power of the {stream}; {first} counts",
        f"power: {stream}",
        "If they are parts of it, such as one for each phase, set "
        f'summed = ["{stream}"] under [power] in config/home.toml.',
    )


def _differ(fresh: Sequence[PowerNow]) -> bool:
    watts = [each.watts for each in fresh]
    if len(watts) < 2:
        return False
    largest = max(abs(each) for each in watts)
    return max(watts) - min(watts) > max(UNLIKE_WATTS, UNLIKE_FRACTION * largest)


def _named(now: Now) -> list[tuple[str, Stream]]:
    return [
        (source, stream)
        for stream, sources in now.power.rule.sources.items()
        for source in sources
    ]


def _is_fresh(told: PowerNow | None, now: Now) -> bool:
    if told is None:
        return False
    power = StreamPower(told.watts, told.as_of, told.hold, (told.source,))
    return power.freshness(now.time) is PowerFreshness.FRESH
