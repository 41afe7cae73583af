"""The dearest intervals of a bill, by hand."""

from datetime import date

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    FIVE_MINUTES,
    FLAT,
    SYDNEY,
    meter_days,
    steady,
    tariff_of,
    used_at,
    utc,
)

from home_energy.analysis.tariffs.dearest import dearest_intervals
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid

SPOT = """
[[period.usage]]
name = "Spot"
spot = { loss_factor = 1.0, c_per_kwh = 0 }
"""


def test_dearest_come_first_and_the_rest_of_the_bill_is_without_them() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 5)
    energy = MeteredEnergy(grid, np.array([1.0, 2, 0, 1, 1]), np.zeros(5))
    spot = PriceSeries(grid, np.array([100.0, 200, 900, -50, 100]))
    tariff = tariff_of(SPOT)
    total_aud = tariff.bill(energy, spot).total_aud

    dearest = dearest_intervals(tariff, energy, spot, total_aud, count=2)

    # costs 1.00, 4.00, 0, -0.50, 1.00: of the two alike the earlier
    assert total_aud == pytest.approx(5.50)
    first, second = dearest.intervals
    assert first.start == utc("2025-01-01 00:05")
    assert first.start.tzinfo == SYDNEY
    assert first.start.hour == 11
    assert (first.kwh, first.c_per_kwh, first.aud) == (2, 200, 4)
    assert second.start == utc("2025-01-01 00:00")
    assert dearest.total_without_aud == pytest.approx(0.50)


def test_what_costs_nothing_is_not_dear() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    energy = used_at(grid, {"2025-01-01 00:00": 1})

    dearest = dearest_intervals(tariff_of(FLAT), energy, None, 0.30)

    assert len(dearest.intervals) == 1


def test_registers_are_taken_together() -> None:
    parts = FLAT + FLAT.replace("30", "10") + 'channel = "controlled_load"\n'
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 1)
    energy = MeteredEnergy(grid, np.ones(1), np.ones(1), np.ones(1))

    (only,) = dearest_intervals(tariff_of(parts), energy, None, 0.40).intervals

    # 1 kWh x 30 c and 1 kWh x 10 c
    assert (only.kwh, only.c_per_kwh, only.aud) == (2, 20, 0.40)


def test_block_that_ends_within_an_interval_is_counted_there() -> None:
    parts = """
[[period.usage]]
name = "Anytime"
blocks = [{ up_to_kwh = 10, c_per_kwh = 20 }, { c_per_kwh = 40 }]
"""
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 2))
    energy = used_at(
        grid, {"2025-01-01 00:00": 8, "2025-01-01 01:00": 5, "2025-01-01 02:00": 3}
    )
    tariff = tariff_of(parts, "gst_included = false")
    bill = tariff.bill(energy, None)

    dearest = dearest_intervals(tariff, energy, None, bill.total_aud)

    # with GST: 8 x 0.22; 2 x 0.22 + 3 x 0.44; 3 x 0.44
    assert [x.aud for x in dearest.intervals] == pytest.approx([1.76, 1.76, 1.32])
    assert dearest.total_without_aud == pytest.approx(0)


def test_costs_of_all_intervals_are_the_usage_of_the_bill() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 8))
    tariff = tariff_of(FLAT)
    energy = steady(grid, 0.5)
    total_aud = tariff.bill(energy, None).total_aud

    dearest = dearest_intervals(tariff, energy, None, total_aud, count=grid.count)

    assert dearest.total_without_aud == pytest.approx(0, abs=1e-9)


def test_a_half_hour_meter_has_dear_half_hours() -> None:
    # 0.1 kWh in each 5 minutes of the second half-hour, at 100 c and then 200 c:
    # 3 x 0.1 x 100 + 3 x 0.1 x 200 = 90 c for 0.6 kWh, so 150 c/kWh.
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 12)
    energy = MeteredEnergy(grid, np.repeat([0.0, 0.1], 6), np.zeros(12))
    spot = PriceSeries(grid, np.repeat([0.0, 100.0, 200.0], [6, 3, 3]))

    dearest = dearest_intervals(tariff_of(SPOT), energy, spot, 0.90)

    (only,) = dearest.intervals
    assert only.start == utc("2025-01-01 00:30")
    assert only.kwh == pytest.approx(0.6)
    assert only.c_per_kwh == pytest.approx(150)
    assert only.aud == pytest.approx(0.90)
