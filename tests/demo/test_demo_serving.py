"""A server that starts on a free port, answers, and ends cleanly."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import httpx
import pytest

from home_energy.demo.serving import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def hello(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


def test_answers_on_a_free_port_of_this_machine() -> None:
    with serving(hello) as url:
        response = httpx.get(f"{url}/here")

    assert url.startswith("http://127.0.0.1:")
    assert response.text == "/here"


def test_is_gone_afterwards_even_with_a_connection_kept_open() -> None:
    with httpx.Client() as client:
        with serving(hello) as url:
            client.get(url)
        with pytest.raises(httpx.TransportError):
            client.get(url)

    assert "demo server" not in {thread.name for thread in threading.enumerate()}


def test_port_can_be_chosen_and_used_again() -> None:
    with serving(hello) as first:
        port = int(first.rsplit(":", 1)[1])
    with serving(hello, port) as second:
        assert httpx.get(second).status_code == 200

    assert second == first


def test_two_servers_at_once() -> None:
    with serving(hello) as first, serving(hello) as second:
        assert first != second
        assert httpx.get(f"{first}/1").text == "/1"
        assert httpx.get(f"{second}/2").text == "/2"
