"""From what a file tells of a car to drives and charges that can be.

Nothing is repaired: what cannot be is left open or left out, and counted with the
place of the first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from home_energy.domain.car_history import Charge, Drive, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.counted_problems import CountedProblems

_NOWHERE = Place()
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_EARTH_KM = 6371.0  # mean radius
_FAR_KM = 5.0  # beyond, rounded coordinates do not blur a straight line
_PLACE_BLUR_KM = 0.3
_FEWEST_FAR_DRIVES = 3
_LEAST_KM_WITH_ENERGY = 1.0
_MOST_KWH_PER_KM = 2.0  # ten times what a car takes; a mistaken unit is a thousand
_COLDEST_C, _HOTTEST_C = -60.0, 60.0
_ODOMETER_BLUR_KM = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDrive:
    """A drive in our units, as a file tells it; what it does not tell is `None`.

    Parameters
    ----------
    line
        Where it stands: a line, or a row of a JSON answer.
    start_percent, end_percent
        Level of the battery. [%]
    start_odometer_km, end_odometer_km
        [km]
    """

    line: int
    start: datetime | None
    end: datetime | None
    km: float | None
    energy_kwh: float | None = None
    start_percent: float | None = None
    end_percent: float | None = None
    outside_c: float | None = None
    start_place: Place = _NOWHERE
    end_place: Place = _NOWHERE
    start_odometer_km: float | None = None
    end_odometer_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCharge:
    """A charge in our units, as a file tells it; what it does not tell is `None`."""

    line: int
    start: datetime | None
    end: datetime | None
    added_kwh: float | None
    drawn_kwh: float | None = None
    start_percent: float | None = None
    end_percent: float | None = None
    is_fast: bool | None = None
    place: Place = _NOWHERE


def settled_drives(
    told: Sequence[ToldDrive], problems: CountedProblems, name: str
) -> tuple[Drive, ...]:
    """Drives that can be, in order of their start.

    Parameters
    ----------
    name
        Of the file, for messages.

    Raises
    ------
    DataError
        If most far drives are shorter than a straight line: their unit is another.
    """
    made = [
        (one, drive) for one in told if (drive := _drive(one, problems)) is not None
    ]
    made.sort(key=lambda pair: (pair[1].start, -pair[1].end.timestamp()))
    _require_not_shorter_than_a_line(made, problems, name)
    kept: list[tuple[ToldDrive, Drive]] = []
    latest = _BEGINNING
    for one, drive in made:
        if kept and _ends(kept[-1][1]) == _ends(drive):
            problems.add(one.line, "the same drive again; taken once")
            continue
        is_early = drive.start < latest
        if is_early and drive.end <= latest:
            problems.add(
                one.line, "a drive within the time of another; the longer was taken"
            )
            continue
        if is_early:
            problems.add(
                one.line, "a drive begins before the one before ended; both kept"
            )
        kept.append((one, drive))
        latest = drive.end  # the latest so far, else it would be within another
    _note_odometer(kept, problems)
    return tuple(drive for _, drive in kept)


def settled_charges(
    told: Sequence[ToldCharge], problems: CountedProblems
) -> tuple[Charge, ...]:
    """Charges that can be, in order of their start."""
    made = [
        (one, charge) for one in told if (charge := _charge(one, problems)) is not None
    ]
    made.sort(key=lambda pair: (pair[1].start, -pair[1].end.timestamp()))
    kept: list[Charge] = []
    for one, charge in made:
        if kept and kept[-1].start == charge.start:
            problems.add(one.line, "a charge of the same start again; taken once")
            continue
        if kept and charge.start < kept[-1].end:
            problems.add(
                one.line, "a charge begins before the one before ended; both kept"
            )
        kept.append(charge)
    return tuple(kept)


def _ends(drive: Drive) -> tuple[datetime, datetime, float]:
    return drive.start, drive.end, drive.km


def _drive(told: ToldDrive, problems: CountedProblems) -> Drive | None:
    if told.start is None or told.end is None:
        problems.add(told.line, "a drive without an end: left out")
        return None
    if told.end < told.start:
        problems.add(told.line, "a drive that ends before it begins: left out")
        return None
    km = told.km
    if km is None and None not in (told.start_odometer_km, told.end_odometer_km):
        km = (told.end_odometer_km or 0.0) - (told.start_odometer_km or 0.0)
    if km is None or km < 0:
        problems.add(told.line, "a drive without a distance, or below 0: left out")
        return None
    if km == 0:
        problems.add(told.line, "a drive of 0 km; kept as told")
    return Drive(
        told.start.replace(microsecond=0),
        told.end.replace(microsecond=0),
        km,
        _driven_kwh(told, km, problems),
        _level(told.line, told.start_percent, problems),
        _level(told.line, told.end_percent, problems),
        _outside(told, problems),
        told.start_place,
        told.end_place,
    )


def _driven_kwh(told: ToldDrive, km: float, problems: CountedProblems) -> float | None:
    kwh = told.energy_kwh
    if kwh is not None and kwh < 0:
        problems.add(told.line, "a drive that gave back more than it took; kept")
    if kwh == 0 and km >= _LEAST_KM_WITH_ENERGY:
        problems.add(told.line, "a drive with 0 kWh; its energy left open")
        return None
    if kwh is not None and kwh > max(km, _LEAST_KM_WITH_ENERGY) * _MOST_KWH_PER_KM:
        problems.add(
            told.line,
            f"a drive of more than {_MOST_KWH_PER_KM:g} kWh a km; its energy left "
            "open: is it Wh?",
        )
        return None
    return kwh


def _outside(told: ToldDrive, problems: CountedProblems) -> float | None:
    celsius = told.outside_c
    if celsius is not None and not _COLDEST_C <= celsius <= _HOTTEST_C:
        problems.add(
            told.line,
            f"a temperature outside {_COLDEST_C:g} to {_HOTTEST_C:g} °C; left open: is "
            "it Fahrenheit?",
        )
        return None
    return celsius


def _charge(told: ToldCharge, problems: CountedProblems) -> Charge | None:
    if told.start is None or told.end is None:
        problems.add(told.line, "a charge without an end: left out")
        return None
    if told.end < told.start:
        problems.add(told.line, "a charge that ends before it begins: left out")
        return None
    if told.added_kwh is None or told.added_kwh <= 0:
        problems.add(told.line, "a charge without energy: left out")
        return None
    return Charge(
        told.start.replace(microsecond=0),
        told.end.replace(microsecond=0),
        told.added_kwh,
        _drawn_kwh(told, told.added_kwh, problems),
        _level(told.line, told.start_percent, problems),
        _level(told.line, told.end_percent, problems),
        told.is_fast,
        told.place,
    )


def _drawn_kwh(
    told: ToldCharge, added_kwh: float, problems: CountedProblems
) -> float | None:
    drawn = told.drawn_kwh
    if drawn is not None and drawn < added_kwh:
        problems.add(
            told.line,
            "less energy from the socket than into the cells; the former left open",
        )
        return None
    return drawn


def _level(line: int, percent: float | None, problems: CountedProblems) -> float | None:
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        problems.add(line, "a battery level outside 0 to 100 %; left open")
        return None
    return percent / 100


def _note_odometer(
    kept: Sequence[tuple[ToldDrive, Drive]], problems: CountedProblems
) -> None:
    known = [
        (told.line, told.start_odometer_km, told.end_odometer_km)
        for told, _ in kept
        if told.start_odometer_km is not None and told.end_odometer_km is not None
    ]
    for (_, _, before_km), (line, after_km, _) in pairwise(known):
        if after_km < before_km - _ODOMETER_BLUR_KM:
            problems.add(
                line, "the odometer went back since the drive before; kept as told"
            )


def _require_not_shorter_than_a_line(
    made: Sequence[tuple[ToldDrive, Drive]], problems: CountedProblems, name: str
) -> None:
    far_count = 0
    short: list[tuple[ToldDrive, Drive, float]] = []
    for told, drive in made:
        line_km = _line_km(drive.start_place, drive.end_place)
        if line_km is not None and line_km >= _FAR_KM:
            far_count += 1
            if drive.km < line_km - _PLACE_BLUR_KM:
                short.append((told, drive, line_km))
    if far_count >= _FEWEST_FAR_DRIVES and len(short) * 2 > far_count:
        told, drive, line_km = short[0]
        raise DataError(
            f"{name}, at {told.line}: a drive of {drive.km:.1f} km whose ends are "
            f"{line_km:.1f} km apart, and {len(short) - 1} more such; expected at "
            "least the straight line; are its distances miles? say --units mi"
        )
    for told, _, _ in short:
        problems.add(
            told.line, "a drive shorter than the straight line of its ends; kept"
        )


def _line_km(start: Place, end: Place) -> float | None:
    """Great circle between two places; `None` where either is not known. [km]"""
    degrees = (
        start.latitude_deg,
        start.longitude_deg,
        end.latitude_deg,
        end.longitude_deg,
    )
    if any(value is None for value in degrees):
        return None
    lat_a, lon_a, lat_b, lon_b = (math.radians(value or 0.0) for value in degrees)
    haversine = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(haversine))
