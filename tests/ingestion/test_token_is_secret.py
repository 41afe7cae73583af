"""A canary token goes in, and is found nowhere but in the header that carries it."""

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.ingestion.amber_answers import BASE_URL, NOON, TOKEN, amber_client

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.faults import Faults
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.errors import ConfigError, SourceError
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.ingestion.sources.whole_answer import AnswerLimits
from home_energy.store import Store

BITS = (TOKEN, TOKEN[4:], TOKEN[:10])
"""The whole, its secret part, and as much as a cut text might leave."""


def is_clean(text: str) -> bool:
    return not any(bit in text for bit in BITS)


def told(error: BaseException) -> str:
    """Everything that a person or a log may see of an error."""
    return "".join([str(error), repr(error), *traceback.format_exception(error)])


def echo(status: int, filling: int = 0) -> Callable[[httpx.Request], httpx.Response]:
    """An answer that repeats what it was sent, at any place of its text."""

    def answering(request: httpx.Request) -> httpx.Response:
        text = "." * filling + request.headers["Authorization"]
        return httpx.Response(status, text=text)

    return answering


def fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"with {request.headers}", request=request)


def misshapen(request: httpx.Request) -> httpx.Response:
    sent = request.headers["Authorization"]
    return httpx.Response(200, content=json.dumps([{"id": sent, "nmi": {sent: sent}}]))


@pytest.mark.parametrize(
    "answering",
    [
        *[echo(status) for status in (200, 401, 403, 404, 422, 429, 500)],
        # Wherever the text is cut, no part of the token is left at its end.
        *[echo(422, filling) for filling in range(170, 205, 5)],
        fails,
        misshapen,
    ],
)
def test_no_error_tells_the_token(
    answering: Callable[[httpx.Request], httpx.Response],
) -> None:
    client = amber_client(answering)

    with pytest.raises(SourceError) as caught:
        client.sites()
    assert is_clean(told(caught.value))


def test_a_token_that_cannot_be_sent_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        AmberClient(httpx.Client(), BASE_URL, f"{TOKEN} x", SteppedClock(NOON))
    assert is_clean(str(caught.value) + repr(caught.value))


def test_neither_log_nor_store_nor_client_tells_the_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "home_energy"):
        caplog.set_level(logging.DEBUG, logger=name)
    clock = SteppedClock(NOON)
    rates = dict.fromkeys(
        ("http_500", "http_502", "truncated", "gateway_429", "nulls", "hang"), 0.15
    )
    app = create_amber_app(
        SyntheticMarket(SyntheticHome(3)),
        clock,
        Faults(rates, hang_seconds=0.3),
        token=TOKEN,
    )
    path = tmp_path / "home.sqlite"

    with serving(app) as address, httpx.Client() as http:
        limits = AnswerLimits(silence_seconds=0.2)
        client = AmberClient(http, f"{address}/v1/", TOKEN, clock, limits)
        collector = Collector(client, Store.open(path), clock, history_days=1)
        for _ in range(40):
            clock.advance(collector.step())

    said = [record.getMessage() + str(record.__dict__) for record in caplog.records]
    assert len(said) > 100  # httpcore speaks of every read
    assert is_clean("\n".join(said))
    assert is_clean(repr(client) + repr(collector) + repr(vars(collector)))
    for file in tmp_path.iterdir():
        assert is_clean(file.read_bytes().decode("latin-1")), file


def test_a_wrong_token_is_not_told_by_the_refusal(tmp_path: Path) -> None:
    clock = SteppedClock(NOON)
    app = create_amber_app(
        SyntheticMarket(SyntheticHome(3)), clock, token="psk_the_right_one"
    )

    with serving(app) as address, httpx.Client() as http:
        client = AmberClient(http, f"{address}/v1/", TOKEN, clock)
        store = Store.open(tmp_path / "home.sqlite")
        Collector(client, store, clock).step()

    (status,) = store.sources.statuses()
    assert status.failure_kind == "SourceAuthError"
    assert is_clean(status.failure_message or "")
