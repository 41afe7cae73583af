"""A year's bill at five minutes: prices, every line, and its dearest intervals."""

import statistics
import time
import tomllib
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from tests.benchmarks.measure import Measure

from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.tariffs.calendar_axis import calendar_axis
from home_energy.analysis.tariffs.dearest import dearest_intervals
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid

ROUNDS = 15
TARGET_MS = 50

CHARGES = """
[[period.fixed]]
name = "Network"
c_per_day = 77.2
[[period.fixed]]
name = "Subscription"
aud_per_month = 25
[[period.demand]]
name = "Demand"
days = ["weekday"]
hours = ["15:00-21:00"]
aud_per_kw_per_day = 0.3
[[period.export_allowance]]
name = "Basic export"
hours = ["10:00-14:00"]
free_kwh_per_day = 8
c_per_kwh = 1.86
"""

HEAD = """
name = "measured"
title = "Measured"
[[period]]
from = 2024-07-01
source = "made up"
"""

AMBER = """
[[period.usage]]
name = "Usage"
amber = true
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
amber = true
[[period.feed_in]]
name = "Feed-in"
amber = true
"""

SPOT = """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
spot = { loss_factor = 1.07, c_per_kwh = 20 }
[[period.usage]]
name = "Off-peak"
spot = { loss_factor = 1.07, c_per_kwh = 16.2 }
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
spot = { loss_factor = 1.07, c_per_kwh = 10 }
[[period.feed_in]]
name = "Feed-in"
spot = { loss_factor = 1.07, c_per_kwh = -1.9 }
"""


def measure_year_of_bill() -> list[Measure]:
    """Time bills of 2025, three registers; each from an empty calendar."""
    grid = TimeGrid.calendar_year(
        2025, ZoneInfo("Australia/Sydney"), timedelta(minutes=5)
    )
    numbers = np.random.default_rng(1)
    energy = MeteredEnergy(grid, *numbers.gamma(0.5, 0.1, (3, grid.count)))
    spot = PriceSeries(grid, numbers.normal(10, 30, grid.count))
    recorded = AmberPrices(dict.fromkeys(Channel, spot), None)
    amber, passed_on = (
        PlanTariff(Plan.model_validate(tomllib.loads(HEAD + rates + CHARGES)), recorded)
        for rates in (AMBER, SPOT)
    )
    total_aud = amber.bill(energy, spot).total_aud
    return [
        Measure(what, _median_ms(run), "ms", TARGET_MS)
        for what, run in (
            (
                "A year's Amber bill, 5 min, 3 registers",
                lambda: amber.bill(energy, spot),
            ),
            ("… from the wholesale price", lambda: passed_on.bill(energy, spot)),
            (
                "… its ten dearest intervals",
                lambda: dearest_intervals(amber, energy, spot, total_aud),
            ),
        )
    ]


def _median_ms(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        calendar_axis.cache_clear()
        began = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
