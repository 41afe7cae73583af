"""A real server and a real browser: what the tests and the screenshots stand on."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
]
STOPS_WITHIN_SECONDS = 0.02
LANDSCAPE, PORTRAIT, TURNED = (800, 480), (720, 1280), (1280, 720)
LEAST_TOUCH_PX = {LANDSCAPE: 66, PORTRAIT: 104, TURNED: 100}
"""Nine millimetres on 5 inches; turned, as 7 inches usually hang, it is more."""
FRIDGE = "?kiosk=1"
BEAT = "**/heartbeat?kiosk=1"
"""What a page on the fridge sends once it shows what the server said."""


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium, the one that runs on the fridge."""
    if not CHROMIUM.exists():
        raise FileNotFoundError(
            f"{CHROMIUM} is missing, and the screen can only be tested in it; "
            "install it with: sudo apt-get install chromium"
        )
    return playwright.chromium.launch(
        executable_path=str(CHROMIUM), headless=True, args=ARGUMENTS
    )


def context_options(size: tuple[int, int]) -> dict[str, Any]:
    """Options of a browser context that is a panel of so many pixels."""
    width, height = size
    return {
        "viewport": {"width": width, "height": height},
        "device_scale_factor": 1,
        "has_touch": True,
    }


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page a panel of another size, as when its output changes, and wait."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def _read_at_once(app: Flask) -> "WSGIApplication":
    """Close what an answer is read from before the browser may drop the connection.

    Werkzeug leaves it open then, and the warning falls on some later test.
    """

    def answer(
        environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


class Server:
    """The application on a port of this machine; can be stopped and started again."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.app = app
        self._address = address
        self._server = self._listen(port=0)
        self._is_up = True
        self.port = self._server.server_port
        self.url = f"http://{address}:{self.port}/"

    def stop(self) -> None:
        """Stop answering, as a crashed server does. Twice is once."""
        if self._is_up:
            self._is_up = False
            self._server.shutdown()
            self._server.server_close()

    def start_again(self) -> None:
        """Answer again on the same port."""
        self._server = self._listen(self.port)
        self._is_up = True

    def _listen(self, port: int) -> BaseWSGIServer:
        server = make_server(
            self._address,
            port,
            _read_at_once(self.app),
            threaded=True,
            request_handler=_Quiet,
        )
        threading.Thread(
            target=server.serve_forever, args=(STOPS_WITHIN_SECONDS,), daemon=True
        ).start()
        return server


@contextmanager
def serving(app: Flask, address: str = "127.0.0.1") -> Iterator[Server]:
    """Serve an application while the block runs."""
    server = Server(app, address)
    try:
        yield server
    finally:
        server.stop()
