"""Charts of the report and of scenario pages, as figures that Plotly draws.

Nothing here draws: a figure is `data` and `layout` for `Plotly.newPlot`. Its values are
those of the report, not rounded and none of them new. A chart without figures is left
out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from home_energy.analysis.report.charts_choice import (
    npv_comparison,
    saving_comparison,
    surfaces,
)
from home_energy.analysis.report.charts_energy import (
    baseline_months,
    energy_mix,
    savings_duration,
    typical_days,
)
from home_energy.analysis.report.charts_look import Chart, Theme, template
from home_energy.analysis.report.charts_money import (
    cash_flow,
    dollars_waterfall,
    npv_histogram,
    tornado,
)
from home_energy.analysis.report.words import known

__all__ = ["Chart", "Theme", "report_charts", "scenario_charts", "template"]

_MONEY_CHARTS: tuple[Callable[[Mapping[str, Any] | None, Theme], Chart | None], ...] = (
    cash_flow,
    npv_histogram,
    tornado,
)


def scenario_charts(
    entry: Mapping[str, Any], strategy: str, theme: Theme = "light"
) -> tuple[Chart, ...]:
    """Charts of one scenario, run one way.

    Parameters
    ----------
    entry
        One of a report's `scenarios`.
    strategy
        Of the run that is shown.
    theme
        Inks of the day or of the night; `template` gives either alone.

    Returns
    -------
    tuple of Chart
        Those that have figures: energy mix, typical days, when the saving is made,
        dollars, cash flow, doubt, tornado.
    """
    runs = [one for one in entry["runs"] if one["strategy"] == strategy]
    run: Mapping[str, Any] = runs[0] if runs else {}
    shapes = known(entry, "shapes", strategy) or {}
    money = known(run, "money")
    return _found(
        (
            energy_mix(shapes.get("months") or (), theme),
            typical_days(shapes.get("days_by_season") or (), theme),
            savings_duration(shapes.get("savings_duration"), theme),
            dollars_waterfall(known(run, "dollars"), theme),
            *(draw(money, theme) for draw in _MONEY_CHARTS),
        )
    )


def report_charts(
    report: Mapping[str, Any], theme: Theme = "light"
) -> tuple[Chart, ...]:
    """Charts of the whole report: scenarios beside each other, sizes, the home's bills.

    Returns
    -------
    tuple of Chart
        Those that have figures.
    """
    return _found(
        (
            saving_comparison(report["comparison"], theme),
            npv_comparison(report["comparison"], theme),
            *(one for sweep in report["sweeps"] for one in surfaces(sweep, theme)),
            baseline_months(known(report, "baseline", "months") or (), theme),
        )
    )


def _found(charts: Iterable[Chart | None]) -> tuple[Chart, ...]:
    return tuple(one for one in charts if one is not None)
