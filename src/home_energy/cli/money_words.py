"""Money of a scenario's runs as tables and sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud
from home_energy.domain.bill import whole_dollars

_LINES = {
    "tariff": "another tariff for the same energy",
    "solar_self_use": "own sun used",
    "export": "sold",
    "arbitrage": "battery by price",
    "car_shifted": "car shifted",
    "losses": "losses, standby",
    "spikes": "spikes",
    "unserved": "not served",
    "demand_avoided": "demand",
    "fixed_charges": "fixed charges",
    "discounts": "discounts",
    "blocks_and_rounding": "blocks and rounding",
}
_BESIDE = {
    "wear": "wear",
    "charging_elsewhere": "car elsewhere",
    "left_in_stores": "left in stores",
}
_SAID_OF_A_RANGE = {"saving_aud_per_year": "  a year, 8 of 10 draws"}
_SHORT = {"no_battery": "solar alone", "perfect_foresight": "bound*"}


def print_dollars(console: Console, result: Mapping[str, Any]) -> None:
    """Which dollar came from what, a column for each run."""
    runs = result["runs"]
    table = _table("which dollar came from what", *(_name(one) for one in runs))
    parted = [one["dollars"] for one in runs]
    for name, words in _LINES.items():
        _add(table, words, [one["of_bills_aud"].get(name) for one in parted])
    table.add_section()
    table.add_row("bill is less by", *_every(parted, "bill_difference_aud"))
    for name, words in _BESIDE.items():
        _add(table, words, [one["beside_bills_aud"][name] for one in parted])
    table.add_section()
    table.add_row("saving", *_every(parted, "saving_aud"))
    console.print(table)
    first = parted[0]
    console.print(
        f"- spikes: all that {first['spike_count']} intervals brought in which buying "
        f"cost more than {first['spike_c_per_kwh']:g} c/kWh; every other line is of "
        "the others alone",
        markup=False,
    )


def print_money(console: Console, result: Mapping[str, Any]) -> None:
    """What the purchase behind each run comes to."""
    judged = [one for one in result["runs"] if one["money"] is not None]
    if not judged:
        return
    known = [one for one in judged if not one["money"]["is_hypothetical"]]
    if known:
        console.print(_measures(known))
    said = [sentence for one in judged for sentence in _sentences(one)]
    lines = [line for one in known for line in one["money"]["incentives"]]
    said += [f"{line['name']}: {line['sentence']}" for line in lines]
    for sentence in dict.fromkeys(said):
        console.print(f"- {sentence}", markup=False)
    assumed = result["purchase"]["assumptions"]
    of_year = "today's dollars" if assumed["is_real"] else "dollars of each year"
    console.print(
        f"- money over {assumed['horizon_years']} years from "
        f"{result['purchase']['installed']}, discounted by "
        f"{assumed['discount_fraction_per_year']:.2%} a year, in {of_year}; wear is "
        "not counted beside the price of the battery",
        markup=False,
    )
    if known:
        draws = known[0]["money"]["doubt"]["draws"]
        console.print(
            f"- draws: {draws:,} futures made of the months on record, with prices, "
            "ageing and rates of their own; see docs/models/doubt.md",
            markup=False,
        )


def print_quote(console: Console, result: Mapping[str, Any]) -> None:
    """A quote in one sentence, in figures, and what they rest on."""
    console.print(result["title"], style="bold", markup=False)
    console.print(f"\n{result['sentence']}\n", markup=False)
    run = {key: result[key] for key in ("strategy", "money", "dollars")}
    told = {"runs": [run], "purchase": result["purchase"]}
    print_money(console, told)
    waiting = result["waiting"]
    table = _table(f"installed on {waiting['later']}", "")
    for words, name, sign in (
        ("rebate", "rebate_change_aud", 1),
        ("interest on the price", "interest_aud", 1),
        ("saving put off", "put_off_aud", -1),
        ("change of its worth", "worth_change_aud", 1),
    ):
        table.add_row(words, aud(sign * waiting[name]))
    ends = range_words(waiting["worth_change_range_aud"], dollar_cell)
    table.add_row("  8 of 10 draws", ends)
    console.print(table)
    print_dollars(console, told)
    for line in waiting["rebate_lines"]:
        console.print(f"- {line['sentence']}", markup=False)
    for note in (*result["incentive_notes"], *result["notes"]):
        console.print(f"- {note}", markup=False)


def _measures(runs: list[Mapping[str, Any]]) -> Table:
    """A column for each run, for their figures are many and the runs are few."""
    table = _table("the purchase", *(_name(one) for one in runs))
    told = [one["money"] for one in runs]
    for words, name in (
        ("price", "price_aud"),
        ("incentives", "incentives_aud"),
        ("to pay", "net_aud"),
        ("saved in year 1", "saving_year_1_aud"),
    ):
        table.add_row(words, *_every(told, name))
    _add_range(table, told, "saving_aud_per_year", dollar_cell)
    table.add_row("payback, years", *(_payback(one) for one in told))
    _add_range(table, told, "simple_payback_years", _years)
    table.add_row("net present value", *_every(told, "npv_aud"))
    _add_range(table, told, "npv_aud", dollar_cell)
    table.add_row("return a year (IRR)", *(_rate(one) for one in told))
    table.add_row("break-even price", *_every(told, "break_even_price_aud"))
    _add_range(table, told, "break_even_price_aud", dollar_cell)
    table.add_row("warranty ends, years", *(_warranty(one) for one in told))
    table.add_row("pays back inside it", *(_chance(one) for one in told))
    return table


def range_words(
    found: Mapping[str, float | None] | None,
    shown: Callable[[float | None], str],
) -> str:
    """`-310..2,900`, which no table breaks; nothing where there is no range."""
    if found is None or set(found.values()) == {None}:
        return ""
    return f"{shown(found['p10'])}..{shown(found['p90'])}"


def range_said(found: Mapping[str, float | None]) -> str:
    """`-$310 to $2,900`, for a sentence."""
    low, high = (whole_dollars(found[end] or 0.0) for end in ("p10", "p90"))
    return f"{low} to {high}"


def dollar_cell(amount_aud: float | None) -> str:
    """`-310`; nothing where nothing is known."""
    return "" if amount_aud is None else f"{round(amount_aud):,}"


def _add_range(
    table: Table,
    told: list[Mapping[str, Any]],
    name: str,
    shown: Callable[[float | None], str],
) -> None:
    """What eight of ten draws lie within, below the figure that it belongs to."""
    ranges = (range_words(one["doubt"][name], shown) for one in told)
    words = _SAID_OF_A_RANGE.get(name, "  8 of 10 draws")
    table.add_row(words, *(found or "none" for found in ranges))


def _years(years: float | None) -> str:
    return "never" if years is None else f"{years:.1f}"


def _chance(money: Mapping[str, Any]) -> str:
    fraction = money["doubt"]["pays_back_in_warranty_fraction"]
    return "" if fraction is None else f"{100 * fraction:.0f} of 100"


def _sentences(one: Mapping[str, Any]) -> list[str]:
    money, who = one["money"], _name(one)
    said = [f"{who}: {sentence}" for sentence in money["sentences"]]
    if money["is_hypothetical"]:
        said.append(
            f"{who}: all that is bought breaks even at "
            f"{aud(money['break_even_price_aud'])} before incentives (in 8 of 10 "
            f"draws {range_said(money['break_even_range_aud'])})"
        )
        return said
    said += [f"{who}: {sentence}" for sentence in money["doubt"]["sentences"]]
    after_aud = money["benefit_after_warranty_aud"]
    if after_aud is not None and money["benefit_aud"] > 0:
        share = after_aud / money["benefit_aud"]
        said.append(f"{who}: {share:.0%} of the benefit comes after the warranty")
    return said


def _add(table: Table, words: str, amounts_aud: list[float | None]) -> None:
    """A line, unless it has nothing in any column."""
    known = [amount or 0.0 for amount in amounts_aud]
    if any(abs(amount) >= 0.005 for amount in known):
        table.add_row(words, *(aud(amount) for amount in known))


def _every(rows: list[Mapping[str, Any]], name: str) -> list[str]:
    return [aud(row[name]) for row in rows]


def _payback(money: Mapping[str, Any]) -> str:
    years = money["simple_payback_years"]
    return "none" if years is None else f"{years:.1f}"


def _rate(money: Mapping[str, Any]) -> str:
    rate = money["irr_fraction_per_year"]
    return "none" if rate is None else f"{rate:.1%}"


def _warranty(money: Mapping[str, Any]) -> str:
    warranty = money["warranty"]
    if warranty is None:
        return "not known"
    by = " by throughput" if warranty["ended_by"] == "throughput" else ""
    return f"{warranty['years']:.1f}{by}"


def _name(one: Mapping[str, Any]) -> str:
    strategy: str = one["strategy"]
    return _SHORT.get(strategy, strategy.replace("_", " "))


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right", min_width=9)
    return table
