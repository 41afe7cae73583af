"""What emoncms' answers mean, and how it is asked."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.ingestion.emoncms_feeds import KEY, URL, FakeEmoncms, FakeFeed, steady

from home_energy.domain.power import PowerMean, PowerSample, Stream
from home_energy.errors import (
    ConfigError,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.power.emoncms_power import asking_emoncms
from home_energy.ingestion.sources.emoncms import (
    Feed,
    FeedSpan,
    read_means,
    read_span,
    read_timevalue,
)
from home_energy.ingestion.sources.emoncms_service import (
    NOW_LIMITS,
    EmoncmsAccount,
    EmoncmsClient,
)

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
NOON_S = 1_768_438_800  # `date -u -d "2026-01-15 01:00" +%s`
FIVE = timedelta(minutes=5)
GRID = Feed(1, Stream.GRID)
SOLAR = Feed(2, Stream.SOLAR)


def client(
    reply: Callable[[httpx.Request], httpx.Response], key: str = KEY
) -> EmoncmsClient:
    http = httpx.Client(transport=httpx.MockTransport(reply))
    return EmoncmsClient(http, EmoncmsAccount(URL, key), NOW_LIMITS)


# What a feed says now


def test_the_newest_reading_has_the_feeds_own_time() -> None:
    body = b'{"time":1768438800,"value":371.5}'

    assert read_timevalue(GRID, body) == PowerSample(Stream.GRID, NOON, 371.5)


@pytest.mark.parametrize(
    "body",
    [
        b'{"time":"1768438800","value":"-371.5"}',  # without redis all is text
        b'{"time":1768438800000,"value":-371.5}',
    ],
)
def test_a_time_may_be_text_or_milliseconds(body: bytes) -> None:
    assert read_timevalue(GRID, body) == PowerSample(Stream.GRID, NOON, -371.5)


def test_a_minus_turns_the_sign() -> None:
    turned = Feed(1, Stream.GRID, sign=-1)

    sample = read_timevalue(turned, b'{"time":1768438800,"value":-1000}')

    assert sample.watts == 1000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"time":1768438800,"value":null}', "has no reading yet"),
        (b'{"time":1768438800,"value":NaN}', "has no reading yet"),
        (b'{"time":null,"value":3}', "has no reading yet"),
        (b'{"time":1e300,"value":3}', "is no time"),
        (b"false", "gives nothing for it"),
        (b"null", "gives nothing for it"),
        (b'{"success":false,"message":"Feed does not exist"}', "gives nothing for it"),
        (b"<html><body>Login</body></html>", "is no JSON"),
        (b"", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"time":1768438800,"value":250000}', "in W, not of energy"),
    ],
)
def test_what_is_no_power_is_told(body: bytes, said: str) -> None:
    with pytest.raises(SourceDataError, match=r"^emoncms feed 1 \(grid\): ") as caught:
        read_timevalue(GRID, body)
    assert said in str(caught.value)


def test_solar_that_draws_is_a_clamp_turned_round() -> None:
    at_night = read_timevalue(SOLAR, b'{"time":1768438800,"value":-12}')

    assert at_night.watts == -12  # an inverter at rest
    with pytest.raises(SourceDataError, match="never negative; turn it with a minus"):
        read_timevalue(SOLAR, b'{"time":1768438800,"value":-1200}')


# What a feed has said


def test_a_mean_is_named_by_its_start_and_a_hole_is_left_out() -> None:
    rows = [
        [NOON_S * 1000, 600.5],
        [(NOON_S + 300) * 1000, None],
        [(NOON_S + 600) * 1000, float("nan")],
        [(NOON_S + 900) * 1000, 0],
    ]

    found = read_means(GRID, json.dumps(rows).encode(), NOON, NOON + 4 * FIVE)

    assert found.means == (
        PowerMean("emoncms", Stream.GRID, NOON, 600.5, 1, 300.0),
        PowerMean("emoncms", Stream.GRID, NOON + 3 * FIVE, 0.0, 1, 300.0),
    )


def test_steps_outside_the_question_are_not_taken() -> None:
    rows = [[NOON_S - 300, 1], [NOON_S, 2], [NOON_S + 300, 3]]

    found = read_means(GRID, json.dumps(rows).encode(), NOON, NOON + FIVE)

    assert [mean.mean_watts for mean in found.means] == [2]


def test_what_cannot_be_power_is_left_out_and_counted() -> None:
    rows = [[NOON_S, 1e6], [NOON_S + 300, -500], [NOON_S + 600, 500]]

    found = read_means(SOLAR, json.dumps(rows).encode(), NOON, NOON + 3 * FIVE)

    assert ([mean.mean_watts for mean in found.means], found.impossible_count) == (
        [500],
        2,
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"false", "gives nothing for it"),
        (b'{"success":false,"message":"no"}', "gives nothing for it"),
        (b"[[1768438800]]", "no pair of time and value"),
        (b"[7]", "no pair of time and value"),
        (b"[[1768438801, 5]]", "steps of five whole minutes"),
        (b"[[null, 5]]", "is no time"),
        (b"<html>", "is no JSON"),
    ],
)
def test_an_answer_that_is_no_history_is_told(body: bytes, said: str) -> None:
    with pytest.raises(SourceDataError, match=said):
        read_means(GRID, body, NOON, NOON + FIVE)


@pytest.mark.parametrize(
    ("body", "span"),
    [
        (
            b'{"interval":10,"start_time":1768438800,"npoints":5}',
            FeedSpan(NOON, 10),
        ),
        (b'{"start_time":0,"npoints":0}', FeedSpan(None, None)),
        (b"{}", FeedSpan(None, None)),
    ],
)
def test_a_feed_tells_since_when_it_is(body: bytes, span: FeedSpan) -> None:
    assert read_span(GRID, body) == span


# How it is asked


def test_the_key_travels_in_the_header_and_not_in_the_address() -> None:
    emoncms = FakeEmoncms({1: steady(NOON, 371.0, FIVE)})

    sample = client(emoncms.reply).newest(GRID)

    # The last of thirty steps of 10 s begins after 290 s.
    assert sample == PowerSample(Stream.GRID, NOON + timedelta(seconds=290), 371.0)
    (request,) = emoncms.asked
    assert str(request.url) == "http://emonpi.local/feed/timevalue.json?id=1"
    assert request.headers["Authorization"] == f"Bearer {KEY}"


def test_a_public_feed_needs_no_key() -> None:
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, text='{"time":1768438800,"value":1}')

    client(reply, key="").newest(GRID)

    assert "Authorization" not in asked[0].headers


def test_means_are_those_of_what_was_measured() -> None:
    # 150 s of 600 W and 150 s of nothing; then nothing; then 200 W.
    watts = [600.0] * 15 + [None] * 15 + [None] * 30 + [200.0] * 30
    emoncms = FakeEmoncms({1: FakeFeed(NOON, watts)})

    found = client(emoncms.reply).means(GRID, NOON, NOON + 3 * FIVE)

    assert [(mean.start, mean.mean_watts) for mean in found.means] == [
        (NOON, 600.0),
        (NOON + 2 * FIVE, 200.0),
    ]


def test_a_single_step_can_be_asked_for() -> None:
    emoncms = FakeEmoncms({1: steady(NOON, 50.0, 3 * FIVE)})

    found = client(emoncms.reply).means(GRID, NOON + FIVE, NOON + 2 * FIVE)

    assert [mean.start for mean in found.means] == [NOON + FIVE]


@pytest.mark.parametrize(
    ("response", "kind", "said"),
    [
        (httpx.Response(401, text="Invalid API key"), SourceAuthError, "Read Only key"),
        (httpx.Response(403, text="no"), SourceAuthError, "Read Only key"),
        (httpx.Response(200, text="Invalid API key"), SourceAuthError, "Read Only key"),
        (httpx.Response(500, text="x"), SourceUnavailable, "fault of emoncms (500)"),
        (httpx.Response(429, text="x"), SourceUnavailable, "asked too often (429)"),
        (httpx.Response(404, text="x"), SourceDataError, "no emoncms at this address"),
        (httpx.Response(406, text="x"), SourceDataError, "no emoncms at this address"),
        (
            httpx.Response(301, headers={"Location": "https://elsewhere/"}),
            SourceDataError,
            "leads elsewhere (301)",
        ),
        (httpx.Response(200, text="<html>"), SourceDataError, "is no JSON"),
        (httpx.Response(200, text=" " * 200_000), SourceUnavailable, "100000 bytes"),
    ],
)
def test_each_refusal_is_of_its_kind(
    response: httpx.Response, kind: type[SourceError], said: str
) -> None:
    emoncms = FakeEmoncms(refusals=[response])

    with pytest.raises(kind) as caught:
        client(emoncms.reply).newest(GRID)
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert len(emoncms.asked) == 1  # a redirect is not followed with the key


def test_a_feed_that_is_gone_is_told_beside_the_others() -> None:
    emoncms = FakeEmoncms({1: steady(NOON, 371.0, FIVE)})

    answer = asking_emoncms(client(emoncms.reply), [SOLAR, GRID])()

    assert [sample.watts for sample in answer.samples] == [371.0]
    (problem,) = answer.problems
    assert problem.startswith("emoncms feed 2 (solar): emoncms gives nothing for it")


def test_where_nothing_answers_the_other_feeds_are_not_asked() -> None:
    emoncms = FakeEmoncms(is_down_after=0)

    with pytest.raises(SourceUnavailable):
        asking_emoncms(client(emoncms.reply), [SOLAR, GRID])()
    assert len(emoncms.asked) == 1


# The key is in no text


def echo(status: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, text=str(request.headers.raw))


def fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"with {request.headers.raw}", request=request)


@pytest.mark.parametrize(
    "reply", [*(echo(s) for s in (200, 302, 401, 404, 500)), fails]
)
def test_no_error_tells_the_key(
    reply: Callable[[httpx.Request], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(SourceError) as caught:
        client(reply).newest(GRID)
    told = [str(caught.value), repr(caught.value), caplog.text]
    told += traceback.format_exception(caught.value)
    assert KEY[:10] not in "".join(told)


def test_neither_account_nor_refused_key_is_told() -> None:
    assert KEY not in repr(EmoncmsAccount(URL, KEY))

    with pytest.raises(ConfigError, match="EMONCMS_KEY has a space") as caught:
        EmoncmsAccount(URL, f"{KEY} x")
    assert KEY not in str(caught.value)
