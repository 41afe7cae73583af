"""Fifty calls in 300 s for the whole household, and never all of them ours."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.demo.clocks import SteppedClock
from home_energy.demo.quota import Quota
from home_energy.errors import RateLimited
from home_energy.ingestion.sources.call_budget import CallBudget, Reserve

START = datetime(2026, 11, 22, 2, 1, 40, tzinfo=UTC)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def budget(clock: SteppedClock) -> CallBudget:
    return CallBudget("prices", clock)


def may_call(budget: CallBudget, reserve: Reserve) -> bool:
    try:
        budget.spend(reserve)
    except RateLimited:
        return False
    return True


def spend_all(budget: CallBudget, reserve: Reserve) -> int:
    """Calls that may be made at once."""
    count = 0
    while may_call(budget, reserve):
        count += 1
    return count


def wait_seconds(budget: CallBudget, clock: SteppedClock) -> float:
    with pytest.raises(RateLimited) as caught:
        budget.spend(Reserve.LIVE)
    return (caught.value.retry_at - clock.now()).total_seconds()


def test_live_leaves_ten_calls_and_background_thirty(clock: SteppedClock) -> None:
    assert spend_all(CallBudget("prices", clock), Reserve.LIVE) == 40
    assert spend_all(CallBudget("prices", clock), Reserve.BACKGROUND) == 20


def test_live_goes_on_where_background_stops(budget: CallBudget) -> None:
    assert spend_all(budget, Reserve.BACKGROUND) == 20
    assert spend_all(budget, Reserve.LIVE) == 20


def test_calls_of_other_tools_count(budget: CallBudget) -> None:
    budget.learn({"RateLimit-Remaining": "31", "RateLimit-Reset": "200"})

    assert spend_all(budget, Reserve.BACKGROUND) == 1
    assert spend_all(budget, Reserve.LIVE) == 20


def test_a_spent_window_ends_at_its_reset(
    budget: CallBudget, clock: SteppedClock
) -> None:
    budget.learn({"RateLimit-Remaining": "0", "RateLimit-Reset": "100"})

    assert wait_seconds(budget, clock) == 102  # two seconds after the reset
    clock.advance(101)
    assert not may_call(budget, Reserve.LIVE)
    clock.advance(1)
    assert spend_all(budget, Reserve.LIVE) == 40


def test_two_bursts_around_a_reset_stay_within_one_window(
    budget: CallBudget, clock: SteppedClock
) -> None:
    budget.learn({"RateLimit-Remaining": "50", "RateLimit-Reset": "2"})
    assert spend_all(budget, Reserve.LIVE) == 40

    clock.advance(10)  # a new window of Amber's, but not of ours

    assert spend_all(budget, Reserve.LIVE) == 0
    assert wait_seconds(budget, clock) == 290


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"RateLimit-Remaining": "", "RateLimit-Reset": ""},
        {"RateLimit-Remaining": "many", "RateLimit-Reset": "soon"},
        {"RateLimit-Remaining": "-3", "RateLimit-Reset": "-1"},
        {"RateLimit-Remaining": "3.5", "RateLimit-Reset": "1e9"},
        {"RateLimit-Remaining": "9" * 5000, "RateLimit-Reset": "9" * 5000},
        {"RateLimit-Reset": "1795312900"},  # a time, not a number of seconds
    ],
)
def test_headers_that_say_nothing_change_nothing(
    budget: CallBudget, clock: SteppedClock, headers: Mapping[str, str]
) -> None:
    budget.learn(headers)

    assert spend_all(budget, Reserve.LIVE) == 40
    assert wait_seconds(budget, clock) == 300


@pytest.mark.parametrize("reset", ["1795312900", "x", "9" * 5000])
def test_a_429_with_an_odd_reset_is_a_throttle(
    budget: CallBudget, clock: SteppedClock, reset: str
) -> None:
    error = budget.refused({"RateLimit-Reset": reset})

    assert error.retry_at == clock.now() + timedelta(seconds=1)


def test_ten_thousand_throttles_still_wait_five_minutes(
    budget: CallBudget, clock: SteppedClock
) -> None:
    for _ in range(10_000):
        error = budget.refused({})

    assert error.retry_at == clock.now() + timedelta(seconds=300)


def test_an_honest_answer_ends_the_doubling(
    budget: CallBudget, clock: SteppedClock
) -> None:
    for _ in range(5):
        budget.refused({})
    budget.learn({})

    assert budget.refused({}).retry_at == clock.now() + timedelta(seconds=1)


Schedule = st.lists(
    st.tuples(st.floats(0, 120), st.sampled_from(Reserve)), min_size=60, max_size=300
)


@given(schedule=Schedule)
def test_never_more_than_fifty_calls_in_any_window_without_headers(
    schedule: list[tuple[float, Reserve]],
) -> None:
    clock = SteppedClock(START)
    budget = CallBudget("prices", clock)
    made_at: list[float] = []
    for pause_seconds, reserve in schedule:
        clock.advance(pause_seconds if pause_seconds > 60 else pause_seconds / 60)
        if may_call(budget, reserve):
            made_at.append(clock.boottime_seconds())

    assert most_in_300_seconds(made_at) <= 40


@given(schedule=Schedule, others=st.lists(st.integers(0, 12), max_size=300))
def test_beside_other_tools_the_account_is_never_refused_for_us(
    schedule: list[tuple[float, Reserve]], others: list[int]
) -> None:
    clock = SteppedClock(START)
    budget, amber = CallBudget("prices", clock), Quota()
    made_at: list[float] = []
    for number, (pause_seconds, reserve) in enumerate(schedule):
        clock.advance(pause_seconds if pause_seconds > 60 else pause_seconds / 60)
        if not may_call(budget, reserve):
            continue
        made_at.append(clock.boottime_seconds())
        standing = amber.spend(clock.now())
        # What others took since our last answer is within the ten left to them.
        assert not standing.is_refused
        budget.learn(standing.headers())
        left = standing.remaining_calls
        for _ in range(min(others[number], left) if number < len(others) else 0):
            if left > 40:  # they stop well before the end, as we do
                amber.spend(clock.now())

    assert most_in_300_seconds(made_at) <= 40


def most_in_300_seconds(made_at: list[float]) -> int:
    return max(
        (sum(1 for other in made_at if 0 <= other - first < 300) for first in made_at),
        default=0,
    )
