"""What is saved in years that were simulated, and between them."""

import numpy as np
import pytest
from tests.analysis.finance.purchases import saves

from home_energy.analysis.finance.benefit import YearlyBenefit, benefit_between
from home_energy.errors import AlignmentError, DataError


def simulated(import_avoided_aud: list[float]) -> YearlyBenefit:
    zeros = np.zeros(len(import_avoided_aud))
    amounts = np.array(import_avoided_aud)
    return YearlyBenefit(amounts, zeros, zeros, zeros, 2 * amounts)


def test_between_two_simulated_years_lies_a_line() -> None:
    # 1,000 at full capacity, 700 at 70 %: a third of the way down is 900.
    found = benefit_between(
        np.array([1.0, 0.7]), simulated([1000, 700]), np.array([0.9, 0.7, 1.0])
    )

    np.testing.assert_allclose(found.import_avoided_aud, [900, 700, 1000])
    np.testing.assert_allclose(found.discharge_kwh, [1800, 1400, 2000])


def test_the_error_of_the_line_is_an_eighth_of_curve_times_distance_squared() -> None:
    # A benefit of 1,000 (1 - (1 - c)^2) curves by 2,000 everywhere. Simulated at 1,
    # 0.85 and 0.7: 1,000, 977.5, 910. In the middle of the first two, at 0.925, it is
    # 1,000 (1 - 0.075^2) = 994.375; the line says 988.75, too low by 5.625, which is
    # 2,000 x 0.15^2 / 8. With the ends alone it is four times as far off at 0.85:
    # 977.5 against 955.
    knots, values = np.array([1, 0.85, 0.7]), simulated([1000, 977.5, 910])

    of_three = benefit_between(knots, values, np.array([0.925]))
    of_two = benefit_between(knots[::2], simulated([1000, 910]), np.array([0.85]))

    assert 994.375 - of_three.import_avoided_aud[0] == pytest.approx(5.625)
    assert 977.5 - of_two.import_avoided_aud[0] == pytest.approx(4 * 5.625)


def test_draws_have_paths_of_their_own() -> None:
    found = benefit_between(
        np.array([1.0, 0.0]), simulated([100, 0]), np.array([[1, 0.5], [0.9, 0.1]])
    )

    np.testing.assert_allclose(found.import_avoided_aud, [[100, 50], [90, 10]])


def test_nothing_is_guessed_outside_what_was_simulated() -> None:
    with pytest.raises(DataError, match=r"wanted between 0.6 and 0.6.*0.7 and 1 only"):
        benefit_between(np.array([1, 0.7]), simulated([1, 1]), np.array([0.6]))


def test_a_point_simulated_twice_is_refused() -> None:
    with pytest.raises(DataError, match="must differ"):
        benefit_between(np.array([1.0, 1.0]), simulated([1, 2]), np.array([1.0]))


def test_as_many_points_as_benefits() -> None:
    with pytest.raises(AlignmentError, match="3 points"):
        benefit_between(np.array([1, 0.9, 0.8]), simulated([1, 2]), np.array([1.0]))


def test_a_missing_year_is_no_year_without_benefit() -> None:
    with pytest.raises(DataError, match=r"import_avoided_aud, .* must be finite"):
        simulated([1, float("nan")])


def test_shapes_must_agree() -> None:
    zeros = np.zeros(3)

    with pytest.raises(AlignmentError, match="shapes differ"):
        YearlyBenefit(zeros, zeros, zeros, zeros, np.zeros(2))


def test_steady_amounts() -> None:
    np.testing.assert_allclose(saves(5, 2, discharge_kwh=7).discharge_kwh, [7, 7])
