"""Amber's formula is found from rows, and what they do not tell is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.analysis.tariffs.amber_homes import (
    CONSTANTS,
    LOSS_FACTOR,
    SYDNEY,
    as_rows,
    export_charge,
    feed_in_prices,
    half_hours,
    import_prices,
    needs_shared,
    network_period,
    real_rows,
    seconds,
)

from home_energy.analysis.tariffs.amber_fit import fit_amber
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP
from home_energy.domain.time_grid import NEM_TIME
from home_energy.errors import DataError
from home_energy.ingestion.sources.amber_wire import INTERVALS, to_prices

GENERAL, FEED_IN = Channel.GENERAL, Channel.FEED_IN
YEAR = half_hours(date(2025, 7, 1), date(2026, 6, 30))
FEBRUARY = half_hours(date(2026, 2, 1), date(2026, 2, 28))
BRISBANE = ZoneInfo("Australia/Brisbane")


def at(*when: int) -> datetime:
    """Sydney's wall clock."""
    return datetime(*when, tzinfo=SYDNEY).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_loss_factor_and_constants_of_import_are_found() -> None:
    fit = fit_amber(as_rows(import_prices(YEAR)), SYDNEY)

    (year,) = fit.years
    found = {group.label: group for group in year.groups}
    assert set(found) == {
        "offPeak default weekday",
        "offPeak default weekend",
        "solarSponge default weekday",
        "solarSponge default weekend",
        "peak default weekday",
    }
    for label, group in found.items():
        assert group.loss_factor == pytest.approx(LOSS_FACTOR, abs=1e-6)
        expected = CONSTANTS[label.split()[0]]
        assert group.constant_c_per_kwh == pytest.approx(expected, abs=1e-6)
    assert year.row_count == len(YEAR) == 17_520
    # Prices are rounded to 1e-5, spot is not: half of that, and the line's own error.
    assert year.largest_residual_c_per_kwh < 6e-6
    assert year.financial_year == 2025


def test_feed_in_windows_and_their_clock_are_found_without_a_period() -> None:
    fit = fit_amber(as_rows(feed_in_prices(YEAR)), SYDNEY)

    (year,) = fit.years
    found = {round(g.constant_c_per_kwh, 4): g for g in year.groups}
    assert {c: g.label for c, g in found.items()} == {
        -1.86: "Jan-Dec every day 10:00-14:00",
        0.0: (
            "Jan-Dec weekday 00:00-10:00, 14:00-16:00, 20:00-24:00; "
            "Jan-Dec weekend 00:00-10:00, 14:00-24:00"
        ),
        3.4703: "Jan-Dec weekday 16:00-20:00",
    }
    for group in year.groups:
        assert group.loss_factor == pytest.approx(1.07145, abs=1e-6)
    assert year.clocks == ("local",)


def test_windows_on_the_markets_clock_are_told_from_local_ones() -> None:
    prices = feed_in_prices(YEAR, lambda start: export_charge(start, NEM_TIME))

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert fit.years[0].clocks == ("NEM",)
    # 10:30 in Sydney's summer is 9:30 on the market's clock: no charge yet.
    slope_and_charge = fit.coefficients(FEED_IN, seconds(at(2026, 1, 7, 10, 30)))
    assert slope_and_charge[1] == pytest.approx([0.0], abs=1e-6)


def test_feed_in_that_costs_stays_negative() -> None:
    fit = fit_amber(as_rows(feed_in_prices(YEAR)), SYDNEY)

    paid = fit.rebuild(FEED_IN, seconds(at(2026, 1, 7, 12)), np.array([-2.2]))

    # 1.07145 x -2.2 / 1.1 - 1.86 = -2.1429 - 1.86: the household pays.
    assert paid == pytest.approx([-4.0029], abs=1e-6)


