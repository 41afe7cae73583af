"""The four passes of one iteration of the interior-point method."""
# ruff: noqa
# mypy: ignore-errors

from typing import NamedTuple

import numba

from home_energy.analysis.simulation.joint_room import *  # TEMP
from home_energy.analysis.simulation.joint_room import Figures, Room
from home_energy.analysis.simulation.step_cost import at, compiled
from home_energy.domain.series import FloatArray

numerical = numba.njit(
    cache=True,
    error_model="numpy",
    fastmath={"reassoc", "contract", "nsz", "nnan"},
)

TINY = 1e-60
LEAST_DUAL = 1e-20
PULL = 1e-17

# rows of the bench
RC = 0
GAIN = MANY
GAIN2 = 2 * MANY
THETA = 3 * MANY
FLOW = 4 * MANY
EXTRA_ROWS = 5 * MANY
EB_T = EXTRA_ROWS
EB_N = EB_T + BLOCK
EZ_T = EB_N + BLOCK
EZ_N = EZ_T + BLOCK
EP_T = EZ_N + BLOCK
EP_N = EP_T + BLOCK
Q11 = EP_N + BLOCK
Q12 = Q11 + BLOCK
Q22 = Q12 + BLOCK
R1 = Q22 + BLOCK
R2 = R1 + BLOCK
REACH = R2 + BLOCK
REACH_DUAL = REACH + MANY


class Totals(NamedTuple):
    complementarity: float
    cost: float
    bound: float


@numerical
def advance(blocks, base, step, dual_step):
    for i in range(MANY):
        blocks[at(base + LEVEL + i)] += step * blocks[at(base + LEVEL_STEP + i)]
        blocks[at(base + DUAL + i)] += dual_step * blocks[at(base + DUAL_STEP + i)]
    for i in range(MULTIPLIERS):
        blocks[at(base + PRICE + i)] += dual_step * blocks[at(base + WHOLE_STEP + i)]


@compiled
def gains(blocks, y, bench, to, f):
    """A' of multipliers at y, for every column."""
    for i in range(BLOCK):
        p = blocks[at(y + i)]
        s = blocks[at(y + BATTERY_PRICE + i)]
        z = blocks[at(y + CAR_PRICE + i)]
        bench[at(to + i)] = p
        bench[at(to + BLOCK + i)] = -p
        bench[at(to + 2 * BLOCK + i)] = -p
        bench[at(to + 3 * BLOCK + i)] = -p - f.charge * s
        bench[at(to + 4 * BLOCK + i)] = p + f.discharge * s
        bench[at(to + 5 * BLOCK + i)] = -p - f.car_charge * z
        bench[at(to + 6 * BLOCK + i)] = p + f.car_discharge * z
        bench[at(to + 7 * BLOCK + i)] = s - blocks[at(y + BATTERY_PRICE + 1 + i)]
        bench[at(to + 8 * BLOCK + i)] = z - blocks[at(y + CAR_PRICE + 1 + i)]


@compiled
def reduced_costs(blocks, base, bench, f):
    y = base + PRICE
    for i in range(BLOCK):
        p = blocks[at(y + i)]
        s = blocks[at(y + BATTERY_PRICE + i)]
        z = blocks[at(y + CAR_PRICE + i)]
        bench[at(RC + i)] = blocks[at(base + BUY + i)] - p
        bench[at(RC + BLOCK + i)] = p - blocks[at(base + SELL + i)]
        bench[at(RC + 2 * BLOCK + i)] = p
        bench[at(RC + 3 * BLOCK + i)] = f.charge_cost + p + f.charge * s
        bench[at(RC + 4 * BLOCK + i)] = f.discharge_cost - p - f.discharge * s
        bench[at(RC + 5 * BLOCK + i)] = f.car_charge_cost + p + f.car_charge * z
        bench[at(RC + 6 * BLOCK + i)] = f.car_discharge_cost - p - f.car_discharge * z
        bench[at(RC + 7 * BLOCK + i)] = blocks[at(y + BATTERY_PRICE + 1 + i)] - s
        bench[at(RC + 8 * BLOCK + i)] = blocks[at(y + CAR_PRICE + 1 + i)] - z


