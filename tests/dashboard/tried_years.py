"""Sliders whose answers are made up, for what the page makes of them."""

from dataclasses import asdict
from typing import Any

from flask import Flask

from home_energy.analysis.what_if.question import WhatIfQuestion
from home_energy.dashboard.api.what_if_keeper import WhatIfReading

SLIDERS: dict[str, Any] = {
    "is_ready": True,
    "said": "the last twelve whole months on record",
    "first_day": "2025-01-01",
    "last_day": "2025-12-31",
    "solar_kw": {"least": 0.0, "most": 20.0, "step": 0.1, "start": 6.6, "said": ""},
    "battery_kwh": {"least": 0.0, "most": 40.0, "step": 0.1, "start": 13.5, "said": ""},
    "car_km_per_year": {
        "least": 0,
        "most": 25000,
        "step": 5000,
        "start": 0,
        "said": "",
    },
    "strategies": [
        {
            "name": "self_consumption",
            "said": "Keeps the sun",
            "is_upper_bound": False,
            "needs": ["battery"],
        },
        {
            "name": "perfect_foresight",
            "said": "As if the year had been known",
            "is_upper_bound": True,
            "needs": ["battery", "car"],
        },
    ],
    "tariffs": [
        {"name": "flat", "said": "The same all day", "is_prepared": True},
        {"name": "peaky", "said": "By the clock", "is_prepared": False},
    ],
}
MONEY: dict[str, Any] = {
    "net_aud": 11_400.4,
    "price_aud": 14_600.4,
    "incentives_aud": 3_200.0,
    "npv_aud": 2_100.4,
    "npv_range_aud": {"p10": -900.4, "p50": 2_000.0, "p90": 14_249.0},
    "simple_payback_years": 8.23,
    "simple_payback_range_years": {"p10": 7.1, "p50": 8.3, "p90": 9.6},
    "irr_fraction_per_year": 0.09,
    "pays_back_in_warranty_fraction": 0.8,
    "sentences": ["It pays back after 8.2 years."],
}
ANSWER: dict[str, Any] = {
    "question": {
        "tariff": "flat",
        "strategy": "self_consumption",
        "solar_kw": 6.6,
        "battery_kwh": 13.5,
        "car_km_per_year": 15_000,
        "run_as": "self_consumption",
    },
    "baseline_cost_aud": 2_130.4,
    "cost_aud": 819.9,
    "saving_aud": 1_310.5,
    "saving_range_aud": {"p10": 1_120.4, "p50": 1_300.0, "p90": 1_479.6},
    "import_kwh": 1_234.4,
    "export_kwh": 2_345.6,
    "self_sufficiency_fraction": 0.732,
    "months": [
        {"month": "2025-01", "saving_aud": 60.0},
        {"month": "2025-02", "saving_aud": -20.0},
        {"month": "2025-03", "saving_aud": 0.0},
        {"month": "2025-04", "saving_aud": 30.0},
    ],
    "money": MONEY,
    "money_missing": None,
    "is_upper_bound": False,
    "notes": ["Prices are those of 2025."],
    "scenario_href": "/what-if/scenario.toml?solar_kw=6.6",
}


class MadeUpYears:
    """A home whose every year saves as much as its panels have watts."""

    own_tariff = "flat"

    def sliders(self) -> dict[str, Any]:
        return SLIDERS

    def first_question(self) -> WhatIfQuestion:
        return WhatIfQuestion("flat", solar_kw=6.6, battery_kwh=13.5)

    def fault(self, question: WhatIfQuestion) -> tuple[str, str] | None:
        if question.tariff in ("flat", "peaky"):
            return None
        return "tariff", f"found {question.tariff}; expected flat or peaky"

    def answer(self, question: WhatIfQuestion) -> dict[str, Any]:
        return {
            **ANSWER,
            "question": {**asdict(question), "run_as": question.run_name},
            "saving_aud": question.solar_kw * 1000,
            "is_upper_bound": question.is_upper_bound,
        }


class MadeUpKeeper:
    """Keeps the sliders of an application, or says why there are none."""

    def __init__(self, said: str | None = None) -> None:
        self.said = said

    def look(self) -> WhatIfReading:
        if self.said is not None:
            return WhatIfReading(None, self.said)
        return WhatIfReading(MadeUpYears(), "ready")  # type: ignore[arg-type]


def try_made_up_years(app: Flask, said: str | None = None) -> None:
    """Put the sliders into an application."""
    app.extensions["home_energy"].what_if = MadeUpKeeper(said)
