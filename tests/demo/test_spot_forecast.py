"""Forecasts of the synthetic spot price: how far, how often, how well."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.demo.spot_forecast import (
    SpotForecaster,
    five_minute_end,
    horizon,
    likeness,
)
from home_energy.demo.spot_model import SpotModel

NOW = datetime(2025, 6, 17, 6, 20, 7, tzinfo=UTC)  # 16:20 NEM


@pytest.fixture
def forecaster() -> SpotForecaster:
    return SpotForecaster(SpotModel(0))


@pytest.mark.parametrize(
    ("issued_at", "end"),
    [  # NEM time of issue; end is 04:00 NEM = 18:00 UTC of the day before
        ("2025-06-17T02:00:00Z", "2025-06-17T18:00:00Z"),  # 12:00: 16 h
        ("2025-06-17T02:30:00Z", "2025-06-18T18:00:00Z"),  # 12:30: 39.5 h
        ("2025-06-17T15:00:00Z", "2025-06-18T18:00:00Z"),  # 01:00 on the 18th: 27 h
        ("2025-06-16T18:00:00Z", "2025-06-17T18:00:00Z"),  # 04:00: 24 h
    ],
)
def test_horizon_is_the_end_of_a_trading_day(issued_at: str, end: str) -> None:
    assert horizon(datetime.fromisoformat(issued_at)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("minute", "end_hour", "end_minute"),
    [(0, 7, 0), (5, 7, 0), (25, 7, 0), (30, 7, 30), (55, 7, 30)],
)
def test_five_minute_rows_end_at_a_half_hour_within_the_hour(
    minute: int, end_hour: int, end_minute: int
) -> None:
    boundary = datetime(2025, 6, 17, 6, minute, tzinfo=UTC)

    end = five_minute_end(boundary)

    assert end == datetime(2025, 6, 17, end_hour, end_minute, tzinfo=UTC)


def test_half_hours_run_from_the_next_one_to_the_horizon(
    forecaster: SpotForecaster,
) -> None:
    forecast = forecaster.half_hours(NOW)

    assert forecast.start == datetime(2025, 6, 17, 6, 30, tzinfo=UTC)
    end = forecast.start + forecast.c_per_kwh.size * forecast.step
    assert end == datetime(2025, 6, 18, 18, 0, tzinfo=UTC)


def test_half_hours_change_only_each_half_hour(forecaster: SpotForecaster) -> None:
    other = SpotForecaster(SpotModel(0))

    first = forecaster.half_hours(NOW)
    same_issue = other.half_hours(NOW + timedelta(minutes=9))
    next_issue = other.half_hours(NOW + timedelta(minutes=10))

    np.testing.assert_array_equal(first.c_per_kwh, same_issue.c_per_kwh)
    assert next_issue.start == first.start + timedelta(minutes=30)
    count = next_issue.c_per_kwh.size
    assert not np.array_equal(first.c_per_kwh[1 : count + 1], next_issue.c_per_kwh)


def test_band_holds_the_forecast(forecaster: SpotForecaster) -> None:
    forecast = forecaster.half_hours(NOW)

    assert np.all(forecast.low_c_per_kwh <= forecast.c_per_kwh)
    assert np.all(forecast.c_per_kwh <= forecast.high_c_per_kwh)


def test_likeness_falls_with_lead() -> None:
    like = likeness(np.array([0.0, 1.0, 12.0, 40.0]))

    # 0.99; 0.97; 0.97 exp(-11/70) = 0.829; 0.97 exp(-39/70) = 0.556
    np.testing.assert_allclose(like, [0.99, 0.97, 0.829, 0.556], atol=1e-3)


def test_error_grows_with_lead(forecaster: SpotForecaster) -> None:
    model = SpotModel(0)
    near, far = [], []
    for day in range(60):
        issue = datetime(2025, 3, 1, 3, tzinfo=UTC) + timedelta(days=day)
        forecast = forecaster.half_hours(issue)
        scores = model.scores(forecast.start, forecast.c_per_kwh.size * 6)
        truth = model.price(forecast.start, timedelta(minutes=5), scores)
        error = np.abs(truth.reshape(-1, 6).mean(axis=1) - forecast.c_per_kwh)
        near.append(error[:4])
        far.append(error[-8:])

    # Medians, for a mean would hang on single spikes. [c/kWh]
    assert 0 < np.median(near) < 0.7 * np.median(far)


def test_estimate_is_close_most_of_the_time_and_far_off_at_times(
    forecaster: SpotForecaster,
) -> None:
    model = SpotModel(0)
    start = datetime(2025, 3, 1, tzinfo=UTC)
    step = timedelta(minutes=5)
    truth = model.price(start, step, model.scores(start, 2000))

    estimates = [forecaster.estimate(start + k * step) for k in range(2000)]

    error = np.abs(truth - estimates)
    assert np.median(error) < 1.0
    assert np.quantile(error, 0.995) > 5.0
