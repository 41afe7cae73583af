"""Tables from portals of retailers and distributors, by the profile of each.

Wide: a row a day, a column an interval. Long: a row an interval. What a portal calls
its columns, its unit, its stamp and its clock are in its `TableProfile`; a household
may bring its own. See docs/sources/tables.md.
"""

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.meter_day import NO_QUALITY, MeterDay, MeterRegister
from home_energy.errors import DataError
from home_energy.ingestion.sources.clock_switches import (
    DAY_MINUTES,
    spoken_minute,
    switches_between,
)
from home_energy.ingestion.sources.nem_days import nem_days, starts_on_nem_clock
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.table_clock import WallValues, place
from home_energy.ingestion.sources.table_clock_checks import require_stated_clock
from home_energy.ingestion.sources.table_profile import (
    TableClock,
    TableProfile,
    TableRegister,
)
from home_energy.ingestion.sources.table_rows import RegisterCells, read_cells


def read_table(file: SourceFile, profile: TableProfile) -> FileContent:
    """Every register of one table.

    Raises
    ------
    DataError
        If the table is not as its profile says, in its columns, its values or its
        clock.
    """
    source = f"table:{profile.name}"
    cells, row_count, header_line = read_cells(file, profile)
    if row_count == 0:
        problem = f"{file.name}:{header_line}: holds a header and no rows"
        return FileContent(source, 0, (problem,))
    problems: list[str] = []
    meter: dict[MeterRegister, list[MeterDay]] = {}
    for (nmi, register), found in cells.items():
        key = MeterRegister(source, nmi, register.name, register.flow)
        meter[key], said = _register_days(file.name, profile, register, found)
        problems += said
    return FileContent(source, row_count, tuple(problems), meter)


def _register_days(
    file_name: str,
    profile: TableProfile,
    register: TableRegister,
    cells: RegisterCells,
) -> tuple[list[MeterDay], list[str]]:
    """Days of one register, and what was odd about it."""
    values, problems = _without_doubles(
        _in_order(register, cells), profile.clock, file_name
    )
    is_empty = np.isnan(values.kwh)
    if is_empty.any():
        problems.append(
            f"{file_name}:{values.line[is_empty][0]}: {int(is_empty.sum())} values of "
            f"{values.name} are missing, this is the first"
        )
    if profile.leading_zeros == "missing":
        values, said = _without_leading_zeros(values, file_name)
        problems += said
    require_stated_clock(values, register.flow, profile.clock, file_name)
    placed, said = place(values, profile.clock, file_name)
    minutes = profile.interval_minutes
    if not all(starts_on_nem_clock(int(s), minutes) for s in placed.start_utc_s):
        raise DataError(
            f"{file_name}:{values.line[0]}: a {minutes}-minute interval of "
            f"{profile.clock.zone} lies across two of the market's (UTC+10); fetch "
            "half-hours"
        )
    days = nem_days(placed.start_utc_s, placed.kwh, placed.quality, minutes)
    return days, [*problems, *said]


def _in_order(register: TableRegister, cells: RegisterCells) -> WallValues:
    """Values by their stamp; a file that runs backwards is turned first."""
    walls = np.array(cells.wall_minutes, dtype=np.int64)
    forward = np.arange(walls.size)
    if walls[0] > walls[-1]:
        forward = forward[::-1]
    order = forward[np.argsort(walls[forward], kind="stable")]
    return WallValues(
        register.name,
        walls[order],
        np.array(cells.kwh)[order],
        np.array(cells.quality, dtype=np.uint8)[order],
        np.array(cells.line, dtype=np.int64)[order],
    )


def _without_doubles(
    values: WallValues, clock: TableClock, file_name: str
) -> tuple[WallValues, list[str]]:
    """Each stamp once, but in an hour that the table shows twice."""
    is_double = np.zeros(values.kwh.shape, dtype=np.bool_)
    is_double[1:] = values.wall_minutes[1:] == values.wall_minutes[:-1]
    is_double &= ~_shown_twice(values, clock)
    if not is_double.any():
        return values, []
    for place_number in np.flatnonzero(is_double):
        earlier, later = values.kwh[place_number - 1], values.kwh[place_number]
        if not (earlier == later or (np.isnan(earlier) and np.isnan(later))):
            raise DataError(
                f"{file_name}:{values.line[place_number]}: {values.name} has a second "
                f"value for {spoken_minute(values.wall_minutes[place_number])}, "
                f"{later:g} after {earlier:g} kWh in line "
                f"{values.line[place_number - 1]}; one expected: leave one of the rows "
                "out"
            )
    problem = (
        f"{file_name}:{values.line[is_double][0]}: {int(is_double.sum())} values of "
        f"{values.name} are repeated and were left out, this is the first"
    )
    return values.where(~is_double), [problem]


def _shown_twice(values: WallValues, clock: TableClock) -> NDArray[np.bool_]:
    """Which values lie in an hour that happened twice, if the table shows both."""
    found = np.zeros(values.kwh.shape, dtype=np.bool_)
    if clock.zone is None or clock.repeated_hour != "twice":
        return found
    first, last = int(values.wall_minutes[0]), int(values.wall_minutes[-1])
    for switch in switches_between(clock.zone, first, last):
        if not switch.is_skip:
            found |= values.between(switch.first_minute, switch.length_minutes)
    return found


def _without_leading_zeros(
    values: WallValues, file_name: str
) -> tuple[WallValues, list[str]]:
    """Zeros before the first energy, on the table's first day only, become missing."""
    is_first_day = (
        values.wall_minutes // DAY_MINUTES == values.wall_minutes[0] // DAY_MINUTES
    )
    is_before = np.cumsum(np.nan_to_num(values.kwh)) == 0
    is_filling = is_first_day & is_before & (values.kwh == 0)
    if not is_filling.any():
        return values, []
    problem = (
        f"{file_name}:{values.line[is_filling][0]}: {int(is_filling.sum())} zeros of "
        f"{values.name} before its first energy are the portal's filling and were "
        "taken as missing"
    )
    kwh = np.where(is_filling, np.nan, values.kwh)
    quality = np.where(is_filling, NO_QUALITY, values.quality).astype(np.uint8)
    filled = WallValues(values.name, values.wall_minutes, kwh, quality, values.line)
    return filled, [problem]
