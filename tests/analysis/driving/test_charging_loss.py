"""What is lost on the way into the cells, by charges that tell both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from home_energy.analysis.driving.charging_loss import charging_efficiency
from home_energy.domain.car_history import Charge

START = datetime(2025, 1, 1, tzinfo=UTC)


def charge(number: int, added: float, drawn: float | None) -> Charge:
    start = START + timedelta(days=number)
    return Charge(start, start + timedelta(hours=3), added, drawn)


def test_the_efficiency_is_the_median_of_the_charges() -> None:
    # 0.80, 0.88, 0.90, 0.91, 0.95: median 0.90; off by 0.10, 0.02, 0, 0.01, 0.05.
    added = [8.0, 8.8, 9.0, 9.1, 9.5]
    charges = [charge(n, kwh, 10.0) for n, kwh in enumerate(added)]

    found = charging_efficiency(charges)

    assert found.fraction == pytest.approx(0.90)
    assert found.spread_fraction == pytest.approx(0.02)
    assert found.charge_count == 5


def test_charges_that_cannot_be_are_named_and_small_or_half_ones_passed_over() -> None:
    sound = [charge(n, 9.0, 10.0) for n in range(5)]
    more_in_than_drawn, half_lost = charge(10, 10.1, 10.0), charge(11, 4.9, 10.0)
    rest = [charge(12, 1.9, 2.0), charge(13, 9.0, None)]

    found = charging_efficiency([*sound, more_in_than_drawn, half_lost, *rest])

    assert found.charge_count == 5
    assert found.odd == (more_in_than_drawn, half_lost)


def test_too_few_charges_tell_nothing() -> None:
    found = charging_efficiency([charge(n, 9.0, 10.0) for n in range(4)])

    assert found.fraction is None
    assert found.spread_fraction is None
    assert found.charge_count == 4
