"""From the clock on a table to UTC, and what the days do on which clocks change.

A table on local time with 48 or 288 places a day cannot show such a day: in October it
has an hour too many, in April one too few. How it helps itself is in its profile, and
what can be checked of that is checked here and in `table_clock_checks`.
"""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError
from home_energy.ingestion.sources.clock_switches import (
    DAY_MINUTES,
    EPOCH,
    ClockSwitch,
    midnight_of,
    offset_minutes,
    switches_between,
)
from home_energy.ingestion.sources.table_profile import TableClock

_NEM_MINUTES = 600


@dataclass(frozen=True, slots=True, eq=False)
class WallValues:
    """Values of one register as the table stamps them, in order of the stamp.

    Parameters
    ----------
    name
        The register's, for messages.
    wall_minutes
        Interval starts on the table's clock. (N,) [minutes since 1970-01-01 00:00]
    kwh, quality
        NaN and 0 where missing. (N,) [kWh]
    line
        Where each stands in the file. (N,)
    """

    name: str
    wall_minutes: NDArray[np.int64]
    kwh: FloatArray
    quality: NDArray[np.uint8]
    line: NDArray[np.int64]

    def where(self, mask: NDArray[np.bool_]) -> "WallValues":
        """Those values alone."""
        return WallValues(
            self.name,
            self.wall_minutes[mask],
            self.kwh[mask],
            self.quality[mask],
            self.line[mask],
        )

    def between(self, first_minute: int, length_minutes: int) -> NDArray[np.bool_]:
        """Which begin in a stretch of the table's clock."""
        since = self.wall_minutes - first_minute
        return (since >= 0) & (since < length_minutes)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedValues:
    """Values by the instant they begin, in any order. (N,)"""

    start_utc_s: NDArray[np.int64]
    kwh: FloatArray
    quality: NDArray[np.uint8]


def place(
    values: WallValues, clock: TableClock, file_name: str
) -> tuple[PlacedValues, list[str]]:
    """Put every value at its instant.

    Parameters
    ----------
    values
        At least one; no stamp twice, but in an hour that the table shows twice.

    Returns
    -------
    PlacedValues
        The energy of an hour summed from two is shared evenly, as substitutes.
    list of str
        What was left out or shared on days of clock changes, for each such day.

    Raises
    ------
    DataError
        If an hour that does not exist holds energy, or a day of a clock change looks
        otherwise than the profile says.
    """
    if clock.zone is None:
        start = (values.wall_minutes - _NEM_MINUTES) * 60
        return PlacedValues(start, values.kwh, values.quality), []
    offset = _offset_minutes(values.wall_minutes, clock.zone)
    is_skipped = np.zeros(values.kwh.shape, dtype=np.bool_)
    apart_minutes = np.zeros(values.kwh.shape, dtype=np.int64)
    problems: list[str] = []
    for switch in switches_between(
        clock.zone, int(values.wall_minutes[0]), int(values.wall_minutes[-1])
    ):
        inside = values.between(switch.first_minute, switch.length_minutes)
        if not inside.any():
            continue
        where = f"{file_name}:{values.line[inside][0]}: the hour from {switch.spoken}"
        if switch.is_skip:
            problems += _skipped(values.where(inside), clock, where)
            is_skipped |= inside
        elif clock.repeated_hour == "summed":
            problems.append(_summed(values, switch, clock, where))
            apart_minutes[inside] = switch.length_minutes
        elif clock.repeated_hour == "twice":
            second = _second_pass(values, inside, where)
            offset[second] -= switch.length_minutes
        else:
            problems.append(
                f"{where} happened twice in {clock.zone} and {values.name} shows it "
                "once; taken as the first, the second is missing"
            )
    start = (values.wall_minutes - offset) * 60
    return _shared(values, start, ~is_skipped, apart_minutes), problems


