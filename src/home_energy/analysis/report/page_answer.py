"""The one sentence of the report: which scenario it is about, and what may be said.

An upper bound is never the answer: no home can have it. What nobody offers is none
either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from home_energy.analysis.report.page_figures import Figures
from home_energy.analysis.report.words import UPPER_BOUND

Verdict = Literal["worth it", "not worth it", "no price", "nothing"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the report comes to.

    Parameters
    ----------
    verdict
        Whether the best has a price and is worth it.
    row
        Of the best in the comparison; `None` where there is nothing to compare.
    entry, run
        Its scenario and the run of its strategy.
    """

    verdict: Verdict
    row: Figures | None = None
    entry: Figures | None = None
    run: Figures | None = None


def answer(report: Figures) -> Answer:
    """The scenario of the highest net present value, else of the greatest saving."""
    rows = [row for row in report["comparison"] if _may_be_best(row.raw)]
    if not rows:
        return Answer("nothing")
    priced = [row for row in rows if row["npv_aud"].raw is not None]
    name = "npv_aud" if priced else "saving_aud"
    best = max(priced or rows, key=lambda row: float(row[name].raw))
    entry = entry_of(report, best["scenario"].raw)
    run = run_of(entry, best["strategy"].raw)
    if not priced:
        return Answer("no price", best, entry, run)
    is_worth = best["npv_aud"].raw > 0
    return Answer("worth it" if is_worth else "not worth it", best, entry, run)


def entry_of(report: Figures, scenario: str) -> Figures:
    """A scenario of the report by its name."""
    return next(e for e in report["scenarios"] if e["scenario"].raw == scenario)


def run_of(entry: Figures, strategy: str) -> Figures:
    """A run of a scenario by its strategy."""
    return next(run for run in entry["runs"] if run["strategy"].raw == strategy)


def _may_be_best(row: Mapping[str, Any]) -> bool:
    is_own = row["strategy"] not in (None, UPPER_BOUND)
    return is_own and not row.get("is_hypothetical")
