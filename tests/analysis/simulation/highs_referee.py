"""HiGHS on the same problem: an optimum found by somebody else, in another way.

`solve` with `PLAIN` builds the problem as a person would write it down, with nothing of
the code under test: charge and discharge, import and export, solar held back and load
not met as variables. A solver may charge and discharge at once there, which no inverter
can; with `ONE_WAY` a binary variable for each interval forbids it (and import and
export at once, where selling pays more than buying costs).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from home_energy.analysis.simulation.demand_schedule import DemandPrice
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.domain.series import FloatArray

Numbers = npt.NDArray[np.int_]
Terms = Mapping[str, tuple[Numbers, FloatArray | float]]


class Rule(Enum):
    PLAIN = "plain"
    ONE_WAY = "one way"


@dataclass(frozen=True)
class Verdict:
    cost_c: float
    bound_c: float
    stored_kwh: FloatArray
    seconds: float
    both_ways_kwh: float
    """Most that is charged and discharged in one interval, by the lesser of the two."""


class _Rows:
    """Rows of a matrix, one family of T rows at a time."""

    def __init__(self) -> None:
        self.rows: list[Numbers] = []
        self.columns: list[Numbers] = []
        self.values: list[FloatArray] = []
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        self.count = 0

    def add(
        self,
        terms: Terms,
        lower: FloatArray | float,
        upper: FloatArray | float,
    ) -> None:
        length = len(next(iter(terms.values()))[0])
        numbers = np.arange(self.count, self.count + length)
        for columns, values in terms.values():
            self.rows.append(numbers)
            self.columns.append(columns)
            self.values.append(np.broadcast_to(values, length))
        self.lower.append(np.broadcast_to(lower, length).astype(float))
        self.upper.append(np.broadcast_to(upper, length).astype(float))
        self.count += length


def solve(
    problem: DispatchProblem,
    unserved_c_per_kwh: float,
    rule: Rule = Rule.PLAIN,
    demand: DemandPrice | None = None,
) -> Verdict:
    """Least cost of the problem by HiGHS, its dual simplex or its branch and bound.

    With a demand charge each month's highest import is a variable of its own.
    """
    return run(lp_of(problem, unserved_c_per_kwh, rule, demand))


def lp_of(
    problem: DispatchProblem,
    unserved_c_per_kwh: float,
    rule: Rule = Rule.PLAIN,
    demand: DemandPrice | None = None,
) -> Any:
    t = problem.grid.count
    battery = problem.battery
    assert battery is not None
    up = battery.charge_efficiency_fraction
    down = battery.discharge_efficiency_fraction
    wear = battery.wear_c_per_kwh
    imports = problem.connection.import_limits_kwh(problem.grid)
    exports = problem.connection.export_limits_kwh(problem.grid)
    zeros = np.zeros(t)
    start, room = stored_bounds(problem)
    # Name: cost, lower bound, upper bound of every variable.
    variables = {
        "import": (problem.rates.import_c_per_kwh, zeros, imports),
        "export": (-problem.rates.export_c_per_kwh, zeros, exports),
        "held back": (zeros, zeros, problem.solar_kwh),
        "charge": (zeros + wear * up, zeros, problem.charge_limits_kwh),
        "discharge": (zeros + wear / down, zeros, problem.discharge_limits_kwh),
        "unserved": (zeros + unserved_c_per_kwh, zeros, problem.whole_load_kwh),
        "stored": (np.zeros(t + 1), start, room),
    }
    is_whole = np.zeros(6 * t + t + 1, dtype=bool)
    if rule is Rule.ONE_WAY:
        variables["is charging"] = (zeros, zeros, zeros + 1)
        variables["is importing"] = (zeros, zeros, zeros + 1)
        is_whole = np.append(is_whole, np.ones(2 * t, dtype=bool))
    if demand is not None:
        months = np.zeros(demand.aud_per_kw.size)
        variables["peak"] = (100 * demand.aud_per_kw, months, months + np.inf)
        is_whole = np.append(is_whole, np.zeros(months.size, dtype=bool))
    at, first = {}, 0
    for name, (costs, _, _) in variables.items():
        at[name] = np.arange(first, first + len(costs))
        first += len(costs)
    rows = _Rows()
    net = problem.whole_load_kwh - problem.solar_kwh
    rows.add(
        {
            "import": (at["import"], 1.0),
            "export": (at["export"], -1.0),
            "held back": (at["held back"], -1.0),
            "charge": (at["charge"], -1.0),
            "discharge": (at["discharge"], 1.0),
            "unserved": (at["unserved"], 1.0),
        },
        net,
        net,
    )
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
    if demand is not None:
        counted = np.flatnonzero(demand.is_window)
        rows.add(
            {
                "import": (at["import"][counted], 1.0),
                "peak": (at["peak"][demand.month[counted]], -problem.hours),
            },
            -np.inf,
            0.0,
        )
    if not battery.may_charge_from_grid:
        rows.add(
            {"charge": (at["charge"], 1.0), "held back": (at["held back"], 1.0)},
            -np.inf,
            problem.solar_kwh,
        )
    if rule is Rule.ONE_WAY:
        for flow, other, switch, most, most_other in (
            (
                "charge",
                "discharge",
                "is charging",
                problem.charge_limits_kwh,
                problem.discharge_limits_kwh,
            ),
            ("import", "export", "is importing", imports, exports),
        ):
            rows.add({flow: (at[flow], 1.0), switch: (at[switch], -most)}, -np.inf, 0.0)
            rows.add(
                {other: (at[other], 1.0), switch: (at[switch], most_other)},
                -np.inf,
                most_other,
            )
    return _model(list(variables.values()), is_whole, rows, at)


def _model(variables: Any, is_whole: Any, rows: _Rows, at: Any) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_ = sum(len(costs) for costs, _, _ in variables)
    lp.num_row_ = rows.count
    lp.col_cost_ = np.concatenate([costs for costs, _, _ in variables])
    lp.col_lower_ = np.concatenate([lower for _, lower, _ in variables])
    lp.col_upper_ = np.concatenate([upper for _, _, upper in variables])
    lp.row_lower_ = np.concatenate(rows.lower)
    lp.row_upper_ = np.concatenate(rows.upper)
    columns = np.concatenate(rows.columns)
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(lp.num_col_ + 1))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate(rows.rows)[order].astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate(rows.values)[order]
    if np.any(is_whole):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in is_whole]
    return lp, at


def run(model: Any, seconds: float = 60.0) -> Verdict:
    """Solve with default options, silently."""
    lp, at = model
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", bool(0))
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 1e-9)
    highs.passModel(lp)
    begin = highs.getRunTime()
    highs.run()
    info = highs.getInfo()
    values = np.asarray(highs.getSolution().col_value)
    is_mixed = bool(lp.integrality_)
    both = 0.0
    if "charge" in at:
        both = float(np.minimum(values[at["charge"]], values[at["discharge"]]).max())
    return Verdict(
        cost_c=info.objective_function_value,
        bound_c=info.mip_dual_bound if is_mixed else info.objective_function_value,
        stored_kwh=values[at["stored"]],
        seconds=highs.getRunTime() - begin,
        both_ways_kwh=both,
    )


def stored_bounds(problem: DispatchProblem) -> tuple[FloatArray, FloatArray]:
    """Least and most that may be stored before the first interval and after each."""
    least = np.zeros(problem.grid.count + 1)
    most = np.full(problem.grid.count + 1, problem.capacity_kwh)
    least[0] = most[0] = problem.start_stored_kwh
    if problem.end is not EndOfRun.FREE:
        least[-1] = problem.start_stored_kwh
    if problem.end is EndOfRun.AS_START:
        most[-1] = problem.start_stored_kwh
    return least, most


def change_cost_c(
    problem: DispatchProblem, unserved_c_per_kwh: float, power_kwh: FloatArray
) -> FloatArray:
    """Cost of every interval when the battery takes `power_kwh` (..., T) of AC.

    By trying what the grid could bring: as little as it can, as much, or nothing.
    """
    battery = problem.battery
    assert battery is not None
    most_in = problem.connection.import_limits_kwh(problem.grid)
    most_out = problem.connection.export_limits_kwh(problem.grid)
    lacking = problem.whole_load_kwh - problem.solar_kwh + power_kwh
    spare = np.zeros_like(lacking)
    if problem.connection.curtails_solar:
        own = 0 if battery.may_charge_from_grid else np.maximum(power_kwh, 0)
        spare = problem.solar_kwh - own
    least = np.maximum(lacking, -most_out)
    unserved = np.maximum(least - most_in, 0)
    least = np.minimum(least, most_in)
    most = np.maximum(np.minimum(lacking + spare, most_in), least)
    brought = np.array([least, most, np.clip(0, least, most)])
    money = np.where(
        brought > 0,
        problem.rates.import_c_per_kwh * brought,
        problem.rates.export_c_per_kwh * brought,
    )
    worn = np.where(
        power_kwh > 0,
        power_kwh * battery.charge_efficiency_fraction,
        -power_kwh / battery.discharge_efficiency_fraction,
    )
    grid = np.asarray(money.min(axis=0)) + unserved_c_per_kwh * unserved
    return np.asarray(grid + battery.wear_c_per_kwh * worn)


def cost_points(
    problem: DispatchProblem, unserved_c_per_kwh: float
) -> tuple[FloatArray, FloatArray]:
    """Changes of the stored energy among which are all corners, and their costs."""
    battery = problem.battery
    assert battery is not None
    most_in = problem.connection.import_limits_kwh(problem.grid)
    most_out = problem.connection.export_limits_kwh(problem.grid)
    load, solar = problem.whole_load_kwh, problem.solar_kwh
    low = np.maximum(-problem.discharge_limits_kwh, -most_out - load)
    high = np.minimum(problem.charge_limits_kwh, most_in + solar)
    bends = [-most_out, np.zeros_like(load), most_in]
    bends += [bend - solar for bend in bends]
    powers = np.array([low, 0 * low, high, *(bend - load + solar for bend in bends)])
    powers = np.clip(powers, low, high)
    changes = np.where(
        powers > 0,
        powers * battery.charge_efficiency_fraction,
        powers / battery.discharge_efficiency_fraction,
    )
    costs = change_cost_c(problem, unserved_c_per_kwh, powers)
    return changes.T.copy(), costs.T.copy()


def solve_hulls(problem: DispatchProblem, unserved_c_per_kwh: float) -> Verdict:
    """Least sum of the hulls of every interval's cost.

    The hull of interval t is given to HiGHS by points on the cost: its corners are
    among the ends of the pieces of G and AC power 0, where the cost is worked out here
    by trying all the grid could do. A share of each point makes the interval.
    """
    battery = problem.battery
    assert battery is not None
    changes, costs = cost_points(problem, unserved_c_per_kwh)
    t, points = changes.shape
    shares = np.arange(t * points).reshape(t, points)
    stored = t * points + np.arange(t + 1)
    lower, upper = stored_bounds(problem)
    rows = _Rows()
    every = {str(k): (shares[:, k], 1.0) for k in range(points)}
    rows.add(every, 1.0, 1.0)
    moves: dict[str, tuple[Numbers, FloatArray | float]] = {
        str(k): (shares[:, k], -changes[:, k]) for k in range(points)
    }
    moves["after"] = (stored[1:], 1.0)
    moves["before"] = (stored[:-1], -1.0)
    rows.add(moves, 0.0, 0.0)
    count = t * points
    variables = [
        (costs.ravel(), np.zeros(count), np.full(count, np.inf)),
        (np.zeros(t + 1), lower, upper),
    ]
    return run(
        _model(variables, np.zeros(count + t + 1, dtype=bool), rows, {"stored": stored})
    )
