"""What one interval costs as a function of what battery and car do in it together.

The battery's stored energy changes by u and the car's by w, each by one charge or one
discharge. With h(u) and k(w) their powers on the AC side the interval costs

    F(u, w) = G(load - solar + h(u) + k(w)) + wear

where G is the least that curtailing, importing, exporting and leaving load unserved
cost (`step_cost`). Where a trip departs the car's part is apart from the battery's:
its energy changes by what is charged elsewhere less what the trip takes.

F is piecewise linear in the two AC powers: it bends where either is 0 and where their
sum brings the grid to one of its bends. It is defined where each power is within its
limits, the car's charge at least the charger's least power, and the grid within its
own. A linear function added, its minimum lies at a vertex: where two of those lines
meet. They are so few that all are tried (`stage_minimum`).
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.problem import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.step_cost import at
from home_energy.domain.series import FloatArray

ROUNDING_KWH = 1e-9
"""By how much a limit may be missed."""


MOST_VERTICES = 67
"""The car at one of 4 powers, the battery then at an end, at 0 or at a bend (10); or
the battery at one of 3, the car then at a bend (7), and 2 where it takes solar only;
those of a trip are fewer."""


class JointInterval(NamedTuple):
    """What is given in one interval. [c/kWh], [kWh, AC]; the trip [kWh, cells]"""

    buy_c_per_kwh: float
    sell_c_per_kwh: float
    load_kwh: float
    solar_kwh: float
    charge_limit_kwh: float
    discharge_limit_kwh: float
    car_charge_limit_kwh: float
    car_discharge_limit_kwh: float
    import_limit_kwh: float
    export_limit_kwh: float
    trip_kwh: float


class Pair(NamedTuple):
    """Battery and car, and what holds for them in every interval."""

    battery: StorageFigures
    car: StorageFigures
    prices: JointPrices
    least_charge_kwh: float
    """Of the car: a charge is nothing or at least this. [kWh, AC]"""
    takes_solar_only: bool
    """The battery."""
    curtails_solar: bool
    sells_stored: bool
    """Whether battery or car may export; else both together serve only the load."""


class Stage(NamedTuple):
    """The least of one interval, and what battery and car do there. [c], [kWh, cells]

    `value_c` is what the interval costs less the worth of what is stored in it.
    """

    value_c: float
    change_kwh: float
    car_change_kwh: float


@compiled
def joint_interval(steps: JointSteps, t: int) -> JointInterval:
    """Interval t of all."""
    i = at(t)
    return JointInterval(
        steps.buy_c_per_kwh[i],
        steps.sell_c_per_kwh[i],
        steps.load_kwh[i],
        steps.solar_kwh[i],
        steps.charge_limit_kwh[i],
        steps.discharge_limit_kwh[i],
        steps.car_charge_limit_kwh[i],
        steps.car_discharge_limit_kwh[i],
        steps.import_limit_kwh[i],
        steps.export_limit_kwh[i],
        steps.trip_kwh[i],
    )


@compiled
def joint_booked_cost(
    given: JointInterval, pair: Pair, change_kwh: float, car_change_kwh: float
) -> float:
    """Cost of an interval in which what is stored changes by so much. [c]

    One charge or one discharge of each, and of all the grid can do then, the cheapest.
    Infinite where it cannot be done, by more than rounding.
    """
    power = ac_energy(pair.battery, change_kwh)
    wear = _wear_c(pair.battery, change_kwh)
    if not _is_within(power, given.charge_limit_kwh, given.discharge_limit_kwh):
        return np.inf
    if given.trip_kwh > 0:
        public = given.trip_kwh + car_change_kwh
        if public < -ROUNDING_KWH or car_change_kwh > ROUNDING_KWH:
            return np.inf
        elsewhere = pair.prices.public_c_per_kwh * max(public, 0.0)
        return elsewhere + wear + _home_cost(given, pair, power, 0.0)
    car_power = ac_energy(pair.car, car_change_kwh)
    most, most_out = given.car_charge_limit_kwh, given.car_discharge_limit_kwh
    if not _is_within(car_power, most, most_out):
        return np.inf
    if ROUNDING_KWH < car_power < pair.least_charge_kwh - ROUNDING_KWH:
        return np.inf
    wear += _wear_c(pair.car, car_change_kwh)
    return wear + _home_cost(given, pair, power, car_power)


@compiled
def stage_minimum(
    given: JointInterval,
    pair: Pair,
    worth: float,
    car_worth: float,
    room: FloatArray,
) -> Stage:
    """Least of cost - worth * change - car worth * car change, over all that can be.

    `worth` and `car_worth` are of a kWh in the cells. [c/kWh]
    """
    found = Stage(np.inf, 0.0, 0.0)
    for k in range(write_vertices(given, pair, room)):
        change, car_change, cost = room[k]
        value = cost - worth * change - car_worth * car_change
        if value < found.value_c:
            found = Stage(value, change, car_change)
    return found


@compiled
def write_vertices(given: JointInterval, pair: Pair, room: FloatArray) -> int:
    """Fill rows of change, car change and cost (MOST_VERTICES, 3); how many.

    Among them are all vertices of the cost; some are on its edges only.
    """
    least, most = -given.car_discharge_limit_kwh, given.car_charge_limit_kwh
    count = 0
    for k, car_power in enumerate((0.0, most, pair.least_charge_kwh, least)):
        if k == 0 or (car_power != 0 and car_power <= most):
            count = write_beside(given, pair, room, count, car_power)
    if given.trip_kwh > 0:
        return _with_trip(given, pair, room, count)
    if most > 0 or least < 0:
        count = _beside_battery(given, pair, room, count)
    return count


@compiled
def write_beside(
    given: JointInterval, pair: Pair, room: FloatArray, count: int, car_power: float
) -> int:
    """Vertices with this power of the car: the battery at an end, at 0, at a bend."""
    least, most = -given.discharge_limit_kwh, given.charge_limit_kwh
    bends = _bends(given)
    for k in range(len(bends) + 3):
        power = (least, 0.0, most)[k] if k < 3 else bends[k - 3] - car_power
        if k == 1 or least < power < most or (k < 3 and power != 0):
            count = _write(given, pair, room, count, (power, car_power))
    return count


@compiled
def _beside_battery(
    given: JointInterval, pair: Pair, room: FloatArray, count: int
) -> int:
    """Vertices with the battery at an end or at 0 and the car at a bend."""
    least, most = -given.car_discharge_limit_kwh, given.car_charge_limit_kwh
    bends, dark = _bends(given), -given.load_kwh
    for power in (-given.discharge_limit_kwh, 0.0, given.charge_limit_kwh):
        for k in range(len(bends) + 2):
            if k < len(bends):
                car_power = bends[k] - power
            elif pair.takes_solar_only and power > 0:
                # All sun but the battery's held back: the car alone bends the cost.
                car_power = dark + (k - len(bends)) * given.import_limit_kwh
            else:
                continue
            if least < car_power < most:
                count = _write(given, pair, room, count, (power, car_power))
    return count


@compiled
def _bends(given: JointInterval) -> tuple[float, ...]:
    """Sums of the two powers at which the grid's cost bends or its limits end. [kWh]

    With no solar held back the grid is at the export limit, at nothing, at the import
    limit; with all of it likewise; and no load is served.
    """
    even = given.solar_kwh - given.load_kwh
    dark = -given.load_kwh
    return (
        even - given.export_limit_kwh,
        even,
        even + given.import_limit_kwh,
        dark - given.export_limit_kwh,
        dark,
        dark + given.import_limit_kwh,
        given.solar_kwh + given.import_limit_kwh,
    )


@compiled
def _write(
    given: JointInterval,
    pair: Pair,
    room: FloatArray,
    count: int,
    powers: tuple[float, float],
) -> int:
    """Write what these powers change and cost, if they can be."""
    power, car_power = powers
    if 0 < car_power < pair.least_charge_kwh - ROUNDING_KWH:
        return count
    cost = _home_cost(given, pair, power, car_power)
    if cost == np.inf:
        return count
    change, car_change = (
        stored_change(pair.battery, power),
        stored_change(pair.car, car_power),
    )
    room[count, 0] = change
    room[count, 1] = car_change
    room[count, 2] = (
        cost + _wear_c(pair.battery, change) + _wear_c(pair.car, car_change)
    )
    return count + 1


@compiled
def _with_trip(given: JointInterval, pair: Pair, room: FloatArray, count: int) -> int:
    """The same once more, with all of the trip charged elsewhere and with none."""
    public = pair.prices.public_c_per_kwh * given.trip_kwh
    for k in range(count):
        room[count + k] = room[k]
        room[count + k, 1] = -given.trip_kwh
        room[k, 2] += public
    return 2 * count


@compiled
def _home_cost(
    given: JointInterval, pair: Pair, power: float, car_power: float
) -> float:
    """Least cost at the meter, with load unserved, at these powers. [c]

    The grid brings what is lacking with nothing held back, at least, and with all solar
    held back, at most; its cost bends once, at 0, so the cheapest is at an end or at 0.
    """
    buy, sell = given.buy_c_per_kwh, given.sell_c_per_kwh
    most_import = given.import_limit_kwh
    lacking = given.load_kwh - given.solar_kwh + power + car_power
    least = max(lacking, -given.export_limit_kwh)
    # For the export limit solar is held back whether or not it is for its price.
    if least > lacking + given.solar_kwh + ROUNDING_KWH:
        return np.inf
    is_served = given.load_kwh > given.solar_kwh and lacking < -ROUNDING_KWH
    if is_served and not pair.sells_stored:
        return np.inf
    if least > most_import:
        unserved = least - most_import
        if unserved > given.load_kwh + ROUNDING_KWH:
            return np.inf
        return buy * most_import + pair.prices.unserved_c_per_kwh * unserved
    cost = _grid_cost(least, buy, sell)
    if pair.curtails_solar:
        own = max(power, 0.0) if pair.takes_solar_only else 0.0
        most = max(min(lacking + given.solar_kwh - own, most_import), least)
        cost = min(cost, _grid_cost(most, buy, sell))
        if least < 0 < most:
            cost = min(cost, 0.0)
    return cost


@compiled
def _grid_cost(net_kwh: float, buy: float, sell: float) -> float:
    return buy * net_kwh if net_kwh > 0 else sell * net_kwh


@compiled
def _is_within(power: float, most: float, most_out: float) -> bool:
    return -most_out - ROUNDING_KWH <= power <= most + ROUNDING_KWH


@compiled
def ac_energy(storage: StorageFigures, change_kwh: float) -> float:
    """AC energy of a change of what is stored, charging above 0. [kWh]"""
    if change_kwh > 0:
        return change_kwh / storage.charge_efficiency
    return change_kwh * storage.discharge_efficiency


@compiled
def stored_change(storage: StorageFigures, power_kwh: float) -> float:
    """Change of what is stored by an AC energy, charging above 0. [kWh]"""
    if power_kwh > 0:
        return power_kwh * storage.charge_efficiency
    return power_kwh / storage.discharge_efficiency


@compiled
def _wear_c(storage: StorageFigures, change_kwh: float) -> float:
    if change_kwh > 0:
        return storage.charge_wear_c_per_kwh * change_kwh
    return -storage.discharge_wear_c_per_kwh * change_kwh


def ac_energies(storage: StorageFigures, changes_kwh: FloatArray) -> FloatArray:
    """AC energies of changes of what is stored, charging above 0. (T,) [kWh]"""
    into = np.maximum(changes_kwh, 0.0) / storage.charge_efficiency
    return np.asarray(
        into + np.minimum(changes_kwh, 0.0) * storage.discharge_efficiency
    )
