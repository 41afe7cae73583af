"""Every scenario in one row beside the home as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

_NO_MONEY = {
    "npv_aud": None,
    "npv_range_aud": None,
    "simple_payback_years": None,
    "irr_fraction_per_year": None,
    "pays_back_in_warranty_fraction": None,
}


def comparison(
    as_it_is: Mapping[str, Any], title: str, entries: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The home as it is, then each scenario by its chosen strategy.

    Parameters
    ----------
    as_it_is
        Figures of the home as it is.
    title
        Of it, in words.
    entries
        Of the scenarios, in the order of the report; one of the name of `as_it_is` is
        that home and not told again.
    """
    first = {
        "scenario": as_it_is["scenario"],
        "title": title,
        "strategy": None,
        "is_hypothetical": False,
        "cost_aud": as_it_is["cost_aud"],
        "saving_aud": 0.0,
        "saving_range_aud": None,
        **_NO_MONEY,
        "upper_bound_saving_aud": None,
    }
    others = [_row(one) for one in entries if one["scenario"] != as_it_is["scenario"]]
    return [first, *others]


def run_of(entry: Mapping[str, Any], strategy: str) -> Mapping[str, Any]:
    """Figures of a scenario's run by a strategy."""
    return next(one for one in entry["runs"] if one["strategy"] == strategy)


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    chosen = run_of(entry, entry["chosen_strategy"])
    bounds = [one["saving_aud"] for one in entry["runs"] if one["is_upper_bound"]]
    car = entry["car"]
    return {
        "scenario": entry["scenario"],
        "title": entry["title"],
        "strategy": chosen["strategy"],
        "is_hypothetical": car is not None and car["is_hypothetical"],
        "cost_aud": chosen["cost_aud"],
        "saving_aud": chosen["saving_aud"],
        "saving_range_aud": chosen.get("saving_range_aud"),
        **_money(chosen["money"]),
        "upper_bound_saving_aud": bounds[0] if bounds else None,
    }


def _money(money: Mapping[str, Any] | None) -> dict[str, Any]:
    """What buying it comes to; nothing of what nobody offers."""
    if money is None or "npv_aud" not in money:
        return _NO_MONEY
    doubt = money.get("doubt") or {}
    return {
        "npv_aud": money["npv_aud"],
        "npv_range_aud": doubt.get("npv_aud"),
        "simple_payback_years": money["simple_payback_years"],
        "irr_fraction_per_year": money["irr_fraction_per_year"],
        "pays_back_in_warranty_fraction": doubt.get("pays_back_in_warranty_fraction"),
    }
