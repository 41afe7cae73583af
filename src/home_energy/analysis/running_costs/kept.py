"""What takes long to read and changes once a day, kept for an hour at most."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path  # noqa: TC003 - the type of an attribute, not of a signature
from threading import Lock
from typing import Generic, TypeVar

from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.domain.time_grid import floor_to_step

LONGEST = timedelta(hours=1)
"""A corrected price or an old file that was imported shows after so long at most."""

KeptT = TypeVar("KeptT")


class Kept(Generic[KeptT]):
    """The newest value of each home; safe in several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[Path, tuple[object, KeptT]] = {}

    def of(
        self, home: CostedHome, now: datetime, day: date, read: Callable[[], KeptT]
    ) -> KeptT:
        """Return what was read within the hour, or read it anew.

        It is read anew too when the day changes, when newer usage has come in, and
        when the settings or the tariff are others.
        """
        newest = _newest(home)
        key = (day, floor_to_step(now, LONGEST), newest, home.settings, home.plan)
        path = home.settings.home.store
        with self._lock:
            found = self._values.get(path)
            if found is not None and found[0] == key:
                return found[1]
            value = read()
            self._values[path] = (key, value)
            return value


def _newest(home: CostedHome) -> tuple[object, ...]:
    """Where every register on record ends."""
    store, key = home.store, home.site_key
    of_files = [store.meter_days.span(one) for one in store.meter_days.registers()]
    if key is None:
        return (*of_files,)
    sources = {one.source for one in store.readings.registers(key)}
    return (
        *of_files,
        *(store.readings.last_start(key, source) for source in sorted(sources)),
    )