@pytest.mark.parametrize(
    ("day", "half_hour_count"), [((2025, 10, 5), 46), ((2026, 4, 5), 50)]
)
def test_rebuilt_prices_follow_the_local_clock_through_both_changes(
    day: tuple[int, int, int], half_hour_count: int
) -> None:
    fit = fit_amber(as_rows(import_prices(YEAR) + feed_in_prices(YEAR)), SYDNEY)
    starts = half_hours(date(*day), date(*day), SYDNEY)
    spot = np.full(len(starts), 11.0)

    bought = fit.rebuild(GENERAL, seconds(*starts), spot)
    sold = fit.rebuild(FEED_IN, seconds(*starts), spot)

    assert len(starts) == half_hour_count
    # Sundays: 8 half-hours of solar sponge and no peak. 1.07145 x 11 = 11.78595.
    is_sponge = np.isclose(bought, 11.78595 + 8.2530, atol=1e-6)
    assert np.count_nonzero(is_sponge) == 8
    assert np.count_nonzero(np.isclose(sold, 10.7145 - 1.86, atol=1e-6)) == 8
    noon = [start.astimezone(SYDNEY).hour == 12 for start in starts]
    assert is_sponge[noon].all()
    rest = bought[~is_sponge]
    assert rest == pytest.approx([11.78595 + 16.1713] * len(rest), abs=1e-6)


def test_a_wrong_row_is_refused_and_named() -> None:
    prices = import_prices(YEAR)
    place = next(
        i for i, price in enumerate(prices) if price.start == at(2025, 11, 12, 17, 30)
    )
    right = prices[place].c_per_kwh
    prices[place] = replace(prices[place], c_per_kwh=right + 0.4)

    with pytest.raises(DataError) as refused:
        fit_amber(as_rows(prices), SYDNEY)

    said = str(refused.value)
    assert "general prices of 2025-26" in said
    assert "peak default weekday, 2025-11-12 06:30 UTC, 30 min" in said
    assert f"{right + 0.4:.5f} c/kWh" in said
    assert "0.40000 apart; 1 of 17520 rows" in said


def test_a_wrong_spike_does_not_hide_behind_its_own_weight() -> None:
    prices = import_prices(FEBRUARY)
    spike = next(i for i, p in enumerate(prices) if p.spot_c_per_kwh == 1925.0)
    wrong = prices[spike].c_per_kwh + 60
    prices[spike] = replace(prices[spike], c_per_kwh=wrong)

    with pytest.raises(DataError, match=rf"{wrong:.5f} c/kWh at spot 1925.00000"):
        fit_amber(as_rows(prices), SYDNEY)


def test_a_wrong_feed_in_row_is_refused_and_named() -> None:
    prices = feed_in_prices(YEAR)
    prices[5000] = replace(prices[5000], c_per_kwh=-prices[5000].c_per_kwh)

    with pytest.raises(DataError, match=f"{prices[5000].start:%Y-%m-%d %H:%M} UTC"):
        fit_amber(as_rows(prices), SYDNEY)


@pytest.mark.parametrize("of", [import_prices, feed_in_prices])
def test_a_change_within_the_year_is_found(of: object) -> None:
    change = datetime(2026, 1, 13, tzinfo=NEM_TIME)

    def with_change(price: Price) -> Price:
        is_late = price.start >= change
        return replace(price, c_per_kwh=price.c_per_kwh + (0.55 if is_late else 0.0))

    assert callable(of)
    prices = [with_change(price) for price in of(YEAR)]

    fit = fit_amber(as_rows(prices), SYDNEY)

    early, late = fit.years
    assert (early.first_day, early.last_day) == (date(2025, 7, 1), date(2026, 1, 12))
    assert (late.first_day, late.last_day) == (date(2026, 1, 13), date(2026, 6, 30))
    assert fit.notes == (
        (
            f"{early.channel} 2025-26: charges changed between 2026-01-12 and "
            "2026-01-13; each side has its own"
        ),
    )
    channel = early.channel
    moments = seconds(at(2026, 1, 12, 12), at(2026, 1, 13, 12))  # both sides, at noon
    _, constant = fit.coefficients(channel, moments)
    assert constant[1] - constant[0] == pytest.approx(0.55, abs=1e-6)


