"""Sliders as the screen asks for them: a request to its JSON, each position a new one.

The home is that of `year_of_scenarios`, its days half-hours of a whole year; what is
bought is priced and judged with its ranges. Positions are drawn, none is asked twice.
"""

import shutil
import time
from pathlib import Path

import numpy as np
from flask.testing import FlaskClient
from tests.benchmarks.measure import Measure
from tests.benchmarks.year_of_scenarios import TARIFF, _record
from tests.dashboard.recorded_home import StandingClock

from home_energy.dashboard.app import create_app
from home_energy.settings import BillSettings, HomeSettings, Settings

ASKED = 200
TARIFFS = (TARIFF, "tou-vic-jemena", "flat-vic-jemena")
RULES = ("self_consumption", "smart_cycles", "perfect_foresight")
CHARGING = ("self_consumption", "solar_first", "cheapest")
KM = (5_000, 10_000, 15_000, 20_000, 25_000)
MUST_MS = 60
SOME, FEW = 60, 10


def measure_what_if(folder: Path) -> list[Measure]:
    """How long an answer takes, by what is asked."""
    home = folder / "what-if"
    (home / "config").mkdir(parents=True)
    _record(home).close()
    settings = Settings(
        home=HomeSettings(
            timezone="Australia/Melbourne",
            store=home / "home.sqlite",
            postcode="3000",
        ),
        bill=BillSettings(tariff=TARIFF),
    ).read_from(home / "config")
    app = create_app(settings, StandingClock())
    app.testing = True
    try:
        return _measured(app.test_client())
    finally:
        shutil.rmtree(home)


def _measured(client: FlaskClient) -> list[Measure]:
    ready = _seconds_until_ready(client)
    asked = _Asked(client)
    rules = asked.milliseconds(RULES, (0,), ASKED)
    cars = asked.milliseconds(CHARGING, KM, ASKED)
    forecast = asked.milliseconds(("forecast",), (0,), SOME)
    both = asked.milliseconds(("forecast",), KM[1:2], FEW)
    return [
        Measure("Sliders ready, machine code on disk", ready, "s"),
        *_rows("A new position without a car", rules, MUST_MS),
        *_rows("… with a car, charged by a rule", cars, MUST_MS),
        *_rows("… forecast, without a car", forecast),
        *_rows("… forecast, battery and car together", both),
    ]


def _rows(what: str, took: list[float], target: float | None = None) -> list[Measure]:
    p50, p95 = (float(np.percentile(took, share)) for share in (50, 95))
    return [
        Measure(f"{what}, p50", p50, "ms"),
        Measure(f"{what}, p95", p95, "ms", target),
    ]


def _seconds_until_ready(client: FlaskClient) -> float:
    began = time.perf_counter()
    while True:
        told = client.get("/api/v1/what-if/sliders").get_json()
        if told["is_ready"]:
            return time.perf_counter() - began
        assert "again in a minute" not in told["said"], told["said"]
        time.sleep(0.05)


class _Asked:
    """Draws positions, and times their answers."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._chance = np.random.default_rng(1)

    def milliseconds(
        self, strategies: tuple[str, ...], km: tuple[int, ...], count: int
    ) -> list[float]:
        for tariff in TARIFFS:  # prepared, and machine code loaded, at first use
            for strategy in strategies:
                for one in km:
                    self._took(tariff, strategy, one)
        return [
            self._took(
                str(self._chance.choice(TARIFFS)),
                str(self._chance.choice(strategies)),
                int(self._chance.choice(km)),
            )
            for _ in range(count)
        ]

    def _took(self, tariff: str, strategy: str, km: int) -> float:
        query = {
            "tariff": tariff,
            "strategy": strategy,
            "car_km_per_year": km,
            "solar_kw": round(float(self._chance.uniform(0, 20)), 1),
            "battery_kwh": round(float(self._chance.uniform(0, 40)), 1),
        }
        began = time.perf_counter()
        response = self._client.get("/api/v1/what-if", query_string=query)
        took_ms = 1000 * (time.perf_counter() - began)
        assert response.status_code == 200, response.text
        return took_ms


if __name__ == "__main__":
    import sys

    for measure in measure_what_if(Path(sys.argv[1])):
        sys.stdout.write(measure.row() + "\n")
