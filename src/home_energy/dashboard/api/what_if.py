"""Sliders for devices and tariff: each position is the whole real year, run exactly."""

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, request

from home_energy.dashboard.api.models import FaultRow
from home_energy.dashboard.api.problems import (
    QueryError,
    problem_response,
    store_problem,
)
from home_energy.dashboard.api.query import NoQuery, WhatIfQuery, parse_query
from home_energy.dashboard.api.responses import answer, conditional
from home_energy.dashboard.api.what_if_keeper import WhatIfReading
from home_energy.dashboard.api.what_if_models import SlidersAnswer, WhatIfAnswer
from home_energy.dashboard.context import home_context
from home_energy.errors import HomeEnergyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from home_energy.analysis.what_if.question import WhatIfQuestion
    from home_energy.analysis.what_if.what_if import WhatIf

WAIT_SECONDS = 2
"""After which to ask again while the record is read. [s]"""

blueprint = Blueprint("what_if_api", __name__)
blueprint.register_error_handler(StoreError, store_problem)

AnswerT = TypeVar("AnswerT")


class NotReadyError(Exception):
    """The sliders cannot be asked yet."""


@blueprint.errorhandler(NotReadyError)
def _not_ready(error: NotReadyError) -> Response:
    response = problem_response(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


@blueprint.get("/api/v1/what-if/sliders", provide_automatic_options=False)
def sliders() -> Response:
    """Answer with what can be moved; also while that is not known yet."""
    parse_query(NoQuery, request.args)
    return answer(
        SlidersAnswer.model_validate(sliders_told(home_context().what_if.look()))
    )


@blueprint.get("/api/v1/what-if", provide_automatic_options=False)
def what_if() -> Response:
    """Answer with the year of one question."""
    query = parse_query(WhatIfQuery, request.args)
    told = asked(query, lambda home, question: home.answer(question))
    return answer(WhatIfAnswer.model_validate(told))


@blueprint.get("/what-if/scenario.toml", provide_automatic_options=False)
def scenario() -> Response:
    """Answer with one question as a scenario's file."""
    query = parse_query(WhatIfQuery, request.args)
    text = asked(query, lambda home, question: home.scenario_text(question))
    response = Response(text, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="what-if.toml"'
    return conditional(response)


def sliders_told(reading: WhatIfReading) -> dict[str, object]:
    """The sliders, or why there are none yet."""
    if reading.what_if is not None:
        return reading.what_if.sliders()
    return {
        "is_ready": False,
        "said": reading.said,
        **dict.fromkeys(("first_day", "last_day")),
        **dict.fromkeys(("solar_kw", "battery_kwh", "car_km_per_year")),
        "strategies": [],
        "tariffs": [],
    }


def asked(
    query: WhatIfQuery, ask: "Callable[[WhatIf, WhatIfQuestion], AnswerT]"
) -> AnswerT:
    """Ask the home's sliders.

    Raises
    ------
    NotReadyError
        If they cannot be asked yet.
    QueryError
        If they cannot be moved there.
    """
    reading = home_context().what_if.look()
    if reading.what_if is None:
        raise NotReadyError(reading.said)
    from home_energy.analysis.what_if.question import (  # noqa: PLC0415
        WhatIfQuestion,
    )

    home = reading.what_if
    question = WhatIfQuestion(
        tariff=home.own_tariff if query.tariff is None else query.tariff,
        strategy=query.strategy.value,
        solar_kw=query.solar_kw,
        battery_kwh=query.battery_kwh,
        car_km_per_year=query.car_km_per_year,
    )
    fault = home.fault(question)
    if fault is not None:
        parameter, message = fault
        raise QueryError([FaultRow(parameter=parameter, message=message)])
    try:
        return ask(home, question)
    except StoreError:
        raise
    except HomeEnergyError as error:  # prices that only this tariff asks for
        raise QueryError([FaultRow(parameter="tariff", message=str(error))]) from error
