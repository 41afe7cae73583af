"""Ranges of a purchase, in futures that are stated and in many that are drawn."""

import json
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from tests.analysis.finance.purchases import assumed, battery
from tests.analysis.finance.test_draws import NONE
from tests.analysis.finance.test_months_on_record import SUMMER, YEAR

from home_energy.analysis.finance.benefit import PriceLevels
from home_energy.analysis.finance.doubt import (
    Doubt,
    Range,
    doubt,
    doubt_in,
    histogram_of,
    range_of,
    saving_range,
)
from home_energy.analysis.finance.draws import USUAL, Chance, Draws
from home_energy.analysis.finance.measures import NEVER, NOTHING_TO_PAY
from home_energy.analysis.finance.months_on_record import MonthlyBenefit
from home_energy.analysis.finance.purchase import Purchase
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

FADING = assumed(10, battery_fade_fraction_per_year=0.03)
AGES = (0.0, 5.0, 9.5, 12.35)
"""As new, in the middle, in the last year, and in the worst draw."""


def months_of(
    bought_aud: FloatArray, ages: tuple[float, ...] = AGES, kwh: float = 100.0
) -> MonthlyBenefit:
    """Bought less in each month of a year, less with age; 100 kWh out a month."""
    saved = np.zeros((len(ages), 12, 5))
    # What is lost grows with age: a concave line, as the exact dispatch has.
    left = 1 - 0.0004 * np.array(ages) ** 2
    saved[:, :, 0] = left[:, None] * bought_aud
    saved[:, :, 4] = left[:, None] * kwh
    return MonthlyBenefit(YEAR, np.array(ages), saved)


SEASONAL = months_of(np.array([160.0, 90, 80, 70, 60, 130, 50, 60, 70, 80, 90, 60]))
"""1,000 in a year as new; June and January have their spikes."""


def found(purchase: Purchase, benefit: MonthlyBenefit = SEASONAL) -> Doubt:
    return doubt(purchase, FADING, benefit)


def stated(donors: list[list[list[int]]], bought: list[list[float]]) -> Draws:
    """Two years from months of `SUMMER` and price levels; at 5 %, the last at 10 %."""
    steady = np.ones((len(donors), 2))
    return Draws(
        month_days=SUMMER.days_of(np.array(donors)),
        levels=PriceLevels(np.array(bought), steady, steady),
        ages=np.zeros((len(donors), 2)),
        factors=np.array([[1.0, 1 / 1.05, 1 / 1.1025], [1.0, 1 / 1.1, 1 / 1.21]]),
    )


def test_two_futures_by_hand() -> None:
    saved = np.zeros((1, 2, 5))
    saved[0, :, 0] = 310.0, 140.0
    saved[0, :, 4] = 62.0, 28.0
    benefit = MonthlyBenefit(SUMMER, np.zeros(1), saved)
    # As on record, then January twice; February twice, then as on record at 1.1.
    futures = stated([[[0, 1], [0, 0]], [[1, 1], [0, 1]]], [[1.0, 1.0], [1.0, 1.1]])
    bought = battery(1000.0, 100.0, warranty_years=1.8)

    told = doubt_in(bought, assumed(2), benefit, futures, Chance(2))

    # 10 a day in January, 5 in February: 450 and 590; 59 x 5 = 295 and 450 x 1.1.
    # 450 / 1.05 + 590 / 1.1025 - 900 = 63.72; 295 / 1.1 + 495 / 1.21 - 900.
    assert told.npv_aud.p10 == pytest.approx(-222.73, abs=0.005)
    assert told.npv_aud.p90 == pytest.approx(63.72, abs=0.005)
    assert told.break_even_price_aud.p10 == pytest.approx(777.27, abs=0.005)
    assert told.break_even_price_aud.p90 == pytest.approx(1063.72, abs=0.005)
    assert told.saving_aud_per_year.p10 == pytest.approx((295 + 495) / 2)
    assert told.saving_aud_per_year.p90 == pytest.approx((450 + 590) / 2)
    # 900 is back after 450 and 450 of 590; never after 295 and 495.
    assert told.simple_payback_years.p10 == pytest.approx(1 + 450 / 590)
    assert told.simple_payback_years.p90 is None
    assert told.gains_fraction == 0.5
    assert told.pays_back_fraction == 0.5
    assert told.pays_back_in_warranty_fraction == 0.5


