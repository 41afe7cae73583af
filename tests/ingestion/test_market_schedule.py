"""When the price is asked for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from home_energy.domain.price import Channel, Price, Quality
from home_energy.ingestion.market_schedule import (
    TICK,
    PollState,
    is_settled,
    next_poll,
)

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def price(start_seconds: float, minutes: int, quality: Quality) -> Price:
    return Price(Channel.GENERAL, at(start_seconds), minutes, 25.5, quality)


@pytest.mark.parametrize(
    ("now_seconds", "last", "expected_seconds"),
    [
        (0, None, 0),  # nothing known: at once
        (137, None, 137),
        (0, (-10, True), 2),  # settled in the tick before: with the boundary
        (1, (-298, True), 2),
        (4, (2, False), 20),  # an estimate: around the usual time
        (21, (20, False), 24),
        (25, (24, False), 29),
        (30, (29, False), 36),
        (51, (50, False), 80),
        (81, (80, False), 110),
        (261, (260, False), 290),
        (295, (290, False), 302),  # the tick has nothing more
        (25, (24, True), 302),  # confirmed: quiet until the next boundary
        (299, (2, True), 302),
        (100, (24, False), 29),  # held up: its time is past, so at once
        (10_000, (24, True), 9902),  # after a suspend of hours: at once
        (10, (4000, True), 10),  # the clock was set back: the last counts as none
        (10, (4000, False), 10),
        (10, (11, True), 302),  # within the grain of Amber's whole seconds
        (1, (-2, False), 2),
    ],
)
def test_next_poll_by_hand(
    now_seconds: float, last: tuple[float, bool] | None, expected_seconds: float
) -> None:
    state = None if last is None else PollState(at(last[0]), last[1])

    assert next_poll(at(now_seconds), state) == at(expected_seconds)


@given(
    confirmed_after=st.floats(5, 900),
    answer_seconds=st.floats(0.05, 20),
    start_seconds=st.floats(2, 300),
)
@example(confirmed_after=900.0, answer_seconds=0.05, start_seconds=300.0)
def test_polls_move_on_and_never_crowd_a_tick(
    confirmed_after: float, answer_seconds: float, start_seconds: float
) -> None:
    polls: list[datetime] = []
    now, last = at(start_seconds), None
    while now < at(1800):
        moment = max(next_poll(now, last), now)
        polls.append(moment)
        now = moment + timedelta(seconds=answer_seconds)
        into_tick = (now - NOON) % TICK
        last = PollState(now, into_tick >= timedelta(seconds=confirmed_after))

    # The first poll is the start's own; the schedule counts from then on.
    ticks = [(moment - NOON) // TICK for moment in polls[1:]]
    assert all(one < next_ for one, next_ in pairwise(polls))
    assert max(ticks.count(tick) for tick in ticks) <= 14


@given(st.floats(0, 299), st.floats(0, 299))
def test_after_settled_it_is_quiet_until_the_next_boundary(
    one: float, other: float
) -> None:
    asked, now = sorted((one, other))

    assert next_poll(at(now), PollState(at(asked), is_settled=True)) == at(302)


@given(st.floats(-1e6, 1e6), st.builds(PollState, st.datetimes(), st.booleans()))
def test_the_next_poll_is_never_further_than_a_tick(
    now: float, last: PollState
) -> None:
    last = PollState(last.asked_at.replace(tzinfo=UTC), last.is_settled)

    moment = next_poll(at(now), last)

    assert moment - at(now) <= TICK + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("start_seconds", "minutes", "quality", "asked_seconds", "word"),
    [
        (0, 5, Quality.ESTIMATE, 2, "open"),
        (0, 5, Quality.ESTIMATE, 299, "open"),  # a 5-minute price is waited for
        (0, 5, Quality.ACTUAL, 2, "settled"),
        (0, 30, Quality.ESTIMATE, 2, "open"),
        (0, 30, Quality.ESTIMATE, 28, "open"),
        (0, 30, Quality.ESTIMATE, 29, "settled"),  # first tick: the mean so far is in
        (-1200, 30, Quality.ESTIMATE, 29, "settled"),  # fifth tick
        (-1500, 30, Quality.ESTIMATE, 29, "open"),  # last tick: it will be confirmed
        (-1500, 30, Quality.ESTIMATE, 290, "open"),
        (-1500, 30, Quality.ACTUAL, 22, "settled"),
    ],
)
def test_settled_by_hand(
    start_seconds: float,
    minutes: int,
    quality: Quality,
    asked_seconds: float,
    word: str,
) -> None:
    found = is_settled(price(start_seconds, minutes, quality), at(asked_seconds))

    assert found is (word == "settled")
