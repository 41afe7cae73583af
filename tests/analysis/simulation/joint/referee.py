"""HiGHS on the joint problem of a battery and a car, written as a person would."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from tests.analysis.simulation.joint.homes import JointHome

from home_energy.domain.series import FloatArray


@dataclass(frozen=True)
class JointVerdict:
    cost_c: float
    seconds: float
    battery_stored_kwh: FloatArray
    car_stored_kwh: FloatArray
    is_optimal: bool


@dataclass(frozen=True)
class JointModel:
    lp: Any
    battery_stored: Any
    car_stored: Any


def joint_lp(home: JointHome) -> JointModel:
    """Variables in families; rows: balance, battery, car, readiness of the car."""
    steps, battery, car, prices = home.steps, home.battery, home.car, home.prices
    t = steps.load_kwh.size
    zero, one = np.zeros(t), np.ones(t)
    wanted = np.flatnonzero(steps.ready_kwh > 0)

    def stored(storage: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
        lower, upper = np.zeros(t + 1), np.full(t + 1, storage.capacity_kwh)
        lower[0] = upper[0] = storage.start_kwh
        lower[-1], upper[-1] = storage.end_least_kwh, storage.end_most_kwh
        worth = np.zeros(t + 1)
        worth[-1] = storage.end_worth_c_per_kwh
        return -worth, lower, upper

    def wear(storage: Any) -> tuple[FloatArray, FloatArray]:
        return (
            one * storage.charge_wear_c_per_kwh * storage.charge_efficiency,
            one * storage.discharge_wear_c_per_kwh / storage.discharge_efficiency,
        )

    # Family: costs, lower bounds, upper bounds.
    variables = {
        "import": (steps.buy_c_per_kwh, zero, steps.import_limit_kwh),
        "export": (-steps.sell_c_per_kwh, zero, steps.export_limit_kwh),
        "held back": (zero, zero, steps.solar_kwh),
        "unserved": (one * prices.unserved_c_per_kwh, zero, steps.load_kwh),
        "charge": (wear(battery)[0], zero, steps.charge_limit_kwh),
        "discharge": (wear(battery)[1], zero, steps.discharge_limit_kwh),
        "car charge": (wear(car)[0], zero, steps.car_charge_limit_kwh),
        "car discharge": (wear(car)[1], zero, steps.car_discharge_limit_kwh),
        "public": (one * prices.public_c_per_kwh, zero, steps.trip_kwh),
        "battery": stored(battery),
        "car": stored(car),
        "short": (
            np.full(wanted.size, prices.short_c_per_kwh),
            np.zeros(wanted.size),
            np.full(wanted.size, np.inf),
        ),
    }
    at, first = {}, 0
    for name, (costs, _, _) in variables.items():
        at[name] = np.arange(first, first + len(costs))
        first += len(costs)
    net = steps.load_kwh - steps.solar_kwh
    open_ended = np.full(wanted.size, np.inf)
    # Family of rows: terms, lower, upper.
    rows = [
        (
            [
                (at["import"], one),
                (at["export"], -one),
                (at["held back"], -one),
                (at["unserved"], one),
                (at["charge"], -one),
                (at["discharge"], one),
                (at["car charge"], -one),
                (at["car discharge"], one),
            ],
            net,
            net,
        ),
        (
            [
                (at["battery"][1:], one),
                (at["battery"][:-1], -one),
                (at["charge"], -one * battery.charge_efficiency),
                (at["discharge"], one / battery.discharge_efficiency),
            ],
            zero,
            zero,
        ),
        (
            [
                (at["car"][1:], one),
                (at["car"][:-1], -one),
                (at["car charge"], -one * car.charge_efficiency),
                (at["car discharge"], one / car.discharge_efficiency),
                (at["public"], -one),
            ],
            -steps.trip_kwh,
            -steps.trip_kwh,
        ),
        (
            [
                (at["car"][wanted], np.ones(wanted.size)),
                (at["short"], np.ones(wanted.size)),
            ],
            steps.ready_kwh[wanted],
            open_ended,
        ),
    ]
    lp = _model(list(variables.values()), rows)
    return JointModel(lp, at["battery"], at["car"])


def _model(variables: Any, families: Any) -> Any:
    numbers, columns, values, lower, upper = [], [], [], [], []
    count = 0
    for terms, least, most in families:
        for column, value in terms:
            numbers.append(np.arange(count, count + len(column)))
            columns.append(column)
            values.append(value)
        lower.append(least)
        upper.append(most)
        count += len(least)
    lp = highspy.HighsLp()
    lp.col_cost_ = np.concatenate([costs for costs, _, _ in variables])
    lp.col_lower_ = np.concatenate([least for _, least, _ in variables])
    lp.col_upper_ = np.concatenate([most for _, _, most in variables])
    lp.num_col_ = len(lp.col_cost_)
    lp.num_row_ = count
    lp.row_lower_ = np.concatenate(lower)
    lp.row_upper_ = np.concatenate(upper)
    all_columns = np.concatenate(columns)
    order = np.argsort(all_columns, kind="stable")
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.searchsorted(all_columns[order], np.arange(lp.num_col_ + 1))
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate(numbers)[order].astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate(values)[order]
    return lp


def run_joint(model: JointModel, seconds: float = 60.0) -> JointVerdict:
    """Solve with default options, on one thread, silently."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", bool(0))
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("threads", 1)
    highs.passModel(model.lp)
    begin = highs.getRunTime()
    highs.run()
    values = np.asarray(highs.getSolution().col_value)
    return JointVerdict(
        cost_c=highs.getInfo().objective_function_value,
        seconds=highs.getRunTime() - begin,
        battery_stored_kwh=values[model.battery_stored],
        car_stored_kwh=values[model.car_stored],
        is_optimal=highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
    )


def solve_joint(home: JointHome) -> JointVerdict:
    """Least cost of the joint problem by HiGHS."""
    return run_joint(joint_lp(home))
