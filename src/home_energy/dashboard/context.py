"""What every page needs of the home it shows."""

import threading

from flask import current_app

from home_energy.dashboard.api.what_if_keeper import WhatIfKeeper
from home_energy.dashboard.health.machine_watch import MachineWatch
from home_energy.dashboard.home.beside import BesideKeeper
from home_energy.domain.clock import Clock
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.systemd import ServiceManager

AWAKE_SECONDS = 60.0
"""So long after the last touch the fridge has day's colours, at night too."""


class HomeContext:
    """What every page needs: settings, clock, and a store of this thread's own."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        manager: ServiceManager | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.what_if = WhatIfKeeper(settings, clock)
        self.beside = BesideKeeper()
        self.machine = MachineWatch(clock)
        self.started_boottime_seconds = clock.boottime_seconds()
        self.heartbeat_count = 0
        self.last_heartbeat_boottime_seconds: float | None = None
        self.last_touch_boottime_seconds: float | None = None
        self.shows_spike = False
        self._manager = manager or ServiceManager(None)
        self._local = threading.local()
        self._counting = threading.Lock()

    def tell_alive(self) -> None:
        """Tell who watches that a request was answered; the first time, ready."""
        self._manager.works("showing the screen")

    def note_heartbeat(self) -> None:
        """Note that the page on the fridge is alive."""
        with self._counting:
            self.heartbeat_count += 1
            self.last_heartbeat_boottime_seconds = self.clock.boottime_seconds()

    def note_touch(self) -> None:
        """Note that somebody touched the fridge."""
        self.last_touch_boottime_seconds = self.clock.boottime_seconds()

    @property
    def is_awake(self) -> bool:
        """Whether somebody touched the fridge just now."""
        touched = self.last_touch_boottime_seconds
        if touched is None:
            return False
        return self.clock.boottime_seconds() - touched < AWAKE_SECONDS

    def store(self) -> Store:
        """Store opened for reading in this thread.

        Raises
        ------
        StoreError
            If there is none yet, or it cannot be read.
        """
        if not hasattr(self._local, "store"):
            self._local.store = Store.open_read_only(self.settings.home.store)
        store: Store = self._local.store
        return store

    def drop_store(self) -> None:
        """Close this thread's store, after a request or when it failed."""
        store: Store | None = self._local.__dict__.pop("store", None)
        if store is not None:
            store.close()


def home_context() -> HomeContext:
    """Context of the running application."""
    context: HomeContext = current_app.extensions["home_energy"]
    return context
