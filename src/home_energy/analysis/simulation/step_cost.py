"""What one interval costs as a function of what a battery or a car does in it.

The battery moves u kWh of stored energy (u > 0 charges), which is h(u) kWh on the AC
side: u / charge_efficiency up, u * discharge_efficiency down. With the net load
n = load - solar the interval costs

    f(u) = G(n + h(u)) + wear |u|        (wear may differ between up and down)

where G(g) is the least that curtailing, importing and exporting cost for a net AC
demand of g kWh. G is piecewise linear. From g = -(export limit) - solar upward its
pieces (slope in c/kWh, length in kWh) are, in this order,

    sell, buy >= 0:   (0, solar), (sell, export limit), (buy, import limit)
    sell < 0 <= buy:  (sell, export limit), (0, solar), (buy, import limit)
    buy < 0:          (sell, export limit), (buy, import limit), (0, solar)

and always last (`unserved`, load): load that is not met. Read it as a ladder of what is
given up first when the battery takes more. Where solar is not curtailed for its price,
the first order holds at every price: curtailing serves the export limit only. On this
ladder the AC power of the battery starts at -(export limit) - load and ends at
import limit + solar.

A piece of slope a and AC length e is cut at AC power 0 and becomes, in stored energy,

    discharging: slope a * discharge_efficiency - wear, length e / discharge_efficiency
    charging:    slope a / charge_efficiency + wear,    length e * charge_efficiency

A charger that gives nothing or at least some power leaves of the charging side the
point 0 and what lies from that least power up: its pieces below become one, from f(0)
straight to f(least). Where the least is above the greatest, nothing is charged.

The pieces are then made convex by pooling: pushed on a stack from left to right, and
while the new slope is below the top's the two become one, with their length-weighted
mean slope. What remains is the lower convex hull of f exactly. Pooling happens only
where burning energy pays (a price negative enough that its loss earns more than the
wear) or where selling pays more than buying costs.

With sell > 0 > buy no one order holds (sell the sun, or waste it and buy). There both
prices are replaced by their mean weighted with the limits, which is the lower convex
hull of G, so that the bound stays a bound.

A battery that may take solar only cannot charge what is curtailed: on its charge side
a slope below 0 is 0.

The load may be below 0 where it holds what another storage gives. If that is more than
the export limit lets out, the charge has to take the rest; what it does not take costs
what unserved load does, the first piece then.
"""

from typing import NamedTuple

import numpy as np

from home_energy.analysis.simulation.compiling import compiled
from home_energy.domain.series import FloatArray

MOST_PIECES = 5

NOTHING_KWH = 1e-12
"""Less is rounding."""


class Interval(NamedTuple):
    """What is given in one interval. [c/kWh], [kWh, AC]"""

    buy_c_per_kwh: float
    sell_c_per_kwh: float
    load_kwh: float
    solar_kwh: float
    charge_limit_kwh: float
    discharge_limit_kwh: float
    import_limit_kwh: float
    export_limit_kwh: float


class Steps(NamedTuple):
    """The same for every interval. (T,)"""

    buy_c_per_kwh: FloatArray
    sell_c_per_kwh: FloatArray
    load_kwh: FloatArray
    solar_kwh: FloatArray
    charge_limit_kwh: FloatArray
    discharge_limit_kwh: FloatArray
    import_limit_kwh: FloatArray
    export_limit_kwh: FloatArray


class Device(NamedTuple):
    """What does not change from interval to interval."""

    capacity_kwh: float
    charge_efficiency: float
    discharge_efficiency: float
    charge_wear_c_per_kwh: float
    discharge_wear_c_per_kwh: float
    unserved_c_per_kwh: float
    takes_solar_only: bool
    curtails_solar: bool
    least_charge_kwh: float  # [AC] charging is nothing or at least this


class Ladder(NamedTuple):
    """Slopes of the pieces of G, and the AC powers at which all but the last end."""

    first: float
    second: float
    third: float
    last: float
    first_end: float
    second_end: float
    third_end: float


class Pieces(NamedTuple):
    """Where the pieces of one interval's hull are written, from the left. (5,)"""

    slopes: FloatArray  # [c/kWh of stored energy]
    lengths: FloatArray  # [kWh of stored energy]


class Hull(NamedTuple):
    """What else is said of a hull: how many pieces, and how far the battery may go."""

    pieces: int
    least_kwh: float
    most_kwh: float
    is_below: bool  # somewhere below the cost


@compiled
def at(place: int) -> np.uint64:
    """A place never counted from the end; not to look saves a third of the time."""
    return np.uint64(place)


