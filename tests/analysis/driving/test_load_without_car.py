"""The car's recorded charging is taken off a load, and no more than is there."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.analysis.driving.load_without_car import load_without_car
from home_energy.domain.car_history import Charge
from home_energy.domain.series import EnergySeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError

START = datetime(2025, 3, 3, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def load(*kwh: float) -> EnergySeries:
    return EnergySeries(TimeGrid(START, HALF_HOUR, len(kwh)), np.array(kwh))


def charge(begin: float, end: float, drawn: float | None, added: float = 0.0) -> Charge:
    minute = timedelta(minutes=1)
    return Charge(START + begin * minute, START + end * minute, added, drawn)


def test_a_charge_is_spread_evenly_over_its_time() -> None:
    # 00:15 to 01:30 is 15, 30 and 30 minutes: 5 kWh are 1, 2 and 2.
    found = load_without_car(load(3, 3, 3, 3), [charge(15, 90, 5.0)], 0.9)

    assert found.load.kwh == pytest.approx([2, 1, 1, 3], abs=1e-12)
    assert found.charged.kwh == pytest.approx([1, 2, 2, 0], abs=1e-12)
    assert (found.charge_count, found.estimated_count) == (1, 0)
    assert found.not_found_kwh == pytest.approx(0, abs=1e-12)


def test_what_one_interval_cannot_have_held_is_taken_off_the_others() -> None:
    # 6 kWh over three intervals, 2 each; the first had 0.5, so 2.75 each off the rest.
    found = load_without_car(load(0.5, 3, 3, 3), [charge(0, 90, 6.0)], 0.9)

    assert found.load.kwh == pytest.approx([0, 0.25, 0.25, 3], abs=1e-12)


def test_what_is_not_in_the_load_is_counted() -> None:
    # 4.2 kWh charged, 4.0 in the load: 4.8 % is not found.
    found = load_without_car(load(2, 2, 1), [charge(0, 60, 4.2)], 0.9)

    assert found.load.kwh.tolist() == [0, 0, 1]
    assert found.not_found_kwh == pytest.approx(0.2)


def test_too_much_that_is_not_in_the_load_is_refused() -> None:
    with pytest.raises(DataError, match=r"1\.0 of 5\.0 kWh .* not in the load"):
        load_without_car(load(2, 2, 1), [charge(0, 60, 5.0)], 0.9)


def test_a_little_that_is_not_in_the_load_is_rounding() -> None:
    found = load_without_car(load(0.11, 0, 1), [charge(0, 60, 0.2)], 0.9)

    assert found.not_found_kwh == pytest.approx(0.09)


def test_a_charge_that_tells_only_the_cells_is_drawn_by_the_efficiency() -> None:
    # 1.8 / 0.9 = 2 kWh. A meter that drew less than reached the cells is none.
    charges = [charge(0, 60, None, added=1.8), charge(60, 120, 1.0, added=1.8)]

    found = load_without_car(load(2, 2, 2, 2), charges, 0.9)

    assert found.load.kwh == pytest.approx([1, 1, 1, 1])
    assert found.estimated_count == 2


def test_a_charge_over_the_end_of_the_axis_counts_with_its_share() -> None:
    # An hour each before, on and after the axis: 2 of 6 kWh.
    found = load_without_car(load(2, 2), [charge(-60, 120, 6.0)], 0.9)

    assert found.load.kwh == pytest.approx([1, 1])


def test_charges_outside_of_the_axis_are_passed_over() -> None:
    charges = [charge(-60, 0, 6.0), charge(60, 90, 6.0), charge(500, 600, 6.0)]

    found = load_without_car(load(2, 2), charges, 0.9)

    assert found.load.kwh.tolist() == [2, 2]
    assert found.charge_count == 0


def test_a_missing_load_stays_missing_and_its_charging_is_counted() -> None:
    found = load_without_car(load(2, np.nan, 2), [charge(0, 90, 3.0)], 0.9)

    assert found.load.kwh[[0, 2]] == pytest.approx([1, 1])
    assert np.isnan(found.load.kwh[1])
    assert found.unknown_kwh == pytest.approx(1.0)
    assert found.charged.kwh[1] == 0


def test_a_charge_without_length_is_taken_off_its_interval() -> None:
    found = load_without_car(load(2, 2), [charge(40, 40, 1.0)], 0.9)

    assert found.load.kwh == pytest.approx([2, 1])


def test_an_efficiency_in_percent_is_refused() -> None:
    with pytest.raises(DataError, match="efficiency_fraction"):
        load_without_car(load(2, 2), [], 90.0)


@given(
    st.lists(st.floats(0, 5), min_size=4, max_size=30),
    st.lists(
        st.tuples(st.integers(-50, 900), st.integers(0, 300), st.floats(0, 2)),
        max_size=5,
    ),
)
def test_energy_is_kept_and_no_load_is_negative(
    kwh: list[float], charges: list[tuple[int, int, float]]
) -> None:
    # A load beside the car's that is never 0, so that all of it can be found.
    before = load(*(value + 20 for value in kwh))
    recorded = [charge(b, b + length, drawn) for b, length, drawn in charges]

    found = load_without_car(before, recorded, 0.9)

    assert np.all(found.load.kwh >= 0)
    assert found.load.kwh + found.charged.kwh == pytest.approx(before.kwh, abs=1e-9)
    most_kwh = sum(drawn for _, _, drawn in charges)
    assert found.charged.kwh.sum() <= most_kwh + 1e-9
    if all(b >= 0 and b + max(length, 1) <= 30 * len(kwh) for b, length, _ in charges):
        assert found.charged.kwh.sum() == pytest.approx(most_kwh, abs=1e-9)
