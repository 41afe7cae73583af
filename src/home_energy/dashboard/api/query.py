"""Query parameters of the API: what may be asked, and what is wrong with a question."""

import difflib
import re
from datetime import UTC, datetime
from enum import EnumType, StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from home_energy.dashboard.api.models import FaultRow
from home_energy.dashboard.api.problems import QueryError
from home_energy.domain.price import Channel

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

FIRST_YEAR = 2000
LAST_YEAR = 2099
"""Times outside these years are slips of the pen, and the next step would overflow."""

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def _to_utc(text: object) -> datetime:
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        hint = "; in an address a + is written %2B" if " " in str(text) else ""
        raise ValueError(
            "expected a time with offset such as 2026-11-22T00:00:00Z or "
            f"2026-11-22T11:00:00%2B11:00{hint}"
        )
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


_Moment = Annotated[
    datetime | None,
    BeforeValidator(_to_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class _Query(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True
    )


class NoQuery(_Query):
    """Nothing may be asked."""


class PricesQuery(_Query):
    """Which prices."""

    channel: Channel = Channel.GENERAL
    """Channel whose values are asked for."""
    start: _Moment = None
    """Start of the period, with offset; 24 hours before `end` unless given."""
    end: _Moment = None
    """End of the period, not included, with offset; now unless given. At most 32
    days after `start`."""


class ForecastsQuery(_Query):
    """Which forecasts."""

    channel: Channel = Channel.GENERAL
    """Channel whose values are asked for."""
    start: _Moment = None
    """Forecasts issued from here on, with offset; an hour before `end` unless
    given."""
    end: _Moment = None
    """Forecasts issued before this, with offset; now unless given. At most 24 hours
    after `start`."""
    at: _Moment = None
    """Instead of a period: the newest forecast that was known at this instant."""


class StrategyWord(StrEnum):
    """How the devices are run."""

    SELF_CONSUMPTION = "self_consumption"
    SMART_CYCLES = "smart_cycles"
    SOLAR_FIRST = "solar_first"
    CHEAPEST = "cheapest"
    FORECAST = "forecast"
    PERFECT_FORESIGHT = "perfect_foresight"


MOST_SOLAR_KW, MOST_BATTERY_KWH = 20.0, 40.0
CAR_KM_PER_YEAR = (0, 5_000, 10_000, 15_000, 20_000, 25_000)


def _to_tenth(size: float) -> float:
    return round(size, 1)


def _known_km(km: int) -> int:
    if km not in CAR_KM_PER_YEAR:
        raise ValueError(f"expected one of {', '.join(map(str, CAR_KM_PER_YEAR))}")
    return km


class WhatIfQuery(_Query):
    """One position of the sliders."""

    solar_kw: Annotated[
        float,
        Field(ge=0, le=MOST_SOLAR_KW, allow_inf_nan=False),
        AfterValidator(_to_tenth),
    ] = 0.0
    """New panels, taken to a tenth; 0 for none. [kW]"""
    battery_kwh: Annotated[
        float,
        Field(ge=0, le=MOST_BATTERY_KWH, allow_inf_nan=False),
        AfterValidator(_to_tenth),
    ] = 0.0
    """A new battery, taken to a tenth; 0 for none. [kWh]"""
    car_km_per_year: Annotated[
        int,
        AfterValidator(_known_km),
        WithJsonSchema({"type": "integer", "enum": list(CAR_KM_PER_YEAR)}),
    ] = 0
    """How far a car is driven; 0 for none. [km]"""
    strategy: StrategyWord = StrategyWord.SELF_CONSUMPTION
    """How battery and car are run."""
    tariff: str | None = None
    """One of the sliders' tariffs; the home's own unless given."""


QueryT = TypeVar("QueryT", bound=_Query)


def parse_query(model: type[QueryT], arguments: "MultiDict[str, str]") -> QueryT:
    """Check the parameters of a request.

    Raises
    ------
    QueryError
        With every fault at once.
    """
    faults = [
        FaultRow(parameter=name, message="given twice; give it once")
        for name, values in arguments.lists()
        if len(values) > 1
    ]
    try:
        query = model.model_validate(arguments.to_dict())
    except ValidationError as error:
        faults += [
            FaultRow(
                parameter=str(fault["loc"][0]),
                message=_message(model, str(fault["loc"][0]), fault["type"])
                or fault["msg"].removeprefix("Value error, "),
            )
            for fault in error.errors(include_url=False, include_context=False)
        ]
    else:
        if not faults:
            return query
    raise QueryError(faults)


def _message(model: type[BaseModel], name: str, kind: str) -> str | None:
    """Own words where those of the checker would not help."""
    if kind == "enum":
        words = model.model_fields[name].annotation
        assert isinstance(words, EnumType)  # noqa: S101 - said by the checker
        return f"expected one of {', '.join(str(word) for word in words)}"
    if kind != "extra_forbidden":
        return None
    known = list(model.model_fields)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"unknown; did you mean {near[0]}?"
    return f"unknown; known are {', '.join(known)}" if known else "nothing may be asked"
