"""What every page needs of the home it shows."""

import threading

from flask import current_app

from home_energy.dashboard.api.what_if_keeper import WhatIfKeeper
from home_energy.dashboard.home.beside import BesideKeeper
from home_energy.domain.clock import Clock
from home_energy.settings import Settings
from home_energy.store import Store


class HomeContext:
    """What every page needs: settings, clock, and a store of this thread's own."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.what_if = WhatIfKeeper(settings, clock)
        self.beside = BesideKeeper()
        self.last_heartbeat_boottime_seconds: float | None = None
        self._local = threading.local()

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
