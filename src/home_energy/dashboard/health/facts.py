"""Gathering what the findings rest on: the store, its disk, the clock."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.dashboard.context import HomeContext
from home_energy.dashboard.health.finding import DiskSpace, Facts
from home_energy.dashboard.now import Now, read_now
from home_energy.dashboard.price_record import LONGEST_INTERVAL, SHORTEST_INTERVAL
from home_energy.dashboard.remedies import remedies
from home_energy.domain.coverage import Coverage
from home_energy.domain.price import Channel
from home_energy.domain.shadow_day import ShadowPass
from home_energy.domain.site import home_site
from home_energy.domain.time_grid import floor_to_step
from home_energy.errors import ConfigError, StoreError
from home_energy.store import Store
from home_energy.store.upkeep import set_aside_files, upkeep_state

LOOK_BACK = timedelta(days=7)
READINGS_SOURCE = "amber"


@dataclass(frozen=True, slots=True)
class Health:
    """The moment, `None` when the store cannot be read, and the facts around it."""

    now: Now | None
    facts: Facts


def read_health(context: HomeContext) -> Health:
    """Gather everything; a store that cannot be read becomes a fact."""
    facts = machine_facts(context)
    try:
        store = context.store()
        now = read_now(store, context.settings, context.clock)
        return Health(now, _with_record(facts, context, store, now))
    except StoreError as error:
        context.drop_store()
        return Health(None, replace(facts, store_error=str(error)))


def machine_facts(context: HomeContext) -> Facts:
    """What can be said without reading the store."""
    path = context.settings.home.store
    return Facts(
        zone=context.settings.home.zone,
        is_demo=context.settings.amber.is_demo,
        has_token=context.settings.amber.token is not None,
        is_synchronised=context.clock.is_synchronised(),
        machine_time=context.clock.now(),
        store_bytes=_store_bytes(path),
        disk=_disk_space(path.parent),
        way=remedies(context.settings),
        machine=context.machine.look(),
        upkeep=upkeep_state(path),
        set_aside=tuple(set_aside_files(path)),
    )


def _with_record(facts: Facts, context: HomeContext, store: Store, now: Now) -> Facts:
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    facts = replace(
        facts,
        schema_number=store.schema_number(),
        site_error=_site_error(store, context.settings.amber.site_id),
        shadow_failure=_shadow_failure(context, store),
    )
    if key is None:
        return facts
    return replace(
        facts,
        coverages=_coverages(store, key, now),
        record_start=store.prices.first_start(key, Channel.GENERAL),
        last_reading_end=_last_reading_end(store, key),
    )


def _shadow_failure(context: HomeContext, store: Store) -> ShadowPass | None:
    last = store.shadow_days.last_pass()
    if last is None or not context.settings.shadow.products:
        return None
    return last if last.is_failure else None


def _site_error(store: Store, wanted_id: str | None) -> str | None:
    sites = store.sources.sites()
    if not sites:
        return None
    try:
        home_site(sites, wanted_id)
    except ConfigError as error:
        return str(error)
    return None


def _coverages(store: Store, site_key: int, now: Now) -> tuple[Coverage, ...]:
    if now.time is None:
        return ()
    start = floor_to_step(now.time, LONGEST_INTERVAL) - LOOK_BACK
    end = floor_to_step(now.time, SHORTEST_INTERVAL)  # the running one is not missed
    return tuple(
        store.prices.coverage(site_key, channel, start, end)
        for channel in store.prices.channels(site_key)
    )


def _last_reading_end(store: Store, site_key: int) -> datetime | None:
    start = store.readings.last_start(site_key, READINGS_SOURCE)
    if start is None:
        return None
    newest = store.readings.between(
        site_key, READINGS_SOURCE, start, start + timedelta(seconds=1)
    )
    return max((reading.end for reading in newest), default=None)


def _store_bytes(path: Path) -> int | None:
    """Size of the file and of what is not yet written back into it. [bytes]"""
    sizes = []
    for part in (path, path.with_name(f"{path.name}-wal")):
        try:
            sizes.append(part.stat().st_size)
        except OSError:  # a part that is not there takes no space
            continue
    return sum(sizes) if sizes else None


def _disk_space(folder: Path) -> DiskSpace | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:  # the store's own error says what is wrong with the folder
        return None
    return DiskSpace(free_bytes=usage.free, total_bytes=usage.total)
