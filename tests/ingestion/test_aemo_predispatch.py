"""Pre-dispatch of AEMO: a forecast is known when it was published, never earlier."""

from datetime import UTC, datetime

import numpy as np
import pytest

from home_energy.errors import DataError
from home_energy.ingestion.sources.aemo_files import read_aemo_file
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

HEAD = (
    "C,NEMP.WORLD,PREDISPATCHIS,AEMO,PUBLIC,2025/06/22,00:03:05,1,2,3\n"
    "I,PREDISPATCH,CASE_SOLUTION,1,PREDISPATCHSEQNO,RUNNO,SOLUTIONSTATUS\n"
    "D,PREDISPATCH,CASE_SOLUTION,1,2025062141,1,0\n"
    "I,PREDISPATCH,REGION_PRICES,2,PREDISPATCHSEQNO,RUNNO,REGIONID,PERIODID,"
    "INTERVENTION,RRP,EEP,LASTCHANGED,DATETIME\n"
)
END = "C,END OF REPORT,9\n"
NAMED = "PUBLIC_PREDISPATCHIS_202506220030_20250622000400.CSV"


def _row(
    end: str,
    rrp: str,
    *,
    region: str = "VIC1",
    run: str = "2025062141",
    changed: str = "2025/06/22 00:03:00",
    intervention: str = "0",
) -> str:
    return (
        f"D,PREDISPATCH,REGION_PRICES,2,{run},1,{region},01,{intervention},{rrp},0,"
        f'"{changed}","{end}"\n'
    )


def _read(text: str, name: str = "predispatch.csv") -> FileContent:
    return read_aemo_file(SourceFile(name, text.encode()))


def test_a_forecast_is_known_when_it_was_published() -> None:
    found = _read(
        HEAD
        + _row("2025/06/22 00:30:00", "56.06")
        + _row("2025/06/22 01:00:00", "-2.33", changed="2025/06/22 00:03:01")
        + _row("2025/06/22 00:30:00", "99", region="NSW1")
        + END
    )

    nsw, vic = found.market_forecasts
    assert (nsw.region, vic.region) == ("NSW1", "VIC1")
    # The latest LASTCHANGED of the run: 00:03:01 NEM is 14:03:01 UTC the day before.
    assert vic.published_at == datetime(2025, 6, 21, 14, 3, 1, tzinfo=UTC)
    assert nsw.published_at == vic.published_at
    # DATETIME 00:30 is the end: the half-hour began at midnight NEM.
    assert vic.first_start == datetime(2025, 6, 21, 14, tzinfo=UTC)
    assert list(vic.rrp_aud_per_mwh_ex_gst) == [56.06, -2.33]
    assert (found.source, found.row_count) == ("aemo", 3)


def test_a_later_time_in_the_name_is_believed() -> None:
    text = HEAD + _row("2025/06/22 00:30:00", "1") + END

    found = _read(text, f"week.zip/{NAMED}")

    published = found.market_forecasts[0].published_at
    assert published == datetime(2025, 6, 21, 14, 4, tzinfo=UTC)


def test_an_earlier_time_in_the_name_is_not() -> None:
    row = _row("2025/06/22 00:30:00", "1", changed="2025/06/22 00:09:00")

    found = _read(HEAD + row + END, NAMED)

    published = found.market_forecasts[0].published_at
    assert published == datetime(2025, 6, 21, 14, 9, tzinfo=UTC)


def test_runs_of_one_file_are_forecasts_by_themselves() -> None:
    later = {"run": "2025062142", "changed": "2025/06/22 00:33:00"}

    found = _read(
        HEAD
        + _row("2025/06/22 01:00:00", "20", **later)
        + _row("2025/06/22 00:30:00", "10")
        + _row("2025/06/22 01:00:00", "11")
        + END
    )

    prices = [list(f.rrp_aud_per_mwh_ex_gst) for f in found.market_forecasts]
    assert prices == [[10.0, 11.0], [20.0]]


def test_a_half_hour_without_a_price_is_missing() -> None:
    found = _read(
        HEAD
        + _row("2025/06/22 00:30:00", "10")
        + _row("2025/06/22 01:30:00", "")
        + _row("2025/06/22 02:00:00", "30")
        + END
    )

    (forecast,) = found.market_forecasts
    nan = float("nan")
    assert np.array_equal(
        forecast.rrp_aud_per_mwh_ex_gst, [10.0, nan, nan, 30.0], equal_nan=True
    )


def test_the_physical_run_is_left_out_and_counted() -> None:
    found = _read(
        HEAD
        + _row("2025/06/22 00:30:00", "10")
        + _row("2025/06/22 00:30:00", "999", intervention="1")
        + END
    )

    assert list(found.market_forecasts[0].rrp_aud_per_mwh_ex_gst) == [10.0]
    assert found.problems == (
        "predispatch.csv: rows of the physical run (INTERVENTION 1) left out: 1",
    )


FIRST = _row("2025/06/22 00:30:00", "10")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (_row("2025/06/22 00:30:00", "10", changed=""), ":5: LASTCHANGED is ''"),
        (_row("2025/06/22 00:30:00", "10", changed="22/06/2025"), ":5: LASTCHANGED"),
        (_row("2025/06/22 00:35:00", "10"), ":5: DATETIME is 2025/06/22 00:35"),
        (_row("2025/06/22 00:30:00", "x"), ":5: RRP is 'x'"),
        (_row("2025/06/22 00:30:00", "99999"), ":5: RRP is 99999 $/MWh"),
        (_row("2025/06/22 00:30:00", "1", region="WA1"), ":5: unknown region 'WA1'"),
        (FIRST + _row("2025/06/22 00:30:00", "11"), ":6: VIC1 is forecast 11.0"),
        # Written back into the archive a month later, it would never have been known.
        (
            _row("2025/06/22 00:30:00", "10", changed="2025/07/22 00:03:00"),
            ":5: the run was published at 2025/07/22 00:03:00",
        ),
        # Published the day before its run: known too early.
        (
            _row("2025/06/22 00:30:00", "10", changed="2025/06/21 00:03:00"),
            ":5: the run was published at 2025/06/21 00:03:00",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(rows: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        _read(HEAD + rows + END)

    assert str(refused.value).startswith(f"predispatch.csv{said}")


def test_half_a_file_is_refused() -> None:
    with pytest.raises(DataError, match="END OF REPORT was expected"):
        _read(HEAD + FIRST)


def test_a_file_without_a_price_is_refused() -> None:
    with pytest.raises(DataError, match="no price in it"):
        _read(HEAD + END)