def test_days_between_old_and_new_charges_are_refused() -> None:
    prices = [
        replace(price, c_per_kwh=price.c_per_kwh + 1.0)
        if price.start >= at(2026, 1, 20)
        else price
        for price in import_prices(YEAR)
        if not at(2026, 1, 10) <= price.start < at(2026, 1, 20)
    ]
    fit = fit_amber(as_rows(prices), SYDNEY)

    with pytest.raises(DataError, match="from 2026-01-15 to 2026-01-15 cannot be"):
        fit.rebuild(GENERAL, seconds(at(2026, 1, 15, 12)), np.array([10.0]))


def test_a_change_with_too_few_rows_after_it_is_refused() -> None:
    prices = [
        replace(price, c_per_kwh=price.c_per_kwh + 1.0)
        if price.start >= at(2026, 2, 25)
        else price
        for price in import_prices(FEBRUARY)
    ]

    with pytest.raises(DataError, match=r"1\.00000 apart"):
        fit_amber(as_rows(prices), SYDNEY)


def test_a_month_that_no_row_tells_is_refused_where_charges_differ() -> None:
    fit = fit_amber(as_rows(import_prices(FEBRUARY)), SYDNEY)
    march = seconds(at(2026, 3, 4, 17), at(2026, 3, 4, 17, 30))

    with pytest.raises(DataError, match="Mar weekday 17:00-18:00") as refused:
        fit.rebuild(GENERAL, march, np.array([10.0, 10.0]))

    assert "8.2530, 16.1713, 19.9885 c/kWh" in str(refused.value)
    assert "import Amber prices of these months" in str(refused.value)


def test_a_month_that_no_row_tells_does_not_matter_where_charges_are_equal() -> None:
    fit = fit_amber(as_rows(import_prices(FEBRUARY, lambda _: 16.5)), SYDNEY)

    rebuilt = fit.rebuild(GENERAL, seconds(at(2025, 8, 4, 17)), np.array([10.0]))

    assert rebuilt == pytest.approx([10.7145 + 16.5], abs=1e-6)
    assert fit.years[0].clocks == ()


def test_hours_on_which_both_clocks_agree_with_the_rows_are_refused() -> None:
    # After daylight saving ended both clocks say the same; on 2 April they do not.
    late_april = half_hours(date(2026, 4, 6), date(2026, 4, 30))
    fit = fit_amber(as_rows(import_prices(late_april)), SYDNEY)
    at_ten_and_eleven = seconds(at(2026, 4, 2, 10), at(2026, 4, 2, 11))

    _, constant = fit.coefficients(GENERAL, at_ten_and_eleven)

    assert fit.years[0].clocks == ("local", "NEM")
    # 10:00 local is 9:00 NEM: solar sponge or off-peak; 11:00 is sponge on both.
    assert np.isnan(constant[0])
    assert constant[1] == pytest.approx(8.2530, abs=1e-6)


@pytest.mark.parametrize("counts_as_weekend", [True, False])
def test_how_public_holidays_count_is_found_from_the_rows(
    *, counts_as_weekend: bool
) -> None:
    australia_day = date(2026, 1, 26)  # a Monday

    def export(start: datetime) -> float:
        is_holiday = start.astimezone(SYDNEY).date() == australia_day
        if is_holiday and counts_as_weekend and network_period(start) == "peak":
            return 0.0
        return export_charge(start)

    fit = fit_amber(as_rows(feed_in_prices(YEAR, export)), SYDNEY, {australia_day})

    named = "local, holidays as weekend" if counts_as_weekend else "local"
    assert fit.years[0].clocks == (named,)


def test_a_financial_year_without_rows_is_refused() -> None:
    fit = fit_amber(as_rows(import_prices(FEBRUARY)), SYDNEY)

    with pytest.raises(DataError, match="financial year 2024-25 and charges change"):
        fit.rebuild(GENERAL, seconds(at(2025, 6, 30, 23, 30)), np.array([10.0]))
    with pytest.raises(DataError, match="feed_in price of 1 intervals"):
        fit.rebuild(FEED_IN, seconds(at(2026, 2, 3)), np.array([10.0]))


