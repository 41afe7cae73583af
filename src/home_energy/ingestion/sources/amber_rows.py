"""Amber's own rows from a file: what `/prices` and `/usage` gave, kept by a household.

A file is one JSON array, as an answer of the service, or one JSON object a line. Each
row says by `type` whether it is a price or usage, so a file may hold both. Forecasts
and estimates that were not confirmed are left out and counted: a file is the past.
What the words mean is told in `amber_wire`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Price
from home_energy.errors import DataError
from home_energy.ingestion.sources.amber_wire import (
    CHANNEL,
    IntervalPayload,
    UsagePayload,
    impossible,
    to_prices,
    to_readings,
)
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.source_text import text_of

SOURCE = "amber"

_EXPECTED = "a JSON file of Amber's rows"
_KNOWN_TYPES = ("ActualInterval", "CurrentInterval", "ForecastInterval", "Usage")
_UNKNOWN_TYPE = "neither prices nor usage by their type"


def read_amber_rows(file: SourceFile) -> FileContent:
    """Prices and readings of a file of Amber's rows.

    Raises
    ------
    DataError
        If the file is no such file, was cut off, or one row cannot be true.
    """
    prices: list[IntervalPayload] = []
    usage: list[UsagePayload] = []
    left_out: Counter[str] = Counter()
    for where, row in _rows(file):
        kind = _kind(where, row)
        if kind not in _KNOWN_TYPES:
            left_out[_UNKNOWN_TYPE] += 1
            continue
        payload = _payload(where, kind, row)
        reason = _not_kept(payload)
        if reason:
            left_out[reason] += 1
        elif isinstance(payload, UsagePayload):
            usage.append(payload)
        else:
            prices.append(payload)
    if not prices and not usage and left_out.total() == left_out[_UNKNOWN_TYPE]:
        raise DataError(
            f"{file.name}: there is no price and no usage in it; expected {_EXPECTED}; "
            "for days that Amber does not have yet or any more it answers []"
        )
    problems = [
        f"{file.name}: rows left out, {reason}: {count}"
        for reason, count in sorted(left_out.items())
    ]
    kept_prices, kept_readings = to_prices(prices), to_readings(usage)
    problems += _contradictions(file.name, kept_prices, kept_readings)
    return FileContent(
        SOURCE,
        len(prices) + len(usage),
        tuple(problems),
        prices=tuple(kept_prices),
        readings=tuple(kept_readings),
    )


def _rows(file: SourceFile) -> Iterator[tuple[str, Any]]:
    """Each row with its place: a line, or its number in an array."""
    text = text_of(file, _EXPECTED)
    if text.lstrip().startswith("["):
        rows = _json(file.name, text)
        if not isinstance(rows, list):  # pragma: no cover - "[" begins nothing else
            return
        for number, row in enumerate(rows, start=1):
            yield f"{file.name}, row {number}", row
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            where = f"{file.name}:{number}"
            yield where, _json(where, line)


def _json(where: str, text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(text)
    except ValueError as error:
        raise DataError(
            f"{where}: no JSON ({error}); expected {_EXPECTED}, one object a line or "
            "one array; the file was cut off or is another"
        ) from error


def _kind(where: str, row: object) -> str:
    kind = row.get("type") if isinstance(row, dict) else None
    if not isinstance(kind, str):
        raise DataError(
            f"{where}: {_shown(row)} is no row of Amber's; expected a JSON object with "
            "type, duration, endTime, perKwh and channelType"
        )
    return kind


def _payload(where: str, kind: str, row: object) -> IntervalPayload:
    model = UsagePayload if kind == "Usage" else IntervalPayload
    try:
        payload = model.model_validate(row)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise DataError(
            f"{where}: {field} of a {kind} row is {_shown(fault['input'])}: "
            f"{fault['msg']}; take the rows as Amber gives them"
        ) from error
    reason = impossible(payload, None)
    if reason:
        raise DataError(
            f"{where}: the row that ends at {payload.end_time.isoformat()} cannot be "
            f"true: {reason}; take the rows as Amber gives them"
        )
    return payload


def _not_kept(row: IntervalPayload) -> str:
    """Why a row is not kept; empty when it is."""
    if row.channel_type not in CHANNEL:
        return f"unknown channel {row.channel_type}"
    if isinstance(row, UsagePayload):
        return ""
    if row.type == "ForecastInterval":
        return "forecasts"
    if row.type == "CurrentInterval" and row.estimate is not False:
        return "estimates that were not confirmed"
    return ""


def _contradictions(
    name: str, prices: list[Price], readings: list[MeterReading]
) -> list[str]:
    """Intervals that the file tells again with another value."""
    of_prices = {
        (price.channel, price.start, price.duration_minutes, price.c_per_kwh)
        for price in prices
    }
    of_usage = {
        (reading.register, reading.start, reading.duration_minutes, reading.kwh)
        for reading in readings
    }
    count = sum(
        len(told) - len({row[:3] for row in told}) for told in (of_prices, of_usage)
    )
    if not count:
        return []
    said = (
        f"{name}: intervals told again with another value: {count}; the better "
        "quality stands, else the later row"
    )
    return [said]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "..."
