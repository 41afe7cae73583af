"""`serve`: the screen and the JSON API, for one home."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import typer

from home_energy.cli.application import Invocation, app, set_up_logging
from home_energy.cli.live import SERVICE_HOLD_SECONDS, exit_on_sigterm
from home_energy.domain.clock import SystemClock
from home_energy.errors import ConfigError, StoreError
from home_energy.settings.address import EVERYWHERE
from home_energy.store import Store
from home_energy.systemd import ServiceManager

if TYPE_CHECKING:
    from flask import Flask
    from waitress.server import BaseWSGIServer

_log = logging.getLogger(__name__)

ASK_EVERY_SECONDS = 10.0
ANSWER_WITHIN_SECONDS = 20.0
MOST_BODY_BYTES = 16_384
"""Nobody has more to say than a PIN."""


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to answer on; 0.0.0.0 for the LAN.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to answer on.")] = None,
) -> None:
    """Answer with the screen and the JSON API on http://localhost:5050."""
    from home_energy.dashboard.app import create_app
    from home_energy.dashboard.exposure import exposure

    invocation: Invocation = context.obj
    manager = ServiceManager.from_environment()
    exit_on_sigterm()
    try:
        settings = invocation.settings()
    except ConfigError as error:
        if manager.is_there:
            _show_fault(str(error), port)
        raise
    set_up_logging(settings)
    _make_readable(settings.home.store)
    host = host or settings.dashboard.host
    port = port or settings.dashboard.port
    application = create_app(settings, SystemClock(), manager)
    server = _server(application, host, port)
    exposed = exposure(host, port, has_pin=settings.dashboard.pin is not None)
    if exposed is not None:
        _log.warning("%s", exposed)
    _log.info("the screen is at http://%s:%d", "localhost", port)
    if manager.is_there:
        _ask_on(f"http://{_own_address(host)}:{port}/healthz")
    server.run()


def _make_readable(store: Path) -> None:
    """Make or migrate a record that cannot be read as it is.

    One that can be is not opened for writing: the collector may be about to put another
    in its place.
    """
    try:
        Store.open_read_only(store).close()
    except StoreError:
        try:
            Store.open(store).close()
        except StoreError as error:  # the page says so as well
            _log.error("%s", error)


def _server(application: "Flask", host: str, port: int) -> "BaseWSGIServer":
    from waitress import create_server

    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=4,
            max_request_body_size=MOST_BODY_BYTES,
            # Who comes through a proxy is told by them: see dashboard/access.py.
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise ConfigError(
            f"port {port} on {host} cannot be used ({error.strerror or error}); is "
            "home-energy running already? choose another with PORT in .env or --port"
        ) from error


def _own_address(host: str) -> str:
    """Address by which this machine reaches what answers on `host`."""
    if host in EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _ask_on(url: str) -> None:
    """Ask for the health again and again; whoever answers it feeds the watchdog.

    The asking thread tells nothing: a server that does not answer is not alive.
    """
    opener = build_opener(ProxyHandler({}))

    def ask() -> None:
        pause = threading.Event()
        while True:
            try:
                opener.open(url, timeout=ANSWER_WITHIN_SECONDS).close()
            except (URLError, OSError):  # 503 too: it was answered, that is all
                _log.debug("%s was not answered with 200", url)
            pause.wait(ASK_EVERY_SECONDS)

    threading.Thread(target=ask, name="health", daemon=True).start()


def _show_fault(fault: str, port: int | None) -> None:
    """Say on the screen for a while that the settings cannot be used, then end.

    The service is started anew then, and reads them anew.
    """
    from home_energy.dashboard.settings_fault import create_fault_app
    from home_energy.settings.sections import DashboardSettings

    chosen = DashboardSettings()
    server = _server(create_fault_app(fault), chosen.host, port or chosen.port)
    threading.Thread(target=server.run, name="fault", daemon=True).start()
    threading.Event().wait(SERVICE_HOLD_SECONDS)