def test_years_part_at_the_first_of_july() -> None:
    starts = half_hours(date(2025, 6, 1), date(2025, 7, 31))
    july = datetime(2025, 7, 1, tzinfo=NEM_TIME)
    prices = import_prices(starts, lambda start: 15.0 if start < july else 16.0)

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert [year.financial_year for year in fit.years] == [2024, 2025]
    edge = seconds(at(2025, 6, 30, 23, 30), at(2025, 7, 1))
    assert fit.coefficients(GENERAL, edge)[1] == pytest.approx([15, 16], abs=1e-6)


def test_estimates_and_rows_without_a_spot_price_are_left_out_and_counted() -> None:
    prices = import_prices(FEBRUARY)
    prices[0] = replace(prices[0], quality=Quality.ESTIMATE, c_per_kwh=999.0)
    prices[1] = replace(prices[1], spot_c_per_kwh=None)

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert (fit.estimate_count, fit.no_spot_count) == (1, 1)
    assert fit.years[0].row_count == len(FEBRUARY) - 2


def test_a_period_that_nothing_checks_is_left_out_with_its_reason() -> None:
    prices = import_prices(FEBRUARY)
    first_peak = next(p for p in prices if p.context.tariff_period == "peak")
    prices = [p for p in prices if p.context.tariff_period != "peak"] + [first_peak]

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert fit.notes == (
        (
            "general 2025-26: peak default weekday: 1 rows with one spot price cannot "
            "show a line, left out"
        ),
    )
    with pytest.raises(DataError, match="Feb weekday 16:00-16:30"):
        fit.rebuild(GENERAL, seconds(first_peak.start), np.array([10.0]))


def test_rows_too_few_to_fit_are_left_out_with_their_reason() -> None:
    fit = fit_amber(as_rows(import_prices(FEBRUARY[:1])), SYDNEY)

    assert fit.years == ()
    assert fit.notes == (
        "general 2025-26: 1 rows left out: no two of one period differ in spot",
    )


def test_loss_factors_of_their_own_are_found_where_periods_have_them() -> None:
    prices = [
        replace(price, c_per_kwh=round(price.c_per_kwh + 0.02 * spot, 5))
        if price.context.tariff_period == "peak"
        and (spot := price.spot_c_per_kwh) is not None
        else price
        for price in import_prices(YEAR)
    ]

    fit = fit_amber(as_rows(prices), SYDNEY)

    factors = {g.label.split()[0]: g.loss_factor for g in fit.years[0].groups}
    assert factors["peak"] == pytest.approx(LOSS_FACTOR + 0.02, abs=1e-6)
    assert factors["offPeak"] == pytest.approx(LOSS_FACTOR, abs=1e-6)


def test_a_loss_factor_that_no_home_has_is_refused() -> None:
    prices = [
        replace(price, spot_c_per_kwh=(price.spot_c_per_kwh or 0.0) / 1.5)
        for price in import_prices(FEBRUARY)
    ]

    with pytest.raises(DataError, match="not loss factor x spot"):
        fit_amber(as_rows(prices), SYDNEY)


def test_a_home_without_daylight_saving_needs_no_choice_of_clock() -> None:
    late = half_hours(date(2025, 9, 25), date(2025, 10, 15))
    prices = import_prices(late)
    prices = [
        replace(
            price,
            c_per_kwh=price.c_per_kwh
            - CONSTANTS[network_period(price.start)]
            + CONSTANTS[network_period(price.start, BRISBANE)],
            context=replace(
                price.context, tariff_period=network_period(price.start, BRISBANE)
            ),
        )
        for price in prices
    ]

    fit = fit_amber(as_rows(prices), BRISBANE)

    starts = seconds(*late)
    spot = np.array([price.spot_c_per_kwh for price in prices])
    rebuilt = fit.rebuild(GENERAL, starts, spot)
    assert rebuilt == pytest.approx([p.c_per_kwh for p in prices], abs=1e-5)


