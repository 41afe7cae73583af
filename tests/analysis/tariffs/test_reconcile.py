"""Every usage row fits, or is listed with the reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.analysis.tariffs.amber_homes import (
    SYDNEY,
    as_rows,
    half_hours,
    import_prices,
    needs_shared,
    real_rows,
)

from home_energy.analysis.tariffs.amber_fit import fit_amber
from home_energy.analysis.tariffs.reconcile import Misfit, Reconciliation, reconcile
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Price, Quality
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    USAGE,
    to_prices,
    to_readings,
)

START = datetime(2026, 2, 2, 14, tzinfo=UTC)
HALF_HOUR, FIVE_MINUTES = timedelta(minutes=30), timedelta(minutes=5)


def reading(
    kwh: float,
    c_per_kwh: float | None,
    cost_c: float | None,
    channel: Channel = Channel.GENERAL,
) -> MeterReading:
    return MeterReading(
        channel=channel,
        register="B1" if channel is Channel.FEED_IN else "E1",
        start=START,
        duration_minutes=30,
        kwh=kwh,
        quality=Quality.ACTUAL,
        c_per_kwh=c_per_kwh,
        amount_aud=None if cost_c is None else cost_c / 100,
    )


def price(
    c_per_kwh: float, channel: Channel = Channel.GENERAL, minutes: int = 30
) -> Price:
    return Price(channel, START, minutes, c_per_kwh, Quality.ACTUAL)


def against(row: MeterReading, *prices: Price) -> Reconciliation:
    return reconcile([row], {p.channel: p for p in as_rows(list(prices))}, None)


def only_misfit(result: Reconciliation) -> Misfit | None:
    (row,) = result.misfits
    return row.misfit


def test_a_row_fits_up_to_the_rounding_of_its_cost() -> None:
    # 0.177 kWh x 29.13757 c = 5.15734989 c, which Amber writes as 5.1573.
    result = against(reading(0.177, 29.13757, 5.1573), price(29.13757))

    assert (result.row_count, result.fitting_count) == (1, 1)
    assert result.misfits == ()
    (channel,) = result.channels
    assert channel.stated_c == pytest.approx(5.1573, abs=1e-9)
    assert channel.recomputed_c == pytest.approx(5.15734989, abs=1e-9)
    assert channel.largest_residual_c == pytest.approx(4.989e-5, abs=1e-9)


def test_one_unit_more_of_the_last_decimal_does_not_fit() -> None:
    # 5.1572 is off by 1.5e-4 c; rounding explains 5e-5 + 0.177 x 5e-6 = 5.1e-5.
    result = against(reading(0.177, 29.13757, 5.1572), price(29.13757))

    assert only_misfit(result) is Misfit.OWN_COST_DIFFERS
    assert result.misfits[0].residual_c == pytest.approx(1.4989e-4, abs=1e-9)
    assert result.misfits[0].tolerance_c == pytest.approx(5.0885e-5, abs=2e-9)


def test_feed_in_that_earns_is_positive_on_both_sides() -> None:
    # A real row: 0.177 kWh at 3.85558 c earned 0.6824 c (0.68243766).
    sold = reading(0.177, 3.85558, 0.6824, Channel.FEED_IN)

    result = against(sold, price(3.85558, Channel.FEED_IN))

    assert result.fitting_count == 1
    assert result.channels[0].recomputed_c == pytest.approx(0.68243766, abs=1e-9)


def test_a_price_that_is_not_the_rows_own_is_named() -> None:
    result = against(reading(1.0, 30.0, 30.0), price(31.0))

    assert only_misfit(result) is Misfit.PRICE_DIFFERS
    assert result.misfits[0].residual_c == pytest.approx(1.0, abs=1e-9)


def test_a_row_without_a_price_on_record_is_named() -> None:
    result = against(reading(1.0, 30.0, 30.0))

    assert only_misfit(result) is Misfit.NO_PRICE
    assert result.misfits[0].recomputed_c is None


def test_an_estimated_price_is_no_price() -> None:
    guess = replace(price(30.0), quality=Quality.ESTIMATE)

    assert only_misfit(against(reading(1.0, 30.0, 30.0), guess)) is Misfit.NO_PRICE


def test_a_row_without_a_cost_is_named() -> None:
    result = against(reading(1.0, 30.0, None), price(30.0))

    assert only_misfit(result) is Misfit.NO_COST


def test_an_estimated_row_that_differs_is_named_as_one() -> None:
    row = replace(reading(1.0, 28.0, 28.0), quality=Quality.ESTIMATE)

    assert only_misfit(against(row, price(30.0))) is Misfit.ESTIMATE


def test_a_differing_row_that_tells_no_price_is_named() -> None:
    result = against(reading(1.0, None, 28.0), price(30.0))

    assert only_misfit(result) is Misfit.COST_DIFFERS


def test_prices_of_five_minutes_reach_a_row_of_thirty() -> None:
    six = [
        replace(price(30.0 + i, minutes=5), start=START + i * FIVE_MINUTES)
        for i in range(6)
    ]

    # The mean of 30 to 35 is 32.5.
    assert against(reading(2.0, 32.5, 65.0), *six).fitting_count == 1
    lacking = against(reading(2.0, 32.5, 65.0), *six[:5])
    assert only_misfit(lacking) is Misfit.NO_PRICE


def test_the_price_of_a_half_hour_reaches_a_row_of_five_minutes() -> None:
    row = replace(
        reading(0.5, 30.0, 15.0), start=START + FIVE_MINUTES, duration_minutes=5
    )

    assert against(row, price(30.0)).fitting_count == 1


def test_the_rebuilt_price_is_a_second_way_to_the_same_cost() -> None:
    prices = import_prices(half_hours(date(2026, 2, 1), date(2026, 2, 28)))
    fit = fit_amber(as_rows(prices), SYDNEY)
    rows = [
        replace(reading(0.25, p.c_per_kwh, round(0.25 * p.c_per_kwh, 4)), start=p.start)
        for p in prices
    ]

    result = reconcile(rows, {r.channel: r for r in as_rows(prices)}, fit)

    (channel,) = result.channels
    assert (channel.fitting_count, channel.rebuilt_count) == (1344, 1344)
    # Rounding of the cost, 5e-5, and of a quarter of the price, 1.25e-6, and the fit.
    assert channel.largest_rebuilt_residual_c < 5.3e-5
    assert channel.rebuilt_c == pytest.approx(channel.rebuilt_stated_c, abs=0.01)


@needs_shared
def test_every_usage_row_of_a_real_home_fits() -> None:
    prices = to_prices(INTERVALS.validate_python(list(real_rows("prices"))))
    readings = to_readings(USAGE.validate_python(list(real_rows("usage"))))
    rows = as_rows(prices)
    fit = fit_amber(rows, SYDNEY)

    result = reconcile(readings, {r.channel: r for r in rows}, fit)

    assert (result.row_count, result.fitting_count) == (9_500, 9_500)
    assert result.misfits == ()
    general, controlled_load = result.channels
    assert general.stated_c == pytest.approx(32_729.708, abs=1e-6)
    assert general.recomputed_c == pytest.approx(general.stated_c, abs=0.01)
    assert general.largest_residual_c < 6e-5
    assert general.rebuilt_count == 4_750
    assert general.largest_rebuilt_residual_c < 6e-5
    assert controlled_load.stated_c == 0.0  # nothing ran on it in these months
