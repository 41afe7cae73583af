"""One rate, none, or several."""

import numpy as np
import pytest

from home_energy.analysis.finance.internal_rate import RateFinding, internal_rate


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-1000, 1200], 0.2),
        # 60 x^2 + 60 x = 100: x = (-60 + sqrt(27,600)) / 120 = 0.884437; 1 / x - 1.
        ([-100, 60, 60], 0.130663),
        ([-1000, 500], -0.5),
        ([-100, 0, 121], 0.1),
        ([-1, 10], 9.0),
    ],
)
def test_one_rate(flow: list[float], rate: float) -> None:
    found = internal_rate(np.array(flow, dtype=float))

    assert found.rate_fraction_per_year == pytest.approx(rate, abs=1e-6)
    assert found.finding is RateFinding.ONE


def test_one_rate_in_words() -> None:
    assert internal_rate(np.array([-1000.0, 1200])).said == "It earns 20.0% a year."


def test_a_rate_below_0_is_a_loss() -> None:
    # 950 of 1,000 come back a year later.
    assert internal_rate(np.array([-1000.0, 950])).said == "It loses 5.0% a year."


def test_of_two_rates_none_is_shown() -> None:
    # -100 + 230 / 1.1 - 132 / 1.21 = 0 and -100 + 230 / 1.2 - 132 / 1.44 = 0.
    found = internal_rate(np.array([-100.0, 230, -132]))

    assert found.rate_fraction_per_year is None
    assert found.finding is RateFinding.SEVERAL
    assert found.near_fractions == pytest.approx((0.1, 0.2), abs=0.005)
    assert "no one rate of return" in found.said
    assert "net present value does" in found.said


def test_where_costs_and_benefits_never_balance_there_is_none() -> None:
    # 100 x^2 - 300 x + 250 has no root: 90,000 < 100,000.
    found = internal_rate(np.array([-100.0, 300, -250]))

    assert found.rate_fraction_per_year is None
    assert found.finding is RateFinding.NO_ROOT
    assert "at no rate do costs and benefits balance" in found.said


@pytest.mark.parametrize("flow", [[-100, -10], [-100, 0]])
def test_what_brings_nothing_back_has_no_rate(flow: list[float]) -> None:
    found = internal_rate(np.array(flow, dtype=float))

    assert found.rate_fraction_per_year is None
    assert found.finding is RateFinding.NOTHING_BACK
    assert found.said == "It has no rate of return: nothing comes back."


@pytest.mark.parametrize("flow", [[0, 10, 10], [0, 0], [700, -100, -700]])
def test_what_is_free_has_no_rate(flow: list[float]) -> None:
    # Of the last, too, whose worth is nothing at 7 %: that would be a loan's cost.
    found = internal_rate(np.array(flow, dtype=float))

    assert found.rate_fraction_per_year is None
    assert found.finding is RateFinding.NOTHING_PAID
    assert found.said == "It has no rate of return: nothing is invested."


@pytest.mark.parametrize(
    ("flow", "where"),
    [
        ([-1, 100], "only above 1,000 % a year"),  # 9,900 %
        ([-100, 1], "only below -90 % a year"),  # -99 %
        ([-100, 1, 0], "only below -90 % a year"),
    ],
)
def test_a_rate_beyond_all_sense_is_not_told(flow: list[float], where: str) -> None:
    found = internal_rate(np.array(flow, dtype=float))

    assert found.rate_fraction_per_year is None
    assert found.finding is RateFinding.BEYOND
    assert where in found.said


def test_a_root_beyond_all_sense_is_one_of_several() -> None:
    # -340 + 7,625 x + ... - 1,388 x^13: a good purchase with a bill at the end. Looked
    # at below 1,000 % alone its one root would be -56 %, and say that it loses money.
    flow = [-340.0, 7625, 2535, 705, -87, 2479, 3640, 3014, 905, 7238, 1413, 4722, 51]

    found = internal_rate(np.array([*flow, -1388]))

    assert found.finding is RateFinding.SEVERAL
    assert "near -56% and above 1,000 % a year" in found.said


def test_a_replacement_in_between_leaves_one_rate() -> None:
    # Three changes of sign, one root: -1,000, then 400, 400, -300, 400, 400, 400.
    # At 18 %: 338.98 + 287.27 - 182.59 + 206.32 + 174.84 + 148.17 = 972.99 < 1,000;
    # at 17 %: 341.88 + 292.21 - 187.31 + 213.46 + 182.44 + 155.94 = 998.62;
    # at 16 %: 344.83 + 297.27 - 192.20 + 220.92 + 190.45 + 164.18 = 1,025.45.
    found = internal_rate(np.array([-1000.0, 400, 400, -300, 400, 400, 400]))

    assert found.rate_fraction_per_year == pytest.approx(0.16945, abs=2e-4)
