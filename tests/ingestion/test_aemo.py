"""AEMO's files: ends in NEM time become days of starts, and faults are named."""

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from home_energy.domain.spot import SpotDay
from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo import read_aemo
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "aemo"
HEADER = "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE"
DISPATCH = (
    "I,DISPATCH,PRICE,5,SETTLEMENTDATE,RUNNO,REGIONID,DISPATCHINTERVAL,"
    "INTERVENTION,RRP,EEP"
)
TRADING = "I,TRADING,PRICE,3,SETTLEMENTDATE,RUNNO,REGIONID,PERIODID,RRP,EEP"


def _read(text: str, name: str = "a.csv") -> FileContent:
    return read_aemo(SourceFile(name, text.encode()))


def _month(*rows: str) -> str:
    return "\r\n".join((HEADER, *rows)) + "\r\n"


def _row(stamp: str, rrp: object = 50.0, region: str = "VIC1") -> str:
    return f"{region},{stamp},4339.0,{rrp},TRADE"


def _nemweb(*rows: str) -> str:
    first = "C,NEMP.WORLD,DISPATCHIS,AEMO,PUBLIC,2025/03/01,00:05:09,1,DISPATCHIS,1"
    return "\r\n".join((first, *rows, f'C,"END OF REPORT",{len(rows) + 2}')) + "\r\n"


def _dispatch(stamp: str, rrp: float, intervention: int = 0, at: str = "VIC1") -> str:
    return f'D,DISPATCH,PRICE,5,"{stamp}",1,{at},20250301001,{intervention},{rrp},0'


def _known(day: SpotDay) -> dict[int, float]:
    """Place in the day and price of every value."""
    prices = day.rrp_aud_per_mwh_ex_gst
    return {int(i): float(prices[i]) for i in np.flatnonzero(~np.isnan(prices))}


