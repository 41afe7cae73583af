"""Figures of devices and money with who says them: the household before a source."""

from datetime import date
from typing import Any

import pytest

from home_energy.analysis.report.assumption_rows import assumption_rows, unit_of
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.settings import BillSettings, Settings

ENTRY: dict[str, Any] = {"scenario": "a", "solar": None, "runs": []}
SETTINGS = Settings(bill=BillSettings(tariff="amber-like-vic"))


def rows_of(**parts: object) -> dict[str, dict[str, Any]]:
    """By name, which no two share."""
    asked = Scenario.model_validate(
        {"name": "a", "title": "A", "period": {"year": 2025}, **parts}
    )
    rows = assumption_rows(SETTINGS, [asked], [ENTRY])
    by_name = {row["name"]: row for row in rows}
    assert len(by_name) == len(rows)
    return by_name


def test_a_figure_of_the_household_stands_before_the_catalogues() -> None:
    rows = rows_of(battery={"product": "powerwall-3", "usable_kwh": 12.0})

    usable = rows["battery Tesla Powerwall 3: usable"]
    throughput = rows["battery Tesla Powerwall 3: warranty throughput"]
    assert (usable["value"], usable["source"]) == (12.0, "the scenario's file")
    assert usable["date"] is None
    assert throughput["value"] == 37_800
    assert throughput["unit"] == "kWh"
    assert throughput["date"] == "2026-11-22"


def test_nominal_rates_are_told_as_such() -> None:
    rows = rows_of(
        battery={"product": "powerwall-3"},
        purchase={
            "installed": date(2026, 1, 15),
            "assumptions": {
                "is_real": False,
                "horizon_years": 10,
                "loan": {"rate_fraction_per_year": 0.06, "years": 7},
            },
        },
    )

    # 1.0351 x 1.025 - 1
    assert rows["money: discount"]["value"] == pytest.approx(0.0609775)
    assert rows["money: discount"]["source"].endswith("; made nominal")
    assert rows["money: horizon"]["source"] == "the scenario's file"
    assert rows["money: is real"]["value"] is False
    assert "0.06" in str(rows["money: loan"]["value"])


def test_a_tariff_before_and_after_are_both_told() -> None:
    rows = rows_of(prices={"baseline_tariff": "tou-vic-jemena"})

    named = {name.split()[1] for name in rows if name.startswith("tariff ")}
    assert named == {"amber-like-vic", "tou-vic-jemena"}


def test_what_was_not_run_rests_on_nothing() -> None:
    asked = Scenario.model_validate(
        {"name": "other", "title": "A", "period": {"year": 2025}}
    )

    assert assumption_rows(SETTINGS, [asked], [ENTRY]) == []


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("discount_fraction_per_year", "1/year"),
        ("usable_kwh", "kWh"),
        ("wear_c_per_kwh", "c/kWh"),
        ("warranty_years", "years"),
        ("warranty_km", "km"),
        ("phases", ""),
    ],
)
def test_the_end_of_a_name_is_its_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit
