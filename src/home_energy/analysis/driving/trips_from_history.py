"""Trips from what a car remembers: from leaving home to being back."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.history_report import HistoryReport
from home_energy.analysis.driving.home_place import (
    HomePlace,
    metres_between,
    require_home,
)
from home_energy.analysis.driving.sound_drives import SoundDrives, sound_drives
from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.domain.trip import Trip

MOVED_BEYOND_M = 500.0
"""A car that begins a drive so far from where it ended the last was driven between.
Chosen: two fixes beside high houses differ by less."""


@dataclass(frozen=True, slots=True)
class TripsFromHistory:
    """Trips of a car's history.

    Parameters
    ----------
    trips
        In order, none overlaps another.
    home_charges
        Charges at home, in order.
    known_from, known_until
        Where the car was is known between: from its first record to its last, or to
        where it left home and has not come back; `None` for an empty history.
    report
        What was odd.
    """

    trips: tuple[Trip, ...]
    home_charges: tuple[Charge, ...]
    known_from: datetime | None
    known_until: datetime | None
    report: HistoryReport


@dataclass(slots=True)
class _Journey:
    """Drives away from home; `back` is `None` until it is."""

    drives: list[Drive]
    back: datetime | None = None

    @property
    def depart(self) -> datetime:
        return self.drives[0].start

    def holds(self, moment: datetime) -> bool:
        """Whether the car is on its way, its drives being in order."""
        return self.depart <= moment and (self.back is None or moment < self.back)


@dataclass(frozen=True, slots=True)
class _Journeys:
    """Journeys in order, and how many drives are missing among them."""

    every: list[_Journey]
    missing_count: int

    @property
    def finished(self) -> list[_Journey]:
        return [journey for journey in self.every if journey.back is not None]

    @property
    def unfinished(self) -> list[_Journey]:
        return [journey for journey in self.every if journey.back is None]


@dataclass(slots=True)
class _Charges:
    """Charges by where they were, and those that the drives contradict."""

    home: list[Charge] = field(default_factory=list)
    public: list[Charge] = field(default_factory=list)
    placeless_count: int = 0
    contradictions: list[str] = field(default_factory=list)


def trips_from_history(
    history: CarHistory, home: HomePlace, consumption: Consumption
) -> TripsFromHistory:
    """Find the trips in a history.

    A trip lasts from the start of a drive at home to the end of one at home. Where a
    drive home is missing it ends when the car is next known to be there: by a charge,
    by the next drive, or by one without a kilometre. Where the drive from home is
    missing it begins with the first drive that is on record. What was driven on
    missing drives is not known and in no trip. A trip from which nobody has come back
    yet is left out.

    Parameters
    ----------
    consumption
        For drives of which the energy is not on record.

    Raises
    ------
    DataError
        If the car was never at home.
    """
    require_home(history, home)
    sound = sound_drives(history.drives)
    seen_home = _seen_home(history.charges, sound.empty, home)
    journeys = _journeys(sound.drives, home, seen_home)
    charges = _sorted_charges(history.charges, home, journeys.every)
    records: tuple[Drive | Charge, ...] = (*sound.drives, *history.charges)
    known_until = max((record.end for record in records), default=None)
    if journeys.unfinished:
        known_until = journeys.unfinished[0].depart
    return TripsFromHistory(
        tuple(_trip(journey, consumption) for journey in journeys.finished),
        tuple(charges.home),
        min((record.start for record in records), default=None),
        known_until,
        _report(sound, journeys, charges, consumption),
    )


def _report(
    sound: SoundDrives, journeys: _Journeys, charges: _Charges, consumption: Consumption
) -> HistoryReport:
    trips = [journey.drives for journey in journeys.finished]
    used = [drive for drives in trips for drive in drives]
    estimated = [drive for drive in used if drive.energy_kwh is None]
    return HistoryReport(
        used_drive_count=len(used),
        used_km=_km(used),
        empty_count=len(sound.empty),
        repeated_count=len(sound.repeated),
        repeated_km=_km(sound.repeated),
        joined_count=sound.joined_count,
        missing_count=journeys.missing_count,
        unfinished_count=len(journeys.unfinished),
        unfinished_km=sum(_km(journey.drives) for journey in journeys.unfinished),
        estimated_count=len(estimated),
        estimated_kwh=_energy_kwh(estimated, consumption),
        gained_count=sum(_energy_kwh(drives, consumption) < 0 for drives in trips),
        public_count=len(charges.public),
        public_kwh=sum(charge.added_kwh for charge in charges.public),
        placeless_count=charges.placeless_count,
        contradictions=tuple(charges.contradictions),
    )


def _seen_home(
    charges: Sequence[Charge], empty: Sequence[Drive], home: HomePlace
) -> list[Charge | Drive]:
    """What shows that the car is at home, beside its drives."""
    seen: list[Charge | Drive] = [
        *(charge for charge in charges if home.holds(charge.place)),
        *(drive for drive in empty if home.holds(drive.start_place)),
    ]
    return sorted(seen, key=_middle)


def _journeys(
    drives: Sequence[Drive], home: HomePlace, seen_home: Sequence[Charge | Drive]
) -> _Journeys:
    journeys: list[_Journey] = []
    missing_count = 0
    away: _Journey | None = None
    for number, drive in enumerate(drives):
        before = drives[number - 1] if number else None
        begins_home, ends_home = _at_home(drives, number, home)
        if away is not None:
            back = _first_seen(seen_home, away.drives[-1].end, drive.start)
            if back is None and begins_home:
                back = drive.start
            if back is not None:
                missing_count += 1
                away.back, away = back, None
        if away is None:
            missing_count += not begins_home
            away = _Journey([])
            journeys.append(away)
        elif before is not None and _was_moved(before.end_place, drive.start_place):
            missing_count += 1
        away.drives.append(drive)
        if ends_home:
            away.back, away = drive.end, None
    if away is not None:
        last = away.drives[-1].end
        away.back = _first_seen(seen_home, last, None)
        missing_count += away.back is not None
    return _Journeys(journeys, missing_count)


def _at_home(
    drives: Sequence[Drive], number: int, home: HomePlace
) -> tuple[bool, bool]:
    """Whether a drive begins and ends at home.

    Where one drive does not tell, its neighbour does: it began where the last ended.
    """
    drive = drives[number]
    begins, ends = home.holds(drive.start_place), home.holds(drive.end_place)
    if begins is None:
        begins = not number or home.holds(drives[number - 1].end_place)
    if ends is None and number + 1 < len(drives):
        ends = home.holds(drives[number + 1].start_place)
    return bool(begins), bool(ends)


def _first_seen(
    seen_home: Sequence[Charge | Drive], after: datetime, before: datetime | None
) -> datetime | None:
    """When something first shows that the car is at home between two drives."""
    place = bisect_left(seen_home, after, key=_middle)
    if place == len(seen_home):
        return None
    found = seen_home[place]
    if before is not None and _middle(found) >= before:
        return None
    return max(found.start, after)


def _sorted_charges(
    charges: Sequence[Charge], home: HomePlace, journeys: Sequence[_Journey]
) -> _Charges:
    found = _Charges()
    for charge in charges:
        middle = _middle(charge)
        is_home = home.holds(charge.place)
        journey = _journey_at(journeys, middle)
        if is_home is None:
            found.placeless_count += 1
            is_home = journey is None
        elif is_home and journey is not None:
            found.contradictions.append(
                f"{charge.start} to {charge.end}: charged at home, but on the way by "
                f"the drives since {journey.depart}"
            )
        elif not is_home and journey is None:
            found.contradictions.append(
                f"{charge.start} to {charge.end}: charged elsewhere, but at home by "
                "the drives"
            )
        (found.home if is_home else found.public).append(charge)
    return found


def _journey_at(journeys: Sequence[_Journey], moment: datetime) -> _Journey | None:
    place = bisect_right(journeys, moment, key=lambda journey: journey.depart)
    journey = journeys[place - 1] if place else None
    return journey if journey is not None and journey.holds(moment) else None


def _trip(journey: _Journey, consumption: Consumption) -> Trip:
    return Trip(
        journey.depart,
        journey.back or journey.drives[-1].end,
        _km(journey.drives),
        max(_energy_kwh(journey.drives, consumption), 0.0),
    )


def _km(drives: Sequence[Drive]) -> float:
    return sum(drive.km for drive in drives)


def _energy_kwh(drives: Sequence[Drive], consumption: Consumption) -> float:
    return sum(
        consumption.energy_kwh(drive.km, drive.outside_c)
        if drive.energy_kwh is None
        else drive.energy_kwh
        for drive in drives
    )


def _was_moved(last: Place, place: Place) -> bool:
    metres = metres_between(last, place)
    if metres is not None:
        return metres > MOVED_BEYOND_M
    return bool(last.name and place.name and last.name != place.name)


def _middle(record: Charge | Drive) -> datetime:
    return record.start + (record.end - record.start) / 2