@numerical
def column(v, z, u, rc):
    """What follows of a column's level, dual, length and reduced cost."""
    s = u - v
    w = max(z - rc, LEAST_DUAL)
    p = v * s
    r = 1.0 / max(p, TINY)
    theta = p / max(z * s + w * v, TINY)
    return w, s * r, v * r, theta, p * r


@numerical
def weigh(blocks, base, bench):
    comp = 0.0
    worst = 0.0
    for i in range(MANY):
        v = blocks[at(base + LEVEL + i)]
        z = blocks[at(base + DUAL + i)]
        u = blocks[at(base + MOST + i)]
        rc = bench[at(RC + i)]
        w, iv, is_, theta, live = column(v, z, u, rc)
        bench[at(THETA + i)] = theta
        bench[at(FLOW + i)] = v - theta * rc
        comp += v * z + (u - v) * w
        worst += u * w
    return comp, worst


@compiled
def extra_gain(blocks, y, kind):
    if kind == UNSERVED:
        return blocks[at(y)]
    if kind == PUBLIC:
        return -blocks[at(y + CAR_PRICE)]
    return blocks[at(y + CAR_PRICE)] - blocks[at(y + CAR_PRICE + 1)]


@compiled
def extra_reduced_cost(cost, blocks, y, kind):
    return cost - extra_gain(blocks, y, kind)


@numerical
def put_extra(bench, lane, kind, theta, flow):
    row = EB_T + 2 * kind * BLOCK + lane
    bench[at(row)] = theta
    bench[at(row + BLOCK)] = flow


@numerical
def clear_extras(room, b, bench):
    ex = room.extras
    for k in range(ex.first[b], ex.first[b + 1]):
        put_extra(bench, ex.step[k] - b * BLOCK, ex.kind[k], 0.0, 0.0)


@numerical
def weigh_extras(room, b, step, dual_step):
    ex = room.extras
    n = ex.numbers
    comp = 0.0
    worst = 0.0
    cost = 0.0
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        lane = ex.step[k] - b * BLOCK
        n[o + EXTRA_LEVEL] += step * n[o + EXTRA_LEVEL_STEP]
        n[o + EXTRA_DUAL] += dual_step * n[o + EXTRA_DUAL_STEP]
        v = n[o + EXTRA_LEVEL]
        z = n[o + EXTRA_DUAL]
        u = n[o + EXTRA_MOST]
        rc = extra_reduced_cost(n[o + EXTRA_COST], 
            room.blocks, b * ROOM + PRICE + lane, ex.kind[k]
        )
        n[o + EXTRA_REDUCED] = rc
        w, iv, is_, theta, live = column(v, z, u, rc)
        put_extra(room.bench, lane, ex.kind[k], theta, v - theta * rc)
        comp += v * z + (u - v) * w
        worst += u * w
        cost += n[o + EXTRA_COST] * v
    return comp, worst, cost


@numerical
def costs(blocks, base, f):
    """Primal cost and right side times multipliers of a block."""
    cost = 0.0
    side = 0.0
    y = base + PRICE
    for i in range(BLOCK):
        v = base + LEVEL + i
        cost += blocks[at(base + BUY + i)] * blocks[at(v)]
        cost -= blocks[at(base + SELL + i)] * blocks[at(v + BLOCK)]
        cost += f.charge_cost * blocks[at(v + 3 * BLOCK)]
        cost += f.discharge_cost * blocks[at(v + 4 * BLOCK)]
        cost += f.car_charge_cost * blocks[at(v + 5 * BLOCK)]
        cost += f.car_discharge_cost * blocks[at(v + 6 * BLOCK)]
        side += blocks[at(base + NET + i)] * blocks[at(y + i)]
        side += blocks[at(base + GIVEN + i)] * blocks[at(y + BATTERY_PRICE + i)]
        side += blocks[at(base + CAR_GIVEN + i)] * blocks[at(y + CAR_PRICE + i)]
    return cost, side


@numerical
def balance(blocks, base, bench, f):
    for i in range(BLOCK):
        th = THETA + i
        c = bench[at(th + 3 * BLOCK)]
        d = bench[at(th + 4 * BLOCK)]
        a = bench[at(th + 5 * BLOCK)]
        e = bench[at(th + 6 * BLOCK)]
        g = (
            bench[at(th)]
            + bench[at(th + BLOCK)]
            + bench[at(th + 2 * BLOCK)]
            + bench[at(EB_T + i)]
        )
        ib = 1.0 / (g + c + d + a + e + PULL)
        bs = f.charge * c + f.discharge * d
        bz = f.car_charge * a + f.car_discharge * e
        ls = f.discharge - f.charge
        lz = f.car_discharge - f.car_charge
        n = FLOW + i
        nc = bench[at(n + 3 * BLOCK)]
        nd = bench[at(n + 4 * BLOCK)]
        na = bench[at(n + 5 * BLOCK)]
        ne = bench[at(n + 6 * BLOCK)]
        rb = (
            blocks[at(base + NET + i)]
            - bench[at(n)]
            + bench[at(n + BLOCK)]
            + bench[at(n + 2 * BLOCK)]
            - bench[at(EB_N + i)]
            + nc
            - nd
            + na
            - ne
        ) * ib
        blocks[at(base + BALANCE_INVERSE + i)] = ib
        blocks[at(base + BALANCE_BATTERY + i)] = bs * ib
        blocks[at(base + BALANCE_CAR + i)] = bz * ib
        blocks[at(base + BALANCE_SIDE + i)] = rb
        bench[at(Q11 + i)] = (
            (g + a + e) * (f.charge * f.charge * c + f.discharge * f.discharge * d)
            + c * d * ls * ls
        ) * ib + PULL
        bench[at(Q22 + i)] = (
            (
                (g + c + d)
                * (f.car_charge * f.car_charge * a + f.car_discharge * f.car_discharge * e)
                + a * e * lz * lz
            )
            * ib
            + bench[at(EZ_T + i)]
            + PULL
        )
        bench[at(Q12 + i)] = -bs * bz * ib
        bench[at(R1 + i)] = (
            blocks[at(base + GIVEN + i)] + f.charge * nc - f.discharge * nd - bs * rb
        )
        bench[at(R2 + i)] = (
            blocks[at(base + CAR_GIVEN + i)]
            + f.car_charge * na
            - f.car_discharge * ne
            + bench[at(EZ_N + i)]
            - bz * rb
        )


class Carry(NamedTuple):
    e11: float
    e12: float
    e22: float
    g1: float  # includes flow of stored before
    g2: float


@numerical
def factor(blocks, base, bench, carry, lanes):
    e11, e12, e22, g1, g2 = carry
    for i in range(lanes):
        e11 += bench[at(Q11 + i)]
        e12 += bench[at(Q12 + i)]
        e22 += bench[at(Q22 + i)]
        p1 = bench[at(THETA + 7 * BLOCK + i)]
        p2 = bench[at(THETA + 8 * BLOCK + i)] + bench[at(EP_T + i)]
        n1 = bench[at(FLOW + 7 * BLOCK + i)]
        n2 = bench[at(FLOW + 8 * BLOCK + i)] + bench[at(EP_N + i)]
        g1 += bench[at(R1 + i)] - n1
        g2 += bench[at(R2 + i)] - n2
        dete = e11 * e22 - e12 * e12
        det = dete + p1 * (e22 + p2) + p2 * e11
        inv = 1.0 / det
        i11 = (e22 + p2) * inv
        i12 = -e12 * inv
        i22 = (e11 + p1) * inv
        blocks[at(base + INVERSE + i)] = i11
        blocks[at(base + INVERSE_BOTH + i)] = i12
        blocks[at(base + INVERSE_CAR + i)] = i22
        blocks[at(base + SIDE + i)] = g1
        blocks[at(base + CAR_SIDE + i)] = g2
        blocks[at(base + WEIGHT + i)] = p1
        blocks[at(base + CAR_WEIGHT + i)] = p2
        x1 = i11 * g1 + i12 * g2
        x2 = i12 * g1 + i22 * g2
        g1 = p1 * x1 + n1
        g2 = p2 * x2 + n2
        detp = p1 * p2 * inv
        dete = dete * inv
        e11 = detp * e11 + dete * p1
        e12 = detp * e12
        e22 = detp * e22 + dete * p2
    return Carry(e11, e12, e22, g1, g2)


@numerical
def first_pass(room, f, step, dual_step):
    """Forward: move, weigh, factor, eliminate the affine right side."""
    blocks, ex, bench = room
    comp = cost = bound = 0.0
    carry = Carry(0.0, 0.0, 0.0, 0.0, 0.0)
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        advance(blocks, base, step, dual_step)
        reduced_costs(blocks, base, bench, f)
        c, worst = weigh(blocks, base, bench)
        c2, worst2, cost2 = weigh_extras(room, b, step, dual_step)
        comp += c + c2
        c, side = costs(blocks, base, f)
        cost += c + cost2
        bound += side - worst - worst2
        balance(blocks, base, bench, f)
        carry = factor(blocks, base, bench, carry, min(BLOCK, f.steps - b * BLOCK))
        clear_extras(room, b, bench)
    return Totals(comp, cost + f.constant_c - end_worth(room, f), bound + f.constant_c)


@numerical
def end_worth(room, f):
    blocks, ex, _ = room
    last = f.steps - 1
    b = last // BLOCK
    i = b * ROOM + last - b * BLOCK + LEVEL
    stored = blocks[at(i + CAR * BLOCK)]
    for k in range(ex.first[b], ex.first[b + 1]):
        if ex.step[k] == last and ex.kind[k] == READY:
            stored += ex.numbers[k * EXTRA_NUMBERS + EXTRA_LEVEL]
    return f.worth * blocks[at(i + BATTERY * BLOCK)] + f.car_worth * stored


@numerical
def back(blocks, base, at_, lanes, after):
    """Multipliers' direction of a block from that of the step after."""
    y1, y2 = after
    blocks[at(base + at_ + BATTERY_PRICE + lanes)] = y1
    blocks[at(base + at_ + CAR_PRICE + lanes)] = y2
    for k in range(lanes):
        i = base + lanes - 1 - k
        g1 = blocks[at(i + SIDE)] + blocks[at(i + WEIGHT)] * y1
        g2 = blocks[at(i + CAR_SIDE)] + blocks[at(i + CAR_WEIGHT)] * y2
        both = blocks[at(i + INVERSE_BOTH)]
        y1 = blocks[at(i + INVERSE)] * g1 + both * g2
        y2 = both * g1 + blocks[at(i + INVERSE_CAR)] * g2
        blocks[at(i + at_ + BATTERY_PRICE)] = y1
        blocks[at(i + at_ + CAR_PRICE)] = y2
    return y1, y2


@numerical
def back_balance(blocks, base, at_):
    for i in range(BLOCK):
        j = base + i
        blocks[at(j + at_)] = (
            blocks[at(j + BALANCE_SIDE)]
            - blocks[at(j + BALANCE_BATTERY)] * blocks[at(j + at_ + BATTERY_PRICE)]
            - blocks[at(j + BALANCE_CAR)] * blocks[at(j + at_ + CAR_PRICE)]
        )


class Reach(NamedTuple):
    primal: float  # most of -dv/v
    dual: float
    first: float
    second: float


@numerical
def try_first(blocks, base, bench):
    most = most_dual = first = second = 0.0
    for i in range(MANY):
        v = blocks[at(base + LEVEL + i)]
        z = blocks[at(base + DUAL + i)]
        u = blocks[at(base + MOST + i)]
        rc = bench[at(RC + i)]
        g = bench[at(GAIN + i)]
        w, iv, is_, theta, live = column(v, z, u, rc)
        dv = theta * (g - rc)
        rho = dv * iv
        tau = dv * is_
        bench[at(REACH + i)] = max(bench[at(REACH + i)], max(-rho, tau))
        bench[at(REACH_DUAL + i)] = max(
            bench[at(REACH_DUAL + i)], live + max(rho, -tau)
        )
        first += rc * dv
        second += dv * g
    return Reach(0.0, 0.0, first, second)


@numerical
def clear_reach(bench):
    for i in range(2 * MANY):
        bench[at(REACH + i)] = 0.0


@numerical
def farthest(bench):
    primal = dual = 0.0
    for i in range(MANY):
        primal = max(primal, bench[at(REACH + i)])
        dual = max(dual, bench[at(REACH_DUAL + i)])
    return Reach(primal, dual, 0.0, 0.0)


@numerical
def try_first_extras(room, b):
    ex = room.extras
    n = ex.numbers
    most = most_dual = first = second = 0.0
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        y = b * ROOM + ex.step[k] - b * BLOCK
        rc = n[o + EXTRA_REDUCED]
        g = extra_gain(room.blocks, y + FIRST_STEP, ex.kind[k])
        w, iv, is_, theta, live = column(
            n[o + EXTRA_LEVEL], n[o + EXTRA_DUAL], n[o + EXTRA_MOST], rc
        )
        dv = theta * (g - rc)
        rho = dv * iv
        tau = dv * is_
        most = max(most, max(-rho, tau))
        most_dual = max(most_dual, live + max(rho, -tau))
        first += rc * dv
        second += dv * g
    return Reach(most, most_dual, first, second)


@numerical
def joined(a, b):
    return Reach(
        max(a.primal, b.primal),
        max(a.dual, b.dual),
        a.first + b.first,
        a.second + b.second,
    )


@numerical
def second_pass(room, f):
    """Backward: the affine direction, and how far it reaches."""
    blocks, ex, bench = room
    reach = Reach(0.0, 0.0, 0.0, 0.0)
    after = (0.0, 0.0)
    clear_reach(bench)
    for k in range(blocks_of(f.steps)):
        b = blocks_of(f.steps) - 1 - k
        base = b * ROOM
        lanes = min(BLOCK, f.steps - b * BLOCK)
        after = back(blocks, base, FIRST_STEP, lanes, after)
        back_balance(blocks, base, FIRST_STEP)
        reduced_costs(blocks, base, bench, f)
        gains(blocks, base + FIRST_STEP, bench, GAIN, f)
        reach = joined(reach, try_first(blocks, base, bench))
        reach = joined(reach, try_first_extras(room, b))
    return joined(reach, farthest(bench))


@numerical
def bent(z, w, iv, is_, dva, target):
    """What the second order and the centre add to a column's reduced cost."""
    rho = dva * iv
    tau = dva * is_
    t, o = target
    return t * (iv - is_) + o * (z * rho * (1.0 + rho) + w * tau * (1.0 - tau))


@numerical
def correct(blocks, base, bench, target):
    for i in range(MANY):
        v = blocks[at(base + LEVEL + i)]
        z = blocks[at(base + DUAL + i)]
        u = blocks[at(base + MOST + i)]
        rc = bench[at(RC + i)]
        g = bench[at(GAIN + i)]
        w, iv, is_, theta, live = column(v, z, u, rc)
        dv = theta * (g - rc)
        bench[at(FLOW + i)] = theta * bent(z, w, iv, is_, dv, target)


@numerical
def correct_extras(room, b, target):
    ex = room.extras
    n = ex.numbers
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        lane = ex.step[k] - b * BLOCK
        y = b * ROOM + lane
        rc = n[o + EXTRA_REDUCED]
        g = extra_gain(room.blocks, y + FIRST_STEP, ex.kind[k])
        z = n[o + EXTRA_DUAL]
        w, iv, is_, theta, live = column(n[o + EXTRA_LEVEL], z, n[o + EXTRA_MOST], rc)
        dv = theta * (g - rc)
        flow = theta * bent(z, w, iv, is_, dv, target)
        put_extra(room.bench, lane, ex.kind[k], 0.0, flow)


