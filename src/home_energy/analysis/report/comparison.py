"""Every scenario in one row, below the home that it is compared with."""

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
    """Each scenario by its chosen strategy, below the home that it is compared with.

    The home as it is comes first with all that is compared with it. A scenario with a
    car, or with a home of another tariff, is compared with another home: that has a row
    of its own, with what belongs to it below.

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
    first = _home_row(as_it_is["scenario"], title, as_it_is["cost_aud"])
    homes: dict[tuple[str, float], list[dict[str, Any]]] = {
        (title, round(as_it_is["cost_aud"], 2)): [first]
    }
    for entry in entries:
        if entry["scenario"] == as_it_is["scenario"]:
            continue
        own = _own_title(entry, as_it_is, title)
        cost_aud = entry["baseline"]["cost_aud"]
        home = homes.setdefault(
            (own, round(cost_aud, 2)),
            [_home_row(f"{as_it_is['scenario']}-{len(homes) + 1}", own, cost_aud)],
        )
        home.append(_row(entry))
    return [row for rows in homes.values() for row in rows]


def _home_row(name: str, title: str, cost_aud: float) -> dict[str, Any]:
    """A home that others are compared with."""
    return {
        "scenario": name,
        "title": title,
        "strategy": None,
        "is_hypothetical": False,
        "baseline_cost_aud": cost_aud,
        "cost_aud": cost_aud,
        "saving_aud": 0.0,
        "saving_range_aud": None,
        **_NO_MONEY,
        "upper_bound_saving_aud": None,
    }


def _own_title(
    entry: Mapping[str, Any], as_it_is: Mapping[str, Any], title: str
) -> str:
    """What the home of a scenario is called that is not the report's."""
    said, car, tariff = title, entry["car"], entry["baseline"]["tariff"]
    if car is not None:
        said += f", a car charged on arrival ({car['charger']['name']})"
    if tariff != as_it_is["tariff"]:
        said += f", on {tariff}"
    return said


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
        "baseline_cost_aud": entry["baseline"]["cost_aud"],
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
