"""The yearly report: every figure that its page shows, and the flows behind them.

Two reports of one record are the same bytes: no clock, no path and no order of chance
is in them, however many threads ran them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from joblib import Parallel, delayed

from home_energy.analysis.report.as_it_is_figures import (
    as_it_is_figures,
    as_it_is_question,
)
from home_energy.analysis.report.assumption_rows import assumption_rows
from home_energy.analysis.report.comparison import comparison
from home_energy.analysis.report.data_quality import data_quality
from home_energy.analysis.report.entries import ReportedScenario, reported
from home_energy.analysis.report.method import method
from home_energy.analysis.report.question import (
    AskedScenario,
    AskedSweep,
    ReportQuestion,
)
from home_energy.analysis.scenario.result import PACKAGES
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_home import ScenarioHome, scenario_home
from home_energy.analysis.sweep.kept_years import KeptYears
from home_energy.analysis.sweep.sweep import run_sweep, sweep_result
from home_energy.analysis.sweep.swept_years import EACH_CORE, Workers
from home_energy.domain.car_at_home import Discharge
from home_energy.errors import (
    AlignmentError,
    ConfigError,
    CoverageError,
    DataError,
    HomeEnergyError,
)
from home_energy.settings import Settings
from home_energy.store import Store

SCHEMA = 1
"""Number of the layout of `report.json`."""

LACKS = (ConfigError, CoverageError, DataError, AlignmentError)
"""By what one scenario may fail while the others are told."""

OnDone = Callable[[str, int, int], None]
"""Called with what was run last, how many are done, and of how many."""

_Ran = tuple[str, Any]
"""Name of a file, and what became of it or why it could not be run."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A report.

    Parameters
    ----------
    figures
        Every figure, ready for JSON; docs/models/report.md has every key.
    scenarios
        Those that were run, in order, with the flows of their chosen strategies.
    not_run
        What the others lack, by the names of their files.
    """

    figures: Mapping[str, Any]
    scenarios: tuple[ReportedScenario, ...]
    not_run: Mapping[str, HomeEnergyError]


def make_report(
    settings: Settings,
    question: ReportQuestion,
    on_done: OnDone = lambda _words, _done, _of: None,
    jobs: int = EACH_CORE,
) -> Report:
    """Run everything that a report tells of.

    Scenarios are run side by side, each with a connection of its own to the store.

    Parameters
    ----------
    jobs
        Threads; one on each core by default.

    Raises
    ------
    HomeEnergyError
        As `scenario_home` of the home as it is, without which nothing can be told.
    """
    with closing(Store.open_read_only(settings.home.store)) as store:
        asked = as_it_is_question(question, settings)
        home = scenario_home(store, settings, asked, lambda _words: None)
        found: dict[str, Any] = {}
        of = len(question.files)
        on_done(asked.title, 0, of)
        for file, one in _every(store, settings, question, jobs):
            found[file] = one
            on_done(file, len(found), of)
        return _report(home, question, found)


def _report(
    home: ScenarioHome, question: ReportQuestion, found: Mapping[str, Any]
) -> Report:
    failed = {
        file: found[file]
        for file, _ in question.files
        if isinstance(found[file], HomeEnergyError)
    }
    scenarios = tuple(
        found[one.file] for one in question.scenarios if one.file not in failed
    )
    entries = [one.figures for one in scenarios]
    baseline, settings = as_it_is_figures(home), home.settings
    figures = {
        "schema": SCHEMA,
        "title": f"Home energy report, {question.words}",
        "home": {
            "timezone": settings.home.timezone,
            "region": settings.home.region,
            "tariff": settings.bill.tariff,
        },
        "period": {
            "first_day": question.first.isoformat(),
            "last_day": question.last.isoformat(),
        },
        "baseline": baseline,
        "scenarios": entries,
        "not_run": _not_run(question, failed),
        "comparison": comparison(baseline, home.scenario.title, entries),
        "sweeps": [
            found[one.file] for one in question.sweeps if one.file not in failed
        ],
        "data_quality": data_quality(home, entries),
        "assumptions": assumption_rows(
            settings, [one.scenario for one in question.scenarios], entries
        ),
        "method": method(scenarios),
        "provenance": _provenance(question),
    }
    return Report(figures, scenarios, failed)


def _every(
    store: Store, settings: Settings, question: ReportQuestion, jobs: int
) -> Iterator[_Ran]:
    """Scenarios as they are done, then sweeps, which take all threads themselves."""
    longest_first = sorted(question.scenarios, key=_length, reverse=True)
    parallel = Parallel(
        n_jobs=jobs, backend="threading", return_as="generator_unordered"
    )
    yield from parallel(delayed(_scenario)(settings, one) for one in longest_first)
    for asked in question.sweeps:
        try:
            yield asked.file, _sweep(store, settings, asked, jobs)
        except LACKS as error:
            yield asked.file, error


def _scenario(settings: Settings, asked: AskedScenario) -> _Ran:
    try:
        with closing(Store.open_read_only(settings.home.store)) as store:
            run = run_scenario(store, settings, asked.scenario, with_doubt=True)
        return asked.file, reported(asked, run, settings)
    except LACKS as error:
        return asked.file, error


def _sweep(
    store: Store, settings: Settings, asked: AskedSweep, jobs: int
) -> dict[str, Any]:
    how = Workers(jobs), KeptYears(None)
    run = run_sweep(store, settings, asked.sweep, how)
    return {**sweep_result(run, asked.sha256), "file": asked.file}


def _length(asked: AskedScenario) -> tuple[bool, bool, bool, int]:
    """What takes longer is greater: battery and car together before all."""
    one = asked.scenario
    return (
        one.car is not None and one.battery is not None,
        one.car is not None and one.car.discharge is not Discharge.NONE,
        one.car is not None,
        len(one.strategy_names) if one.battery is not None else 0,
    )


def _not_run(
    question: ReportQuestion, failed: Mapping[str, HomeEnergyError]
) -> list[dict[str, str]]:
    titles = {one.file: one.scenario.title for one in question.scenarios}
    titles |= {one.file: one.sweep.title for one in question.sweeps}
    return [
        {"file": file, "title": titles[file], "reason": str(error)}
        for file, error in failed.items()
    ]


def _provenance(question: ReportQuestion) -> dict[str, Any]:
    """What else the figures follow from."""
    return {
        "files": [{"file": file, "sha256": sha256} for file, sha256 in question.files],
        "versions": {name: version(name) for name in PACKAGES},
    }
