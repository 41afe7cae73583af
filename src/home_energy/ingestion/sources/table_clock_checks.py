"""Whether a table's values can be on the clock that its profile states.

Two independent signs: what the values do in the hour that clocks skip in October, and
whether the middle of the solar day jumps by an hour where clocks change.
"""

import numpy as np

from home_energy.domain.meter_day import Flow
from home_energy.errors import DataError
from home_energy.ingestion.sources.clock_switches import (
    DAY_MINUTES,
    ClockSwitch,
    switches_between,
)
from home_energy.ingestion.sources.table_clock import WallValues
from home_energy.ingestion.sources.table_profile import TableClock

_SOUTHERN_ZONE = "Australia/Sydney"  # South Australia and Tasmania change with it
_FEWEST_OTHER_DAYS = 3
_MOST_USUAL_ZEROS_FRACTION = 0.1
_SIDE_DAYS = 14
_FEWEST_SIDE_DAYS = 7
_SURE_HOURS = 0.35


def require_stated_clock(
    values: WallValues, flow: Flow, clock: TableClock, file_name: str
) -> None:
    """Refuse values that show another clock than the profile states.

    Raises
    ------
    DataError
        If the market's clock is stated but the hour that clocks skip is empty, or if
        solar energy moves against the table's clock where it should not, or does not
        where it should.
    """
    zone = clock.zone or _SOUTHERN_ZONE
    first, last = int(values.wall_minutes[0]), int(values.wall_minutes[-1])
    for switch in switches_between(zone, first, last):
        if clock.kind == "NEM" and switch.is_skip:
            _require_hour_present(values, switch, file_name)
        if flow in (Flow.FEED_IN, Flow.GENERATION):
            _require_steady_sun(values, switch, clock, file_name)


def _require_hour_present(
    values: WallValues, switch: ClockSwitch, file_name: str
) -> None:
    """On the market's clock the hour that clocks skip is like any other."""
    length = switch.length_minutes
    inside = values.between(switch.first_minute, length)
    around = [
        values.kwh[values.between(switch.first_minute + shift, length)]
        for shift in (-length, length)
    ]
    if any(hour.size == 0 or not np.all(hour > 0) for hour in around):
        return
    if np.any(values.kwh[inside] > 0):
        return
    same_hour = (values.wall_minutes - switch.first_minute) % DAY_MINUTES < length
    others = values.kwh[same_hour & ~inside]
    usual = others[~np.isnan(others)]
    other_days = np.unique(values.wall_minutes[same_hour & ~inside] // DAY_MINUTES)
    is_sure = (
        other_days.size >= _FEWEST_OTHER_DAYS
        and usual.size > 0
        and np.mean(usual == 0) <= _MOST_USUAL_ZEROS_FRACTION
    )
    if not is_sure:
        return
    line = values.line[values.between(switch.first_minute - length, length)][-1]
    raise DataError(
        f"{file_name}:{line}: {values.name} has nothing in the hour from "
        f"{switch.spoken}, which clocks skipped, and energy around it and on other "
        "days; the profile says kind = NEM, but the table is on local time: take a "
        'profile with kind = "local" and skipped_hour = "zeros" or "absent"'
    )


def _require_steady_sun(
    values: WallValues, switch: ClockSwitch, clock: TableClock, file_name: str
) -> None:
    """The middle of the solar day jumps on a local clock and no other."""
    day = switch.first_minute // DAY_MINUTES
    before = _middle_hours(values, day - _SIDE_DAYS, day)
    after = _middle_hours(values, day + 1, day + 1 + _SIDE_DAYS)
    if before is None or after is None:
        return
    jump = switch.length_minutes / 60 * (1 if switch.is_skip else -1)
    expected, other = (jump, 0.0) if clock.kind == "local" else (0.0, jump)
    moved = after - before
    if abs(moved - other) < _SURE_HOURS < abs(moved - expected):
        stated, real = ("local", "NEM") if clock.kind == "local" else ("NEM", "local")
        line = values.line[values.wall_minutes // DAY_MINUTES >= day][0]
        raise DataError(
            f"{file_name}:{line}: the middle of the solar day in {values.name} moves "
            f"by {moved:+.2f} h at {switch.spoken}, {expected:+g} "
            f"h expected; the profile says kind = {stated}, but the table is on "
            f"{real} time: take a profile that says so"
        )


def _middle_hours(values: WallValues, first_day: int, end_day: int) -> float | None:
    """Median over the days of the middle between first and last energy. [h]

    The first and last are less of the weather's than the energy's centre is.
    """
    days = values.wall_minutes // DAY_MINUTES
    is_lit = (days >= first_day) & (days < end_day) & (values.kwh > 0)
    lit_days, lit_minutes = days[is_lit], values.wall_minutes[is_lit] % DAY_MINUTES
    middles = [
        (lit_minutes[lit_days == day].min() + lit_minutes[lit_days == day].max()) / 120
        for day in np.unique(lit_days)
    ]
    return float(np.median(middles)) if len(middles) >= _FEWEST_SIDE_DAYS else None