def _stamps(first: str, minutes: int, count: int) -> Iterable[str]:
    moment = datetime.strptime(first, "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007 - NEM time
    for number in range(count):
        yield f"{moment + timedelta(minutes=minutes) * number:%Y/%m/%d %H:%M:%S}"


def test_a_stamp_is_the_end_so_midnight_is_the_last_of_the_day_before() -> None:
    content = _read(
        _month(
            _row("2025/02/28 23:55:00", 1.0),
            _row("2025/03/01 00:00:00", 2.0),
            _row("2025/03/01 00:05:00", 3.0),
        )
    )

    first, second = content.spot
    assert (first.day, first.interval_minutes) == (date(2025, 2, 28), 5)
    assert _known(first) == {286: 1.0, 287: 2.0}
    assert (second.day, _known(second)) == (date(2025, 3, 1), {0: 3.0})
    assert content.source == "aemo"
    assert content.row_count == 3
    assert content.problems == ()


def test_half_hours_of_before_october_2021_are_known_by_their_stamps() -> None:
    rows = [_row(s, 20.0) for s in _stamps("2021/09/30 00:30:00", 30, 48)]

    (day,) = _read(_month(*rows)).spot

    assert (day.day, day.interval_minutes) == (date(2021, 9, 30), 30)
    assert len(_known(day)) == 48


def test_a_file_may_pass_from_half_hours_to_five_minutes() -> None:
    # The last half-hour ends as October 2021 begins, the first five minutes 00:05.
    content = _read(
        _month(
            _row("2021/09/30 23:30:00", 1.0),
            _row("2021/10/01 00:00:00", 2.0),
            _row("2021/10/01 00:05:00", 3.0),
            _row("2021/10/01 00:10:00", 4.0),
        )
    )

    before, after = content.spot
    assert (before.day, before.interval_minutes) == (date(2021, 9, 30), 30)
    assert _known(before) == {46: 1.0, 47: 2.0}
    assert (after.day, after.interval_minutes) == (date(2021, 10, 1), 5)
    assert _known(after) == {0: 3.0, 1: 4.0}


def test_half_hourly_means_of_later_years_stay_half_hours() -> None:
    rows = [_row(s) for s in _stamps("2025/03/01 00:30:00", 30, 4)]

    (day,) = _read(_month(*rows)).spot

    assert day.interval_minutes == 30


def test_quotes_columns_in_another_order_and_the_short_stamp_are_read() -> None:
    text = (
        '"SETTLEMENTDATE","RRP","REGION","PERIODTYPE","TOTALDEMAND"\n'
        '"2008/01/01 00:30","-12.5","NSW1","TRADE","7000"'
    )

    (day,) = _read(text).spot

    assert (day.region, day.day, day.interval_minutes) == (
        *("NSW1", date(2008, 1, 1)),
        30,
    )
    assert _known(day) == {0: -12.5}


def test_several_regions_of_one_file_stand_side_by_side() -> None:
    content = _read(
        _month(
            _row("2025/03/01 00:05:00", 1.0, "VIC1"),
            _row("2025/03/01 00:05:00", 2.0, "NSW1"),
        )
    )

    assert [(day.region, _known(day)) for day in content.spot] == [
        ("NSW1", {0: 2.0}),
        ("VIC1", {0: 1.0}),
    ]


def test_the_same_row_twice_is_once() -> None:
    content = _read(_month(*[_row("2025/03/01 00:05:00")] * 2))

    assert [_known(day) for day in content.spot] == [{0: 50.0}]


def test_a_hole_stays_a_hole_and_is_counted() -> None:
    content = _read(_month(_row("2025/03/01 00:05:00"), _row("2025/03/01 00:20:00")))

    assert _known(content.spot[0]) == {0: 50.0, 3: 50.0}
    (problem,) = content.problems
    assert "VIC1 lacks 2 of its 5-minute intervals" in problem
    assert "2025/03/01 00:10" in problem


@pytest.mark.parametrize("rrp", ["-1000", "-1000.00", "20300", "0"])
def test_prices_at_the_floor_and_at_the_cap_are_prices(rrp: str) -> None:
    (day,) = _read(_month(_row("2025/12/01 00:05:00", rrp))).spot

    assert _known(day) == {0: float(rrp)}


GOOD = _row("2025/03/01 00:05:00")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_month(_row("2025/03/01 00:05:00", region="WA1")), "unknown region 'WA1'"),
        (_month(_row("2025/03/01 00:07:00")), "off the market's clock"),
        (_month(_row("2025/03/01 00:05:30")), "off the market's clock"),
        (_month(_row("1/03/2025 0:05")), "a spreadsheet may have changed it"),
        (_month(_row("2025-03-01 00:05:00")), "no date like 2025/01/31"),
        (_month(_row("2025/02/30 00:05:00")), "SETTLEMENTDATE"),
        (_month(_row("2025/03/01 24:00:00")), "SETTLEMENTDATE"),
        (_month(_row("2025/03/01")), "no time like"),
        (_month(_row("1900/01/01 00:30:00")), "before the market began"),
        (_month(_row("1997/12/31 00:30:00")), "before the market began"),
        (_month(_row("2025/03/01 00:05:00", -1000.01)), "expected -1000 to 30000"),
        (_month(_row("2025/03/01 00:05:00", 30000.01)), "the market's floor"),
        (_month(_row("2025/03/01 00:05:00", "nan")), "RRP is nan"),
        (_month(_row("2025/03/01 00:05:00", "")), "RRP is ''"),
        (_month(_row("2025/03/01 00:05:00", "12,5")), "6 columns, 5 were expected"),
        (_month(GOOD.replace("TRADE", "FORECAST")), "TRADE was expected"),
        (_month(GOOD + "\r\nVIC1,2025/03/01 00:1"), "2 columns, 5 were expected"),
        (_month(GOOD + "\r\nVIC1,2025/03/01 00:10:00,1.0,5.1,TR"), "'TR', TRADE"),
        (_month(GOOD, _row("2025/03/01 00:05:00", 51.0)), "51.0 .* and 50.0 above"),
    ],
)
def test_a_row_that_cannot_be_is_named_by_its_line(text: str, said: str) -> None:
    line = len(text.splitlines())

    with pytest.raises(DataError, match=rf"^a\.csv:{line}: .*{said}"):
        _read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("  \n\n", "the file is empty"),
        (_month(), "there is no price in it"),
        ("REGION,SETTLEMENTDATE,PRICE,PERIODTYPE\n", "found .*|expected REGION,SETT"),
        (HEADER.replace("RRP", "RRP,RRP") + "\n" + GOOD, "each once"),
        ("datetime_utc,watt_hours\n2025-01-01,5\n", "the first row is 'datetime_utc"),
        ("100,NEM12,200301011534,MDP1,Retailer1\n", "expected a CSV file of AEMO"),
        ("PK\x03\x04 and so on", "a spreadsheet"),
        ("REGION\0SETTLEMENTDATE", "binary"),
        ('C,"unclosed\n' + "x" * 200_000, "no CSV"),
    ],
)
def test_a_file_that_is_none_of_aemos_is_named(text: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"^a\.csv.*({said})"):
        _read(text)


