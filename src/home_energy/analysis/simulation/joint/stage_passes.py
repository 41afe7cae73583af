"""The four passes over all steps that make one iteration.

1. Forward: move to the new iterate, weigh every column, factor the rows, eliminate the
   predictor's right side.
2. Backward: the predictor's step of the multipliers, and how far it goes.
3. Forward: eliminate what the corrector adds, centre and second order.
4. Backward: the whole step of the multipliers, and how far it goes.

Of the columns only levels and duals are kept: their steps are worked out again from the
multipliers' where they are needed, which takes less time than to fetch them.
"""

from typing import NamedTuple

from home_energy.analysis.simulation.compiling import numerical
from home_energy.analysis.simulation.joint.columns import (
    Aim,
    Column,
    bent,
    blocked,
    standing,
    whole_step,
)
from home_energy.analysis.simulation.joint.extras import (
    bend_extras,
    clear_extras,
    step_extras,
    try_extras,
    weigh_extras,
)
from home_energy.analysis.simulation.joint.room import (
    BATTERY,
    BATTERY_PRICE,
    BLOCK,
    CAR,
    CAR_PRICE,
    DUAL,
    DUAL_REACH,
    EXTRA_LEVEL,
    EXTRA_NUMBERS,
    FLOW,
    GAIN,
    GIVES,
    HELD_BACK,
    LEVEL,
    MANY,
    MOST,
    MULTIPLIERS,
    PREDICTED,
    PRICE,
    REACH,
    READY,
    REDUCED,
    ROOM,
    STRETCH,
    WHOLE,
    WHOLE_GAIN,
    Figures,
    Room,
    blocks_of,
)
from home_energy.analysis.simulation.joint.rows import (
    Carry,
    balance,
    block_cost,
    eliminate,
    factor,
    gains,
    given_sides,
    go_back,
    no_sides,
    reduced_costs,
    take_flows,
)
from home_energy.analysis.simulation.joint.stretches import (
    is_border,
    mend_border,
)
from home_energy.analysis.simulation.step_cost import at
from home_energy.domain.series import FloatArray

Span = tuple[int, int]


class Totals(NamedTuple):
    """Of an iterate. [c]"""

    products: float
    cost_c: float
    bound_c: float


@numerical
def _spans(room: Room, b: int) -> tuple[Span, Span]:
    """Rows of the columns that block b has."""
    return (0, room.always[b]), (HELD_BACK, room.held_back[b])


@numerical
def _lanes(figures: Figures, b: int) -> int:
    """How many steps of block b there are."""
    return min(BLOCK, figures.steps - b * BLOCK)


@numerical
def _blank(room: Room, b: int) -> None:
    """Leave the bench without columns that block b has not."""
    for i in range(room.always[b], HELD_BACK):
        room.bench[at(GIVES + i)] = 0.0
        room.bench[at(FLOW + i)] = 0.0
    for i in range(room.held_back[b], MANY):
        room.bench[at(GIVES + i)] = 0.0
        room.bench[at(FLOW + i)] = 0.0


@numerical
def _move(
    blocks: FloatArray, base: int, bench: FloatArray, span: Span, aim: Aim
) -> None:
    """Go the last step with levels and duals."""
    for i in range(span[0], span[1]):
        column = Column(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(REDUCED + i)],
        )
        step, dual_step = whole_step(
            column,
            standing(column),
            (bench[at(GAIN + i)], bench[at(WHOLE_GAIN + i)]),
            aim.target,
        )
        blocks[at(base + LEVEL + i)] += aim.step * step
        blocks[at(base + DUAL + i)] += aim.dual_step * dual_step


@numerical
def _weigh(
    blocks: FloatArray, base: int, bench: FloatArray, span: Span
) -> tuple[float, float]:
    """What columns give and their flow; products, and all at the upper ends' duals."""
    products = dearest = 0.0
    for i in range(span[0], span[1]):
        column = Column(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(REDUCED + i)],
        )
        state = standing(column)
        bench[at(GIVES + i)] = state.gives
        bench[at(FLOW + i)] = column.level - state.gives * column.reduced_c
        rest = column.most - column.level
        products += column.level * column.dual + rest * state.other_dual
        dearest += column.most * state.other_dual
    return products, dearest


