"""The page that stands for one that cannot be shown, and leads back by itself."""

from http import HTTPStatus

from flask import Response, current_app
from werkzeug.exceptions import HTTPException

from home_energy.dashboard.context import home_context
from home_energy.dashboard.frame import frame_at

AWAY_SECONDS = 15

_TITLES = {
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This page cannot be shown",
}
_HINTS = {
    HTTPStatus.NOT_FOUND: "It may have been an old link.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The program's log says why.",
}


def fault_page(error: HTTPException) -> Response | HTTPException:
    """Answer an error with a page of ours, whatever is broken besides.

    It asks the store nothing: that may be what is broken.
    """
    if error.response is not None:
        return error
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    context = home_context()
    text = current_app.jinja_env.get_template("fault.html").render(
        frame=frame_at(context.clock.now(), context),
        title=_TITLES.get(status, status.phrase),
        hint=_HINTS.get(status, error.description or ""),
        away_ms=1000 * AWAY_SECONDS,
    )
    answer = Response(text, status)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer
