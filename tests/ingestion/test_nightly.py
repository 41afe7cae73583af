"""A command beside the collector: once for each night's usage, and never in its way."""

import logging
import os
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.dashboard.recorded_home import SITE

from home_energy.domain.clock import Clock
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Quality
from home_energy.domain.shadow_day import ShadowPass
from home_energy.ingestion.nightly import Nightly
from home_energy.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class ImpatientClock(Clock):
    """Half an hour passes at once, so often; then only a stop ends the wait."""

    looks: int = 0
    boot_id: str = "this boot"
    waited_seconds: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW

    def boottime_seconds(self) -> float:
        return 1000.0

    def is_synchronised(self) -> bool:
        return True

    def wait(self, seconds: float, stop: threading.Event) -> None:
        self.waited_seconds.append(seconds)
        if len(self.waited_seconds) > self.looks:
            stop.wait()


@dataclass
class Home:
    """A store, and a command that counts its runs in a file."""

    folder: Path

    def __post_init__(self) -> None:
        self.path = self.folder / "home.sqlite"
        store = Store.open(self.path)
        store.sources.save_sites([SITE])
        store.close()

    @property
    def runs(self) -> int:
        file = self.folder / "runs"
        return len(file.read_text()) if file.exists() else 0

    def nightly(self, then: str = "", clock: Clock | None = None) -> Nightly:
        counted = f"open({str(self.folder / 'runs')!r}, 'a').write('1')"
        command = (sys.executable, "-c", f"import sys\n{counted}\n{then}")
        return Nightly(command, self.path, clock or ImpatientClock())

    def usage_until(self, end: datetime) -> None:
        reading = MeterReading(
            channel=Channel.GENERAL,
            register="E1",
            start=end - timedelta(minutes=5),
            duration_minutes=5,
            kwh=0.1,
            quality=Quality.ACTUAL,
        )
        store = Store.open(self.path)
        key = store.sources.site_key(SITE.site_id)
        assert key is not None
        store.readings.save(key, "amber", [reading], NOW)
        store.close()

    @property
    def last_pass(self) -> ShadowPass | None:
        store = Store.open_read_only(self.path)
        last = store.shadow_days.last_pass()
        store.close()
        return last


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_it_runs_once_for_each_nights_usage(home: Home) -> None:
    nightly = home.nightly()
    home.usage_until(NOW - DAY)

    looks = [nightly.look(), nightly.look(), nightly.look()]
    home.usage_until(NOW)
    later = [nightly.look(), nightly.look()]

    assert looks == [True, False, False]
    assert later == [True, False]
    assert home.runs == 2


def test_a_failure_is_noted_in_one_line_and_tried_again(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.usage_until(NOW)
    nightly = home.nightly(
        "print('a warning\\nhome-energy: no usage', file=sys.stderr)\nsys.exit(4)"
    )

    looks = [nightly.look(), nightly.look()]

    assert looks == [False, False]
    assert home.runs == 2
    assert home.last_pass == ShadowPass(NOW, "no usage", is_failure=True)
    # The same again is no news.
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (logging.ERROR, "shadow battery: no usage")
    ]


def test_a_command_that_cannot_be_started_is_a_failure(home: Home) -> None:
    nightly = Nightly(("/nonexistent/program",), home.path, ImpatientClock())

    assert nightly.look() is False

    assert home.last_pass is not None
    assert "could not be started" in home.last_pass.said


def test_a_command_that_dies_without_a_word_is_a_failure(home: Home) -> None:
    home.nightly("import os, signal; os.kill(os.getpid(), signal.SIGKILL)").look()

    assert home.last_pass is not None
    assert home.last_pass.said == "it ended with -9"


def test_what_the_command_did_is_logged(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="home_energy")
    store = Store.open(home.path)
    store.shadow_days.note_pass(ShadowPass(NOW, "1 day booked", is_failure=False))
    store.close()

    home.nightly().look()

    assert caplog.messages == ["shadow battery: 1 day booked"]


def test_it_has_the_lowest_priority(home: Home) -> None:
    waits = "import os, time\nwhile os.nice(0) != 19: time.sleep(0.01)"

    assert home.nightly(waits).look()


def test_the_first_look_is_half_an_hour_after_the_start(home: Home) -> None:
    clock = ImpatientClock(looks=1)
    nightly = home.nightly("", clock)
    ran = threading.Event()
    waited = clock.wait

    def noting(seconds: float, stop: threading.Event) -> None:
        if clock.waited_seconds:
            ran.set()
        waited(seconds, stop)

    clock.wait = noting  # type: ignore[method-assign]
    with nightly.running():
        assert ran.wait(20)

    assert clock.waited_seconds == [1800.0, 1800.0]
    assert home.runs == 1


def test_a_stop_takes_the_running_command_along(home: Home) -> None:
    pid_file = home.folder / "pid"
    os.mkfifo(pid_file)
    tells = f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))"
    hangs = f"import os, time\n{tells}\ntime.sleep(60)"
    nightly = home.nightly(hangs, ImpatientClock(looks=1))

    with nightly.running():
        pid = int(pid_file.read_text())

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    # That it was told to stop is no failure.
    assert home.last_pass is None


def test_a_stop_before_the_first_look_starts_nothing(home: Home) -> None:
    with home.nightly().running():
        pass

    assert home.runs == 0


def test_without_a_store_it_waits(tmp_path: Path) -> None:
    nightly = Nightly((sys.executable, "-c", ""), tmp_path / "none", ImpatientClock())

    assert nightly.look() is False