@numerical
def _go(room: Room, figures: Figures, b: int, target: float) -> None:
    """Bring block b to the new iterate, as far as its stretch goes."""
    blocks, bench, base = room.blocks, room.bench, b * ROOM
    stretch = b // STRETCH
    aim = Aim(target, room.paces.step[stretch], room.paces.dual_step[stretch])
    reduced_costs(blocks, base, bench, figures)
    gains(blocks, base + PREDICTED, bench, GAIN, figures)
    gains(blocks, base + WHOLE, bench, WHOLE_GAIN, figures)
    for span in _spans(room, b):
        _move(blocks, base, bench, span, aim)
    for i in range(MULTIPLIERS):
        blocks[at(base + PRICE + i)] += aim.dual_step * blocks[at(base + WHOLE + i)]
    if is_border(b) and b + 1 < blocks_of(figures.steps):
        more = room.paces.dual_step[stretch + 1] - aim.dual_step
        for row in (BATTERY_PRICE + BLOCK, CAR_PRICE + BLOCK):
            blocks[base + PRICE + row] = (
                blocks[base + PRICE + row] + more * blocks[base + WHOLE + row]
            )


@numerical
def first_pass(room: Room, figures: Figures, target: float) -> Totals:
    """Move (unless `target` is 0), weigh and factor; what the iterate amounts to."""
    blocks, bench, paces = room.blocks, room.bench, room.paces
    products = cost = bound = 0.0
    paces.products[:] = 0.0
    carry = Carry(0.0, 0.0, 0.0, 0.0, 0.0)
    for b in range(blocks_of(figures.steps)):
        base = b * ROOM
        stretch = b // STRETCH
        if target > 0:
            _go(room, figures, b, target)
        reduced_costs(blocks, base, bench, figures)
        if is_border(b) and target > 0:
            mend_border(room, b, target)
        _blank(room, b)
        aim = Aim(target, paces.step[stretch], paces.dual_step[stretch])
        own, dearest, block = weigh_extras(room, b, aim)
        bound -= dearest
        cost += block
        for span in _spans(room, b):
            more, dearest = _weigh(blocks, base, bench, span)
            own += more
            bound -= dearest
        products += own
        paces.products[stretch] += own
        block, sides = block_cost(blocks, base, figures)
        cost += block
        bound += sides
        balance(blocks, base, bench, figures)
        given_sides(blocks, base, bench)
        take_flows(blocks, base, bench, figures)
        carry = factor(blocks, base, bench, _lanes(figures, b), carry)
        clear_extras(room, b)
    cost += figures.constant_c - _worth_at_end(room, figures)
    return Totals(products, cost, bound + figures.constant_c)


@numerical
def _worth_at_end(room: Room, figures: Figures) -> float:
    """What is stored at the end is worth, above the least. [c]"""
    last = figures.steps - 1
    b = last // BLOCK
    place = b * ROOM + last - b * BLOCK + LEVEL
    stored: float = room.blocks[place + CAR]
    extras = room.extras
    for k in range(extras.first[b], extras.first[b + 1]):
        if extras.step[k] == last and extras.kind[k] == READY:
            stored += extras.numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL]
    worth: float = figures.worth * room.blocks[place + BATTERY]
    return worth + figures.car_worth * stored


@numerical
def _try_predicted(
    blocks: FloatArray, base: int, bench: FloatArray, span: Span
) -> tuple[float, float]:
    """How far the predictor goes, column by column; the two sums of `Paces`."""
    first = second = 0.0
    for i in range(span[0], span[1]):
        column = Column(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(REDUCED + i)],
        )
        state = standing(column)
        gain = bench[at(GAIN + i)]
        step = state.gives * (gain - column.reduced_c)
        down, up = step * state.per_level, step * state.per_rest
        bench[at(REACH + i)] = max(bench[at(REACH + i)], -down, up)
        bench[at(DUAL_REACH + i)] = max(
            bench[at(DUAL_REACH + i)], state.is_there + down, state.is_there - up
        )
        first += column.reduced_c * step
        second += gain * step
    return first, second


@numerical
def _clear_reach(bench: FloatArray) -> None:
    for i in range(REACH, REACH + 2 * MANY):
        bench[at(i)] = 0.0


@numerical
def _note_reach(room: Room, stretch: int, extras: tuple[float, float]) -> None:
    """Keep how often the step goes to the nearest end in a stretch."""
    levels, duals = extras
    for i in range(MANY):
        levels = max(levels, room.bench[at(REACH + i)])
        duals = max(duals, room.bench[at(DUAL_REACH + i)])
    room.paces.reach[stretch] = levels
    room.paces.dual_reach[stretch] = duals


