"""Every figure that a report takes from elsewhere, with who says it and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from home_energy.analysis.driving.catalogue import chargers, vehicles
from home_energy.analysis.finance.assumptions import shipped_assumptions
from home_energy.analysis.finance.cost_curves import cost_curve, worn_inverter
from home_energy.analysis.finance.purchase import PartKind
from home_energy.analysis.finance.spreads import spread_figures
from home_energy.analysis.finance.tornado import How, shipped_swings
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.scenario_part import Part
from home_energy.analysis.simulation.catalogue import catalogue
from home_energy.analysis.sourced_figures import Figure, SourcedProduct
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.settings import Settings

OWN_FILE = "the scenario's file"
DEFAULT = "what holds where the scenario's file says nothing"

_UNITS = {
    "_fraction_per_year": "1/year",
    "_fraction_per_cycle": "1/cycle",
    "_aud_per_year": "AUD/year",
    "_aud_per_kwh": "AUD/kWh",
    "_aud_per_kw": "AUD/kW",
    "_aud_per_size": "AUD",
    "_c_per_kwh": "c/kWh",
    "_kwh_per_kw": "kWh/kW",
    "_wh_per_km": "Wh/km",
    "wh_per_km": "Wh/km",
    "km_per_year": "km/year",
    "_fraction": "fraction",
    "_hours": "hours",
    "_years": "years",
    "_aud": "AUD",
    "_kwh": "kWh",
    "_kw": "kW",
    "_km": "km",
}
"""Units by the end of a name, the longer before the shorter."""

_SWUNG = {
    How.TIMES: "times what is assumed",
    How.PLUS: "{unit}, added",
    How.TO: "{unit}",
}
"""What the bounds of a swing are."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """One figure that was taken, not found.

    Parameters
    ----------
    name
        What it is.
    value
        A number; words where it is no number; `None` where it is told elsewhere.
    unit
        Empty where it has none.
    source
        Who says so.
    date
        When; `None` for what the household says.
    """

    name: str
    value: float | str | None
    unit: str
    source: str
    date: str | None


def assumption_rows(
    settings: Settings,
    scenarios: Iterable[Scenario],
    entries: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Rows in order of first use, each once, with the scenarios that rest on it.

    Parameters
    ----------
    scenarios
        As they were asked.
    entries
        Of those that were run, by the same names.
    """
    by_name = {entry["scenario"]: entry for entry in entries}
    used: dict[Assumed, list[str]] = {}
    for scenario in scenarios:
        entry = by_name.get(scenario.name)
        if entry is None:
            continue
        for row in dict.fromkeys(_rows(settings, scenario, entry)):
            used.setdefault(row, []).append(scenario.name)
    return [
        {
            "name": row.name,
            "value": row.value,
            "unit": row.unit,
            "source": row.source,
            "date": row.date,
            "used_by": names,
        }
        for row, names in used.items()
    ]


def unit_of(name: str) -> str:
    """Unit that the end of a name says; empty where it says none."""
    return next((unit for end, unit in _UNITS.items() if name.endswith(end)), "")


def _rows(
    settings: Settings, scenario: Scenario, entry: Mapping[str, Any]
) -> Iterator[Assumed]:
    yield from _tariffs(settings, scenario)
    yield from _devices(scenario)
    solar = entry["solar"]
    if solar is not None and "year_yield_kwh_per_kw" in solar:
        yield Assumed(
            "new panels: yield of a whole year",
            solar["year_yield_kwh_per_kw"],
            "kWh/kW",
            solar["year_yield_source"],
            None,
        )
    if isinstance(scenario.purchase, PurchaseBlock):
        yield from _money(scenario.purchase)
        yield from _prices(entry)
        yield from _doubt(entry)


def _tariffs(settings: Settings, scenario: Scenario) -> Iterator[Assumed]:
    prices, own = scenario.prices, settings.bill.tariff
    after = prices.tariff or own
    before = prices.baseline_tariff or after
    for name in dict.fromkeys((before, after)):
        plan = find_plan(name, settings.tariff_folder)
        for part in plan.period:
            since = part.start.isoformat()
            said = f"tariff {plan.name} from {since}"
            yield Assumed(said, plan.title, "", part.source, since)


def _devices(scenario: Scenario) -> Iterator[Assumed]:
    limits = scenario.connection
    for name in ("import_limit_kw", "export_limit_kw"):
        yield _said("connection", name, limits)
    battery, car = scenario.battery, scenario.car
    if battery is not None:
        known = catalogue().get(battery.product or "")
        yield from _product("battery", known, battery.own_figures)
    if car is not None:
        vehicle, charger = car.vehicle, car.charger
        found = vehicles().get(vehicle.product or "")
        yield from _product("car", found, vehicle.own_figures)
        one = chargers().get(charger.product or "")
        yield from _product("charger", one, charger.own_figures)
        for name in ("public_c_per_kwh", "wear_c_per_kwh"):
            yield _said("car", name, car)


