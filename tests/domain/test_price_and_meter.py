"""Prices and readings that cannot be are refused at birth."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.domain.sample_prices import NOON, sample_price

from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.errors import DataError

NOT_NUMBERS = [float("nan"), float("inf"), float("-inf")]


def _reading(
    kwh: float = 1.0, start: datetime = NOON, minutes: int = 5, **more: float
) -> MeterReading:
    return MeterReading(
        Channel.FEED_IN, "B1", start, minutes, kwh, Quality.ACTUAL, **more
    )


def test_price_ends_after_its_duration() -> None:
    assert sample_price(duration_minutes=30).end == NOON + timedelta(minutes=30)


@pytest.mark.parametrize("c_per_kwh", [-100.0, 0.0, 2030.0])
def test_price_may_be_negative_zero_or_at_the_cap(c_per_kwh: float) -> None:
    assert sample_price(c_per_kwh).c_per_kwh == c_per_kwh


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_price_must_be_a_number(value: float) -> None:
    with pytest.raises(DataError, match="must be a number"):
        sample_price(value)
    with pytest.raises(DataError, match="must be a number"):
        Price(Channel.GENERAL, NOON, 5, 30.0, Quality.ACTUAL, spot_c_per_kwh=value)


@pytest.mark.parametrize("minutes", [0, -5])
def test_interval_must_have_a_length(minutes: int) -> None:
    with pytest.raises(DataError, match="duration_minutes must be positive"):
        sample_price(duration_minutes=minutes)
    with pytest.raises(DataError, match="duration_minutes must be positive"):
        _reading(minutes=minutes)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2025, 6, 10),  # noqa: DTZ001 - what must be refused
        datetime(2025, 6, 10, tzinfo=timezone(timedelta(hours=10))),
    ],
)
def test_start_must_be_utc(start: datetime) -> None:
    with pytest.raises(DataError, match="aware UTC"):
        sample_price(start=start)
    with pytest.raises(DataError, match="aware UTC"):
        _reading(start=start)


def test_reading_is_never_negative() -> None:
    assert _reading(0.0).kwh == 0.0
    with pytest.raises(DataError, match="direction belongs to the channel"):
        _reading(-0.001)


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_reading_must_be_a_number(value: float) -> None:
    with pytest.raises(DataError):
        _reading(value)
    with pytest.raises(DataError, match="must be a number"):
        _reading(c_per_kwh=value)
    with pytest.raises(DataError, match="must be a number"):
        _reading(amount_aud=value)


def test_reading_ends_after_its_duration() -> None:
    assert _reading(minutes=30).end == datetime(2025, 6, 10, 2, 30, tzinfo=UTC)


def test_quality_is_an_order() -> None:
    assert Quality.FORECAST < Quality.ESTIMATE < Quality.SUBSTITUTE < Quality.ACTUAL


@pytest.mark.parametrize(
    ("word", "is_spike"),
    [("spike", True), ("potential", False), ("none", False), (None, False)],
)
def test_only_a_spike_that_happens_is_a_spike(
    word: str | None, *, is_spike: bool
) -> None:
    assert PriceContext(spike_status=word).is_spike is is_spike
