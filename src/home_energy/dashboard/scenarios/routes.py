"""The scenario pages: those of the last report, and the charts of one."""

from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, render_template

from home_energy.analysis.report.page import plotly_script
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.frame import page_frame
from home_energy.dashboard.guard import allow
from home_energy.dashboard.scenarios.last_report import LastReport, read_last_report
from home_energy.dashboard.scenarios.view import list_page, scenario_page
from home_energy.errors import DataError

if TYPE_CHECKING:
    from home_energy.analysis.report.charts import Theme

blueprint = Blueprint("scenarios", __name__, url_prefix="/scenarios")

FOR_EVER_SECONDS = 365 * 24 * 3600


@blueprint.get("")
def show_all() -> str:
    """Show every scenario of the last report."""
    context = home_context()
    try:
        report = _report(context)
    except DataError as error:
        return render_template("scenarios.html", page=None, error=str(error))
    page = None if report is None else list_page(report, context.settings.home.zone)
    last_year = context.clock.now().year - 1
    return render_template("scenarios.html", page=page, error=None, last_year=last_year)


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """Show one scenario and its charts.

    Plotly makes a style sheet of its own, and writes `style` attributes: here alone
    they are let in. No script is, and nothing from elsewhere.
    """
    context = home_context()
    try:
        report = _report(context)
    except DataError as error:
        text = render_template("scenarios.html", page=None, error=str(error))
        return make_response(text)
    entry = None if report is None else report.entry(name)
    if report is None or entry is None:
        abort(HTTPStatus.NOT_FOUND)
    theme: Theme = "dark" if page_frame()["frame"].theme == "night" else "light"
    text = render_template(
        "scenario.html",
        page=scenario_page(report, entry, context.settings.home.zone, theme),
        plotly_version=version("plotly"),
    )
    return allow(make_response(text), style_src="'self' 'unsafe-inline'")


@blueprint.get("/plotly/<asked_version>.js")
def plotly(asked_version: str) -> Response:
    """Send the script that draws charts; its address changes with its version."""
    if asked_version != version("plotly"):
        abort(HTTPStatus.NOT_FOUND)
    response = Response(plotly_script(), mimetype="text/javascript")
    response.cache_control.max_age = FOR_EVER_SECONDS
    response.cache_control.immutable = True
    return response


def _report(context: HomeContext) -> LastReport | None:
    return read_last_report(context.settings.report.folder)
