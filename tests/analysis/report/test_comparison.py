"""Rows of a comparison stand below the home that they are compared with."""

from typing import Any

from home_energy.analysis.report.comparison import comparison

AS_IT_IS = {"scenario": "as-it-is", "cost_aud": 1900.0, "tariff": "amber"}
CAR = {"is_hypothetical": False, "charger": {"name": "7 kW"}}


def entry(
    name: str, cost_aud: float, car: dict[str, Any] | None = None, tariff: str = "amber"
) -> dict[str, Any]:
    run = {
        "strategy": "forecast",
        "is_upper_bound": False,
        "cost_aud": cost_aud - 100.0,
        "saving_aud": 100.0,
        "money": None,
    }
    return {
        "scenario": name,
        "title": name.capitalize(),
        "chosen_strategy": "forecast",
        "baseline": {"cost_aud": cost_aud, "tariff": tariff},
        "car": car,
        "runs": [run],
    }


def told(*entries: dict[str, Any]) -> list[tuple[str, float, float]]:
    rows = comparison(AS_IT_IS, "The home as it is", entries)
    return [(row["title"], row["baseline_cost_aud"], row["cost_aud"]) for row in rows]


def test_what_a_car_adds_to_the_bill_is_no_part_of_a_saving() -> None:
    rows = told(
        entry("driving", 2800.0, CAR), entry("sun", 1900.0), entry("v2h", 2800.0, CAR)
    )

    assert rows == [
        ("The home as it is", 1900.0, 1900.0),
        ("Sun", 1900.0, 1800.0),
        ("The home as it is, a car charged on arrival (7 kW)", 2800.0, 2800.0),
        ("Driving", 2800.0, 2700.0),
        ("V2h", 2800.0, 2700.0),
    ]


def test_another_tariff_is_another_home() -> None:
    rows = told(entry("flat", 2100.0, tariff="flat-vic"))

    assert rows == [
        ("The home as it is", 1900.0, 1900.0),
        ("The home as it is, on flat-vic", 2100.0, 2100.0),
        ("Flat", 2100.0, 2000.0),
    ]


def test_every_row_has_a_name_of_its_own() -> None:
    rows = comparison(
        AS_IT_IS,
        "The home as it is",
        [entry("as-it-is", 1900.0), entry("flat", 2100.0), entry("car", 2.0, CAR)],
    )

    names = [row["scenario"] for row in rows]
    assert names == ["as-it-is", "as-it-is-2", "flat", "as-it-is-3", "car"]
    assert [row["strategy"] is None for row in rows] == [True, True, False, True, False]
