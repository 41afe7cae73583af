"""How a car is charged by rule, within what car, charger and main switch can do."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_forecast import (
    CarAhead,
    CarSteps,
    Diary,
    car_ahead,
    car_steps,
    diary_of,
    expect_car,
    lay_out_car,
)
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.expected_day import intervals_per_day
from home_energy.analysis.simulation.expected_hours import (
    Horizon,
    Issued,
    expect,
    newest_issue,
    standby_of,
)
from home_energy.analysis.simulation.flows import sealed
from home_energy.analysis.simulation.forecaster import IMPORT_PRICE, LOAD, Past
from home_energy.domain.series import FloatArray

Flags = NDArray[np.bool_]

ROUNDING_KWH = 1e-9
"""Less is missing of nothing."""


class Home(NamedTuple):
    """A car and what it is charged with, for the compiled loops. [kWh, AC]"""

    diary: Diary
    load_kwh: FloatArray  # (T,) with the devices' standby
    standby_kwh: float  # of an interval
    solar_kwh: FloatArray  # (T,)
    import_limit_kwh: FloatArray  # (T,)
    most_kwh: float  # of an interval
    least_kwh: float
    efficiency: float
    capacity_kwh: float  # [cells]


class Wish(NamedTuple):
    """What is to be charged in an interval, and what of it cannot wait. [kWh, AC]"""

    kwh: float
    needed_kwh: float


class Basis(NamedTuple):
    """What prices and load are expected from."""

    past: Past
    issued: Issued
    horizon: Horizon


class _Room(NamedTuple):
    """Places for one plan."""

    ahead: FloatArray  # (4, intervals)
    car: CarAhead
    steps: CarSteps
    price_c_per_kwh: FloatArray  # (steps,)
    left_kwh: FloatArray  # (steps,) that can still be charged [cells]
    level_kwh: FloatArray  # (steps,) at the start of each [cells]
    charge_kwh: FloatArray  # (steps,) [cells]


def home_of(problem: DispatchProblem, car: CarOnAxis) -> Home:
    """Arrays and figures of a home's car."""
    return Home(
        diary=diary_of(car, intervals_per_day(problem.grid)),
        load_kwh=sealed(problem.whole_load_kwh),
        standby_kwh=standby_of(problem),
        solar_kwh=sealed(problem.solar_kwh),
        import_limit_kwh=sealed(problem.connection.import_limits_kwh(problem.grid)),
        most_kwh=car.car.charge_kw * problem.hours,
        least_kwh=car.car.charger.least_kw * problem.hours,
        efficiency=car.car.charger.charge_efficiency_fraction,
        capacity_kwh=car.car.capacity_kwh,
    )


@compiled
def charge_in(home: Home, windows: Flags, stored_kwh: FloatArray) -> None:
    """Fill `stored_kwh` (T + 1,): full power in windows (T,), up to the limit."""
    for t in range(stored_kwh.size - 1):
        wanted = home.most_kwh if windows[t] else 0.0
        stored_kwh[t + 1] = _after(home, t, Wish(wanted, 0.0), stored_kwh[t])


@compiled
def charge_from_sun(home: Home, ahead: CarAhead, stored_kwh: FloatArray) -> None:
    """Fill `stored_kwh` (T + 1,): the sun's surplus, and of the grid what is due.

    Due is what later intervals cannot bring any more, each at full power.
    """
    for t in range(stored_kwh.size - 1):
        wanted = needed = 0.0
        if home.diary.is_plugged[t]:
            surplus = home.solar_kwh[t] - home.load_kwh[t]
            wanted = surplus if surplus >= home.least_kwh else 0.0
            expect_car(home.diary, t, ahead)
            due = _due_after(home, t, ahead) - stored_kwh[t]
            needed = max(due / home.efficiency, 0.0)
        wish = Wish(max(wanted, needed), needed)
        stored_kwh[t + 1] = _after(home, t, wish, stored_kwh[t])


@compiled
def _due_after(home: Home, t: int, ahead: CarAhead) -> float:
    """What must be stored after interval t for all that is wanted later. [cells]

    The load of the hours ahead is expected to be that of the day before.
    """
    due = 0.0
    for i in range(ahead.is_plugged.size - 1, 0, -1):
        if ahead.is_plugged[i]:
            due -= home.efficiency * _most_within(
                home, home.import_limit_kwh[t] - _load_before(home, t, i), 1
            )
        due = max(due, 0.0) + ahead.trip_kwh[i]
        due = min(max(due, ahead.wanted_kwh[i]), home.capacity_kwh)
    return due


