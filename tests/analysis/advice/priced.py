"""Half-hours with prices, for advice that can be worked out by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.price import Channel, Price, Quality

SYDNEY = ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 12:00 pm in Sydney, UTC+11
MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE
HOUR = 60 * MINUTE


def half_hours(
    *prices: float | None, start: datetime = NOON
) -> tuple[ForecastPoint, ...]:
    """One after the other; `None` is a hole."""
    return tuple(
        ForecastPoint(start + number * HALF_HOUR, 30, price)
        for number, price in enumerate(prices)
        if price is not None
    )


def final_prices(
    *c_per_kwh: float | None,
    start: datetime = NOON,
    quality: Quality = Quality.ACTUAL,
) -> list[Price]:
    """One half-hour after the other; `None` is a hole."""
    return [
        Price(Channel.GENERAL, start + number * HALF_HOUR, 30, price, quality)
        for number, price in enumerate(c_per_kwh)
        if price is not None
    ]
