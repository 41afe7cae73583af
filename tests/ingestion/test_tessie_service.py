"""How Tessie is asked, what is done about its refusals, and what it never repeats."""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ingestion.car_exports import SYDNEY, TESSIE_ANSWERS, VIN

from home_energy.errors import (
    ConfigError,
    RateLimited,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.car import import_tessie
from home_energy.ingestion.sources.tessie_service import (
    TessieAccount,
    TessieQuestion,
    fetch_tessie,
)
from home_energy.store import Store

TOKEN = "canary-5f3e-token"
ACCOUNT = TessieAccount(TOKEN, VIN)
START = datetime(2025, 4, 1, tzinfo=UTC)
END = datetime(2025, 5, 9, tzinfo=UTC)  # 38 days: a piece of 28 and one of 10
NOW = datetime(2025, 5, 9, 12, tzinfo=UTC)
DAY_S = 86_400
START_S = int(START.timestamp())


class _Tessie:
    """A service with some drives, that answers what is asked and notes it."""

    def __init__(self, drives: list[dict[str, Any]] | None = None) -> None:
        self.drives = drives or []
        self.refusals: list[httpx.Response] = []
        self.asked: list[httpx.Request] = []
        self.paused_seconds: list[float] = []

    def reply(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.refusals:
            return self.refusals.pop(0)
        first, last = (int(request.url.params[name]) for name in ("from", "to"))
        rows = self.drives if request.url.path.endswith("drives") else []
        return httpx.Response(
            200,
            json={"results": [r for r in rows if first <= r["started_at"] <= last]},
        )

    def fetch(self, start: datetime = START, end: datetime = END) -> list[Any]:
        question = TessieQuestion(start, end, NOW, self.paused_seconds.append)
        with httpx.Client(transport=httpx.MockTransport(self.reply)) as http:
            files = fetch_tessie(http, ACCOUNT, question)
        return [json.loads(file.content)["results"] for file in files]


def _drives(*started_at: int) -> list[dict[str, Any]]:
    return [
        {"id": i, "started_at": at, "ended_at": at + 60, "odometer_distance": 1}
        for i, at in enumerate(started_at)
    ]


def test_it_is_asked_in_km_with_the_token_in_the_header() -> None:
    tessie = _Tessie()

    tessie.fetch(end=START + timedelta(days=3))

    first, second = tessie.asked
    assert first.url.host == "api.tessie.com"
    assert (first.url.path, second.url.path) == (f"/{VIN}/drives", f"/{VIN}/charges")
    assert first.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in str(first.url)
    asked = dict(first.url.params)
    assert (asked["distance_format"], asked["temperature_format"]) == ("km", "c")
    # A day more at either end: it is not said whether a drive across it is in it.
    assert (int(asked["from"]), int(asked["to"])) == (
        START_S - DAY_S,
        START_S + 4 * DAY_S,
    )


def test_a_long_time_is_asked_for_in_pieces_and_joined() -> None:
    # Two within the overlap of both pieces, one before the period, one after.
    at = [START_S + int(days * DAY_S) for days in (-0.5, 0, 27.5, 28.5, 37.9, 38)]
    tessie = _Tessie(_drives(*at))

    drives, charges = tessie.fetch()

    assert [row["started_at"] for row in drives] == at[1:5]
    assert charges == []
    assert len(tessie.asked) == 4  # two pieces of each kind


def test_an_answer_that_may_have_been_cut_is_asked_for_in_halves() -> None:
    # 60 drives in the second week: 28 -> 14 + 14 -> 7 + 7 of the first, and so on.
    at = [START_S + 7 * DAY_S + i * 10_000 for i in range(60)]
    tessie = _Tessie(_drives(*at))

    drives, _ = tessie.fetch(end=START + timedelta(days=28))

    assert len(drives) == 60
    pieces = [
        (int(r.url.params["to"]) - int(r.url.params["from"])) / DAY_S - 2
        for r in tessie.asked
    ]
    # 28 holds all 60, 14 all, the first 7 (and a day) 9, the second all, and so on:
    # 3.5 days and a day at either end are 5.5 days of 8.64 drives.
    assert pieces[:4] == [28, 14, 7, 7]
    assert min(pieces) == 3.5


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, SourceAuthError, "token was not accepted (401); make a new one"),
        (403, SourceAuthError, "token was not accepted (403)"),
        (402, SourceAuthError, "no subscription that allows this (402)"),
        (404, SourceAuthError, "knows no such car (404); check TESSIE_VIN"),
        (400, SourceDataError, "the question was refused (400"),
        (301, SourceDataError, "the question was refused (301"),
    ],
)
def test_a_refusal_that_waiting_does_not_help_is_not_waited_for(
    status: int, kind: type[SourceError], said: str
) -> None:
    tessie = _Tessie()
    tessie.refusals = [httpx.Response(status, text="no")]

    with pytest.raises(kind) as caught:
        tessie.fetch()

    assert said in str(caught.value)
    assert len(tessie.asked) == 1
    assert tessie.paused_seconds == []


