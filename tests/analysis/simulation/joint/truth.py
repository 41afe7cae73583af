"""HiGHS on a home with battery and car: as a linear programme, and as it really is.

Written down as a person would, with nothing of the code under test. `PHYSICAL` adds
binary variables: battery and car each go one way only, the car's charge is nothing or
at least its least power, and the meter does not import and export at once.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import highspy
import numpy as np
from tests.analysis.simulation.highs_referee import (
    Terms,
    _model,
    _Rows,
    stored_bounds,
)

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.car_at_home import Discharge
from home_energy.domain.series import FloatArray

SWITCHES = ("is charging", "car is charging", "is importing")


class Rule(Enum):
    LINEAR = "linear"
    PHYSICAL = "physical"


@dataclass(frozen=True)
class JointVerdict:
    """What HiGHS found; the worths are of a linear programme only."""

    cost_c: float
    bound_c: float
    stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    worth_c_per_kwh: FloatArray
    car_worth_c_per_kwh: FloatArray
    seconds: float


def solve_jointly(
    problem: DispatchProblem,
    unserved_c_per_kwh: float,
    rule: Rule = Rule.LINEAR,
    seconds: float = 60.0,
) -> JointVerdict:
    """Least cost of energy, wear, public charging and missed levels."""
    battery, on_axis = problem.battery, problem.car
    assert battery is not None
    assert on_axis is not None
    car, t = on_axis.car, problem.grid.count
    zeros = np.zeros(t)
    up, down = battery.charge_efficiency_fraction, battery.discharge_efficiency_fraction
    into = car.charger.charge_efficiency_fraction
    out = car.charger.discharge_efficiency_fraction or 1.0
    most_in = problem.connection.import_limits_kwh(problem.grid)
    most_out = problem.connection.export_limits_kwh(problem.grid)
    least, room = stored_bounds(problem)
    whole = np.full(t + 1, car.capacity_kwh)
    empty = np.zeros(t + 1)
    empty[0] = whole[0] = on_axis.start_stored_kwh
    short = np.full(t + 1, on_axis.short_c_per_kwh)
    public = zeros + on_axis.public_c_per_kwh
    battery_wear, car_wear = battery.wear_c_per_kwh, car.wear_c_per_kwh
    charge, discharge = problem.charge_limits_kwh, problem.discharge_limits_kwh
    car_charge = problem.car_charge_limits_kwh
    car_discharge = problem.car_discharge_limits_kwh
    # Name: cost, lower bound, upper bound of every variable.
    variables = {
        "import": (problem.rates.import_c_per_kwh, zeros, most_in),
        "export": (-problem.rates.export_c_per_kwh, zeros, most_out),
        "held back": (zeros, zeros, problem.solar_kwh),
        "charge": (zeros + battery_wear * up, zeros, charge),
        "discharge": (zeros + battery_wear / down, zeros, discharge),
        "car charge": (zeros, zeros, car_charge),
        "car discharge": (zeros + car_wear / out, zeros, car_discharge),
        "unserved": (zeros + unserved_c_per_kwh, zeros, problem.whole_load_kwh),
        "public": (public, zeros, on_axis.coverable_kwh),
        "short": (short, 0 * short, on_axis.wanted_kwh),
        "stored": (np.zeros(t + 1), least, room),
        "car stored": (np.zeros(t + 1), empty, whole),
    }
    continuous = sum(len(costs) for costs, _, _ in variables.values())
    is_whole = np.zeros(continuous, dtype=bool)
    if rule is Rule.PHYSICAL:
        variables |= dict.fromkeys(SWITCHES, (zeros, zeros, zeros + 1))
        is_whole = np.append(is_whole, np.ones(len(SWITCHES) * t, dtype=bool))
    at, first = {}, 0
    for name, (costs, _, _) in variables.items():
        at[name] = np.arange(first, first + len(costs))
        first += len(costs)
    rows = _Rows()
    signs = {"import": 1, "export": -1, "held back": -1, "unserved": 1}
    signs |= {"charge": -1, "discharge": 1, "car charge": -1, "car discharge": 1}
    balance: Terms = {name: (at[name], float(sign)) for name, sign in signs.items()}
    net = problem.whole_load_kwh - problem.solar_kwh
    rows.add(balance, net, net)
    rows.add(
        {
            "after": (at["stored"][1:], 1.0),
            "before": (at["stored"][:-1], -1.0),
            "charge": (at["charge"], -up),
            "discharge": (at["discharge"], 1 / down),
        },
        0.0,
        0.0,
    )
    rows.add(
        {
            "after": (at["car stored"][1:], 1.0),
            "before": (at["car stored"][:-1], -1.0),
            "charge": (at["car charge"], -into),
            "discharge": (at["car discharge"], 1 / out),
            "public": (at["public"], -1.0),
        },
        -on_axis.coverable_kwh,
        -on_axis.coverable_kwh,
    )
    rows.add(
        {"stored": (at["car stored"], 1.0), "short": (at["short"], 1.0)},
        on_axis.wanted_kwh,
        np.inf,
    )
    if not battery.may_export and car.discharge is not Discharge.V2G:
        both: Terms = {name: (at[name], 1.0) for name in ("discharge", "car discharge")}
        rows.add(both, -np.inf, np.maximum(net, 0.0))
    if rule is Rule.PHYSICAL:
        _add_physical(rows, at, problem)
    lp, at = _model(list(variables.values()), is_whole, rows, at)
    return _run(lp, at, seconds, _beyond_c(problem))


def _add_physical(rows: _Rows, at: Any, problem: DispatchProblem) -> None:
    battery, on_axis = problem.battery, problem.car
    assert battery is not None
    assert on_axis is not None
    car_most = problem.car_charge_limits_kwh
    if not battery.may_charge_from_grid:
        own: Terms = {
            "charge": (at["charge"], 1.0),
            "held back": (at["held back"], 1.0),
        }
        rows.add(own, -np.inf, problem.solar_kwh)
    ways = (
        ("charge", problem.charge_limits_kwh),
        ("discharge", problem.discharge_limits_kwh),
        ("car charge", car_most),
        ("car discharge", problem.car_discharge_limits_kwh),
        ("import", problem.connection.import_limits_kwh(problem.grid)),
        ("export", problem.connection.export_limits_kwh(problem.grid)),
    )
    for k, switch in enumerate(SWITCHES):
        _one_way(rows, at, ways[2 * k], ways[2 * k + 1], switch)
    # The switch is on for nothing below the least power.
    least_kwh = np.where(car_most > 0, on_axis.car.charger.least_kw * problem.hours, 0)
    floor: Terms = {
        "charge": (at["car charge"], 1.0),
        "switch": (at[SWITCHES[1]], -least_kwh),
    }
    rows.add(floor, 0.0, np.inf)


def _beyond_c(problem: DispatchProblem) -> float:
    """What trips longer than a full car goes cost elsewhere, whatever is done. [c]"""
    assert problem.car is not None
    beyond = problem.car.trip_kwh - problem.car.coverable_kwh
    return float(beyond.sum()) * problem.car.public_c_per_kwh


def _one_way(
    rows: _Rows,
    at: Any,
    one: tuple[str, FloatArray],
    other: tuple[str, FloatArray],
    switch: str,
) -> None:
    """With the switch on only the one flows, with it off only the other."""
    rows.add({"flow": (at[one[0]], 1.0), "switch": (at[switch], -one[1])}, -np.inf, 0.0)
    rows.add(
        {"flow": (at[other[0]], 1.0), "switch": (at[switch], other[1])},
        -np.inf,
        other[1],
    )


def _run(lp: Any, at: Any, seconds: float, beyond_c: float) -> JointVerdict:
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", bool(0))
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.passModel(lp)
    begin = highs.getRunTime()
    highs.run()
    info = highs.getInfo()
    solution = highs.getSolution()
    values, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
    count = at["charge"].size
    is_mixed = bool(lp.integrality_)
    bound = info.mip_dual_bound if is_mixed else info.objective_function_value
    return JointVerdict(
        cost_c=info.objective_function_value + beyond_c,
        bound_c=bound + beyond_c,
        stored_kwh=values[at["stored"]],
        car_stored_kwh=values[at["car stored"]],
        worth_c_per_kwh=-duals[count : 2 * count],
        car_worth_c_per_kwh=-duals[2 * count : 3 * count],
        seconds=highs.getRunTime() - begin,
    )
