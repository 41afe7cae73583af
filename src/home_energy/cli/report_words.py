"""A report's comparison on the console; everything else is in its files."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from home_energy.cli.bill_words import aud
from home_energy.cli.money_words import dollar_cell, range_words

Row = Mapping[str, Any]
"""A row of the comparison."""


def print_report(console: Console, figures: Mapping[str, Any]) -> None:
    """Every scenario in a row, and what could not be run."""
    console.print(figures["title"], style="bold", markup=False)
    rows = figures["comparison"]
    for home, others in _by_home(rows):
        console.print(f"\n{home['title']}: {aud(home['cost_aud'])}", markup=False)
        if others:
            console.print(_table(others))
    said = ["below a figure: what eight of ten draws lie within"]
    if any(row["upper_bound_saving_aud"] is not None for row in rows):
        said.append("* an upper bound: it has seen the whole year. No home can have it")
    for sentence in said:
        console.print(f"- {sentence}", markup=False)
    for one in figures["not_run"]:
        console.print(
            f"Not run: {one['file']}: {one['reason']}", markup=False, soft_wrap=True
        )


def _by_home(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Row, list[Row]]]:
    """Each home that others are compared with, and those."""
    homes = [number for number, row in enumerate(rows) if row["strategy"] is None]
    for first, end in pairwise([*homes, len(rows)]):
        yield rows[first], list(rows[first + 1 : end])


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold")
    for name in ("cost", "saving", "bound*", "worth", "payback"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: Row) -> list[str]:
    """What it is and how it is run, then figures with their ranges below."""
    strategy: str = row["strategy"]
    hypothetical = " (hypothetical)" if row["is_hypothetical"] else ""
    years = row["simple_payback_years"]
    return [
        f"{row['scenario']}{hypothetical}\n  {strategy.replace('_', ' ')}",
        aud(row["cost_aud"]),
        _ranged(row["saving_aud"], row["saving_range_aud"]),
        dollar_cell(row["upper_bound_saving_aud"]),
        _ranged(row["npv_aud"], row["npv_range_aud"]),
        _payback(row["npv_aud"], years),
    ]


def _ranged(amount_aud: float | None, found: Mapping[str, Any] | None) -> str:
    if amount_aud is None:
        return ""
    words = dollar_cell(amount_aud)
    return words if found is None else f"{words}\n{range_words(found, dollar_cell)}"


def _payback(npv_aud: float | None, years: float | None) -> str:
    """Nothing where nothing is bought."""
    if npv_aud is None:
        return ""
    return "none" if years is None else f"{years:.1f} years"
