"""A recording told again: exactly, with its gaps, and without tomorrow's newspaper."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.market import time_fields
from home_energy.demo.recording import RecordedRow, read_recording
from home_energy.demo.replay import SITE_ID, ReplayMarket
from home_energy.errors import DataError

REAL_FOLDER = Path(__file__).parents[3] / "shared" / "data" / "amber"
HALF_HOUR = timedelta(minutes=30)
BEGIN = datetime(2025, 3, 1, 14, tzinfo=UTC)  # midnight NEM, 2 March


def row_at(start: datetime, spot: float, **changes: Any) -> RecordedRow:
    minutes = changes.get("duration", 30)
    wire = {
        "type": "ActualInterval",
        **time_fields(start, minutes),
        "perKwh": round(spot + 10, 5),
        "renewables": 40.0,
        "spotPerKwh": spot,
        "channelType": "general",
        "spikeStatus": "none",
        "tariffInformation": {"period": "offPeak"},
        "descriptor": "low",
    } | changes
    return RecordedRow(start, start + timedelta(minutes=minutes), wire)


def nine_days() -> list[RecordedRow]:
    """Half-hours whose spot is 100 x day + half-hour of the day."""
    return [
        row_at(BEGIN + k * HALF_HOUR, 100.0 * (k // 48) + k % 48) for k in range(9 * 48)
    ]


def at_day(day: int, hours: float) -> datetime:
    return BEGIN + timedelta(days=day, hours=hours)


def test_history_is_the_recorded_rows() -> None:
    rows = nine_days()
    market = ReplayMarket(rows)

    given = market.final_rows("general", at_day(1, 0), at_day(2, 0), 30)

    assert given == [row.wire for row in rows[48:96]]
    assert all(one is other.wire for one, other in zip(given, rows[48:], strict=False))


def test_missing_intervals_stay_missing() -> None:
    rows = nine_days()
    gap = rows.pop(60)
    market = ReplayMarket(rows)

    given = market.final_rows("general", at_day(1, 0), at_day(2, 0), 30)

    assert len(given) == 47
    assert gap.wire not in given


def test_order_of_the_file_does_not_matter() -> None:
    rows = nine_days()

    backwards = ReplayMarket(reversed(rows))

    given = backwards.final_rows("general", at_day(0, 0), at_day(9, 0), 30)
    assert given == [row.wire for row in rows]


def test_site_is_made_of_the_rows() -> None:
    start = at_day(0, 0)
    usage = row_at(
        start, 5.0, type="Usage", channelType="feedIn", channelIdentifier="B9"
    )
    five = [row_at(start + timedelta(minutes=30), 1.0, duration=5)]
    feed_in = [row_at(start, 5.0, channelType="feedIn")]

    market = ReplayMarket([*nine_days(), usage, *five, *feed_in])

    (site,) = market.sites()
    assert site["intervalLength"] == 30  # the commonest
    assert [(c["identifier"], c["type"]) for c in site["channels"]] == [
        ("E1", "general"),
        ("B9", "feedIn"),
    ]
    assert site["activeFrom"] == "2025-03-02"
    assert market.channels == ("general", "feedIn")
    assert market.span == (at_day(0, 0), at_day(9, 0))


def test_forecast_is_the_median_of_seven_days() -> None:
    market = ReplayMarket(nine_days())

    rows = market.forecast_rows("general", at_day(8, 12), 30)

    # 13:00 of day 8, half-hour 26, from days 1 to 7: 126 to 726, median 426.
    row = rows[1]
    assert row["type"] == "ForecastInterval"
    assert row["endTime"] == "2025-03-10T03:30:00Z"
    assert (row["spotPerKwh"], row["perKwh"]) == (426.0, 436.0)
    assert row["range"] == {"min": 126.0, "max": 726.0}
    assert row["advancedPrice"] == {"low": 236.0, "predicted": 436.0, "high": 636.0}
    assert row["tariffInformation"] == {"period": "offPeak"}


def test_forecast_band_runs_with_spot_on_feed_in() -> None:
    rows = [
        row_at(
            BEGIN + k * HALF_HOUR, 10.0 * (k // 48), channelType="feedIn", perKwh=-spot
        )
        for k, spot in ((k, 9.0 * (k // 48)) for k in range(9 * 48))
    ]
    rows += nine_days()

    row = ReplayMarket(rows).forecast_rows("feedIn", at_day(8, 12), 30)[1]

    band = row["advancedPrice"]
    assert band["low"] > band["predicted"] > band["high"]


def test_half_hour_forecasts_change_only_each_half_hour() -> None:
    market = ReplayMarket(nine_days())

    first = market.forecast_rows("general", at_day(8, 12), 30)
    same = market.forecast_rows("general", at_day(8, 12.49), 30)
    later = market.forecast_rows("general", at_day(8, 12.5), 30)

    assert same == first
    # From 12:30 the horizon is a day further; the days before are still the same.
    assert later[: len(first) - 1] == first[1:]
    assert len(later) == len(first) - 1 + 48


def shown_at(market: ReplayMarket, at: datetime) -> list[Any]:
    """Everything that is shown at an instant and not yet recorded."""
    running = at - (at - BEGIN) % HALF_HOUR
    return [
        market.estimate_row("general", running, 30, at),
        *market.forecast_rows("general", at, 30),
    ]


def changed(
    rows: Iterable[RecordedRow], is_changed: Callable[[RecordedRow], bool]
) -> list[RecordedRow]:
    return [
        row_at(row.start, -777.0, descriptor="spike") if is_changed(row) else row
        for row in rows
    ]


@pytest.mark.parametrize("hours", [0.0, 0.4, 3.0, 12.0, 12.49, 23.9])
def test_nothing_shown_depends_on_later_rows(hours: float) -> None:
    at = at_day(7, hours)
    rows = nine_days()
    true, other = (
        ReplayMarket(rows),
        ReplayMarket(changed(rows, lambda row: row.end > at)),
    )
    cut = ReplayMarket([row for row in rows if row.end <= at])

    shown = shown_at(true, at)

    assert len(shown) > 30
    assert shown_at(other, at) == shown
    assert shown_at(cut, at) == shown


def test_what_is_shown_does_depend_on_earlier_rows() -> None:
    at = at_day(7, 12)
    rows = nine_days()
    other = ReplayMarket(changed(rows, lambda row: row.end <= at))

    assert shown_at(other, at) != shown_at(ReplayMarket(rows), at)


def test_estimate_repeats_the_newest_confirmed_price() -> None:
    market = ReplayMarket(nine_days())

    row = market.estimate_row("general", at_day(8, 12), 30, at_day(8, 12.01))

    assert row is not None
    assert (row["type"], row["estimate"]) == ("CurrentInterval", True)
    assert row["spotPerKwh"] == 823.0  # day 8, half-hour 23
    assert row["endTime"] == "2025-03-10T02:30:00Z"


def test_estimate_after_a_long_gap_is_the_forecast() -> None:
    rows = [row for row in nine_days() if row.start < at_day(8, 9)]
    market = ReplayMarket(rows)

    row = market.estimate_row("general", at_day(8, 12), 30, at_day(8, 12.01))

    assert row is not None
    assert row["spotPerKwh"] == 424.0  # median of half-hour 24 of days 1 to 7


def test_long_after_the_recording_nothing_is_shown() -> None:
    market = ReplayMarket(nine_days())

    assert market.estimate_row("general", at_day(30, 0), 30, at_day(30, 0)) is None
    assert market.forecast_rows("general", at_day(30, 0), 30) == []


def test_five_minute_recording_has_five_minute_rows_first() -> None:
    five = timedelta(minutes=5)
    rows = [row_at(BEGIN + k * five, float(k % 288), duration=5) for k in range(2000)]
    market = ReplayMarket(rows)

    forecast = market.forecast_rows("general", at_day(5, 12.01), 5)

    durations = [row["duration"] for row in forecast]
    assert durations[:11] == [5] * 11  # 12:05 to 13:00
    assert set(durations[11:]) == {30}
    assert market.interval_minutes == 5


def test_usage_is_as_recorded_once_it_has_arrived() -> None:
    usage = row_at(at_day(0, 0), 5.0, type="Usage", kwh=0.18, channelIdentifier="E1")
    market = ReplayMarket([*nine_days(), usage])
    day = date(2025, 3, 2)

    assert market.usage_rows("general", day, at_day(1, 2.9)) == []
    assert market.usage_rows("general", day, at_day(1, 7.1)) == [usage.wire]
    assert market.usage_rows("general", date(2025, 3, 3), at_day(3, 0)) == []


def test_recording_without_prices_is_refused() -> None:
    usage = row_at(at_day(0, 0), 5.0, type="Usage", kwh=0.18)

    with pytest.raises(DataError, match="no ActualInterval rows"):
        ReplayMarket([usage])


@pytest.fixture(scope="module")
def real() -> ReplayMarket:
    if not REAL_FOLDER.exists():
        pytest.skip("the real recording is not on this machine: ../shared/data/amber")
    names = ("prices.jsonl.gz", "usage.jsonl.gz")
    return ReplayMarket.from_files([REAL_FOLDER / name for name in names])


def test_real_recording_is_served_to_the_last_digit(real: ReplayMarket) -> None:
    clock = SteppedClock(datetime(2025, 1, 20, tzinfo=UTC))
    client = create_amber_app(real, clock, token="t").test_client()
    auth = {"Authorization": "Bearer t"}
    served: list[dict[str, Any]] = []
    first = date(2024, 6, 24)

    while first <= date(2025, 1, 13):
        last = first + timedelta(days=6)
        path = f"/v1/sites/{SITE_ID}/prices?startDate={first}&endDate={last}"
        response = client.get(path, headers=auth)
        served += [
            row for row in response.get_json() if row["type"] == "ActualInterval"
        ]
        first += timedelta(days=7)
        clock.advance(10)

    recorded = [row.wire for row in read_recording(REAL_FOLDER / "prices.jsonl.gz")]
    assert len(served) == len(recorded) == 19_579
    assert sorted(map(json.dumps, served)) == sorted(map(json.dumps, recorded))


def test_real_recording_keeps_its_gaps(real: ReplayMarket) -> None:
    start, end = real.span
    count = (end - start) // HALF_HOUR

    for channel, missing in (("general", 2), ("controlledLoad", 3)):
        assert len(real.final_rows(channel, start, end, 30)) == count - missing


def test_real_site(real: ReplayMarket) -> None:
    (site,) = real.sites()

    assert site["intervalLength"] == 30
    assert [channel["type"] for channel in site["channels"]] == [
        "general",
        "controlledLoad",
    ]


def test_real_usage_of_a_day(real: ReplayMarket) -> None:
    rows = real.usage_rows(
        "general", date(2024, 10, 7), datetime(2024, 10, 8, tzinfo=UTC)
    )

    assert len(rows) == 48
    assert (rows[0]["kwh"], rows[0]["cost"]) == (0.18, 4.0057)
