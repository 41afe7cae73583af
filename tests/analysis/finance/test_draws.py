"""Futures: what is drawn, and that it is drawn about the assumptions."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.finance.purchases import assumed
from tests.analysis.finance.test_months_on_record import SUMMER, YEAR

from home_energy.analysis.finance.draws import Chance, draw, drawn_years
from home_energy.analysis.finance.spreads import (
    Spreads,
    shipped_spreads,
    spread_figures,
)
from home_energy.errors import DataError

_AGEING = dict.fromkeys(("least_ageing", "likeliest_ageing", "most_ageing"), 1.0)
NONE = Spreads(**dict.fromkeys(Spreads.__slots__, 0.0) | _AGEING)
MANY = Chance(draws=20_000, seed=7)


def test_without_spreads_every_future_is_the_assumptions() -> None:
    assumptions = assumed(
        3,
        import_price_growth_fraction_per_year=0.1,
        feed_in_decline_fraction_per_year=0.1,
        battery_fade_fraction_per_year=0.03,
    )

    drawn = draw(YEAR, assumptions, NONE, Chance(2))

    for number in range(2):
        assert drawn.levels.bought[number] == pytest.approx([1.1, 1.21, 1.331])
        assert drawn.levels.sold[number] == pytest.approx([0.9, 0.81, 0.729])
        assert drawn.levels.general[number].tolist() == [1.0, 1.0, 1.0]
        assert drawn.ages[number].tolist() == [0.5, 1.5, 2.5]
        # 1 / 1.05, 1 / 1.1025, 1 / 1.157625
        assert drawn.factors[number] == pytest.approx([1, 0.952381, 0.907029, 0.863838])


def test_a_years_days_are_those_on_record() -> None:
    drawn = draw(YEAR, assumed(3), NONE, Chance(50))

    assert drawn.month_days.shape == (50, 3, 12)
    assert drawn.month_days.sum(axis=-1) == pytest.approx(365.0)


def test_the_same_seed_gives_the_same_futures_and_another_seed_others() -> None:
    first = drawn_years(YEAR, Chance(20, 1)).copy()
    drawn_years.cache_clear()

    assert drawn_years(YEAR, Chance(20, 1)).tobytes() == first.tobytes()
    assert drawn_years(YEAR, Chance(20, 2)).tobytes() != first.tobytes()


def test_prices_lie_about_those_of_the_assumptions() -> None:
    spreads = replace(
        NONE,
        import_price_growth_spread_fraction_per_year=0.02,
        import_price_swing_fraction=0.1,
        feed_in_swing_fraction=0.3,
        swing_shared_fraction=0.5,
    )

    levels = draw(SUMMER, assumed(4), spreads, MANY).levels

    # Mean 1; the logarithm's deviation in year 4: (0.08² + 0.1²)^0.5 = 0.1281. Of
    # 20,000 draws it is told to 0.128 / 20,000^0.5 = 0.1 %, to four times that here.
    assert levels.bought[:, 3].mean() == pytest.approx(1.0, abs=0.004)
    assert np.log(levels.bought[:, 3]).std() == pytest.approx(0.1281, rel=0.02)
    assert levels.sold[:, 3].mean() == pytest.approx(1.0, abs=0.009)
    # Swings are shared by half; the growth of what is bought dilutes that in year 4:
    # 0.5 x 0.1 / 0.1281 = 0.39.
    off = np.log(levels.bought[:, 3]), np.log(levels.sold[:, 3])
    assert np.corrcoef(*off)[0, 1] == pytest.approx(0.39, abs=0.03)


def test_a_share_of_a_dear_year_is_left_in_the_next() -> None:
    spreads = replace(NONE, import_price_swing_fraction=0.1, swing_carried_fraction=0.6)

    logs = np.log(draw(SUMMER, assumed(4), spreads, MANY).levels.bought)

    assert logs.std(axis=0) == pytest.approx(np.full(4, 0.1), rel=0.02)
    assert np.corrcoef(logs[:, 1], logs[:, 2])[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(logs[:, 0], logs[:, 2])[0, 1] == pytest.approx(0.36, abs=0.03)


def test_a_growth_that_is_off_is_off_in_every_year() -> None:
    spreads = replace(NONE, feed_in_growth_spread_fraction_per_year=0.05)

    logs = np.log(draw(SUMMER, assumed(3), spreads, Chance(100)).levels.sold)

    # Off by g: g - 0.05² / 2 in year 1, 3 g - (3 x 0.05)² / 2 in year 3.
    growth = logs[:, 0] + 0.00125
    assert growth.std() > 0.03
    assert logs[:, 2] == pytest.approx(3 * growth - 0.01125)


def test_rates_swing_about_the_assumed_one() -> None:
    spreads = replace(NONE, discount_swing_fraction=0.01, discount_carried_fraction=0.8)

    factors = draw(SUMMER, assumed(3), spreads, MANY).factors

    rates = factors[:, :-1] / factors[:, 1:] - 1
    assert rates.mean(axis=0) == pytest.approx(np.full(3, 0.05), abs=0.0004)
    assert rates.std(axis=0) == pytest.approx(np.full(3, 0.01), rel=0.03)
    assert np.corrcoef(rates[:, 0], rates[:, 1])[0, 1] == pytest.approx(0.8, abs=0.02)


def test_devices_age_by_a_triangle() -> None:
    spreads = replace(NONE, least_ageing=0.5, likeliest_ageing=1.0, most_ageing=1.25)
    fading = assumed(2, battery_fade_fraction_per_year=0.03)

    ages = draw(SUMMER, fading, spreads, MANY).ages

    # Mean (0.5 + 1 + 1.25) / 3; two thirds of the area lie below the likeliest.
    times = ages[:, 0] / 0.5
    assert times.min() >= 0.5
    assert times.max() <= 1.25
    assert times.mean() == pytest.approx(0.9167, abs=0.005)
    assert np.mean(times < 1.0) == pytest.approx(2 / 3, abs=0.015)
    assert ages[:, 1] == pytest.approx(3 * ages[:, 0])


def test_no_device_ages_beyond_what_is_simulated() -> None:
    # 3.9 % a year over 19.5 years; 20 years at 5 % leave less than 2 %.
    spreads = shipped_spreads()
    usual = assumed(20, battery_fade_fraction_per_year=0.03)
    worn = assumed(19, battery_fade_fraction_per_year=0.05)

    assert spreads.furthest_years(usual) == pytest.approx(1.3 * 19.5)
    assert spreads.furthest_years(worn) == pytest.approx(19.6)
    assert spreads.furthest_years(assumed(20)) == 19.5
    assert draw(SUMMER, worn, spreads, MANY).ages.max() == pytest.approx(19.6)


def test_every_spread_has_a_source_and_a_date() -> None:
    figures = spread_figures()

    assert set(figures) == set(Spreads.__slots__)
    judged = ("Judged: ", "Chosen: ", "The assumption itself")
    assert all(one.source.startswith(judged) for one in figures.values())


def test_spreads_that_cannot_be_are_refused_together() -> None:
    with pytest.raises(DataError, match=r"discount_swing_fraction.*must rise"):
        replace(NONE, discount_swing_fraction=-0.1, least_ageing=2.0)
