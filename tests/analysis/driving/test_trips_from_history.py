"""A trip is from leaving home to being back, whatever the logger missed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.home_place import HomePlace
from home_energy.analysis.driving.trips_from_history import (
    TripsFromHistory,
    trips_from_history,
)
from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.domain.trip import Trip
from home_energy.errors import DataError

SYDNEY = ZoneInfo("Australia/Sydney")
START = datetime(2025, 3, 3, tzinfo=UTC)
PLACES = {
    "home": Place("Home"),
    "work": Place("Work"),
    "shop": Place("Shop"),
    "?": Place(),
}
CONSUMPTION = Consumption(200.0, 2.0)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def drive(
    begin: float,
    end: float,
    way: str,
    km: float = 10.0,
    kwh: float | None = 2.0,
    *,
    outside_c: float | None = None,
) -> Drive:
    start_place, end_place = (PLACES[name] for name in way.split("-"))
    return Drive(
        at(begin),
        at(end),
        km,
        kwh,
        outside_c=outside_c,
        start_place=start_place,
        end_place=end_place,
    )


def charge(begin: float, end: float, where: str, kwh: float = 5.0) -> Charge:
    return Charge(at(begin), at(end), kwh, place=PLACES[where])


def found(drives: list[Drive], charges: list[Charge] | None = None) -> TripsFromHistory:
    history = CarHistory("tessie", "a car", tuple(drives), tuple(charges or ()))
    return trips_from_history(history, HomePlace(), CONSUMPTION)


def spans(result: TripsFromHistory) -> list[tuple[float, float]]:
    """Minutes of departing and arriving."""
    minute = timedelta(minutes=1)
    return [
        ((trip.depart - START) / minute, (trip.arrive - START) / minute)
        for trip in result.trips
    ]


def test_a_trip_goes_through_any_number_of_drives() -> None:
    result = found(
        [
            drive(0, 30, "home-work", 20, 4.0),
            drive(300, 310, "work-shop", 5, 1.5),
            drive(320, 350, "shop-home", 22, 3.5),
            drive(400, 410, "home-home", 3, 0.5),
        ]
    )

    assert result.trips == (
        Trip(at(0), at(350), 47, 9.0),
        Trip(at(400), at(410), 3, 0.5),
    )
    assert result.report.notes == ()
    assert (result.known_from, result.known_until) == (at(0), at(410))


def test_energy_that_is_not_on_record_comes_from_the_consumption() -> None:
    # 10 km at 5 degrees: 10 x (200 + 10 x 2) Wh = 2.2 kWh; 20 km unknown: 4 kWh.
    result = found(
        [
            drive(0, 30, "home-work", 10, None, outside_c=5.0),
            drive(60, 90, "work-shop", 5, 1.5),
            drive(100, 130, "shop-home", 20, None),
        ]
    )

    assert result.trips[0].energy_kwh == pytest.approx(2.2 + 1.5 + 4.0)
    assert result.report.estimated_count == 2
    assert result.report.estimated_kwh == pytest.approx(6.2)


def test_energy_of_zero_is_on_record() -> None:
    result = found([drive(0, 30, "home-home", 10, 0.0)])

    assert result.trips[0].energy_kwh == 0.0
    assert result.report.estimated_count == 0


def test_a_trip_downhill_takes_nothing_and_is_counted() -> None:
    result = found([drive(0, 30, "home-home", 10, -0.5)])

    assert result.trips[0].energy_kwh == 0.0
    assert result.report.gained_count == 1


def test_drives_over_the_night_of_a_clock_change_are_as_long_as_they_were() -> None:
    # 6 April 2025: off at 01:30, back at 02:40 of the clock, for the second time.
    off = datetime(2025, 4, 6, 1, 30, tzinfo=SYDNEY).astimezone(UTC)
    there = datetime(2025, 4, 6, 2, 20, tzinfo=SYDNEY).astimezone(UTC)
    leave = datetime(2025, 4, 6, 2, 10, fold=1, tzinfo=SYDNEY).astimezone(UTC)
    back = datetime(2025, 4, 6, 2, 40, fold=1, tzinfo=SYDNEY).astimezone(UTC)
    out = Drive(off, there, 20, 4, start_place=Place("Home"), end_place=Place("Shop"))
    home = Drive(leave, back, 20, 4, start_place=Place("Shop"), end_place=Place("Home"))

    result = found([out, home])

    assert result.report.joined_count == 0
    assert result.trips[0].arrive - result.trips[0].depart == timedelta(minutes=130)


def test_a_drive_within_another_is_left_out() -> None:
    result = found(
        [
            drive(0, 30, "home-work", 20, 4.0),
            drive(0, 30, "home-work", 20, 4.0),
            drive(10, 20, "home-work", 5, 1.0),
            drive(60, 90, "work-home", 20, 4.0),
        ]
    )

    assert result.trips == (Trip(at(0), at(90), 40, 8.0),)
    assert (result.report.repeated_count, result.report.repeated_km) == (2, 25)


def test_drives_that_overlap_are_joined() -> None:
    result = found(
        [
            drive(0, 30, "home-work", 20, 4.0),
            drive(29, 50, "work-shop", 5, None),
            drive(60, 90, "shop-home", 20, 4.0),
        ]
    )

    # 25 km of the two at 200 Wh, as the energy of one is not known.
    assert result.trips == (Trip(at(0), at(90), 45, 9.0),)
    assert (result.report.joined_count, result.report.estimated_count) == (1, 1)
    assert result.report.missing_count == 0


def test_a_drive_that_begins_where_and_when_the_last_ended_is_another() -> None:
    result = found([drive(0, 30, "home-work"), drive(30, 60, "work-home")])

    assert spans(result) == [(0, 60)]
    assert result.report.joined_count == 0


def test_drives_without_a_kilometre_or_a_minute_are_none() -> None:
    result = found(
        [
            drive(0, 30, "home-home"),
            drive(40, 45, "home-home", 0.0),
            drive(50, 50, "home-home", 1.0),
        ]
    )

    assert spans(result) == [(0, 30)]
    assert result.report.empty_count == 2


def test_a_missing_drive_home_ends_the_trip_with_the_next_drive_from_home() -> None:
    result = found([drive(0, 30, "home-work"), drive(600, 630, "home-home")])

    assert spans(result) == [(0, 600), (600, 630)]
    assert result.report.missing_count == 1


def test_a_missing_drive_home_ends_the_trip_with_a_charge_at_home() -> None:
    result = found(
        [drive(0, 30, "home-work"), drive(600, 630, "home-home")],
        [charge(200, 260, "home"), charge(100, 160, "home")],
    )

    assert spans(result) == [(0, 100), (600, 630)]
    assert result.report.missing_count == 1
    assert result.report.contradictions == ()


def test_a_drive_of_no_kilometre_at_home_shows_that_the_car_is_there() -> None:
    result = found([drive(0, 30, "home-work"), drive(100, 101, "home-home", 0.0)])

    assert spans(result) == [(0, 100)]
    assert (result.report.missing_count, result.report.unfinished_count) == (1, 0)


def test_a_charge_that_begins_before_the_drive_has_ended_does_not_end_it() -> None:
    result = found([drive(0, 30, "home-work")], [charge(20, 160, "home")])

    assert spans(result) == [(0, 30)]


def test_a_charge_at_home_between_drives_elsewhere_ends_a_trip_too() -> None:
    result = found(
        [drive(0, 30, "home-work"), drive(600, 630, "shop-home")],
        [charge(100, 160, "home")],
    )

    assert spans(result) == [(0, 100), (600, 630)]
    assert result.report.missing_count == 2


def test_a_missing_drive_from_home_begins_the_trip_with_the_next_drive() -> None:
    result = found([drive(0, 30, "home-home"), drive(600, 630, "work-home")])

    assert spans(result) == [(0, 30), (600, 630)]
    assert result.report.missing_count == 1


def test_a_drive_missing_on_the_way_is_counted() -> None:
    result = found([drive(0, 30, "home-work"), drive(600, 630, "shop-home")])

    assert spans(result) == [(0, 630)]
    assert result.report.missing_count == 1


@pytest.mark.parametrize(("metres", "missing_count"), [(490, 0), (510, 1)])
def test_a_car_found_elsewhere_was_driven_there(
    metres: float, missing_count: int
) -> None:
    # A degree of latitude is 111,195 m.
    left = Place(None, None, -33.0, 151.0)
    seen = Place(None, None, -33.0 + metres / 111_195, 151.0)
    away = Drive(at(0), at(30), 9, 2, start_place=Place("Home"), end_place=left)
    back = Drive(at(90), at(99), 9, 2, start_place=seen, end_place=Place("Home"))

    result = found([away, back])

    assert result.report.missing_count == missing_count


def test_a_trip_that_is_not_finished_is_left_out() -> None:
    result = found(
        [drive(0, 30, "home-home"), drive(100, 130, "home-work", 25)],
        [charge(200, 230, "work", 3.0)],
    )

    assert spans(result) == [(0, 30)]
    assert (result.report.unfinished_count, result.report.unfinished_km) == (1, 25)
    assert result.known_until == at(100)
    assert result.report.public_kwh == 3.0


def test_a_charge_at_home_finishes_the_last_trip() -> None:
    result = found([drive(0, 30, "home-work")], [charge(100, 160, "home")])

    assert spans(result) == [(0, 100)]
    assert result.report.unfinished_count == 0
    assert result.report.missing_count == 1


def test_a_place_that_one_drive_does_not_tell_its_neighbour_does() -> None:
    result = found(
        [
            drive(0, 30, "home-?"),
            drive(60, 90, "work-?"),
            drive(120, 150, "home-shop"),
            drive(200, 230, "?-home"),
        ]
    )

    assert spans(result) == [(0, 90), (120, 230)]
    assert result.report.missing_count == 0


def test_a_drive_that_does_not_tell_its_start_began_where_the_last_ended() -> None:
    result = found(
        [
            drive(0, 30, "home-home"),
            drive(60, 90, "?-work"),
            drive(120, 150, "work-home"),
        ]
    )

    assert spans(result) == [(0, 30), (60, 150)]
    assert result.report.missing_count == 0


def test_charges_elsewhere_are_public_and_those_without_a_place_by_the_trip() -> None:
    result = found(
        [drive(0, 30, "home-work"), drive(300, 330, "work-home")],
        [
            charge(40, 60, "work", 7.0),
            charge(100, 120, "?", 2.0),
            charge(400, 500, "?", 11.0),
            charge(600, 700, "home", 12.0),
        ],
    )

    assert (result.report.public_count, result.report.public_kwh) == (2, 9.0)
    assert result.report.placeless_count == 2
    assert [c.added_kwh for c in result.home_charges] == [11.0, 12.0]
    assert result.known_until == at(700)


def test_a_charge_at_home_during_a_drive_is_named() -> None:
    result = found([drive(0, 60, "home-home")], [charge(10, 30, "home")])

    assert spans(result) == [(0, 60)]
    (words,) = result.report.contradictions
    assert words.startswith("2025-03-03 00:10:00+00:00 to 2025-03-03 00:30:00")
    assert "charged at home, but on the way" in words
    assert words in result.report.notes


def test_a_charge_elsewhere_while_at_home_is_named() -> None:
    result = found([drive(0, 60, "home-home")], [charge(90, 120, "work")])

    assert "charged elsewhere, but at home" in result.report.contradictions[0]
    assert result.report.public_kwh == 5.0


def test_a_charge_that_runs_into_the_drive_by_a_minute_is_no_contradiction() -> None:
    result = found(
        [drive(0, 30, "home-work"), drive(60, 91, "work-home")],
        [charge(90, 150, "home")],
    )

    assert spans(result) == [(0, 91)]
    assert result.report.contradictions == ()


def test_a_car_that_was_never_at_home_is_refused() -> None:
    with pytest.raises(DataError, match='"Work"'):
        found([drive(0, 30, "work-shop")])


def test_an_empty_history_has_no_trips() -> None:
    result = found([])

    assert result.trips == ()
    assert result.known_from is None
    assert result.known_until is None


def test_every_oddity_is_told_once() -> None:
    result = found(
        [
            drive(0, 30, "home-work", 20, None),
            drive(10, 20, "home-work"),
            drive(40, 45, "work-work", 0.0),
            drive(100, 130, "home-home"),
            drive(200, 230, "home-work"),
        ],
        [charge(300, 310, "?")],
    )

    assert [note.rsplit(" ", 1)[1] for note in result.report.notes] == ["1"] * 6


@given(
    st.lists(
        st.tuples(
            st.integers(1, 90),  # minutes before it begins, or the overlap if negative
            st.integers(0, 60),
            st.sampled_from(["home", "work", "shop", "?"]),
            st.sampled_from(["home", "work", "shop", "?"]),
            st.floats(0, 50),
            st.one_of(st.none(), st.floats(0, 9)),
        ),
        max_size=25,
    ),
    st.lists(
        st.tuples(
            st.integers(0, 900),
            st.integers(0, 90),
            st.sampled_from(["home", "work", "?"]),
        ),
        max_size=8,
    ),
)
def test_whatever_the_history_trips_are_apart_and_keep_what_was_driven(
    steps: list[tuple[int, int, str, str, float, float | None]],
    stops: list[tuple[int, int, str]],
) -> None:
    drives = [drive(-100, -90, "home-home")]
    clock = 0
    for gap, length, begin, end, km, kwh in steps:
        clock += gap - 30
        begun = max(clock, -80)
        drives.append(drive(begun, begun + length, f"{begin}-{end}", km, kwh))
        clock = begun + length
    charges = [charge(b, b + length, where) for b, length, where in stops]

    result = found(drives, charges)

    report = result.report
    assert all(a.arrive <= b.depart for a, b in pairwise(result.trips))
    assert sum(t.km for t in result.trips) == pytest.approx(report.used_km)
    every_km = sum(d.km for d in drives if d.end > d.start)
    kept_km = report.used_km + report.unfinished_km + report.repeated_km
    assert kept_km == pytest.approx(every_km)
    placed = len(result.home_charges) + report.public_count
    assert placed == len(charges)
