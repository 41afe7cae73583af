"""A command run beside the collector, whenever newer usage has come.

It is a process of its own and of the lowest priority, so that no price waits for it;
a thread of its own looks after it. Usage comes once a day, about a day late: so the
command runs once a night, and again later where it failed.
"""

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from home_energy.domain.clock import Clock
from home_energy.domain.shadow_day import ShadowPass
from home_energy.domain.site import home_site
from home_energy.domain.time_grid import nem_date
from home_energy.errors import ConfigError, StoreError
from home_energy.ingestion.source_notes import SOURCE
from home_energy.store import Store

_log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1800.0
"""Also before the first look: by then a new collector has caught up on most days."""
MOST_SECONDS = 2 * 3600.0
LEAVE_SECONDS = 1.0
LOWEST_PRIORITY = 19


@dataclass(slots=True)
class Nightly:
    """Runs a command for each night's usage.

    Parameters
    ----------
    command
        What is run; it notes its own success in the store.
    store
        Where the record is.
    clock
        To wait by.
    site_id
        Site that is followed; `None` for the only active one.
    """

    command: tuple[str, ...]
    store: Path
    clock: Clock
    site_id: str | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _child: subprocess.Popen[str] | None = None
    _ran_for: datetime | date | None = None
    _said: str | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look every half-hour while the block lasts; take a running command along."""
        thread = threading.Thread(target=self._look_on, name="nightly", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._leave()
            thread.join(LEAVE_SECONDS)

    def look(self) -> bool:
        """Run the command if newer usage has come since; return whether it worked."""
        try:
            newest = self._newest()
        except (ConfigError, StoreError):  # the collector says so
            return False
        if newest == self._ran_for:
            return False
        failure = self._run()
        if self._stop.is_set():
            return False
        self._tell(failure)
        if failure is None:
            self._ran_for = newest
        return failure is None

    def _look_on(self) -> None:
        while True:
            self.clock.wait(LOOK_EVERY_SECONDS, self._stop)
            if self._stop.is_set():
                return
            try:
                self.look()
            except StoreError as error:  # what came of it could not be noted
                _log.error("shadow battery: %s", error)

    def _newest(self) -> datetime | date:
        """Newest reading on record; for a home without any, the day."""
        store = Store.open_read_only(self.store)
        try:
            sites = store.sources.sites()
            site = home_site(sites, self.site_id) if sites else None
            key = None if site is None else store.sources.site_key(site.site_id)
            newest = None if key is None else store.readings.last_start(key, SOURCE)
        finally:
            store.close()
        return newest or nem_date(self.clock.now())

    def _run(self) -> str | None:
        """Run the command to its end; return why it failed."""
        with self._starting:
            if self._stop.is_set():
                return None
            try:
                child = self._child = _start(self.command)
            except OSError as error:
                return f"it could not be started: {error}"
        try:
            _, said = child.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return f"it took longer than {MOST_SECONDS / 3600:.0f} h and was ended"
        if child.returncode == 0:
            return None
        lines = said.strip().splitlines() or [f"it ended with {child.returncode}"]
        return lines[-1].removeprefix("home-energy: ")

    def _tell(self, failure: str | None) -> None:
        """Note a failure in the store, and say in one line what is new."""
        store = Store.open(self.store)
        try:
            if failure is not None:
                now = self.clock.now()
                store.shadow_days.note_pass(ShadowPass(now, failure, is_failure=True))
            last = store.shadow_days.last_pass()
        finally:
            store.close()
        said = failure or (last.said if last else "nothing to book")
        if said != self._said:
            say = _log.info if failure is None else _log.error
            say("shadow battery: %s", said)
        self._said = said

    def _leave(self) -> None:
        with self._starting:
            self._stop.set()
            child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def _start(command: tuple[str, ...]) -> subprocess.Popen[str]:
    child = subprocess.Popen(  # noqa: S603 - a command of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, child.pid, LOWEST_PRIORITY)
    return child
