"""Amber Electric's public API: sites, prices, forecasts and usage of one account.

Base https://api.amber.com.au/v1/, GET only, JSON arrays, bearer token of the customer.
Quota 50 calls in 300 s for the account, by two counters. What the answers mean is in
`amber_wire`; what was seen of the service is in `docs/sources/amber.md`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from home_energy.domain.clock import Clock, TimeAnchor
from home_energy.domain.forecast import Forecast
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Price
from home_energy.domain.site import RetailSite
from home_energy.errors import (
    ConfigError,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.amber_wire import (
    INTERVALS,
    SITES,
    USAGE,
    IntervalPayload,
    impossible,
    to_forecasts,
    to_prices,
    to_readings,
    to_sites,
)
from home_energy.ingestion.sources.call_budget import CallBudget, Reserve
from home_energy.ingestion.sources.whole_answer import (
    Answer,
    AnswerLimits,
    fetch_whole,
)

_T = TypeVar("_T")

MOST_DAYS = 7
"""Days that one call for history or usage may ask for."""

_MESSAGE_CHARACTERS = 200

_EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""A `Date` before this is a clock that was never set."""

_UNAUTHORISED = (401, 403)
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class CurrentPrices:
    """Answer of `prices/current`: prices now and just before, and what is coming."""

    prices: list[Price]
    forecasts: list[Forecast]
    answered_at: datetime


