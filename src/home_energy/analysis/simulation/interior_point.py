"""The joint optimum of two storages: Mehrotra's predictor and corrector."""
# ruff: noqa
# mypy: ignore-errors

from typing import NamedTuple

import numpy as np

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
def placed(u, rc, centre):
    """Level and dual of a column on the central path for its reduced cost."""
    a = rc * u
    v = 2.0 * centre * u / (a + 2.0 * centre + np.sqrt(a * a + 4.0 * centre * centre))
    return v, (centre / v if u > 0 else 1.0)


@compiled
def start(room, f, knobs):
    centre = knobs[0]
    mode = knobs[4]
    blocks, ex, bench = room
    mean = 0.0
    size = 0.0
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        for i in range(min(BLOCK, f.steps - b * BLOCK)):
            y = base + PRICE + i
            blocks[y] = 0.5 * (blocks[base + BUY + i] + blocks[base + SELL + i])
            if mode > 5:
                blocks[y] = max(blocks[y], 0.0)
            mean += min(max(blocks[y], 0.0), 100.0)
    mean /= f.steps
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        for i in range(min(BLOCK, f.steps - b * BLOCK)):
            y = base + PRICE + i
            blocks[y + BATTERY_PRICE] = -mean
            blocks[y + CAR_PRICE] = -mean
            if i == 0 and b > 0:
                blocks[y - ROOM + BATTERY_PRICE + BLOCK] = -mean
                blocks[y - ROOM + CAR_PRICE + BLOCK] = -mean
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        reduced_costs(blocks, base, bench, f)
        for i in range(MANY):
            u = blocks[base + MOST + i]
            rc = bench[RC + i]
            if mode == 0:
                blocks[base + LEVEL + i], blocks[base + DUAL + i] = placed(u, rc, centre)
            else:
                blocks[base + LEVEL + i] = 0.5 * u
                blocks[base + DUAL + i] = max(rc, 0.0) + centre
        if mode == 2:
            for i in range(BLOCK):
                v = base + LEVEL + i
                m = base + MOST + i
                q = knobs[7]
                c = min(blocks[m + 3 * BLOCK] * q, blocks[m + 4 * BLOCK] * q / f.charge * f.discharge)
                c = max(c, 0.02 * blocks[m + 3 * BLOCK])
                d = max(min(c * f.charge / f.discharge, blocks[m + 4 * BLOCK]), 0.02 * blocks[m + 4 * BLOCK])
                a = min(blocks[m + 5 * BLOCK] * q, blocks[m + 6 * BLOCK] * q / f.car_charge * f.car_discharge)
                a = max(a, 0.02 * blocks[m + 5 * BLOCK])
                e = max(min(a * f.car_charge / f.car_discharge, blocks[m + 6 * BLOCK]), 0.02 * blocks[m + 6 * BLOCK])
                k = knobs[8] * blocks[m + 2 * BLOCK]
                g = blocks[base + NET + i] + c - d + a - e + k
                ui = blocks[m]
                ux = blocks[m + BLOCK]
                de = 0.1 * min(ui, ux)
                blocks[v] = max(min(max(g, 0.0) + de, 0.98 * ui), 0.02 * ui)
                blocks[v + BLOCK] = max(min(max(-g, 0.0) + de, 0.98 * ux), 0.02 * ux)
                blocks[v + 2 * BLOCK] = k
                blocks[v + 3 * BLOCK] = c
                blocks[v + 4 * BLOCK] = d
                blocks[v + 5 * BLOCK] = a
                blocks[v + 6 * BLOCK] = e
        for k in range(ex.first[b], ex.first[b + 1]):
            o = k * EXTRA_NUMBERS
            y = b * ROOM + ex.step[k] - b * BLOCK
            rc = ex.numbers[o + EXTRA_COST] - extra_gain(blocks, y + PRICE, ex.kind[k])
            ex.numbers[o + EXTRA_LEVEL], ex.numbers[o + EXTRA_DUAL] = placed(
                ex.numbers[o + EXTRA_MOST], rc, centre
            )
            if mode >= 1:
                ex.numbers[o + EXTRA_LEVEL] = 0.5 * ex.numbers[o + EXTRA_MOST]
                ex.numbers[o + EXTRA_DUAL] = max(rc, 0.0) + centre
            ex.numbers[o + EXTRA_LEVEL_STEP] = 0.0
            ex.numbers[o + EXTRA_DUAL_STEP] = 0.0


@compiled
def reached(reach, share):
    """Longest steps that keep a share of the way to the nearest wall."""
    return min(1.0, share / max(reach, 1e-30))


@compiled
def iterate(room, f, tolerance, most_iterations, knobs):
    if knobs[4] != 9:
        start(room, f, knobs)
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
        target = max(share ** knobs[6] * comp, knobs[7] * scale) / f.pairs
        weight = 1.0
        if knobs[1] == 1:
            weight = p * d
        elif knobs[1] == 2:
            weight = min(p, d) ** 2
        elif knobs[1] == 3:
            weight = min(p, d)
        aim = (target, weight)
        third_pass(room, f, aim)
        reach = fourth_pass(room, f, aim)
        for _ in range(knobs[3]):
            step, dual_step = reached(reach.primal, 1.0), reached(reach.dual, 1.0)
            trial = (
                min(1.0, knobs[2] * step + 0.1),
                min(1.0, knobs[2] * dual_step + 0.1),
                0.1 * target,
                10.0 * target,
            )
            fifth_pass(room, f, trial)
            if DEBUG:
                print("before", reach.primal, reach.dual, target)
            reach = sixth_pass(room, f, trial)
            if DEBUG:
                print("after", reach.primal, reach.dual)
        keep = max(knobs[5], 1.0 - comp / (1.0 + abs(bound)))
        keep = min(keep, 0.9995)
        step, dual_step = reached(reach.primal, keep), reached(reach.dual, keep)
        if DEBUG:
            print(iteration, cost, bound, comp, left, step, dual_step, share)
    return Outcome(f, cost, bound, count)

DEBUG = False

@compiled
def solve_into(room, problem, tolerance, knobs=(10.0, 0, 1.3, 0, 1, 0.99, 3.0, 0.3, 0.1)):
    steps, battery, car, prices = problem
    f = lay_out(room, steps, battery, car, prices)
    return iterate(room, f, tolerance, MOST_ITERATIONS, knobs)


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
