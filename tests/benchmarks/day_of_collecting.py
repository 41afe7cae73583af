"""How much a day of collecting writes to the disk.

The real collector asks the demo server for a simulated day, in a process of its own
whose bytes the kernel counts. History is fetched before the count begins. A meter tells
four streams of power every ten seconds.
"""

import random
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from tests.benchmarks.measure import MEGABYTE, Measure, remove_store

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.power import Stream
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.power.inbox import Heard, PowerInbox
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store
from home_energy.store.present_power import present_power

START = datetime(2026, 11, 20, 3, 1, 7, tzinfo=UTC)
WARM_UP = timedelta(hours=5)
HISTORY_DAYS = 14
METER_PACE = timedelta(seconds=10)
TOKEN = "psk_benchmark"
WRITTEN_TARGET_MB = 30.0


def measure_day(path: Path) -> list[Measure]:
    """Bytes that one simulated day brings to the disk, by the kernel's count."""
    remove_store(path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.day_of_collecting", str(path)],
        cwd=Path(__file__).parents[2],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    written, seconds = (float(word) for word in done.stdout.split())
    return [
        Measure(
            "Written by a day of collecting, prices and four streams of power",
            written / MEGABYTE,
            "MB",
            WRITTEN_TARGET_MB,
        ),
        Measure("Processor time of that day, server included", seconds, "s"),
    ]


def collect_one_day(path: Path) -> tuple[int, float]:
    """Bytes written and processor seconds of a day after the first hours."""
    clock = SteppedClock(START)
    store = Store.open(path)
    app = create_amber_app(SyntheticMarket(SyntheticHome(1)), clock, token=TOKEN)
    with serving(app) as base_url, httpx.Client() as http:
        client = AmberClient(http, base_url.rstrip("/") + "/v1/", TOKEN, clock)
        inbox = PowerInbox()
        power = PowerRecord(inbox, store, present_power(path))
        collector = Collector(
            client, store, clock, history_days=HISTORY_DAYS, power=power
        )
        home = _Home(collector, clock, inbox)
        home.run(WARM_UP)
        before = _written_bytes(), _processor_seconds()
        home.run(timedelta(days=1))
        after = _written_bytes(), _processor_seconds()
    store.close()
    return after[0] - before[0], after[1] - before[1]


@dataclass
class _Home:
    """A collector, and a meter that speaks every ten seconds."""

    collector: Collector
    clock: SteppedClock
    inbox: PowerInbox
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def run(self, length: timedelta) -> None:
        """Let time pass."""
        stop = threading.Event()
        end = self.clock.now() + length
        speaks_at = self.clock.now()
        while self.clock.now() < end:
            if self.clock.now() >= speaks_at:
                speaks_at += METER_PACE
                self._speak()
            self.clock.wait(self.collector.step(), stop)

    def _speak(self) -> None:
        for stream in Stream:
            watts = self.dice.uniform(-5000, 5000)
            self.inbox.put(Heard("emonpi", stream, self.clock.now(), watts))


def _written_bytes() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.stdout.write(" ".join(str(n) for n in collect_one_day(Path(sys.argv[1]))))
