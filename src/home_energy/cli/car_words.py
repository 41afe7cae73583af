"""A scenario's car as a table and sentences."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud

HYPOTHETICAL = "HYPOTHETICAL"
"""Stands wherever a result is of a car and charger that nobody is known to offer."""

_BOUND = "the upper bound"
_USES = {"v2h": "serving the home (V2H)", "v2g": "serving home and grid (V2G)"}


def title_words(result: Mapping[str, Any]) -> str:
    """Title of a result, with a warning before it where it is of no real thing."""
    title: str = result["title"]
    return f"{HYPOTHETICAL}: {title}" if is_hypothetical(result) else title


def is_hypothetical(result: Mapping[str, Any]) -> bool:
    """Whether nobody is known to offer what the scenario asks of the car."""
    car = result["car"]
    return car is not None and car["is_hypothetical"]


def print_car(console: Console, result: Mapping[str, Any]) -> None:
    """What each run did with the car."""
    if result["car"] is None:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("the car", no_wrap=True)
    for name in ("c/km", "own sun", "grid", "elsewhere", "not covered", "short"):
        table.add_column(name, justify="right")
    for one in result["runs"]:
        car = one["car"]
        table.add_row(
            one["strategy"].replace("_", " "),
            _figure(car["c_per_km"], ".1f"),
            _figure(car["sun_fraction"], ".0%"),
            _figure(car["grid_fraction"], ".0%"),
            _figure(car["public_fraction"], ".0%"),
            f"{car['uncovered_count']} of {car['trip_count']}",
            f"{car['short_count']}",
        )
    console.print(table)
    for sentence in _sentences(result):
        console.print(f"- {sentence}", markup=False)


def _figure(value: float | None, how: str) -> str:
    return "" if value is None else f"{value:{how}}"


def _sentences(result: Mapping[str, Any]) -> list[str]:
    first = result["runs"][0]["car"]
    driven = (
        f"the car drives {first['km']:,.0f} km on {first['trip_count']} trips, "
        f"{first['driven_kwh']:,.0f} kWh from its cells; {first['beyond_full_count']} "
        "trips are longer than a full car goes"
    )
    said = [driven, *_kinds_of_kwh(result)]
    for one in result["runs"]:
        said += _worths(result, one)
    return said


def _kinds_of_kwh(result: Mapping[str, Any]) -> list[str]:
    """What a kilometre costs from the sun and from the grid, for each run."""
    told = []
    for one in result["runs"]:
        sun, grid = one["car"]["sun_c_per_km"], one["car"]["grid_c_per_km"]
        parts = [
            f"{value:.1f} {name}"
            for value, name in ((sun, "from the sun"), (grid, "from the grid"))
            if value is not None
        ]
        if parts:
            told.append(f"{one['strategy'].replace('_', ' ')} {', '.join(parts)}")
    if not told:
        return []
    return [f"c/km charged at home (sun at the feed-in forgone): {'; '.join(told)}"]


def _worths(result: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    """What discharging and plugging in are worth, where a run has such twins."""
    car, who = one["car"], one["strategy"].replace("_", " ")
    if one["is_upper_bound"]:
        who = f"{who} ({_BOUND})"
    said = []
    weekdays = car["worth_of_plugging_in_on_weekdays_aud"]
    if weekdays is not None:
        said.append(f"{who}: plugging in on weekdays is worth {aud(weekdays)} a year")
    discharging = car["worth_of_discharging_aud"]
    if discharging is None:
        return said
    use = _USES[result["car"]["discharge"]]
    told = f"{who}: {use} adds {aud(discharging)} to charging alone"
    exporting = car["worth_of_exporting_aud"]
    if exporting is not None:
        told += f", {aud(exporting)} of them to serving the home alone"
    said.append(told)
    if is_hypothetical(result) and not one["is_upper_bound"]:
        said.append(
            f"{HYPOTHETICAL}: nobody is known to offer this pair; hardware for it that "
            f"costs more than {aud(car['break_even_hardware_aud'])} in all does not "
            f"pay for itself in {car['break_even_years']} such years (no interest)"
        )
    return said
