"""One whole answer of a web service, or none: silence, time and size are bounded.

httpx bounds each read. A server that sends a byte a second keeps within every such
bound, in the headers as in the body; so a watch shuts the connection when the time for
the whole answer is over. That time is real time, also where a simulated clock moves the
program: the network knows nothing of it.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from home_energy.errors import SourceUnavailable

_CONNECTED = ("connect_tcp.complete", "start_tls.complete")


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How long and how large an answer may be.

    Parameters
    ----------
    silence_seconds
        Longest wait for the next bytes. [real s]
    answer_seconds
        Longest time from the question to the end of the answer. [real s]
    answer_bytes
        Largest answer, unpacked.
    """

    silence_seconds: float = 10.0
    answer_seconds: float = 20.0
    answer_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch_whole(
    http: httpx.Client, name: str, request: httpx.Request, limits: AnswerLimits
) -> Answer:
    """Return the whole answer, or give up. Redirects are not followed.

    Parameters
    ----------
    name
        What is asked, for messages.
    request
        It is given a connection of its own, so that the watch knows which to shut.

    Raises
    ------
    SourceUnavailable
        If no whole answer came.
    """
    request.headers["Connection"] = "close"
    body = bytearray()
    try:
        with _watch(limits.answer_seconds) as watch:
            request.extensions["timeout"] = httpx.Timeout(
                limits.silence_seconds
            ).as_dict()
            request.extensions["trace"] = watch.trace
            response = http.send(request, stream=True, follow_redirects=False)
            with contextlib.closing(response):
                for part in response.iter_bytes():
                    body += part
                    if len(body) > limits.answer_bytes:
                        watch.is_over = True
                    if watch.is_over:
                        break
    except httpx.HTTPError as error:
        if not watch.is_over:
            raise SourceUnavailable(
                f"{name}: not reached ({type(error).__name__}); check the network, "
                "trying again"
            ) from None
    if watch.is_over:
        raise SourceUnavailable(
            f"{name}: no whole answer within {limits.answer_seconds:.0f} s and "
            f"{limits.answer_bytes} bytes; trying again"
        )
    return Answer(response.status_code, response.headers, bytes(body))


@dataclass(slots=True)
class _Watch:
    """Shuts the connection of one request when its time is over."""

    is_over: bool = False
    _stream: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Learn from httpcore on which connection the request goes."""
        if event.endswith(_CONNECTED):
            with self._lock:
                self._stream = details["return_value"]
            if self.is_over:
                self.end()

    def end(self) -> None:
        """Time is over: whoever reads from the connection meets its end."""
        self.is_over = True
        with self._lock:
            stream = self._stream
        mine = None if stream is None else stream.get_extra_info("socket")
        if mine is not None:
            with contextlib.suppress(OSError):  # already closed
                # Not the TLS socket's own method: that one upsets a read under way.
                socket.socket.shutdown(mine, socket.SHUT_RDWR)


@contextmanager
def _watch(seconds: float) -> Iterator[_Watch]:
    watch = _Watch()
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True  # a program that ends waits for nobody
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