def _shared(
    values: WallValues,
    start_utc_s: NDArray[np.int64],
    is_kept: NDArray[np.bool_],
    apart_minutes: NDArray[np.int64],
) -> PlacedValues:
    """Kept values at their instants; of a sum of two hours half goes to each.

    Such hours are `apart_minutes` apart; it is 0 where a value is no sum.
    """
    is_sum = apart_minutes > 0
    kwh = np.where(is_sum, values.kwh / 2, values.kwh)
    at_most = np.where(is_sum, int(Quality.SUBSTITUTE), int(Quality.ACTUAL))
    quality = np.minimum(values.quality, at_most).astype(np.uint8)
    second = (start_utc_s + apart_minutes * 60)[is_sum]
    return PlacedValues(
        np.concatenate([start_utc_s[is_kept], second]),
        np.concatenate([kwh[is_kept], kwh[is_sum]]),
        np.concatenate([quality[is_kept], quality[is_sum]]),
    )


def _skipped(gap: WallValues, clock: TableClock, where: str) -> list[str]:
    """What to say of the values in an hour that does not exist, if they may be."""
    known = gap.kwh[~np.isnan(gap.kwh)]
    if np.any(known > 0):
        raise DataError(
            f"{where} does not exist in {clock.zone}, but {gap.name} has "
            f"{float(known.sum()):g} kWh in it; the table is on another clock than its "
            "profile says: take a profile with kind = NEM, or another zone"
        )
    if known.size == 0:
        return []
    if clock.skipped_hour == "absent":
        raise DataError(
            f"{where} does not exist in {clock.zone}, but {gap.name} has zeros in it; "
            "the profile says skipped_hour = absent: is it zeros?"
        )
    said = f"{where} does not exist in {clock.zone}; its {known.size} zeros in "
    return [f"{said}{gap.name} were left out"]


def _summed(
    values: WallValues, switch: ClockSwitch, clock: TableClock, where: str
) -> str:
    """What to say of an hour that holds the energy of two."""
    hour, before, after = (
        float(values.kwh[values.between(first, switch.length_minutes)].sum())
        for first in (
            switch.first_minute,
            switch.first_minute - switch.length_minutes,
            switch.first_minute + switch.length_minutes,
        )
    )
    around = (before + after) / 2
    ratio = hour / around if around > 0 else float("nan")
    told = f", {ratio:.1f} times the hours around" if np.isfinite(ratio) else ""
    doubt = "; that looks like one hour: check repeated_hour" if ratio < 1.3 else ""
    return (
        f"{where} happened twice in {clock.zone} and {values.name} shows one sum of "
        f"{hour:.4g} kWh{told}; shared evenly over both as substitutes{doubt}"
    )


def _second_pass(
    values: WallValues, inside: NDArray[np.bool_], where: str
) -> NDArray[np.int64]:
    """Which values of an hour shown twice are of its second pass."""
    places = np.flatnonzero(inside)
    stamps = values.wall_minutes[places]
    if stamps.size % 2 or np.any(stamps[0::2] != stamps[1::2]):
        raise DataError(
            f"{where} happened twice, but {values.name} does not show each of its "
            "intervals twice; the profile says repeated_hour = twice: is it summed or "
            "absent?"
        )
    return places[1::2]


def _offset_minutes(wall_minutes: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Distance from UTC at each stamp; of an hour that is twice there, the first."""
    tz = ZoneInfo(zone)
    days, place_of = np.unique(wall_minutes // DAY_MINUTES, return_inverse=True)
    midnights = [EPOCH + timedelta(days=int(day)) for day in days]
    offset = np.array([offset_minutes(midnight_of(day), tz) for day in midnights])[
        place_of
    ]
    for switch in switches_between(zone, int(wall_minutes[0]), int(wall_minutes[-1])):
        day = switch.first_minute // DAY_MINUTES
        end = switch.first_minute + switch.length_minutes
        is_after = (wall_minutes // DAY_MINUTES == day) & (wall_minutes >= end)
        sign = 1 if switch.is_skip else -1
        offset[is_after] += sign * switch.length_minutes
    return offset
