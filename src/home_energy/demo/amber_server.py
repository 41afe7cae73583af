"""Amber's API over HTTP, answered by a `Market`.

It gives what the published contract and real answers were seen to give: rows, headers,
refusals and their bodies. Where Amber's own behaviour is not known (which status an
impossible date gets, which windows the quota has) it does the plainest thing.
"""

import hmac
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from flask import Flask, Response, request

from home_energy.demo.faults import REFUSALS, ROW_FAULTS, Faults
from home_energy.demo.market import Market, Row
from home_energy.demo.price_answers import (
    View,
    current_rows,
    day_rows,
    renewable_rows,
)
from home_energy.demo.quota import Quota, Standing
from home_energy.domain.clock import Clock
from home_energy.domain.time_grid import nem_date

MOST_DAYS_APART = 7
"""`endDate` may be so many days after `startDate`: 8 days inclusive were accepted."""

MOST_ROWS = 2048
"""Limit of `next` plus `previous`."""

USAGE_DAYS_BACK = 90
"""How far back usage is kept. [days]"""

_JSON = "application/json"
_FORBIDDEN = (
    "User is not authorized to access this resource "
    "with an explicit deny in an identity-based policy"
)


class _Unprocessable(Exception):  # Amber's own word for it
    """What was asked cannot be answered: 422 and a plain sentence."""


def create_amber_app(
    market: Market, clock: Clock, faults: Faults | None = None, *, token: str
) -> Flask:
    """Make the app.

    Parameters
    ----------
    market
        The home and its prices.
    clock
        Decides what is known, and the `Date` of every answer.
    faults
        Misbehaviour; none if absent.
    token
        The one token that is accepted.
    """
    app = Flask(__name__)
    api = _AmberApi(market, clock, faults or Faults(), token)
    site = "/v1/sites/<site_id>"
    app.add_url_rule("/v1/sites", "sites", api.sites)
    app.add_url_rule(f"{site}/prices", "prices", api.prices)
    app.add_url_rule(f"{site}/prices/current", "current", api.current_prices)
    app.add_url_rule(f"{site}/usage", "usage", api.usage)
    renewables = "/v1/state/<state>/renewables/current"
    app.add_url_rule(renewables, "renewables", api.renewables)
    app.after_request(api.add_date)
    app.register_error_handler(404, lambda _error: _message(404, "Not Found"))
    return app


