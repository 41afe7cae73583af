"""Cycles, fade and warranty."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import LOSSY, home, with_battery

from home_energy.analysis.simulation.battery_life import (
    WarrantyEnd,
    battery_use,
    warranty_at,
)
from home_energy.analysis.simulation.catalogue import battery_named
from home_energy.analysis.simulation.flows import book_flows


def test_pitfall_8_throughput_ends_a_powerwall_3_in_7_7_years() -> None:
    # Pitfall 8: 13.5 kWh x 365.25 days = 4,931 kWh a year; 37,800 / 4,931 = 7.666.
    battery = battery_named("powerwall-3", {})

    warranty = warranty_at(battery, 4931)

    assert warranty is not None
    assert warranty.years == pytest.approx(7.67, abs=0.005)
    assert warranty.ended_by is WarrantyEnd.THROUGHPUT


def test_two_cycles_a_day_halve_that() -> None:
    # 37,800 / 9,862 = 3.833.
    warranty = warranty_at(battery_named("powerwall-3", {}), 9862)

    assert warranty is not None
    assert warranty.years == pytest.approx(3.83, abs=0.005)


def test_years_end_a_warranty_that_is_little_used() -> None:
    # 37,800 / 2,000 = 18.9 years, but it is warranted for 10.
    warranty = warranty_at(battery_named("powerwall-3", {}), 2000)

    assert warranty is not None
    assert (warranty.years, warranty.ended_by) == (10, WarrantyEnd.YEARS)
    assert warranty.years_to_throughput == pytest.approx(18.9)


def test_a_battery_that_rests_is_warranted_for_its_years() -> None:
    warranty = warranty_at(battery_named("powerwall-3", {}), 0)

    assert warranty is not None
    assert (warranty.years, warranty.years_to_throughput) == (10, None)


def test_an_unknown_warranty_is_none() -> None:
    assert warranty_at(LOSSY, 1000) is None


def test_use_of_a_run_is_told_by_the_year() -> None:
    # One day: out of the cells 2 kWh, of it 1 kWh on the AC side. A year has 365.25
    # of them: 365.25 kWh AC, 730.5 from the cells, 73.05 full cycles of 10 kWh.
    problem = home([1.0] + [0.0] * 47, [0.0] * 48, battery=LOSSY, start_stored_kwh=2)
    stored = np.zeros(49)
    stored[0] = 2
    battery = with_battery(LOSSY, cycle_fade_fraction_per_cycle=1e-4)

    use = battery_use(book_flows(problem, stored), battery)

    assert use.throughput_kwh_per_year == pytest.approx(365.25)
    assert use.full_cycles_per_year == pytest.approx(73.05)
    assert use.cycle_fade_fraction_per_year == pytest.approx(0.007305)


def test_fade_by_time_and_by_cycles_add_up() -> None:
    # 1.5 % a year and 73.05 cycles of 0.01 %: after 10 years 1 - 0.15 - 0.07305.
    battery = with_battery(
        LOSSY,
        calendar_fade_fraction_per_year=0.015,
        cycle_fade_fraction_per_cycle=1e-4,
    )
    problem = home([1.0] + [0.0] * 47, [0.0] * 48, battery=LOSSY, start_stored_kwh=2)
    stored = np.zeros(49)
    stored[0] = 2

    use = battery_use(book_flows(problem, stored), battery)

    assert use.capacity_left_fraction(10) == pytest.approx(0.77695)
    assert use.capacity_left_fraction(1000) == 0


def test_a_run_without_intervals_uses_nothing() -> None:
    use = battery_use(book_flows(home([], []), np.zeros(1)), LOSSY)

    assert use.throughput_kwh_per_year == 0


def test_throughput_is_counted_once_it_comes_out() -> None:
    # What goes in and stays is no throughput.
    problem = home([0.0], [2.0])

    use = battery_use(book_flows(problem, np.array([0.0, 2.0])), replace(LOSSY))

    assert use.throughput_kwh_per_year == 0
