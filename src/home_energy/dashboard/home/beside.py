"""What the first page says beside the moment, seldom read anew.

It changes slowly and costs more to read than the price: a page that asks every five
seconds must not pay for it each time.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from home_energy.analysis.advice.advice_round import ApplianceAdvice, advice_now
from home_energy.analysis.running_costs.demand_guard import DemandGuard, demand_guard
from home_energy.analysis.running_costs.typical_cost import TypicalCost, typical_cost
from home_energy.dashboard.now import Now
from home_energy.domain.time_grid import floor_to_step
from home_energy.errors import HomeEnergyError, StoreError
from home_energy.settings import Settings
from home_energy.store import Store

READ_EVERY = timedelta(minutes=5)
MEANS_KEPT_BY = timedelta(seconds=45)
"""So long after five minutes are over their mean and the new price are on record."""

DEMAND_READ_EVERY = timedelta(seconds=20)
"""In an open window: what is left before a new peak goes with the power of now."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the price and the cost of an hour.

    Parameters
    ----------
    typical
        What an hour at this time of day usually costs, for a home without a source of
        power.
    demand
        How near the home is to a new peak that is charged.
    advices
        What to do with each appliance that may wait.
    """

    typical: TypicalCost | None = None
    demand: DemandGuard | None = None
    advices: tuple[ApplianceAdvice, ...] = ()


class BesideKeeper:
    """Keeps what was read last for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = Beside()
        self._read_for: datetime | None = None
        self._demand_read_at: datetime | None = None

    def read(self, store: Store, settings: Settings, now: Now) -> Beside:
        """What is known of this moment; nothing while no clock can be trusted.

        Whoever comes while another thread reads gets what was read before.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        if now.time is None:
            return Beside()
        if self._lock.acquire(blocking=False):
            try:
                self._renew(store, settings, now, now.time)
            finally:
                self._lock.release()
        return self._kept

    def _renew(
        self, store: Store, settings: Settings, now: Now, time: datetime
    ) -> None:
        tick = floor_to_step(time - MEANS_KEPT_BY, READ_EVERY)
        if tick != self._read_for:
            self._kept = _read(store, settings, now, time)
            self._read_for, self._demand_read_at = tick, time
        elif self._is_demand_due(time):
            demand = _told(lambda: demand_guard(store, settings, time))
            self._kept = replace(self._kept, demand=demand)
            self._demand_read_at = time

    def _is_demand_due(self, time: datetime) -> bool:
        demand, last = self._kept.demand, self._demand_read_at
        if demand is None or last is None or not demand.is_in_window:
            return False
        return not timedelta(0) <= time - last < DEMAND_READ_EVERY


def _read(store: Store, settings: Settings, now: Now, time: datetime) -> Beside:
    has_meter = now.power.is_set_up
    return Beside(
        typical=None if has_meter else _typical(store, settings, time),
        demand=_told(lambda: demand_guard(store, settings, time)),
        advices=_told(lambda: _advices(store, settings, now, time)) or (),
    )


def _typical(store: Store, settings: Settings, time: datetime) -> TypicalCost | None:
    return _told(lambda: typical_cost(store, settings, time))


def _advices(
    store: Store, settings: Settings, now: Now, time: datetime
) -> tuple[ApplianceAdvice, ...]:
    appliances = settings.advice.may_wait
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    if key is None or not appliances:
        return ()
    return advice_now(store, key, appliances, time, settings.home.zone)


def _told(read: Callable[[], T | None]) -> T | None:
    """What a part says, or nothing: a tariff at fault must not take the price away."""
    try:
        return read()
    except StoreError:
        raise
    except HomeEnergyError as error:
        _log.warning("beside the price: %s", error)
        return None
