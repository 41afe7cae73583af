"""The exact schedule: by hand, and what must hold for every home."""

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import LOSSLESS, LOSSY, home, with_battery

from home_energy.analysis.simulation.dispatch_problem import EndOfRun
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.domain.grid_connection import GridConnection


def test_three_half_hours_by_hand() -> None:
    # Load 1 each; buying costs 10, 50, 30. Lossless, 2 kWh a half-hour, starts empty
    # and may end empty: buy 1 + 2 at 10, use 1 in the 2nd and 1 in the 3rd: 30 c.
    problem = home([1, 1, 1], [0, 0, 0], [10, 50, 30], 0)

    schedule = exact_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 2, 1, 0])
    assert schedule.cost_c == pytest.approx(30)
    assert schedule.certificate_c == 0


def test_losses_and_wear_decide_by_hand() -> None:
    # 1 kWh bought at 10 gives 0.8 in the cells and 0.4 out: 25 c a kWh out, and wear
    # of 1 c/kWh adds (0.8 + 0.8) x 1 = 1.6 c for 0.4 kWh: 29 c. It pays against 50, not
    # against 28. The 1 kWh of load at 50 needs 2 kWh of cells, 2.5 bought, but 2 kWh
    # go in in a half-hour: 1.6 in the cells, 0.8 out.
    # Cost: 3 x 10 + 0.2 x 50 + 1 x 28 + 2 x 1.6 x 1 = 71.2 c.
    problem = home(
        [1, 1, 1],
        [0, 0, 0],
        [10, 50, 28],
        0,
        battery=with_battery(LOSSY, wear_c_per_kwh=1.0),
    )

    schedule = exact_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 1.6, 0, 0])
    assert schedule.cost_c == pytest.approx(71.2)


def test_sun_is_kept_for_the_evening_and_held_back_when_exporting_costs() -> None:
    # Solar 3 at a feed-in of -5 c with no load: 2 go in, 1 is held back. Then load 1
    # at 40 from the battery; the last kWh is sold at 20.
    problem = home([0, 1, 0], [3, 0, 0], [30, 40, 40], [-5, 10, 20])

    schedule = exact_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([0, 2, 1, 0])
    assert schedule.cost_c == pytest.approx(-20)


@pytest.mark.parametrize(
    ("end", "last_kwh", "cost_c"),
    [
        # Selling at 20 now, buying back at 10 later: 1 kWh each way is 10 c earned.
        (EndOfRun.AS_START, 1, -10),
        (EndOfRun.AT_LEAST_START, 1, -10),
        (EndOfRun.FREE, 0, -20),
    ],
)
def test_the_end_of_the_run_is_kept(
    end: EndOfRun, last_kwh: float, cost_c: float
) -> None:
    problem = home([0, 0], [0, 0], [30, 10], [20, 0], start_stored_kwh=1, end=end)

    schedule = exact_schedule(problem)

    assert schedule.stored_kwh[-1] == pytest.approx(last_kwh)
    assert schedule.cost_c == pytest.approx(cost_c)


def test_more_than_the_start_may_remain() -> None:
    # Paid 5 c a kWh to take 2 kWh, and nothing to do with them.
    problem = home(
        [0], [0], [-5.0], -5, start_stored_kwh=1, end=EndOfRun.AT_LEAST_START
    )

    schedule = exact_schedule(problem)

    assert schedule.stored_kwh == pytest.approx([1, 3])
    assert schedule.cost_c == pytest.approx(-10)


def test_a_home_without_battery_has_a_cost_too() -> None:
    # 2 kWh short at 30, then 1 kWh sold at 5, then 1 of 2 kWh held back at -5.
    connection = GridConnection(import_limit_kw=20, export_limit_kw=20)
    problem = home(
        [2, 0, 1], [0, 1, 2], 30, [5, 5, -5], battery=None, connection=connection
    )

    schedule = exact_schedule(problem)

    assert np.all(schedule.stored_kwh == 0)
    assert schedule.cost_c == pytest.approx(55)
    assert schedule.certificate_c == 0


def test_load_is_never_dropped_to_save_money_at_a_price_spike() -> None:
    problem = home([1, 1], [0, 0], [1690, 1690], 0, battery=LOSSLESS)

    schedule = exact_schedule(problem)

    assert schedule.cost_c == pytest.approx(3380)
    assert schedule.unserved_c_per_kwh == 3380
