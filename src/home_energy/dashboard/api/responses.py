"""Answers as JSON with an `ETag`: 304 while nothing has changed."""

from http import HTTPStatus

from flask import Response, request
from pydantic import BaseModel


def answer(model: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a model."""
    body = model.model_dump_json()
    return conditional(
        Response(body, status=status.value, content_type="application/json")
    )


def conditional(response: Response) -> Response:
    """Name an answer, and leave it out for who has it already."""
    response.headers["Cache-Control"] = "no-cache"
    if response.status_code == HTTPStatus.OK:
        response.add_etag()
        response.make_conditional(request)
    return response
