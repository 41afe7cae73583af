"""Amber's own rows from files, kept where those that the service gives are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from home_energy.domain.meter import MeterReading
from home_energy.domain.site import IMPORTED, RetailSite, SiteChannel, home_site
from home_energy.errors import DataError
from home_energy.ingestion.source_notes import SOURCE
from home_energy.ingestion.sources.source_file import FileContent
from home_energy.store import DaySaveResult, Store

SITE_OF_FILES = "imported"
"""Name of the site when neither Amber nor the settings name one."""


def save_amber_rows(
    store: Store, content: FileContent, site_id: str | None, known_at: datetime
) -> DaySaveResult:
    """Keep prices and readings under the home's site, which is made if need be.

    Raises
    ------
    ConfigError
        If there are several sites and the settings name none of them.
    """
    site_key = _site_key(store, content, site_id)
    prices = store.prices.save(site_key, content.prices, known_at)
    result = DaySaveResult(prices.inserted, prices.revised, prices.unchanged)
    if content.readings:
        result += _save_readings(store, site_key, content.readings, known_at)
    return result


def _save_readings(
    store: Store, site_key: int, readings: Sequence[MeterReading], known_at: datetime
) -> DaySaveResult:
    starts = [reading.start for reading in readings]
    there = store.readings.between(
        site_key, SOURCE, min(starts), max(starts) + timedelta(seconds=1)
    )
    told = {_place(reading) for reading in readings}
    new_count = len(told - {_place(reading) for reading in there})
    written = store.readings.save(site_key, SOURCE, readings, known_at)
    changed_count = max(written - new_count, 0)
    return DaySaveResult(
        new_count, changed_count, len(told) - new_count - changed_count
    )


def _place(reading: MeterReading) -> tuple[str, datetime, int]:
    return reading.register, reading.start, reading.duration_minutes


def _site_key(store: Store, content: FileContent, site_id: str | None) -> int:
    sites = store.sources.sites()
    is_known = bool(sites) if site_id is None else site_id in {s.site_id for s in sites}
    if not is_known:
        site = _site_of_files(content, site_id or SITE_OF_FILES)
        store.sources.save_sites([site])
    else:
        site = home_site(sites, site_id)
    key = store.sources.site_key(site.site_id)
    if key is None:
        raise DataError(f"site {site.site_id} is not on record; this is our fault")
    return key


def _site_of_files(content: FileContent, site_id: str) -> RetailSite:
    durations = [price.duration_minutes for price in content.prices]
    durations += [reading.duration_minutes for reading in content.readings]
    registers = sorted({(r.register, r.channel) for r in content.readings})
    return RetailSite(
        site_id=site_id,
        nmi="",
        status=IMPORTED,
        interval_minutes=min(durations),
        channels=tuple(SiteChannel(*pair) for pair in registers),
    )
