"""A Powerwall's gateway in the home, as its answers are documented.

`POST /api/login/Basic` gives two cookies to who knows the password;
`GET /api/meters/aggregates` gives the meters to who has them
(https://github.com/vloschiavo/powerwall2, samples/20.49.0).
"""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

PASSWORD = "canary-X7Q2Z"
SESSION = "canary-session-93ab"


def meter(watts: float, at: str = "2026-01-15T12:00:00.123456789+11:00") -> Any:
    """One meter with some of what a gateway says beside the power."""
    return {
        "last_communication_time": at,
        "instant_power": watts,
        "instant_reactive_power": -138.8,
        "instant_apparent_power": 1530.2,
        "frequency": 49.98,
        "energy_exported": 4567890.1,
        "energy_imported": 1234567.8,
        "instant_average_voltage": 241.3,
        "timeout": 1500000000,
    }


def aggregates() -> dict[str, Any]:
    """A sunny noon: 1,520.5 W are sold, and the battery is charged with 800 W."""
    return {
        "site": meter(-1520.5),
        "battery": meter(-800.0),
        "load": meter(1179.5),
        "solar": meter(3500.0),
    }


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody signed, as a gateway has, and its key."""
    own, key = folder / "gateway.pem", folder / "gateway.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "rsa:2048"),
            *("-subj", "/CN=powerwall", "-keyout", key, "-out", own),
        ],
        check=True,
        capture_output=True,
    )
    return own, key


class FakeGateway:
    """Listens on a port of this machine."""

    def __init__(self, certificate: tuple[Path, Path]) -> None:
        self.answer: bytes = json.dumps(aggregates()).encode()
        self.content_type = "application/json"
        self.status = 200
        self.asked: list[str] = []
        self.hanging: threading.Event | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]

    @contextmanager
    def serving(self) -> Iterator["FakeGateway"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            if self.hanging is not None:
                self.hanging.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _handler(gateway) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the outer
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                gateway.asked.append(self.path)
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                is_known = form["password"] == [PASSWORD]
                cookies = [f"AuthCookie={SESSION}", f"UserRecord={SESSION}"]
                self._say(200 if is_known else 401, b"{}", cookies if is_known else [])

            def do_GET(self) -> None:
                gateway.asked.append(self.path)
                if gateway.hanging is not None:
                    gateway.hanging.wait(20)
                if SESSION not in self.headers.get("Cookie", ""):
                    self._say(403, b"{}", [])
                else:
                    self._say(gateway.status, gateway.answer, [])

            def _say(self, status: int, body: bytes, cookies: list[str]) -> None:
                self.send_response(status)
                self.send_header("Content-Type", gateway.content_type)
                self.send_header("Content-Length", str(len(body)))
                for cookie in cookies:
                    self.send_header("Set-Cookie", f"{cookie}; path=/; Secure")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
