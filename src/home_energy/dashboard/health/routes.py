"""The health page: what is wrong, what to do, and what is known."""

from http import HTTPStatus

from flask import Blueprint, abort, render_template

from home_energy.dashboard.context import home_context
from home_energy.dashboard.health.facts import read_health
from home_energy.dashboard.health.view import health_page

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("", defaults={"number": 1})
@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one page; a store that cannot be read is the first thing it tells."""
    page = health_page(read_health(home_context()), number)
    if page is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template("health.html", page=page)
