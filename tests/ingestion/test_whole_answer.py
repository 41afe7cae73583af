"""Silence, a trickle and a flood: no answer holds the loop longer than it may."""

import gzip
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from home_energy.errors import SourceUnavailable
from home_energy.ingestion.sources.whole_answer import (
    Answer,
    AnswerLimits,
    fetch_whole,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LIMITS = AnswerLimits(silence_seconds=0.4, answer_seconds=0.6, answer_bytes=100_000)
TRICKLE_SECONDS = 0.05
"""Far below the limit of silence: every single read succeeds."""

Speak = Callable[[socket.socket], None]


@contextmanager
def raw_server(speak: Speak) -> Iterator[str]:
    """Accept one caller after the other and say whatever `speak` says."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller:
                caller.recv(65536)
                try:
                    speak(caller)
                except OSError:  # the caller hung up, as it should
                    hung_up.set()

    hung_up = threading.Event()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def ask(url: str, limits: AnswerLimits = LIMITS) -> Answer:
    with httpx.Client(trust_env=False) as http:
        return fetch_whole(http, "Amber test", http.build_request("GET", url), limits)


def trickled(text: bytes) -> Speak:
    def speak(caller: socket.socket) -> None:
        for byte in text:
            caller.sendall(bytes([byte]))
            time.sleep(TRICKLE_SECONDS)

    return speak


def said(text: bytes) -> Speak:
    return lambda caller: caller.sendall(text)


def test_a_whole_answer_is_given_with_its_headers() -> None:
    with raw_server(said(HEAD + b"Content-Length: 2\r\n\r\n[]")) as url:
        answer = ask(url)

    assert (answer.status, answer.body) == (200, b"[]")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + b"Content-Length: 500\r\n\r\n" + b" " * 500,
        HEAD + b"\r\n" + b" " * 500,  # ends only when the server hangs up
        HEAD + b"X-Slow: " + b"z" * 500,
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]", mtime=0) * 25,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 99,
    ],
    ids=["body", "endless body", "headers", "gzip", "chunks"],
)
def test_a_trickle_is_given_up_though_every_read_succeeds(text: bytes) -> None:
    with (
        raw_server(trickled(text)) as url,
        pytest.raises(SourceUnavailable, match=r"no whole answer|not reached"),
    ):
        ask(url)


def test_silence_is_given_up() -> None:
    done = threading.Event()
    with (
        raw_server(lambda _caller: _until(done)) as url,
        pytest.raises(SourceUnavailable, match="ReadTimeout"),
    ):
        ask(url)
    done.set()


def test_a_flood_is_given_up() -> None:
    flood = HEAD + b"\r\n" + b" " * 200_000
    with (
        raw_server(said(flood)) as url,
        pytest.raises(SourceUnavailable, match="100000 bytes"),
    ):
        ask(url)


def test_a_small_answer_that_unpacks_to_a_flood_is_given_up() -> None:
    packed = gzip.compress(b" " * 5_000_000)
    with (
        raw_server(said(HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed)) as url,
        pytest.raises(SourceUnavailable, match="100000 bytes"),
    ):
        ask(url)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\r\n\r\n",
        b"this is no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[]",  # hangs up too early
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n[]",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    ],
)
def test_what_is_no_answer_is_unavailable(text: bytes) -> None:
    with raw_server(said(text)) as url, pytest.raises(SourceUnavailable):
        ask(url)


def test_nobody_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(SourceUnavailable, match="check the network"):
        ask(f"http://127.0.0.1:{port}/")


def test_no_thread_and_no_word_is_left_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with raw_server(said(HEAD + b"Content-Length: 2\r\n\r\n[]")) as url:
        before = threading.active_count()
        for _ in range(5):
            ask(url)
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join(5)  # it was told to end, and does so at its next turn

        assert threading.active_count() == before
    assert caplog.records == []


def _until(done: threading.Event) -> None:
    done.wait(5)
