"""A message is tried again while that may help, and nobody waits for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.announcing.notifications.moments import NOON
from tests.announcing.notifications.post_office import PostOffice, open_for

from home_energy.announcing.notifications.channels import Channel, Webhook
from home_energy.announcing.notifications.courier import Courier, Outcome
from home_energy.announcing.notifications.notice import Notice
from home_energy.errors import SourceAuthError, SourceError, SourceUnavailable
from home_energy.ingestion.waits import Waits

SPIKE = Notice("spike", "on", "Price spike", "dear", NOON, NOON)
OVER = replace(SPIKE, state="over", title="Spike over")
NEGATIVE = replace(SPIKE, about="negative-price", title="Negative price")
SHORT = Waits(first=timedelta(milliseconds=1), most=timedelta(milliseconds=4))
LONG = Waits(first=timedelta(seconds=60), most=timedelta(seconds=60))
DEADLINE_SECONDS = 10


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


class Way(Channel):
    """Fails as often as it is told to."""

    name = "way"
    _settings = "nowhere"
    _secret = "nothing"

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)
        self.tries: list[str] = []

    def post(self, notice: Notice) -> None:
        self.tries.append(notice.title)
        if self.errors:
            raise self.errors.pop(0)

    def _request(self, notice: Notice) -> dict[str, object]:
        raise AssertionError(notice)


def outcome_of(courier: Courier) -> SourceError | None:
    found: list[Outcome] = []

    def has_come() -> bool:
        outcome = courier.take_outcome()
        if outcome is not None:
            found.append(outcome)
        return bool(found)

    until(has_come)
    return found[0].error


def test_a_message_arrives_and_that_is_said_once() -> None:
    way = Way()
    courier = Courier(way)

    courier.send(SPIKE)

    assert outcome_of(courier) is None
    assert courier.take_outcome() is None
    assert way.tries == ["Price spike"]


def test_a_host_that_comes_back_gets_the_message() -> None:
    way = Way(SourceUnavailable("away"), SourceUnavailable("away"))
    courier = Courier(way, SHORT)

    courier.send(SPIKE)

    until(lambda: len(way.tries) == 3)
    until(lambda: outcome_of(courier) is None)
    assert courier.lost_count == 0


def test_what_a_person_must_mend_is_not_tried_again() -> None:
    way = Way(SourceAuthError("refused"))
    courier = Courier(way, SHORT)

    courier.send(SPIKE)
    assert isinstance(outcome_of(courier), SourceAuthError)
    until(lambda: courier.lost_count == 1)
    courier.send(NEGATIVE)

    assert outcome_of(courier) is None
    assert way.tries == ["Price spike", "Negative price"]


def test_a_message_is_given_up_after_its_time_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    way = Way(SourceUnavailable("away"))
    courier = Courier(way, SHORT, give_up_after=timedelta(0))

    courier.send(SPIKE)

    until(lambda: courier.lost_count == 1)
    assert way.tries == ["Price spike"]
    assert "'Price spike' was given up, 1 so far: away" in caplog.text


def test_a_newer_word_on_the_same_takes_the_place_of_an_older() -> None:
    way = Way(SourceUnavailable("away"))
    courier = Courier(way, LONG)

    courier.send(SPIKE)
    until(lambda: len(way.tries) == 1)
    courier.send(OVER)  # and does not wait for the minute to be over

    until(lambda: len(way.tries) == 2)
    assert way.tries == ["Price spike", "Spike over"]


def test_a_fault_of_ours_does_not_end_the_thread() -> None:
    way = Way(ValueError("what?"))
    courier = Courier(way, SHORT)

    courier.send(SPIKE)

    until(lambda: len(way.tries) == 2)


def test_a_dead_host_delays_neither_the_sender_nor_the_end() -> None:
    with open_for(PostOffice(hangs=True)) as office:
        courier = Courier(Webhook(office.url), SHORT)

        began = time.monotonic()
        for _ in range(100):
            courier.send(SPIKE)
        until(lambda: office.bodies)
        courier.close()
        took_seconds = time.monotonic() - began

    assert took_seconds < 4  # a bound: the host is waited for 5 s, by its own thread


def test_a_courier_without_a_message_has_no_thread() -> None:
    before = threading.active_count()

    courier = Courier(Way())

    assert threading.active_count() == before
    courier.close()