def test_changed_columns_are_named_with_what_was_expected() -> None:
    text = "REGION,SETTLEMENTDATE,DEMAND,PRICE,PERIODTYPE\n"

    with pytest.raises(
        DataError,
        match=r"a\.csv:1: the columns are 'REGION,SETTLEMENTDATE,DEMAND,PRICE,"
        rf"PERIODTYPE'; expected {HEADER}",
    ):
        _read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DataError, match=r"a\.csv:2: byte 0xff is no UTF-8"):
        read_aemo(SourceFile("a.csv", HEADER.encode() + b"\nVIC1,\xff"))


def test_a_dispatch_file_gives_its_one_interval_of_every_region() -> None:
    text = _nemweb(
        DISPATCH,
        _dispatch("2025/03/01 00:30:00", 65.5),
        _dispatch("2025/03/01 00:30:00", -8.5, at="SA1"),
        "I,DISPATCH,REGIONSUM,9,SETTLEMENTDATE,RUNNO,REGIONID,TOTALDEMAND",
        'D,DISPATCH,REGIONSUM,9,"2025/03/01 00:30:00",1,VIC1,4339',
    )

    south, victoria = _read(text, "PUBLIC_DISPATCHIS_202503010030_1.CSV").spot

    # Stamped on the half-hour, but dispatch always has five minutes: 00:25 to 00:30.
    assert (south.region, south.interval_minutes, _known(south)) == (
        *("SA1", 5),
        {5: -8.5},
    )
    assert _known(victoria) == {5: 65.5}


def test_the_pricing_run_is_the_price_after_an_intervention() -> None:
    text = _nemweb(
        DISPATCH,
        _dispatch("2025/03/01 00:05:00", 300.0, intervention=1),
        _dispatch("2025/03/01 00:05:00", 95.0, intervention=0),
    )

    content = _read(text)

    assert _known(content.spot[0]) == {0: 95.0}
    assert content.row_count == 1
    assert "physical run (INTERVENTION 1) left out: 1; the price" in content.problems[0]


@pytest.mark.parametrize(
    ("stamp", "minutes", "place"),
    [
        ("2025/03/01 13:35:00", 5, 162),  # 13:30 is 13.5 x 12 = 162 from midnight
        ("2025/03/01 13:30:00", 5, 161),
        ("2021/09/30 13:30:00", 30, 26),  # 13:00 is 26 half-hours
    ],
)
def test_a_trading_file_has_the_length_of_its_time(
    stamp: str, minutes: int, place: int
) -> None:
    text = _nemweb(TRADING, f'D,TRADING,PRICE,3,"{stamp}",1,VIC1,163,-63.45,0')

    (day,) = _read(text).spot

    assert day.interval_minutes == minutes
    assert _known(day) == {place: -63.45}


