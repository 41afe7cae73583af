"""The columns of single steps: as every other column, one at a time."""

from home_energy.analysis.simulation.compiling import compiled, numerical
from home_energy.analysis.simulation.joint.columns import (
    Aim,
    Column,
    bent,
    blocked,
    standing,
    whole_step,
)
from home_energy.analysis.simulation.joint.room import (
    BLOCK,
    CAR_PRICE,
    EXTRA_COST,
    EXTRA_DUAL,
    EXTRA_DUAL_STEP,
    EXTRA_FLOW,
    EXTRA_GIVES,
    EXTRA_LEVEL,
    EXTRA_LEVEL_STEP,
    EXTRA_MOST,
    EXTRA_NUMBERS,
    EXTRA_REDUCED,
    PREDICTED,
    PRICE,
    PUBLIC,
    ROOM,
    UNSERVED,
    WHOLE,
    Room,
)
from home_energy.analysis.simulation.joint.stretches import (
    LEAST_OF_TARGET,
    is_border,
)
from home_energy.analysis.simulation.step_cost import at
from home_energy.domain.series import FloatArray


@compiled
def extra_gain(blocks: FloatArray, place: int, kind: int) -> float:
    """What multipliers at `place` take off the reduced cost of an extra."""
    car: float = blocks[at(place + CAR_PRICE)]
    if kind == UNSERVED:
        car = blocks[at(place)]
    elif kind == PUBLIC:
        car = -car
    else:
        car -= blocks[at(place + CAR_PRICE + 1)]
    return car


@compiled
def extra_column(room: Room, k: int) -> Column:
    """Where extra k stands."""
    numbers = room.extras.numbers
    first = k * EXTRA_NUMBERS
    return Column(
        numbers[first + EXTRA_LEVEL],
        numbers[first + EXTRA_DUAL],
        numbers[first + EXTRA_MOST],
        numbers[first + EXTRA_REDUCED],
    )


@compiled
def place_of(room: Room, k: int) -> int:
    """Where the rows of extra k's step begin in its block."""
    step: int = room.extras.step[k]
    return step // BLOCK * (ROOM - BLOCK) + step


@compiled
def price_extra(room: Room, k: int) -> None:
    """Work out the reduced cost of extra k."""
    numbers = room.extras.numbers
    gain = extra_gain(room.blocks, place_of(room, k) + PRICE, room.extras.kind[k])
    first = k * EXTRA_NUMBERS
    numbers[first + EXTRA_REDUCED] = numbers[first + EXTRA_COST] - gain


@compiled
def put_extra(room: Room, k: int, gives: float, flow: float) -> None:
    """Write what extra k gives and its flow where the rows take it from."""
    lane = room.extras.step[k] % BLOCK + 2 * room.extras.kind[k] * BLOCK
    room.bench[EXTRA_GIVES + lane] = gives
    room.bench[EXTRA_FLOW + lane] = flow


@compiled
def clear_extras(room: Room, b: int) -> None:
    """Leave the bench without the extras of block b."""
    for k in range(room.extras.first[b], room.extras.first[b + 1]):
        put_extra(room, k, 0.0, 0.0)


@compiled
def _mend_extra(room: Room, k: int, target: float) -> None:
    """Make the dual fit the reduced cost where two stretches meet."""
    step = room.extras.step[k]
    if step % BLOCK == BLOCK - 1 and is_border(step // BLOCK):
        column = extra_column(room, k)
        rest = column.most - column.level
        least = column.reduced_c + LEAST_OF_TARGET * target / rest
        room.extras.numbers[k * EXTRA_NUMBERS + EXTRA_DUAL] = max(column.dual, least)


@numerical
def weigh_extras(room: Room, b: int, aim: Aim) -> tuple[float, float, float]:
    """Move the extras of block b and weigh them: as `weigh`, and their cost."""
    numbers = room.extras.numbers
    products = dearest = cost = 0.0
    for k in range(room.extras.first[b], room.extras.first[b + 1]):
        first = k * EXTRA_NUMBERS
        numbers[first + EXTRA_LEVEL] += aim.step * numbers[first + EXTRA_LEVEL_STEP]
        numbers[first + EXTRA_DUAL] += aim.dual_step * numbers[first + EXTRA_DUAL_STEP]
        price_extra(room, k)
        if aim.target > 0:
            _mend_extra(room, k, aim.target)
        column = extra_column(room, k)
        state = standing(column)
        put_extra(room, k, state.gives, column.level - state.gives * column.reduced_c)
        rest = column.most - column.level
        products += column.level * column.dual + rest * state.other_dual
        dearest += column.most * state.other_dual
        cost += numbers[first + EXTRA_COST] * column.level
    return products, dearest, cost


@numerical
def try_extras(room: Room, b: int) -> tuple[float, float, float, float]:
    """How far the predictor goes with the extras of block b, as `try_predicted`."""
    most = dual_most = first = second = 0.0
    for k in range(room.extras.first[b], room.extras.first[b + 1]):
        column = extra_column(room, k)
        gain = extra_gain(
            room.blocks, place_of(room, k) + PREDICTED, room.extras.kind[k]
        )
        state = standing(column)
        step = state.gives * (gain - column.reduced_c)
        down, up = step * state.per_level, step * state.per_rest
        most = max(most, -down, up)
        dual_most = max(dual_most, 1.0 + down, 1.0 - up)
        first += column.reduced_c * step
        second += gain * step
    return most, dual_most, first, second


@numerical
def bend_extras(room: Room, b: int, target: float) -> None:
    """Write the corrector's flows of the extras of block b."""
    for k in range(room.extras.first[b], room.extras.first[b + 1]):
        column = extra_column(room, k)
        gain = extra_gain(
            room.blocks, place_of(room, k) + PREDICTED, room.extras.kind[k]
        )
        state = standing(column)
        step = state.gives * (gain - column.reduced_c)
        put_extra(room, k, 0.0, state.gives * bent(column, state, step, target))


@numerical
def step_extras(room: Room, b: int, target: float) -> tuple[float, float]:
    """Work out the steps of the extras of block b, and how often they go."""
    numbers = room.extras.numbers
    most = dual_most = 0.0
    for k in range(room.extras.first[b], room.extras.first[b + 1]):
        column = extra_column(room, k)
        place, kind = place_of(room, k), room.extras.kind[k]
        gain = extra_gain(room.blocks, place + PREDICTED, kind)
        whole_gain = extra_gain(room.blocks, place + WHOLE, kind)
        state = standing(column)
        steps = whole_step(column, state, (gain, whole_gain), target)
        reach, dual_reach = blocked(column, state, steps, whole_gain)
        most, dual_most = max(most, reach), max(dual_most, dual_reach)
        numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL_STEP] = steps[0]
        numbers[k * EXTRA_NUMBERS + EXTRA_DUAL_STEP] = steps[1]
    return most, dual_most
