"""The month: billed days, then measured ones, and a count of those that are neither."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.analysis.running_costs.measured_home import GRID_METER, measure_steadily
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome
from tests.dashboard.tiny_bill import PLAN, tiny_home, use

from home_energy.analysis.running_costs.costs_so_far import costs_so_far
from home_energy.analysis.running_costs.month_cost import MonthCost
from home_energy.domain.time_grid import nem_day_start

DAY = timedelta(days=1)
FIRST, FIFTH = date(2026, 11, 1), date(2026, 11, 5)
TWENTIETH, TODAY = date(2026, 11, 20), date(2026, 11, 22)
DEMAND = '[[period.demand]]\nname = "Demand"\naud_per_kw_per_day = 0.5\n'


def month(home: RecordedHome) -> MonthCost:
    found = costs_so_far(home.store, home.settings, home.clock.time)
    assert found.month is not None, found.fault
    return found.month


def three_kinds_of_days(folder: Path, plan: str = PLAN) -> RecordedHome:
    """Nineteen billed days, one measured, one of which too little was heard."""
    home = tiny_home(folder, plan)
    home.power = GRID_METER
    use(home, FIRST, TWENTIETH, without={FIFTH})
    fifth = nem_day_start(FIFTH)
    measure_steadily(home, fifth, fifth + 270 * FIVE_MINUTES, 1200.0)
    measure_steadily(home, nem_day_start(TODAY - DAY), NOON, 1200.0)
    return home


def test_billed_measured_and_missing_days(tmp_path: Path) -> None:
    found = month(three_kinds_of_days(tmp_path))

    assert found.first_day == FIRST
    assert found.billed_day_count == 19
    assert found.measured_day_count == 1
    assert found.missing_day_count == 1
    # 19 days x $3.36 + 28.8 kWh x 30 c + today's 11 hours x 1.2 kW x 30 c
    # + 22 days x $1 = 63.84 + 8.64 + 3.96 + 22
    assert found.cost_aud == pytest.approx(98.44, abs=1e-9)
    # (63.84 + 8.64) x 30 / 20: ten days cost the mean of twenty; 30 days x $1
    assert found.projected_aud == pytest.approx(108.72 + 30, abs=1e-9)


def test_demand_charges_grow_with_the_billed_days_alone(tmp_path: Path) -> None:
    found = month(three_kinds_of_days(tmp_path, PLAN + DEMAND))

    # 0.5 kW x $0.50 x 19 days; of 30 days $7.50
    assert found.cost_aud == pytest.approx(98.44 + 4.75, abs=1e-9)
    assert found.projected_aud == pytest.approx(138.72 + 7.50, abs=1e-9)


def test_newer_usage_takes_the_place_of_power_at_once(tmp_path: Path) -> None:
    home = three_kinds_of_days(tmp_path)
    before = month(home)
    use(home, TODAY - DAY, TODAY - DAY)

    after = month(home)

    assert (before.billed_day_count, before.measured_day_count) == (19, 1)
    assert (after.billed_day_count, after.measured_day_count) == (20, 0)
    assert after.cost_aud == pytest.approx(98.44 - 8.64 + 3.36, abs=1e-9)


def test_a_home_without_usage_has_its_power(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    measure_steadily(home, nem_day_start(TODAY - 7 * DAY), NOON, 1200.0)

    found = month(home)

    assert (found.billed_day_count, found.measured_day_count) == (0, 7)
    assert found.missing_day_count == 14
    # 7 x 8.64 + 3.96 + 22; all 30 days 8.64 and $1
    assert found.cost_aud == pytest.approx(86.44, abs=1e-9)
    assert found.projected_aud == pytest.approx(30 * 9.64, abs=1e-9)


def test_six_days_are_too_few_to_project(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    measure_steadily(home, nem_day_start(TODAY - 6 * DAY), NOON, 1200.0)

    assert month(home).projected_aud is None


def test_the_first_day_of_a_month_looks_back_on_the_last_one(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 10, 1), date(2026, 10, 31))
    home.clock.time = nem_day_start(FIRST) + timedelta(hours=3)

    found = month(home)

    assert found.billed_day_count == found.missing_day_count == 0
    assert found.cost_aud is None
    # 30 days of 3.36 and $1
    assert found.projected_aud == pytest.approx(130.80, abs=1e-9)


def test_of_a_month_of_which_nothing_is_known_there_is_no_cost(tmp_path: Path) -> None:
    found = month(tiny_home(tmp_path))

    assert found.cost_aud is None
    assert found.missing_day_count == 21
