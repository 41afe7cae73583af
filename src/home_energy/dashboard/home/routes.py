"""The first page: the price now, what it means, what comes next."""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    render_template,
    request,
)

from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.home.view import HomeView, home_view
from home_energy.dashboard.home.words import no_record_message
from home_energy.dashboard.now import read_now
from home_energy.errors import StoreError

POLL_SECONDS = 5.0
"""How often the page asks for news; after three times in vain it says so itself."""

RELOAD_AT = "03:30"
"""Local time at which the page loads itself anew, against slow leaks."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the screen on the fridge."""
    context = home_context()
    poll_seconds = current_app.config.get("SCREEN_POLL_SECONDS", POLL_SECONDS)
    return render_template(
        "home.html",
        view=_view(context),
        zone=context.settings.home.timezone,
        poll_ms=round(poll_seconds * 1000),
        reload_at=RELOAD_AT,
    )


@blueprint.get("/screen")
def screen() -> Response:
    """Answer the page's own question for news: the screen alone, or 304.

    `X-Server-Time-Ms` is the trusted time, empty while there is none. [ms since 1970]
    """
    view = _view(home_context())
    response = make_response(render_template("_home_screen.html", view=view))
    response.headers["X-Server-Time-Ms"] = _milliseconds(view.time)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)  # empties it in place when nothing changed
    return response


@blueprint.app_template_filter("milliseconds")
def _milliseconds(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.timestamp() * 1000:.0f}"


def _view(context: HomeContext) -> HomeView:
    """Read the moment, and note for the panel's brightness whether it is a spike."""
    view = _read_view(context)
    context.shows_spike = view.is_spike
    return view


def _read_view(context: HomeContext) -> HomeView:
    """Read the moment; a store that fails gives a page that says what to do."""
    try:
        store = context.store()
        now = read_now(store, context.settings, context.clock)
        beside = context.beside.read(store, context.settings, now)
    except StoreError:
        context.drop_store()
        message = no_record_message(context.settings)
        return HomeView(state="broken", message=message)
    return home_view(now, context.settings, beside)