@numerical
def balance_again(blocks, base, bench, f):
    for i in range(BLOCK):
        n = FLOW + i
        nc = bench[at(n + 3 * BLOCK)]
        nd = bench[at(n + 4 * BLOCK)]
        na = bench[at(n + 5 * BLOCK)]
        ne = bench[at(n + 6 * BLOCK)]
        rb = (
            -bench[at(n)]
            + bench[at(n + BLOCK)]
            + bench[at(n + 2 * BLOCK)]
            - bench[at(EB_N + i)]
            + nc
            - nd
            + na
            - ne
        )
        blocks[at(base + BALANCE_SIDE + i)] = rb * blocks[at(base + BALANCE_INVERSE + i)]
        bench[at(R1 + i)] = (
            f.charge * nc
            - f.discharge * nd
            - blocks[at(base + BALANCE_BATTERY + i)] * rb
        )
        bench[at(R2 + i)] = (
            f.car_charge * na
            - f.car_discharge * ne
            + bench[at(EZ_N + i)]
            - blocks[at(base + BALANCE_CAR + i)] * rb
        )


@numerical
def eliminate(blocks, base, bench, carry, lanes):
    g1, g2 = carry
    for i in range(lanes):
        n1 = bench[at(FLOW + 7 * BLOCK + i)]
        n2 = bench[at(FLOW + 8 * BLOCK + i)] + bench[at(EP_N + i)]
        g1 += bench[at(R1 + i)] - n1
        g2 += bench[at(R2 + i)] - n2
        j = base + i
        blocks[at(j + SIDE)] = g1
        blocks[at(j + CAR_SIDE)] = g2
        both = blocks[at(j + INVERSE_BOTH)]
        x1 = blocks[at(j + INVERSE)] * g1 + both * g2
        x2 = both * g1 + blocks[at(j + INVERSE_CAR)] * g2
        g1 = blocks[at(j + WEIGHT)] * x1 + n1
        g2 = blocks[at(j + CAR_WEIGHT)] * x2 + n2
    return g1, g2


@numerical
def third_pass(room, f, target):
    """Forward: eliminate what second order and centre add."""
    blocks, ex, bench = room
    carry = (0.0, 0.0)
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        reduced_costs(blocks, base, bench, f)
        gains(blocks, base + FIRST_STEP, bench, GAIN, f)
        correct(blocks, base, bench, target)
        correct_extras(room, b, target)
        balance_again(blocks, base, bench, f)
        carry = eliminate(
            blocks, base, bench, carry, min(BLOCK, f.steps - b * BLOCK)
        )
        clear_extras(room, b, bench)


@numerical
def whole(blocks, base):
    for i in range(MULTIPLIERS):
        blocks[at(base + WHOLE_STEP + i)] += blocks[at(base + FIRST_STEP + i)]


@numerical
def column_step(v, z, u, rc, g, g_whole, target):
    w, iv, is_, theta, live = column(v, z, u, rc)
    dva = theta * (g - rc)
    rho = dva * iv
    tau = dva * is_
    dv = theta * (g_whole - rc + bent(z, w, iv, is_, dva, target))
    t, o = target
    dz = t * iv - z * (live - o * rho * (1.0 + rho) + dv * iv)
    dw = t * is_ - w * (live + o * tau * (1.0 - tau) - dv * is_)
    primal = max(-dv * iv, dv * is_)
    r = 1.0 / max(z * w, TINY)
    dual = max(-dz * w * r, -dw * z * r)
    return dv, dz, primal, dual


@numerical
def try_whole(blocks, base, bench, target):
    most = most_dual = 0.0
    for i in range(MANY):
        v = blocks[at(base + LEVEL + i)]
        z = blocks[at(base + DUAL + i)]
        u = blocks[at(base + MOST + i)]
        rc = bench[at(RC + i)]
        dv, dz, primal, dual = column_step(
            v, z, u, rc, bench[at(GAIN + i)], bench[at(GAIN2 + i)], target
        )
        blocks[at(base + LEVEL_STEP + i)] = dv
        blocks[at(base + DUAL_STEP + i)] = dz
        bench[at(REACH + i)] = max(bench[at(REACH + i)], primal)
        bench[at(REACH_DUAL + i)] = max(bench[at(REACH_DUAL + i)], dual)


