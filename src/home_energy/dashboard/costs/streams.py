"""What flows in the home, each with its age: stale and silent are shown as such."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.dashboard.figures import kilowatts
from home_energy.dashboard.local_words import span_words
from home_energy.domain.home_power import PowerFreshness, StreamPower
from home_energy.domain.power import Stream

NAMES = {
    Stream.GRID: ("Buying", "Selling"),
    Stream.LOAD: ("House", "House"),
    Stream.SOLAR: ("Sun", "Sun"),
    Stream.BATTERY: ("Battery", "Charging"),
}
"""Of a stream whose power is above zero, and below."""
_SILENT_NAMES = {
    Stream.GRID: "Grid",
    Stream.LOAD: "House",
    Stream.SOLAR: "Sun",
    Stream.BATTERY: "Battery",
}
_TOLD_IN_SECONDS = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class StreamView:
    """One stream.

    Parameters
    ----------
    name, power
        `Buying` and `1.7 kW`; no power where it has long been silent.
    age
        How long ago it was measured, in words.
    state
        `fresh`, `stale` or `silent`.
    """

    name: str
    power: str
    age: str
    state: str


def stream_views(
    streams: Mapping[Stream, StreamPower],
    wanted: Iterable[Stream],
    now: datetime | None,
) -> tuple[StreamView, ...]:
    """Every stream that was set up or follows from those, in one order.

    Parameters
    ----------
    wanted
        Streams that were set up: of them a silent one is shown too.
    now
        Trusted time. [aware UTC]
    """
    shown = {*wanted, *streams}
    return tuple(
        _view(stream, streams[stream], now)
        if stream in streams
        else StreamView(_SILENT_NAMES[stream], "", "not heard yet", "silent")
        for stream in Stream
        if stream in shown
    )


def age_words(power: StreamPower, now: datetime | None) -> str:
    """How old a power is: `4 s ago`, stale `14 min old`, `silent for 2 h`."""
    age = power.age(now)
    if age is None:
        return "checking the time"
    span = span_words(age)
    match power.freshness(now):
        case PowerFreshness.OLD:
            return f"silent for {span}"
        case PowerFreshness.STALE:
            return f"{span} old"
    if age < _TOLD_IN_SECONDS:
        return f"{int(age.total_seconds())} s ago"
    return f"{span} ago"


def _view(stream: Stream, power: StreamPower, now: datetime | None) -> StreamView:
    age = age_words(power, now)
    freshness = power.freshness(now)
    if freshness is PowerFreshness.OLD:
        return StreamView(_SILENT_NAMES[stream], "", age, "silent")
    above, below = NAMES[stream]
    name = below if round(power.watts) < 0 else above
    state = "fresh" if freshness is PowerFreshness.FRESH else "stale"
    return StreamView(name, f"{kilowatts(power.watts)} kW", age, state)
