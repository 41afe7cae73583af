"""Shapes of a home with a car, on one day whose money is worked out by hand."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.analysis.scenario.test_car_run import CAR
from tests.analysis.scenario.test_run import IMPORT, asked, half_hours, saved

from home_energy.analysis.report.shapes import shapes
from home_energy.analysis.scenario.run import run_scenario

pytestmark = [pytest.mark.xdist_group("car"), pytest.mark.timeout(400)]
"""What runs a car compiles for a minute; one process does."""

TIMER = {"timer_windows": [{"hours": ["00:00-06:00"]}]}


def test_a_car_has_its_flows_its_power_and_its_part_of_the_saving(
    tmp_path: Path,
) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    run = run_scenario(*home, asked(car=CAR, strategy={"names": ["timer"], **TIMER}))
    one = run.run_of("timer")
    assert one is not None

    found = shapes(run, one, ZoneInfo("Australia/Sydney"))

    (month,) = found["months"]
    (winter,) = found["days_by_season"]
    # By timer 7.5 kWh of AC at 10 c fill the car to its limit at midnight. On arrival
    # 7.5 kWh at 50 c come after the trip, which are still in it at the end of the day.
    assert month["saving_aud"] == pytest.approx(0.0, abs=1e-9)
    assert run.baseline.bill.total_aud - one.bill.total_aud == pytest.approx(3.75)
    assert month["grid_to_car_kwh"] == pytest.approx(7.5)
    assert month["solar_to_car_kwh"] == 0
    assert sum(winter["car_kw"]) / 2 == pytest.approx(-7.5)
    assert winter["battery_kw"] is None
    assert month["bill_aud"] == pytest.approx(one.bill.total_aud)
