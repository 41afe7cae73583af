"""This time of day in the last four weeks: a median, never called now."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.dashboard.recorded_home import NOON, RecordedHome
from tests.dashboard.tiny_bill import FEED_IN, GENERAL, PLAN, tiny_home, use

from home_energy.analysis.running_costs.typical_cost import (
    TypicalCost,
    typical_cost,
)
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Quality

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
PEAK = PLAN.replace(
    "[[period.feed_in]]",
    '[[period.usage]]\nname = "Peak"\nc_per_kwh = 50.0\nhours = ["12:00-21:00"]\n'
    "[[period.feed_in]]",
)


def typical(home: RecordedHome) -> TypicalCost | None:
    return typical_cost(home.store, home.settings, home.clock.time)


def test_the_hour_around_lies_half_before_and_half_after(tmp_path: Path) -> None:
    home = tiny_home(tmp_path, PEAK)
    use(home, TODAY - 40 * DAY, TODAY - 2 * DAY)

    found = typical(home)

    # 0.25 kWh at 30 c and as much at 50 c, less 0.2 kWh at 5 c
    assert found is not None
    assert found.aud_per_hour == pytest.approx(0.19, abs=1e-9)
    assert (found.day_count, found.last_day) == (27, TODAY - 2 * DAY)


def test_the_local_time_counts_over_a_change_of_clocks(tmp_path: Path) -> None:
    home = tiny_home(tmp_path, PEAK)
    home.clock.time = NOON - 47 * DAY  # 6 October, two days after the change
    use(home, date(2026, 9, 1), date(2026, 10, 5))

    found = typical(home)

    assert found is not None
    assert found.day_count == 28
    assert found.aud_per_hour == pytest.approx(0.19, abs=1e-9)


def test_it_is_the_median_of_the_days(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    sizes = (1, 2, 3, 4, 5, 6, 7, 100)
    days = [TODAY - (n + 1) * DAY for n in range(len(sizes))]
    bought = [_day(day, 0.25 * size) for day, size in zip(days, sizes, strict=True)]
    sold = [_day(day, 0.0) for day in days]
    home.store.meter_days.save({GENERAL: bought, FEED_IN: sold}, NOON)

    found = typical(home)

    # Between 4 and 5 times 0.5 kWh at 30 c
    assert found is not None
    assert found.aud_per_hour == pytest.approx(0.675, abs=1e-9)


def test_six_days_are_too_few(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, TODAY - 7 * DAY, TODAY - 2 * DAY)
    six = typical(home)
    use(home, TODAY - DAY, TODAY - DAY)

    seven = typical(home)

    assert six is None
    assert seven is not None
    assert seven.aud_per_hour == pytest.approx(0.14, abs=1e-9)
    assert (seven.day_count, seven.last_day) == (7, TODAY - DAY)


def test_without_usage_there_is_nothing_typical(tmp_path: Path) -> None:
    assert typical(tiny_home(tmp_path)) is None


def _day(day: date, half_hour_kwh: float) -> MeterDay:
    return MeterDay.of_one_quality(day, np.full(48, half_hour_kwh), Quality.ACTUAL)