def test_spot_is_the_reference_price_with_gst_in_cents() -> None:
    # $121.86/MWh is 12.186 c/kWh; with 10 % GST 13.4046.
    assert pytest.approx(13.4046, abs=1e-9) == 121.86 * SPOT_C_PER_KWH_PER_RRP
    # The price cap of 2024-25, $17,500/MWh, as Amber showed it on 2024-11-27: 1925.0.
    assert pytest.approx(1925.0, abs=1e-9) == 17_500 * SPOT_C_PER_KWH_PER_RRP


def real_prices() -> list[Price]:
    return to_prices(INTERVALS.validate_python(list(real_rows("prices"))))


@needs_shared
def test_every_row_of_a_real_home_is_on_its_line() -> None:
    fit = fit_amber(as_rows(real_prices()), SYDNEY)

    found = {
        (year.channel.value, year.financial_year): (
            round(float(year.class_slope[0]), 6),
            round(float(year.class_constant_c_per_kwh[0]), 5),
        )
        for year in fit.years
    }
    # Least squares by numpy.linalg.lstsq over each channel and year gave the same.
    assert found == {
        ("general", 2023): (1.053755, 14.96572),
        ("general", 2024): (1.048420, 16.48779),
        ("controlled_load", 2023): (1.053755, 7.09643),
        ("controlled_load", 2024): (1.048420, 7.36494),
    }
    assert [year.class_slope.size for year in fit.years] == [1, 1, 1, 1]
    assert fit.largest_residual_c_per_kwh < 6e-6
    assert sum(year.row_count for year in fit.years) == 19_579
    assert fit.notes == ()


@needs_shared
def test_half_of_a_real_homes_rows_rebuild_the_other_half() -> None:
    prices = real_prices()
    fit = fit_amber(as_rows(prices[::2]), SYDNEY)

    for hidden in as_rows(prices[1::2]):
        rebuilt = fit.rebuild(hidden.channel, hidden.start_s, hidden.spot_c_per_kwh)

        assert np.abs(rebuilt - hidden.c_per_kwh).max() < 7e-6


@needs_shared
def test_a_real_homes_peak_is_on_the_local_clock() -> None:
    peaks = [p for p in real_prices() if p.context.tariff_period == "peak"]
    this_year = [p for p in peaks if p.start > at(2024, 7, 1) - timedelta(seconds=1)]

    local = {
        month: {
            p.start.astimezone(SYDNEY).hour
            for p in this_year
            if p.start.astimezone(SYDNEY).month == month
        }
        for month in (7, 8, 11, 12)
    }

    # 15 to 21 h in winter and in summer; on the market's clock summer is 14 to 20 h.
    assert set(map(tuple, map(sorted, local.values()))) == {(15, 16, 17, 18, 19, 20)}


def test_hours_that_rows_tell_differently_are_refused_unless_holidays_explain() -> None:
    australia_day = date(2026, 1, 26)  # a Monday, off-peak all day in this home
    summer = half_hours(date(2026, 1, 1), date(2026, 2, 28))
    prices = [
        replace(
            price,
            c_per_kwh=round(price.c_per_kwh - 19.9885 + 16.1713, 5),
            context=replace(price.context, tariff_period="offPeak"),
        )
        if price.context.tariff_period == "peak"
        and price.start.astimezone(SYDNEY).date() == australia_day
        else price
        for price in import_prices(summer)
    ]
    peaks = seconds(at(2026, 1, 13, 17), at(2026, 2, 10, 17), at(2026, 1, 26, 17))

    unexplained = fit_amber(as_rows(prices), SYDNEY)
    explained = fit_amber(as_rows(prices), SYDNEY, {australia_day})

    # 16:00 to 20:00 of January's weekdays: 8 half-hours with two charges each.
    assert unexplained.notes[0].startswith("general 2025-26: 8 half-hours")
    _, constant = unexplained.coefficients(GENERAL, peaks)
    assert str(constant.round(4).tolist()) == "[nan, 19.9885, nan]"
    _, constant = explained.coefficients(GENERAL, peaks)
    assert constant == pytest.approx([19.9885, 19.9885, 16.1713], abs=1e-6)
    assert explained.notes == ()
