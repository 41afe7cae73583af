"""Homes with a battery and a car, drawn at random: weekdays at work, weekend trips."""

from dataclasses import dataclass

import numpy as np
from tests.analysis.simulation.random_homes import Weather, weather

from home_energy.analysis.simulation.joint.two_storages import (
    JointPrices,
    JointSteps,
    StorageFigures,
)
from home_energy.domain.series import FloatArray

BATTERY = StorageFigures(13.5, 0.943, 0.943, 1.0, 1.0, 6.0, 6.0, 13.5, 0.0)
CAR = StorageFigures(55.0, 0.92, 0.92, 1.0, 1.0, 30.0, 30.0, 55.0, 0.0)
PRICES = JointPrices(5_000.0, 70.0, 150.0)


@dataclass(frozen=True)
class JointHome:
    """A joint problem."""

    steps: JointSteps
    battery: StorageFigures
    car: StorageFigures
    prices: JointPrices


@dataclass(frozen=True)
class Powers:
    """What flows at most. [kW]"""

    charge: float = 5.0
    discharge: float = 10.0
    car_charge: float = 7.0
    car_discharge: float = 5.0
    grid_import: float = 14.5
    grid_export: float = 5.0


def usual_home(
    seed: int, minutes: int, days: int = 365, powers: Powers | None = None
) -> JointHome:
    """A 13.5 kWh battery and a 55 kWh car on prices linked to wholesale."""
    steps = steps_of(weather(seed, days), minutes, powers or Powers(), seed)
    return JointHome(steps, BATTERY, CAR, PRICES)


def steps_of(drawn: Weather, minutes: int, powers: Powers, seed: int) -> JointSteps:
    """The car leaves at 8:00 on weekdays for 8 kWh and is back at 17:30."""
    per = minutes // 5
    count = drawn.load_kwh.size // per
    hours = minutes / 60

    def mean(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(values.reshape(-1, per).mean(axis=1))

    is_home, trips, ready = _car(count, minutes, seed)

    def limit(kw: float) -> FloatArray:
        return np.full(count, kw * hours)

    return JointSteps(
        mean(drawn.buy_c_per_kwh),
        mean(drawn.sell_c_per_kwh),
        mean(drawn.load_kwh) * per,
        mean(drawn.solar_kwh) * per,
        limit(powers.charge),
        limit(powers.discharge),
        limit(powers.car_charge) * is_home,
        limit(powers.car_discharge) * is_home,
        limit(powers.grid_import),
        limit(powers.grid_export),
        trips,
        ready,
    )


def _car(count: int, minutes: int, seed: int) -> tuple[FloatArray, ...]:
    rng = np.random.default_rng(2_000 + seed)
    of_day = 1440 // minutes
    days = count // of_day
    is_home = np.ones(count)
    trips, ready = np.zeros(count), np.zeros(count + 1)
    for day in range(days):
        first = day * of_day
        if day % 7 < 5:
            leaves, back, kwh = 8.0, 17.5, rng.normal(8.0, 1.0)
        elif rng.random() < 0.5:
            leaves = float(rng.integers(8, 14))
            back = leaves + rng.integers(2, 8)
            kwh = rng.choice([6.0, 15.0, 40.0, 80.0])
        else:
            continue
        away = slice(first + int(leaves * of_day / 24), first + int(back * of_day / 24))
        is_home[away] = 0.0
        trips[away.start] = min(max(kwh, 1.0), 55.0)
        ready[first + 7 * of_day // 24] = rng.choice([20.0, 30.0, 44.0])
    return is_home, trips, ready


def drawn_home(seed: int) -> JointHome:
    """Everything drawn: 3 to 21 days, prices, devices, limits."""
    rng = np.random.default_rng(3_000 + seed)
    minutes = int(rng.choice([30, 30, 15, 5]))
    days = int(rng.integers(3, 22)) if minutes == 30 else int(rng.integers(2, 5))
    powers = Powers(
        charge=rng.uniform(2, 11),
        discharge=rng.uniform(2, 11),
        car_charge=rng.choice([2.3, 7.0, 11.0]),
        car_discharge=rng.choice([0.0, 5.0, 7.0]),
        grid_import=rng.choice([3.0, 7.0, 14.5, 30.0]),
        grid_export=rng.choice([0.0, 1.5, 5.0, 10.0]),
    )
    prices = weather(seed, days, lower_c_per_kwh=rng.choice([0.0, 5.0, 20.0]))
    flat = rng.random() < 0.2
    if flat:
        prices = Weather(
            prices.load_kwh,
            prices.solar_kwh,
            np.full_like(prices.load_kwh, 28.0),
            np.full_like(prices.load_kwh, 5.0),
        )
    steps = steps_of(prices, minutes, powers, seed)
    if rng.random() < 0.2:  # selling now and then pays more than buying
        spell = rng.random(steps.load_kwh.size) < 0.05
        sell = np.where(spell, steps.buy_c_per_kwh + 3.0, steps.sell_c_per_kwh)
        steps = steps._replace(sell_c_per_kwh=sell)
    return JointHome(
        steps,
        _storage(rng, rng.uniform(3, 31)),
        _storage(rng, 55.0),
        JointPrices(5_000.0, rng.choice([50.0, 70.0]), rng.choice([80.0, 150.0])),
    )


def _storage(rng: np.random.Generator, capacity: float) -> StorageFigures:
    wear = rng.choice([0.0, 0.0, 1.0, 4.0])
    start = rng.uniform(0, capacity)
    least, most = [(0.0, capacity), (start, capacity), (start, start)][rng.integers(3)]
    return StorageFigures(
        capacity,
        rng.uniform(0.85, 1),
        rng.uniform(0.85, 1),
        wear,
        wear,
        start,
        least,
        most,
        rng.choice([0.0, 15.0]),
    )
