"""What the scenario pages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from home_energy.analysis.report.charts import Chart, Theme, scenario_charts
from home_energy.analysis.report.words import known, strategy_words
from home_energy.dashboard.local_words import capitalised
from home_energy.dashboard.saving_words import (
    Fact,
    changes_nothing,
    day_words,
    dollars,
    gain,
    is_loss,
    payback,
    price,
    range_words,
    saving_label,
    span_words,
)
from home_energy.dashboard.scenarios.last_report import LastReport

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario in the list.

    Parameters
    ----------
    name
        Of its page; `None` without one.
    title
        In words.
    saving, payback
        What it comes to, as far as it is known.
    reason
        Why it was not run.
    """

    name: str | None
    title: str
    saving: str = ""
    payback: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of scenarios.

    Parameters
    ----------
    made
        When, and over which days.
    """

    rows: tuple[Row, ...]
    made: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the devices, and what it saves."""

    name: str
    saving: Fact
    is_chosen: bool
    is_upper_bound: bool


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """One scenario.

    Parameters
    ----------
    label, figure, below
        The large figure, what stands above it, and its range.
    facts
        What buying it comes to, a line each.
    ways
        Every strategy that was run.
    charts
        Of the chosen one.
    made
        When, and over which days.
    """

    title: str
    label: str
    figure: str
    below: str
    is_loss: bool
    facts: tuple[Fact, ...]
    ways: tuple[Way, ...]
    charts: tuple[Chart, ...]
    made: str


def list_page(report: LastReport, zone: tzinfo) -> ListPage:
    """Every scenario of a report, also those that could not be run."""
    span = span_words(*report.days)
    rows = [_row(report, one, span) for one in report.figures["comparison"]]
    others = [
        Row(name=None, title=one["title"], reason=capitalised(one["reason"]))
        for one in report.figures["not_run"]
    ]
    return ListPage((*rows, *others), made_words(report, zone))


def scenario_page(
    report: LastReport, entry: Figures, zone: tzinfo, theme: Theme
) -> ScenarioPage:
    """One scenario by its chosen strategy, which is never the upper bound."""
    chosen = entry["chosen_strategy"]
    run = next(one for one in entry["runs"] if one["strategy"] == chosen)
    saving_aud = run["saving_aud"]
    span = span_words(*report.days)
    return ScenarioPage(
        title=entry["title"],
        label=saving_label(saving_aud, span, is_upper_bound=False),
        figure=dollars(abs(saving_aud)),
        below=range_words(run.get("saving_range_aud")),
        is_loss=is_loss(saving_aud),
        facts=_facts(run["money"]),
        ways=tuple(_way(one, chosen) for one in entry["runs"]),
        charts=scenario_charts(entry, chosen, theme),
        made=made_words(report, zone),
    )


def made_words(report: LastReport, zone: tzinfo) -> str:
    """`Report of 2025, made 22 Nov 2026`."""
    first, last = report.days
    made = report.made.astimezone(zone).date()
    return f"Report of {_period_words(first, last)}, made {day_words(made)}"


def _period_words(first: date, last: date) -> str:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        years = {first.year, last.year}
        return " to ".join(map(str, sorted(years)))
    return f"{day_words(first)} to {day_words(last)}"


def _row(report: LastReport, row: Figures, span: str) -> Row:
    entry = report.entry(row["scenario"])
    name = None if entry is None else row["scenario"]
    if row["strategy"] is None:
        return Row(name, row["title"], f"costs {dollars(row['cost_aud'])} {span}")
    saving_aud = row["saving_aud"]
    saving = saving_label(saving_aud, "", is_upper_bound=False).strip()
    if not changes_nothing(saving_aud):
        saving += f" {dollars(abs(saving_aud))} {span}"
        saving += _in_brackets(range_words(row["saving_range_aud"]), before=" ")
    back = ""
    if row["npv_aud"] is not None:
        back = payback(row["simple_payback_years"], None).words
    return Row(name, row["title"], saving, back)


def _facts(money: Figures | None) -> tuple[Fact, ...]:
    """Payback, price, gain; nothing of what nobody offers."""
    if money is None or money.get("npv_aud") is None:
        return ()
    doubt = known(money, "doubt")
    return (
        payback(money["simple_payback_years"], known(doubt, "simple_payback_years")),
        price(money["net_aud"], money["incentives_aud"]),
        gain(money["npv_aud"], known(doubt, "npv_aud")),
    )


def _way(run: Figures, chosen: str) -> Way:
    saving, is_upper_bound = dollars(run["saving_aud"]), run["is_upper_bound"]
    spread = range_words(run.get("saving_range_aud"))
    return Way(
        name=strategy_words(run["strategy"]),
        saving=Fact(f"at most {saving}")
        if is_upper_bound
        else Fact(saving, _in_brackets(spread)),
        is_chosen=run["strategy"] == chosen,
        is_upper_bound=is_upper_bound,
    )


def _in_brackets(words: str, before: str = "") -> str:
    return f"{before}({words})" if words else ""
