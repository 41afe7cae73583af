"""Tessie's API: drives and charges of one car, asked for by pieces of time.

https://api.tessie.com, GET /{vin}/drives and /{vin}/charges, JSON, bearer token
(https://developer.tessie.com/reference/get-drives, read 2026-11-22). There is no next
page, and no bound on the rows of an answer is published: a piece that brings many is
asked for again in halves. Pieces overlap, for it is not said whether a drive across
the end of one is in it; rows are joined by their `id`. See docs/sources/tessie.md.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from home_energy.domain.time_grid import require_utc
from home_energy.errors import (
    ConfigError,
    RateLimited,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.car_rows import short_car_name
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.whole_answer import (
    Answer,
    AnswerLimits,
    fetch_whole,
)

URL = "https://api.tessie.com/"

_SERVICE = "Tessie"
_LIMITS = AnswerLimits(silence_seconds=30.0, answer_seconds=60.0)
_PIECE = timedelta(days=28)
_SHORTEST_PIECE = timedelta(days=1)
_OVERLAP = timedelta(days=1)
_MANY_ROWS = 50
_TRIES = 3
_FIRST_PAUSE_SECONDS = 2
_LONGEST_PAUSE_SECONDS = 60
_TOO_MANY = 429
_MESSAGE_CHARACTERS = 200
_SHOWN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class TessieAccount:
    """Whose car is asked for; neither is shown anywhere.

    Raises
    ------
    ConfigError
        If one of them has characters that an address or a header may not carry.
    """

    token: str = field(repr=False)
    vin: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be sent."""
        if not _SHOWN.fullmatch(self.token):
            raise ConfigError(
                "TESSIE_TOKEN has a space or a character outside plain ASCII; copy it "
                "again from dash.tessie.com/settings/api into .env"
            )
        if not re.fullmatch(r"[A-Za-z0-9]{17}", self.vin):
            raise ConfigError(
                "TESSIE_VIN is no VIN of 17 letters and digits; copy it from the car's "
                "page in the app into .env"
            )

    def without_secrets(self, text: str) -> str:
        """Return a text of the service in which neither is left."""
        text = re.sub(re.escape(self.vin), "[vin]", text, flags=re.IGNORECASE)
        return text.replace(self.token, "[token]")


@dataclass(frozen=True, slots=True)
class TessieQuestion:
    """From when to when, asked at what time, and how to wait.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]
    now
        When a service that refuses is asked again counts from here. [aware UTC]
    pause
        Waits between tries. [s]
    """

    start: datetime
    end: datetime
    now: datetime
    pause: Callable[[float], None]

    def __post_init__(self) -> None:
        """Refuse local times."""
        for name in ("start", "end", "now"):
            require_utc(getattr(self, name), f"TessieQuestion.{name}")

    @property
    def words(self) -> str:
        """Return the period, for names."""
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"


