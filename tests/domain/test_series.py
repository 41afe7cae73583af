"""Values on a regular axis: what fits, what is refused, and other steps."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.series import (
    EnergySeries,
    PriceSeries,
    read_only,
    require_same_grid,
    starts_utc,
)
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

START = datetime(2025, 3, 1, tzinfo=UTC)
FIVE = timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)
NAN = float("nan")


def _energy(*kwh: float, step: timedelta = FIVE) -> EnergySeries:
    return EnergySeries(TimeGrid(START, step, len(kwh)), np.array(kwh))


def _price(*c_per_kwh: float, step: timedelta = FIVE) -> PriceSeries:
    return PriceSeries(TimeGrid(START, step, len(c_per_kwh)), np.array(c_per_kwh))


def test_starts_are_in_utc() -> None:
    # 14:00 UTC is the market's midnight.
    grid = TimeGrid(datetime(2025, 2, 28, 14, tzinfo=UTC), HALF_HOUR, 3)

    assert starts_utc(grid).tolist() == [
        datetime(2025, 2, 28, 14, 0),  # noqa: DTZ001 - NumPy's times have no zone
        datetime(2025, 2, 28, 14, 30),  # noqa: DTZ001
        datetime(2025, 2, 28, 15, 0),  # noqa: DTZ001
    ]


def test_half_hour_of_energy_is_the_sum_of_its_parts() -> None:
    series = _energy(0.1, 0.2, 0.3, 0.0, 0.0, 0.4, *(0.5,) * 6)

    half_hours = series.at_step(HALF_HOUR)

    # 0.1 + 0.2 + 0.3 + 0.4 = 1.0 and 6 x 0.5 = 3.0; sums of doubles: 1e-12
    assert half_hours.kwh == pytest.approx([1.0, 3.0], abs=1e-12)
    assert half_hours.grid == TimeGrid(START, HALF_HOUR, 2)


def test_energy_is_shared_evenly_over_shorter_intervals() -> None:
    assert _energy(0.6, step=HALF_HOUR).at_step(FIVE).kwh == pytest.approx([0.1] * 6)


def test_a_longer_interval_with_a_missing_part_is_missing() -> None:
    energy = _energy(0.1, NAN, *(0.1,) * 10).at_step(HALF_HOUR)
    price = _price(10.0, NAN, *(10.0,) * 10).at_step(HALF_HOUR)

    assert energy.missing_count == 1
    assert np.isnan(energy.kwh[0])
    assert energy.kwh[1] == pytest.approx(0.6)
    assert np.isnan(price.c_per_kwh[0])
    assert price.c_per_kwh[1] == pytest.approx(10.0)
    assert price.missing_count == 1


def test_price_of_a_longer_interval_is_the_mean_and_of_a_shorter_the_same() -> None:
    # (10 + 10 + 10 + 10 + 10 + 40) / 6 = 15
    assert _price(10, 10, 10, 10, 10, 40).at_step(HALF_HOUR).c_per_kwh == [15.0]
    assert list(_price(-3.5, step=HALF_HOUR).at_step(FIVE).c_per_kwh) == [-3.5] * 6


@pytest.mark.parametrize("minutes", [7, 0, -5])
def test_a_step_that_does_not_fit_is_refused(minutes: int) -> None:
    with pytest.raises(AlignmentError, match="no multiple or whole part"):
        _energy(*(0.1,) * 6).at_step(timedelta(minutes=minutes))


def test_values_must_fit_their_axis() -> None:
    grid = TimeGrid(START, FIVE, 3)

    with pytest.raises(AlignmentError, match=r"EnergySeries .* \(2,\) for 3 intervals"):
        EnergySeries(grid, np.zeros(2))
    with pytest.raises(AlignmentError, match="PriceSeries"):
        PriceSeries(grid, np.zeros((3, 1)))


def test_energy_is_never_negative_and_the_place_is_named() -> None:
    with pytest.raises(DataError, match=r"got -0\.25 at 2025-03-01 00:05:00\+00:00"):
        _energy(0.1, -0.25)


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(DataError, match="infinite"):
        _price(float("inf"))


def test_what_was_given_can_change_without_changing_the_series() -> None:
    given = np.array([1.0, 2.0])

    series = EnergySeries(TimeGrid(START, FIVE, 2), given)
    given[0] = 9.0

    assert list(series.kwh) == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        series.kwh[0] = 9.0


def test_values_that_nobody_can_change_are_not_copied() -> None:
    kept = read_only(np.array([1.0]))

    assert read_only(kept) is kept


def test_two_axes_that_differ_do_not_go_together() -> None:
    grid = TimeGrid(START, FIVE, 3)

    require_same_grid(grid, TimeGrid(START, FIVE, 3), "load and solar")
    with pytest.raises(AlignmentError, match="load and solar lie on different axes"):
        require_same_grid(grid, TimeGrid(START + FIVE, FIVE, 3), "load and solar")