@compiled
def _load_before(home: Home, t: int, i: int) -> float:
    """Load at the same time of the last day that is known, i intervals ahead of t."""
    of_a_day = home.diary.of_a_day
    n = t + i - of_a_day * ((i + of_a_day - 1) // of_a_day)
    return float(home.load_kwh[n]) if n >= 0 else float(home.load_kwh[t])


@compiled
def _most_within(home: Home, free_kwh: float, count: int) -> float:
    """Most that `count` intervals charge beside a load that leaves so much. [AC]"""
    most = min(home.most_kwh * count, free_kwh)
    return most if most >= home.least_kwh * count else 0.0


@compiled
def _after(home: Home, t: int, wish: Wish, stored_kwh: float) -> float:
    """Stored after interval t. [cells]

    No less is charged than the charger gives; and where that does no harm so much less
    than wished that what is left up to the limit is no less either, and can be charged
    later.
    """
    if home.diary.is_away[t]:
        return float(max(stored_kwh - home.diary.trip_kwh[t], 0.0))
    if not home.diary.is_plugged[t] or wish.kwh < ROUNDING_KWH:
        return stored_kwh
    least = home.least_kwh
    free = home.import_limit_kwh[t] + home.solar_kwh[t] - home.load_kwh[t]
    room = (home.capacity_kwh - stored_kwh) / home.efficiency
    charge = min(max(wish.kwh, least), home.most_kwh, free, room)
    if ROUNDING_KWH < room - charge < least:
        leaving = room - least
        if leaving >= max(least, wish.needed_kwh):
            charge = min(charge, leaving)
    if charge < least - ROUNDING_KWH:
        return stored_kwh
    return float(min(stored_kwh + charge * home.efficiency, home.capacity_kwh))


def charge_by_plan(home: Home, basis: Basis, stored_kwh: FloatArray) -> None:
    """Fill `stored_kwh` (T + 1,): the cheapest intervals before what is wanted.

    A new plan is made as often as the horizon says, and when the car is plugged in.
    """
    horizon = basis.horizon
    room = _Room(
        np.empty((4, horizon.intervals)),
        car_ahead(horizon.intervals),
        car_steps(horizon.steps),
        *np.zeros((4, horizon.steps)),
    )
    _charge_by_plan(home, basis, room, stored_kwh)


@compiled
def _charge_by_plan(
    home: Home, basis: Basis, room: _Room, stored_kwh: FloatArray
) -> None:
    diary, between = home.diary, basis.horizon.between_plans
    k = -1
    planned_at = 0
    for t in range(stored_kwh.size - 1):
        if t % between == 0 or diary.is_plugged[t] != diary.is_plugged[t - 1]:
            planned_at = t
            k = newest_issue(basis.issued, k, t)
            if diary.is_plugged[t]:
                expect(basis.past, basis.issued, k, t, room.ahead)
                _plan(home, basis.horizon, room, t, stored_kwh[t])
        wanted = room.charge_kwh[t - planned_at] / home.efficiency
        is_last = not np.any(room.charge_kwh[t - planned_at + 1 :] > 0)
        wish = Wish(wanted, wanted if is_last else 0.0)
        stored_kwh[t + 1] = _after(home, t, wish, stored_kwh[t])


@compiled
def _plan(home: Home, horizon: Horizon, room: _Room, t: int, stored_kwh: float) -> None:
    """Fill `room.charge_kwh` with the cheapest charge that brings what is wanted.

    What is wanted first is provided for first, of what is still free before it the
    cheapest, and of equal prices the first.
    """
    expect_car(home.diary, t, room.car)
    lay_out_car(room.car, horizon, room.steps)
    _lay_out(home, horizon, room, home.import_limit_kwh[t])
    room.charge_kwh[:] = 0.0
    room.level_kwh[:] = 0.0
    level = stored_kwh
    for j in range(horizon.steps):
        room.level_kwh[j] = level
        trip = room.steps.trip_kwh[j]
        missing = max(room.steps.wanted_kwh[j], trip) - level
        if missing > ROUNDING_KWH:
            _provide(home, room, j, missing)
        level = max(room.level_kwh[j] - trip, 0.0)


@compiled
def _lay_out(home: Home, horizon: Horizon, room: _Room, import_limit: float) -> None:
    first = 0
    for j in range(horizon.steps):
        length = 1 if j < horizon.fine else horizon.of_a_block
        price = load = 0.0
        for i in range(first, first + length):
            price += room.ahead[IMPORT_PRICE, i]
            load += room.ahead[LOAD, i] + home.standby_kwh
        count = room.steps.plugged[j]
        free = (import_limit - load / length) * count
        room.price_c_per_kwh[j] = price / length
        room.left_kwh[j] = home.efficiency * _most_within(home, free, count)
        first += length


@compiled
def _provide(home: Home, room: _Room, end: int, missing_kwh: float) -> None:
    """Charge so much more before step `end`, as far as there is time and room."""
    while missing_kwh > ROUNDING_KWH:
        cheapest, most = -1, 0.0
        space = home.capacity_kwh - room.level_kwh[end]
        for j in range(end - 1, -1, -1):
            free = min(room.left_kwh[j], space)
            if free > ROUNDING_KWH and (
                cheapest < 0
                or room.price_c_per_kwh[j] <= room.price_c_per_kwh[cheapest]
            ):
                cheapest, most = j, free
            space = min(space, home.capacity_kwh - room.level_kwh[j])
        if cheapest < 0:
            return
        more = min(most, missing_kwh)
        room.charge_kwh[cheapest] += more
        room.left_kwh[cheapest] -= more
        for j in range(cheapest + 1, end + 1):
            room.level_kwh[j] += more
        missing_kwh -= more
