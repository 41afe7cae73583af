"""Run an app on this machine while a `with` block lasts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress import (  # it has no types
    create_server,
    wasyncore,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"

_LARGEST_ANSWER_BYTES = 64 * 2**20
"""Answers stay in memory: a file behind one outlives a client that went away."""

_WAKE_SECONDS = 0.1
"""How soon the server notices that it should end."""


@contextmanager
def serving(
    app: "WSGIApplication", port: int = 0, *, threads: int = 8
) -> Iterator[str]:
    """Serve `app` from a thread of this process and give its base address.

    Parameters
    ----------
    app
        What answers.
    port
        0 takes any free port.
    threads
        Answers that may be worked on, or held, at once.

    Yields
    ------
    str
        Such as ``http://127.0.0.1:40123``, without a path.
    """
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        host=HOST,
        port=port,
        threads=threads,
        outbuf_overflow=_LARGEST_ANSWER_BYTES,
    )
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=_WAKE_SECONDS, map=sockets, count=1)

    thread = threading.Thread(target=run, name="demo server", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.effective_port}"
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)