def test_the_warranty_ends_by_what_came_out_in_that_draw() -> None:
    saved = np.zeros((1, 2, 5))
    saved[0, :, 0] = 310.0, 310.0
    saved[0, :, 4] = 62.0, 140.0
    benefit = MonthlyBenefit(SUMMER, np.zeros(1), saved)
    futures = stated([[[0, 0], [0, 0]], [[1, 1], [1, 1]]], [[1.0, 1.0], [1.0, 1.0]])
    bought = battery(600.0, warranty_years=10.0, warranty_throughput_kwh=240.0)

    told = doubt_in(bought, assumed(2), benefit, futures, Chance(2))

    # January saves 590 a year from 118 kWh, February 653.21 from 295: paid back after
    # 1.02 and 0.92 years; 240 kWh are through after 2.03 and 0.81.
    assert told.pays_back_fraction == 1.0
    assert told.pays_back_in_warranty_fraction == 0.5


def test_without_spreads_the_middle_is_the_year_on_record() -> None:
    told = [
        doubt(battery(5000.0), FADING, SEASONAL, NONE, Chance(1000, seed)).npv_aud
        for seed in range(4)
    ]

    # Months alone vary: a year by some 75, its worth by 75 x (sum of 1.05^-2k)^0.5 =
    # 185; the middle of 4,000 draws is known to 1.25 x 185 / 4,000^0.5 = 3.7.
    middle_aud = np.mean([one.p50 for one in told if one.p50 is not None])
    assert middle_aud == pytest.approx(_worth_of_lines_aud() - 5000, abs=4 * 3.7)


def _worth_of_lines_aud() -> float:
    """Worth of 1,000 a year as new, on the lines between the ages that were run."""
    knots = [(age, 1000 * (1 - 0.0004 * age**2)) for age in AGES]
    worth = 0.0
    for year in range(10):
        age = year + 0.5
        (a, at_a), (b, at_b) = next(
            ends for ends in pairwise(knots) if age <= ends[1][0]
        )
        worth += (at_a + (at_b - at_a) * (age - a) / (b - a)) * 1.05 ** -(year + 1)
    return worth


def test_months_that_are_all_alike_leave_no_doubt_without_spreads() -> None:
    per_day = np.array(YEAR.days) * 1000 / 365
    steady = months_of(per_day, ages=(0.0,))

    told = doubt(battery(5000.0), assumed(10), steady, NONE)

    # 1,000 x 7.721735 - 5,000
    assert asdict(told.npv_aud) == pytest.approx(
        {"p10": 2721.73, "p50": 2721.73, "p90": 2721.73}, abs=0.01
    )
    assert told.simple_payback_years.p90 == pytest.approx(5.0)
    assert told.gains_fraction == 1.0


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, again = (
        json.dumps(asdict(found(battery(6000.0, warranty_years=10.0))))
        for _ in range(2)
    )

    assert first == again


def test_another_seed_agrees_within_the_error_of_sampling() -> None:
    one, two = (
        doubt(battery(6000.0), FADING, SEASONAL, chance=Chance(1000, seed))
        for seed in (1, 2)
    )

    # The middle of 1,000 draws is known to 1.25 x deviation / 1,000^0.5; the
    # deviation is a 2.56th of what eight of ten lie within.
    assert one != two
    assert one.npv_aud.p10 is not None
    assert one.npv_aud.p50 is not None
    assert one.npv_aud.p90 is not None
    assert two.npv_aud.p50 is not None
    error = 1.25 * (one.npv_aud.p90 - one.npv_aud.p10) / 2.56 / 1000**0.5
    assert abs(one.npv_aud.p50 - two.npv_aud.p50) < 4 * 2**0.5 * error
    assert one.gains_fraction == pytest.approx(two.gains_fraction, abs=0.09)


def test_what_saves_nothing_pays_back_in_no_draw() -> None:
    told = found(battery(5000.0, salvage_aud=4000.0), months_of(np.zeros(12)))

    assert told.pays_back_fraction == 0.0
    assert told.simple_payback_years == Range(None, None, None)
    assert told.gains_fraction == 0.0