class _Row(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: int
    started_at: int


class _Payload(BaseModel):
    results: list[_Row]


def fetch_tessie(
    http: httpx.Client, account: TessieAccount, question: TessieQuestion
) -> list[SourceFile]:
    """Drives and charges of a period, in km and degrees Celsius, one file each.

    Raises
    ------
    SourceError
        By its kind, if there is no whole answer to every question.
    """
    return [
        _fetch_kind(http, account, question, kind) for kind in ("drives", "charges")
    ]


def _fetch_kind(
    http: httpx.Client, account: TessieAccount, question: TessieQuestion, kind: str
) -> SourceFile:
    rows: dict[int, dict[str, Any]] = {}
    start = question.start
    while start < question.end:
        end = min(start + _PIECE, question.end)
        for row in _piece(http, account, question, (kind, start, end)):
            rows[row.id] = row.model_dump()
        start = end
    since_s, until_s = question.start.timestamp(), question.end.timestamp()
    wanted = [row for row in rows.values() if since_s <= row["started_at"] < until_s]
    wanted.sort(key=lambda row: (row["started_at"], row["id"]))
    name = f"{_SERVICE} {kind} {short_car_name(account.vin)} {question.words}"
    return SourceFile(name, json.dumps({"results": wanted}).encode())


def _piece(
    http: httpx.Client,
    account: TessieAccount,
    question: TessieQuestion,
    piece: tuple[str, datetime, datetime],
) -> list[_Row]:
    kind, start, end = piece
    query = {
        "distance_format": "km",
        "temperature_format": "c",
        "format": "json",
        "from": str(int((start - _OVERLAP).timestamp())),
        "to": str(int((end + _OVERLAP).timestamp())),
    }
    rows = _ask(http, account, question, (kind, query))
    if len(rows) < _MANY_ROWS or end - start <= _SHORTEST_PIECE:
        return rows
    middle = start + (end - start) / 2
    return [
        row
        for half in ((kind, start, middle), (kind, middle, end))
        for row in _piece(http, account, question, half)
    ]


def _ask(
    http: httpx.Client,
    account: TessieAccount,
    question: TessieQuestion,
    what: tuple[str, Mapping[str, str]],
) -> list[_Row]:
    """Rows of one answer; a fault that passes is waited for, twice."""
    kind, query = what
    for number in range(_TRIES):
        try:
            request = http.build_request(
                "GET",
                f"{URL}{account.vin}/{kind}",
                params=dict(query),
                headers={"Authorization": f"Bearer {account.token}"},
            )
            answer = fetch_whole(http, f"{_SERVICE} {kind}", request, _LIMITS)
            if answer.status != httpx.codes.OK:
                raise _status_error(kind, answer, account, question.now)
            return _payload(kind, answer.body)
        except (SourceUnavailable, RateLimited) as error:
            seconds = _FIRST_PAUSE_SECONDS * 4**number
            if isinstance(error, RateLimited):
                seconds = int((error.retry_at - question.now).total_seconds())
            if number == _TRIES - 1 or seconds > _LONGEST_PAUSE_SECONDS:
                raise
            question.pause(seconds)
    raise AssertionError  # pragma: no cover - the last try raises or returns


def _payload(kind: str, body: bytes) -> list[_Row]:
    try:
        return _Payload.model_validate_json(body).results
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the whole answer"
        raise SourceDataError(
            f"{_SERVICE} {kind}: {where}: {fault['msg']}; the answer was not used, try "
            "later"
        ) from None


def _status_error(
    kind: str, answer: Answer, account: TessieAccount, now: datetime
) -> SourceError:
    where, status = f"{_SERVICE} {kind}", answer.status
    if status in (401, 403):
        return SourceAuthError(
            f"{where}: the token was not accepted ({status}); make a new one at "
            "dash.tessie.com/settings/api and put it into .env as TESSIE_TOKEN"
        )
    if status == httpx.codes.PAYMENT_REQUIRED:
        return SourceAuthError(
            f"{where}: the account has no subscription that allows this (402); renew "
            "it with Tessie, or import the app's CSV files"
        )
    if status == httpx.codes.NOT_FOUND:
        return SourceAuthError(
            f"{where}: the account knows no such car (404); check TESSIE_VIN in .env"
        )
    # Secrets go before the text is cut: half of one is too much as well.
    text = account.without_secrets(answer.body.decode(errors="replace"))
    said = repr(" ".join(text.split())[:_MESSAGE_CHARACTERS])
    if status == _TOO_MANY:
        wait = answer.headers.get("Retry-After", "")
        seconds = min(int(wait), 86_400) if wait.isdecimal() else 30
        return RateLimited(
            f"{where}: too many questions ({said}); ask again in {seconds} s",
            now + timedelta(seconds=seconds),
        )
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return SourceUnavailable(
            f"{where}: a fault of the service ({status}: {said}); try later"
        )
    return SourceDataError(f"{where}: the question was refused ({status}: {said})")
