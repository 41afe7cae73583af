"""The what-if page: sliders, and the whole year run anew where they stand."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from home_energy.dashboard.api.problems import QueryError
from home_energy.dashboard.api.query import WhatIfQuery, parse_query
from home_energy.dashboard.api.what_if import NotReadyError, asked
from home_energy.dashboard.context import home_context
from home_energy.dashboard.guard import allow
from home_energy.dashboard.what_if.view import (
    WhatIfPage,
    answered_page,
    refused_page,
    waiting_page,
)

if TYPE_CHECKING:
    from home_energy.analysis.what_if.question import WhatIfQuestion
    from home_energy.analysis.what_if.what_if import WhatIf

blueprint = Blueprint("what_if", __name__, url_prefix="/what-if")

_START = WhatIfQuery()
_Told = tuple[Mapping[str, Any], Mapping[str, Any]]


@blueprint.get("")
def show() -> tuple[str, HTTPStatus]:
    """Show the sliders where the address puts them, else where they stand first."""
    page, status = _read()
    if page.controls is None:
        status = HTTPStatus.OK
    return render_template("what_if.html", page=page), status


@blueprint.get("/answer")
def answer() -> tuple[str, HTTPStatus]:
    """Answer the page's own question: what stands above its sliders."""
    page, status = _read()
    return render_template("_what_if_answer.html", page=page), status


@blueprint.after_request
def _let_the_form_be_sent(response: Response) -> Response:
    """Without a script the sliders are a form, sent to this page."""
    return allow(response, form_action="'self'")


def _read() -> tuple[WhatIfPage, HTTPStatus]:
    arguments = request.args.copy()
    arguments.poplist("kiosk")
    try:
        page = answered_page(*_told(arguments))
    except NotReadyError:
        reading = home_context().what_if.look()
        return waiting_page(reading.said), HTTPStatus.SERVICE_UNAVAILABLE
    except QueryError as error:
        return _refused(error), HTTPStatus.UNPROCESSABLE_ENTITY
    return page, HTTPStatus.OK


def _told(arguments: "MultiDict[str, str]") -> _Told:
    """Sliders and answer."""
    if arguments:
        return asked(
            parse_query(WhatIfQuery, arguments),
            lambda home, question: (home.sliders(), home.answer(question)),
        )

    def at_first(home: "WhatIf", _question: "WhatIfQuestion") -> _Told:
        return home.sliders(), home.answer(home.first_question())

    return asked(_START, at_first)


def _refused(error: QueryError) -> WhatIfPage:
    try:
        sliders, first = _told(MultiDict())
    except (NotReadyError, QueryError):
        return waiting_page(str(error))
    return refused_page(str(error), sliders, first["question"])