class _AmberApi:
    """The five answers, and what stands before each of them."""

    def __init__(
        self, market: Market, clock: Clock, faults: Faults, token: str
    ) -> None:
        self._market = market
        self._clock = clock
        self._faults = faults
        self._authorization = f"Bearer {token}".encode()
        self._quotas = {"sites": Quota(), "prices": Quota()}

    def sites(self) -> Response:
        """`/sites`: every site of the account."""
        return self._guard("sites", "sites", lambda _now: self._market.sites())

    def prices(self, site_id: str) -> Response:
        """`/sites/{id}/prices`: whole NEM days, today if none are named."""

        def rows(now: datetime) -> list[Row] | None:
            today = nem_date(now)
            first, last = _days(today, today)
            view = self._view(now)
            return self._of_site(site_id, lambda: day_rows(view, first, last))

        return self._guard("prices", "prices", rows)

    def current_prices(self, site_id: str) -> Response:
        """`/sites/{id}/prices/current`: the running interval and its neighbours."""

        def rows(now: datetime) -> list[Row] | None:
            previous, following = _neighbours()
            view = self._view(now)
            return self._of_site(
                site_id, lambda: current_rows(view, previous, following)
            )

        return self._guard("prices", "prices", rows)

    def usage(self, site_id: str) -> Response:
        """`/sites/{id}/usage`: what the meter counted, days that have arrived."""

        def rows(now: datetime) -> list[Row] | None:
            first, last = _days(None, None)
            return self._of_site(site_id, lambda: self._usage_rows(now, first, last))

        return self._guard("usage", "sites", rows)

    def renewables(self, state: str) -> Response:
        """`/state/{state}/renewables/current`: needs no token, spends no quota."""

        def rows(now: datetime) -> list[Row] | None:
            previous, following = _neighbours()
            if state != self._market.state:
                return None
            return renewable_rows(self._view(now, asked=30), previous, following)

        return self._guard("renewables", None, rows)

    def add_date(self, response: Response) -> Response:
        """Stamp an answer with the clock's time, not the machine's."""
        response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
        return response

    def _guard(
        self,
        endpoint: str,
        counter: str | None,
        rows: Callable[[datetime], list[Row] | None],
    ) -> Response:
        """Token, fault, quota, then the answer; `None` rows mean 404."""
        refusal = self._refuse_caller() if counter else None
        fault = None if refusal else self._faults.draw(endpoint)
        if refusal is None and fault in REFUSALS and fault != "quota_429":
            refusal = _REFUSALS[fault]()
        if refusal is not None:
            return refusal
        if fault == "hang":
            self._faults.hang()
        now = self._clock.now()
        standing = self._quotas[counter].spend(now) if counter else None
        response = self._answer(now, standing, fault, rows)
        if standing is not None:
            is_spent = fault == "quota_429"
            shown = Standing(0, standing.reset_seconds) if is_spent else standing
            response.headers.update(shown.headers())
        return response

    def _answer(
        self,
        now: datetime,
        standing: Standing | None,
        fault: str | None,
        rows: Callable[[datetime], list[Row] | None],
    ) -> Response:
        if fault == "quota_429" or (standing is not None and standing.is_refused):
            return _message(429, "Too Many Requests")
        try:
            answer = rows(now)
        except _Unprocessable as error:
            return Response(
                str(error), HTTPStatus.UNPROCESSABLE_ENTITY, mimetype="text/plain"
            )
        if answer is None:
            return _message(404, "Not Found")
        if fault in ROW_FAULTS:
            answer = self._faults.spoil(fault, answer)
        body = json.dumps(answer, separators=(",", ":"))
        if fault == "truncated":
            body = body[: len(body) * 2 // 3]
        return Response(body, mimetype=_JSON)

    def _refuse_caller(self) -> Response | None:
        given = request.headers.get("Authorization")
        if given is None:
            return _message(401, "Unauthorized")
        if not hmac.compare_digest(given.encode(), self._authorization):
            return _message(403, _FORBIDDEN)
        return None

    def _of_site(self, site_id: str, rows: Callable[[], list[Row]]) -> list[Row] | None:
        """Rows of the supplied site, none of another site of the account."""
        if site_id == self._market.site_id:
            return rows()
        known = any(site["id"] == site_id for site in self._market.sites())
        return [] if known else None

    def _view(self, now: datetime, asked: int | None = None) -> View:
        minutes = self._market.row_minutes(_resolution(asked))
        return View(self._market, now, minutes, self._faults.lateness)

    def _usage_rows(self, now: datetime, first: date, last: date) -> list[Row]:
        oldest = nem_date(now) - timedelta(days=USAGE_DAYS_BACK)
        day_count = (last - first).days + 1
        days = [first + timedelta(days=k) for k in range(day_count)]
        return [
            row
            for channel in self._market.channels
            for day in days
            if day >= oldest
            for row in self._market.usage_rows(channel, day, now)
        ]


def _days(first: date | None, last: date | None) -> tuple[date, date]:
    """`startDate` and `endDate` of the request, or what stands for them."""
    start = _date("startDate", first)
    end = _date("endDate", last)
    if end < start:
        raise _Unprocessable("startDate must not be after endDate.")
    if (end - start).days > MOST_DAYS_APART:
        raise _Unprocessable("Range requested is too large. Maximum 7 days.")
    return start, end


def _date(name: str, default: date | None) -> date:
    given = request.args.get(name)
    if given is None and default is not None:
        return default
    if given is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise _Unprocessable(f"{name} must be a date such as 2025-06-17.")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise _Unprocessable(f"{name} is not a day of the calendar.") from None


def _neighbours() -> tuple[int, int]:
    """`previous` and `next` of the request, 0 if absent."""
    previous, following = _count("previous"), _count("next")
    if previous + following > MOST_ROWS:
        raise _Unprocessable(f"next and previous may sum to {MOST_ROWS} at most.")
    return previous, following


def _count(name: str) -> int:
    given = request.args.get(name, "0")
    if not re.fullmatch(r"\d{1,6}", given):
        raise _Unprocessable(f"{name} must be a whole number, zero or more.")
    return int(given)


def _resolution(default: int | None) -> int | None:
    given = request.args.get("resolution")
    if given is None:
        return default
    if given not in {"5", "30"}:
        raise _Unprocessable("resolution must be 5 or 30.")
    return int(given)


def _message(status: int, words: str) -> Response:
    return Response(
        json.dumps({"message": words}, separators=(",", ":")), status, mimetype=_JSON
    )


def _gateway_throttle() -> Response:
    response = _message(429, "Too Many Requests")
    response.headers["x-amzn-ErrorType"] = "TooManyRequestsException"
    return response


_REFUSALS: dict[str, Callable[[], Response]] = {
    "gateway_429": _gateway_throttle,
    "http_500": lambda: _message(500, "Internal server error"),
    "http_502": lambda: Response(
        "<html><body><h1>502 Bad Gateway</h1></body></html>", 502, mimetype="text/html"
    ),
}
