"""Whose time is trusted when the machine's clock may be wrong."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.clock import SystemClock, TimeAnchor, trusted_now

TOLD = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ANCHOR = TimeAnchor(TOLD, boottime_seconds=1000.0, boot_id="this boot")


@dataclass
class _Machine:
    machine_now: datetime
    boot_seconds: float = 1000.0
    boot_id: str = "this boot"
    synchronised: bool = False

    def now(self) -> datetime:
        return self.machine_now

    def boottime_seconds(self) -> float:
        return self.boot_seconds

    def is_synchronised(self) -> bool:
        return self.synchronised

    def wait(self, seconds: float, stop: threading.Event) -> None:
        raise NotImplementedError


def test_without_anchor_only_a_synchronised_clock_is_trusted() -> None:
    assert trusted_now(_Machine(TOLD), None) is None
    assert trusted_now(_Machine(TOLD, synchronised=True), None) == TOLD


def test_clock_that_agrees_with_the_anchor_is_kept_for_its_precision() -> None:
    # 300 s after the anchor the machine says 300.4 s.
    machine = _Machine(TOLD + timedelta(seconds=300.4), boot_seconds=1300.0)

    assert trusted_now(machine, ANCHOR) == TOLD + timedelta(seconds=300.4)


@pytest.mark.parametrize("synchronised", [False, True])
@pytest.mark.parametrize("jump", [timedelta(hours=2), timedelta(hours=-2)])
def test_clock_that_jumped_two_hours_loses_to_the_anchor(
    jump: timedelta, *, synchronised: bool
) -> None:
    elapsed = timedelta(seconds=600)
    machine = _Machine(
        TOLD + elapsed + jump, boot_seconds=1600.0, synchronised=synchronised
    )

    assert trusted_now(machine, ANCHOR) == TOLD + elapsed


@pytest.mark.parametrize(
    ("off_seconds", "machine_is_kept"), [(60, True), (-60, True), (61, False)]
)
def test_tolerance_is_sixty_seconds(off_seconds: int, *, machine_is_kept: bool) -> None:
    machine = _Machine(TOLD + timedelta(seconds=off_seconds))

    expected = machine.now() if machine_is_kept else TOLD
    assert trusted_now(machine, ANCHOR) == expected


def test_clock_at_2001_is_trusted_only_through_an_anchor() -> None:
    machine = _Machine(datetime(2001, 1, 1, tzinfo=UTC), boot_seconds=1010.0)

    assert trusted_now(machine, None) is None
    assert trusted_now(machine, ANCHOR) == TOLD + timedelta(seconds=10)


def test_anchor_of_another_boot_says_nothing() -> None:
    # Its counter began elsewhere: 5 s after this boot is not 995 s before the anchor.
    machine = _Machine(TOLD, boot_seconds=5.0, boot_id="next boot")

    assert trusted_now(machine, ANCHOR) is None
    machine.synchronised = True
    assert trusted_now(machine, ANCHOR) == TOLD


def test_system_clock_is_aware_and_its_counter_never_falls() -> None:
    clock = SystemClock()

    first, second = clock.boottime_seconds(), clock.boottime_seconds()

    assert clock.now().utcoffset() == timedelta(0)
    assert second >= first
    assert clock.boot_id == SystemClock().boot_id
    assert isinstance(clock.is_synchronised(), bool)


def test_system_clock_stops_waiting_when_told() -> None:
    stop = threading.Event()
    stop.set()

    SystemClock().wait(3600.0, stop)
    SystemClock().wait(-1.0, threading.Event())
