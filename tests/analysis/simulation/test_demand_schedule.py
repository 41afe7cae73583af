"""A schedule under a charge for the highest import: by hand, and against HiGHS."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.simulation.highs_referee import solve
from tests.analysis.simulation.random_homes import DEFAULT, problem_of, weather
from tests.analysis.simulation.small_homes import home

from home_energy.analysis.simulation.demand_schedule import (
    DemandPrice,
    exact_schedule_with_demand,
)
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.errors import AlignmentError, DataError


def _price(aud_per_kw: list[float], month: list[int], window: list[int]) -> DemandPrice:
    return DemandPrice(
        np.array(month), np.array(window, dtype=bool), np.array(aud_per_kw)
    )


def test_load_is_spread_by_hand() -> None:
    # 4 kWh at 10 c are needed in three half-hours, all in the window: 4/3 each, 8/3 kW.
    # Energy 40 c, demand 5 $/kW x 8/3 kW = 13.33 $.
    problem = home([0, 2, 2], [0, 0, 0], 10, 0)

    ours = exact_schedule_with_demand(problem, _price([5], [0, 0, 0], [1, 1, 1]))

    assert ours.caps_kw == pytest.approx([8 / 3], abs=1e-6)
    assert ours.demand_c == pytest.approx(4000 / 3, abs=1e-3)
    assert ours.schedule.cost_c == pytest.approx(40, abs=1e-3)
    assert ours.schedule.stored_kwh == pytest.approx([0, 4 / 3, 2 / 3, 0], abs=1e-6)


def test_what_is_imported_outside_the_window_is_free_of_the_charge() -> None:
    # 2 kWh go in before the window and serve half of it: 2 kWh in two half-hours, 2 kW.
    # The second month has no charge and its import of 3 kWh no cap.
    problem = home([0, 2, 2, 3], [0, 0, 0, 0], 10, 0)

    ours = exact_schedule_with_demand(
        problem, _price([5, 0], [0, 0, 0, 1], [0, 1, 1, 1])
    )

    assert ours.caps_kw == pytest.approx([2, 0], abs=1e-6)
    assert ours.demand_c == pytest.approx(1000, abs=1e-3)


def test_load_is_not_dropped_to_save_the_charge() -> None:
    # Without a use of the battery 2 kWh in a half-hour are 4 kW, at 15 $/kW: 60 $.
    problem = home([2], [0], 10, 0)

    ours = exact_schedule_with_demand(problem, _price([15], [0], [1]))

    assert ours.cost_c == pytest.approx(6020, abs=1e-2)


@pytest.mark.parametrize("usable_kwh", [4.0, 25.0])
@pytest.mark.parametrize(("days", "months"), [(4, 1), (12, 3), (18, 6)])
@pytest.mark.parametrize("seed", range(3))
def test_cost_is_the_optimum_of_energy_and_demand_together(
    seed: int, days: int, months: int, usable_kwh: float
) -> None:
    battery = replace(DEFAULT, usable_kwh=usable_kwh, charge_kw=2.0, discharge_kw=2.0)
    problem = problem_of(weather(seed, days), 30, battery)
    count = problem.grid.count
    hour = np.arange(count) / 2 % 24
    price = DemandPrice(
        np.arange(count) * months // count,
        (hour >= 15) & (hour < 21),
        np.linspace(0.3, 0.8, months) * days / months,
    )

    ours = exact_schedule_with_demand(problem, price)

    dropped = ours.schedule.unserved_c_per_kwh
    referee = solve(problem, dropped, demand=price)
    # A cap is searched to 1e-7 kW, which is below 1e-4 c at these prices.
    assert ours.cost_c == pytest.approx(referee.cost_c, abs=1e-4)
    assert ours.schedule.cost_c >= exact_schedule(problem).cost_c


def test_charges_that_do_not_fit_are_refused() -> None:
    problem = home([1, 1], [0, 0])

    with pytest.raises(AlignmentError, match="2 months and 1 window marks"):
        _price([1], [0, 0], [1])
    with pytest.raises(DataError, match="months 0 to 1 with 1 prices"):
        _price([1], [0, 1], [1, 1])
    with pytest.raises(DataError, match="must be 0 or more, got -1"):
        _price([-1], [0, 0], [1, 1])
    with pytest.raises(AlignmentError, match="of 1 intervals for 2"):
        exact_schedule_with_demand(problem, _price([1], [0], [1]))
