"""Homes drawn at random: sun, evening load, and prices that go below zero and spike."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

START = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_LOAD_KWH, YEAR_SOLAR_KWH = 8_556.0, 8_662.0
DEFAULT = Battery("default", 13.5, 5.0, 5.0, 0.95, 0.95, wear_c_per_kwh=1.0)


@dataclass(frozen=True)
class Weather:
    """A home's five-minute intervals without its devices. [kWh], [c/kWh]"""

    load_kwh: FloatArray
    solar_kwh: FloatArray
    buy_c_per_kwh: FloatArray
    sell_c_per_kwh: FloatArray


def weather(seed: int, days: int = 365, lower_c_per_kwh: float = 0.0) -> Weather:
    """A duck curve of prices over `days`, linked to wholesale, with network charges.

    About a sixth of the intervals pay for exports and a twentieth of the evenings have
    spikes to 1,690 c/kWh; `lower_c_per_kwh` is taken off all prices.
    """
    rng = np.random.default_rng(seed)
    count = days * 288
    day, hour = np.divmod(np.arange(count) / 12, 24)
    summer = np.cos(2 * np.pi * (day - 15) / 365)
    sunrise, length = 6 - summer, 12 + 2 * summer
    height = np.maximum(np.sin(np.pi * np.clip((hour - sunrise) / length, 0, 1)), 0)
    sun = height**1.3 * (1 + 0.25 * summer)
    clear = np.repeat(rng.beta(4, 1.5, days), 288)
    solar = sun * clear * np.clip(1 + 0.2 * rng.standard_normal(count), 0.1, 1.3)
    load = 0.25 + 0.5 * _bump(hour, 7.5, 1.2) + 1.1 * _bump(hour, 18.5, 2.0)
    load = (load + 0.15 * np.abs(summer)) * rng.gamma(2, 0.5, count)
    glut = np.repeat(rng.uniform(0.2, 1.4, days), 288)
    spot = 9 + 9 * _bump(hour, 18.3, 1.6) + 5 * _bump(hour, 7.3, 1.2)
    spot += 2.5 * rng.standard_normal(count) - 15 * sun * glut
    tight = np.repeat(rng.random(days) < 0.05, 288) & (hour >= 17) & (hour < 20)
    spikes = tight & (rng.random(count) < 0.3)
    spot[spikes] = rng.uniform(100, 1_450, np.count_nonzero(spikes))
    network = 9 + 6 * ((hour >= 15) & (hour < 21))
    share = days / 365
    return Weather(
        load * YEAR_LOAD_KWH * share / load.sum(),
        solar * YEAR_SOLAR_KWH * share / solar.sum(),
        spot * 1.05 * 1.1 + network - lower_c_per_kwh,
        spot * 1.05 - lower_c_per_kwh,
    )


def _bump(hour: FloatArray, at: float, width: float) -> FloatArray:
    return np.asarray(np.exp(-(((hour - at) / width) ** 2)))


def problem_of(
    drawn: Weather,
    minutes: int,
    battery: Battery = DEFAULT,
    connection: GridConnection | None = None,
    end: EndOfRun = EndOfRun.AS_START,
) -> DispatchProblem:
    """The home at `minutes`, with a battery that is a little less than half full."""
    per = minutes // 5

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(values.reshape(-1, per).mean(axis=1))

    count = drawn.load_kwh.size // per
    grid = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(minutes=minutes), count)
    return DispatchProblem(
        Rates(grid, mean(drawn.buy_c_per_kwh), mean(drawn.sell_c_per_kwh)),
        mean(drawn.load_kwh) * per,
        mean(drawn.solar_kwh) * per,
        battery,
        connection or GridConnection(),
        0.45 * battery.workable_kwh,
        end,
    )


def drawn_home(seed: int, minutes: int, days: int) -> DispatchProblem:
    """Prices, house, battery and connection all drawn."""
    rng = np.random.default_rng(1_000 + seed)
    battery = Battery(
        name=f"drawn {seed}",
        usable_kwh=rng.uniform(3, 31),
        charge_kw=rng.uniform(2, 11),
        discharge_kw=rng.uniform(2, 11),
        charge_efficiency_fraction=rng.uniform(0.85, 1),
        discharge_efficiency_fraction=rng.uniform(0.85, 1),
        wear_c_per_kwh=rng.choice([0.0, 0.5, 1.0, 4.0]),
        standby_kw=rng.choice([0.0, 0.05]),
        reserve_fraction=rng.choice([0.0, 0.2]),
        may_charge_from_grid=rng.random() < 0.8,
        may_export=rng.random() < 0.8,
    )
    exports = rng.uniform(0, 10, days * 1440 // minutes)
    connection = GridConnection(
        import_limit_kw=rng.uniform(3, 20),
        export_limit_kw=exports if rng.random() < 0.3 else rng.uniform(1.5, 10),
    )
    end = list(EndOfRun)[rng.integers(3)]
    return problem_of(weather(seed, days), minutes, battery, connection, end)
