"""What holds of the verdict for any prices."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.sample_prices import (
    FIVE_MINUTES,
    HALF_HOUR,
    NOON,
    forecast_of,
    sample_price,
)

from home_energy.domain.forecast import ForecastPoint
from home_energy.domain.price import PriceContext, Quality
from home_energy.domain.verdict import Decision, PriceLevels, cheapest_run, decide

TEN_MINUTES = timedelta(minutes=10)
_VALUES = st.lists(st.floats(-50, 300), min_size=1, max_size=30)


def _mixed_points(values: list[float], five_count: int) -> list[ForecastPoint]:
    """Five-minute points, then half-hours, without a hole."""
    points: list[ForecastPoint] = []
    cursor = NOON
    for i, value in enumerate(values):
        minutes = 5 if i < five_count else 30
        points.append(ForecastPoint(cursor, minutes, value))
        cursor = points[-1].end
    return points


def _mean_by_minute(
    points: list[ForecastPoint], start: datetime, end: datetime
) -> float | None:
    """Mean price, minute by minute; `None` when a minute is unknown."""
    total_c, moment = 0.0, start
    while moment < end:
        known = [p.c_per_kwh for p in points if p.start <= moment < p.end]
        if not known:
            return None
        total_c += known[0]
        moment += timedelta(minutes=1)
    return total_c / 60


@given(values=_VALUES, five_count=st.integers(0, 8), data=st.data())
def test_dropping_forecast_points_never_makes_an_hour_cheaper(
    values: list[float], five_count: int, data: st.DataObject
) -> None:
    points = _mixed_points(values, five_count)
    whole = cheapest_run(points, NOON)
    kept = data.draw(st.lists(st.sampled_from(points), unique=True))
    left = sorted(kept, key=lambda point: point.start)

    part = cheapest_run(left, NOON)

    if part is not None:
        assert whole is not None
        assert part.c_per_kwh >= whole.c_per_kwh
        # Never an average over a gap: each minute of it is known.
        mean = _mean_by_minute(left, part.start, part.end)
        assert mean is not None
        assert abs(mean - part.c_per_kwh) < 1e-9  # c/kWh, sums of 60 floats


_ANSWERS = st.tuples(
    st.integers(1, 12 * 60),  # seconds since the answer before
    st.one_of(st.floats(-20, 120), st.sampled_from([20.0, 21.0, 38.4, 40.0])),
    st.sampled_from([Quality.ESTIMATE, Quality.ACTUAL]),
    st.sampled_from(["none", "none", "none", "spike"]),
    st.sampled_from([PriceLevels(20.0, 40.0), PriceLevels(22.0, 35.0), None]),
    st.sampled_from([None, [5.0] * 24, [60.0] * 24]),
    st.sampled_from(["veryLow", "neutral", "high", "aWordOfNextYear"]),
)


@given(answers=st.lists(_ANSWERS, min_size=2, max_size=80))
def test_verdict_never_turns_twice_in_ten_minutes_unless_urgent(
    answers: list[
        tuple[
            int, float, Quality, str, PriceLevels | None, list[float | None] | None, str
        ]
    ],
) -> None:
    now = NOON
    decision: Decision | None = None
    turned_at: datetime | None = None
    for seconds, c_per_kwh, quality, spike, levels, coming, word in answers:
        now += timedelta(seconds=seconds)
        start = NOON + (now - NOON) // FIVE_MINUTES * FIVE_MINUTES
        context = PriceContext(descriptor=word, spike_status=spike)
        price = sample_price(c_per_kwh, start, quality, context=context)
        forecast = None if coming is None else forecast_of(coming, price.end)
        new = decide(decision, price, now, levels, forecast)
        if new is None:
            continue
        if decision is not None and new.verdict is not decision.verdict:
            is_urgent = spike == "spike" or c_per_kwh >= 100
            assert turned_at is None or now - turned_at >= TEN_MINUTES or is_urgent
            assert (
                is_urgent
                or quality is Quality.ACTUAL
                or now - start >= timedelta(seconds=90)
                or now - decision.decided_at > HALF_HOUR
            )
            turned_at = now
        decision = new
