"""Whole answers: composed ones, the shared samples, and a real home's rows."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ingestion.amber_answers import (
    SITE_ID,
    Row,
    amber_client,
    client_hearing,
    response,
)

from home_energy import errors
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Price, Quality
from home_energy.ingestion.sources.amber import CurrentPrices

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests/recordings/api.amber.com.au/v1"
OF_SITE = RECORDINGS / "sites" / SITE_ID
SHARED = ROOT.parent / "shared/data/amber"
DAY = date(2026, 6, 17)
AT = datetime(2026, 6, 17, 6, 20, 25, tzinfo=UTC)
SIGN = {"general": 1, "controlledLoad": 1, "feedIn": -1}
CHANNEL = {
    "general": Channel.GENERAL,
    "controlledLoad": Channel.CONTROLLED_LOAD,
    "feedIn": Channel.FEED_IN,
}

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)


def read(path: Path) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text())
    return rows


def current(rows: list[Row], at: datetime | None = AT) -> CurrentPrices:
    client = amber_client(lambda _request: response(rows, at=at))
    return client.current_prices(SITE_ID, previous=1, following=10)


def history(rows: list[Row]) -> list[Price]:
    client = amber_client(lambda _request: response(rows, at=None))
    return client.price_history(SITE_ID, DAY, DAY)


def readings(rows: list[Row]) -> list[MeterReading]:
    client = amber_client(lambda _request: response(rows, at=None))
    return client.usage(SITE_ID, DAY, DAY)


def test_the_recorded_account_has_one_active_home_of_three_channels() -> None:
    rows = read(RECORDINGS / "sites.json")

    sites = amber_client(lambda _request: response(rows)).sites()

    assert [site.status for site in sites] == ["closed", "active", "pending"]
    assert sites[0].nmi == sites[1].nmi
    assert [c.register for c in sites[1].channels] == ["E1", "E2", "B1"]
    assert sites[2].channels == ()


def test_the_recorded_boundary_before_and_after_it_is_confirmed() -> None:
    estimate = current(read(OF_SITE / "prices/current_estimate.json"))
    confirmed = current(read(OF_SITE / "prices/current_confirmed.json"))

    before = [p for p in estimate.prices if p.channel is Channel.FEED_IN]
    after = [p for p in confirmed.prices if p.channel is Channel.FEED_IN]
    # -(1.0521 * 18.75 / 1.1 + 3.4703) = -21.40382, and we are paid
    assert [p.quality for p in before] == [Quality.ACTUAL, Quality.ESTIMATE]
    assert before[1].c_per_kwh == pytest.approx(21.40382, abs=1e-9)
    # 1.0521 * 16.5 / 1.1 + 3.4703 = 19.2518
    assert [p.quality for p in after] == [Quality.ACTUAL, Quality.ACTUAL]
    assert after[1].c_per_kwh == pytest.approx(19.2518, abs=1e-9)


def test_the_recorded_forecast_turns_from_fives_to_half_hours() -> None:
    answer = current(read(OF_SITE / "prices/current_confirmed.json"))

    for forecast in answer.forecasts:
        assert [p.duration_minutes for p in forecast.points] == [5] * 7 + [30] * 3
        for point in forecast.points[:9]:
            assert point.low_c_per_kwh is not None
            assert point.high_c_per_kwh is not None
            assert point.low_c_per_kwh < point.high_c_per_kwh
        last = forecast.points[-1]
        assert last.predicted_c_per_kwh is None
        assert (last.spot_min_c_per_kwh, last.spot_max_c_per_kwh) == (12.5, 88.25)


def test_the_recorded_edges_are_taken_as_they_are() -> None:
    prices = history(read(OF_SITE / "prices/2026-06-17_edges.json"))

    general = [p for p in prices if p.channel is Channel.GENERAL]
    assert [p.spot_c_per_kwh for p in general] == [-8.25, -110.0, 2233.0, 310.0, 0.0]
    # 1.0521 * -110 + 19.9885 and 1.0521 * 2233 + 19.9885
    assert general[1].c_per_kwh == pytest.approx(-95.7425, abs=1e-9)
    assert general[2].c_per_kwh == pytest.approx(2369.3278, abs=1e-9)
    assert [p.context.is_spike for p in general] == [False, False, True, False, False]
    assert general[-1].end == datetime(2026, 6, 17, 14, 0, tzinfo=UTC)  # NEM midnight


def test_the_recorded_day_of_the_clock_change_has_48_half_hours() -> None:
    found = readings(read(OF_SITE / "usage/2026-10-04.json"))

    for register in ("E1", "B1"):
        mine = [r for r in found if r.register == register]
        assert len(mine) == 48
        assert mine[0].start == datetime(2026, 10, 3, 14, 0, tzinfo=UTC)
        assert mine[-1].end == datetime(2026, 10, 4, 14, 0, tzinfo=UTC)
    assert sum(r.quality is Quality.ESTIMATE for r in found) == 1
    # 0.2 + 0.01 k for k = 0 .. 47 is 48 * 0.2 + 0.01 * 1128
    imported = sum(r.kwh for r in found if r.channel is Channel.GENERAL)
    assert imported == pytest.approx(20.88, abs=1e-9)
    assert all(r.kwh >= 0 for r in found)


def test_usage_that_is_not_there_yet_is_no_reading() -> None:
    assert readings(read(OF_SITE / "usage/not_yet.json")) == []


@pytest.mark.parametrize(
    "case", read(RECORDINGS / "errors.json"), ids=lambda case: case["case"]
)
def test_recorded_errors_are_sorted(case: Row) -> None:
    client = amber_client(
        lambda _request: httpx.Response(
            case["status"], headers=case["headers"], text=case["body"]
        )
    )

    with pytest.raises(getattr(errors, case["error"])):
        client.sites()


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "prices_current_30min_next12",
        "prices_current_5min_next12_confirmed",
        "prices_current_5min_next12_estimate",
        "prices_current_5min_prev2_next2",
        "prices_history_edge_cases_5min",
    ],
)
def test_shared_price_samples_lose_no_row(name: str) -> None:
    rows = read(SHARED / f"samples/{name}.json")

    answer = current(rows, at=None)

    told = [row for row in rows if row["type"] != "ForecastInterval"]
    assert len(answer.prices) == len(told)
    for price, row in zip(answer.prices, told, strict=True):
        assert_same(price, row)
    points = sum(len(forecast.points) for forecast in answer.forecasts)
    assert points == len(rows) - len(told)


@needs_shared
def test_shared_usage_samples_lose_no_row() -> None:
    for name in ("usage_5min_subset", "usage_30min_full_day_2025-10-05_dst_start"):
        rows = read(SHARED / f"samples/{name}.json")
        for reading, row in zip(readings(rows), rows, strict=True):
            assert_same_reading(reading, row)


@needs_shared
def test_shared_site_samples_are_read() -> None:
    for name in ("sites", "sites_30min_import_only"):
        rows = read(SHARED / f"samples/{name}.json")
        sites = client_hearing(rows).sites()
        assert [site.site_id for site in sites] == [row["id"] for row in rows]
        assert [len(s.channels) for s in sites] == [len(r["channels"]) for r in rows]


@needs_shared
def test_shared_errors_are_sorted_and_their_dates_believed() -> None:
    for case in read(SHARED / "samples/responses_with_headers.json"):
        if case["status"] == 200:
            continue
        body = case["body"]
        text = body if isinstance(body, str) else json.dumps(body)
        answer = httpx.Response(case["status"], headers=case["headers"], text=text)
        answer.headers.pop("Content-Length", None)
        client = amber_client(partial(_same, answer))

        with pytest.raises(errors.SourceError):
            client.sites()
        if "Date" in case["headers"]:
            assert client.now() == parsedate_to_datetime(case["headers"]["Date"])


@needs_shared
def test_every_real_price_of_half_a_year_is_what_amber_said() -> None:
    rows = list(real_rows("prices"))

    prices = [price for week in weeks(rows) for price in history(week)]

    assert len(prices) == len(rows) == 19_579
    for price, row in zip(prices, rows, strict=True):
        assert_same(price, row)


@needs_shared
def test_every_real_reading_of_three_months_is_what_amber_said() -> None:
    rows = list(real_rows("usage"))

    found = [reading for week in weeks(rows) for reading in readings(week)]

    assert len(found) == len(rows) == 9_500
    for reading, row in zip(found, rows, strict=True):
        assert_same_reading(reading, row)


def real_rows(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt") as lines:
        for line in lines:
            yield json.loads(line)


def weeks(rows: list[Row]) -> Iterator[list[Row]]:
    """As much as one answer may hold of a half-hourly home with two channels."""
    for first in range(0, len(rows), 7 * 48 * 2):
        yield rows[first : first + 7 * 48 * 2]


def assert_same(price: Price, row: Row) -> None:
    assert price.channel is CHANNEL[row["channelType"]]
    turned = SIGN[row["channelType"]] * row["perKwh"]
    assert abs(price.c_per_kwh - turned) <= 1e-12
    assert price.spot_c_per_kwh == row["spotPerKwh"]
    assert price.end == datetime.fromisoformat(row["endTime"])
    assert price.duration_minutes == row["duration"]
    # Amber's own stamps agree: the late start, and the NEM date of the start.
    late = datetime.fromisoformat(row["startTime"]) - price.start
    assert late == timedelta(seconds=1)
    assert (price.start + timedelta(hours=10)).date().isoformat() == row["date"]


def assert_same_reading(reading: MeterReading, row: Row) -> None:
    assert reading.channel is CHANNEL[row["channelType"]]
    assert reading.register == row["channelIdentifier"]
    assert reading.kwh == abs(row["kwh"])
    assert reading.end == datetime.fromisoformat(row["endTime"])
    assert reading.duration_minutes == row["duration"]
    assert (reading.quality is Quality.ACTUAL) == (row["quality"] == "billable")
    assert reading.c_per_kwh is not None
    assert abs(reading.c_per_kwh - SIGN[row["channelType"]] * row["perKwh"]) <= 1e-12
    assert reading.amount_aud is not None
    turned_aud = SIGN[row["channelType"]] * row["cost"] / 100
    assert abs(reading.amount_aud - turned_aud) <= 1e-12


def _same(answer: httpx.Response, _request: httpx.Request) -> httpx.Response:
    return answer