class AmberClient:
    """Knows HTTP and Amber, nothing else. It never repeats a call by itself.

    Parameters
    ----------
    http
        Client without defaults of ours; tests give one that never leaves the process.
    base_url
        Where the API is; ends in `/`.
    token
        Secret of the account. It is sent as a header and shown nowhere.
    clock
        Times the quota and stamps answers that carry no `Date`.
    limits
        How long and how large an answer may be.

    Raises
    ------
    ConfigError
        If the token has characters that no header may carry.
    """

    def __init__(
        self,
        http: httpx.Client,
        base_url: str,
        token: str,
        clock: Clock,
        limits: AnswerLimits = AnswerLimits(),  # noqa: B008  # frozen
    ) -> None:
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise ConfigError(
                "AMBER_TOKEN has a space or a character outside plain ASCII; copy it "
                "again from app.amber.com.au/developers into .env"
            )
        self._http = http
        self._base_url = base_url
        self._token = token
        self._clock = clock
        self._limits = limits
        self._account_budget = CallBudget("account", clock)
        self._price_budget = CallBudget("prices", clock)
        self.anchor: TimeAnchor | None = None

    def now(self) -> datetime:
        """Amber's time, carried on by the steady counter; the machine's until told.

        The market's boundaries are on Amber's clock. Ours may be wrong after a power
        cut, and even half a minute would ask for a price before it is there.
        """
        if self.anchor is None:
            return self._clock.now()
        passed_seconds = self._clock.boottime_seconds() - self.anchor.boottime_seconds
        return self.anchor.server_time + timedelta(seconds=passed_seconds)

    def sites(self) -> list[RetailSite]:
        """Every site of the account, closed ones too."""
        rows = self._get(SITES, "sites", {}, self._account_budget, Reserve.LIVE)
        return to_sites(rows)

    def current_prices(
        self, site_id: str, *, previous: int, following: int
    ) -> CurrentPrices:
        """Price now, `previous` intervals before it and `following` after it."""
        rows = self._intervals(
            f"sites/{site_id}/prices/current",
            {"previous": str(previous), "next": str(following)},
            Reserve.LIVE,
        )
        answered_at = self.now()
        return CurrentPrices(
            to_prices(rows), to_forecasts(rows, answered_at), answered_at
        )

    def price_history(self, site_id: str, first: date, last: date) -> list[Price]:
        """Prices of whole NEM days, both ends included, at most `MOST_DAYS`.

        Days that Amber does not have are missing from the answer, never zero.
        """
        _check_range(first, last)
        rows = self._intervals(
            f"sites/{site_id}/prices",
            {"startDate": first.isoformat(), "endDate": last.isoformat()},
            Reserve.BACKGROUND,
        )
        return to_prices(rows)

    def usage(self, site_id: str, first: date, last: date) -> list[MeterReading]:
        """Readings of whole NEM days, both ends included, at most `MOST_DAYS`.

        An empty list means "not yet" or "too long ago".
        """
        _check_range(first, last)
        path = f"sites/{site_id}/usage"
        query = {"startDate": first.isoformat(), "endDate": last.isoformat()}
        rows = self._get(USAGE, path, query, self._account_budget, Reserve.BACKGROUND)
        self._refuse_impossible(path, rows)
        return to_readings(rows)

    def _intervals(
        self, path: str, query: Mapping[str, str], reserve: Reserve
    ) -> list[IntervalPayload]:
        rows = self._get(INTERVALS, path, query, self._price_budget, reserve)
        self._refuse_impossible(path, rows)
        return rows

    def _refuse_impossible(self, path: str, rows: Sequence[IntervalPayload]) -> None:
        now = None if self.anchor is None else self.now()
        for row in rows:
            reason = impossible(row, now)
            if reason is not None:
                raise SourceDataError(
                    f"Amber {path}: {row.type} of {row.duration} min, end "
                    f"{row.end_time.isoformat()}: {reason}; the answer was not used, "
                    "trying again"
                )

    def _get(
        self,
        shape: TypeAdapter[_T],
        path: str,
        query: Mapping[str, str],
        budget: CallBudget,
        reserve: Reserve,
    ) -> _T:
        budget.spend(reserve)
        answer = self._request(path, query)
        self._note_time(answer)
        if answer.status == _TOO_MANY:
            raise budget.refused(answer.headers)
        budget.learn(answer.headers)
        if answer.status != httpx.codes.OK:
            raise self._status_error(path, answer)
        try:
            return shape.validate_json(answer.body)
        except ValidationError as error:
            raise SourceDataError(_explain(path, error)) from None

    def _request(self, path: str, query: Mapping[str, str]) -> Answer:
        request = self._http.build_request(
            "GET",
            self._base_url + path,
            params=dict(query),
            headers={"Authorization": f"Bearer {self._token}"},
        )
        return fetch_whole(self._http, f"Amber {path}", request, self._limits)

    def _note_time(self, answer: Answer) -> None:
        try:
            told = parsedate_to_datetime(answer.headers.get("Date", ""))
            # A stamp without zone is no local time of ours: HTTP knows only GMT.
            told = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return
        if told < _EARLIEST:
            return
        self.anchor = TimeAnchor(
            told, self._clock.boottime_seconds(), self._clock.boot_id
        )

    def _status_error(self, path: str, answer: Answer) -> SourceError:
        status = answer.status
        if status in _UNAUTHORISED:
            return SourceAuthError(
                f"Amber {path}: the token was not accepted ({status}); make a new one "
                "at app.amber.com.au/developers and put it into .env as AMBER_TOKEN"
            )
        # The token goes before the text is cut: half of it is too much as well.
        text = answer.body.decode(errors="replace").replace(self._token, "[token]")
        said = text[:_MESSAGE_CHARACTERS]
        if status == httpx.codes.NOT_FOUND:
            return SourceDataError(
                f"Amber {path}: there is no such site on this account; check "
                "AMBER_SITE_ID in .env"
            )
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return SourceUnavailable(
                f"Amber {path}: a fault at Amber ({status}: {said!r}); trying again"
            )
        return SourceDataError(
            f"Amber {path}: the question was refused ({status}: {said!r})"
        )


def _check_range(first: date, last: date) -> None:
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValueError(f"{first} to {last} is not a range of 1 to {MOST_DAYS} days")


def _explain(path: str, error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the whole answer"
    more = error.error_count() - 1
    return (
        f"Amber {path}: {where}: {fault['msg']}"
        + (f" (and {more} more)" if more else "")
        + "; the answer was not used, trying again"
    )
