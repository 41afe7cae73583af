"""Simulated time: sped up, stepped, and shared between processes."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.demo.clocks import ScaledClock, SharedSteppedClock, SteppedClock
from home_energy.domain.clock import Clock, TimeAnchor, trusted_now
from home_energy.errors import DataError

START = datetime(2025, 6, 17, 6, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["scaled", "stepped", "shared"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> Clock:
    clocks: dict[str, Clock] = {
        "scaled": ScaledClock(START, 1e6),
        "stepped": SteppedClock(START),
        "shared": SharedSteppedClock(tmp_path / "clock", START),
    }
    return clocks[str(request.param)]


def test_waiting_lets_time_pass(clock: Clock) -> None:
    clock.wait(3600.0, threading.Event())

    assert clock.now() >= START + HOUR
    assert clock.boottime_seconds() >= 3600.0


def test_now_and_boottime_go_together(clock: Clock) -> None:
    clock.wait(10.0, threading.Event())
    before = clock.boottime_seconds()
    now = clock.now()
    after = clock.boottime_seconds()

    assert before <= (now - START).total_seconds() + 1e-6
    assert (now - START).total_seconds() <= after + 1e-6


def test_claims_no_synchronisation_so_an_anchor_is_needed(clock: Clock) -> None:
    anchor = TimeAnchor(clock.now(), clock.boottime_seconds(), clock.boot_id)

    assert not clock.is_synchronised()
    assert trusted_now(clock, None) is None
    assert trusted_now(clock, anchor) is not None


def test_waiting_less_than_nothing_does_not_go_back(clock: Clock) -> None:
    clock.wait(-3600.0, threading.Event())

    assert clock.now() >= START


def test_claim_can_be_chosen() -> None:
    assert SteppedClock(START, is_synchronised=True).is_synchronised()


def test_stepped_time_stands_still_until_somebody_waits() -> None:
    clock = SteppedClock(START)

    first = clock.now()
    second = clock.now()
    clock.wait(90.5, threading.Event())

    assert first == second == START
    assert clock.now() == START + timedelta(seconds=90.5)


def test_stopped_waiting_does_not_move_stepped_time(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()

    for clock in (SteppedClock(START), SharedSteppedClock(tmp_path / "c", START)):
        clock.wait(60.0, stop)
        assert clock.now() == START


def test_stepped_time_loses_no_wait_of_many_threads() -> None:
    clock = SteppedClock(START)

    def wait_often() -> None:
        for _ in range(500):
            clock.wait(1.0, threading.Event())

    threads = [threading.Thread(target=wait_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.boottime_seconds() == 4000.0


class RecordingEvent(threading.Event):
    """Notes how long it was waited for, and does not wait."""

    asked_seconds: float | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.asked_seconds = timeout
        return False


def test_scaled_wait_sleeps_its_share_of_real_time() -> None:
    stop = RecordingEvent()

    ScaledClock(START, 1000.0).wait(100.0, stop)

    assert stop.asked_seconds == 0.1  # 100 s / 1000


def test_scaled_wait_ends_when_stopped() -> None:
    clock = ScaledClock(START, 1.0)
    stop = threading.Event()
    waiter = threading.Thread(target=clock.wait, args=(3600.0, stop))
    waiter.start()

    stop.set()
    waiter.join(timeout=30)

    assert not waiter.is_alive()


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(DataError, match="speed must be more than zero"):
        ScaledClock(START, speed)


def test_start_must_be_utc() -> None:
    with pytest.raises(DataError, match="must be an aware UTC time"):
        SteppedClock(datetime.fromisoformat("2025-06-17T16:20:00+10:00"))


CHILD = """
import os, signal, sys, threading
from datetime import datetime
from pathlib import Path
from home_energy.demo.clocks import SharedSteppedClock

clock = SharedSteppedClock(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
print(clock.boottime_seconds(), flush=True)
clock.wait(3600.0, threading.Event())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_shared_time_outlives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = SharedSteppedClock(path, START)
    command = [sys.executable, "-c", CHILD, str(path), START.isoformat()]

    first = subprocess.run(command, capture_output=True, text=True, check=False)
    between = clock.now()
    second = subprocess.run(command, capture_output=True, text=True, check=False)

    assert first.returncode == second.returncode == -9
    assert (first.stdout.strip(), second.stdout.strip()) == ("0.0", "3600.0")
    assert between == START + HOUR
    assert clock.now() == START + 2 * HOUR
    clock.close()
