"""What the client asks, and what it makes of every kind of answer and silence."""

import contextlib
import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from tests.ingestion.amber_answers import (
    BASE_URL,
    NOON,
    SITE_ID,
    TOKEN,
    amber_client,
    client_hearing,
    interval,
    response,
    site,
)

from home_energy.demo.clocks import SteppedClock
from home_energy.errors import (
    ConfigError,
    RateLimited,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.amber import AmberClient

DAY = date(2026, 11, 21)


CALLS: dict[str, Callable[[AmberClient], object]] = {
    "sites": lambda client: client.sites(),
    "current": lambda client: client.current_prices(
        SITE_ID, previous=12, following=288
    ),
    "history": lambda client: client.price_history(SITE_ID, DAY, DAY + timedelta(6)),
    "usage": lambda client: client.usage(SITE_ID, DAY, DAY),
}


def asked(call: str) -> httpx.Request:
    """The one request that a call of the client makes."""
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return response([])

    CALLS[call](amber_client(note))
    (request,) = seen
    return request


@pytest.mark.parametrize(
    ("call", "url"),
    [
        ("sites", "sites"),
        ("current", f"sites/{SITE_ID}/prices/current?previous=12&next=288"),
        (
            "history",
            f"sites/{SITE_ID}/prices?startDate=2026-11-21&endDate=2026-11-27",
        ),
        ("usage", f"sites/{SITE_ID}/usage?startDate=2026-11-21&endDate=2026-11-21"),
    ],
)
def test_each_question_is_one_get_with_the_token_in_its_header(
    call: str, url: str
) -> None:
    request = asked(call)

    assert request.method == "GET"
    assert str(request.url) == BASE_URL + url
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.content == b""


@pytest.mark.parametrize("call", ["price_history", "usage"])
@pytest.mark.parametrize("days", [-1, 7, 30])
def test_more_than_seven_days_are_never_asked(call: str, days: int) -> None:
    client = client_hearing([])

    with pytest.raises(ValueError, match="1 to 7 days"):
        getattr(client, call)(SITE_ID, DAY, DAY + timedelta(days))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"message":"Unauthorized"}', SourceAuthError),
        (403, b'{"message":"User is not authorized"}', SourceAuthError),
        (404, b"", SourceDataError),
        (404, b'{"message":"Not Found"}', SourceDataError),
        (422, b"Range requested is too large. Maximum 7 days.", SourceDataError),
        (400, b"\xff\xfe no text", SourceDataError),
        (500, b'{"message":"Internal server error"}', SourceUnavailable),
        (502, b"<html><body>502 Bad Gateway</body></html>", SourceUnavailable),
        (503, b"", SourceUnavailable),
        (504, b"\x00\x01", SourceUnavailable),
        (204, b"", SourceDataError),
        (301, b"", SourceDataError),
        (302, b"", SourceDataError),
        (429, b'{"message":"Too Many Requests"}', RateLimited),
        (200, b"", SourceDataError),
        (200, b"<html>please log in</html>", SourceDataError),
        (200, b"[{", SourceDataError),
        (200, b"\x1f\x8b\x08", SourceDataError),
    ],
)
def test_every_answer_is_sorted_into_the_four_kinds_and_asked_once(
    status: int, body: bytes, error: type[SourceError]
) -> None:
    calls = 0

    def answering(_request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(status, content=body, headers={"Location": "/elsewhere"})

    client = amber_client(answering)

    with pytest.raises(error) as caught:
        client.sites()
    assert type(caught.value) is error
    assert calls == 1


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("silent"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("gone"),
        httpx.ProxyError("no proxy"),
        httpx.DecodingError("not gzip"),
    ],
)
def test_every_failure_of_the_network_is_unavailable(fault: httpx.HTTPError) -> None:
    def answering(_request: httpx.Request) -> httpx.Response:
        raise fault

    client = amber_client(answering)

    with pytest.raises(SourceUnavailable, match=type(fault).__name__):
        client.sites()


def test_a_refused_question_is_quoted_but_not_at_length() -> None:
    client = amber_client(lambda _request: httpx.Response(422, text="x" * 5000))

    with pytest.raises(SourceDataError) as caught:
        client.sites()
    assert "422" in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_redirect_is_not_followed_even_by_a_client_that_would() -> None:
    hosts: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.invalid/"})

    http = httpx.Client(transport=httpx.MockTransport(answering), follow_redirects=True)
    client = AmberClient(http, BASE_URL, TOKEN, SteppedClock(NOON))

    with pytest.raises(SourceDataError, match="302"):
        client.sites()
    assert hosts == ["amber.invalid"]


def test_a_gzip_answer_is_unpacked_once() -> None:
    packed = gzip.compress(json.dumps([interval()]).encode())
    headers = {"Content-Encoding": "gzip"}
    client = amber_client(
        lambda _request: httpx.Response(200, content=packed, headers=headers)
    )

    answer = client.current_prices(SITE_ID, previous=0, following=0)

    assert [price.c_per_kwh for price in answer.prices] == [25.5]


