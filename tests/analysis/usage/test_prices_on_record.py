"""Where a tariff of the market has its prices on record."""

from datetime import timedelta
from pathlib import Path

import numpy as np
from tests.analysis.shadow.shadow_homes import DAY, FIRST, ShadowHome
from tests.dashboard.recorded_home import price

from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.analysis.usage.prices_on_record import is_priced
from home_energy.domain.spot import SpotDay
from home_energy.domain.time_grid import nem_day_start

HALF_HOUR = timedelta(minutes=30)


def priced_days(home: ShadowHome, tariff: str) -> list[int]:
    """How many intervals of five minutes of three days have their price."""
    settings = home.settings
    found = is_priced(
        home.store,
        settings,
        home_on_record(home.store, settings),
        find_plan(tariff, settings.tariff_folder),
        BilledDays(FIRST, FIRST + 2 * DAY).grid,
    )
    return [int(day.sum()) for day in found.reshape(3, 288)]


def test_amber_needs_all_its_prices_or_the_markets(tmp_path: Path) -> None:
    home = ShadowHome(tmp_path).cost(FIRST)
    second, third = FIRST + DAY, FIRST + 2 * DAY
    bought = [
        price(nem_day_start(day) + n * HALF_HOUR, 20.0, minutes=30)
        for day in (second, third)
        for n in range(48)
    ]
    home.recorded.save(bought)
    region = home.settings.home.region
    home.store.spot_days.save(
        [SpotDay(region, third, 30, np.full(48, 90.0))], home.recorded.clock.time
    )

    # Of the second day nobody knows what was paid for what was sold.
    assert priced_days(home, "amber") == [288, 0, 288]
    assert priced_days(home, "amber-like-vic") == [0, 0, 288]


def test_without_a_row_of_amber_its_tariff_has_no_price(tmp_path: Path) -> None:
    home = ShadowHome(tmp_path)
    region = home.settings.home.region
    home.store.spot_days.save(
        [SpotDay(region, FIRST, 30, np.full(48, 90.0))], home.recorded.clock.time
    )

    assert priced_days(home, "amber") == [0, 0, 0]
