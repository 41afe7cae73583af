"""Days that the record lacks are asked for until it has them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from home_energy.domain.time_grid import nem_day_start
from home_energy.ingestion.catch_up import CatchUp

HOUR = 3600.0
DAY = 24 * HOUR
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""12:00 NEM: 720 minutes of today are over, 690 of them long enough ago."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@dataclass
class Record:
    """A record in minutes a day, and a provider that has some days."""

    minutes: dict[date, int] = field(default_factory=dict)
    provider: set[date] = field(default_factory=set)
    asked: list[tuple[date, date]] = field(default_factory=list)

    def final_minutes(self, start: datetime, end: datetime) -> dict[date, int]:
        return {
            day: minutes
            for day, minutes in self.minutes.items()
            if start <= nem_day_start(day) < end
        }

    def fetch(self, first: date, last: date) -> int:
        self.asked.append((first, last))
        came = {day for day in self.provider if first <= day <= last}
        self.minutes |= dict.fromkeys(came, 1440)
        return len(came)

    def catch_up(self, look_back_days: int, *, includes_today: bool = True) -> CatchUp:
        return CatchUp(
            task="days",
            look_back_days=look_back_days,
            includes_today=includes_today,
            final_minutes=self.final_minutes,
            fetch=self.fetch,
        )


def full(days: int, today_minutes: int = 690) -> dict[date, int]:
    return {TODAY: today_minutes} | {ago(n): 1440 for n in range(1, days + 1)}


def ask_all(catch_up: CatchUp, now: datetime, steady_seconds: float) -> int:
    calls = 0
    while (chunk := catch_up.next_chunk(now, steady_seconds)) is not None:
        catch_up.ask(chunk, steady_seconds)
        calls += 1
    return calls


def fail(first: date, last: date) -> int:
    raise ConnectionError(first, last)


def test_an_empty_record_is_filled_newest_first_in_weeks() -> None:
    record = Record(provider={ago(n) for n in range(31)})

    ask_all(record.catch_up(30), NOON, 0.0)

    assert record.asked == [
        (ago(6), TODAY),
        (ago(13), ago(7)),
        (ago(20), ago(14)),
        (ago(27), ago(21)),
        (ago(30), ago(28)),
    ]


def test_a_full_record_reads_the_last_days_once_a_day_again() -> None:
    record = Record(minutes=full(30))
    catch_up = record.catch_up(30)

    assert ask_all(catch_up, NOON, 0.0) == 1
    assert ask_all(catch_up, NOON, DAY) == 0
    assert ask_all(catch_up, NOON, DAY + 1) == 1
    assert record.asked == [(ago(3), TODAY)] * 2


def test_usage_never_asks_for_today() -> None:
    record = Record()

    ask_all(record.catch_up(90, includes_today=False), NOON, 0.0)

    assert max(last for _, last in record.asked) == ago(1)


def test_a_hole_is_asked_for_together_with_what_is_due_near_it() -> None:
    record = Record(minutes=full(60) | {ago(40): 1435})

    ask_all(record.catch_up(60), NOON, 0.0)

    assert record.asked == [(ago(3), TODAY), (ago(40), ago(40))]


@pytest.mark.parametrize(
    ("age_days", "retry_seconds"),
    [(0, HOUR), (1, HOUR), (2, HOUR), (3, 6 * HOUR), (14, 6 * HOUR), (15, DAY)],
)
def test_a_day_that_does_not_come_is_asked_for_less_and_less(
    age_days: int, retry_seconds: float
) -> None:
    record = Record(minutes=full(30) | {ago(age_days): 100})
    catch_up = record.catch_up(30)
    ask_all(catch_up, NOON, 0.0)
    record.asked.clear()

    ask_all(catch_up, NOON, retry_seconds)
    too_early = list(record.asked)
    ask_all(catch_up, NOON, retry_seconds + 1)

    assert too_early == []
    assert any(first <= ago(age_days) <= last for first, last in record.asked)


def test_intervals_of_the_last_minutes_are_not_missing_yet() -> None:
    record = Record(minutes=full(9, today_minutes=690))
    catch_up = record.catch_up(9)

    assert catch_up.missing_days(ago(9), TODAY, NOON) == []
    later = NOON + timedelta(minutes=20)  # 720 minutes are now 20 minutes old
    assert catch_up.missing_days(ago(9), TODAY, later) == [TODAY]


def test_a_week_of_nothing_does_not_hide_the_weeks_before_it() -> None:
    provider = {ago(n) for n in range(60) if not 20 <= n < 34}
    record = Record(provider=provider)

    ask_all(record.catch_up(59), NOON, 0.0)

    assert set(record.minutes) == provider


def test_days_that_the_provider_never_had_cost_one_round_a_day() -> None:
    record = Record(provider={ago(n) for n in range(8)})
    catch_up = record.catch_up(90)

    first = ask_all(catch_up, NOON, 0.0)
    within_the_day = sum(ask_all(catch_up, NOON, hour * HOUR) for hour in range(1, 25))

    assert first == 13  # 91 days in weeks
    assert within_the_day <= 24 + 4 * 2  # today each hour, days 8 to 14 four times


def test_a_failed_question_is_not_taken_for_a_try() -> None:
    record = Record()
    catch_up = CatchUp("days", 9, True, record.final_minutes, fail)  # noqa: FBT003
    chunk = catch_up.next_chunk(NOON, 0.0)
    assert chunk is not None

    with pytest.raises(ConnectionError):
        catch_up.ask(chunk, 0.0)

    assert catch_up.next_chunk(NOON, 0.0) == chunk


def test_a_failed_task_is_tried_again_though_others_filled_its_hole() -> None:
    # Found by the chaos test: history failed while the network was down, the live
    # loop then closed the gap, and health called history broken for a day.
    record = Record(minutes=full(9))
    catch_up = record.catch_up(9)
    ask_all(catch_up, NOON, 0.0)
    record.minutes[TODAY] = 600
    fetch, catch_up.fetch = catch_up.fetch, fail
    with pytest.raises(ConnectionError):
        catch_up.ask((TODAY, TODAY), 2 * HOUR)
    catch_up.fetch = fetch
    record.minutes[TODAY] = 690

    chunk = catch_up.next_chunk(NOON, 2 * HOUR)
    assert chunk == (TODAY, TODAY)
    catch_up.ask(chunk, 2 * HOUR)
    assert catch_up.next_chunk(NOON, 2 * HOUR) is None


def test_after_an_outage_of_three_days_they_are_due_at_once() -> None:
    record = Record(minutes=full(30))
    catch_up = record.catch_up(30)
    ask_all(catch_up, NOON, 0.0)
    later = NOON + timedelta(days=3)

    chunk = catch_up.next_chunk(later, 3 * DAY)

    assert chunk == (TODAY, TODAY + timedelta(days=3))
