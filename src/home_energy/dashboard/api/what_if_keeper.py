"""The home's sliders, made ready in the background by the first who asks.

What runs a year takes seconds to load and to read, and hundreds of megabytes: a screen
whose sliders nobody touches never pays for it.
"""

import logging
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from home_energy.dashboard.now import read_now
from home_energy.domain.clock import Clock
from home_energy.domain.time_grid import nem_date
from home_energy.errors import HomeEnergyError
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.what_if.what_if import WhatIf

RETRY_SECONDS = 60.0
BEGINS = "loading what runs a year"
READY = "ready"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WhatIfReading:
    """How far a home's sliders are.

    Parameters
    ----------
    what_if
        `None` until they are ready.
    said
        What is done now, or what went wrong.
    """

    what_if: "WhatIf | None"
    said: str


class WhatIfKeeper:
    """Keeps one home's sliders, and makes them anew when a day of the meter is over.

    Parameters
    ----------
    settings, clock
        Of the home.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._reading = WhatIfReading(None, BEGINS)
        self._day: date | None = None
        self._thread: threading.Thread | None = None
        self._rests_until_seconds = 0.0

    def look(self) -> WhatIfReading:
        """What there is now. Begins to read where that is not done; never waits.

        Yesterday's sliders stay until today's are ready.
        """
        day = nem_date(self._clock.now())
        with self._lock:
            is_busy = self._thread is not None and self._thread.is_alive()
            is_resting = self._clock.boottime_seconds() < self._rests_until_seconds
            if self._day != day and not is_busy and not is_resting:
                self._thread = threading.Thread(
                    target=self._make, args=(day,), name="what-if", daemon=True
                )
                self._thread.start()
            return self._reading

    def wait(self, seconds: float) -> WhatIfReading:
        """As `look`, when what was begun is over, or so much later."""
        self.look()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self.look()

    def _make(self, day: date) -> None:
        try:
            made = self._open()
        except HomeEnergyError as error:
            self._rest(str(error))
            return
        except Exception as error:  # noqa: BLE001 - else nobody would be told
            _log.exception("the sliders could not be made ready")
            self._rest(
                f"the sliders could not be made ready ({type(error).__name__}); the "
                "program's log says more"
            )
            return
        with self._lock:
            self._day = day
            self._reading = WhatIfReading(made, READY)
        made.warm_up()

    def _open(self) -> "WhatIf":
        from home_energy.analysis.what_if.what_if import (  # noqa: PLC0415 - seconds
            open_what_if,
        )

        settings = self._settings
        with closing(Store.open_read_only(settings.home.store)) as store:
            now = read_now(store, settings, self._clock).time or self._clock.now()
            with store.snapshot():
                made = open_what_if(store, settings, nem_date(now), self._say)
        self._say("running the first year")
        made.answer(made.first_question())
        return made

    def _rest(self, said: str) -> None:
        """Tell what went wrong, and try again later."""
        self._say(f"{said}; this is tried again in a minute")
        with self._lock:
            now_seconds = self._clock.boottime_seconds()
            self._rests_until_seconds = now_seconds + RETRY_SECONDS

    def _say(self, said: str) -> None:
        with self._lock:
            self._reading = WhatIfReading(self._reading.what_if, said)
