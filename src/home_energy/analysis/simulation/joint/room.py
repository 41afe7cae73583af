"""Where the interior-point method keeps a joint problem, and how it is laid out.

Steps lie in blocks of `BLOCK`. In a block every quantity has a row of `BLOCK` numbers,
so that one loop over a row does several steps at once, and a pass over all blocks reads
memory once, from one end to the other.

A step has nine columns. Those of the car at the charger and of solar held back come
last: a block in which they are all 0, at work or at night, leaves them out. What few
steps have is a column of its own (`Extras`): load not met, where the grid may not
suffice; public charging on a trip; readiness of the car, where it is wanted.

Readiness: what is stored in the car is the sum of two columns with the same
coefficients. The first is as long as what is wanted and earns the price of being short.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.joint.problem import (
    JointProblem,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.step_cost import at
from home_energy.domain.series import FloatArray

IntArray = NDArray[np.int64]

BLOCK = 32
HALO = BLOCK + 8
"""Length of a row that also holds the first number of the next block."""

# The columns, each a row.
(
    IMPORT,
    EXPORT,
    BATTERY,
    CAR,
    CHARGE,
    DISCHARGE,
    CAR_CHARGE,
    CAR_DISCHARGE,
    HELD_BACK,
) = range(0, 9 * BLOCK, BLOCK)
MANY = 9 * BLOCK
ALWAYS = CAR_CHARGE
"""Columns before it are in every block."""

# Of all columns: level, dual of its lower end, most.
LEVEL, DUAL, MOST = 0, MANY, 2 * MANY

# What is given: prices, and right sides of the balance and the two storages.
BUY, SELL, NET, GIVEN, CAR_GIVEN = range(3 * MANY, 3 * MANY + 5 * BLOCK, BLOCK)

# What is left of a factored step, see `rows`.
(
    INVERSE,
    INVERSE_BOTH,
    INVERSE_CAR,
    BALANCE_INVERSE,
    BALANCE_BATTERY,
    BALANCE_CAR,
    BALANCE_SIDE,
    SIDE,
    CAR_SIDE,
    WEIGHT,
    CAR_WEIGHT,
) = range(CAR_GIVEN + BLOCK, CAR_GIVEN + 12 * BLOCK, BLOCK)

# Multipliers of the three rows of a step, the predictor's step of them and the whole.
MULTIPLIERS = BLOCK + 2 * HALO
PRICE, PREDICTED, WHOLE = range(
    CAR_WEIGHT + BLOCK, CAR_WEIGHT + BLOCK + 3 * MULTIPLIERS, MULTIPLIERS
)
BATTERY_PRICE, CAR_PRICE = BLOCK, BLOCK + HALO
"""Places in the multipliers, after the balance."""

ROOM = WHOLE + MULTIPLIERS
"""Numbers of a block."""

# Rows of the bench: of all columns ...
REDUCED, GAIN, WHOLE_GAIN, GIVES, FLOW, REACH, DUAL_REACH = range(0, 7 * MANY, MANY)
# ... what extras give, and their flow, by kind, and the storages' equations.
EXTRA_GIVES, EXTRA_FLOW = 7 * MANY, 7 * MANY + BLOCK
OWN, OWN_BOTH, OWN_CAR, LEFT, LEFT_BATTERY, LEFT_CAR = range(
    7 * MANY + 6 * BLOCK, 7 * MANY + 12 * BLOCK, BLOCK
)
BENCH = 7 * MANY + 12 * BLOCK

STRETCH = 12
"""Blocks that go the same share of a step, see `stretches`."""

UNSERVED, PUBLIC, READY = 0, 1, 2
EXTRA_MOST, EXTRA_COST, EXTRA_LEVEL, EXTRA_DUAL, EXTRA_REDUCED = range(5)
EXTRA_LEVEL_STEP, EXTRA_DUAL_STEP, EXTRA_NUMBERS = 5, 6, 7

NOTHING_KWH = 1e-9
"""A column that is shorter is left out."""


class Extras(NamedTuple):
    """Columns of single steps, in order of their steps."""

    step: IntArray  # (3 T,)
    kind: IntArray  # (3 T,)
    numbers: FloatArray  # (3 T * EXTRA_NUMBERS,)
    first: IntArray  # (blocks + 1,) of each block


class Paces(NamedTuple):
    """Of each stretch of steps. (stretches,)"""

    step: FloatArray  # share of the step that its levels go
    dual_step: FloatArray
    reach: FloatArray  # how often the step goes to the nearest end
    dual_reach: FloatArray
    products: FloatArray  # [c] of the iterate
    first: FloatArray  # [c] of the predictor: reduced cost times step
    second: FloatArray  # [c] gain times step


class Room(NamedTuple):
    """Everything one solution needs; made once, used for many."""

    blocks: FloatArray
    extras: Extras
    always: (
        IntArray  # (blocks,) length of the rows up to the last column at the charger
    )
    held_back: IntArray  # (blocks,) end of that column, or its beginning
    paces: Paces
    bench: FloatArray  # rows of the block that is worked at


class Figures(NamedTuple):
    """What does not change from step to step."""

    steps: int
    pairs: int  # of a distance and its dual
    charge: float  # kWh into the cells for each kWh charged
    discharge: float  # kWh out of the cells for each kWh discharged
    car_charge: float
    car_discharge: float
    charge_c: float  # wear of each kWh charged, AC
    discharge_c: float
    car_charge_c: float
    car_discharge_c: float
    constant_c: float
    worth: float  # of a kWh stored at the end
    car_worth: float


def room_for(steps: int) -> Room:
    """Room for problems of up to so many steps."""
    blocks = -(-steps // BLOCK)
    stretches = -(-blocks // STRETCH)
    return Room(
        np.zeros(blocks * ROOM),
        Extras(
            np.zeros(3 * steps, dtype=np.int64),
            np.zeros(3 * steps, dtype=np.int64),
            np.zeros(3 * steps * EXTRA_NUMBERS),
            np.zeros(blocks + 1, dtype=np.int64),
        ),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        Paces(*(np.zeros(stretches) for _ in Paces._fields)),
        np.zeros(BENCH),
    )


@compiled
def blocks_of(steps: int) -> int:
    """How many blocks so many steps lie in."""
    return (steps + BLOCK - 1) // BLOCK


@compiled
def lay_out(room: Room, problem: JointProblem) -> Figures:
    """Write a problem into its room, every level and multiplier still 0."""
    steps, battery, car, prices = problem
    count = steps.load_kwh.size
    for i in range(blocks_of(count) * ROOM):
        room.blocks[at(i)] = 0.0
    for i in range(BENCH):
        room.bench[at(i)] = 0.0
    columns = extras = 0
    for b in range(blocks_of(count)):
        room.extras.first[b] = extras
        for t in range(b * BLOCK, min((b + 1) * BLOCK, count)):
            place = b * ROOM + t - b * BLOCK
            ends = (t == 0, t == count - 1)
            wishes = (steps.trip_kwh[t], steps.ready_kwh[t + 1])
            columns += _lay_out_flows(room.blocks, place, steps, t)
            columns += _lay_out_battery(room.blocks, place, battery, ends)
            ready = _lay_out_car(room.blocks, place, car, ends, wishes)
            columns += int(room.blocks[place + MOST + CAR] > 0)
            column = (ready, -prices.short_c_per_kwh)
            extras = _add(room.extras, extras, (t, READY), column)
            column = (steps.trip_kwh[t], prices.public_c_per_kwh)
            extras = _add(room.extras, extras, (t, PUBLIC), column)
            flows = steps.charge_limit_kwh[t] + steps.car_charge_limit_kwh[t]
            if steps.load_kwh[t] + flows > steps.import_limit_kwh[t]:
                column = (steps.load_kwh[t], prices.unserved_c_per_kwh)
                extras = _add(room.extras, extras, (t, UNSERVED), column)
        _leave_out(room, b)
    room.extras.first[blocks_of(count)] = extras
    _value_the_end(room.blocks, count, battery, car)
    return Figures(
        count,
        2 * (columns + extras),
        battery.charge_efficiency,
        1 / battery.discharge_efficiency,
        car.charge_efficiency,
        1 / car.discharge_efficiency,
        battery.charge_wear_c_per_kwh * battery.charge_efficiency,
        battery.discharge_wear_c_per_kwh / battery.discharge_efficiency,
        car.charge_wear_c_per_kwh * car.charge_efficiency,
        car.discharge_wear_c_per_kwh / car.discharge_efficiency,
        _constant_c(problem),
        battery.end_worth_c_per_kwh,
        car.end_worth_c_per_kwh,
    )


@compiled
def _constant_c(problem: JointProblem) -> float:
    """Cost that no schedule changes: what levels of 0 stand for."""
    steps, battery, car, prices = problem
    constant = -battery.end_worth_c_per_kwh * battery.end_least_kwh
    constant -= car.end_worth_c_per_kwh * car.end_least_kwh
    short: float = max(steps.ready_kwh[0] - car.start_kwh, 0.0)
    for t in range(1, steps.ready_kwh.size - 1):
        short += steps.ready_kwh[t]
    short += max(steps.ready_kwh[-1] - car.end_least_kwh, 0.0)
    return constant + prices.short_c_per_kwh * short


@compiled
def _most(kwh: float) -> float:
    return kwh if kwh > NOTHING_KWH else 0.0


@compiled
def _lay_out_flows(blocks: FloatArray, place: int, steps: JointSteps, t: int) -> int:
    """Prices and limits of a step; how many of its columns are not 0."""
    blocks[place + BUY] = steps.buy_c_per_kwh[t]
    blocks[place + SELL] = steps.sell_c_per_kwh[t]
    blocks[place + NET] = steps.load_kwh[t] - steps.solar_kwh[t]
    most = place + MOST
    blocks[most + IMPORT] = _most(steps.import_limit_kwh[t])
    blocks[most + EXPORT] = _most(steps.export_limit_kwh[t])
    blocks[most + CHARGE] = _most(steps.charge_limit_kwh[t])
    blocks[most + DISCHARGE] = _most(steps.discharge_limit_kwh[t])
    blocks[most + CAR_CHARGE] = _most(steps.car_charge_limit_kwh[t])
    blocks[most + CAR_DISCHARGE] = _most(steps.car_discharge_limit_kwh[t])
    blocks[most + HELD_BACK] = _most(steps.solar_kwh[t])
    columns = int(blocks[most + IMPORT] > 0) + int(blocks[most + EXPORT] > 0)
    for column in range(CHARGE, MANY, BLOCK):
        columns += int(blocks[most + column] > 0)
    return columns


@compiled
def _lay_out_battery(
    blocks: FloatArray, place: int, battery: StorageFigures, ends: tuple[bool, bool]
) -> int:
    """Room in the battery after a step; whether there is any."""
    is_first, is_last = ends
    least, most = 0.0, battery.capacity_kwh
    if is_last:
        least, most = battery.end_least_kwh, battery.end_most_kwh
    given = battery.start_kwh if is_first else 0.0
    blocks[place + GIVEN] = given - least
    blocks[place + MOST + BATTERY] = _most(most - least)
    return int(most - least > NOTHING_KWH)


@compiled
def _lay_out_car(
    blocks: FloatArray,
    place: int,
    car: StorageFigures,
    ends: tuple[bool, bool],
    wishes: tuple[float, float],
) -> float:
    """Room in the car after a step; how much of it is wanted then. [kWh]"""
    is_first, is_last = ends
    trip, wanted = wishes
    least, most = 0.0, car.capacity_kwh
    if is_last:
        least, most = car.end_least_kwh, car.end_most_kwh
    given = car.start_kwh if is_first else 0.0
    ready: float = _most(min(wanted, most) - least)
    blocks[place + CAR_GIVEN] = given - trip - least
    blocks[place + MOST + CAR] = _most(most - least - ready)
    return ready


@compiled
def _add(
    extras: Extras, count: int, place: tuple[int, int], column: tuple[float, float]
) -> int:
    """Put one more column at the end, if it has any length."""
    most, cost = column
    if most <= NOTHING_KWH:
        return count
    extras.step[count], extras.kind[count] = place
    for i in range(EXTRA_NUMBERS):
        extras.numbers[count * EXTRA_NUMBERS + i] = 0.0
    extras.numbers[count * EXTRA_NUMBERS + EXTRA_MOST] = most
    extras.numbers[count * EXTRA_NUMBERS + EXTRA_COST] = cost
    return count + 1


@compiled
def _leave_out(room: Room, b: int) -> None:
    """Note which of the last columns a block has."""
    most = b * ROOM + MOST
    room.always[b] = ALWAYS
    for column in (CAR_CHARGE, CAR_DISCHARGE):
        for i in range(column, column + BLOCK):
            if room.blocks[most + i] > 0:
                room.always[b] = column + BLOCK
    room.held_back[b] = HELD_BACK
    for i in range(HELD_BACK, HELD_BACK + BLOCK):
        if room.blocks[most + i] > 0:
            room.held_back[b] = HELD_BACK + BLOCK


@compiled
def _value_the_end(
    blocks: FloatArray, count: int, battery: StorageFigures, car: StorageFigures
) -> None:
    """After the last step a stored kWh is worth what it is worth at the end."""
    last = blocks_of(count) - 1
    base = last * ROOM + PRICE
    for i in range(count - last * BLOCK, BLOCK + 1):
        blocks[base + BATTERY_PRICE + i] = -battery.end_worth_c_per_kwh
        blocks[base + CAR_PRICE + i] = -car.end_worth_c_per_kwh
