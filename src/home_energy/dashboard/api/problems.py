"""Errors of the API as `application/problem+json`, after RFC 9457."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from home_energy.dashboard.api.models import FaultRow, Problem
from home_energy.dashboard.context import home_context
from home_energy.dashboard.fault_page import fault_page
from home_energy.errors import StoreError

PROBLEM_JSON = "application/problem+json"
API_PREFIX = "/api/"
RETRY_AFTER_SECONDS = 30


class QueryError(Exception):
    """The query parameters of a request cannot be used."""

    def __init__(self, faults: Sequence[FaultRow]) -> None:
        super().__init__("; ".join(f"{f.parameter}: {f.message}" for f in faults))
        self.faults = list(faults)


def register_problems(app: Flask) -> None:
    """Answer every error under `/api/` as a problem, elsewhere as a page."""
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(QueryError, _query_problem)


def problem_response(
    status: HTTPStatus, detail: str, faults: Sequence[FaultRow] = ()
) -> Response:
    """Make the answer that tells a problem."""
    problem = Problem(
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=detail,
        faults=list(faults),
    )
    return Response(
        problem.model_dump_json(), status=status.value, content_type=PROBLEM_JSON
    )


def store_problem(error: StoreError) -> Response:
    """Tell that the store cannot be read, and open it anew at the next request."""
    home_context().drop_store()
    response = problem_response(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _query_problem(error: QueryError) -> Response:
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY, str(error), faults=error.faults
    )


def _http_problem(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    if not request.path.startswith(API_PREFIX):
        return fault_page(error)
    answer = problem_response(HTTPStatus(error.code), _detail(error))
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "location", "retry-after"):
            answer.headers[name] = value
    return answer


def _detail(error: HTTPException) -> str:
    if error.code == HTTPStatus.NOT_FOUND:
        return (
            f"{request.path}: there is nothing here; /api/v1/openapi.json lists "
            "every address"
        )
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.path}: {request.method} is not possible; the API only reads"
    return error.description or "no more is known; the program's log says more"
