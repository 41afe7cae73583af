"""Powerpal exports: what a stamp means, seams, gaps, and files that are not one."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.powerpal import POWERPAL_REGISTER, read_powerpal
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.store.meter_days import merge_days

HEADER = "datetime_utc,datetime_local,watt_hours,cost_dollars,is_peak"


def export(*rows: str, header: str = HEADER) -> SourceFile:
    return SourceFile("powerpal.csv", "\n".join([header, *rows, ""]).encode())


def row(utc: str, watt_hours: float, offset_hours: float = 10) -> str:
    local = datetime.fromisoformat(utc) + timedelta(hours=offset_hours)
    return f"{utc},{local:%Y-%m-%d %H:%M:%S},{watt_hours:.10f},0.0286780391,false"


def minutes(first: str, *watt_hours: float) -> list[str]:
    start = datetime.fromisoformat(first)
    return [
        row(f"{start + timedelta(minutes=n):%Y-%m-%d %H:%M:%S}", value)
        for n, value in enumerate(watt_hours)
    ]


def days_of(file: SourceFile) -> list[MeterDay]:
    return read_powerpal(file).meter[POWERPAL_REGISTER]


def test_a_minute_lies_where_its_utc_stamp_begins() -> None:
    content = read_powerpal(export(*minutes("2024-07-28 00:00:00", 6, 12, 18)))

    assert content.source == "powerpal"
    assert content.row_count == 3
    assert content.problems == ()
    register = MeterRegister("powerpal", "", "import", Flow.GENERAL)
    (day,) = content.meter[register]
    # 00:00 UTC is 10:00 NEM, the 600th minute of that day.
    assert (day.day, day.interval_minutes) == (date(2024, 7, 28), 1)
    assert day.kwh[600:603].tolist() == [0.006, 0.012, 0.018]
    assert day.known_count == 3


def test_half_hours_cross_midnight_into_the_next_market_day() -> None:
    file = export(row("2024-07-28 13:30:00", 100), row("2024-07-28 14:00:00", 200))

    first, second = days_of(file)

    # 13:30 UTC is 23:30 NEM, the last half-hour; 14:00 UTC is midnight.
    assert (first.day, first.kwh[47]) == (date(2024, 7, 28), 0.1)
    assert (second.day, second.kwh[0]) == (date(2024, 7, 29), 0.2)


def test_hours_are_told_from_the_stamps() -> None:
    file = export(row("2025-06-19 14:00:00", 33.125), row("2025-06-19 15:00:00", 26))

    (day,) = days_of(file)

    assert day.interval_minutes == 60
    assert day.kwh[:2].tolist() == [0.033125, 0.026]


def test_what_has_no_row_is_missing_and_counted() -> None:
    rows = minutes("2024-07-28 00:00:00", 1, 2, 3, 4, 5)
    del rows[2]

    content = read_powerpal(export(*rows))

    (day,) = content.meter[POWERPAL_REGISTER]
    assert np.isnan(day.kwh[602])
    (problem,) = content.problems
    assert problem.startswith("powerpal.csv:1: 1 of 5 intervals of 1 minutes have no")


@pytest.mark.parametrize("rows", [(), (HEADER,)])
def test_a_header_alone_is_no_error(rows: tuple[str, ...]) -> None:
    content = read_powerpal(export(*rows))

    assert content.row_count == 0
    assert content.meter == {}
    assert content.problems == ("powerpal.csv:1: holds a header and no readings",)


def test_repeated_rows_are_counted_and_change_nothing() -> None:
    rows = minutes("2024-07-28 00:00:00", 1, 2, 3)

    content = read_powerpal(export(*rows, rows[1], rows[2]))

    (day,) = content.meter[POWERPAL_REGISTER]
    assert day.kwh[600:603].tolist() == [0.001, 0.002, 0.003]
    assert content.problems == (
        "powerpal.csv:5: 2 rows repeat a reading and were left out; this is the first",
    )


@pytest.mark.parametrize("order", [1, -1])
def test_at_a_seam_the_fuller_of_two_readings_stands(order: int) -> None:
    first = minutes("2024-07-28 00:00:00", 1, 2)
    later = minutes("2024-07-28 00:01:00", 5, 6)
    parts = [first, later][::order]

    content = read_powerpal(export(*parts[0], HEADER, *parts[1]))

    (day,) = content.meter[POWERPAL_REGISTER]
    assert content.row_count == 4
    assert day.kwh[600:603].tolist() == [0.001, 0.005, 0.006]
    assert len(content.problems) == 1
    assert "1 rows give another value for a known interval" in content.problems[0]


def test_the_interval_that_an_export_cut_short_gives_way_to_a_later_export() -> None:
    (early,) = days_of(export(*minutes("2024-07-28 00:00:00", 10, 20, 3)))
    (later,) = days_of(export(*minutes("2024-07-28 00:02:00", 30, 40)))

    merged, did = merge_days(early, later)
    backwards, _ = merge_days(later, early)

    assert early.quality[600:603].tolist() == [
        Quality.ACTUAL,
        Quality.ACTUAL,
        Quality.ESTIMATE,
    ]
    assert early.updated_at == datetime(2024, 7, 28, 0, 3, tzinfo=UTC)
    assert (did.new_count, did.changed_count) == (1, 1)
    for day in (merged, backwards):
        assert day.kwh[600:604].tolist() == [0.01, 0.02, 0.03, 0.04]


def test_local_time_may_jump_where_sydney_does() -> None:
    # 2024-10-05 16:00 UTC is 03:00 in Sydney, an hour after 01:59.
    file = export(
        row("2024-10-05 15:00:00", 1, 10),
        row("2024-10-05 15:30:00", 1, 10),
        row("2024-10-05 16:00:00", 1, 11),
    )

    content = read_powerpal(file)

    assert content.problems == ()


@pytest.mark.parametrize("offset", [9.5, 8])
def test_other_australian_zones_are_known(offset: float) -> None:
    rows = [row(f"2024-07-28 00:0{n}:00", 1, offset) for n in range(3)]

    content = read_powerpal(export(*rows))

    assert content.row_count == 3


@pytest.mark.parametrize(
    ("offsets", "line"),
    [
        ((10, 11, 11), 3),  # a jump in July
        ((0, 0, 0), 2),  # UTC twice
        ((-10, -10, -10), 2),  # the columns changed places
        ((10.25, 10.25, 10.25), 2),
        ((12, 12, 12), 2),
    ],
)
def test_local_time_that_no_zone_shows_is_refused(
    offsets: tuple[float, ...], line: int
) -> None:
    rows = [
        row(f"2024-07-28 0{hour}:00:00", 1, offset)
        for hour, offset in enumerate(offsets)
    ]

    with pytest.raises(DataError, match=rf"powerpal.csv:{line}: .*no Australian zone"):
        read_powerpal(export(*rows))


def test_local_time_may_not_jump_within_a_half_hour() -> None:
    rows = [
        row(f"2024-07-28 00:0{minute}:00", 1, offset)
        for minute, offset in enumerate((10, 10, 9.5))
    ]

    with pytest.raises(DataError, match=r"powerpal.csv:4: .*\+9.5 h from datetime_utc"):
        read_powerpal(export(*rows))


def test_an_export_of_2021_without_local_time_is_read_and_says_so() -> None:
    rows = ["2021-07-28 00:00:00,6,0.01,false", "2021-07-28 00:01:00,7,0.01,false"]
    file = export(*rows, header="datetime_utc,watt_hours,cost_dollars,is_peak")

    content = read_powerpal(file)

    assert content.row_count == 2
    assert content.problems == (
        "powerpal.csv:1: has no datetime_local; datetime_utc was not checked by it",
    )


GOOD = minutes("2024-07-28 00:00:00", 1, 2)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (GOOD[:1], "2: holds one reading, at least two expected"),
        ([*GOOD, "2024-07-28 00:02:00,2024-07-28 10:0"], "4: 2 columns, 5 expected"),
        ([*GOOD, GOOD[0][:-3]], "4: is_peak is 'fa', true or false"),
        ([*GOOD, row("1900-01-01 00:00:00", 1)], "4: date 190"),
        ([*GOOD, "28/07/2024,28/07/2024,1,1,true"], "4: datetime_utc is '28/07/2024'"),
        ([*GOOD, row("2024-07-28 00:02:00", -1)], "4: watt_hours is -0.001 kWh, not"),
        ([*GOOD, GOOD[0].replace("1.0", "n/a ")], "4: watt_hours is 'n/a"),
        ([*GOOD, row("2024-07-28 00:02:00", 1700)], "4: .*at most 100 kW expected"),
        ([*GOOD, row("2024-07-28 00:02:30", 1)], "4: datetime_utc .*whole minute"),
        (
            [row(f"2024-07-0{day} 14:00:00", 9000) for day in (1, 2, 3)],
            "2: readings are mostly 1440 minutes apart",
        ),
        (
            # Adelaide's hours begin at half past in the market's.
            [row(f"2024-07-28 0{hour}:30:00", 9, 9.5) for hour in (1, 2, 3)],
            "2: 2024-07-28 01:30:00 UTC is no start of a 60-minute interval",
        ),
    ],
)
def test_wrong_rows_are_refused_by_line(rows: list[str], said: str) -> None:
    with pytest.raises(DataError, match=rf"powerpal.csv:{said}"):
        read_powerpal(export(*rows))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"datetime_utc,\0\1", "binary"),
        (b"datetime_utc\xff,", "UTF-8"),
        (b"<html>no session</html>\n", "'datetime_utc' is missing"),
        (b"time,kwh\n1,2\n", "'watt_hours' is missing"),
        (HEADER.encode() + b'\n"2024-07-28 00:00:00,1,2\n', "cannot be read"),
    ],
)
def test_other_files_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_powerpal(SourceFile("powerpal.csv", content))


_WORDS = st.sampled_from(
    [*GOOD, HEADER, "2024-07-28 00:00:00", "1e999", "nan", '"', ",", "\n", "-1", "\r"]
)


@given(
    st.binary(max_size=200)
    | st.lists(_WORDS | st.text(max_size=9), max_size=12).map(
        lambda words: f"{HEADER}\n{''.join(words)}".encode()
    )
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = read_powerpal(SourceFile("any.csv", content))
    except DataError:
        return

    assert isinstance(found, FileContent)
