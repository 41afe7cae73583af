"""A flood of power messages on a real broker, and what it does to the collector.

Run `python -m tests.soak.power_flood --minutes 10`; it prints a table. Two collectors
run side by side, each the real command in a process of its own with a server that
speaks Amber's API, so that both feel the same machine: one hears 100 messages a second,
the other has no meters at all. Give `--folder` a place on a real disk.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from tests.benchmarks.measure import MEGABYTE, Measure
from tests.ingestion.power.mosquitto import Mosquitto
from tests.soak.flood_messages import RULES, Flood

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock

ROOT = Path(__file__).parents[2]
TOKEN = "psk_flood"
MESSAGES_PER_SECOND = 100
WARM_UP_SECONDS = 60.0
"""Past days are fetched, code is loaded, and the first memory is taken."""
LOOK_EVERY_SECONDS = 5.0
BROKER_AWAY_SECONDS = 3.0
SECONDS_PER_DAY = 86_400

MOST_GROWTH_MB = 3.0
"""From the first minute on, in which no means have been kept yet."""
MOST_WRITTEN_MB = 17.0
"""A day, for power: what the budget of 30 leaves beside 13 for prices. Ten minutes from
a start on do not tell how much prices take: history is still being read in them."""
MOST_MORE_LATE_SECONDS = 0.5
"""Beside the collector without a flood."""


@dataclass
class Use:
    """What a process has used, by the kernel's count, from one moment to another."""

    memory_mb: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    written_mb: list[float] = field(default_factory=list)
    at_seconds: list[float] = field(default_factory=list)

    def look(self, process_id: int) -> None:
        """Read it once more."""
        of = Path("/proc") / str(process_id)
        status = dict(
            line.split(":", 1) for line in (of / "status").read_text().splitlines()
        )
        io = dict(line.split(": ") for line in (of / "io").read_text().splitlines())
        ticks = (of / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
        per_second = os.sysconf("SC_CLK_TCK")
        self.at_seconds.append(time.monotonic())
        self.memory_mb.append(int(status["VmRSS"].split()[0]) * 1024 / MEGABYTE)
        self.processor_seconds.append(sum(int(tick) for tick in ticks) / per_second)
        self.written_mb.append(int(io["write_bytes"]) / MEGABYTE)

    @property
    def growth_mb(self) -> float:
        """Memory at the end less that of the first look."""
        return self.memory_mb[-1] - self.memory_mb[0]

    @property
    def seconds(self) -> float:
        """Between the first look and the last."""
        return self.at_seconds[-1] - self.at_seconds[0]

    @property
    def processor_percent(self) -> float:
        """Of one processor."""
        used = self.processor_seconds[-1] - self.processor_seconds[0]
        return 100 * used / self.seconds

    @property
    def written_mb_per_day(self) -> float:
        """What a day of this would write."""
        written = self.written_mb[-1] - self.written_mb[0]
        return written / self.seconds * SECONDS_PER_DAY


@dataclass(frozen=True)
class Run:
    """What one collector did and used."""

    use: Use
    heard_count: int
    dropped_count: int
    late_seconds: list[float]
    power_seconds: list[float]
    problems: list[str]


def at_percent(values: list[float], percent: int) -> float:
    """What so many of a hundred values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class FloodReport:
    """A flood and the two collectors beside each other."""

    seconds: float
    sent_count: int
    usable_count: int
    flooded: Run
    quiet: Run

    def measures(self) -> list[Measure]:
        """Rows of the table, with their targets."""
        rows = [
            Measure("Messages sent", self.sent_count, ""),
            Measure("a second", self.sent_count / self.seconds, "/s"),
            Measure("of them with a number to be heard", self.usable_count, ""),
            Measure("Readings heard", self.flooded.heard_count, ""),
            Measure("Readings pushed out of the inbox", self._dropped, "", 1),
        ]
        for name, run in (("flooded", self.flooded), ("quiet", self.quiet)):
            use = run.use
            is_flooded = run is self.flooded
            growth = MOST_GROWTH_MB if is_flooded else None
            late = run.late_seconds
            rows += [
                Measure(f"Memory after a minute, {name}", use.memory_mb[0], "MB"),
                Measure(f"Memory at the end, {name}", use.memory_mb[-1], "MB"),
                Measure(f"Growth of memory, {name}", use.growth_mb, "MB", growth),
                Measure(f"Polls for the price, {name}", len(late), ""),
                Measure(f"Poll late, median, {name}", at_percent(late, 50), "s"),
                Measure(f"Poll late, 95 %, {name}", at_percent(late, 95), "s"),
                Measure(f"Poll late, most, {name}", max(late), "s"),
                Measure(f"Share of a processor, {name}", use.processor_percent, "%"),
                Measure(f"Written, {name}", use.written_mb_per_day, "MB/d"),
            ]
        return [*rows, *self._delays()]

    def _delays(self) -> list[Measure]:
        """How long power held up the loop, and how much later prices were for it."""
        held = self.flooded.power_seconds
        flooded, quiet = self.flooded.late_seconds, self.quiet.late_seconds
        more_late = at_percent(flooded, 95) - at_percent(quiet, 95)
        most = MOST_MORE_LATE_SECONDS
        return [
            Measure("Turns of the loop for power", len(held), ""),
            Measure("A turn, median", at_percent(held, 50), "s"),
            Measure("A turn, 95 %", at_percent(held, 95), "s"),
            Measure("A turn, longest", max(held), "s", most),
            Measure("95 % of polls later by", more_late, "s", most),
            Measure("Written for power", self._for_power_mb, "MB/d", MOST_WRITTEN_MB),
        ]

    @property
    def _for_power_mb(self) -> float:
        quiet = self.quiet.use.written_mb_per_day
        return self.flooded.use.written_mb_per_day - quiet

    @property
    def _dropped(self) -> int:
        return self.flooded.dropped_count


def flood(folder: Path, minutes: float) -> FloodReport:
    """Flood a collector and leave another in peace, after a minute of warming up."""
    folder.mkdir(parents=True, exist_ok=True)
    with Mosquitto.for_everyone(folder) as broker:
        sent = Flood(broker.port)
        sent.leave_stale_messages()
        rules = f'[power.mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\n{RULES}'
        with (
            _collecting(folder / "flooded", rules) as flooded,
            _collecting(folder / "quiet", "") as quiet,
            sent.pouring(MESSAGES_PER_SECOND),
        ):
            time.sleep(WARM_UP_SECONDS)
            _watch((flooded, quiet), 60 * minutes / 2)
            broker.stop()
            time.sleep(BROKER_AWAY_SECONDS)
            broker.start()
            _watch((flooded, quiet), 60 * minutes / 2)
    return FloodReport(
        seconds=sent.seconds,
        sent_count=sent.sent_count,
        usable_count=sent.usable_count,
        flooded=flooded.run(),
        quiet=quiet.run(),
    )


class Collecting:
    """A collector that runs in a process of its own."""

    def __init__(self, folder: Path, address: str, rules: str) -> None:
        config = folder / "config"
        config.mkdir(parents=True)
        (config / "home.toml").write_text(
            f'[amber]\nbase_url = "{address}/v1/"\n'
            f'[home]\nstore = "{folder / "home.sqlite"}"\n{rules}'
        )
        (config / ".env").write_text(f"AMBER_TOKEN={TOKEN}\n")
        self.use = Use()
        self._counts = folder / "counts.json"
        self._log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.soak.counted_collect"),
                *(str(config), str(self._counts)),
            ],
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
        )

    def stop(self) -> None:
        """End it as systemd does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self._log.close()

    def run(self) -> Run:
        """What it has told at its end."""
        told = json.loads(self._counts.read_text())
        return Run(use=self.use, **told)


@contextmanager
def _collecting(folder: Path, rules: str) -> Iterator[Collecting]:
    shutil.rmtree(folder, ignore_errors=True)
    market = SyntheticMarket(SyntheticHome(3))
    app = create_amber_app(market, SystemClock(), token=TOKEN)
    with serving(app) as address:
        collecting = Collecting(folder, address, rules)
        try:
            yield collecting
        finally:
            collecting.stop()


def _watch(all_of: tuple[Collecting, ...], seconds: float) -> None:
    stop, end = threading.Event(), time.monotonic() + seconds
    while True:
        for one in all_of:
            one.use.look(one.process.pid)
        left_seconds = end - time.monotonic()
        if left_seconds <= 0:
            return
        stop.wait(min(LOOK_EVERY_SECONDS, left_seconds))


def main() -> int:
    """Flood, and print the table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "flood")
    chosen = parser.parse_args()
    report = flood(chosen.folder, chosen.minutes)
    measures = report.measures()
    print("| what | value | target | |\n|---|---|---|---|")  # noqa: T201
    for measure in measures:
        print(measure.row())  # noqa: T201
    for problem in report.flooded.problems:
        print(f"- {problem}")  # noqa: T201
    return int(any(measure.is_missed for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
