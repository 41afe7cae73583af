"""Mean prices of runs; what has no price has no mean."""

import numpy as np
import pytest
from tests.analysis.advice.priced import HALF_HOUR, HOUR, MINUTE, NOON, half_hours

from home_energy.analysis.advice.priced_time import PricedTime
from home_energy.domain.forecast import ForecastPoint


def _priced(*points: ForecastPoint) -> PricedTime:
    return PricedTime.of(points, [point.c_per_kwh for point in points])


def test_a_run_has_the_mean_of_its_prices_by_length() -> None:
    priced = _priced(*half_hours(40.0, 10.0))

    # From 12:10 for 30 minutes: 20 at 40 and 10 at 10, 900 / 30.
    assert priced.run_from(NOON + 10 * MINUTE, HALF_HOUR) == pytest.approx(30)
    assert priced.run_from(NOON, HOUR) == pytest.approx(25)


@pytest.mark.parametrize(
    ("start_minute", "run_minutes"),
    [(-1, 30), (0, 31), (15, 30), (30, 30), (45, 30), (61, 30), (-90, 30), (300, 5)],
)
def test_a_run_that_reaches_what_has_no_price_has_none(
    start_minute: int, run_minutes: int
) -> None:
    priced = _priced(*half_hours(40.0, None, 10.0))

    start = NOON + start_minute * MINUTE
    assert priced.run_from(start, run_minutes * MINUTE) is None


def test_of_what_overlaps_the_first_counts() -> None:
    inside = ForecastPoint(NOON + 5 * MINUTE, 5, 99.0)
    over = ForecastPoint(NOON + 15 * MINUTE, 30, 20.0)

    priced = _priced(*half_hours(40.0), inside, over)

    assert priced.run_from(NOON, HALF_HOUR) == pytest.approx(40)
    assert priced.run_from(NOON + HALF_HOUR, 15 * MINUTE) == pytest.approx(20)


def test_without_prices_nothing_has_a_price() -> None:
    starts_s = np.array([NOON.timestamp()] * 2)

    assert np.isnan(_priced().run_c_per_kwh(starts_s, HALF_HOUR)).all()
