"""What the nights write to the card: days are recorded, each night the upkeep runs.

    .venv/bin/python -m tests.benchmarks.nights_of_upkeep --folder FOLDER --days 30

The folder must lie on a real disk. The upkeep's copy lies in memory, as on the Pi.
Four streams of power are kept beside what Amber says. Printed are each night's bytes by
the kernel's count, the size of its backup and how long it took; then how long SQLite's
two checks take on the record.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from tests.benchmarks.measure import MEGABYTE
from tests.benchmarks.year_of_record import TICK, YEAR_START, record_day

from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.power import PowerMean, PowerSamples, Stream
from home_energy.ingestion.sources.amber_wire import SITES, to_sites
from home_energy.store import Store
from home_energy.store.upkeep import keep_up

SAMPLES_KEPT = timedelta(days=2)
"""As the collector keeps them."""


def run_nights(folder: Path, day_count: int) -> None:
    """Record days, care for the record after each, and print what that cost."""
    path = folder / "home.sqlite"
    store = Store.open(path)
    store._database.execute("PRAGMA synchronous=OFF")  # only the nights are measured
    market = SyntheticMarket(SyntheticHome(1))
    store.sources.save_sites(to_sites(SITES.validate_python(market.sites())))
    site_key = store.sources.site_key(market.site_id)
    assert site_key is not None
    dice = random.Random(1)
    for number in range(day_count):
        day = YEAR_START + timedelta(days=number)
        record_day(store, site_key, market, day)
        record_power(store, day, dice)
        store._database.row("PRAGMA wal_checkpoint(TRUNCATE)")  # the collector's own
        tell_night(path, day + timedelta(days=1))
    for check in ("quick_check", "integrity_check"):
        start = time.process_time()
        store._database.rows(f"PRAGMA {check}")
        sys.stdout.write(f"{check}: {time.process_time() - start:.2f} s of processor\n")
    store.close()


def record_power(store: Store, day: datetime, dice: random.Random) -> None:
    """Keep a day of four streams that speak every ten seconds."""
    for number in range(288):
        start = day + number * TICK
        told = []
        for stream in Stream:
            watts = tuple(dice.uniform(-5000, 5000) for _ in range(30))
            mean = PowerMean("emonpi", stream, start, sum(watts) / 30, 30, 300.0)
            offsets = tuple(range(0, 300, 10))
            told.append((mean, PowerSamples("emonpi", stream, start, offsets, watts)))
        store.power.keep(told)
    store.power.forget_samples_before(day + timedelta(days=1) - SAMPLES_KEPT)


def tell_night(path: Path, night: datetime) -> None:
    """Run a night's upkeep and print what it wrote."""
    os.sync()
    written, start = _written_bytes(), time.perf_counter()
    done = keep_up(path, night, lambda _: None)
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{night:%Y-%m-%d}: record {done.store_bytes / MEGABYTE:6.1f} MB, "
        f"backup {done.backup_bytes / MEGABYTE:5.2f} MB "
        f"({'whole' if done.backup.is_whole else 'changes'}), "
        f"written {(_written_bytes() - written) / MEGABYTE:5.2f} MB, {seconds:.1f} s\n"
    )
    sys.stdout.flush()


def _written_bytes() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--days", type=int, default=30)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as own:
        run_nights(Path(own), wanted.days)
