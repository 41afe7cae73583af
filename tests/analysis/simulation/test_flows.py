"""From stored energy to flows: hand cases, and what no path may ask for."""

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import LOSSLESS, LOSSY, home, with_battery

from home_energy.analysis.simulation.flows import book_flows
from home_energy.domain.grid_connection import GridConnection
from home_energy.errors import AlignmentError, BalanceError


def test_each_flow_of_three_half_hours_by_hand() -> None:
    # 1: solar 3 serves 1 of load; 1 charges 0.8 into the cells; 1 is sold.
    # 2: the night's load of 1 gets 0.4 from 0.8 of the cells; 0.6 is bought.
    # 3: solar 1 covers its load of 1; nothing moves.
    problem = home([1, 1, 1], [3, 0, 1], battery=LOSSY)

    flows = book_flows(problem, np.array([0, 0.8, 0, 0]))

    assert flows.solar_to_load_kwh == pytest.approx([1, 0, 1])
    assert flows.solar_to_battery_kwh == pytest.approx([1, 0, 0])
    assert flows.solar_to_grid_kwh == pytest.approx([1, 0, 0])
    assert flows.battery_to_load_kwh == pytest.approx([0, 0.4, 0])
    assert flows.battery_to_grid_kwh == pytest.approx([0, 0, 0])
    assert flows.grid_to_load_kwh == pytest.approx([0, 0.6, 0])
    assert flows.grid_to_battery_kwh == pytest.approx([0, 0, 0])
    assert flows.lost_kwh == pytest.approx([0.2, 0.4, 0])
    assert flows.curtailed_kwh == pytest.approx([0, 0, 0])


def test_pitfall_9_what_was_bought_at_night_is_not_sold_as_solar() -> None:
    # Pitfall 9: energy bought into the battery is not sun when it is sold.
    # 1: 2 bought into the battery. 2: 1.5 of it sold past a load of 0.5.
    problem = home([0, 0.5], [0, 0])

    flows = book_flows(problem, np.array([0.0, 2, 0]))

    assert flows.grid_to_battery_kwh == pytest.approx([2, 0])
    assert flows.battery_to_load_kwh == pytest.approx([0, 0.5])
    assert flows.battery_to_grid_kwh == pytest.approx([0, 1.5])
    assert flows.solar_to_grid_kwh == pytest.approx([0, 0])


def test_exports_that_cost_are_held_back() -> None:
    problem = home([1], [3], 20, -2)

    flows = book_flows(problem, np.zeros(2))

    assert flows.curtailed_kwh == pytest.approx([2])
    assert flows.grid_export_kwh == pytest.approx([0])


def test_a_connection_that_cannot_curtail_exports_at_any_price() -> None:
    connection = GridConnection(20.0, 3.0, curtails_solar=False)
    problem = home([1], [3], 20, -2, connection=connection)

    flows = book_flows(problem, np.zeros(2))

    # 2 kWh are left over; 3 kW let out 1.5 of them.
    assert flows.grid_export_kwh == pytest.approx([1.5])
    assert flows.curtailed_kwh == pytest.approx([0.5])


def test_solar_beyond_the_export_limit_is_held_back() -> None:
    problem = home([1], [3], connection=GridConnection(20.0, 3.0))

    flows = book_flows(problem, np.zeros(2))

    assert flows.grid_export_kwh == pytest.approx([1.5])
    assert flows.curtailed_kwh == pytest.approx([0.5])


def test_when_buying_pays_own_solar_is_held_back() -> None:
    # All of load 1 and charge 2 is bought; the sun's 2 kWh are held back.
    problem = home([1], [2], -10, -15)

    flows = book_flows(problem, np.array([0.0, 2]))

    assert flows.grid_to_load_kwh == pytest.approx([1])
    assert flows.grid_to_battery_kwh == pytest.approx([2])
    assert flows.curtailed_kwh == pytest.approx([2])


def test_when_buying_pays_the_import_limit_lets_solar_in_again() -> None:
    # 3 kWh of demand, 5 kW let in 2.5: solar brings the last 0.5.
    problem = home([1], [2], -10, -15, connection=GridConnection(5.0, 20.0))

    flows = book_flows(problem, np.array([0.0, 2]))

    assert flows.grid_import_kwh == pytest.approx([2.5])
    assert flows.curtailed_kwh == pytest.approx([1.5])


def test_when_buying_and_selling_both_pay_the_better_is_done_not_both() -> None:
    # Solar 3, load 1. Selling the 2 that are left over earns 2 * 6 = 12 c; buying the
    # load instead earns 1 * 10 = 10 c, or 13 c at -13 c/kWh.
    sells = book_flows(home([1], [3], -10, 6), np.zeros(2))
    buys = book_flows(home([1], [3], -13, 6), np.zeros(2))

    assert (sells.grid_export_kwh[0], sells.grid_import_kwh[0]) == (2, 0)
    assert (buys.grid_export_kwh[0], buys.grid_import_kwh[0]) == (0, 1)


def test_a_battery_that_may_not_charge_from_the_grid_keeps_its_solar() -> None:
    # 1 kWh is charged from the sun's 4; the load of 1 is bought, for that pays.
    battery = with_battery(LOSSLESS, may_charge_from_grid=False)
    problem = home([1], [4], -10, -15, battery=battery)

    flows = book_flows(problem, np.array([0.0, 1]))

    assert flows.solar_to_battery_kwh == pytest.approx([1])
    assert flows.grid_to_battery_kwh == pytest.approx([0])
    assert flows.grid_to_load_kwh == pytest.approx([1])
    assert flows.curtailed_kwh == pytest.approx([3])


def test_load_beyond_the_import_limit_is_unserved_not_forgotten() -> None:
    problem = home([4], [1], connection=GridConnection(4.0, 20.0))

    flows = book_flows(problem, np.zeros(2))

    assert flows.grid_import_kwh == pytest.approx([2])
    assert flows.unserved_kwh == pytest.approx([1])


def test_standby_is_part_of_the_load() -> None:
    # 0.1 kW are 0.05 kWh in a half-hour.
    problem = home([1], [0], battery=with_battery(LOSSLESS, standby_kw=0.1))

    flows = book_flows(problem, np.zeros(2))

    assert flows.load_kwh == pytest.approx([1.05])
    assert flows.grid_to_load_kwh == pytest.approx([1.05])


@pytest.mark.parametrize(
    ("load", "stored", "connection", "said"),
    [
        (0, [0, 2.5], GridConnection(), "charges more than the battery may"),
        (0, [2.5, 0], GridConnection(), "discharges more than the battery may"),
        (0, [2, 0], GridConnection(15.0, 1.0), "more than the export limit lets out"),
        (0, [0, 2], GridConnection(1.0, 5.0), "more than the import limit lets in"),
        (0, [10, 11], GridConnection(), "more than fits"),
        (0, [0, -1], GridConnection(), "less than nothing"),
    ],
)
def test_what_cannot_be_is_refused(
    load: float, stored: list[float], connection: GridConnection, said: str
) -> None:
    problem = home([load], [0], connection=connection)

    with pytest.raises(BalanceError, match=said):
        book_flows(problem, np.array(stored, float))


def test_a_path_of_another_length_is_refused() -> None:
    with pytest.raises(AlignmentError, match="expected \\(3,\\)"):
        book_flows(home([1, 1], [0, 0]), np.zeros(2))
