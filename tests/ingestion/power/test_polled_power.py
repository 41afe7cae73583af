"""What is asked again and again: what it delivers, what it tells, and that it ends."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.power import PowerSample, Stream
from home_energy.errors import SourceAuthError, SourceUnavailable
from home_energy.ingestion.power.inbox import (
    Heard,
    PowerInbox,
    PowerItem,
    Trouble,
    Works,
)
from home_energy.ingestion.power.polled_power import PolledAnswer, PolledPower, Polling
from home_energy.ingestion.waits import Waits

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
QUICK = Waits(timedelta(milliseconds=1), timedelta(milliseconds=4))
POLLING = Polling("meter", timedelta(milliseconds=1), HOLD, QUICK)
WORKS = Works("meter")


def grid(watts: float, at: datetime = NOON) -> PolledAnswer:
    return PolledAnswer((PowerSample(Stream.GRID, at, watts),))


def heard(watts: float, at: datetime = NOON) -> Heard:
    return Heard("meter", Stream.GRID, at, watts, HOLD)


class Asked:
    """A source that says one thing after the other, and then has the asking end."""

    def __init__(
        self, *given: PolledAnswer | Exception, pace: Polling = POLLING
    ) -> None:
        self._left = iter(given)
        self.inbox = NotingInbox()
        self._power = PolledPower(pace, self._ask, self.inbox, lambda: NOON)

    def told(self) -> list[PowerItem]:
        """Everything that it delivers, in order; asked without a thread."""
        self._power._run()
        return self.inbox.told

    def _ask(self) -> PolledAnswer:
        answer = next(self._left, None)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            self._power.stop()
            return PolledAnswer(())
        return answer


class NotingInbox(PowerInbox):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[PowerItem] = []

    def put(self, item: PowerItem) -> None:
        self.told.append(item)


def test_what_is_asked_for_comes_in_with_its_own_time() -> None:
    early = NOON - 10 * SECOND

    items = Asked(grid(371.5, early), grid(-20.0, NOON - SECOND)).told()

    assert items == [heard(371.5, early), WORKS, heard(-20.0, NOON - SECOND)]


def test_a_stamp_that_does_not_move_is_said_once() -> None:
    items = Asked(grid(371.0), grid(371.0), grid(371.0)).told()

    assert items == [heard(371.0), WORKS]


@pytest.mark.parametrize("age_minutes", [5.1, 600])
def test_a_stream_of_which_nothing_new_comes_is_told(age_minutes: float) -> None:
    old = NOON - timedelta(minutes=age_minutes)

    reading, trouble = Asked(grid(371.0, old)).told()

    assert reading == heard(371.0, old)
    assert isinstance(trouble, Trouble)
    assert "grid: nothing new for more than 5 minutes" in trouble.said


def test_a_reading_of_some_minutes_ago_is_no_trouble() -> None:
    old = NOON - timedelta(minutes=4.9)

    assert Asked(grid(371.0, old)).told() == [heard(371.0, old), WORKS]


def test_a_clock_that_is_a_little_ahead_does_not_make_a_future() -> None:
    assert Asked(grid(5.0, NOON + 59 * SECOND)).told() == [heard(5.0, NOON), WORKS]


def test_a_reading_of_the_future_is_told_and_left_out() -> None:
    (trouble,) = Asked(grid(5.0, NOON + 61 * SECOND)).told()

    assert isinstance(trouble, Trouble)
    assert "grid: its time is ahead of ours" in trouble.said


def test_a_stream_that_fails_is_told_beside_one_that_does_not() -> None:
    answer = PolledAnswer(grid(371.0).samples, ("feed 2: gone", "feed 3: odd"))

    items = Asked(answer).told()

    assert items == [heard(371.0), Trouble("meter", "feed 2: gone; feed 3: odd")]


def test_a_trouble_is_told_once_and_its_end_too() -> None:
    gone = SourceUnavailable("not reached")

    items = Asked(gone, gone, gone, grid(1.0), grid(2.0, NOON + SECOND)).told()

    assert [item for item in items if isinstance(item, Trouble | Works)] == [
        Trouble("meter", "not reached"),
        WORKS,
    ]


def test_a_fault_of_ours_does_not_end_the_asking(
    caplog: pytest.LogCaptureFixture,
) -> None:
    items = Asked(ZeroDivisionError("x"), grid(3.0)).told()

    assert items[1:] == [heard(3.0), WORKS]
    assert "asking meter failed" in caplog.text


class NotedWaits(Waits):
    """Notes after how many failures it was asked."""

    asked: list[int]

    def after(self, failed_count: int) -> timedelta:
        self.asked.append(failed_count)
        return timedelta(0)


def test_each_failure_waits_longer_until_it_works_again() -> None:
    waits = NotedWaits()
    object.__setattr__(waits, "asked", [])
    gone = SourceUnavailable("not reached")
    pace = Polling("meter", 0 * SECOND, HOLD, waits)

    Asked(gone, gone, gone, grid(1.0), gone, pace=pace).told()

    assert waits.asked == [0, 1, 2, 0]


def test_waits_are_one_second_to_a_minute() -> None:
    waits = Polling("meter", SECOND, HOLD).waits

    assert [waits.after(n).total_seconds() for n in range(8)] == [
        *(1, 2, 4, 8, 16, 32),
        *(60, 60),
    ]


def test_who_is_not_let_in_does_not_knock_again_at_once() -> None:
    inbox, asked = PowerInbox(), threading.Semaphore(0)

    def ask() -> PolledAnswer:
        asked.release()
        raise SourceAuthError("wrong key")

    slow = Waits(timedelta(0), timedelta(minutes=1))
    pace = Polling("meter", 0 * SECOND, HOLD, slow)
    power = PolledPower(pace, ask, inbox, lambda: NOON)
    power.start()

    assert asked.acquire(timeout=5)
    assert not asked.acquire(timeout=0.1)
    power.stop()
    assert inbox.take() == [Trouble("meter", "wrong key")]


def test_it_ends_within_a_second_while_a_host_hangs() -> None:
    inbox, hanging, released = PowerInbox(), threading.Event(), threading.Event()

    def ask() -> PolledAnswer:
        hanging.set()
        released.wait(10)
        return grid(1.0)

    power = PolledPower(POLLING, ask, inbox, lambda: NOON)
    power.start()
    assert hanging.wait(5)
    before = time.monotonic()
    power.stop()

    assert time.monotonic() - before < 1
    released.set()
    time.sleep(0.05)
    assert inbox.take() == []  # what came after the end is not heard


def test_it_ends_at_once_while_it_waits() -> None:
    inbox, hour = PowerInbox(), timedelta(hours=1)
    power = PolledPower(
        Polling("meter", hour, hour), lambda: grid(1.0), inbox, lambda: NOON
    )
    power.start()
    before = time.monotonic()
    power.stop()

    assert time.monotonic() - before < 0.5


def test_what_was_never_started_can_be_stopped() -> None:
    PolledPower(POLLING, lambda: grid(1.0), PowerInbox(), lambda: NOON).stop()
