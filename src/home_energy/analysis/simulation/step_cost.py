"""What one interval costs as a function of what the battery does in it.

The battery moves u kWh of stored energy (u > 0 charges), which is h(u) kWh on the AC
side: u / charge_efficiency up, u * discharge_efficiency down. With the net load
n = load - solar the interval costs

    f(u) = G(n + h(u)) + wear |u|

where G(g) is the least that curtailing, importing and exporting cost for a net AC
demand of g kWh. G is piecewise linear. From g = -(export limit) - solar upward its
pieces (slope in c/kWh, length in kWh) are, in this order,

    sell >= 0:        (0, solar), (sell, export limit), (buy, import limit)
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
"""

from typing import NamedTuple

from numba import njit

from home_energy.domain.series import FloatArray

MOST_PIECES = 5


class Steps(NamedTuple):
    """What is given in each interval. Arrays of (T,), numba reads them as they are."""

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
    wear_c_per_kwh: float
    unserved_c_per_kwh: float
    takes_solar_only: bool
    curtails_solar: bool


class Pieces(NamedTuple):
    """The convex hull of one interval's cost, a place to write it to."""

    slopes: FloatArray  # (5,) [c/kWh of stored energy], ascending
    lengths: FloatArray  # (5,) [kWh of stored energy]


@njit(cache=True)
def ladder(
    steps: Steps, t: int, device: Device
) -> tuple[float, float, float, float, float, float]:
    """Slopes of the first three pieces of G, and the AC powers at which they end."""
    buy = steps.buy_c_per_kwh[t]
    sell = steps.sell_c_per_kwh[t]
    most_export = steps.export_limit_kwh[t]
    most_import = steps.import_limit_kwh[t]
    solar = steps.solar_kwh[t]
    load = steps.load_kwh[t]
    curtails = device.curtails_solar
    if curtails and sell > 0 > buy and most_export + most_import > 0:
        buy = (sell * most_export + buy * most_import) / (most_export + most_import)
        sell = buy
    third_end = solar - load + most_import
    if sell >= 0 or not curtails:
        return 0.0, sell, buy, solar - load - most_export, solar - load, third_end
    if buy >= 0:
        return sell, 0.0, buy, -load, solar - load, third_end
    return sell, buy, 0.0, -load, most_import - load, third_end


@njit(cache=True)
def _push(pieces: Pieces, count: int, slope: float, length: float) -> int:
    """Put a piece on the stack; while it is below the top, make the two one."""
    slopes, lengths = pieces
    while count > 0 and slope < slopes[count - 1]:
        count -= 1
        whole = lengths[count] + length
        slope = (slopes[count] * lengths[count] + slope * length) / whole
        length = whole
    slopes[count] = slope
    lengths[count] = length
    return count + 1


@njit(cache=True)
def hull(
    steps: Steps, t: int, device: Device, pieces: Pieces
) -> tuple[int, float, float, bool]:
    """Write the convex hull of the cost of interval t.

    Returns
    -------
    tuple[int, float, float, bool]
        Number of pieces, least and greatest change of stored energy [kWh], and whether
        the hull lies below the cost somewhere.
    """
    a1, a2, a3, e1, e2, e3 = ladder(steps, t, device)
    low = max(
        -steps.discharge_limit_kwh[t], -steps.export_limit_kwh[t] - steps.load_kwh[t]
    )
    high = min(
        steps.charge_limit_kwh[t], steps.import_limit_kwh[t] + steps.solar_kwh[t]
    )
    up, down = device.charge_efficiency, device.discharge_efficiency
    wear = device.wear_c_per_kwh
    keeps_own = device.takes_solar_only and device.curtails_solar
    count = pushed = 0
    edge = low
    for a, end in ((a1, e1), (a2, e2), (a3, e3), (device.unserved_c_per_kwh, 0.0)):
        top = min(end, 0.0)
        if top > edge:
            count = _push(pieces, count, a * down - wear, (top - edge) / down)
            pushed += 1
            edge = top
    edge = 0.0
    for a, end in ((a1, e1), (a2, e2), (a3, e3), (device.unserved_c_per_kwh, high)):
        top = min(end, high)
        if top > edge:
            paid = max(a, 0.0) if keeps_own else a
            count = _push(pieces, count, paid / up + wear, (top - edge) * up)
            pushed += 1
            edge = top
    is_below = count < pushed or (
        device.curtails_solar and steps.sell_c_per_kwh[t] > 0 > steps.buy_c_per_kwh[t]
    )
    return count, low / down, high * up, is_below


@njit(cache=True)
def booked_cost(steps: Steps, t: int, device: Device, change_kwh: float) -> float:
    """Cost of interval t when the stored energy changes by `change_kwh`. [c]

    One charge or one discharge, never both; of all the grid can do then, the cheapest.
    The grid brings g more than nothing is curtailed to, g + solar at most; its cost
    bends once, at 0, so the least lies at an end or at 0.
    """
    charge = max(change_kwh, 0.0) / device.charge_efficiency
    discharge = max(-change_kwh, 0.0) * device.discharge_efficiency
    solar = steps.solar_kwh[t]
    demand = steps.load_kwh[t] - solar + charge - discharge
    most_import = steps.import_limit_kwh[t]
    buy, sell = steps.buy_c_per_kwh[t], steps.sell_c_per_kwh[t]
    worn = device.wear_c_per_kwh * abs(change_kwh)
    least = max(demand, -steps.export_limit_kwh[t])
    if least > most_import:
        unserved = least - most_import
        cost = buy * most_import + device.unserved_c_per_kwh * unserved
        return float(worn + cost)
    cost = _grid_cost(least, buy, sell)
    if device.curtails_solar:
        spare = solar - charge if device.takes_solar_only else solar
        most = max(min(demand + spare, most_import), least)
        cost = min(cost, _grid_cost(most, buy, sell))
        if least < 0 < most:
            cost = min(cost, 0.0)
    return float(worn + cost)


@njit(cache=True)
def _grid_cost(net_kwh: float, buy: float, sell: float) -> float:
    return buy * net_kwh if net_kwh > 0 else sell * net_kwh


@njit(cache=True)
def hull_cost(  # noqa: PLR0913, PLR0917 - a compiled loop's registers
    steps: Steps,
    t: int,
    device: Device,
    pieces: Pieces,
    count: int,
    least: float,
    change_kwh: float,
) -> float:
    """Value of the hull at `change_kwh`, never above the booked cost. [c]"""
    power = least * device.discharge_efficiency
    edge = -steps.export_limit_kwh[t] - steps.load_kwh[t]
    cost = -float(steps.sell_c_per_kwh[t] * steps.export_limit_kwh[t])
    cost -= device.wear_c_per_kwh * least
    a1, a2, a3, e1, e2, e3 = ladder(steps, t, device)
    for a, end in ((a1, e1), (a2, e2), (a3, e3), (device.unserved_c_per_kwh, power)):
        top = max(min(end, power), edge)
        cost += a * (top - edge)
        edge = top
    rest = change_kwh - least
    for k in range(count):
        cost += pieces.slopes[k] * min(max(rest, 0.0), pieces.lengths[k])
        rest -= pieces.lengths[k]
    return cost