def test_an_answer_that_only_claims_to_be_gzip_is_refused() -> None:
    # The transport gives a stream, as the network does: a body that is unpacked late.
    headers = {"Content-Encoding": "gzip"}
    stream = httpx.ByteStream(b"[]")
    client = amber_client(
        lambda _request: httpx.Response(200, stream=stream, headers=headers)
    )

    with pytest.raises(SourceUnavailable):
        client.sites()


@pytest.mark.parametrize("share", [1, 10, 50, 90, 99])
def test_a_truncated_answer_is_refused_whole(share: int) -> None:
    whole = json.dumps([interval(), interval()]).encode()
    part = whole[: len(whole) * share // 100]
    client = amber_client(lambda _request: httpx.Response(200, content=part))

    with pytest.raises(SourceDataError, match="the answer was not used"):
        client.current_prices(SITE_ID, previous=0, following=0)


def test_a_message_names_the_row_and_the_field() -> None:
    client = client_hearing([interval(), interval(perKwh="cheap")])

    with pytest.raises(SourceDataError, match=r"prices/current: 1\.perKwh: .*number"):
        client.current_prices(SITE_ID, previous=0, following=0)


@pytest.mark.parametrize("token", ["", "psk a", "psk\n", "psk_ü", "\u200bpsk", "a\tb"])
def test_a_token_that_no_header_can_carry_is_refused_at_birth(token: str) -> None:
    with pytest.raises(ConfigError, match="AMBER_TOKEN") as caught:
        AmberClient(httpx.Client(), BASE_URL, token, SteppedClock(NOON))
    assert not token or token not in str(caught.value)


def test_time_is_the_machines_until_an_answer_tells_it() -> None:
    clock = SteppedClock(datetime(2001, 1, 1, tzinfo=UTC))
    client = client_hearing([site()], clock)

    before = client.now()
    client.sites()
    clock.advance(90)

    assert before == datetime(2001, 1, 1, tzinfo=UTC)
    assert client.now() == NOON + timedelta(seconds=90)


@pytest.mark.parametrize("status", [200, 401, 404, 422, 429, 500])
def test_every_answer_tells_the_time(status: int) -> None:
    clock = SteppedClock(datetime(2001, 1, 1, tzinfo=UTC))
    client = amber_client(lambda _request: response([], status=status), clock)

    with contextlib.suppress(SourceError):
        client.sites()

    assert client.now() == NOON


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("Sun, 22 Nov 2026 02:00:00 GMT", NOON),
        ("Sun, 22 Nov 2026 12:00:00 +1000", NOON),
        ("Sun, 22 Nov 2026 02:00:00 -0000", NOON),  # no zone is not our local time
        ("", None),
        ("yesterday", None),
        ("Sun, 99 Nov 2026 02:00:00 GMT", None),
        ("Sat, 01 Jan 2000 00:00:07 GMT", None),
    ],
)
def test_only_a_readable_date_is_an_anchor(stamp: str, told: datetime | None) -> None:
    headers = {"Date": stamp}
    client = amber_client(
        lambda _request: httpx.Response(200, content=b"[]", headers=headers)
    )

    client.sites()

    assert (client.anchor.server_time if client.anchor else None) == told


def test_an_answer_without_date_is_known_by_the_time_carried_on() -> None:
    clock = SteppedClock(NOON - timedelta(hours=3))
    stamps: list[datetime | None] = [NOON, None]
    client = amber_client(lambda _request: response([], at=stamps.pop(0)), clock)

    client.current_prices(SITE_ID, previous=0, following=0)
    clock.advance(240)
    answer = client.current_prices(SITE_ID, previous=0, following=0)

    assert answer.answered_at == NOON + timedelta(seconds=240)


def test_a_lone_throttle_waits_a_second_and_more_of_them_longer() -> None:
    clock = SteppedClock(NOON)
    client = amber_client(
        lambda _request: httpx.Response(429, text='{"message":"Too Many Requests"}'),
        clock,
    )

    pauses: list[float] = []
    for _ in range(12):
        with pytest.raises(RateLimited) as caught:
            client.sites()
        pauses.append((caught.value.retry_at - clock.now()).total_seconds())
        clock.advance(pauses[-1])

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_spent_quota_waits_for_its_reset_and_two_seconds() -> None:
    clock = SteppedClock(NOON)
    client = amber_client(
        lambda _request: response([], status=429, RateLimit_Reset="143"), clock
    )

    with pytest.raises(RateLimited) as caught:
        client.sites()

    assert caught.value.retry_at == NOON + timedelta(seconds=145)


def test_a_pause_is_kept_without_asking_and_ends() -> None:
    clock = SteppedClock(NOON)
    answers = [response([], status=429, RateLimit_Reset="100"), response([])]
    client = amber_client(lambda _request: answers.pop(0), clock)

    with pytest.raises(RateLimited):
        client.sites()
    clock.advance(101)
    with pytest.raises(RateLimited):
        client.sites()
    assert len(answers) == 1

    clock.advance(1)
    assert client.sites() == []


def test_accounts_and_prices_have_their_own_counters() -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        is_price = request.url.path.endswith("/prices")
        return response([], RateLimit_Remaining="49" if is_price else "0")

    client = amber_client(answering)
    client.sites()

    with pytest.raises(RateLimited, match="account"):
        client.usage(SITE_ID, DAY, DAY)
    assert client.price_history(SITE_ID, DAY, DAY) == []
