"""HiGHS on a home with a car and no battery, written down as a person would.

With `ONE_WAY` a binary variable for each interval forbids charging and discharging at
once, and a charge below the charger's least.
"""

from typing import Any

import numpy as np
from tests.analysis.simulation.highs_referee import (
    Rule,
    Verdict,
    _model,
    _Rows,
    run,
)

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.series import FloatArray


def solve_car(
    problem: DispatchProblem,
    unserved_c_per_kwh: float,
    rule: Rule = Rule.PLAIN,
    seconds: float = 60.0,
) -> Verdict:
    """Least cost of the problem, its car alone."""
    return run(car_lp_of(problem, unserved_c_per_kwh, rule), seconds)


def car_lp_of(
    problem: DispatchProblem, unserved_c_per_kwh: float, rule: Rule = Rule.PLAIN
) -> Any:
    car, up, down = _car(problem)
    t = problem.grid.count
    imports = problem.connection.import_limits_kwh(problem.grid)
    exports = problem.connection.export_limits_kwh(problem.grid)
    zeros = np.zeros(t)
    start, room = _stored_bounds(car, t)
    wear = car.car.wear_c_per_kwh
    variables = {
        "import": (problem.rates.import_c_per_kwh, zeros, imports),
        "export": (-problem.rates.export_c_per_kwh, zeros, exports),
        "held back": (zeros, zeros, problem.solar_kwh),
        "charge": (zeros, zeros, problem.car_charge_limits_kwh),
        "discharge": (zeros + wear / down, zeros, problem.car_discharge_limits_kwh),
        "unserved": (zeros + unserved_c_per_kwh, zeros, problem.whole_load_kwh),
        "public": (zeros + car.public_c_per_kwh, zeros, car.trip_kwh),
        "short": (zeros + car.short_c_per_kwh, zeros, zeros + np.inf),
        "stored": (np.zeros(t + 1), start, room),
    }
    is_whole = np.zeros(9 * t + 1, dtype=bool)
    if rule is Rule.ONE_WAY:
        variables["is charging"] = (zeros, zeros, zeros + 1)
        variables["is importing"] = (zeros, zeros, zeros + 1)
        is_whole = np.append(is_whole, np.ones(2 * t, dtype=bool))
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
            "public": (at["public"], -1.0),
        },
        -car.trip_kwh,
        -car.trip_kwh,
    )
    rows.add(
        {"short": (at["short"], 1.0), "stored": (at["stored"][1:], 1.0)},
        car.wanted_kwh[1:],
        np.inf,
    )
    if rule is Rule.ONE_WAY:
        least = car.car.charger.least_kw * problem.hours
        most = problem.car_charge_limits_kwh
        least_of = np.where(most > 0, least, 0.0)
        for flow, other, switch, limit, other_limit in (
            (
                "charge",
                "discharge",
                "is charging",
                most,
                problem.car_discharge_limits_kwh,
            ),
            ("import", "export", "is importing", imports, exports),
        ):
            rows.add(
                {flow: (at[flow], 1.0), switch: (at[switch], -limit)}, -np.inf, 0.0
            )
            rows.add(
                {other: (at[other], 1.0), switch: (at[switch], other_limit)},
                -np.inf,
                other_limit,
            )
        rows.add(
            {
                "charge": (at["charge"], 1.0),
                "is charging": (at["is charging"], -least_of),
            },
            0.0,
            np.inf,
        )
    return _model(list(variables.values()), is_whole, rows, at)


def solve_car_hulls(problem: DispatchProblem, unserved_c_per_kwh: float) -> Verdict:
    """Least sum of the hulls of what the charger can do in every interval."""
    car, _, _ = _car(problem)
    changes, costs = _points(problem, unserved_c_per_kwh)
    t, points = changes.shape
    count = t * points
    shares = np.arange(count).reshape(t, points)
    public, short = count + np.arange(t), count + t + np.arange(t)
    stored = count + 2 * t + np.arange(t + 1)
    rows = _Rows()
    rows.add({str(k): (shares[:, k], 1.0) for k in range(points)}, 1.0, 1.0)
    rows.add(
        {
            **{str(k): (shares[:, k], -changes[:, k]) for k in range(points)},
            "after": (stored[1:], 1.0),
            "before": (stored[:-1], -1.0),
            "public": (public, -1.0),
        },
        -car.trip_kwh,
        -car.trip_kwh,
    )
    rows.add(
        {"short": (short, 1.0), "stored": (stored[1:], 1.0)},
        car.wanted_kwh[1:],
        np.inf,
    )
    zeros = np.zeros(t)
    lower, upper = _stored_bounds(car, t)
    variables = [
        (costs.ravel(), np.zeros(count), np.full(count, np.inf)),
        (zeros + car.public_c_per_kwh, zeros, car.trip_kwh),
        (zeros + car.short_c_per_kwh, zeros, zeros + np.inf),
        (np.zeros(t + 1), lower, upper),
    ]
    whole = np.zeros(count + 3 * t + 1, dtype=bool)
    return run(_model(variables, whole, rows, {"stored": stored}))


def _car(problem: DispatchProblem) -> tuple[CarOnAxis, float, float]:
    car = problem.car
    assert car is not None
    charger = car.car.charger
    down = charger.discharge_efficiency_fraction or 1.0
    return car, charger.charge_efficiency_fraction, down


def _stored_bounds(car: CarOnAxis, count: int) -> tuple[FloatArray, FloatArray]:
    least, most = np.zeros(count + 1), np.full(count + 1, car.car.capacity_kwh)
    least[0] = most[0] = car.start_stored_kwh
    return least, most


def _points(
    problem: DispatchProblem, unserved_c_per_kwh: float
) -> tuple[FloatArray, FloatArray]:
    """Changes of the stored energy among which are all corners, and their costs.

    Every point is one that the charger can do; a place for one that it cannot holds 0.
    """
    car, up, down = _car(problem)
    most_in = problem.connection.import_limits_kwh(problem.grid)
    most_out = problem.connection.export_limits_kwh(problem.grid)
    load, solar = problem.whole_load_kwh, problem.solar_kwh
    low = np.maximum(-problem.car_discharge_limits_kwh, -most_out - load)
    high = np.minimum(problem.car_charge_limits_kwh, most_in + solar)
    least = car.car.charger.least_kw * problem.hours
    bends = [-most_out, np.zeros_like(load), most_in]
    bends += [bend - solar for bend in bends]
    ends = [low, 0 * low, high, np.minimum(high, least)]
    powers = np.array([*ends, *(bend - load + solar for bend in bends)])
    powers = np.clip(powers, low, high)
    powers = np.where((powers > 0) & (powers < least - 1e-12), 0.0, powers)
    lacking = load - solar + powers
    spare = solar if problem.connection.curtails_solar else np.zeros_like(solar)
    lowest = np.maximum(lacking, -most_out)
    unserved = np.maximum(lowest - most_in, 0)
    lowest = np.minimum(lowest, most_in)
    highest = np.maximum(np.minimum(lacking + spare, most_in), lowest)
    brought = np.array([lowest, highest, np.clip(0, lowest, highest)])
    buy, sell = problem.rates.import_c_per_kwh, problem.rates.export_c_per_kwh
    money = np.where(brought > 0, buy * brought, sell * brought).min(axis=0)
    changes = np.where(powers > 0, powers * up, powers / down)
    worn = car.car.wear_c_per_kwh * np.maximum(-changes, 0)
    costs = money + worn + unserved_c_per_kwh * unserved
    return changes.T.copy(), costs.T.copy()