def test_a_daily_file_repeats_its_tables_and_is_read_once() -> None:
    table = (
        "I,DREGION,,3,SETTLEMENTDATE,RUNNO,REGIONID,INTERVENTION,RRP,TOTALDEMAND",
        'D,DREGION,,3,"2025/03/01 04:05:00",1,VIC1,0,-10.5,7000.25',
        'D,DREGION,,3,"2025/03/01 04:10:00",1,VIC1,0,-11.5,7000.25',
        "I,DUNIT,,4,SETTLEMENTDATE,RUNNO,DUID",
        'D,DUNIT,,4,"2025/03/01 04:05:00",1,BW01',
    )

    (day,) = _read(_nemweb(*table, *table), "PUBLIC_DAILY_202503010000.CSV").spot

    # 04:00 is place 48 of five minutes.
    assert _known(day) == {48: -10.5, 49: -11.5}


def test_where_a_file_has_both_the_finer_dispatch_prices_are_read() -> None:
    text = _nemweb(
        TRADING,
        'D,TRADING,PRICE,3,"2021/09/30 13:30:00",1,VIC1,27,30.0,0',
        DISPATCH,
        _dispatch("2021/09/30 13:05:00", 10.0),
    )

    (day,) = _read(text).spot

    assert (day.interval_minutes, _known(day)) == (5, {156: 10.0})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_nemweb(DISPATCH).replace('"END OF REPORT"', "CUT"), "was cut off"),
        (_nemweb(DISPATCH).rsplit("C,", 1)[0], "C,END OF REPORT was expected"),
        (_nemweb(DISPATCH), "there is no price in it"),
        (_nemweb("I,DISPATCH,REGIONSUM,9,RRP"), "found DISPATCH.REGIONSUM"),
        (_nemweb("D,DISPATCH,PRICE,5,x"), "no table of prices in it, found none"),
        (
            _nemweb(
                DISPATCH.replace(",RRP", ",PRICE"),
                _dispatch("2025/03/01 00:05:00", 1),
            ),
            "expected SETTLEMENTDATE,REGIONID,RRP",
        ),
        (
            _nemweb(DISPATCH, _dispatch("2025/03/01 00:05:00", 1) + ",more"),
            "12 columns, 11 were expected",
        ),
        (
            _nemweb(DISPATCH, _dispatch("2025/03/01 00:05:00", 1, intervention=2)),
            "INTERVENTION is '2'",
        ),
    ],
)
def test_a_nemweb_file_that_is_cut_or_changed_is_refused(text: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"^a\.csv:?.*{said}"):
        _read(text)


@pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)
def test_a_real_year_of_victoria_is_whole_and_agrees_with_a_plain_loop() -> None:
    paths = sorted(SHARED.glob("PRICE_AND_DEMAND_2025*_VIC1.csv"))

    contents = [read_aemo(SourceFile(path.name, path.read_bytes())) for path in paths]

    days = {day.day: day for content in contents for day in content.spot}
    plain = []
    for path in paths:
        with path.open() as file:
            plain += [float(row["RRP"]) for row in csv.DictReader(file)]
    read = np.concatenate([days[day].rrp_aud_per_mwh_ex_gst for day in sorted(days)])
    assert len(paths) == 12
    assert len(days) == 365
    assert read.size == len(plain) == 105_120
    assert not np.isnan(read).any()
    assert list(read) == plain
    assert all(content.problems == () for content in contents)
    # As a spreadsheet would: 77.89 $/MWh, 23.95 % negative, at most $17,500.
    assert sum(plain) / 105_120 == pytest.approx(77.886, abs=0.001)
    assert sum(price < 0 for price in plain) == 25_177
    assert max(plain) == 17_500.0
