"""Homes of a few half-hours, whose flows can be worked out on paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.rates import Rates
from home_energy.domain.time_grid import TimeGrid

START = datetime(2025, 1, 1, tzinfo=UTC)

# 4 kW are 2 kWh in a half-hour. Of 1 kWh of AC 0.8 kWh reach the cells, and of 1 kWh
# from the cells 0.5 kWh reach AC: figures that show which one was taken.
LOSSY = Battery("lossy", 10.0, 4.0, 4.0, 0.8, 0.5)
LOSSLESS = Battery("lossless", 10.0, 4.0, 4.0, 1.0, 1.0)


def home(
    load_kwh: Sequence[float],
    solar_kwh: Sequence[float],
    buy_c_per_kwh: Sequence[float] | float = 30.0,
    sell_c_per_kwh: Sequence[float] | float = 5.0,
    *,
    battery: Battery | None = LOSSLESS,
    connection: GridConnection | None = None,
    start_stored_kwh: float = 0.0,
    minutes: int = 30,
    end: EndOfRun = EndOfRun.FREE,
) -> DispatchProblem:
    count = len(load_kwh)
    grid = TimeGrid(START, timedelta(minutes=minutes), count)
    rates = Rates(
        grid,
        np.broadcast_to(np.asarray(buy_c_per_kwh, float), count).copy(),
        np.broadcast_to(np.asarray(sell_c_per_kwh, float), count).copy(),
    )
    return DispatchProblem(
        rates,
        np.asarray(load_kwh, float),
        np.asarray(solar_kwh, float),
        battery,
        connection or GridConnection(import_limit_kw=20.0, export_limit_kw=20.0),
        start_stored_kwh,
        end,
    )


def with_battery(battery: Battery, **changes: float | bool) -> Battery:
    return replace(battery, **changes)  # type: ignore[arg-type]
