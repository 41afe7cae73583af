"""A sweep as tables and sentences: the choices that stand out, and the surface."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud
from home_energy.cli.money_words import dollar_cell, range_said

_PICKS = {
    "cheapest": "cheapest year",
    "most_self_sufficient": "most self-sufficient",
    "knee": "knee",
    "most_worth": "most worth",
    "fastest_payback": "fastest payback",
}
_WIDEST = 9
"""Columns of a surface that fit beside its first on a narrow screen."""

Choice = Mapping[str, Any]


def print_sweep(console: Console, result: Mapping[str, Any]) -> None:
    """What stands out, the surface it was found on, and what it rests on."""
    choices, picks = result["choices"], result["picks"]
    console.print(result["title"], style="bold", markup=False)
    console.print(f"{len(choices):,} choices, each a whole year of the record")
    console.print(_picked(choices, picks))
    for said in _ranges(result):
        console.print(f"- {said}", markup=False)
    best = choices[_first_of(picks, ("most_worth", "cheapest"))]
    _print_surface(console, choices, _run_in_some_way(choices, best))
    for sentence in _sentences(result):
        console.print(f"- {sentence}", markup=False)


def _picked(choices: Sequence[Choice], picks: Mapping[str, int | None]) -> Table:
    has_money = any(one["npv_aud"] is not None for one in choices)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("")
    money = ("price", "worth", "payback") if has_money else ("cost",)
    for name in ("solar", "battery", "saving", "sun", *money):
        table.add_column(name, justify="right", no_wrap=True)
    for pick, said in _PICKS.items():
        number = picks[pick]
        if number is not None:
            one = choices[number]
            table.add_row(f"{said}\n{_run_by(one)}", *_cells(one, has_money=has_money))
    return table


def _ranges(result: Mapping[str, Any]) -> Iterator[str]:
    """Each choice that stands out, its figures beside what they are in many draws."""
    names: dict[int, list[str]] = {}
    for pick, said in _PICKS.items():
        if result["picks"][pick] is not None:
            names.setdefault(result["picks"][pick], []).append(said)
    for one in result["doubts"]:
        parts = list(_parts(result["choices"][one["choice"]], one))
        if parts:
            yield f"{', '.join(names[one['choice']])}: {'; '.join(parts)}"


def _parts(choice: Choice, found: Mapping[str, Any]) -> Iterator[str]:
    saving, doubt = found["saving_range_aud"], found["doubt"]
    if saving is not None:
        told = range_said(saving)
        yield f"saving {aud(choice['saving_aud'])} (in 8 of 10 years {told})"
    if doubt is None:
        return
    told = range_said(doubt["npv_aud"])
    yield f"net present value {aud(choice['npv_aud'])} (in 8 of 10 draws {told})"
    for words, name in (
        ("pays back", "pays_back_fraction"),
        ("pays back inside its warranty", "pays_back_in_warranty_fraction"),
    ):
        if doubt[name] is not None:
            yield f"{words} in {100 * doubt[name]:.0f} of 100 draws"


def _cells(one: Choice, *, has_money: bool) -> list[str]:
    own = one["self_sufficiency_fraction"]
    cells = [
        f"{one['solar_kw']:g} kW" if one["solar_kw"] else "none",
        _battery(one),
        aud(one["saving_aud"]),
        "" if own is None else f"{own:.0%}",
    ]
    if not has_money:
        return [*cells, aud(one["cost_aud"])]
    money = (dollar_cell(one["net_aud"]), dollar_cell(one["npv_aud"]))
    return [*cells, *money, _payback(one)]


def _run_by(one: Choice) -> str:
    star = "*" if one["is_upper_bound"] else ""
    return f"{one['tariff']}, {one['strategy'].replace('_', ' ')}{star}"


def _print_surface(console: Console, choices: Sequence[Choice], shown: Choice) -> None:
    """Sizes of panels down, of batteries across, on one tariff and strategy."""
    name = _worth_name(shown)
    same = [one for one in choices if _lies_beside(one, shown)]
    across = list(dict.fromkeys(_battery(one) for one in same))[:_WIDEST]
    down = list(dict.fromkeys(one["solar_kw"] for one in same))
    if len(same) <= 1:
        return
    at = {(one["solar_kw"], _battery(one)): one[name] for one in same}
    what = "saving of a year" if name == "saving_aud" else "net present value"
    console.print(f"{what}, AUD: {_run_by(shown)}", markup=False)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("solar")
    for battery in across:
        table.add_column(battery, justify="right", no_wrap=True)
    for kw in down:
        figures = [at.get((kw, battery)) for battery in across]
        table.add_row(f"{kw:g} kW", *(dollar_cell(figure) for figure in figures))
    console.print(table)


def _run_in_some_way(choices: Sequence[Choice], best: Choice) -> Choice:
    """The best choice, or where it has nothing to run the best on its tariff that has.

    Its neighbours are then told with batteries.
    """
    same = [one for one in choices if one["tariff"] == best["tariff"]]
    run = [one for one in same if one["strategy"] != "no_battery"]
    if best["strategy"] != "no_battery" or not run:
        return best
    real = [one for one in run if not one["is_upper_bound"]] or run
    return max(real, key=lambda one: float(one[_worth_name(one)]))


def _lies_beside(one: Choice, shown: Choice) -> bool:
    """Whether two choices differ in sizes alone; nothing to run is run any way."""
    if one["tariff"] != shown["tariff"]:
        return False
    return one["strategy"] in (shown["strategy"], "no_battery")


def _sentences(result: Mapping[str, Any]) -> list[str]:
    choices, picks = result["choices"], result["picks"]
    said = list(result["notes"])
    most_worth = picks["most_worth"]
    if most_worth is not None and choices[most_worth]["npv_aud"] < 0:
        said.append("no choice is worth its price within the horizon: buy nothing")
    if most_worth is not None and picks["fastest_payback"] is None:
        said.append("no choice pays back within the horizon")
    said.append(
        "cost is the bill and wear of a year, less what the stores hold more at the "
        "end; sun is the share of the load that it serves; price is what is paid after "
        "incentives, worth the net present value; the knee is where more "
        "money begins to bring less than it does on the whole way to the greatest "
        "saving, so it depends on how far the sizes reach"
    )
    if any(
        choices[number]["is_upper_bound"]
        for number in picks.values()
        if number is not None
    ):
        said.append(
            "* an upper bound: it has seen the whole year. No home can have this saving"
        )
    return said


def _worth_name(one: Choice) -> str:
    """By what choices are compared."""
    return "saving_aud" if one["npv_aud"] is None else "npv_aud"


def _battery(one: Choice) -> str:
    if one["battery_product"]:
        return str(one["battery_product"])
    return f"{one['battery_kwh']:g} kWh" if one["battery_kwh"] else "none"


def _payback(one: Choice) -> str:
    years = one["simple_payback_years"]
    if years is not None:
        return f"{years:.1f} y"
    return "" if one["npv_aud"] is None or one["net_aud"] <= 0 else "never"


def _first_of(picks: Mapping[str, int | None], names: Sequence[str]) -> int:
    return next(found for name in names if (found := picks[name]) is not None)
