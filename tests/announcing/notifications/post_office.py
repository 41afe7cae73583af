"""A host in this process that takes messages, refuses them, or never answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class PostOffice:
    """What it answers, and what it was sent.

    Parameters
    ----------
    statuses
        One for each message, the last for all that follow.
    location
        Where a redirect leads.
    """

    statuses: list[int] = field(default_factory=lambda: [200])
    location: str | None = None
    hangs: bool = False
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def open_for(office: PostOffice) -> Iterator[PostOffice]:
    """Let it answer while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            office.paths.append(self.path)
            office.headers.append(dict(self.headers))
            office.bodies.append(json.loads(self.rfile.read(length)))
            if office.hangs:
                office.released.wait(30)
                return
            self.send_response(office.status())
            if office.location:
                self.send_header("Location", office.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    office.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield office
    finally:
        office.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
