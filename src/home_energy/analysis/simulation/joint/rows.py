"""The three equations of a step: balance, battery, car; eliminated over all steps.

The steps of levels are dv = gives (A'y + h), so A gives A' y = r is what the
multipliers' step solves. In a step the balance is eliminated first, which leaves two by
two numbers Q of its flows; between steps the stored energy gives P (diagonal):

    -P[t-1] y[t-1] + (P[t-1] + Q[t] + P[t]) y[t] - P[t] y[t+1] = r[t]

Forward, D[t] = E[t] + P[t] with E[t+1] = Q[t+1] + P[t] D[t]^-1 E[t], where the last is
(det(P) E + det(E) P) / det(D): sums of what is positive, in which nothing cancels.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.compiling import compiled, numerical
from home_energy.analysis.simulation.joint.room import (
    BALANCE_BATTERY,
    BALANCE_CAR,
    BALANCE_INVERSE,
    BALANCE_SIDE,
    BATTERY,
    BATTERY_PRICE,
    BLOCK,
    BUY,
    CAR,
    CAR_CHARGE,
    CAR_DISCHARGE,
    CAR_GIVEN,
    CAR_PRICE,
    CAR_SIDE,
    CAR_WEIGHT,
    CHARGE,
    DISCHARGE,
    EXPORT,
    EXTRA_FLOW,
    EXTRA_GIVES,
    FLOW,
    GIVEN,
    GIVES,
    HELD_BACK,
    IMPORT,
    INVERSE,
    INVERSE_BOTH,
    INVERSE_CAR,
    LEFT,
    LEFT_BATTERY,
    LEFT_CAR,
    NET,
    OWN,
    OWN_BOTH,
    OWN_CAR,
    PRICE,
    PUBLIC,
    READY,
    REDUCED,
    SELL,
    SIDE,
    UNSERVED,
    WEIGHT,
    Figures,
)
from home_energy.analysis.simulation.step_cost import at
from home_energy.domain.series import FloatArray

PULL = 1e-13
"""[kWh per c/kWh] Added to the diagonal, for rows in which nothing can move."""


class Carry(NamedTuple):
    """What the eliminated steps leave to the next."""

    own: float
    own_both: float
    own_car: float
    side: float
    car_side: float


@compiled
def reduced_costs(
    blocks: FloatArray, base: int, bench: FloatArray, figures: Figures
) -> None:
    """Write the reduced cost of every column of a block."""
    price = base + PRICE
    for i in range(BLOCK):
        p = blocks[at(price + i)]
        y = blocks[at(price + BATTERY_PRICE + i)]
        z = blocks[at(price + CAR_PRICE + i)]
        to = REDUCED + i
        bench[at(to + IMPORT)] = blocks[at(base + BUY + i)] - p
        bench[at(to + EXPORT)] = p - blocks[at(base + SELL + i)]
        bench[at(to + BATTERY)] = blocks[at(price + BATTERY_PRICE + 1 + i)] - y
        bench[at(to + CAR)] = blocks[at(price + CAR_PRICE + 1 + i)] - z
        bench[at(to + CHARGE)] = figures.charge_c + p + figures.charge * y
        bench[at(to + DISCHARGE)] = figures.discharge_c - p - figures.discharge * y
        bench[at(to + CAR_CHARGE)] = figures.car_charge_c + p + figures.car_charge * z
        bench[at(to + CAR_DISCHARGE)] = (
            figures.car_discharge_c - p - figures.car_discharge * z
        )
        bench[at(to + HELD_BACK)] = p


@compiled
def gains(
    blocks: FloatArray, step: int, bench: FloatArray, to: int, figures: Figures
) -> None:
    """Write what a step of the multipliers takes off the reduced costs of a block."""
    for i in range(BLOCK):
        p = blocks[at(step + i)]
        y = blocks[at(step + BATTERY_PRICE + i)]
        z = blocks[at(step + CAR_PRICE + i)]
        j = to + i
        bench[at(j + IMPORT)] = p
        bench[at(j + EXPORT)] = -p
        bench[at(j + BATTERY)] = y - blocks[at(step + BATTERY_PRICE + 1 + i)]
        bench[at(j + CAR)] = z - blocks[at(step + CAR_PRICE + 1 + i)]
        bench[at(j + CHARGE)] = -p - figures.charge * y
        bench[at(j + DISCHARGE)] = p + figures.discharge * y
        bench[at(j + CAR_CHARGE)] = -p - figures.car_charge * z
        bench[at(j + CAR_DISCHARGE)] = p + figures.car_discharge * z
        bench[at(j + HELD_BACK)] = -p


@numerical
def block_cost(blocks: FloatArray, base: int, figures: Figures) -> tuple[float, float]:
    """Cost of a block's levels, and its right sides at the multipliers. [c]"""
    cost = sides = 0.0
    for i in range(base, base + BLOCK):
        cost += blocks[at(i + BUY)] * blocks[at(i + IMPORT)]
        cost -= blocks[at(i + SELL)] * blocks[at(i + EXPORT)]
        cost += figures.charge_c * blocks[at(i + CHARGE)]
        cost += figures.discharge_c * blocks[at(i + DISCHARGE)]
        cost += figures.car_charge_c * blocks[at(i + CAR_CHARGE)]
        cost += figures.car_discharge_c * blocks[at(i + CAR_DISCHARGE)]
        sides += blocks[at(i + NET)] * blocks[at(i + PRICE)]
        sides += blocks[at(i + GIVEN)] * blocks[at(i + PRICE + BATTERY_PRICE)]
        sides += blocks[at(i + CAR_GIVEN)] * blocks[at(i + PRICE + CAR_PRICE)]
    return cost, sides