@numerical
def try_whole_extras(room, b, target):
    ex = room.extras
    n = ex.numbers
    most = most_dual = 0.0
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        y = b * ROOM + ex.step[k] - b * BLOCK
        rc = n[o + EXTRA_REDUCED]
        g = extra_gain(room.blocks, y + FIRST_STEP, ex.kind[k])
        g_whole = extra_gain(room.blocks, y + WHOLE_STEP, ex.kind[k])
        dv, dz, primal, dual = column_step(
            n[o + EXTRA_LEVEL],
            n[o + EXTRA_DUAL],
            n[o + EXTRA_MOST],
            rc,
            g,
            g_whole,
            target,
        )
        n[o + EXTRA_LEVEL_STEP] = dv
        n[o + EXTRA_DUAL_STEP] = dz
        most = max(most, primal)
        most_dual = max(most_dual, dual)
    return Reach(most, most_dual, 0.0, 0.0)


@numerical
def fourth_pass(room, f, target):
    """Backward: the whole direction, and how far it reaches."""
    blocks, ex, bench = room
    reach = Reach(0.0, 0.0, 0.0, 0.0)
    after = (0.0, 0.0)
    clear_reach(bench)
    for k in range(blocks_of(f.steps)):
        b = blocks_of(f.steps) - 1 - k
        base = b * ROOM
        lanes = min(BLOCK, f.steps - b * BLOCK)
        after = back(blocks, base, WHOLE_STEP, lanes, after)
        back_balance(blocks, base, WHOLE_STEP)
        whole(blocks, base)
        reduced_costs(blocks, base, bench, f)
        gains(blocks, base + FIRST_STEP, bench, GAIN, f)
        gains(blocks, base + WHOLE_STEP, bench, GAIN2, f)
        try_whole(blocks, base, bench, target)
        reach = joined(reach, try_whole_extras(room, b, target))
    return joined(reach, farthest(bench))


@numerical
def pulled(v, z, u, rc, g, dv, dz, trial):
    """What brings the products at a trial step back between two multiples of target."""
    step, dual_step, low, high = trial
    s = u - v
    w = max(z - rc, LEAST_DUAL)
    dw = dz + g
    p = v * s
    r = 1.0 / max(p, TINY)
    a = (v + step * dv) * (z + dual_step * dz)
    b = (s - step * dv) * (w + dual_step * dw)
    live = p * r
    ta = max(min(max(a, low), high) - a, -high) * live
    tb = max(min(max(b, low), high) - b, -high) * live
    theta = p / max(z * s + w * v, TINY)
    return ta * (s * r), tb * (v * r), theta, s * r, v * r, w, dw


@numerical
def centre_block(blocks, base, bench, trial):
    for i in range(MANY):
        ha, hb, theta, iv, is_, w, dw = pulled(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(RC + i)],
            bench[at(GAIN + i)],
            blocks[at(base + LEVEL_STEP + i)],
            blocks[at(base + DUAL_STEP + i)],
            trial,
        )
        bench[at(FLOW + i)] = theta * (ha - hb)


@numerical
def centre_extras(room, b, trial):
    ex = room.extras
    n = ex.numbers
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        lane = ex.step[k] - b * BLOCK
        y = b * ROOM + lane
        rc = n[o + EXTRA_REDUCED]
        g = extra_gain(room.blocks, y + WHOLE_STEP, ex.kind[k])
        ha, hb, theta, iv, is_, w, dw = pulled(
            n[o + EXTRA_LEVEL], n[o + EXTRA_DUAL], n[o + EXTRA_MOST], rc, g,
            n[o + EXTRA_LEVEL_STEP], n[o + EXTRA_DUAL_STEP], trial,
        )
        put_extra(room.bench, lane, ex.kind[k], 0.0, theta * (ha - hb))