@numerical
def second_pass(room: Room, figures: Figures) -> None:
    """Work out the predictor and how far it goes in each stretch."""
    blocks, bench, paces = room.blocks, room.bench, room.paces
    most = dual_most = first = second = 0.0
    after = (0.0, 0.0)
    count = blocks_of(figures.steps)
    for k in range(count):
        b = count - 1 - k
        base = b * ROOM
        if k == 0 or is_border(b):
            _clear_reach(bench)
            most = dual_most = first = second = 0.0
        after = go_back(blocks, base, PREDICTED, _lanes(figures, b), after)
        reduced_costs(blocks, base, bench, figures)
        gains(blocks, base + PREDICTED, bench, GAIN, figures)
        for span in _spans(room, b):
            more, less = _try_predicted(blocks, base, bench, span)
            first += more
            second += less
        reach, dual_reach, more, less = try_extras(room, b)
        most, dual_most = max(most, reach), max(dual_most, dual_reach)
        first += more
        second += less
        if b % STRETCH == 0:
            _note_reach(room, b // STRETCH, (most, dual_most))
            paces.first[b // STRETCH] = first
            paces.second[b // STRETCH] = second


@numerical
def _bend(
    blocks: FloatArray, base: int, bench: FloatArray, span: Span, target: float
) -> None:
    """Write the corrector's flows."""
    for i in range(span[0], span[1]):
        column = Column(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(REDUCED + i)],
        )
        state = standing(column)
        step = state.gives * (bench[at(GAIN + i)] - column.reduced_c)
        bench[at(FLOW + i)] = state.gives * bent(column, state, step, target)


@numerical
def third_pass(room: Room, figures: Figures, target: float) -> None:
    """Eliminate the corrector's right side."""
    blocks, bench = room.blocks, room.bench
    carry = (0.0, 0.0)
    for b in range(blocks_of(figures.steps)):
        base = b * ROOM
        reduced_costs(blocks, base, bench, figures)
        gains(blocks, base + PREDICTED, bench, GAIN, figures)
        _blank(room, b)
        for span in _spans(room, b):
            _bend(blocks, base, bench, span, target)
        bend_extras(room, b, target)
        no_sides(bench)
        take_flows(blocks, base, bench, figures)
        carry = eliminate(blocks, base, bench, _lanes(figures, b), carry)
        clear_extras(room, b)


@numerical
def _try_whole(
    blocks: FloatArray, base: int, bench: FloatArray, span: Span, target: float
) -> None:
    """How far the whole step goes, column by column."""
    for i in range(span[0], span[1]):
        column = Column(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(REDUCED + i)],
        )
        state = standing(column)
        gain = bench[at(WHOLE_GAIN + i)]
        steps = whole_step(column, state, (bench[at(GAIN + i)], gain), target)
        reach, dual_reach = blocked(column, state, steps, gain)
        bench[at(REACH + i)] = max(bench[at(REACH + i)], reach)
        bench[at(DUAL_REACH + i)] = max(bench[at(DUAL_REACH + i)], dual_reach)


@numerical
def fourth_pass(room: Room, figures: Figures, target: float) -> None:
    """Work out the whole step and how far it goes in each stretch."""
    blocks, bench = room.blocks, room.bench
    most = dual_most = 0.0
    after = (0.0, 0.0)
    count = blocks_of(figures.steps)
    for k in range(count):
        b = count - 1 - k
        base = b * ROOM
        if k == 0 or is_border(b):
            _clear_reach(bench)
            most = dual_most = 0.0
        after = go_back(blocks, base, WHOLE, _lanes(figures, b), after)
        for i in range(MULTIPLIERS):
            blocks[at(base + WHOLE + i)] += blocks[at(base + PREDICTED + i)]
        reduced_costs(blocks, base, bench, figures)
        gains(blocks, base + PREDICTED, bench, GAIN, figures)
        gains(blocks, base + WHOLE, bench, WHOLE_GAIN, figures)
        for span in _spans(room, b):
            _try_whole(blocks, base, bench, span, target)
        reach, dual_reach = step_extras(room, b, target)
        most, dual_most = max(most, reach), max(dual_most, dual_reach)
        if b % STRETCH == 0:
            _note_reach(room, b // STRETCH, (most, dual_most))
