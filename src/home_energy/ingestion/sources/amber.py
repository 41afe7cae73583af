"""Amber Electric's public API: sites, prices, forecasts and usage of one account.

Base https://api.amber.com.au/v1/, GET only, JSON arrays, bearer token of the customer.
Quota 50 calls in 300 s for the account, by two counters. What the answers mean is in
`amber_wire`; what was seen of the service is in `docs/sources/amber.md`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
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
    misplaced,
    to_forecasts,
    to_prices,
    to_readings,
    to_sites,
)
from home_energy.ingestion.sources.call_budget import CallBudget, Reserve

_T = TypeVar("_T")

MOST_DAYS = 7
"""Days that one call for history or usage may ask for."""

SILENCE_SECONDS = 10.0
ANSWER_SECONDS = 20.0
ANSWER_BYTES = 20_000_000
_MESSAGE_CHARACTERS = 200

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

    Raises
    ------
    ConfigError
        If the token has characters that no header may carry.
    """

    def __init__(
        self, http: httpx.Client, base_url: str, token: str, clock: Clock
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
        self._account_budget = CallBudget("account", clock)
        self._price_budget = CallBudget("prices", clock)
        self.anchor: TimeAnchor | None = None

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
        # The answer's own time: ours may be wrong after a power cut.
        answered_at = self._clock.now()
        if self.anchor is not None:
            answered_at = self.anchor.server_time
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
        _refuse_misplaced(path, rows)
        return to_readings(rows)

    def _intervals(
        self, path: str, query: Mapping[str, str], reserve: Reserve
    ) -> list[IntervalPayload]:
        rows = self._get(INTERVALS, path, query, self._price_budget, reserve)
        _refuse_misplaced(path, rows)
        return rows

    def _get(
        self,
        shape: TypeAdapter[_T],
        path: str,
        query: Mapping[str, str],
        budget: CallBudget,
        reserve: Reserve,
    ) -> _T:
        budget.spend(reserve)
        response = self._request(path, query)
        self._note_time(response)
        if response.status_code == _TOO_MANY:
            raise budget.refused(response.headers)
        budget.learn(response.headers)
        if response.status_code != httpx.codes.OK:
            raise self._status_error(path, response)
        try:
            return shape.validate_json(response.content)
        except ValidationError as error:
            raise SourceDataError(_explain(path, error)) from None

    def _request(self, path: str, query: Mapping[str, str]) -> httpx.Response:
        """Return the whole answer, or give up: each read and the sum are bounded."""
        started_seconds = self._clock.boottime_seconds()
        headers = {"Authorization": f"Bearer {self._token}"}
        body = bytearray()
        try:
            with self._http.stream(
                "GET",
                self._base_url + path,
                params=dict(query),
                headers=headers,
                timeout=SILENCE_SECONDS,
            ) as response:
                for part in response.iter_bytes():
                    body += part
                    elapsed = self._clock.boottime_seconds() - started_seconds
                    if elapsed > ANSWER_SECONDS or len(body) > ANSWER_BYTES:
                        raise SourceUnavailable(
                            f"Amber {path}: no whole answer within "
                            f"{ANSWER_SECONDS:.0f} s; trying again"
                        )
                return httpx.Response(
                    response.status_code, headers=response.headers, content=bytes(body)
                )
        except httpx.HTTPError as error:
            raise SourceUnavailable(
                f"Amber {path}: not reached ({type(error).__name__}); check the "
                "network, trying again"
            ) from None

    def _note_time(self, response: httpx.Response) -> None:
        try:
            told = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        self.anchor = TimeAnchor(
            told.astimezone(UTC), self._clock.boottime_seconds(), self._clock.boot_id
        )

    def _status_error(self, path: str, response: httpx.Response) -> SourceError:
        status = response.status_code
        if status in _UNAUTHORISED:
            return SourceAuthError(
                f"Amber {path}: the token was not accepted ({status}); make a new one "
                "at app.amber.com.au/developers and put it into .env as AMBER_TOKEN"
            )
        said = response.text[:_MESSAGE_CHARACTERS].replace(self._token, "[token]")
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


def _refuse_misplaced(path: str, rows: Sequence[IntervalPayload]) -> None:
    for row in rows:
        if misplaced(row):
            raise SourceDataError(
                f"Amber {path}: an interval of {row.duration} min ends at "
                f"{row.end_time.isoformat()}, off the market's clock; the answer was "
                "not used, trying again"
            )


def _explain(path: str, error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the whole answer"
    more = error.error_count() - 1
    return (
        f"Amber {path}: {where}: {fault['msg']}"
        + (f" (and {more} more)" if more else "")
        + "; the answer was not used, trying again"
    )
