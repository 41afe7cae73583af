"""TeslaMate's tables and panels: UTC without saying so, energy by range, two idioms."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.ingestion.car_exports import EXPORTS, IN_SYDNEY, csv_file, only_car, recorded

from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.teslamate import read_teslamate

HOME = Place("Home", None, -33.864, 151.086)
WORK = Place(None, None, -33.815, 151.003)
NORTH = Place(None, None, -33.427, 151.342)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def _read(file: SourceFile) -> FileContent:
    return read_teslamate(file, IN_SYDNEY)


def test_a_row_of_the_manuals_query_is_a_drive() -> None:
    content = _read(recorded(EXPORTS / "teslamate_drives.csv"))

    assert (content.source, content.row_count) == ("teslamate", 8)
    car = only_car(content)
    assert (car.source, car.car) == ("teslamate", "1")
    first = car.drives[0]
    # 340.5 - 322.1 = 18.4 km of range at 0.1504 kWh/km.
    assert first.energy_kwh == pytest.approx(2.76736, abs=1e-9)
    assert first == Drive(
        _utc(2025, 10, 3, 21, 2, 11),
        _utc(2025, 10, 3, 21, 31, 40),
        14.2,
        first.energy_kwh,
        0.80,
        0.76,
        16.5,
        HOME,
        WORK,
    )


def test_a_table_is_in_utc_on_the_night_that_clocks_change() -> None:
    drives = only_car(_read(recorded(EXPORTS / "teslamate_drives.csv"))).drives

    # 15:30 to 16:30 UTC is 01:30 to 03:30 in Sydney, an hour and not two.
    assert (drives[2].start, drives[2].end) == (
        _utc(2025, 10, 4, 15, 30),
        _utc(2025, 10, 4, 16, 30),
    )


def test_null_is_nothing_in_both_of_its_spellings() -> None:
    drives = only_car(_read(recorded(EXPORTS / "teslamate_drives.csv"))).drives

    assert drives[4] == Drive(
        _utc(2025, 10, 5, 3),
        _utc(2025, 10, 5, 4),
        54.9,
        None,
        0.59,
        None,
        None,
        NORTH,
        HOME,
    )


def test_what_is_odd_in_a_table_is_named_with_its_line() -> None:
    drives = _read(recorded(EXPORTS / "teslamate_drives.csv"))
    charges = _read(recorded(EXPORTS / "teslamate_charges.csv"))

    assert set(drives.problems) == {
        "teslamate_drives.csv:5: a drive of 0 km; kept as told",
        (
            "teslamate_drives.csv:7: a drive within the time of another; the longer "
            "was taken"
        ),
        (
            "teslamate_drives.csv:7: a drive shorter than the straight line of its "
            "ends; kept"
        ),
        "teslamate_drives.csv:8: a drive without an end: left out",
        "teslamate_drives.csv:9: a drive that gave back more than it took; kept",
        (
            "teslamate_drives.csv:9: the odometer went back since the drive before; "
            "kept as told"
        ),
    }
    assert charges.problems == (
        (
            "teslamate_charges.csv:3: less energy from the socket than into the cells; "
            "the former left open"
        ),
        "teslamate_charges.csv:4: a charge without energy: left out",
        "teslamate_charges.csv:5: a charge without an end: left out",
    )


def test_a_charge_says_whether_it_was_fast() -> None:
    charges = only_car(_read(recorded(EXPORTS / "teslamate_charges.csv"))).charges

    assert charges == (
        Charge(
            _utc(2025, 10, 4, 11, 0, 5),
            _utc(2025, 10, 4, 13, 41, 20),
            15.5,
            17.02,
            0.73,
            0.98,
            is_fast=False,
            place=HOME,
        ),
        Charge(
            _utc(2025, 10, 4, 16, 40),
            _utc(2025, 10, 4, 16, 58),
            20.1,
            None,
            0.59,
            0.91,
            is_fast=True,
            place=NORTH,
        ),
    )


def test_a_bare_table_says_what_it_lacks() -> None:
    file = csv_file(
        "drives.csv",
        "id,start_date,end_date,distance,car_id,start_rated_range_km,end_rated_range_km",
        "1,2025-10-01 00:00:00,2025-10-01 00:30:00,20,1,300,280",
    )

    content = _read(file)

    assert only_car(content).drives == (
        Drive(_utc(2025, 10, 1), _utc(2025, 10, 1, 0, 30), 20.0),
    )
    assert [problem.partition(";")[0] for problem in content.problems] == [
        "drives.csv:1: no car_efficiency, so the energy of its drives is left open",
        "drives.csv:1: no places, so home is not told from elsewhere",
    ]


def test_a_panel_is_read_by_its_milliseconds_and_units() -> None:
    file = csv_file(
        "panel.csv",
        "sep=,",
        "start_date_ts,end_date_ts,car_id,duration_str,start_date,start_address,"
        "end_address,distance_mi,% Start,% End,outside_temp_f,consumption_kWh",
        "1743724800000,1743726600500,2,0:30,2025-04-04 11:00:00,Home,"
        '"20 Example Road, Parramatta",10,80,75,68,3.1',
    )

    (drive,) = only_car(_read(file)).drives

    assert (drive.start, drive.end) == (_utc(2025, 4, 4), _utc(2025, 4, 4, 0, 30))
    assert drive.km == pytest.approx(16.09344, abs=1e-12)
    assert drive.outside_c == pytest.approx(20.0, abs=1e-12)
    assert (drive.energy_kwh, drive.start_level_fraction) == (3.1, 0.8)
    # A panel writes the geofence's name in place of the street, where there is one.
    assert drive.start_place == Place("Home")
    assert drive.end_place == Place(None, "20 Example Road, Parramatta")


def test_a_panel_of_charges_says_ac_or_dc() -> None:
    file = csv_file(
        "panel.csv",
        "start_date_ts,end_date_ts,car_id,charge_type,charge_energy_added",
        "1743724800000,1743726600000,1,DC,30",
        "1743811200000,1743813000000,1,AC,5",
    )

    charges = only_car(_read(file)).charges

    assert [charge.is_fast for charge in charges] == [True, False]


def test_a_panels_words_never_stand_in_for_its_milliseconds() -> None:
    file = csv_file(
        "panel.csv",
        "start_date_ts,end_date_ts,start_date,end_date,distance_km",
        "1743724800000,,2025-04-04 11:00:00,2025-04-04 11:30:00,20",
    )

    content = _read(file)

    assert only_car(content).drives == ()
    assert "panel.csv:2: a drive without an end: left out" in content.problems


def test_cars_stand_each_by_itself() -> None:
    rows = (
        "start_date,end_date,distance,car_id",
        "2025-10-01 00:00,2025-10-01 00:30,20,1",
        "2025-10-01 00:00,2025-10-01 00:30,30,2",
    )

    content = _read(csv_file("x.csv", *rows))

    start, end = _utc(2025, 10, 1), _utc(2025, 10, 1, 0, 30)
    assert content.cars == (
        CarHistory("teslamate", "1", (Drive(start, end, 20.0),)),
        CarHistory("teslamate", "2", (Drive(start, end, 30.0),)),
    )
    with pytest.raises(DataError, match="holds the cars 1, 2 by their car_id"):
        read_teslamate(csv_file("x.csv", *rows), replace(IN_SYDNEY, car="Red"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("id,date,battery_level,odometer",), "the table positions"),
        (
            ("id,date,charge_energy_added,charging_process_id",),
            "the table charges.*charging_processes",
        ),
        (("Date,Start,Destination,Distance",), "turn off `Formatted data`"),
        (
            ("start_date,end_date,duration_str,distance_km",),
            "without start_date_ts and end_date_ts",
        ),
        (("a,b", "1,2"), "neither drives nor charges"),
        (
            ("start_date,end_date,distance", "4 April,2025-04-04,3"),
            "x.csv:2: start_date is '4 April'",
        ),
        (
            ("start_date_ts,end_date_ts,distance_km", "99999999999999,1,3"),
            "x.csv:2: start_date_ts is '1e",
        ),
    ],
)
def test_another_table_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError, match=said):
        _read(csv_file("x.csv", *lines))
