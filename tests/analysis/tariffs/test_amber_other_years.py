"""Hours that a year's rows do not tell come from another year's, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import numpy as np
import pytest
from tests.analysis.tariffs.amber_homes import (
    LOSS_FACTOR,
    SYDNEY,
    as_rows,
    feed_in_prices,
    half_hours,
    import_prices,
    network_period,
    seconds,
)

from home_energy.analysis.tariffs.amber_coefficients import AmberFit
from home_energy.analysis.tariffs.amber_fit import fit_amber
from home_energy.domain.price import Channel, Price
from home_energy.domain.time_grid import NEM_TIME
from home_energy.errors import DataError

GENERAL, CONTROLLED_LOAD = Channel.GENERAL, Channel.CONTROLLED_LOAD
FEED_IN = Channel.FEED_IN
JULY = datetime(2025, 7, 1, tzinfo=NEM_TIME)

# What Amber gives: nothing before 2025-03-01.
HISTORY = half_hours(date(2025, 3, 1), date(2026, 3, 31))
OWN = half_hours(date(2025, 3, 1), date(2025, 6, 30))
SUMMER_2026 = half_hours(date(2026, 1, 1), date(2026, 2, 28))
UNSEEN = half_hours(date(2025, 1, 1), date(2025, 2, 28), SYDNEY)

# 2024-25 and 2025-26, c/kWh
GENERAL_C = {
    "offPeak": (15.1, 16.1713),
    "solarSponge": (8.0, 8.2530),
    "peak": (24.3, 19.9885),
}
CONTROLLED_C = {"offPeak": (5.5, 6.5), "solarSponge": (3.1, 3.2), "peak": (7.7, 7.9)}
# In 2024-25 export in the peak costs most, in 2025-26 it earns most.
EXPORT_C = {"offPeak": (0.0, 0.0), "solarSponge": (-1.5, -1.86), "peak": (-3.0, 3.4703)}

Period = Callable[[datetime], str]
Season = Callable[[datetime], str]
Cents = dict[str, tuple[float, float]]


def charge(cents: Cents, period: Period = network_period) -> Callable[..., float]:
    return lambda start: cents[period(start)][int(start >= JULY)]


def always_default(_: datetime) -> str:
    return "default"


def by_season(start: datetime) -> str:
    return "summer" if start.astimezone(SYDNEY).month <= 2 else "nonSummer"


def bought(
    starts: list[datetime],
    *,
    channel: Channel = GENERAL,
    cents: Cents = GENERAL_C,
    period: Period = network_period,
    season: Season = always_default,
) -> list[Price]:
    return [
        replace(
            price,
            context=replace(
                price.context,
                tariff_period=period(price.start),
                tariff_season=season(price.start),
            ),
        )
        for price in import_prices(starts, charge(cents, period), channel)
    ]


def later_peak_since_july(start: datetime) -> str:
    """From July 2025 on the peak is 17 to 20 h."""
    period, hour = network_period(start), start.astimezone(SYDNEY).hour
    return "offPeak" if start >= JULY and period == "peak" and hour == 16 else period


@cache
def whole_history() -> AmberFit:
    prices = bought(HISTORY)
    prices += bought(HISTORY, channel=CONTROLLED_LOAD, cents=CONTROLLED_C)
    prices += feed_in_prices(HISTORY, charge(EXPORT_C))
    return fit_amber(as_rows(prices), SYDNEY)


def refusal(fit: AmberFit, channel: Channel = GENERAL) -> str:
    with pytest.raises(DataError) as refused:
        fit.rebuild(channel, seconds(*UNSEEN), np.full(len(UNSEEN), 11.0))
    return str(refused.value)


@pytest.mark.parametrize(
    ("channel", "cents", "slope"),
    [
        (GENERAL, GENERAL_C, LOSS_FACTOR),
        (CONTROLLED_LOAD, CONTROLLED_C, LOSS_FACTOR),
        (FEED_IN, EXPORT_C, LOSS_FACTOR / 1.1),
    ],
)
def test_the_first_months_of_2025_are_rebuilt_to_a_millionth(
    channel: Channel, cents: Cents, slope: float
) -> None:
    spot = np.linspace(-5.0, 95.0, len(UNSEEN))

    rebuilt = whole_history().rebuild(channel, seconds(*UNSEEN), spot)

    # Windows as in 2026, charges as in March to June 2025.
    added = np.array([cents[network_period(start)][0] for start in UNSEEN])
    assert np.abs(rebuilt - (slope * spot + added)).max() < 1e-6


def test_what_is_taken_from_another_year_is_counted() -> None:
    fit = whole_history()
    seen = half_hours(date(2025, 3, 1), date(2025, 3, 2), SYDNEY)

    # January and February have 59 days of 48 half-hours.
    assert fit.notes_on(GENERAL, seconds(*UNSEEN, *seen)) == (
        "2832 intervals of Jan-Feb take the hours of their tariff periods from 2025-26",
    )
    assert fit.notes_on(FEED_IN, seconds(*UNSEEN[:48])) == (
        "48 intervals of Jan take the hours of their charges from 2025-26",
    )
    assert fit.notes_on(GENERAL, seconds(*seen)) == ()
    # 2025-26 lacks April to June, 2024-25 July to February; each helps the other.
    assert fit.notes[:2] == (
        (
            "general 2024-25: hours of Jan-Feb, Jul-Dec that no row tells are taken "
            "from 2025-26"
        ),
        "general 2025-26: hours of Apr-Jun that no row tells are taken from 2024-25",
    )


def test_without_another_year_the_refusal_says_what_to_import() -> None:
    fit = fit_amber(as_rows(bought(OWN)), SYDNEY)
    days = half_hours(date(2025, 1, 1), date(2025, 2, 28))

    with pytest.raises(DataError) as refused:
        fit.rebuild(GENERAL, seconds(*days), np.full(len(days), 11.0))

    said = str(refused.value)
    # 59 x 48 = 2832 less two: the last hour is 1 March on the local clock, and rows
    # tell what holds at 00:00 to 01:00 of March's weekends.
    assert "2830 intervals of the financial year 2024-25" in said
    assert "`home-energy import amber --start 2026-01-01 --end 2026-02-28`" in said


def test_named_periods_need_only_the_same_months_of_another_year() -> None:
    fit = fit_amber(as_rows(bought(OWN + SUMMER_2026)), SYDNEY)

    rebuilt = fit.rebuild(GENERAL, seconds(*UNSEEN), np.zeros(len(UNSEEN)))

    added = [GENERAL_C[network_period(start)][0] for start in UNSEEN]
    assert rebuilt == pytest.approx(added, abs=1e-6)


def test_years_that_name_one_slot_differently_do_not_help_each_other() -> None:
    fit = fit_amber(as_rows(bought(HISTORY, period=later_peak_since_july)), SYDNEY)

    assert (
        "2025-26 does not help, it names Mar weekday 16:00-16:30 offPeak default, "
        "2024-25 peak default"
    ) in refusal(fit)


def test_a_season_with_other_hours_in_another_year_does_not_help() -> None:
    prices = bought(OWN + SUMMER_2026, period=later_peak_since_july)

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert (
        "2025-26 does not help, its default has other hours, such as Jan weekday "
        "16:00-16:30"
    ) in refusal(fit)


def test_a_season_that_this_year_does_not_name_has_its_periods_one_charge() -> None:
    fit = fit_amber(as_rows(bought(HISTORY, season=by_season)), SYDNEY)

    rebuilt = fit.rebuild(GENERAL, seconds(*UNSEEN), np.zeros(len(UNSEEN)))

    added = [GENERAL_C[network_period(start)][0] for start in UNSEEN]
    assert rebuilt == pytest.approx(added, abs=1e-6)
    assert fit.notes_on(GENERAL, seconds(*UNSEEN)) == (
        (
            "2832 intervals of Jan-Feb take the hours of their tariff periods from "
            "2025-26, 2832 of them with the one charge of their period, of which "
            "2024-25 does not name the season"
        ),
    )


def test_a_season_that_costs_otherwise_in_the_other_year_is_refused() -> None:
    prices = [
        replace(price, c_per_kwh=price.c_per_kwh + 5)
        if price.context.tariff_period == "peak"
        and price.context.tariff_season == "summer"
        else price
        for price in bought(HISTORY, season=by_season)
    ]

    fit = fit_amber(as_rows(prices), SYDNEY)

    said = refusal(fit)
    assert "cannot be rebuilt: its charge differs by the hour" in said
    assert "Jan-Feb weekday 16:00-20:00" in said
    assert (
        "2025-26 names these hours peak summer, for which the rows of 2024-25 tell "
        "no one charge"
    ) in said
    # 59 x 48 half-hours less 43 weekdays x 8
    assert fit.notes_on(GENERAL, seconds(*UNSEEN))[0].startswith("2488 intervals")


def test_a_season_between_two_charges_of_its_period_is_refused() -> None:
    def season(start: datetime) -> str:
        month = start.astimezone(SYDNEY).month
        return "summer" if month <= 2 else "winter" if month == 6 else "autumn"

    prices = [
        replace(price, c_per_kwh=price.c_per_kwh + 5)
        if price.context.tariff_period == "peak"
        and price.context.tariff_season == "winter"
        else price
        for price in bought(OWN + SUMMER_2026, season=season)
    ]

    fit = fit_amber(as_rows(prices), SYDNEY)

    # January has 23 weekdays, February 20, of 8 half-hours each.
    assert "general price of 344 intervals" in refusal(fit)
    assert "names these hours peak summer" in refusal(fit)


def test_a_period_that_this_year_does_not_name_is_refused() -> None:
    def period(start: datetime) -> str:
        return "shoulder" if by_season(start) == "summer" else network_period(start)

    cents = {**GENERAL_C, "shoulder": (9.0, 9.0)}

    fit = fit_amber(as_rows(bought(HISTORY, cents=cents, period=period)), SYDNEY)

    assert "names these hours shoulder default, for which" in refusal(fit)


def test_two_other_years_that_differ_are_refused() -> None:
    def period(start: datetime) -> str:
        is_old_january = start.astimezone(SYDNEY).strftime("%Y-%m") == "2024-01"
        return "offPeak" if is_old_january else network_period(start)

    old = half_hours(date(2024, 1, 1), date(2024, 3, 31))

    fit = fit_amber(as_rows(bought(old + HISTORY, period=period)), SYDNEY)

    said = refusal(fit)
    assert "2023-24 and 2025-26 do not agree on it" in said
    # In February they agree.
    assert "Jan weekday 10:00-14:00, 16:00-20:00; Jan weekend 10:00-14:00" in said


def test_feed_in_needs_a_month_that_both_years_know() -> None:
    summer = half_hours(date(2026, 1, 1), date(2026, 2, 28), SYDNEY)
    prices = feed_in_prices(OWN + summer, charge(EXPORT_C))

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert "2025-26 shares no month and half-hour with" in refusal(fit, FEED_IN)


def test_feed_in_whose_hours_differ_between_the_years_is_refused() -> None:
    prices = feed_in_prices(HISTORY, charge(EXPORT_C, later_peak_since_july))

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert "its charges change at other hours" in refusal(fit, FEED_IN)


def test_feed_in_with_a_charge_of_its_own_in_summer_is_refused() -> None:
    def export(start: datetime) -> float:
        period = network_period(start)
        is_summer_peak = period == "peak" and by_season(start) == "summer"
        return 9.0 if is_summer_peak else charge(EXPORT_C)(start)

    fit = fit_amber(as_rows(feed_in_prices(HISTORY, export)), SYDNEY)

    said = refusal(fit, FEED_IN)
    assert "feed_in price of 344 intervals" in said  # 43 weekdays of 8
    assert "2025-26 has a charge there that it has at no hour" in said


def test_another_year_with_one_charge_tells_feed_in_nothing() -> None:
    prices = feed_in_prices(HISTORY, lambda s: charge(EXPORT_C)(s) if s < JULY else 0.0)

    fit = fit_amber(as_rows(prices), SYDNEY)

    assert "2025-26 does not help, it has one charge" in refusal(fit, FEED_IN)


def test_named_periods_help_also_where_they_all_cost_the_same() -> None:
    cents = {period: (each[0], 12.0) for period, each in GENERAL_C.items()}

    fit = fit_amber(as_rows(bought(HISTORY, cents=cents)), SYDNEY)

    rebuilt = fit.rebuild(GENERAL, seconds(*UNSEEN), np.zeros(len(UNSEEN)))
    added = [GENERAL_C[network_period(start)][0] for start in UNSEEN]
    assert rebuilt == pytest.approx(added, abs=1e-6)


def test_a_year_that_is_only_asked_for_hours_may_fail_to_fit() -> None:
    prices = bought(HISTORY)
    prices[-50] = replace(prices[-50], c_per_kwh=prices[-50].c_per_kwh + 7)

    with pytest.raises(DataError, match=r"7\.00000 apart"):
        fit_amber(as_rows(prices), SYDNEY)
    fit = fit_amber(as_rows(prices), SYDNEY, wanted_years={2024})

    assert [year.financial_year for year in fit.years] == [2024]
    assert fit.notes[0].startswith("general 2025-26: left out, it does not fit: Amber")
