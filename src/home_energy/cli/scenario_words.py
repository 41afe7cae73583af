"""Results of scenarios as tables and sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud
from home_energy.cli.car_words import is_hypothetical, print_car, title_words
from home_energy.cli.money_words import (
    dollar_cell,
    print_dollars,
    print_money,
    range_words,
)
from home_energy.cli.stress_words import print_stress
from home_energy.domain.bill import whole_dollars

_WIDTHS = {"cost": 9, "saving": 12, "less 10 best": 7, "bought": 6, "sold": 6}
"""Figures never break; words may."""

_WORDS = {
    "no_battery": "no battery",
    "self_consumption": "self-consumption",
    "perfect_foresight": "perfect foresight*",
}
_SHORT = {
    "no_battery": "solar",
    "self_consumption": "self",
    "time_of_use": "windows",
    "price_threshold": "price",
    "smart_cycles": "cycles",
    "on_arrival": "arrival",
    "timer": "timer",
    "cheapest": "cheap",
    "solar_first": "sun",
    "forecast": "forecast",
    "perfect_foresight": "bound*",
}


def print_result(console: Console, result: Mapping[str, Any]) -> None:
    """One scenario: the home as it is, and a row for each way to run the devices."""
    console.print(title_words(result), style="bold", markup=False)
    table = _table("", "cost", "saving", "less 10 best", "capture", "bought", "sold")
    baseline = result["baseline"]
    table.add_row(
        "as it is",
        aud(baseline["cost_aud"]),
        *("", "", ""),
        f"{baseline['import_kwh']:,.0f}",
        f"{baseline['export_kwh']:,.0f}",
    )
    for one in result["runs"]:
        capture = one["capture_ratio"]
        table.add_row(
            _WORDS.get(one["strategy"], one["strategy"].replace("_", " ")),
            aud(one["cost_aud"]),
            _with_range(aud(one["saving_aud"]), one["saving_range_aud"]),
            whole_dollars(one["saving_without_ten_best_intervals_aud"]),
            "" if capture is None else f"{capture:.0%}",
            f"{one['import_kwh']:,.0f}",
            f"{one['export_kwh']:,.0f}",
        )
    console.print(table)
    print_car(console, result)
    for sentence in _sentences(result):
        console.print(f"- {sentence}", markup=False)
    print_dollars(console, result)
    print_money(console, result)
    print_stress(console, result)


def print_basis(console: Console, results: Sequence[Mapping[str, Any]]) -> None:
    """What the results rest on, each sentence once, and what their words mean."""
    runs = [one for result in results for one in result["runs"]]
    said = [note for result in results for note in result["notes"]]
    if any(result["battery"] or result["car"] for result in results):
        said.append(
            "cost is the bill, wear and charging elsewhere, less what battery and car "
            "hold more at the end; less 10 best is the saving without its ten best "
            "intervals; capture is the share of what the devices could save"
        )
    if any(one["saving_range_aud"] for one in runs):
        said.append(
            "below a saving stands what it is in 8 of 10 years made of the months on "
            "record, each for one of its own season"
        )
    if any(result["car"] for result in results):
        said.append("as it is: the home with its car charged on arrival")
        said.append(
            "own sun, grid, elsewhere: where the car's energy came from; not covered: "
            "trips that needed charging elsewhere; short: how often a level wanted by "
            "the clock was missed; c/km: what the car adds to the cost of the home"
        )
    if any(one["is_upper_bound"] for one in runs):
        said.append(
            "* an upper bound: it has seen the whole year. No home can have this saving"
        )
    for sentence in dict.fromkeys(said):
        console.print(f"- {sentence}", markup=False)


def print_summary(console: Console, results: Sequence[Mapping[str, Any]]) -> None:
    """All scenarios, a row each: what each strategy saves."""
    names = list(
        dict.fromkeys(one["strategy"] for result in results for one in result["runs"])
    )
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("saving, AUD", overflow="fold")
    for name in names:
        table.add_column(_SHORT[name], justify="right", no_wrap=True)
    for result in results:
        savings = {
            one["strategy"]: _with_range(
                f"{one['saving_aud']:,.0f}", one["saving_range_aud"]
            )
            for one in result["runs"]
        }
        table.add_row(
            result["scenario"] + (" (hypothetical)" if is_hypothetical(result) else ""),
            *(savings.get(name, "") for name in names),
        )
    console.print(table)


def _with_range(figure: str, found: Mapping[str, float | None] | None) -> str:
    words = range_words(found, dollar_cell)
    return f"{figure}\n{words}" if words else figure


def _sentences(result: Mapping[str, Any]) -> list[str]:
    said = []
    if result["solar"] is not None:
        said.append(_solar_words(result["solar"], result["runs"][0]))
    for one in result["runs"]:
        if one["certificate_aud"] is not None:
            said.append(
                f"perfect foresight is within {_cents(one['certificate_aud'])} of the "
                "best that any schedule could cost"
            )
        if one["forecast"] is not None:
            said.append(_forecast_words(one["forecast"]))
        left_aud = one["end_value_aud"] + one["car_end_value_aud"]
        if abs(left_aud) >= 0.005:
            said.append(
                f"{_name(one)}: {aud(left_aud)} for what battery and car hold more at "
                "the end than at the start"
            )
        if one["unserved_kwh"] > 0:
            said.append(
                f"{_name(one)}: {one['unserved_kwh']:.2f} kWh "
                "of the load did not pass the import limit"
            )
    used = [one for one in result["runs"] if one["battery_use"] is not None]
    if used:
        told = ", ".join(f"{_name(one)} {_life(one['battery_use'])}" for one in used)
        said.append(f"full cycles a year, and years until the warranty ends: {told}")
    return said


def _cents(amount_aud: float) -> str:
    """Two figures of little, cents of more."""
    return f"{100 * amount_aud:.2g} c" if amount_aud < 0.01 else aud(amount_aud)


def _name(one: Mapping[str, Any]) -> str:
    strategy: str = one["strategy"]
    return strategy.replace("_", " ")


def _life(use: Mapping[str, Any]) -> str:
    """`300 (8.1 by throughput)`."""
    warranty = use["warranty"]
    cycles = f"{use['full_cycles_per_year']:.0f}"
    if warranty is None:
        return f"{cycles} (not known)"
    by = " by throughput" if warranty["ended_by"] == "throughput" else ""
    return f"{cycles} ({warranty['years']:.1f}{by})"


def _solar_words(solar: Mapping[str, Any], alone: Mapping[str, Any]) -> str:
    """What the panels make, and where it goes without a battery."""
    return (
        f"new panels: {solar['kw_dc']:g} kW make {solar['yield_kwh_per_kw']:,.0f} kWh "
        f"for each kW ({solar['weather']}); with all solar of the home and no battery "
        f"{alone['self_consumption_fraction']:.0%} is used at once, "
        f"{alone['export_kwh']:,.0f} kWh are sold and {alone['curtailed_kwh']:,.0f} "
        f"held back, {alone['curtailed_while_export_costs_kwh']:,.0f} of them while "
        "exporting would cost"
    )


def _forecast_words(forecast: Mapping[str, Any]) -> str:
    """How wrong the forecasts were that the battery was run on."""
    errors = forecast["mean_absolute_error"]["import_c_per_kwh"]
    said = ", ".join(
        f"{error:.1f} c/kWh {hours} h"
        for hours, error in zip(forecast["lead_hours"], errors, strict=True)
        if error is not None
    )
    source = f"to {forecast['issued_fraction']:.0%} those on record as issued"
    if not forecast["issued_fraction"]:
        source = "made from the past alone"
    return f"forecasts were {source}; the price was off by {said} ahead, in the mean"


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=0)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", min_width=_WIDTHS.get(name, 0))
    return table
