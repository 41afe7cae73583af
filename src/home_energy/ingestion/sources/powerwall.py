"""Meters of a Powerwall's gateway: grid, house, solar and battery.

`/api/meters/aggregates` gives `{"site": {"last_communication_time":
"2026-01-15T12:00:00.123456789+11:00", "instant_power": -1520.5, ...}, "load": {...},
"solar": {...}, "battery": {...}}`: W, and the time at which the gateway last heard the
meter, with nine digits and a zone. `site` is the grid, positive when bought; `battery`
is positive when it gives. So the signs are ours
(https://github.com/vloschiavo/powerwall2, "Meters / Power output stats").

See docs/sources/powerwall.md.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from home_energy.domain.power import MOST_WATTS, PowerSample, Stream
from home_energy.errors import SourceDataError

SOURCE = "powerwall"

_METER_OF = {
    Stream.GRID: "site",
    Stream.LOAD: "load",
    Stream.SOLAR: "solar",
    Stream.BATTERY: "battery",
}


def read_aggregates(
    tree: object, wanted: Collection[Stream]
) -> tuple[tuple[PowerSample, ...], tuple[str, ...]]:
    """Power of every meter that is wanted, and what is wrong with the others.

    Returns
    -------
    samples
        With the gateway's own time.
    problems
        In words for the household, one for each stream that cannot be told.

    Raises
    ------
    SourceDataError
        If the answer is not about meters at all.
    """
    if not isinstance(tree, Mapping) or not any(name in tree for name in _NAMES):
        raise SourceDataError(
            "the Powerwall's gateway told of no meter, site, load, solar and battery "
            "expected; check host in [power.powerwall]"
        )
    samples, problems = [], []
    for stream in wanted:
        found = _sample(stream, tree.get(_METER_OF[stream]))
        if isinstance(found, PowerSample):
            samples.append(found)
        else:
            problems.append(found)
    return tuple(samples), tuple(problems)


def _sample(stream: Stream, meter: object) -> PowerSample | str:
    """Power of one meter, or why it cannot be told."""
    name = _METER_OF[stream]
    if not isinstance(meter, Mapping):
        return (
            f"{stream}: the gateway has no meter {name}; leave {stream} out of streams "
            "in [power.powerwall] if the home has none"
        )
    watts, at = _watts(meter.get("instant_power")), _instant(meter)
    if watts is None:
        return f"{stream}: the gateway gives no power in W that can be; see its app"
    if at is None:
        return (
            f"{stream}: the gateway does not say when its meter was heard, a time with "
            "a zone expected; update home-energy"
        )
    return PowerSample(stream, at, watts)


def _watts(found: object) -> float | None:
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    return float(found) if abs(found) <= MOST_WATTS else None  # of NaN as well


def _instant(meter: Mapping[str, object]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(meter.get("last_communication_time")))
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


_NAMES = tuple(_METER_OF.values())