@compiled
def interval_of(steps: Steps, t: int) -> Interval:
    """Interval t of all."""
    i = at(t)
    return Interval(
        steps.buy_c_per_kwh[i],
        steps.sell_c_per_kwh[i],
        steps.load_kwh[i],
        steps.solar_kwh[i],
        steps.charge_limit_kwh[i],
        steps.discharge_limit_kwh[i],
        steps.import_limit_kwh[i],
        steps.export_limit_kwh[i],
    )


@compiled
def ladder(given: Interval, device: Device) -> Ladder:
    """Read the ladder of one interval."""
    buy, sell, load, solar, _, _, most_import, most_export = given
    unserved = device.unserved_c_per_kwh
    curtails = device.curtails_solar
    if curtails and sell > 0 > buy:
        buy = _mean(sell, most_export, buy, most_import)
        sell = buy
    even = solar - load
    third = even + most_import
    if min(sell, buy) >= 0 or not curtails:
        return Ladder(0.0, sell, buy, unserved, even - most_export, even, third)
    if buy >= 0:
        return Ladder(sell, 0.0, buy, unserved, -load, even, third)
    return Ladder(sell, buy, 0.0, unserved, -load, most_import - load, third)


@compiled
def hull(
    given: Interval, device: Device, slopes: FloatArray, lengths: FloatArray
) -> Hull:
    """Write the convex hull of the interval's cost."""
    rungs = ladder(given, device)
    low, high = _reach(given)
    wear = device.discharge_wear_c_per_kwh
    down, out = device.discharge_efficiency, 1 / device.discharge_efficiency
    end_1 = min(max(rungs.first_end, low), 0.0)
    end_2 = min(max(rungs.second_end, low), 0.0)
    end_3 = min(max(rungs.third_end, low), 0.0)
    stack = (0, 0)
    stack = _push(
        slopes, lengths, stack, rungs.first * down - wear, (end_1 - low) * out
    )
    stack = _push(
        slopes, lengths, stack, rungs.second * down - wear, (end_2 - end_1) * out
    )
    stack = _push(
        slopes, lengths, stack, rungs.third * down - wear, (end_3 - end_2) * out
    )
    stack = _push(slopes, lengths, stack, rungs.last * down - wear, -end_3 * out)
    if device.takes_solar_only and device.curtails_solar:
        rungs = _without_gain(rungs)
    wear = device.charge_wear_c_per_kwh
    up, into = 1 / device.charge_efficiency, device.charge_efficiency
    start = 0.0
    if low > 0 or device.least_charge_kwh > 0:
        start, high, slope = _first_charge(rungs, device, low, high)
        low = min(low, 0.0)
        stack = _push(slopes, lengths, stack, slope * up + wear, start * into)
    end_1 = min(max(rungs.first_end, start), high)
    end_2 = min(max(rungs.second_end, start), high)
    end_3 = min(max(rungs.third_end, start), high)
    stack = _push(
        slopes, lengths, stack, rungs.first * up + wear, (end_1 - start) * into
    )
    stack = _push(
        slopes, lengths, stack, rungs.second * up + wear, (end_2 - end_1) * into
    )
    stack = _push(
        slopes, lengths, stack, rungs.third * up + wear, (end_3 - end_2) * into
    )
    stack = _push(slopes, lengths, stack, rungs.last * up + wear, (high - end_3) * into)
    count, pooled = stack
    is_below = pooled > 0 or given.sell_c_per_kwh > 0 > given.buy_c_per_kwh
    return Hull(count, low * out, high * into, is_below)


@compiled
def is_too_little(device: Device, change_kwh: float) -> bool:
    """Whether it is a charge below the least."""
    least = device.least_charge_kwh * device.charge_efficiency
    return NOTHING_KWH < change_kwh < least - NOTHING_KWH


@compiled
def _reach(given: Interval) -> tuple[float, float]:
    """Least and greatest AC power; above 0 both where a charge has to be."""
    low = max(-given.discharge_limit_kwh, -given.export_limit_kwh - given.load_kwh)
    most = given.import_limit_kwh + given.solar_kwh - min(given.load_kwh, 0.0)
    return low, min(given.charge_limit_kwh, most)


@compiled
def _first_charge(
    rungs: Ladder, device: Device, low: float, high: float
) -> tuple[float, float, float]:
    """Up to where the first charging piece goes, and all; and its slope, all AC.

    It is the way to the least charge, or to what must be taken (`low`) for the export
    limit, on which every kWh that is not taken costs what unserved load does. A way
    within one rung is no piece of its own.
    """
    least = device.least_charge_kwh
    if least > high + NOTHING_KWH:
        return 0.0, 0.0, 0.0
    start = min(max(least, low), high)
    taken = min(max(low, 0.0), start)
    end_1 = min(max(rungs.first_end, taken), start)
    end_2 = min(max(rungs.second_end, taken), start)
    end_3 = min(max(rungs.third_end, taken), start)
    ends_within = (
        taken < end_1 < start or taken < end_2 < start or taken < end_3 < start
    )
    if taken == 0 and not ends_within:
        return 0.0, high, 0.0
    money = (
        rungs.first * (end_1 - taken)
        + rungs.second * (end_2 - end_1)
        + rungs.third * (end_3 - end_2)
        + rungs.last * (start - end_3)
        - device.unserved_c_per_kwh * taken
    )
    return start, high, money / start


