"""Stress years and the tornado of a scenario's best run, in a line and as bars."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud
from home_energy.domain.bill import whole_dollars

BAR_LETTERS = 18
"""Width of the widest bar; with the figures it fits 80 letters."""

NPV = ("npv_low_aud", "npv_high_aud")


def print_stress(console: Console, result: Mapping[str, Any]) -> None:
    """What the best run without foresight is worth in other years; nothing unasked."""
    runs = [
        one
        for one in result["runs"]
        if one["stress"] is not None and not one["is_upper_bound"]
    ]
    if not runs:
        return
    best = max(runs, key=lambda one: float(one["saving_aud"]))
    console.print(f"- {_stress_words(best)}", markup=False)
    if best["money"] is not None and best["money"].get("tornado"):
        _print_tornado(console, best)


def _stress_words(one: Mapping[str, Any]) -> str:
    """`forecast saves $1,470; no price above 100 c/kWh: $1,230; ...`, each once."""
    told: dict[str, str] = {}
    for year in one["stress"]:
        saving_aud = year["saving_aud"]
        told[year["said"]] = "" if saving_aud is None else f": {aud(saving_aud)}"
    years = "; ".join(f"{said}{amount}" for said, amount in told.items())
    return f"{_name(one)} saves {aud(one['saving_aud'])}. In other years: {years}"


def _print_tornado(console: Console, one: Mapping[str, Any]) -> None:
    """A bar for each assumption, from the least to the most that it makes of it."""
    bars, middle_aud = one["money"]["tornado"], one["money"]["npv_aud"]
    ends = [bar[name] for bar in bars for name in NPV]
    scale = (min(*ends, middle_aud), max(*ends, middle_aud))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(f"{_name(one)}: what its worth rests on")
    for name in ("from", "worth"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=BAR_LETTERS)
    for name in ("worth", "to"):
        table.add_column(name, no_wrap=True)
    for bar in bars:
        table.add_row(bar["said"], *_sides(bar, middle_aud, scale))
    console.print(table)
    console.print(
        "- each assumption alone moves the net present value of "
        f"{whole_dollars(middle_aud)} to the worth beside its value; | is where it "
        "stands",
        markup=False,
    )


def _sides(
    bar: Mapping[str, Any], middle_aud: float, scale: tuple[float, float]
) -> Sequence[str]:
    """Worse value and its worth, the bar, better worth and its value."""
    ends = sorted(
        (
            (bar[name], bar[value])
            for name, value in zip(NPV, ("low", "high"), strict=True)
        ),
    )
    (least_aud, worse), (most_aud, better) = ends
    return (
        _value(worse, bar["unit"]),
        whole_dollars(least_aud),
        _letters(least_aud, most_aud, middle_aud, scale),
        whole_dollars(most_aud),
        _value(better, bar["unit"]),
    )


def _letters(
    least_aud: float, most_aud: float, middle_aud: float, scale: tuple[float, float]
) -> str:
    """`   ####|####  `: from the least to the most, on one scale for all bars."""
    first, middle, last = (
        _place(amount_aud, scale) for amount_aud in (least_aud, middle_aud, most_aud)
    )
    letters = ["#" if first <= number <= last else " " for number in range(BAR_LETTERS)]
    letters[middle] = "|"
    return "".join(letters)


def _place(amount_aud: float, scale: tuple[float, float]) -> int:
    share = (amount_aud - scale[0]) / (scale[1] - scale[0])
    return round(share * (BAR_LETTERS - 1))


def _value(value: float, unit: str) -> str:
    if unit == "AUD":
        return whole_dollars(value)
    if unit.startswith("fraction"):
        return f"{100 * value:.1f} %"
    return f"{value:g}" if unit == "years" else f"x {value:g}"


def _name(one: Mapping[str, Any]) -> str:
    strategy: str = one["strategy"]
    return strategy.replace("_", " ")
