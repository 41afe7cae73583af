"""`now`, `collect`: the price, and the loop that brings it."""

import fcntl
import logging
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
    set_up_logging,
)
from home_energy.domain.clock import Clock, SystemClock
from home_energy.domain.freshness import Freshness
from home_energy.errors import ConfigError, SourceUnavailable, StoreError
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.systemd import ServiceManager

if TYPE_CHECKING:
    import httpx

    from home_energy.ingestion.power.inbox import PowerInbox
    from home_energy.ingestion.power.power_record import PowerRecord
    from home_energy.ingestion.sources.amber import AmberClient

_log = logging.getLogger(__name__)

SERVICE_HOLD_SECONDS = 30.0
"""How long a service whose settings cannot be used waits before it ends."""


@app.command()
def now(context: typer.Context, as_json: JsonOption = False) -> None:
    """Price now, verdict, and how old it is; exit code 3 when it is too old."""
    from home_energy.cli.moment_words import describe
    from home_energy.dashboard.api.answers import now_answer
    from home_energy.dashboard.now import read_now

    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = Store.open_read_only(settings.home.store)
    moment = read_now(store, settings, SystemClock())
    if as_json:
        print_json(now_answer(moment).model_dump(mode="json"))
    else:
        console.print(describe(moment, settings), markup=False)
    if moment.import_age.freshness not in (Freshness.FRESH, Freshness.UPDATING):
        raise SourceUnavailable(
            "there is no fresh price; run `home-energy doctor` to see why"
        )


@app.command()
def collect(context: typer.Context) -> None:
    """Follow the price, for weeks: ask Amber, keep the answers, catch up on gaps."""
    import httpx

    from home_energy.ingestion.collector import Collector
    from home_energy.ingestion.power.inbox import PowerInbox
    from home_energy.ingestion.power.live_sources import named_sources, running

    invocation: Invocation = context.obj
    manager = ServiceManager.from_environment()
    exit_on_sigterm()
    with held_back(manager):
        settings = invocation.settings()
        amber_token(settings)
    set_up_logging(settings)
    clock = SystemClock()
    store = Store.open(settings.home.store)
    with (
        only_one(settings.home.store),
        httpx.Client() as http,
        _nightly(invocation, settings, clock),
        _announcing(settings, clock),
    ):
        client = amber_client(settings, http, clock)
        inbox = PowerInbox()
        sources = named_sources(settings, inbox, client.now)
        collector = Collector(
            client,
            store,
            clock,
            settings.amber.site_id,
            power=_power_record(settings, store, inbox) if sources else None,
        )
        with running(sources):
            collector.run(threading.Event(), lambda: manager.works("collecting"))


def amber_client(
    settings: Settings, http: "httpx.Client", clock: Clock
) -> "AmberClient":
    """Client for the account of the settings.

    Raises
    ------
    ConfigError
        If there is no token.
    """
    from home_energy.ingestion.sources.amber import AmberClient

    return AmberClient(http, settings.amber.base_url, amber_token(settings), clock)


def amber_token(settings: Settings) -> str:
    """Token for Amber.

    Raises
    ------
    ConfigError
        If there is none.
    """
    token = settings.amber.token
    if token is None:
        raise ConfigError(
            "no AMBER_TOKEN in config/.env, the environment, or a systemd credential; "
            "make one at app.amber.com.au/developers and put AMBER_TOKEN=psk_... into "
            "config/.env (or try `home-energy demo`, which needs none)"
        )
    return token.get_secret_value()


def _power_record(
    settings: Settings, store: Store, inbox: "PowerInbox"
) -> "PowerRecord":
    from home_energy.ingestion.power.power_record import PowerRecord
    from home_energy.store.present_power import present_power

    return PowerRecord(inbox, store, present_power(settings.home.store))


def _nightly(
    invocation: Invocation, settings: Settings, clock: Clock
) -> AbstractContextManager[None]:
    """What `collect` takes along: the shadow battery, if one is chosen."""
    if not settings.shadow.products:
        return nullcontext()
    from home_energy.ingestion.nightly import Nightly

    config = str(invocation.config)
    command = (sys.executable, "-m", "home_energy", "--config", config, "shadow")
    nightly = Nightly(command, settings.home.store, clock, settings.amber.site_id)
    return nightly.running()


def _announcing(settings: Settings, clock: Clock) -> AbstractContextManager[None]:
    """What `collect` tells others: advice to the record, all else to who is named."""
    is_anything_told = (
        settings.home_assistant.enabled
        or settings.notifications.has_any
        or settings.advice.may_wait
    )
    if not is_anything_told:
        return nullcontext()  # saves the memory of a screen that nobody looks at
    from home_energy.announcing.round import Announcer
    from home_energy.announcing.speakers import named_speakers

    return Announcer(settings, clock, named_speakers(settings)).running()


@contextmanager
def held_back(manager: ServiceManager) -> Iterator[None]:
    """End a service late where its settings end it: it is started anew at once.

    A person is needed, who takes minutes. Only a new start reads a credential anew.
    """
    try:
        yield
    except ConfigError as error:
        if manager.is_there:
            logging.basicConfig(level=logging.INFO)
            _log.error("%s; trying again in %.0f s", error, SERVICE_HOLD_SECONDS)
            manager.say(str(error))
            time.sleep(SERVICE_HOLD_SECONDS)
        raise


def exit_on_sigterm() -> None:
    """Leave at once when asked to: an open transaction is undone on the way out."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@contextmanager
def only_one(store: Path) -> Iterator[None]:
    """Refuse a second collector on one store: two would halve the quota."""
    path = store.with_suffix(".lock")
    try:
        lock = path.open("w")
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be made ({error}); free some space, and check that its "
            "folder belongs to you"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(
                f"{store}: another collector is running on this store; stop it first"
            ) from error
        yield
