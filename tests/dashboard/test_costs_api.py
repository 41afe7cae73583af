"""Running costs in the API."""

from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.domain.time_grid import nem_date
from tests.analysis.running_costs.measured_home import GRID_METER, measure_steadily
from tests.dashboard.recorded_home import NOON, RecordedHome
from tests.dashboard.tiny_bill import tiny_home, use

TODAY = nem_date(NOON)
DAY = timedelta(days=1)


def test_the_api_has_every_cost(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    use(home, TODAY - 21 * DAY, TODAY - DAY)
    measure_steadily(home, NOON - timedelta(hours=1), NOON, -1200.0)

    body = home.client().get("/api/v1/costs").get_json()

    # One hour of 1.2 kW sold at 5 c, and $1
    assert body["today"] == {
        "day": "2026-11-22",
        "cost_aud": pytest.approx(0.94),
        "energy_aud": pytest.approx(-0.06),
        "supply_aud": 1.0,
        "import_kwh": 0.0,
        "export_kwh": pytest.approx(1.2),
        "known_seconds": 3600.0,
        "passed_seconds": 43200.0,
        "source": "live power",
    }
    assert body["yesterday"]["source"] == "meter data"
    # 21 days x $3.36 - $0.06 + 22 days x $1
    assert body["month"]["cost_aud"] == pytest.approx(92.50)
    assert body["month"]["billed_day_count"] == 21
    # 30 x $4.36
    assert body["month"]["projected_aud"] == pytest.approx(130.80)
    assert body["typical"] == {
        "aud_per_hour": pytest.approx(0.14),
        "day_count": 21,
        "last_day": "2026-11-21",
    }
    assert body["fault"] is None
    assert body["trend"][0]["grid_watts"] is None
    assert body["trend"][-1] == {
        "start_utc": "2026-11-22T00:55:00Z",
        "grid_watts": -1200.0,
        "cost_aud_per_hour": pytest.approx(-0.06),
        "import_c_per_kwh": 30.0,
    }


def test_without_a_clock_that_can_be_trusted_there_are_no_costs(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.power = GRID_METER
    home.clock.synchronised = False

    body = home.client().get("/api/v1/costs").get_json()

    assert body["time_utc"] is None
    assert body["today"] is None
    assert body["trend"] == []


def test_a_fault_of_the_tariff_is_told(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, tariff="no-such", power=GRID_METER)

    body = home.client().get("/api/v1/costs").get_json()

    assert "no-such" in body["fault"]
    assert body["month"] is None