@compiled
def _push(
    slopes: FloatArray,
    lengths: FloatArray,
    stack: tuple[int, int],
    slope: float,
    length: float,
) -> tuple[int, int]:
    """Put a piece on the stack; while it is below the top, make the two one."""
    count, pooled = stack
    if length < 2 * NOTHING_KWH:
        return stack
    while count > 0 and slope < slopes[at(count - 1)]:
        count -= 1
        pooled += 1
        top = at(count)
        slope = _mean(slopes[top], lengths[top], slope, length)
        length += lengths[top]
    slopes[at(count)] = slope
    lengths[at(count)] = length
    return count + 1, pooled


@compiled
def _mean(first: float, first_kwh: float, second: float, second_kwh: float) -> float:
    """Mean of two slopes, weighted with their lengths; 0 without any length."""
    whole = first_kwh + second_kwh
    if whole == 0:
        return 0.0
    return (first * first_kwh + second * second_kwh) / whole


@compiled
def _without_gain(rungs: Ladder) -> Ladder:
    return Ladder(
        max(rungs.first, 0.0),
        max(rungs.second, 0.0),
        max(rungs.third, 0.0),
        rungs.last,
        rungs.first_end,
        rungs.second_end,
        rungs.third_end,
    )


@compiled
def booked_cost(given: Interval, device: Device, change_kwh: float) -> float:
    """Cost of an interval in which the stored energy changes by `change_kwh`. [c]

    One charge or one discharge, never both; of all the grid can do then, the cheapest.
    What even the export limit does not let out costs what unserved load does.
    The grid brings what is lacking with nothing held back, at least, and with all solar
    held back, at most; its cost bends once, at 0, so the cheapest is at an end or at 0.
    """
    buy, sell, load, solar, _, _, most_import, most_export = given
    charge = max(change_kwh, 0.0) / device.charge_efficiency
    discharge = max(-change_kwh, 0.0) * device.discharge_efficiency
    lacking = load - solar + charge - discharge
    worn = device.charge_wear_c_per_kwh * max(change_kwh, 0.0)
    worn += device.discharge_wear_c_per_kwh * max(-change_kwh, 0.0)
    least = max(lacking, -most_export)
    if least > lacking + solar:
        worn += device.unserved_c_per_kwh * (least - lacking - solar)
    if least > most_import:
        unserved = device.unserved_c_per_kwh * (least - most_import)
        return worn + buy * most_import + unserved
    cost = _grid_cost(least, buy, sell)
    if device.curtails_solar:
        spare = solar - charge if device.takes_solar_only else solar
        most = max(min(lacking + spare, most_import), least)
        cost = min(cost, _grid_cost(most, buy, sell))
        if least < 0 < most:
            cost = min(cost, 0.0)
    return worn + cost


@compiled
def _grid_cost(net_kwh: float, buy: float, sell: float) -> float:
    return buy * net_kwh if net_kwh > 0 else sell * net_kwh


@compiled
def hull_cost(
    given: Interval, device: Device, pieces: Pieces, shape: Hull, change_kwh: float
) -> float:
    """Value of the hull at `change_kwh`, never above the booked cost. [c]"""
    rungs = ladder(given, device)
    power = shape.least_kwh * device.discharge_efficiency
    start = -given.export_limit_kwh - given.load_kwh
    stuck = max(start - power, 0.0)
    end_1 = min(rungs.first_end, power)
    end_2 = min(rungs.second_end, power)
    end_3 = min(rungs.third_end, power)
    cost = (
        -given.sell_c_per_kwh * given.export_limit_kwh
        - device.discharge_wear_c_per_kwh * shape.least_kwh
        + device.unserved_c_per_kwh * stuck
        + rungs.first * (end_1 - start + stuck)
        + rungs.second * (end_2 - end_1)
        + rungs.third * (end_3 - end_2)
        + rungs.last * (power - end_3)
    )
    rest = change_kwh - shape.least_kwh
    for k in range(shape.pieces):
        cost += pieces.slopes[k] * min(max(rest, 0.0), pieces.lengths[k])
        rest -= pieces.lengths[k]
    return cost
