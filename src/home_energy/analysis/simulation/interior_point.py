"""The joint optimum of two storages: Mehrotra's predictor and corrector."""
# ruff: noqa
# mypy: ignore-errors

from typing import NamedTuple

from home_energy.analysis.simulation.joint_room import *  # TEMP
from home_energy.analysis.simulation.stage_passes import *  # TEMP
from home_energy.analysis.simulation.step_cost import at, compiled

MOST_ITERATIONS = 100


class Outcome(NamedTuple):
    figures: Figures
    cost_c: float
    bound_c: float
    iterations: int


@compiled
def start(room, f):
    blocks, ex, bench = room
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        for i in range(min(BLOCK, f.steps - b * BLOCK)):
            y = base + PRICE + i
            blocks[y] = 0.5 * (blocks[base + BUY + i] + blocks[base + SELL + i])
        reduced_costs(blocks, base, bench, f)
        for i in range(MANY):
            u = blocks[base + MOST + i]
            rc = bench[RC + i]
            blocks[base + LEVEL + i] = 0.5 * u
            blocks[base + DUAL + i] = max(rc, 0.0) + 10.0
        for k in range(ex.first[b], ex.first[b + 1]):
            o = k * EXTRA_NUMBERS
            y = b * ROOM + ex.step[k] - b * BLOCK
            rc = ex.numbers[o + EXTRA_COST] - extra_gain(blocks, y + PRICE, ex.kind[k])
            ex.numbers[o + EXTRA_LEVEL] = 0.5 * ex.numbers[o + EXTRA_MOST]
            ex.numbers[o + EXTRA_DUAL] = max(rc, 0.0) + 10.0
            ex.numbers[o + EXTRA_LEVEL_STEP] = 0.0
            ex.numbers[o + EXTRA_DUAL_STEP] = 0.0


@compiled
def reached(reach, share):
    """Longest steps that keep a share of the way to the nearest wall."""
    return min(1.0, share / max(reach, 1e-30))


@compiled
def iterate(room, f, tolerance, most_iterations):
    start(room, f)
    step = dual_step = 0.0
    left = 1.0
    cost = bound = 0.0
    count = 0
    for iteration in range(most_iterations + 1):
        totals = first_pass(room, f, step, dual_step)
        left *= 1.0 - step
        cost, bound = totals.cost, totals.bound
        scale = tolerance * (1.0 + abs(bound))
        count = iteration
        if (
            totals.complementarity <= scale
            and abs(cost - bound) <= scale
            and left <= 1e-8
        ):
            break
        if iteration == most_iterations:
            break
        reach = second_pass(room, f)
        p, d = reached(reach.primal, 1.0), reached(reach.dual, 1.0)
        comp = totals.complementarity
        after = comp * (1 - d) + (p - d) * reach.first - p * d * reach.second
        share = max(after, 0.0) / comp
        target = share * share * share * comp / f.pairs
        third_pass(room, f, target)
        reach = fourth_pass(room, f, target)
        keep = max(0.95, 1.0 - comp / (1.0 + abs(bound)))
        keep = min(keep, 0.9995)
        step, dual_step = reached(reach.primal, keep), reached(reach.dual, keep)
        if DEBUG:
            print(iteration, cost, bound, comp, left, step, dual_step, share)
    return Outcome(f, cost, bound, count)

DEBUG = False

@compiled
def solve_into(room, problem, tolerance):
    steps, battery, car, prices = problem
    f = lay_out(room, steps, battery, car, prices)
    return iterate(room, f, tolerance, MOST_ITERATIONS)


@compiled
def unpack(room, storages, rows):
    battery, car = storages
    blocks, ex, _ = room
    count = rows.shape[1]
    for t in range(count):
        b = t // BLOCK
        i = b * ROOM + t - b * BLOCK
        for j in range(6):
            rows[j, t] = blocks[i + LEVEL + (CHARGE + j) * BLOCK]
        rows[6, t] = blocks[i + PRICE]
        rows[7, t] = blocks[i + PRICE + BATTERY_PRICE]
        rows[8, t] = blocks[i + PRICE + CAR_PRICE]
    rows[4, count - 1] += battery.end_least_kwh
    rows[5, count - 1] += car.end_least_kwh
    for k in range(ex.first[blocks_of(count)]):
        if ex.kind[k] == READY:
            rows[5, ex.step[k]] += ex.numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL]
