"""The demand guard in the API."""

from pathlib import Path

import pytest

from tests.analysis.running_costs.demand_home import DemandHome, utc
from tests.dashboard.recorded_home import RecordedHome


def test_the_api_has_the_demand_window(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path)
    home.used()
    home.drew("2026-11-23 04:00", [1000.0] * 39)
    home.draws(1000.0, utc("2026-11-23 07:15"))
    home.clock.time = utc("2026-11-23 07:15")

    body = home.client().get("/api/v1/costs").get_json()["demand"]

    assert body == {
        "charge_name": "Demand",
        "is_in_window": True,
        "window_start_utc": "2026-11-23T04:00:00Z",
        "window_end_utc": "2026-11-23T10:00:00Z",
        "interval_end_utc": "2026-11-23T07:30:00Z",
        "peak_kw": 3.0,
        "peak_start_utc": "2026-11-18T06:00:00Z",
        "minimum_kw": 0.0,
        "measured_over": "month",
        "current_kw": pytest.approx(1.0),
        "now_kw": 1.0,
        "head_room_kw": pytest.approx(5.0),  # 1.5 - 0.25 kWh in a quarter of an hour
        "left_kw": pytest.approx(2.0),  # 3 kW may run on, and 1 kW does
        "aud_per_kw": pytest.approx(12.0),
        "is_close": False,
        "missing_minutes": 0,
        "is_current_partial": False,
        "amber_says_window": None,
        "said": "demand window until 9:00 pm: 2.0 kW left, beyond it $12.00 more per "
        "kW this month",
        "doubts": [],
    }


def test_a_tariff_without_demand_has_no_demand_in_the_api(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)

    body = home.client().get("/api/v1/costs").get_json()

    assert body["demand"] is None
