"""Tessie's JSON and CSV: units, clocks, places, and what of a drive cannot be."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.ingestion.car_exports import (
    EXPORTS,
    IN_KM,
    IN_SYDNEY,
    SYDNEY,
    TESSIE_ANSWERS,
    VIN,
    csv_file,
    only_car,
    recorded,
)

from home_energy.domain.car_history import Charge, Drive, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.car_rows import CarFileOptions, CarUnits
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.tessie import read_tessie

HOME = Place("Home", None, -33.864, 151.086)
WORK = Place(None, None, -33.815, 151.003)
NORTH = Place(None, None, -33.427, 151.342)
AMERICAN = CarFileOptions(SYDNEY, CarUnits(is_miles=True, is_fahrenheit=True))


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def _row(**changed: Any) -> dict[str, Any]:
    """Half an hour, 20 km, from 2025-04-04 00:00 UTC."""
    row = {
        "id": 1,
        "started_at": 1_743_724_800,
        "ended_at": 1_743_726_600,
        "odometer_distance": 20.0,
        "energy_used": 3.0,
    }
    return row | changed


def _answer(*rows: dict[str, Any]) -> SourceFile:
    return SourceFile("drives.json", json.dumps({"results": rows}).encode())


# JSON


def test_a_drive_of_the_api_is_a_drive_of_ours() -> None:
    content = read_tessie(recorded(TESSIE_ANSWERS / "drives.json"), IN_KM)

    assert content.source == "tessie"
    assert content.row_count == 8
    # 08:02:11 AEDT (UTC+11) on Friday the 4th is 21:02:11 UTC on Thursday.
    assert only_car(content).drives[0] == Drive(
        _utc(2025, 4, 3, 21, 2, 11),
        _utc(2025, 4, 3, 21, 31, 40),
        14.2,
        2.31,
        0.80,
        0.76,
        18.4,
        HOME,
        WORK,
    )


def test_a_charge_of_the_api_is_a_charge_of_ours() -> None:
    content = read_tessie(recorded(TESSIE_ANSWERS / "charges.json"), IN_SYDNEY)

    at_home, on_the_road = only_car(content).charges
    assert at_home == Charge(
        _utc(2025, 4, 4, 11, 0, 5),
        _utc(2025, 4, 4, 13, 41, 20),
        15.5,
        17.0,
        0.73,
        0.98,
        is_fast=False,
        place=HOME,
    )
    assert (on_the_road.is_fast, on_the_road.place) == (True, NORTH)


def test_a_charge_of_nothing_is_none_and_a_fast_one_need_not_be_teslas() -> None:
    times: dict[str, Any] = {"started_at": 1_743_724_800, "ended_at": 1_743_726_600}
    other = times | {"is_supercharger": False, "is_fast_charger": True}
    rows = [times | {"energy_added": 0}, other | {"energy_added": 20.5}]

    content = read_tessie(_answer(*rows), IN_SYDNEY)

    (charge,) = only_car(content).charges
    assert (charge.added_kwh, charge.is_fast) == (20.5, True)
    assert content.problems == (
        "drives.json, row 1: a charge without energy: left out",
    )


def test_unix_seconds_are_right_in_the_hour_that_happens_twice() -> None:
    drives = only_car(
        read_tessie(recorded(TESSIE_ANSWERS / "drives.json"), IN_KM)
    ).drives

    # 01:20:30 AEDT to the second 02:25:10, AEST: two hours and some minutes.
    assert drives[2].start == _utc(2025, 4, 5, 14, 20, 30)
    assert drives[2].end == _utc(2025, 4, 5, 16, 25, 10)


def test_what_is_odd_is_named_with_its_row() -> None:
    drives = read_tessie(recorded(TESSIE_ANSWERS / "drives.json"), IN_KM)
    charges = read_tessie(recorded(TESSIE_ANSWERS / "charges.json"), IN_SYDNEY)

    assert sorted(drives.problems) == [
        "drives.json, row 5: a drive begins before the one before ended; both kept",
        "drives.json, row 5: a drive with 0 kWh; its energy left open",
        "drives.json, row 6: a drive that gave back more than it took; kept",
        "drives.json, row 7: a drive without an end: left out",
        "drives.json, row 8: a battery level outside 0 to 100 %; left open",
        "drives.json, row 8: a drive of 0 km; kept as told",
    ]
    assert [drive.energy_kwh for drive in only_car(drives).drives] == [
        *(2.31, 2.05, 12.9, 2.2),
        None,  # 14.1 km with 0 kWh
        -0.4,
        0.05,
    ]
    assert charges.problems == (
        "charges.json, row 3: a charge without energy: left out",
        "charges.json, row 4: a charge without an end: left out",
    )


def test_nobody_guesses_the_unit_of_a_drive() -> None:
    with pytest.raises(DataError, match=r"km or miles; expected --units km or"):
        read_tessie(_answer(_row()), IN_SYDNEY)


def test_miles_and_fahrenheit_are_turned_where_they_are_said() -> None:
    row = _row(average_outside_temperature=68.0, odometer_distance=10.0)

    (drive,) = only_car(read_tessie(_answer(row), AMERICAN)).drives

    assert drive.km == pytest.approx(16.09344, abs=1e-12)
    assert drive.outside_c == pytest.approx(20.0, abs=1e-12)


def test_a_temperature_that_cannot_be_is_left_open() -> None:
    content = read_tessie(_answer(_row(average_outside_temperature=68.0)), IN_KM)

    assert only_car(content).drives[0].outside_c is None
    assert "is it Fahrenheit?" in content.problems[0]


def test_watt_hours_are_no_kilowatt_hours() -> None:
    content = read_tessie(_answer(_row(energy_used=3000.0)), IN_KM)

    assert only_car(content).drives[0].energy_kwh is None
    assert (
        "more than 2 kWh a km; its energy left open: is it Wh?" in content.problems[0]
    )


def test_miles_taken_for_km_are_found_by_the_straight_line() -> None:
    # Homebush to Gosford: 54 km as the crow flies, 80 km by road, 50 miles.
    far = {
        "starting_latitude": -33.86412,
        "starting_longitude": 151.08637,
        "ending_latitude": -33.42651,
        "ending_longitude": 151.34212,
        "odometer_distance": 50.0,
    }
    day_s = 86_400
    rows = [
        _row(
            **far,
            id=i,
            started_at=1_743_724_800 + i * day_s,
            ended_at=1_743_728_400 + i * day_s,
        )
        for i in range(3)
    ]

    with pytest.raises(DataError, match=r"50\.0 km whose ends are 54\.1 km .* --units"):
        read_tessie(_answer(*rows), IN_KM)
    in_miles = read_tessie(_answer(*rows), AMERICAN)
    assert in_miles.problems == ()
    few = read_tessie(_answer(*rows[:2]), IN_KM)
    assert few.problems == (
        (
            "drives.json, row 1 and 1 more row: a drive shorter than the straight line "
            "of its ends; kept"
        ),
    )


def test_no_more_of_a_vin_than_its_end_is_kept() -> None:
    options = replace(IN_KM, car=VIN)

    content = read_tessie(_answer(_row()), options)

    assert only_car(content).car == "ST0042"
    assert VIN not in repr(options) + repr(content)


def test_an_address_is_kept_only_where_nothing_else_is() -> None:
    street = {"starting_location": "1 Sample Street", "ending_location": "2 Street"}
    named = _row(**street, starting_saved_location="Home", ending_latitude=-33.81534)

    (drive,) = only_car(read_tessie(_answer(named), IN_KM)).drives

    assert drive.start_place == Place("Home")
    assert drive.end_place == Place(None, "2 Street")  # a latitude alone is no place


def test_the_same_drive_twice_is_one_and_a_part_of_it_none() -> None:
    part = _row(id=3, started_at=1_743_725_000, ended_at=1_743_726_000)
    again = _row(id=2)

    content = read_tessie(_answer(part, _row(), again), IN_KM)

    assert [drive.km for drive in only_car(content).drives] == [20.0]
    assert content.problems == (
        "drives.json, row 3: the same drive again; taken once",
        "drives.json, row 1: a drive within the time of another; the longer was taken",
    )


def test_an_odometer_that_goes_back_is_named() -> None:
    first = _row(starting_odometer=100.0, ending_odometer=120.0)
    later = _row(
        id=2,
        started_at=1_743_730_000,
        ended_at=1_743_731_000,
        starting_odometer=90.0,
        ending_odometer=110.0,
    )

    content = read_tessie(_answer(first, later), IN_KM)

    assert content.problems == (
        (
            "drives.json, row 2: the odometer went back since the drive before; kept "
            "as told"
        ),
    )


def test_a_list_without_rows_is_no_error() -> None:
    content = read_tessie(_answer(), IN_SYDNEY)

    assert content.problems == ("drives.json: holds no drive and no charge",)
    assert only_car(content).drives == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ('{"results": [', "no JSON"),
        ('{"error": "x"}', "no list of rows"),
        ("[1]", "no list of rows"),
        ('[{"id": 1}]', "row 1: neither odometer_distance of a drive nor"),
        ('[{"odometer_distance": 1}]', "row 1: started_at: Field required"),
        (
            '[{"energy_added": 1, "started_at": 1743724800000}]',  # milliseconds
            "row 1: started_at: Input should be less than",
        ),
        (
            '[{"energy_added": "x", "started_at": 1743724800}]',
            "row 1: energy_added: Input should be a valid number",
        ),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_another_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_tessie(SourceFile("x.json", text.encode()), IN_KM)


# CSV


def test_an_export_in_local_time_is_put_right_on_both_nights() -> None:
    content = read_tessie(recorded(EXPORTS / "tessie_drives.csv"), IN_SYDNEY)

    spans = [(drive.start, drive.end) for drive in only_car(content).drives]
    assert spans == [
        (_utc(2025, 4, 5, 6, 10), _utc(2025, 4, 5, 7, 20)),
        # 01:45 to 02:30 in 105 minutes: the second 02:30.
        (_utc(2025, 4, 5, 14, 45), _utc(2025, 4, 5, 16, 30)),
        # 02:40 to 02:50 with a higher odometer: after it, so the second 02:40.
        (_utc(2025, 4, 5, 16, 40), _utc(2025, 4, 5, 16, 50)),
        (_utc(2025, 6, 30, 22, 0), _utc(2025, 6, 30, 22, 29)),
        (_utc(2025, 7, 1, 7, 30), _utc(2025, 7, 1, 8, 2)),
        # 01:50 to 03:10 in 20 minutes: an hour was skipped.
        (_utc(2025, 10, 4, 15, 50), _utc(2025, 10, 4, 16, 10)),
        (_utc(2025, 10, 4, 16, 30), _utc(2025, 10, 4, 17, 40)),
    ]
    (problem,) = content.problems
    assert problem.startswith(
        "tessie_drives.csv:2 and 2 more lines: a time in the season in which "
        "Australia/Sydney shows another zone than the header's AEST"
    )


def test_an_export_tells_what_the_api_tells() -> None:
    drives = only_car(
        read_tessie(recorded(EXPORTS / "tessie_drives.csv"), IN_SYDNEY)
    ).drives
    charges = only_car(
        read_tessie(recorded(EXPORTS / "tessie_charges.csv"), IN_SYDNEY)
    ).charges

    assert drives[3] == Drive(
        _utc(2025, 6, 30, 22, 0),
        _utc(2025, 6, 30, 22, 29),
        14.2,
        2.9,
        0.8,
        0.75,
        9.0,
        HOME,
        WORK,
    )
    assert drives[4].energy_kwh is None  # an empty cell
    assert [(c.added_kwh, c.drawn_kwh, c.is_fast) for c in charges] == [
        (15.8, 17.2, False),
        (7.4, 8.1, False),
        (30.1, 30.6, True),
    ]
    # 02:55 to 05:25 in 150 minutes: the second 02:55.
    assert charges[0].start == _utc(2025, 4, 5, 16, 55)


def _csv(
    *rows: str,
    zone: str = " (UTC)",
    units: tuple[str, str] = ("km", "°C"),
    name: str = "d.csv",
) -> SourceFile:
    distance, warmth = units
    header = (
        f"Started At{zone},Ended At{zone},Duration (Minutes),Distance ({distance}),"
        f"Average Outside Temperature ({warmth}),Starting Odometer ({distance})"
    )
    return csv_file(name, header, *rows)


def test_units_are_those_of_the_header_whatever_was_said() -> None:
    file = _csv("2025-07-01 08:00,2025-07-01 08:30,30,10,68,", units=("mi", "°F"))

    (drive,) = only_car(read_tessie(file, IN_KM)).drives

    assert drive.km == pytest.approx(16.09344, abs=1e-12)
    assert drive.outside_c == pytest.approx(20.0, abs=1e-12)
    assert drive.start == _utc(2025, 7, 1, 8, 0)


def test_a_header_without_a_unit_needs_a_word() -> None:
    file = _csv("2025-07-01 08:00,2025-07-01 08:30,30,10,,", units=("", "°C"))

    with pytest.raises(DataError, match="say --units"):
        read_tessie(file, IN_SYDNEY)
    assert only_car(read_tessie(file, IN_KM)).drives[0].km == 10.0


def test_a_zone_that_the_home_never_shows_needs_a_word() -> None:
    file = _csv("2025-07-01 08:00,2025-07-01 08:30,30,10,,", zone=" (AWST)")
    in_perth = CarFileOptions(ZoneInfo("Australia/Perth"))

    with pytest.raises(DataError, match=r"in AWST, which Australia/Sydney never"):
        read_tessie(file, IN_SYDNEY)
    assert only_car(read_tessie(file, in_perth)).drives[0].start == _utc(2025, 7, 1)


def test_a_night_that_nothing_decides_is_named() -> None:
    file = _csv("2025-04-06 02:10,2025-04-06 02:30,20,10,,", zone="")

    content = read_tessie(file, IN_SYDNEY)

    # The first 02:10 is AEDT, UTC+11.
    assert only_car(content).drives[0].start == _utc(2025, 4, 5, 15, 10)
    assert content.problems == (
        (
            "d.csv:2: a time that happened twice in Australia/Sydney, and nothing "
            "tells which; taken as the first"
        ),
    )


def test_a_neighbour_decides_a_night() -> None:
    file = _csv(
        "2025-04-06 02:10,2025-04-06 02:30,20,10,,",
        "2025-04-06 01:45,2025-04-06 02:20,35,10,,",  # to the first or, no, in 35 min
        zone="",
    )

    content = read_tessie(file, IN_SYDNEY)

    assert [drive.start for drive in only_car(content).drives] == [
        _utc(2025, 4, 5, 14, 45),
        _utc(2025, 4, 5, 16, 10),
    ]
    assert content.problems == ()


@pytest.mark.parametrize(
    ("odometer_km", "hour_utc"),
    [(105, 15), (120, 16)],
)
def test_the_odometer_decides_a_night(odometer_km: int, hour_utc: int) -> None:
    file = _csv(
        # In 15 minutes from the first 02:50 to the second 02:05, 15:50 to 16:05 UTC.
        "2025-04-06 02:50,2025-04-06 02:05,15,5,,110",
        f"2025-04-06 02:20,2025-04-06 02:30,10,5,,{odometer_km}",
        # An odometer of another month says nothing of this night.
        "2025-05-06 02:20,2025-05-06 02:30,10,5,,1",
        zone="",
    )

    content = read_tessie(file, IN_SYDNEY)

    assert _utc(2025, 4, 5, hour_utc, 20) in [d.start for d in only_car(content).drives]


def test_a_skipped_time_and_a_false_duration_are_named() -> None:
    file = _csv(
        "2025-10-05 02:30,2025-10-05 03:45,15,10,,",
        "2025-10-06 08:00,2025-10-06 08:30,90,10,,",
        zone="",
    )

    content = read_tessie(file, IN_SYDNEY)

    # 02:30 does not exist; on the clock before it is 16:30 UTC, and 03:45 is 16:45.
    assert only_car(content).drives[0].start == _utc(2025, 10, 4, 16, 30)
    assert [problem.partition(": ")[0] for problem in content.problems] == [
        "d.csv:2",
        "d.csv:3",
    ]
    assert "skipped" in content.problems[0]
    assert "further apart than its duration" in content.problems[1]


def test_a_cut_last_row_is_left_out_and_any_other_refused() -> None:
    whole = "2025-07-01 08:00,2025-07-01 08:30,30,10,,"

    content = read_tessie(_csv(whole, "2025-07-02 08:00,2025"), IN_SYDNEY)

    assert content.row_count == 1
    assert content.problems == ("d.csv:3: the last row was cut off and is left out",)
    with pytest.raises(DataError, match=r"d\.csv:2: 2 columns, 6 expected"):
        read_tessie(_csv("2025-07-02 08:00,2025", whole), IN_SYDNEY)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Timestamp (AEST),Speed,Power (kW)",), "the telemetry of one drive"),
        (("Started At,Ended At,Duration,Location",), "such as idles"),
        (("Max Range (km),Usable Capacity (kWh)",), "the health of the battery"),
        (("a,b",), "no export of Tessie's that is read"),
        (
            ("Started At,Ended At,Energy Added (kWh)", "1/7/2025 8:00,1/7/2025 9:00,3"),
            "x.csv:2: started at is '1/7/2025 8:00'",
        ),
        (
            ("Started At,Ended At,Energy Added (kWh)", "2025-07-01 08:00,,x"),
            "x.csv:2: energy added is 'x', a plain number expected",
        ),
        (("Started At,Started At,Distance (km)",), "'Started At' is there twice"),
    ],
)
def test_another_export_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_tessie(csv_file("x.csv", *lines), IN_SYDNEY)
