"""Amounts as a retailer prints them, and lines that add up."""

from datetime import date
from decimal import Decimal

import pytest

from home_energy.domain.bill import Bill, BillLine, LineKind, to_cents, whole_dollars

JULY = date(2025, 7, 1)


def line(amount_aud: float, month: date = JULY) -> BillLine:
    return BillLine(
        month, LineKind.USAGE, "Peak", 1.0, "kWh", 1.0, amount_aud, amount_aud / 11
    )


@pytest.mark.parametrize(
    ("amount_aud", "printed"),
    [
        (1.005, "1.01"),  # half a cent away from zero, as it is written
        (-1.005, "-1.01"),
        (2.675, "2.68"),
        (0.004, "0.00"),
        (-0.004, "0.00"),  # never -0.00
        (1234.5, "1234.50"),
    ],
)
def test_an_amount_is_printed_in_whole_cents(amount_aud: float, printed: str) -> None:
    assert str(to_cents(amount_aud)) == printed


@pytest.mark.parametrize(
    ("amount_aud", "words"),
    [(1239.6, "$1,240"), (-1239.6, "-$1,240"), (0.4, "$0"), (-0.4, "$0")],
)
def test_whole_dollars_have_their_sign_before_them(
    amount_aud: float, words: str
) -> None:
    assert whole_dollars(amount_aud) == words


def test_the_printed_total_is_the_sum_of_the_printed_lines() -> None:
    # 3 x 0.334 prints as 3 x 0.33, though all together are 1.002.
    bill = Bill("flat", JULY, JULY, tuple(line(0.334) for _ in range(3)))

    assert bill.printed_total_aud == Decimal("0.99")
    assert bill.total_aud == pytest.approx(1.002)
    assert bill.gst_aud == pytest.approx(1.002 / 11)


def test_months_stand_in_order_with_their_own_lines() -> None:
    august = date(2025, 8, 1)
    bill = Bill("flat", JULY, august, (line(1.0, august), line(2.0)))

    assert bill.months == (JULY, august)
    assert [one.amount_aud for one in bill.of_month(JULY)] == [2.0]