def test_a_dearer_purchase_never_has_a_better_chance() -> None:
    prices = (1500.0, 3000.0, 6000.0, 12_000.0)

    told = [found(battery(one, warranty_years=8.0)) for one in prices]

    for name in (
        "gains_fraction",
        "pays_back_fraction",
        "pays_back_in_warranty_fraction",
    ):
        chances = [getattr(one, name) for one in told]
        assert chances == sorted(chances, reverse=True)
        assert chances[0] == 1.0
        assert chances[-1] < 0.1
    assert 0 < told[2].gains_fraction < 1


def test_what_is_free_has_no_payback_to_show() -> None:
    told = found(battery(1000.0, 1000.0, warranty_years=10.0))

    assert told.simple_payback_years == Range(None, None, None)
    assert told.pays_back_fraction is None
    assert told.pays_back_in_warranty_fraction is None
    assert told.gains_fraction == 1.0


def test_without_a_warranty_no_chance_of_it_is_told() -> None:
    assert found(battery(5000.0)).pays_back_in_warranty_fraction is None


def test_what_ages_faster_never_gains() -> None:
    fast = replace(NONE, least_ageing=1.3, likeliest_ageing=1.3, most_ageing=1.3)
    slow, usual, worst = (
        doubt(battery(5000.0), FADING, SEASONAL, spreads)
        for spreads in (replace(NONE, least_ageing=0.5), NONE, fast)
    )

    for name in ("p10", "p50", "p90"):
        worths = [getattr(one.npv_aud, name) for one in (slow, usual, worst)]
        assert worths == sorted(worths, reverse=True)


def test_ages_that_were_not_simulated_are_refused() -> None:
    too_short = months_of(np.full(12, 80.0), ages=AGES[:3])

    with pytest.raises(DataError, match="simulate the far end"):
        doubt(battery(5000.0), FADING, too_short)


def test_a_season_without_choice_has_no_range() -> None:
    assert saving_range(SUMMER, np.array([310.0, 140.0])) is None


def test_a_year_of_equal_days_has_no_luck() -> None:
    told = saving_range(YEAR, np.array(YEAR.days) * 2)

    assert told is not None
    assert asdict(told) == pytest.approx({"p10": 730.0, "p50": 730.0, "p90": 730.0})


def test_a_years_luck_is_as_wide_as_its_months_differ() -> None:
    # All of a season in one month of it: 0, 1, 2 or 3 times come by chance.
    saved = np.zeros(12)
    saved[[0, 3, 6, 9]] = 31.0, 30.0, 31.0, 31.0

    told = saving_range(YEAR, saved, Chance(20_000))

    # Twelve slots of some 30 days, a third of them by chance: 12 x 1/3 = 4 of them on
    # average, deviation (12 x 1/3 x 2/3)^0.5 = 1.63: 30.4 x (4 - 2, 4, 4 + 2).
    assert told is not None
    assert told.p10 == pytest.approx(60.8, abs=2.5)
    assert told.p50 == pytest.approx(121.7, abs=2.5)
    assert told.p90 == pytest.approx(182.5, abs=2.5)


def test_a_range_is_of_draws_and_never_comes_last() -> None:
    draws = np.array([3.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, NEVER, NEVER])

    assert range_of(draws) == Range(1.0, 5.0, None)
    assert range_of(np.full(3, NOTHING_TO_PAY)) == Range(None, None, None)


def test_a_histogram_has_round_edges_and_parts_gains_from_losses() -> None:
    told = histogram_of(np.array([-1230.0, -10.0, 10.0, 1240.0, 1250.0]))

    # A range of 2,480 in some 20 columns: 200 each.
    assert told.edges_aud[0] == -1400.0
    assert told.edges_aud[-1] == 1400.0
    assert np.diff(told.edges_aud).tolist() == [200.0] * 14
    assert 0.0 in told.edges_aud
    assert told.counts == (1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 2)


def test_a_thousand_draws_are_the_usual_count() -> None:
    told = found(battery(5000.0))

    assert told.chance == USUAL
    assert USUAL.draws == 1000
    assert sum(told.histogram.counts) == 1000
