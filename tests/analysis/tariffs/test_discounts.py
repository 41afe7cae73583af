"""Discounts on a bill of 48 kWh: 14.40 for usage and 1.00 for supply."""

from datetime import date

import pytest
from tests.analysis.tariffs.written_plans import (
    FLAT,
    SUPPLY,
    meter_days,
    steady,
    tariff_of,
)

from home_energy.domain.bill import Bill


def _bill(discount: str, stop: date = date(2025, 6, 2)) -> Bill:
    parts = FLAT + SUPPLY + f'[[period.discount]]\nname = "Pay on time"\n{discount}'
    parts += '[[period.feed_in]]\nname = "Solar"\nc_per_kwh = 5'
    grid = meter_days(date(2025, 6, 1), stop)
    return tariff_of(parts).bill(steady(grid, 1.0, 1.0), None)


@pytest.mark.parametrize(
    ("of", "aud"),
    [
        ("usage", -1.44),  # 10 % of 14.40
        ("supply", -0.10),
        ("usage and supply", -1.54),
    ],
)
def test_percentage_is_of_what_it_says_and_never_of_feed_in(
    of: str, aud: float
) -> None:
    line = _bill(f'percent = 10\nof = "{of}"\n').lines[2]

    assert line.label == f"Pay on time, 10 % of {of}"
    assert line.amount_aud == pytest.approx(aud)
    assert line.gst_aud == pytest.approx(aud / 11)
    assert line.quantity is None
    assert line.rate_c is None


def test_dollars_a_month_are_shared_by_days() -> None:
    line = _bill("aud_per_month = 30\n", stop=date(2025, 6, 11)).lines[2]

    # 10 of 30 days
    assert line.amount_aud == pytest.approx(-10)
    assert line.gst_aud == pytest.approx(-10 / 11)


def test_second_discount_is_not_of_the_first() -> None:
    twice = 'percent = 10\n[[period.discount]]\nname = "Loyalty"\npercent = 10\n'

    first, second = _bill(twice).lines[2:4]

    assert first.amount_aud == second.amount_aud == pytest.approx(-1.44)
