"""TeslaFi's rows by the minute: drives and charges are made of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.ingestion.car_exports import (
    EXPORTS,
    IN_SYDNEY,
    VIN,
    csv_file,
    only_car,
    recorded,
)

from home_energy.domain.car_history import Charge, Place
from home_energy.errors import DataError
from home_energy.ingestion.sources.car_rows import CarFileOptions
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.teslafi import read_teslafi

HEADER = "Date,odometer,battery_level,driveNumber,chargeNumber,charge_energy_added"


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def _read(*lines: str) -> FileContent:
    return read_teslafi(csv_file("x.csv", *lines), IN_SYDNEY)


def _month() -> FileContent:
    return read_teslafi(recorded(EXPORTS / "TeslaFi42025.csv"), IN_SYDNEY)


def test_rows_of_one_number_are_a_drive_in_miles() -> None:
    content = _month()

    assert (content.source, content.row_count) == ("teslafi", 40)
    drive = only_car(content).drives[1]
    # 12,500 to 12,562 miles; 62 x 1.609344 km. The settings show kilometres, the
    # columns are miles all the same.
    assert drive.km == pytest.approx(99.779328, abs=1e-9)
    assert (drive.start_level_fraction, drive.end_level_fraction) == (0.88, 0.70)
    assert drive.energy_kwh is None
    # 10 rows of 13 degrees and 11 of 12.
    assert drive.outside_c == pytest.approx(262 / 21, abs=1e-9)
    assert drive.start_place == Place(None, None, -33.427, 151.342)
    assert drive.end_place == Place(None, None, -33.864, 151.086)


def test_the_order_of_rows_parts_the_hours_of_the_night_in_april() -> None:
    drive = only_car(_month()).drives[1]

    # 01:40 AEDT, through 02:55 and again 02:00, to 02:20 AEST: 100 minutes.
    assert drive.start == _utc(2025, 4, 5, 14, 40, 5)
    assert drive.end == _utc(2025, 4, 5, 16, 20, 5)


def test_a_charge_is_what_its_counter_gained() -> None:
    charges = only_car(_month()).charges

    # The first row still shows the 17.9 kWh of the charge before: 0.3 + 1.5 + 6.3 + 6.3
    assert charges[0].added_kwh == pytest.approx(14.4, abs=1e-9)
    assert charges[0] == Charge(
        _utc(2025, 4, 5, 16, 40, 5),  # 02:40 AEST, after the drive
        _utc(2025, 4, 5, 19, 0, 5),
        charges[0].added_kwh,
        None,
        0.70,
        0.94,
        is_fast=False,
        place=Place(None, None, -33.864, 151.086),
    )
    assert charges[1].is_fast is True


def test_what_is_odd_is_named_with_its_line() -> None:
    assert _month().problems == (
        (
            "TeslaFi42025.csv:2: a drive or charge cut by the end of the month; its "
            "parts are kept as two"
        ),
        "TeslaFi42025.csv:35: a coordinate that is no number; left open",
        "TeslaFi42025.csv:38: a battery level outside 0 to 100 %; left open",
    )


def test_the_car_is_the_end_of_its_vin() -> None:
    content = _month()

    assert only_car(content).car == "ST0042"
    assert VIN not in repr(content)


def test_without_a_vin_the_car_has_its_name() -> None:
    header = f"{HEADER},vin,display_name"

    content = _read(header, "2025-04-09 08:00:00,100,80,0,0,,,Red")

    assert only_car(content).car == "Red"


def test_two_cars_in_a_file_are_refused_by_the_ends_of_their_vins() -> None:
    other = VIN[:-1] + "9"

    with pytest.raises(DataError, match=r"2 cars by their VIN \(ST0042, ST0049\)"):
        _read(
            f"{HEADER},vin",
            f"2025-04-09 08:00:00,100,80,0,0,,{VIN}",
            f"2025-04-09 08:01:00,100,80,0,0,,{other}",
        )


def test_without_numbers_the_state_of_the_car_tells() -> None:
    content = _read(
        "Date,odometer,battery_level,shift_state,charging_state,charge_energy_added",
        "2025-04-09 07:59:00,100,80,P,Disconnected,",
        "2025-04-09 08:00:00,100,80,D,Disconnected,",
        "2025-04-09 08:10:00,105,79,R,Disconnected,",
        "2025-04-09 08:11:00,105,79,P,Disconnected,",
        "2025-04-09 09:00:00,105,79,D,Disconnected,",
        "2025-04-09 09:10:00,110,78,D,Disconnected,",
        "2025-04-09 09:11:00,110,78,,Charging,0",
        "2025-04-09 10:11:00,110,88,,Charging,6.5",
        "2025-04-09 10:12:00,110,88,,Complete,6.5",
    )

    car = only_car(content)
    assert [drive.start for drive in car.drives] == [
        _utc(2025, 4, 8, 22, 0),
        _utc(2025, 4, 8, 23, 0),
    ]
    (charge,) = car.charges
    assert (charge.added_kwh, charge.end) == (6.5, _utc(2025, 4, 9, 0, 11))


def test_local_times_may_be_of_another_zone() -> None:
    in_perth = CarFileOptions(ZoneInfo("Australia/Perth"))
    file = csv_file(
        "x.csv",
        HEADER,
        "2025-04-09 08:00:00,100,80,1,0,",
        "2025-04-09 08:10:00,105,79,1,0,",
        "2025-04-09 08:20:00,105,79,0,0,",
    )

    (drive,) = only_car(read_teslafi(file, in_perth)).drives

    assert drive.start == _utc(2025, 4, 9)  # UTC+8


def test_rows_from_last_to_first_are_turned() -> None:
    (drive,) = only_car(
        _read(
            HEADER,
            "2025-04-09 08:20:00,105,79,0,0,",
            "2025-04-09 08:10:00,105,79,1,0,",
            "2025-04-09 08:00:00,100,80,1,0,",
        )
    ).drives

    assert drive.km == pytest.approx(8.04672, abs=1e-9)  # 5 miles
    assert drive.start < drive.end


def test_a_counter_that_was_read_once_tells_no_energy() -> None:
    content = _read(
        HEADER, "2025-04-09 08:00:00,100,80,0,7,5.0", "2025-04-09 08:01:00,100,80,0,0,"
    )

    assert only_car(content).charges == ()
    assert "x.csv:2: a charge without energy: left out" in content.problems


def test_a_row_without_a_time_is_left_out() -> None:
    content = _read(HEADER, ",100,80,0,0,", "2025-04-09 08:00:00,100,80,0,0,")

    assert content.row_count == 1
    assert content.problems == ("x.csv:2: a row without a time: left out",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Started At,Ended At,Distance (km)",), "not TeslaFi's monthly data"),
        (
            ("Date,Duration,Distance,Start Range",),
            "its lists of drives and charges",
        ),
        ((HEADER, "4/9/2025 8:00,100,80,0,0,"), "x.csv:2: Date is '4/9/2025 8:00'"),
        ((HEADER, "2025-04-09 08:00:00,?,80,3,0,"), "odometer is '\\?'"),
        ((HEADER, "1900-01-01 00:00:00,100,80,3,0,"), "date 1900-01-01, years 2000"),
    ],
)
def test_another_file_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError, match=said):
        _read(*lines)


def test_semicolons_and_tabs_part_columns_too() -> None:
    rows = ("2025-04-09 08:00:00,100,80,1,0,", "2025-04-09 08:10:00,105,79,1,0,")
    for mark in ";\t":
        text = "\n".join((HEADER, *rows)).replace(",", mark)

        content = read_teslafi(SourceFile("x.csv", text.encode()), IN_SYDNEY)

        assert len(only_car(content).drives) == 1
