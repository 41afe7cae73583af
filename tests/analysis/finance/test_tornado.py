"""What each assumption does alone, set beside sums by hand."""

from dataclasses import replace

import pytest
from tests.analysis.finance.purchases import assumed, battery, saves

from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.purchase import Purchase, Replacement
from home_energy.analysis.finance.tornado import (
    How,
    Swing,
    Swung,
    World,
    shipped_swings,
    tornado,
    worths_aud,
)


def world(
    purchase: Purchase | None = None, benefit: YearlyBenefit | None = None
) -> World:
    """1,000 paid, 600 saved in each of two years, at 5 %: 571.43 + 544.22 - 1,000."""
    return World(
        purchase or battery(1000.0),
        assumed(2),
        saves(600.0, 2) if benefit is None else benefit,
    )


def worth(of: World) -> float:
    return float(worths_aud([of])[0])


def swing(how: How, low: float, high: float) -> Swing:
    figures = {"how": how, "low": low, "high": high, "date": "2026-01-01"}
    return Swing.model_validate(
        {"said": "it", "unit": "AUD", "source": "made up", **figures}
    )


def test_each_world_is_worth_its_sum_by_hand() -> None:
    middle = world()

    assert worth(middle) == pytest.approx(115.646, abs=1e-3)
    assert worth(middle.with_price_times(0.9)) == pytest.approx(215.646, abs=1e-3)
    # 660 in both years: 660 x 1.859410 - 1,000
    assert worth(middle.with_bought_times(1.1)) == pytest.approx(227.211, abs=1e-3)
    # 600 / 1.03 + 600 / 1.0609 - 1,000
    rate = "discount_fraction_per_year"
    assert worth(middle.with_rate(rate, 0.03)) == pytest.approx(148.082, abs=1e-3)
    # 100 more in both years: 100 x 1.859410
    more = {"other_avoided_aud": 100.0}
    assert worth(middle.with_more_saved(more)) == pytest.approx(301.587, abs=1e-3)


def test_a_dearer_grid_sells_and_charges_more_and_pays_no_more_for_feed_in() -> None:
    benefit = saves(100.0, 2, fixed_avoided_aud=10.0, export_earned_aud=50.0)
    dearer = world(benefit=benefit).with_bought_times(2.0)

    # 200 + 20 + 50 in both years.
    assert worth(dearer) == pytest.approx(270.0 * 1.859410 - 1000.0, abs=1e-3)


def test_incentives_stay_when_a_price_moves() -> None:
    dearer = world(battery(1000.0, 400.0)).with_price_times(1.1)

    assert dearer.purchase.net_aud == pytest.approx(1100.0 - 400.0)


def test_what_is_left_of_a_cheaper_purchase_is_at_most_its_price() -> None:
    cheaper = world(battery(1000.0, salvage_aud=950.0)).with_price_times(0.9)

    assert cheaper.purchase.salvage_aud == pytest.approx(900.0)


def test_an_inverter_that_wears_out_sooner_is_bought_again() -> None:
    middle = world(battery(1000.0, replacement=Replacement(2, 300.0)))

    # 300 at the end of the first year, none when the horizon ends with its life.
    sooner = middle.with_inverter_life(1.0)
    assert worth(sooner) == pytest.approx(115.646 - 300.0 / 1.05, abs=1e-3)
    assert worth(middle) == pytest.approx(115.646, abs=1e-3)


def test_an_inverter_that_is_not_bought_is_not_bought_again() -> None:
    middle = world()

    assert middle.with_inverter_life(1.0) is middle


def test_the_widest_bar_is_first_and_no_effect_is_no_bar() -> None:
    middle = world()
    price, level, decline = (
        "purchase_price_aud",
        "import_price_level",
        "feed_in_decline_fraction_per_year",
    )

    bars = tornado(
        [
            Swung(decline, (0.0, 0.0, 0.1), middle, middle.with_rate(decline, 0.1)),
            Swung(
                price,
                (900.0, 1000.0, 1100.0),
                middle.with_price_times(0.9),
                middle.with_price_times(1.1),
            ),
            Swung(
                level,
                (0.9, 1.0, 1.1),
                middle.with_bought_times(0.9),
                middle.with_bought_times(1.1),
            ),
        ],
    )

    # +-100 of price, +-10 % of 1,115.65 saved; nothing is sold, so nothing declines.
    assert [bar.assumption for bar in bars] == [level, price]
    widest, second = bars
    assert widest.npv_low_aud == pytest.approx(115.646 - 111.565, abs=1e-3)
    assert widest.npv_high_aud == pytest.approx(115.646 + 111.565, abs=1e-3)
    assert second.npv_low_aud == pytest.approx(215.646, abs=1e-3)
    assert second.npv_high_aud == pytest.approx(15.646, abs=1e-3)
    assert (second.low, second.middle, second.high) == (900.0, 1000.0, 1100.0)
    assert second.unit == "AUD"
    assert second.source == shipped_swings()[price].source


def test_a_bar_to_one_side_is_as_wide_as_that_side() -> None:
    middle = world()
    worse = middle.with_more_saved({"import_avoided_aud": -200.0})
    price = middle.with_price_times(0.9), middle.with_price_times(1.1)

    bars = tornado(
        [
            Swung("purchase_price_aud", (900.0, 1000.0, 1100.0), *price),
            Swung("ten_best_intervals", (0.0, 1.0, 1.0), worse, middle),
        ],
    )

    # 200 x 1.859410 = 371.88 to one side, 200 from side to side of the price.
    assert bars[0].assumption == "ten_best_intervals"
    assert bars[0].npv_high_aud == pytest.approx(115.646, abs=1e-3)


def test_worlds_of_other_rates_are_discounted_each_by_its_own() -> None:
    middle = world()
    dear = middle.with_rate("discount_fraction_per_year", 0.07)

    # 600 / 1.07 + 600 / 1.1449 - 1,000
    assert worths_aud([middle, dear]) == pytest.approx([115.646, 84.811], abs=1e-3)


def test_bounds_lie_around_what_is_assumed() -> None:
    times, plus, to = (
        swing(How.TIMES, 0.5, 2.0),
        swing(How.PLUS, -1.0, 1.0),
        swing(How.TO, 36.0, 39.0),
    )

    assert times.bounds(10.0) == (5.0, 20.0)
    assert plus.bounds(10.0) == (9.0, 11.0)
    assert to.bounds(38.0) == (36.0, 39.0)
    assert to.bounds(20.0) == (20.0, 39.0)


def test_every_shipped_swing_moves_something_around_its_middle() -> None:
    for name, found in shipped_swings().items():
        low, high = found.bounds(0.0 if found.how is How.PLUS else 1.0)

        assert low < high, name
        assert found.source
        assert found.date.year >= 2025


def test_a_rate_can_be_moved_without_moving_the_others() -> None:
    middle = world()

    moved = middle.with_rate("import_price_growth_fraction_per_year", 0.1)

    assert moved.assumptions == replace(
        middle.assumptions, import_price_growth_fraction_per_year=0.1
    )
    # 660 and 726 saved.
    assert worth(moved) == pytest.approx(660 / 1.05 + 726 / 1.1025 - 1000, abs=1e-6)
