"""Re-plan battery and car together every half-hour, act on what is measured.

As `simulation.rolling` does for a battery alone. At a re-plan the joint optimum of the
hours ahead is found (`interior_point`), with the car as far as it is known
(`car_forecast`). Of it only the powers are kept: beside the battery's planned power the
car is a single storage whose value functions are exact (`car_plan`), and beside the
car's so is the battery (`slope_list`). When an interval comes, the car is decided
first, with the battery at its planned power and what is measured against the value of
what the car holds afterwards; then the battery, with what the car really does. A home
without a battery needs no joint optimum: the car's value functions are the plan.

A new plan is also made when the car is plugged in or unplugged.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.car_forecast import (
    CarAhead,
    CarSteps,
    Diary,
    expect_car,
    lay_out_car,
)
from home_energy.analysis.simulation.car_plan import CarEvents, end_of_car, plan_car
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.corner_steps import cheapest_step
from home_energy.analysis.simulation.expected_hours import (
    Horizon,
    Issued,
    Misses,
    compare,
    expect,
    newest_issue,
)
from home_energy.analysis.simulation.forecaster import Past
from home_energy.analysis.simulation.joint.interior_point import solve_into, unpack
from home_energy.analysis.simulation.joint.problem import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.joint.room import Room as JointRoom
from home_energy.analysis.simulation.rolling import (
    Ahead,
    Values,
    keep,
    kept,
    lay_out,
    measure,
)
from home_energy.analysis.simulation.slope_list import (
    SlopeList,
    end_near,
    plan,
    step_from,
)
from home_energy.analysis.simulation.step_cost import (
    NOTHING_KWH,
    Device,
    Steps,
    hull,
    interval_of,
)
from home_energy.domain.series import FloatArray

TOLERANCE = 1e-5
"""Share of its cost by which a joint plan may miss the best."""


class CarAt(NamedTuple):
    """The car on its charger, in every interval in which it is plugged in."""

    device: Device
    device_now: Device  # that prefers to charge now
    diary: Diary
    charge_limit_kwh: float  # [AC]
    discharge_limit_kwh: float  # [AC]
    serves_load_only: bool


class JointRun(NamedTuple):
    """What is run."""

    actual: Steps  # with the battery's limits
    car_charge_limit_kwh: FloatArray  # (T,) [AC]
    car_discharge_limit_kwh: FloatArray  # (T,) [AC]
    battery: Device
    home: Ahead
    car: CarAt
    prices: JointPrices
    horizon: Horizon


class JointKnown(NamedTuple):
    """What is known of the time ahead."""

    past: Past
    issued: Issued
    worth_c_per_kwh: FloatArray  # (D,) of a kWh in the battery after the horizon
    car_worth_c_per_kwh: FloatArray  # (D,) of one in the car


class Alone(NamedTuple):
    """One storage beside the planned power of the other."""

    window: Steps
    work: SlopeList
    values: Values


class JointWork(NamedTuple):
    """Places to write to, made once."""

    window: Steps
    battery: Alone
    car: Alone
    events: CarEvents
    car_ahead: CarAhead
    car_steps: CarSteps
    joint: JointRoom
    rows: FloatArray  # (9, steps) of the joint plan
    battery_kwh: FloatArray  # (steps,) planned power, below 0 for a discharge [AC]
    car_kwh: FloatArray  # (steps,) likewise
    ahead: FloatArray  # (4, intervals of the horizon)
    misses: Misses


class Counts(NamedTuple):
    """Of a run."""

    plans: int
    made: int  # intervals of all horizons that no issued forecast told of


@compiled
def run_joint(
    run: JointRun,
    known: JointKnown,
    work: JointWork,
    stored_kwh: FloatArray,
    car_stored_kwh: FloatArray,
) -> Counts:
    """Fill both paths (T + 1,) from their first values on, and `work.misses`."""
    between, is_plugged = run.horizon.between_plans, run.car.diary.is_plugged
    k, plans, made, start = -1, 0, 0, 0
    for t in range(stored_kwh.size - 1):
        if t % between == 0 or is_plugged[t] != is_plugged[t - 1]:
            start = t
            plans += 1
            k = newest_issue(known.issued, k, t)
            made += expect(known.past, known.issued, k, t, work.ahead)
            compare(work.misses, known.past, t, work.ahead)
            _plan(run, known, work, t, (stored_kwh[t], car_stored_kwh[t]))
        j = t - start
        held = (stored_kwh[t], car_stored_kwh[t])
        stored_kwh[t + 1], car_stored_kwh[t + 1] = _decide(run, work, (t, j), held)
    return Counts(plans, made)


@compiled
def _plan(
    run: JointRun,
    known: JointKnown,
    work: JointWork,
    t: int,
    held_kwh: tuple[float, float],
) -> None:
    """Find the value functions of both after the intervals until the next plan."""
    day = t // known.past.expected.shape[2]
    worths = (known.worth_c_per_kwh[day], known.car_worth_c_per_kwh[day])
    lay_out(
        work.window, work.ahead, run.home, run.horizon, run.actual.export_limit_kwh[t]
    )
    expect_car(run.car.diary, t, work.car_ahead)
    lay_out_car(work.car_ahead, run.horizon, work.car_steps)
    _lay_out_limits(run, work)
    if run.battery.capacity_kwh > 0:
        _plan_both(run, work, held_kwh, worths)
    load, battery_kwh, car_kwh = work.window.load_kwh, work.battery_kwh, work.car_kwh
    for j in range(load.size):
        work.battery.window.load_kwh[j] = load[j] + car_kwh[j]
        work.car.window.load_kwh[j] = load[j] + battery_kwh[j]
    _value_battery(run, work.battery, worths[0])
    _value_car(run, work, worths[1])


@compiled
def _lay_out_limits(run: JointRun, work: JointWork) -> None:
    """What the car may do in each step of the plan, and what is asked of it."""
    window, car = work.window, run.car
    for j in range(run.horizon.steps):
        plugged = work.car_steps.plugged[j]
        out = plugged * car.discharge_limit_kwh
        if car.serves_load_only:
            out = min(out, max(window.load_kwh[j] - window.solar_kwh[j], 0.0))
        work.car.window.charge_limit_kwh[j] = plugged * car.charge_limit_kwh
        work.car.window.discharge_limit_kwh[j] = out
        work.events.trip_kwh[j] = work.car_steps.trip_kwh[j]
        work.events.wanted_kwh[j] = work.car_steps.wanted_kwh[j]


@compiled
def _plan_both(
    run: JointRun,
    work: JointWork,
    held_kwh: tuple[float, float],
    worths: tuple[float, float],
) -> None:
    """Fill the planned powers with the joint optimum."""
    window, car_window = work.window, work.car.window
    steps = JointSteps(
        window.buy_c_per_kwh,
        window.sell_c_per_kwh,
        window.load_kwh,
        window.solar_kwh,
        window.charge_limit_kwh,
        window.discharge_limit_kwh,
        car_window.charge_limit_kwh,
        car_window.discharge_limit_kwh,
        window.import_limit_kwh,
        window.export_limit_kwh,
        work.events.trip_kwh,
        work.events.wanted_kwh,
    )
    battery = _figures(run.battery, held_kwh[0], worths[0])
    car = _figures(run.car.device, held_kwh[1], worths[1])
    solve_into(work.joint, (steps, battery, car, run.prices), TOLERANCE)
    rows = work.rows
    unpack(work.joint, (battery, car), rows)
    for j in range(run.horizon.steps):
        work.battery_kwh[j] = rows[0, j] - rows[1, j]
        work.car_kwh[j] = rows[2, j] - rows[3, j]


@compiled
def _figures(device: Device, held_kwh: float, worth: float) -> StorageFigures:
    return StorageFigures(
        device.capacity_kwh,
        device.charge_efficiency,
        device.discharge_efficiency,
        device.charge_wear_c_per_kwh,
        device.discharge_wear_c_per_kwh,
        held_kwh,
        0.0,
        device.capacity_kwh,
        worth,
    )


@compiled
def _value_battery(run: JointRun, battery: Alone, worth: float) -> None:
    window, work, values = battery
    horizon, device = run.horizon, run.battery
    between = horizon.between_plans
    ends = end_near(work, 0.0, device.capacity_kwh, -worth)
    ends = plan(window, device, (between, horizon.steps), work, ends)
    for j in range(between - 1, -1, -1):
        keep(work, ends, values, j)
        if j > 0:
            ends = plan(window, device, (j, j + 1), work, ends)


@compiled
def _value_car(run: JointRun, room: JointWork, worth: float) -> None:
    window, work, values = room.car
    horizon, device, events = run.horizon, run.car.device, room.events
    between = horizon.between_plans
    ends = end_of_car(events, work, device.capacity_kwh, worth)
    ends = plan_car(window, device, events, (between, horizon.steps), (work, ends))
    for j in range(between - 1, -1, -1):
        keep(work, ends, values, j)
        if j > 0:
            ends = plan_car(window, device, events, (j, j + 1), (work, ends))


@compiled
def _power(device: Device, change_kwh: float) -> float:
    """AC power of a change of the stored energy, below 0 for a discharge. [kWh]"""
    if change_kwh > 0:
        return change_kwh / device.charge_efficiency
    return change_kwh * device.discharge_efficiency


@compiled
def _decide(
    run: JointRun,
    work: JointWork,
    place: tuple[int, int],
    held_kwh: tuple[float, float],
) -> tuple[float, float]:
    """Stored in battery and car after interval t, of step j.

    Where the battery gives less than the car relied on, so that the main switch would
    trip, the car is decided again beside what the battery does.
    """
    held, car_held = held_kwh
    t = place[0]
    planned = _possible_power(run, t, held, work.battery_kwh[place[1]])
    car_after = _decide_car(run, work, place, planned, car_held)
    moved = car_after - car_held if run.car.diary.is_plugged[t] else 0.0
    car_kwh = _power(run.car.device, moved)
    after = _decide_battery(run, work, place, held, car_kwh)
    done = _power(run.battery, after - held)
    bought = run.actual.load_kwh[t] - run.actual.solar_kwh[t] + car_kwh + done
    if car_kwh > 0 and bought > run.actual.import_limit_kwh[t] + NOTHING_KWH:
        car_after = _decide_car(run, work, place, done, car_held)
    return after, car_after


@compiled
def _possible_power(run: JointRun, t: int, held_kwh: float, power_kwh: float) -> float:
    """What of a planned power the battery can do with what it holds. [kWh, AC]"""
    out = run.battery.discharge_efficiency * held_kwh
    into = (run.battery.capacity_kwh - held_kwh) / run.battery.charge_efficiency
    least = -min(out, run.actual.discharge_limit_kwh[t])
    most = min(into, run.actual.charge_limit_kwh[t])
    return float(min(max(power_kwh, least), most))


@compiled
def _decide_car(
    run: JointRun,
    work: JointWork,
    place: tuple[int, int],
    battery_kwh: float,
    car_held_kwh: float,
) -> float:
    """Stored in the car after interval t, of step j, beside the battery's power.

    The main switch is no price that the least power of the charger may be worth.
    """
    t, j = place
    diary, device = run.car.diary, run.car.device_now
    if diary.is_away[t]:
        return float(max(car_held_kwh - diary.trip_kwh[t], 0.0))
    if not diary.is_plugged[t]:
        return car_held_kwh
    window, slopes, values = work.car.window, work.car.work, work.car.values
    measure(window, j, run.actual, t)
    window.load_kwh[j] += battery_kwh
    free = run.actual.import_limit_kwh[t] + window.solar_kwh[j] - window.load_kwh[j]
    window.charge_limit_kwh[j] = min(run.car_charge_limit_kwh[t], max(free, 0.0))
    window.discharge_limit_kwh[j] = run.car_discharge_limit_kwh[t]
    given = interval_of(window, j)
    shape = hull(given, device, slopes.pieces.slopes, slopes.pieces.lengths)
    count = values.counts[j]
    return float(
        cheapest_step(
            given,
            device,
            car_held_kwh,
            (shape.least_kwh, shape.most_kwh),
            (values.slopes[j, :count], values.lengths[j, :count]),
        )
    )


@compiled
def _decide_battery(
    run: JointRun,
    work: JointWork,
    place: tuple[int, int],
    held_kwh: float,
    car_kwh: float,
) -> float:
    """Stored in the battery after interval t, of step j, beside the car's power.

    One that may not export serves what a car that discharges leaves of the load.
    """
    if run.battery.capacity_kwh <= 0:
        return held_kwh
    t, j = place
    window, slopes, values = work.battery
    measure(window, j, run.actual, t)
    window.load_kwh[j] += car_kwh
    if not run.home.may_export:
        lacking = max(window.load_kwh[j] - window.solar_kwh[j], 0.0)
        most = min(window.discharge_limit_kwh[j], lacking)
        window.discharge_limit_kwh[j] = most
    plan(window, run.battery, (j, j + 1), slopes, kept(slopes, values, j))
    return float(step_from(window, j, run.battery, slopes, held_kwh))
