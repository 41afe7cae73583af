"""Borrowed and paid back."""

import numpy as np
import pytest

from home_energy.analysis.finance.loan import Loan
from home_energy.errors import DataError


def test_an_annuity_by_hand() -> None:
    # Two years at 10 %: 0.1 / (1 - 1 / 1.21) = 0.1 x 1.21 / 0.21 = 0.576190.
    # Check: 1.1 - 0.576190 = 0.523810; x 1.1 = 0.576190, all paid back.
    flow = Loan(1.0, 0.10, 2).flow_per_aud(3)

    np.testing.assert_allclose(flow, [1, -0.576190, -0.576190, 0], atol=1e-6)


def test_half_the_price_is_half_the_flow() -> None:
    flow = Loan(0.5, 0.0, 4).flow_per_aud(4)

    np.testing.assert_allclose(flow, [0.5, -0.125, -0.125, -0.125, -0.125])


def test_what_is_owed_at_the_end_is_paid_then() -> None:
    # Three years at 10 %: 0.1 / (1 - 1 / 1.331) = 0.402115. After one year
    # 1.1 - 0.402115 = 0.697885 are owed: 0.402115 + 0.697885 = 1.1 at once.
    flow = Loan(1.0, 0.10, 3).flow_per_aud(1)

    np.testing.assert_allclose(flow, [1, -1.1])


def test_owed_without_interest_is_what_is_left() -> None:
    np.testing.assert_allclose(Loan(1, 0, 4).flow_per_aud(2), [1, -0.25, -0.75])


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DataError) as error:
        Loan(1.5, -0.1, 0)

    for words in ("share_fraction", "rate_fraction_per_year", "years must be 1"):
        assert words in str(error.value)