@numerical
def fifth_pass(room, f, trial):
    blocks, ex, bench = room
    carry = (0.0, 0.0)
    for b in range(blocks_of(f.steps)):
        base = b * ROOM
        reduced_costs(blocks, base, bench, f)
        gains(blocks, base + WHOLE_STEP, bench, GAIN, f)
        centre_block(blocks, base, bench, trial)
        centre_extras(room, b, trial)
        balance_again(blocks, base, bench, f)
        carry = eliminate(
            blocks, base, bench, carry, min(BLOCK, f.steps - b * BLOCK)
        )
        clear_extras(room, b, bench)


@numerical
def centred_step(v, z, u, rc, g, gc, dv, dz, trial):
    ha, hb, theta, iv, is_, w, dw = pulled(v, z, u, rc, g, dv, dz, trial)
    ddv = theta * (gc + ha - hb)
    dv2 = dv + ddv
    dz2 = dz + ha - z * ddv * iv
    dw2 = dw + hb + w * ddv * is_
    primal = max(-dv2 * iv, dv2 * is_)
    r = 1.0 / max(z * w, TINY)
    live = v * iv
    dual = max(-dz2 * w * r, -dw2 * z * r) * live
    return dv2, dz2, primal, dual


@numerical
def centred_block(blocks, base, bench, trial):
    for i in range(MANY):
        dv, dz, primal, dual = centred_step(
            blocks[at(base + LEVEL + i)],
            blocks[at(base + DUAL + i)],
            blocks[at(base + MOST + i)],
            bench[at(RC + i)],
            bench[at(GAIN + i)],
            bench[at(GAIN2 + i)],
            blocks[at(base + LEVEL_STEP + i)],
            blocks[at(base + DUAL_STEP + i)],
            trial,
        )
        blocks[at(base + LEVEL_STEP + i)] = dv
        blocks[at(base + DUAL_STEP + i)] = dz
        bench[at(REACH + i)] = max(bench[at(REACH + i)], primal)
        bench[at(REACH_DUAL + i)] = max(bench[at(REACH_DUAL + i)], dual)


@numerical
def centred_extras(room, b, trial):
    ex = room.extras
    n = ex.numbers
    most = most_dual = 0.0
    for k in range(ex.first[b], ex.first[b + 1]):
        o = k * EXTRA_NUMBERS
        y = b * ROOM + ex.step[k] - b * BLOCK
        rc = n[o + EXTRA_REDUCED]
        g = extra_gain(room.blocks, y + WHOLE_STEP, ex.kind[k])
        gc = extra_gain(room.blocks, y + FIRST_STEP, ex.kind[k])
        dv, dz, primal, dual = centred_step(
            n[o + EXTRA_LEVEL], n[o + EXTRA_DUAL], n[o + EXTRA_MOST], rc, g, gc,
            n[o + EXTRA_LEVEL_STEP], n[o + EXTRA_DUAL_STEP], trial,
        )
        n[o + EXTRA_LEVEL_STEP] = dv
        n[o + EXTRA_DUAL_STEP] = dz
        most = max(most, primal)
        most_dual = max(most_dual, dual)
    return Reach(most, most_dual, 0.0, 0.0)


@numerical
def sixth_pass(room, f, trial):
    blocks, ex, bench = room
    reach = Reach(0.0, 0.0, 0.0, 0.0)
    after = (0.0, 0.0)
    clear_reach(bench)
    for k in range(blocks_of(f.steps)):
        b = blocks_of(f.steps) - 1 - k
        base = b * ROOM
        lanes = min(BLOCK, f.steps - b * BLOCK)
        after = back(blocks, base, FIRST_STEP, lanes, after)
        back_balance(blocks, base, FIRST_STEP)
        reduced_costs(blocks, base, bench, f)
        gains(blocks, base + WHOLE_STEP, bench, GAIN, f)
        gains(blocks, base + FIRST_STEP, bench, GAIN2, f)
        centred_block(blocks, base, bench, trial)
        reach = joined(reach, centred_extras(room, b, trial))
        whole(blocks, base)
    return joined(reach, farthest(bench))
