"""Figures of one position of the sliders, ready for JSON."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from home_energy.analysis.scenario.money import JudgedHome, RunMoney
from home_energy.analysis.scenario.money_result import money_result
from home_energy.analysis.scenario.saved_months import (
    saving_by_month,
    saving_range_aud,
)
from home_energy.analysis.scenario.year_engine import PreparedYear
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.analysis.what_if.question import WhatIfQuestion

BOUND = (
    "this strategy has seen the whole year: what it saves is an upper bound that no "
    "home can have"
)
CAR = (
    "saving is beside the same car charged on arrival at full power, without anything "
    "else new; neither car nor charger is priced"
)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was run for a question.

    Parameters
    ----------
    question, year, figures
        What was asked, of which home, and what came of it.
    money
        The home as it is judged, and what buying comes to; `None` without.
    money_missing
        Why without.
    """

    question: WhatIfQuestion
    year: PreparedYear
    figures: YearFigures
    money: tuple[JudgedHome, RunMoney] | None
    money_missing: str | None


def answer_of(found: Found) -> dict[str, Any]:
    """Every figure, not rounded; what is not known is `None`."""
    question, figures = found.question, found.figures
    energy, baseline = figures.energy, found.year.baseline
    saving = saving_range_aud(baseline, figures)
    return {
        "question": question.told(),
        "baseline_cost_aud": figures.baseline_cost_aud,
        "cost_aud": figures.cost_aud,
        "saving_aud": figures.saving_aud,
        "saving_range_aud": None if saving is None else asdict(saving),
        "bill_aud": figures.bill_aud,
        "bill_by_kind_aud": {
            kind.value: aud for kind, aud in figures.bill_by_kind_aud.items()
        },
        "import_kwh": energy.import_kwh,
        "export_kwh": energy.export_kwh,
        "solar_kwh": energy.solar_kwh,
        "discharge_kwh": energy.discharge_kwh,
        "self_sufficiency_fraction": energy.self_sufficiency_fraction,
        "self_consumption_fraction": energy.self_consumption_fraction,
        "months": [
            {"month": month, "saving_aud": aud}
            for month, aud in saving_by_month(baseline, figures).items()
        ],
        "money": _money(found),
        "money_missing": found.money_missing,
        "is_upper_bound": question.is_upper_bound,
        "notes": list(dict.fromkeys(_notes(found))),
        "scenario_href": f"/what-if/scenario.toml?{urlencode(_asked(question))}",
    }


def _asked(question: WhatIfQuestion) -> dict[str, object]:
    told = question.told()
    del told["run_as"]
    return told


def _notes(found: Found) -> list[str]:
    notes = list(found.year.notes)
    if found.question.is_upper_bound:
        notes.insert(0, BOUND)
    if found.year.car is not None:
        notes.append(CAR)
    if found.money is not None:
        notes += found.money[0].notes
    return notes


def _money(found: Found) -> dict[str, Any] | None:
    if found.money is None:
        return None
    _, money = found.money
    told = money_result(
        money,
        found.year.baseline.cost_aud,
        is_upper_bound=found.question.is_upper_bound,
        is_hypothetical=False,
    )
    assert told is not None  # noqa: S101 - something is bought
    doubt, sentences = told["doubt"], told["sentences"]
    if not found.question.is_upper_bound:
        sentences = [*sentences, *doubt["sentences"]]
    return {
        "net_aud": told["net_aud"],
        "price_aud": told["price_aud"],
        "incentives_aud": told["incentives_aud"],
        "npv_aud": told["npv_aud"],
        "npv_range_aud": doubt["npv_aud"],
        "simple_payback_years": told["simple_payback_years"],
        "simple_payback_range_years": doubt["simple_payback_years"],
        "irr_fraction_per_year": told["irr_fraction_per_year"],
        "pays_back_in_warranty_fraction": doubt["pays_back_in_warranty_fraction"],
        "sentences": sentences,
    }
