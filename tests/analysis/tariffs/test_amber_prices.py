"""Recorded where known, else rebuilt, else refused: never a guess."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.analysis.tariffs.amber_homes import (
    SYDNEY,
    as_rows,
    feed_in_prices,
    half_hours,
    import_prices,
)

from home_energy.analysis.tariffs.amber_fit import fit_amber
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.domain.price import Channel
from home_energy.domain.price_rows import PriceRows, place_prices
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

GENERAL, FEED_IN = Channel.GENERAL, Channel.FEED_IN
HALF_HOUR, FIVE_MINUTES = timedelta(minutes=30), timedelta(minutes=5)
STARTS = half_hours(date(2026, 2, 1), date(2026, 2, 28))
PRICES = import_prices(STARTS)
FIT = fit_amber(as_rows(PRICES + feed_in_prices(STARTS)), SYDNEY)
GRID = TimeGrid(STARTS[0], HALF_HOUR, 96)
SPOT = PriceSeries(GRID, np.array([p.spot_c_per_kwh for p in PRICES[:96]]))


def recorded(prices: list[float], grid: TimeGrid = GRID) -> PriceSeries:
    values = np.full(grid.count, np.nan)
    values[: len(prices)] = prices
    return PriceSeries(grid, values)


def test_the_record_stands_where_there_is_one_and_the_rest_is_rebuilt() -> None:
    prices = AmberPrices({GENERAL: recorded([111.0] * 24)}, FIT)

    series = prices.on(GRID, GENERAL, SPOT)

    assert series.c_per_kwh[:24].tolist() == [111.0] * 24  # unlike any rebuilt price
    expected = [price.c_per_kwh for price in PRICES[24:96]]
    assert series.c_per_kwh[24:] == pytest.approx(expected, abs=1e-5)
    assert prices.rebuilt_fraction(GRID, GENERAL) == 0.75  # 72 of 96
    assert prices.rebuilt_minutes(GRID, GENERAL) == 72 * 30


def test_rebuilt_feed_in_is_positive_when_the_household_is_paid() -> None:
    spot = PriceSeries(GRID, np.full(96, 11.0))

    series = AmberPrices({}, FIT).on(GRID, FEED_IN, spot)

    # Midnight: 1.07145 x 11 / 1.1 = 10.7145, and no charge in the night.
    assert series.c_per_kwh[0] == pytest.approx(10.7145, abs=1e-6)


def test_a_complete_record_needs_neither_fit_nor_spot() -> None:
    prices = AmberPrices({GENERAL: recorded([30.0] * 96)}, None)

    assert prices.on(GRID, GENERAL, None).c_per_kwh.tolist() == [30.0] * 96
    assert prices.rebuilt_fraction(GRID, GENERAL) == 0.0


def test_a_half_hour_that_is_half_on_record_has_the_rebuilt_rest_in_its_mean() -> None:
    fine = TimeGrid(GRID.start, FIVE_MINUTES, 12)
    half_known = [40.0] * 3 + [np.nan] * 3 + [50.0] * 6
    grid = TimeGrid(GRID.start, HALF_HOUR, 2)
    spot = PriceSeries(grid, np.array([10.0, 10.0]))

    series = AmberPrices({GENERAL: recorded(half_known, fine)}, FIT).on(
        grid, GENERAL, spot
    )

    # Midnight is off-peak: 10.7145 + 16.1713 = 26.8858; (40 + 26.8858) / 2 = 33.4429.
    assert series.c_per_kwh == pytest.approx([33.4429, 50.0], abs=1e-6)


def test_a_longer_record_holds_in_shorter_intervals_and_outside_it_is_rebuilt() -> None:
    known = TimeGrid(GRID.start + HALF_HOUR, HALF_HOUR, 1)
    fine = TimeGrid(GRID.start, FIVE_MINUTES, 18)
    spot = PriceSeries(fine, np.full(18, 10.0))
    prices = AmberPrices({GENERAL: recorded([40.0], known)}, FIT)

    series = prices.on(fine, GENERAL, spot)

    expected = [26.8858] * 6 + [40.0] * 6 + [26.8858] * 6
    assert series.c_per_kwh == pytest.approx(expected, abs=1e-6)
    assert prices.rebuilt_minutes(fine, GENERAL) == 60


@pytest.mark.parametrize(
    ("fit", "spot", "needed"),
    [(None, SPOT, "Amber rows to fit"), (FIT, None, "a spot price")],
)
def test_a_hole_that_cannot_be_rebuilt_is_refused(
    fit: object, spot: PriceSeries | None, needed: str
) -> None:
    prices = AmberPrices({GENERAL: recorded([30.0] * 90)}, fit)  # type: ignore[arg-type]

    with pytest.raises(DataError, match=f"6 intervals .* needs {needed}"):
        prices.on(GRID, GENERAL, spot)


def test_a_hole_without_a_spot_price_is_refused_and_named() -> None:
    values = np.array(SPOT.c_per_kwh)
    values[95] = np.nan
    prices = AmberPrices({GENERAL: recorded([30.0] * 90)}, FIT)

    with pytest.raises(DataError, match="1 of them no spot price either") as refused:
        prices.on(GRID, GENERAL, PriceSeries(GRID, values))

    assert f"{GRID.start + 95 * HALF_HOUR:%Y-%m-%d %H:%M} UTC" in str(refused.value)


def test_a_year_that_was_not_fitted_is_refused() -> None:
    grid = TimeGrid.calendar_year(2024, SYDNEY, HALF_HOUR)
    spot = PriceSeries(grid, np.full(grid.count, 10.0))

    with pytest.raises(DataError, match="2023-24, 2024-25 and charges change"):
        AmberPrices({}, FIT).on(grid, GENERAL, spot)


def test_a_spot_price_on_another_axis_is_refused() -> None:
    late = TimeGrid(GRID.start + HALF_HOUR, HALF_HOUR, 96)

    with pytest.raises(AlignmentError, match="different axes"):
        AmberPrices({}, FIT).on(GRID, GENERAL, PriceSeries(late, np.zeros(96)))


def test_a_record_off_the_axis_is_refused() -> None:
    odd = TimeGrid(GRID.start + timedelta(minutes=2), FIVE_MINUTES, 12)

    with pytest.raises(DataError, match="does not fall on the axis"):
        AmberPrices({GENERAL: recorded([30.0] * 12, odd)}, FIT).on(GRID, GENERAL, SPOT)


@pytest.mark.parametrize(("day", "hours"), [((2025, 10, 5), 23), ((2025, 4, 6), 25)])
def test_every_interval_of_a_clock_change_day_has_its_own_price(
    day: tuple[int, int, int], hours: int
) -> None:
    starts = half_hours(date(*day), date(*day), SYDNEY)
    prices = import_prices(starts)
    grid = TimeGrid.between(
        starts[0], starts[0] + hours * timedelta(hours=1), FIVE_MINUTES
    )
    spot = PriceSeries(
        grid, np.repeat([price.spot_c_per_kwh or 0.0 for price in prices], 6)
    )
    whole_month = half_hours(date(day[0], day[1], 1), date(day[0], day[1], 28))
    fit = fit_amber(as_rows(import_prices(whole_month)), SYDNEY)

    rebuilt = AmberPrices({}, fit).on(grid, GENERAL, spot)

    placed = place_prices(PriceRows.of(GENERAL, prices), grid)
    assert placed.missing_count == 0
    assert rebuilt.c_per_kwh == pytest.approx(placed.c_per_kwh, abs=1e-5)


def test_an_estimate_on_record_is_rebuilt_instead() -> None:
    estimated = [replace(PRICES[0], quality=2, c_per_kwh=99.0), *PRICES[1:96]]  # type: ignore[arg-type]
    placed = place_prices(PriceRows.of(GENERAL, estimated), GRID)

    series = AmberPrices({GENERAL: placed}, FIT).on(GRID, GENERAL, SPOT)

    assert series.c_per_kwh[0] == pytest.approx(PRICES[0].c_per_kwh, abs=1e-5)
