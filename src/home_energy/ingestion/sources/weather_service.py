"""What the services of weather have in common: a question, and one whole answer.

None of them needs a token. Places go out to a hundredth of a degree, about a
kilometre: finer than any of their cells, and not the household's door.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from home_energy.domain.time_grid import TimeGrid, nem_day_start, require_utc
from home_energy.errors import (
    DataError,
    RateLimited,
    SourceDataError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.whole_answer import AnswerLimits, fetch_whole

LIMITS = AnswerLimits(silence_seconds=60.0, answer_seconds=120.0)
"""A year of a place is half a megabyte, and made while we wait."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TOO_MANY = 429
_LONGEST_PAUSE_SECONDS = 86_400
_MESSAGE_CHARACTERS = 200

Payload = TypeVar("Payload", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class WeatherQuestion:
    """Which place, which days of the market, and when it is asked.

    Parameters
    ----------
    latitude_deg, longitude_deg
        South and west are negative. [degrees]
    first, last
        Days of the market, both included.
    now
        When a service that refuses is asked again counts from here. [aware UTC]
    """

    latitude_deg: float
    longitude_deg: float
    first: date
    last: date
    now: datetime

    def __post_init__(self) -> None:
        """Refuse a place that is none, and days that end before they begin."""
        require_utc(self.now, "WeatherQuestion.now")
        if not (abs(self.latitude_deg) <= 90 and abs(self.longitude_deg) <= 180):
            raise DataError(
                f"latitude {self.latitude_deg}, longitude {self.longitude_deg}: no "
                "place; expected -90 to 90 and -180 to 180, south and west negative"
            )
        if self.last < self.first:
            raise DataError(f"weather from {self.first} to {self.last}: no days")
        object.__setattr__(self, "latitude_deg", round(self.latitude_deg, 2))
        object.__setattr__(self, "longitude_deg", round(self.longitude_deg, 2))

    @property
    def hours(self) -> TimeGrid:
        """Axis of every hour of the days."""
        return TimeGrid.between(
            nem_day_start(self.first), nem_day_start(self.last + _DAY), _HOUR
        )

    @property
    def place_words(self) -> str:
        """Return the place, for names and messages."""
        return f"{self.latitude_deg:.2f},{self.longitude_deg:.2f}"

    @property
    def words(self) -> str:
        """Return place and days, for names."""
        return f"{self.place_words} {self.first} to {self.last}"

    @property
    def first_utc_day(self) -> date:
        """Day in UTC on which the first day of the market begins, at 14:00."""
        return self.first - timedelta(days=1)


def fetch_weather(
    http: httpx.Client,
    service: str,
    url: str,
    query: Mapping[str, str],
    question: WeatherQuestion,
) -> bytes:
    """One whole answer of a service, or an error by its kind.

    Raises
    ------
    SourceUnavailable
        If it cannot be reached or has a fault of its own.
    RateLimited
        If it asks to wait.
    SourceDataError
        If it refuses the question.
    """
    request = http.build_request("GET", url, params=dict(query))
    answer = fetch_whole(http, service, request, LIMITS)
    if answer.status == httpx.codes.OK:
        return answer.body
    said = _reason(answer.body)
    if answer.status == _TOO_MANY:
        pause = _pause_seconds(answer.headers)
        raise RateLimited(
            f"{service}: too many questions ({said}); ask again in {pause} s",
            question.now + timedelta(seconds=pause),
        )
    if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise SourceUnavailable(
            f"{service}: a fault of the service ({answer.status}: {said}); try later"
        )
    raise SourceDataError(
        f"{service}: the question for {question.place_words} was refused "
        f"({answer.status}: {said}); check the place and the days"
    )


def _pause_seconds(headers: Mapping[str, str]) -> int:
    """What the service asks for, else a minute."""
    text = headers.get("Retry-After", "")
    return min(int(text), _LONGEST_PAUSE_SECONDS) if text.isdecimal() else 60


def _reason(body: bytes) -> str:
    """Return a service's own words for a refusal, in one line."""
    text = body.decode(errors="replace")
    try:
        tree = json.loads(text)
    except ValueError:
        tree = None
    if isinstance(tree, dict):
        words = (tree.get(key) for key in ("reason", "message", "messages", "detail"))
        text = next((str(word) for word in words if word), text)
    return repr(" ".join(text.split())[:_MESSAGE_CHARACTERS])


def read_payload(model: type[Payload], content: bytes, service: str) -> Payload:
    """Return an answer's JSON as a model of it.

    Raises
    ------
    SourceDataError
        If it is not what the service promises, with the first thing that is not.
    """
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the whole answer"
        raise SourceDataError(
            f"{service}: {where}: {fault['msg']}; the answer was not used, try later"
        ) from None