def _product(
    kind: str, product: SourcedProduct | None, own: Mapping[str, Any]
) -> Iterator[Assumed]:
    """Figures of a catalogue's product, and the household's own before them."""
    figures = {} if product is None else product.figures
    named = kind if product is None else f"{kind} {product.name}"
    for name, figure in figures.items():
        if name not in own:
            yield _sourced(f"{named}: {_words(name)}", name, figure)
    for name, value in own.items():
        yield _own(f"{named}: {_words(name)}", name, value)


def _money(purchase: PurchaseBlock) -> Iterator[Assumed]:
    """By what a purchase is judged."""
    own = purchase.assumptions
    assumed, shipped = own.assumed(), shipped_assumptions()
    for name in type(own).model_fields:
        value = getattr(assumed, name)
        if name in ("is_real", "loan") and getattr(own, name) is None:
            continue
        if getattr(own, name) is not None:
            said = str(value) if name == "loan" else value
            yield _own(f"money: {_words(name)}", name, said)
        elif name in shipped:
            figure = shipped[name]
            made = "" if assumed.is_real else "; made nominal"
            yield Assumed(
                f"money: {_words(name)}",
                value,
                unit_of(name),
                figure.source + made,
                figure.date.isoformat(),
            )


def _prices(entry: Mapping[str, Any]) -> Iterator[Assumed]:
    """What the parts of a purchase cost, and what others pay of them."""
    for run in entry["runs"]:
        money = run["money"]
        if money is None or "parts" not in money:
            continue
        for part in money["parts"]:
            kinds = ", ".join(part["kinds"])
            yield Assumed(
                f"purchase: price of {kinds}",
                part["price_aud"],
                "AUD",
                part["source"],
                part["dated"],
            )
            if part["source"].startswith("cost curve"):
                yield from _curve(PartKind(part["kinds"][0]))
        if any("solar" in part["kinds"] for part in money["parts"]):
            for name, figure in worn_inverter().figures.items():
                yield _sourced(f"purchase: inverter's {_words(name)}", name, figure)
        for line in money["incentives"]:
            yield Assumed(
                f"incentive: {line['name']}",
                line["aud"],
                "AUD",
                line["source"],
                line["as_of"],
            )


def _doubt(entry: Mapping[str, Any]) -> Iterator[Assumed]:
    """How far off the assumptions are taken to be, as far as a run was drawn so."""
    for run in entry["runs"]:
        money = run["money"] or {}
        if money.get("doubt") is not None:
            for name, figure in spread_figures().items():
                yield _sourced(f"doubt: {_words(name)}", name, figure)
        for bar in money.get("tornado") or ():
            swing = shipped_swings()[bar["assumption"]]
            yield Assumed(
                f"tornado: {swing.said}",
                f"{swing.low:g} to {swing.high:g}",
                _SWUNG[swing.how].format(unit=swing.unit),
                swing.source,
                swing.date.isoformat(),
            )


def _curve(kind: PartKind) -> Iterator[Assumed]:
    curve = cost_curve(kind)
    for name, figure in curve.figures.items():
        unit = "AUD" if name.startswith("fixed") else f"AUD/{curve.size}"
        yield Assumed(
            f"cost curve of {curve.name.lower()}: {_words(name)}",
            figure.value,
            unit,
            figure.source,
            figure.date.isoformat(),
        )


def _sourced(said: str, name: str, figure: Figure) -> Assumed:
    return Assumed(
        said, figure.value, unit_of(name), figure.source, figure.date.isoformat()
    )


def _own(said: str, name: str, value: float | str) -> Assumed:
    return Assumed(said, value, unit_of(name), OWN_FILE, None)


def _said(of: str, name: str, block: Part) -> Assumed:
    """What a block of the file says, or what holds where it says nothing."""
    value, unit = getattr(block, name), unit_of(name)
    source = OWN_FILE if name in block.model_fields_set else DEFAULT
    return Assumed(f"{of}: {_words(name)}", value, unit, source, None)


def _words(name: str) -> str:
    """A name as words, without the unit that stands beside it."""
    ends = sorted(_UNITS, key=len, reverse=True)
    end = next((end for end in ends if name.endswith(end)), "")
    bare = name.removesuffix(end) or name
    return bare.replace("_", " ").strip()