@numerical
def balance(blocks: FloatArray, base: int, bench: FloatArray, figures: Figures) -> None:
    """Eliminate the balance from every step of a block: what its flows leave."""
    into, out = figures.charge, figures.discharge
    car_into, car_out = figures.car_charge, figures.car_discharge
    for i in range(BLOCK):
        j = GIVES + i
        c, d = bench[at(j + CHARGE)], bench[at(j + DISCHARGE)]
        a, e = bench[at(j + CAR_CHARGE)], bench[at(j + CAR_DISCHARGE)]
        grid = bench[at(j + IMPORT)] + bench[at(j + EXPORT)] + bench[at(j + HELD_BACK)]
        grid += bench[at(EXTRA_GIVES + 2 * UNSERVED * BLOCK + i)]
        inverse = 1.0 / (grid + c + d + a + e + PULL)
        both = (into * c + out * d) * inverse
        car_both = (car_into * a + car_out * e) * inverse
        blocks[at(base + BALANCE_INVERSE + i)] = inverse
        blocks[at(base + BALANCE_BATTERY + i)] = both
        blocks[at(base + BALANCE_CAR + i)] = car_both
        lost = c * d * (out - into) * (out - into)
        others = (grid + a + e) * (into * into * c + out * out * d)
        bench[at(OWN + i)] = (others + lost) * inverse + PULL
        bench[at(OWN_BOTH + i)] = -both * (car_into * a + car_out * e)
        lost = a * e * (car_out - car_into) * (car_out - car_into)
        others = (grid + c + d) * (car_into * car_into * a + car_out * car_out * e)
        public = bench[at(EXTRA_GIVES + 2 * PUBLIC * BLOCK + i)]
        bench[at(OWN_CAR + i)] = (others + lost) * inverse + public + PULL


@numerical
def given_sides(blocks: FloatArray, base: int, bench: FloatArray) -> None:
    """Right sides of a block, before its flows are taken off."""
    for i in range(BLOCK):
        bench[at(LEFT + i)] = blocks[at(base + NET + i)]
        bench[at(LEFT_BATTERY + i)] = blocks[at(base + GIVEN + i)]
        bench[at(LEFT_CAR + i)] = blocks[at(base + CAR_GIVEN + i)]


@numerical
def no_sides(bench: FloatArray) -> None:
    """Right sides of 0: what is left is a correction."""
    for i in range(LEFT, LEFT + 3 * BLOCK):
        bench[at(i)] = 0.0


@numerical
def take_flows(
    blocks: FloatArray, base: int, bench: FloatArray, figures: Figures
) -> None:
    """Take the flows off the right sides, and eliminate the balance from them."""
    for i in range(BLOCK):
        j = FLOW + i
        c, d = bench[at(j + CHARGE)], bench[at(j + DISCHARGE)]
        a, e = bench[at(j + CAR_CHARGE)], bench[at(j + CAR_DISCHARGE)]
        grid = bench[at(j + IMPORT)] - bench[at(j + EXPORT)] - bench[at(j + HELD_BACK)]
        grid += bench[at(EXTRA_FLOW + 2 * UNSERVED * BLOCK + i)]
        left = bench[at(LEFT + i)] - grid + c - d + a - e
        blocks[at(base + BALANCE_SIDE + i)] = (
            left * blocks[at(base + BALANCE_INVERSE + i)]
        )
        bench[at(LEFT_BATTERY + i)] += (
            figures.charge * c
            - figures.discharge * d
            - blocks[at(base + BALANCE_BATTERY + i)] * left
        )
        bench[at(LEFT_CAR + i)] += (
            figures.car_charge * a
            - figures.car_discharge * e
            + bench[at(EXTRA_FLOW + 2 * PUBLIC * BLOCK + i)]
            - blocks[at(base + BALANCE_CAR + i)] * left
        )


@numerical
def factor(
    blocks: FloatArray, base: int, bench: FloatArray, lanes: int, carry: Carry
) -> Carry:
    """Eliminate a block's steps, matrix and right side, on from those before."""
    own, both, own_car, side, car_side = carry
    for i in range(lanes):
        ready = 2 * READY * BLOCK + i
        weight = bench[at(GIVES + BATTERY + i)]
        car_weight = bench[at(GIVES + CAR + i)] + bench[at(EXTRA_GIVES + ready)]
        stored = bench[at(FLOW + BATTERY + i)]
        car_stored = bench[at(FLOW + CAR + i)] + bench[at(EXTRA_FLOW + ready)]
        own += bench[at(OWN + i)]
        both += bench[at(OWN_BOTH + i)]
        own_car += bench[at(OWN_CAR + i)]
        side += bench[at(LEFT_BATTERY + i)] - stored
        car_side += bench[at(LEFT_CAR + i)] - car_stored
        size = own * own_car - both * both
        per = 1.0 / (size + weight * (own_car + car_weight) + car_weight * own)
        inverse = (own_car + car_weight) * per
        inverse_both = -both * per
        inverse_car = (own + weight) * per
        j = base + i
        blocks[at(j + INVERSE)] = inverse
        blocks[at(j + INVERSE_BOTH)] = inverse_both
        blocks[at(j + INVERSE_CAR)] = inverse_car
        blocks[at(j + SIDE)] = side
        blocks[at(j + CAR_SIDE)] = car_side
        blocks[at(j + WEIGHT)] = weight
        blocks[at(j + CAR_WEIGHT)] = car_weight
        moved = inverse * side + inverse_both * car_side
        car_moved = inverse_both * side + inverse_car * car_side
        side = weight * moved + stored
        car_side = car_weight * car_moved + car_stored
        weights = weight * car_weight * per
        size *= per
        own = weights * own + size * weight
        both = weights * both
        own_car = weights * own_car + size * car_weight
    return Carry(own, both, own_car, side, car_side)


@numerical
def eliminate(
    blocks: FloatArray,
    base: int,
    bench: FloatArray,
    lanes: int,
    carry: tuple[float, float],
) -> tuple[float, float]:
    """As `factor`, with another right side."""
    side, car_side = carry
    for i in range(lanes):
        ready = bench[at(EXTRA_FLOW + 2 * READY * BLOCK + i)]
        stored = bench[at(FLOW + BATTERY + i)]
        car_stored = bench[at(FLOW + CAR + i)] + ready
        side += bench[at(LEFT_BATTERY + i)] - stored
        car_side += bench[at(LEFT_CAR + i)] - car_stored
        j = base + i
        blocks[at(j + SIDE)] = side
        blocks[at(j + CAR_SIDE)] = car_side
        both = blocks[at(j + INVERSE_BOTH)]
        moved = blocks[at(j + INVERSE)] * side + both * car_side
        car_moved = both * side + blocks[at(j + INVERSE_CAR)] * car_side
        side = blocks[at(j + WEIGHT)] * moved + stored
        car_side = blocks[at(j + CAR_WEIGHT)] * car_moved + car_stored
    return side, car_side


@numerical
def go_back(
    blocks: FloatArray, base: int, to: int, lanes: int, after: tuple[float, float]
) -> tuple[float, float]:
    """Write the multipliers' step of a block, from that of the step after it."""
    y, z = after
    blocks[at(base + to + BATTERY_PRICE + lanes)] = y
    blocks[at(base + to + CAR_PRICE + lanes)] = z
    for k in range(lanes):
        j = base + lanes - 1 - k
        side = blocks[at(j + SIDE)] + blocks[at(j + WEIGHT)] * y
        car_side = blocks[at(j + CAR_SIDE)] + blocks[at(j + CAR_WEIGHT)] * z
        both = blocks[at(j + INVERSE_BOTH)]
        y = blocks[at(j + INVERSE)] * side + both * car_side
        z = both * side + blocks[at(j + INVERSE_CAR)] * car_side
        blocks[at(j + to + BATTERY_PRICE)] = y
        blocks[at(j + to + CAR_PRICE)] = z
    for j in range(base, base + BLOCK):
        blocks[at(j + to)] = (
            blocks[at(j + BALANCE_SIDE)]
            - blocks[at(j + BALANCE_BATTERY)] * blocks[at(j + to + BATTERY_PRICE)]
            - blocks[at(j + BALANCE_CAR)] * blocks[at(j + to + CAR_PRICE)]
        )
    return y, z
