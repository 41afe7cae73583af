"""The OpenAPI 3.1 document, built from the very models that answer.

So the document and the answers cannot drift: a field that is not described here is
not answered, and a parameter that is not described here is refused.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from home_energy import __version__
from home_energy.dashboard.api.cost_models import CostsAnswer
from home_energy.dashboard.api.models import (
    ForecastsAnswer,
    HealthAnswer,
    NowAnswer,
    PricesAnswer,
    Problem,
)
from home_energy.dashboard.api.query import (
    ForecastsQuery,
    NoQuery,
    PricesQuery,
    WhatIfQuery,
)
from home_energy.dashboard.api.shadow_models import ShadowAnswer
from home_energy.dashboard.api.what_if_models import SlidersAnswer, WhatIfAnswer

_REF = "#/components/schemas/{model}"
_DESCRIPTION = """\
One home's electricity prices: now, on record, and as they were forecast.

Every instant is UTC, every interval half-open and named by its start. Unknown is
null, never 0. On `general` and `controlled_load` a positive price is paid by the
household, on `feed_in` a positive price is paid to it. The API only reads: any other
method is 405 with `Allow`, any other address 404, both as `application/problem+json`
after RFC 9457. An unknown query parameter is refused with 422 and the nearest name.
Every answer has an `ETag`; with `If-None-Match` it is 304 while nothing has changed.
"""


@dataclass(frozen=True, slots=True)
class _Operation:
    name: str
    summary: str
    query: type[BaseModel]
    answer: type[BaseModel]
    unreadable: type[BaseModel] = Problem
    """Answer with 503 when the store cannot be read."""


_OPERATIONS = {
    "/api/v1/now": _Operation("now", "One home at this moment", NoQuery, NowAnswer),
    "/api/v1/prices": _Operation(
        "prices", "Prices on record, and the gaps", PricesQuery, PricesAnswer
    ),
    "/api/v1/forecasts": _Operation(
        "forecasts", "Forecasts as they were issued", ForecastsQuery, ForecastsAnswer
    ),
    "/api/v1/costs": _Operation(
        "costs", "What the electricity has cost so far", NoQuery, CostsAnswer
    ),
    "/api/v1/what-if/sliders": _Operation(
        "sliders", "What can be tried on the last year", NoQuery, SlidersAnswer
    ),
    "/api/v1/what-if": _Operation(
        "whatIf",
        "The last year as it would have been with other devices",
        WhatIfQuery,
        WhatIfAnswer,
    ),
    "/api/v1/shadow": _Operation(
        "shadow",
        "What batteries that are not there would have saved",
        NoQuery,
        ShadowAnswer,
    ),
    "/api/v1/health": _Operation(
        "health",
        "How the program is doing and what to do about it",
        NoQuery,
        HealthAnswer,
        HealthAnswer,
    ),
}


@cache
def document_json() -> str:
    """Return the document as it is served."""
    return json.dumps(document(), allow_nan=False)


def document() -> dict[str, Any]:
    """Build the document."""
    answers: list[type[BaseModel]] = [o.answer for o in _OPERATIONS.values()]
    answers.append(Problem)
    _, schemas = models_json_schema(
        [(model, "serialization") for model in answers],
        ref_template=_REF,
    )
    paths = {path: {"get": _get(operation)} for path, operation in _OPERATIONS.items()}
    paths["/api/v1/openapi.json"] = {"get": _own_operation()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Home Energy",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "parameters": {"IfNoneMatch": _IF_NONE_MATCH},
            "headers": _HEADERS,
            "responses": _problem_responses(),
        },
    }


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an answer that is still at hand.",
    "schema": {"type": "string"},
}
_HEADERS = {
    "ETag": {
        "description": "Name of this very answer.",
        "required": True,
        "schema": {"type": "string"},
    },
    "CacheControl": {
        "description": "Ask again before an answer is used again.",
        "required": True,
        "schema": {"const": "no-cache"},
    },
    "Allow": {
        "description": "Methods that are possible.",
        "required": True,
        "schema": {"type": "string"},
    },
    "RetryAfter": {
        "description": "When to try again. [s]",
        "schema": {"type": "integer"},
    },
}
_CACHE_HEADERS = {
    "ETag": {"$ref": "#/components/headers/ETag"},
    "Cache-Control": {"$ref": "#/components/headers/CacheControl"},
}


def _get(operation: _Operation) -> dict[str, Any]:
    unreadable: dict[str, Any] = {"$ref": "#/components/responses/StoreUnreadable"}
    if operation.unreadable is not Problem:
        unreadable = {
            "description": "The store cannot be read; the findings say why.",
            "content": _content("application/json", operation.unreadable.__name__),
        }
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *_query_parameters(operation.query),
            {"$ref": "#/components/parameters/IfNoneMatch"},
        ],
        "responses": {
            "200": {
                "description": operation.summary,
                "headers": _CACHE_HEADERS,
                "content": _content("application/json", operation.answer.__name__),
            },
            "304": {"description": "As before.", "headers": _CACHE_HEADERS},
            "422": {"$ref": "#/components/responses/QueryRefused"},
            "503": unreadable,
        },
    }


def _own_operation() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document",
        "parameters": [{"$ref": "#/components/parameters/IfNoneMatch"}],
        "responses": {
            "200": {
                "description": "This document",
                "headers": _CACHE_HEADERS,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "304": {"description": "As before.", "headers": _CACHE_HEADERS},
            "422": {"$ref": "#/components/responses/QueryRefused"},
        },
    }


def _query_parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    properties = query.model_json_schema(ref_template=_REF).get("properties", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description"),
            "schema": {k: v for k, v in schema.items() if v is not None},
        }
        for name, schema in properties.items()
    ]


def _problem_responses() -> dict[str, Any]:
    told = {
        "NotFound": ("There is nothing at this address.", {}),
        "MethodNotAllowed": (
            "The API only reads.",
            {"Allow": {"$ref": "#/components/headers/Allow"}},
        ),
        "QueryRefused": ("The query cannot be used; every fault is told.", {}),
        "StoreUnreadable": (
            "The store cannot be read, or what is asked is still being made.",
            {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
        ),
    }
    return {
        name: {
            "description": description,
            "headers": headers,
            "content": _content("application/problem+json", "Problem"),
        }
        for name, (description, headers) in told.items()
    }


def _content(media_type: str, model_name: str) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": _REF.format(model=model_name)}}}