def test_a_passing_fault_is_waited_for() -> None:
    tessie = _Tessie(_drives(START_S))
    tessie.refusals = [
        httpx.Response(503),
        httpx.Response(429, headers={"Retry-After": "7"}),
    ]

    drives, _ = tessie.fetch()

    assert len(drives) == 1
    assert tessie.paused_seconds == [2, 7]


def test_a_fault_that_does_not_pass_is_told() -> None:
    tessie = _Tessie()
    tessie.refusals = [httpx.Response(502, text="bad")] * 3

    with pytest.raises(SourceUnavailable, match=r"fault of the service \(502: 'bad'\)"):
        tessie.fetch()

    assert tessie.paused_seconds == [2, 8]


def test_a_long_pause_is_told_and_not_waited_for() -> None:
    tessie = _Tessie()
    tessie.refusals = [httpx.Response(429, headers={"Retry-After": "3600"})]

    with pytest.raises(RateLimited) as caught:
        tessie.fetch()

    assert caught.value.retry_at == NOW + timedelta(hours=1)
    assert tessie.paused_seconds == []


def _echo(status: int, filling: int = 0) -> Callable[[httpx.Request], httpx.Response]:
    """An answer that repeats what it was sent, at any place of its text."""

    def answering(request: httpx.Request) -> httpx.Response:
        text = f"{'.' * filling}{request.url} {request.headers['Authorization']}"
        return httpx.Response(status, text=text)

    return answering


def _fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"{request.url} {request.headers}", request=request)


@pytest.mark.parametrize(
    "answering",
    [
        *[_echo(status) for status in (200, 400, 401, 402, 404, 429, 500)],
        *[_echo(400, filling) for filling in range(150, 205, 5)],
        _fails,
    ],
)
def test_no_error_tells_the_token_or_the_vin(
    answering: Callable[[httpx.Request], httpx.Response],
) -> None:
    question = TessieQuestion(START, END, NOW, lambda _: None)
    http = httpx.Client(transport=httpx.MockTransport(answering))

    with closing(http), pytest.raises(SourceError) as caught:
        fetch_tessie(http, ACCOUNT, question)

    told = "".join([str(caught.value), *traceback.format_exception(caught.value)])
    assert not any(bit in told for bit in (TOKEN, TOKEN[:10], VIN, VIN[:9]))
    assert not any(bit in repr(ACCOUNT) for bit in (TOKEN, VIN))


@pytest.mark.parametrize(
    "body", ["", "[]", '{"results": 1}', '{"results": [{"id": 1}]}', "<html>"]
)
def test_an_answer_of_another_shape_is_not_used(body: str) -> None:
    tessie = _Tessie()
    tessie.refusals = [httpx.Response(200, text=body)]

    with pytest.raises(SourceDataError, match="the answer was not used"):
        tessie.fetch()


@pytest.mark.parametrize(
    ("token", "vin", "said"),
    [("a b", VIN, "TESSIE_TOKEN has a space"), ("t", "../x", "TESSIE_VIN is no VIN")],
)
def test_what_cannot_be_sent_is_refused(token: str, vin: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        TessieAccount(token, vin)
    assert vin not in str(caught.value)


@pytest.fixture
def recorded_service() -> Iterator[httpx.Client]:
    def reply(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        return httpx.Response(
            200, content=(TESSIE_ANSWERS / f"{name}.json").read_bytes()
        )

    client = httpx.Client(transport=httpx.MockTransport(reply))
    yield client
    client.close()


def test_what_it_tells_goes_on_record_once(
    tmp_path: Path, recorded_service: httpx.Client
) -> None:
    path = tmp_path / "home.sqlite"
    question = TessieQuestion(START, END, NOW, lambda _: None)

    first, again = (
        import_tessie(path, ACCOUNT, question, SYDNEY, recorded_service)
        for _ in range(2)
    )

    assert [one.record.new_count for one in first] == [7, 2]
    assert [one.record.new_count for one in again] == [0, 0]
    assert [one.unchanged_count for one in again] == [7, 2]
    with closing(Store.open_read_only(path)) as store:
        (car,) = store.car_history.histories()
        assert (car.source, car.car) == ("tessie", "ST0042")
        assert {record.kind for record in store.imports.all()} == {"tessie"}
    assert VIN.encode() not in path.read_bytes()
