"""Where the interior-point method keeps a joint problem, and how it is laid out.

Steps lie in blocks of `BLOCK`; in a block every quantity has a row of `BLOCK` numbers,
so that one loop over a row does several steps at once, and a pass over all blocks reads
memory once from end to end. In every step are nine columns: import, export, held
back, charge, discharge, car charge, car discharge, battery stored, car stored. What few
steps have is a column of its own (`Extras`): load not met where the grid may not
suffice, public charging on a trip, readiness of the car where it is wanted.

Readiness: what is stored in the car is the sum of two columns with the same
coefficients, the first as long as what is wanted, paid for with the price of being
short.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.joint_problem import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.analysis.simulation.step_cost import at, compiled
from home_energy.domain.series import FloatArray

IntArray = NDArray[np.int64]

BLOCK = 32
HALO = BLOCK + 8
"""A row that also holds the first number of the next block."""

COLUMNS = 9
IMPORT, EXPORT, HELD_BACK, CHARGE, DISCHARGE = 0, 1, 2, 3, 4
CAR_CHARGE, CAR_DISCHARGE, BATTERY, CAR = 5, 6, 7, 8

MANY = COLUMNS * BLOCK
"""Rows of all columns: level, its lower dual, most, and the steps of the first two."""
LEVEL = 0
DUAL = MANY
MOST = 2 * MANY
LEVEL_STEP = 3 * MANY
DUAL_STEP = 4 * MANY

BUY = 5 * MANY
SELL = BUY + BLOCK
NET = SELL + BLOCK
"""Right sides of the three rows of a step."""
GIVEN = NET + BLOCK
CAR_GIVEN = GIVEN + BLOCK

"""Factors of a step: see `stage_passes`."""
INVERSE = CAR_GIVEN + BLOCK
INVERSE_BOTH = INVERSE + BLOCK
INVERSE_CAR = INVERSE_BOTH + BLOCK
BALANCE_INVERSE = INVERSE_CAR + BLOCK
BALANCE_BATTERY = BALANCE_INVERSE + BLOCK
BALANCE_CAR = BALANCE_BATTERY + BLOCK
BALANCE_SIDE = BALANCE_CAR + BLOCK
SIDE = BALANCE_SIDE + BLOCK
CAR_SIDE = SIDE + BLOCK
WEIGHT = CAR_SIDE + BLOCK
CAR_WEIGHT = WEIGHT + BLOCK

"""Multipliers of the balance and of the two storages, and two directions of them."""
PRICE = CAR_WEIGHT + BLOCK
MULTIPLIERS = BLOCK + 2 * HALO
BATTERY_PRICE = BLOCK
CAR_PRICE = BLOCK + HALO
FIRST_STEP = PRICE + MULTIPLIERS
WHOLE_STEP = FIRST_STEP + MULTIPLIERS

ROOM = WHOLE_STEP + MULTIPLIERS

NOTHING_KWH = 1e-9
"""A column that is shorter is left out."""

UNSERVED, PUBLIC, READY = 0, 1, 2
EXTRA_NUMBERS = 7
EXTRA_MOST, EXTRA_COST, EXTRA_LEVEL, EXTRA_DUAL = 0, 1, 2, 3
EXTRA_LEVEL_STEP, EXTRA_DUAL_STEP, EXTRA_REDUCED = 4, 5, 6


class Extras(NamedTuple):
    """Columns of single steps, in order of their steps."""

    step: IntArray  # (3 T,)
    kind: IntArray  # (3 T,)
    numbers: FloatArray  # (3 T * 6,)
    first: IntArray  # (blocks + 1,) of each block


class Room(NamedTuple):
    """Everything one solution needs; made once, used for many."""

    blocks: FloatArray
    extras: Extras
    bench: FloatArray
    """Rows of the block that is worked at."""


class Figures(NamedTuple):
    """What does not change from step to step."""

    steps: int
    pairs: int  # of a level and its dual
    charge: float  # kWh in the cells of each kWh charged
    discharge: float  # kWh out of the cells for each kWh discharged
    car_charge: float
    car_discharge: float
    charge_cost: float
    discharge_cost: float
    car_charge_cost: float
    car_discharge_cost: float
    constant_c: float
    worth: float  # of a kWh stored at the end
    car_worth: float


def room_for(steps: int) -> Room:
    """Room for problems of up to so many steps."""
    blocks = -(-steps // BLOCK)
    return Room(
        np.zeros(blocks * ROOM),
        Extras(
            np.zeros(3 * steps, dtype=np.int64),
            np.zeros(3 * steps, dtype=np.int64),
            np.zeros(3 * steps * EXTRA_NUMBERS),
            np.zeros(blocks + 1, dtype=np.int64),
        ),
        np.zeros(96 * BLOCK),
    )


@compiled
def blocks_of(steps: int) -> int:
    """How many blocks so many steps lie in."""
    return (steps + BLOCK - 1) // BLOCK


@compiled
def lay_out(
    room: Room,
    steps: JointSteps,
    battery: StorageFigures,
    car: StorageFigures,
    prices: JointPrices,
) -> Figures:
    """Write a problem into its room, every level and multiplier still 0."""
    blocks = room.blocks
    count = steps.load_kwh.size
    many = blocks_of(count)
    for i in range(many * ROOM):
        blocks[at(i)] = 0.0
    pairs = 0
    extras = 0
    constant = prices.short_c_per_kwh * max(steps.ready_kwh[0] - car.start_kwh, 0.0)
    for b in range(many):
        room.extras.first[b] = extras
        for t in range(b * BLOCK, min((b + 1) * BLOCK, count)):
            i = b * ROOM + t - b * BLOCK
            pairs += _lay_out_step(blocks, i, steps, t)
            pairs += _lay_out_battery(blocks, i, (t, count), battery)
            least, most = 0.0, car.capacity_kwh
            given = -steps.trip_kwh[t]
            if t == 0:
                given += car.start_kwh
            if t == count - 1:
                least, most = car.end_least_kwh, car.end_most_kwh
                given -= least
                constant -= car.end_worth_c_per_kwh * least
            wanted = steps.ready_kwh[t + 1]
            constant += prices.short_c_per_kwh * max(wanted - least, 0.0)
            ready = max(min(wanted, most) - least, 0.0)
            if ready <= NOTHING_KWH:
                ready = 0.0
            blocks[i + CAR_GIVEN] = given
            blocks[i + MOST + CAR * BLOCK] = _most(most - least - ready)
            pairs += int(blocks[i + MOST + CAR * BLOCK] > 0)
            added = extras
            extras = _add(room.extras, extras, (t, READY), ready, -prices.short_c_per_kwh)
            extras = _add(
                room.extras,
                extras,
                (t, PUBLIC),
                steps.trip_kwh[t],
                prices.public_c_per_kwh,
            )
            demand = (
                steps.load_kwh[t]
                + steps.charge_limit_kwh[t]
                + steps.car_charge_limit_kwh[t]
            )
            if demand > steps.import_limit_kwh[t]:
                extras = _add(
                    room.extras,
                    extras,
                    (t, UNSERVED),
                    steps.load_kwh[t],
                    prices.unserved_c_per_kwh,
                )
            pairs += extras - added
    room.extras.first[many] = extras
    constant -= battery.end_worth_c_per_kwh * battery.end_least_kwh
    _value_the_end(blocks, count, battery, car)
    return Figures(
        count,
        2 * pairs,
        battery.charge_efficiency,
        1 / battery.discharge_efficiency,
        car.charge_efficiency,
        1 / car.discharge_efficiency,
        battery.charge_wear_c_per_kwh * battery.charge_efficiency,
        battery.discharge_wear_c_per_kwh / battery.discharge_efficiency,
        car.charge_wear_c_per_kwh * car.charge_efficiency,
        car.discharge_wear_c_per_kwh / car.discharge_efficiency,
        constant,
        battery.end_worth_c_per_kwh,
        car.end_worth_c_per_kwh,
    )


@compiled
def _most(kwh: float) -> float:
    return kwh if kwh > NOTHING_KWH else 0.0


@compiled
def _lay_out_step(blocks: FloatArray, i: int, steps: JointSteps, t: int) -> int:
    """Prices and limits of a step; how many of its columns are not 0."""
    blocks[i + BUY] = steps.buy_c_per_kwh[t]
    blocks[i + SELL] = steps.sell_c_per_kwh[t]
    blocks[i + NET] = steps.load_kwh[t] - steps.solar_kwh[t]
    most = i + MOST
    blocks[most + IMPORT * BLOCK] = _most(steps.import_limit_kwh[t])
    blocks[most + EXPORT * BLOCK] = _most(steps.export_limit_kwh[t])
    blocks[most + HELD_BACK * BLOCK] = _most(steps.solar_kwh[t])
    blocks[most + CHARGE * BLOCK] = _most(steps.charge_limit_kwh[t])
    blocks[most + DISCHARGE * BLOCK] = _most(steps.discharge_limit_kwh[t])
    blocks[most + CAR_CHARGE * BLOCK] = _most(steps.car_charge_limit_kwh[t])
    blocks[most + CAR_DISCHARGE * BLOCK] = _most(steps.car_discharge_limit_kwh[t])
    columns = 0
    for j in range(BATTERY):
        columns += int(blocks[most + j * BLOCK] > 0)
    return columns


@compiled
def _lay_out_battery(
    blocks: FloatArray, i: int, step: tuple[int, int], battery: StorageFigures
) -> int:
    """Room in the battery after a step; whether there is any."""
    t, count = step
    least, most, given = 0.0, battery.capacity_kwh, 0.0
    if t == 0:
        given = battery.start_kwh
    if t == count - 1:
        least, most = battery.end_least_kwh, battery.end_most_kwh
        given -= least
    blocks[i + GIVEN] = given
    blocks[i + MOST + BATTERY * BLOCK] = _most(most - least)
    return int(most - least > NOTHING_KWH)


@compiled
def _add(
    extras: Extras, count: int, place: tuple[int, int], most: float, cost: float
) -> int:
    """Put one more column at the end, if it has any length."""
    if most <= NOTHING_KWH:
        return count
    extras.step[count], extras.kind[count] = place
    extras.numbers[count * EXTRA_NUMBERS + EXTRA_MOST] = most
    extras.numbers[count * EXTRA_NUMBERS + EXTRA_COST] = cost
    return count + 1


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
