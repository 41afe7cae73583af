"""The page of a report: one file that opens anywhere, asks nobody, and prints.

Plotly comes from its own wheel and is written into the page, with the style and the
figures of every chart.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from home_energy.analysis.report.charts import (
    Chart,
    report_charts,
    scenario_charts,
    template,
)
from home_energy.analysis.report.charts_money import DOLLAR_WORDS
from home_energy.analysis.report.page_answer import answer, run_of
from home_energy.analysis.report.page_figures import (
    FORMATS,
    Figures,
    shown,
    spread,
    step,
    value,
)
from home_energy.analysis.report.words import known
from home_energy.errors import DataError


def write_page(report: Mapping[str, Any], path: Path) -> None:
    """Write the page of a report.

    Raises
    ------
    DataError
        As `plotly_script`.
    """
    path.write_text(page_text(report), encoding="utf-8")


def page_text(report: Mapping[str, Any]) -> str:
    """HTML of a report; the same text for the same figures.

    Raises
    ------
    DataError
        As `plotly_script`.
    """
    figures = Figures(report)
    of_report = report_charts(report)
    sizes = [chart for chart in of_report if chart.name.startswith("surface-")]
    by_name = {chart.name: chart for chart in of_report}
    own = known(report, "baseline", "scenario")
    page = _environment().get_template("report.html")
    return page.render(
        report=figures,
        answer=answer(figures),
        chosen=[_chosen(entry) for entry in figures["scenarios"] if _adds(entry, own)],
        comparison_charts=_named(by_name, "saving-comparison", "npv-comparison"),
        size_charts=sizes,
        baseline_charts=_named(by_name, "baseline-months"),
        dollar_words=DOLLAR_WORDS,
        templates=_as_json({"light": template("light"), "dark": template("dark")}),
        plotly=Markup(plotly_script()),  # noqa: S704 - of plotly's own wheel
        style=_own_file("report.css"),
        script=_own_file("report.js"),
    )


def plotly_script() -> str:
    """Plotly for the browser, as its wheel has it; plotly itself is not loaded.

    Raises
    ------
    DataError
        If this machine has no plotly.
    """
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise DataError(
            "plotly: the package is missing, and the report's charts need its "
            "plotly.min.js; install home-energy again with its dependencies"
        )
    script = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return script.read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("home_energy.analysis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name, words_of in FORMATS.items():
        environment.filters[name] = partial(shown, words_of=words_of)
        environment.filters[f"{name}_range"] = partial(spread, words_of=words_of)
    environment.filters["value"] = value
    environment.filters["step"] = step
    environment.filters["plot"] = _plot
    return environment


def _chosen(entry: Figures) -> tuple[Figures, Figures, Sequence[Chart]]:
    """A scenario, the run that is told of it, and its charts."""
    strategy = entry["chosen_strategy"].raw
    return entry, run_of(entry, strategy), scenario_charts(entry.raw, strategy)


def _adds(entry: Figures, own: str | None) -> bool:
    """Whether a scenario is another than the home as it is."""
    return bool(entry["scenario"].raw != own)


def _named(charts: Mapping[str, Chart], *names: str) -> list[Chart]:
    return [charts[name] for name in names if name in charts]


def _plot(chart: Chart) -> Markup:
    """Figure of a chart; its template stands once in the page."""
    layout = {k: v for k, v in chart.figure["layout"].items() if k != "template"}
    return _as_json({"data": chart.figure["data"], "layout": layout})


def _as_json(figures: Mapping[str, Any]) -> Markup:
    """JSON that no script element can be left by."""
    text = json.dumps(figures, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - has no `<`


def _own_file(name: str) -> Markup:
    text = files("home_energy.analysis.report") / "templates" / name
    return Markup(text.read_text(encoding="utf-8"))  # noqa: S704 - our own file
