"""Prices and forecasts with round numbers, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel, Price, PriceContext, Quality

NOON = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)  # 12:00 NEM time
FIVE_MINUTES = timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)


def sample_price(
    c_per_kwh: float = 30.0,
    start: datetime = NOON,
    quality: Quality = Quality.ACTUAL,
    duration_minutes: int = 5,
    context: PriceContext = PriceContext(),  # noqa: B008 - frozen
) -> Price:
    return Price(
        channel=Channel.GENERAL,
        start=start,
        duration_minutes=duration_minutes,
        c_per_kwh=c_per_kwh,
        quality=quality,
        context=context,
    )


def half_hours(
    values_c_per_kwh: Sequence[float | None], start: datetime
) -> tuple[ForecastPoint, ...]:
    """Consecutive half-hours; `None` is a hole."""
    return tuple(
        ForecastPoint(start + i * HALF_HOUR, 30, value)
        for i, value in enumerate(values_c_per_kwh)
        if value is not None
    )


def forecast_of(
    values_c_per_kwh: Sequence[float | None], start: datetime = NOON + FIVE_MINUTES
) -> Forecast:
    return Forecast(Channel.GENERAL, NOON, half_hours(values_c_per_kwh, start))
