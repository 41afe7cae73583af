"""Usage of one year on the days of another."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.usage.moved_year import MovedYear, move_year
from home_energy.analysis.usage.recorded_energy import FlowRecord, RecordedEnergy
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.errors import AlignmentError, CoverageError

SYDNEY = ZoneInfo("Australia/Sydney")
BRISBANE = ZoneInfo("Australia/Brisbane")
JULY_2011 = date(2011, 7, 1)
HALF_HOUR = timedelta(minutes=30)


def local_grid(first: date, following: date, zone: ZoneInfo = SYDNEY) -> TimeGrid:
    start, end = (
        datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
        for day in (first, following)
    )
    return TimeGrid.between(start, end, HALF_HOUR)


def usage(grid: TimeGrid, kwh: FloatArray) -> RecordedEnergy:
    quality = np.full(grid.count, Quality.ACTUAL, dtype=np.uint8)
    source = np.zeros(grid.count, dtype=np.int8)
    flows = {Flow.GENERAL: FlowRecord(kwh, quality, source)}
    return RecordedEnergy(grid, ("table:gross",), flows)


def numbered(first: date, following: date, zone: ZoneInfo = SYDNEY) -> RecordedEnergy:
    """Each interval holds its own number."""
    grid = local_grid(first, following, zone)
    return usage(grid, np.arange(float(grid.count)))


def local_year(year: int, zone: ZoneInfo) -> TimeGrid:
    return TimeGrid.calendar_year(year, zone, HALF_HOUR)


def of_2011(year: int = 2025) -> MovedYear:
    record = numbered(JULY_2011, date(2012, 7, 1))
    return move_year(record, JULY_2011, local_year(year, SYDNEY), SYDNEY)


def taken(moved: MovedYear, day: date) -> list[datetime]:
    """Local times from which a day's intervals were taken."""
    grid = moved.energy.grid
    source = local_grid(JULY_2011, date(2012, 7, 1))
    numbers = moved.energy.flows[Flow.GENERAL].kwh
    return [
        (source.start + int(numbers[n]) * HALF_HOUR).astimezone(SYDNEY)
        for n, moment in enumerate(grid)
        if moment.astimezone(SYDNEY).date() == day
    ]


def test_a_day_takes_the_same_week_and_weekday() -> None:
    days = of_2011().source_days

    # 2025-01-01 is the Wednesday of week 1, which in 2012 is 2 to 8 January.
    assert days[date(2025, 1, 1)] == date(2012, 1, 4)
    # 2025-12-31 is the Wednesday of week 1 of 2026.
    assert days[date(2025, 12, 31)] == date(2012, 1, 4)
    # 2025-12-28 is the Sunday of week 52, which in 2011 is 26 December to 1 January.
    assert days[date(2025, 12, 28)] == date(2012, 1, 1)
    # 2025-07-02 is the Wednesday of week 27, which in 2011 is 4 to 10 July.
    assert days[date(2025, 7, 2)] == date(2011, 7, 6)
    # 2025-06-27 is the Friday of week 26, which the usage has at both its ends, on
    # 2011-07-01, 4 days on, and on 2012-06-29, 2 days on.
    assert days[date(2025, 6, 27)] == date(2012, 6, 29)


def test_a_week_53_takes_the_nearest_day_of_its_weekday() -> None:
    # 2026-12-28 is the Monday of week 53: 2011-12-26 is 2 days back, 2012-01-02 is 5
    # on. Neither year of the usage has a week 53.
    days = of_2011(2026).source_days

    assert days[date(2026, 12, 28)] == date(2011, 12, 26)


def test_every_day_has_its_weekday_and_its_season() -> None:
    days = of_2011().source_days

    assert len(days) == 365
    assert all(to.weekday() == of.weekday() for to, of in days.items())
    apart = [
        min(abs((of.replace(year=y) - to).days) for y in (2024, 2025, 2026))
        for to, of in days.items()
        if (of.month, of.day) != (2, 29)
    ]
    assert max(apart) == 4


def test_nearly_every_day_of_the_usage_is_taken_once() -> None:
    used = Counter(of_2011().source_days.values())

    # Week 1 is 1 to 5 January and 29 to 31 December; it has one Wednesday of usage.
    assert [day for day, count in used.items() if count > 1] == [date(2012, 1, 4)]
    assert max(used.values()) == 2
    # Of 366 days 364 are taken: not 2011-07-01 and 2011-07-02, whose week is there
    # again at the end.
    assert len(used) == 364


def test_the_times_of_an_ordinary_day_are_kept() -> None:
    local = taken(of_2011(), date(2025, 3, 5))

    assert [moment.strftime("%H:%M") for moment in local[:3]] == [
        "00:00",
        "00:30",
        "01:00",
    ]
    assert {moment.date() for moment in local} == {date(2012, 3, 7)}
    assert len(local) == 48


def test_a_repeated_hour_takes_the_usage_twice() -> None:
    # 2025-04-06 has 25 hours and takes 2012-04-08, which has 24.
    moved = of_2011()

    local = taken(moved, date(2025, 4, 6))

    assert len(local) == 50
    assert [moment.strftime("%H:%M") for moment in local[3:9]] == [
        "01:30",
        "02:00",
        "02:30",
        "02:00",
        "02:30",
        "03:00",
    ]
    assert moved.repeated_count == 2


def test_a_repeated_hour_of_the_usage_is_taken_once() -> None:
    # 2025-03-30 has 24 hours and takes 2012-04-01, which has 25.
    moved = of_2011()

    local = taken(moved, date(2025, 3, 30))

    assert {moment.date() for moment in local} == {date(2012, 4, 1)}
    assert len(local) == 48
    assert [(m.strftime("%H:%M"), m.fold) for m in local[4:7]] == [
        ("02:00", 0),
        ("02:30", 0),
        ("03:00", 0),
    ]


def test_two_short_days_fit_each_other() -> None:
    # In 2011 and in 2022 the clock goes forward on the Sunday of week 39.
    moved = of_2011(2022)

    local = taken(moved, date(2022, 10, 2))

    assert len(local) == 46
    assert {moment.date() for moment in local} == {date(2011, 10, 2)}
    assert moved.borrowed_count == 0


def test_an_hour_that_the_usage_lacks_is_taken_from_the_week_before() -> None:
    # 2025-09-28 is a Sunday of 24 hours and takes 2011-10-02, which has 23.
    moved = of_2011()

    local = taken(moved, date(2025, 9, 28))

    assert [(m.date(), m.hour) for m in local[3:7]] == [
        (date(2011, 10, 2), 1),
        (date(2011, 9, 25), 2),
        (date(2011, 9, 25), 2),
        (date(2011, 10, 2), 3),
    ]
    assert moved.borrowed_count == 2


def test_the_skipped_hour_of_the_year_is_left_out() -> None:
    # 2025-10-05 has 23 hours and takes 2011-10-09, which has 24; and 2025-03-30 takes
    # 2012-04-01, of 25 hours: two half-hours each.
    moved = of_2011()

    local = taken(moved, date(2025, 10, 5))

    assert {moment.date() for moment in local} == {date(2011, 10, 9)}
    assert [moment.hour for moment in local[3:5]] == [1, 3]
    assert moved.dropped_count == 4


def test_a_leap_day_takes_a_day_beside_it() -> None:
    # 2024-02-29 is the Thursday of week 9, as 2012-03-01 is.
    moved = of_2011(2024)

    assert len(moved.source_days) == 366
    assert moved.source_days[date(2024, 2, 29)] == date(2012, 3, 1)


def test_a_year_moved_onto_itself_is_itself() -> None:
    record = numbered(date(2025, 1, 1), date(2026, 1, 1))

    moved = move_year(record, date(2025, 1, 1), local_year(2025, SYDNEY), SYDNEY)

    general = moved.energy.flows[Flow.GENERAL].kwh
    assert general.tolist() == list(range(record.grid.count))
    assert all(to == of for to, of in moved.source_days.items())
    assert moved.repeated_count == moved.dropped_count == moved.borrowed_count == 0


def test_a_clock_without_daylight_saving_moves_whole_days() -> None:
    record = numbered(date(2024, 7, 1), date(2025, 7, 1), BRISBANE)

    moved = move_year(record, date(2024, 7, 1), local_year(2025, BRISBANE), BRISBANE)

    assert moved.repeated_count == moved.dropped_count == moved.borrowed_count == 0
    # The first half of 2025 is in the usage: its days take themselves.
    assert moved.source_days[date(2025, 3, 14)] == date(2025, 3, 14)


def test_quality_source_and_gaps_travel_along() -> None:
    record = numbered(JULY_2011, date(2012, 7, 1))
    general = record.flows[Flow.GENERAL]
    march = [
        n
        for n, moment in enumerate(record.grid)
        if moment.astimezone(SYDNEY).date() == date(2012, 3, 7)
    ]
    general.kwh[march] = np.nan
    general.quality[march] = 0
    general.source_index[march] = -1

    moved = move_year(record, JULY_2011, local_year(2025, SYDNEY), SYDNEY)

    found = moved.energy.flows[Flow.GENERAL]
    assert found.missing_count == 48
    assert int(np.count_nonzero(found.source_index == -1)) == 48
    assert moved.energy.sources == ("table:gross",)


def test_every_result_says_where_its_usage_is_from_and_what_it_sums_to() -> None:
    grid = local_grid(JULY_2011, date(2012, 7, 1))
    moved = move_year(
        usage(grid, np.full(grid.count, 0.5)),
        JULY_2011,
        local_year(2025, SYDNEY),
        SYDNEY,
    )

    assert moved.label == "usage of 2011-07..2012-06 moved onto 2025"
    # 366 and 365 days of 24 kWh
    assert moved.recorded_kwh[Flow.GENERAL] == pytest.approx(8784.0)
    assert moved.moved_kwh[Flow.GENERAL] == pytest.approx(8760.0)
    notes = " | ".join(moved.notes)
    assert "at most 4 days apart" in notes
    assert "2 intervals taken twice" in notes
    assert "general: 8784.0 kWh recorded, 8760.0 kWh moved (-0.27%)" in notes


def test_usage_of_half_a_year_is_refused() -> None:
    record = numbered(JULY_2011, date(2012, 1, 1))

    with pytest.raises(CoverageError, match=r"has no .* which 2025 needs"):
        move_year(record, JULY_2011, local_year(2025, SYDNEY), SYDNEY)


def test_usage_that_begins_on_another_day_is_refused() -> None:
    record = numbered(date(2011, 7, 2), date(2012, 7, 1))

    with pytest.raises(AlignmentError, match="local midnight of 2011-07-01"):
        move_year(record, JULY_2011, local_year(2025, SYDNEY), SYDNEY)


def test_the_markets_year_takes_the_first_hour_of_a_day_more() -> None:
    # NEM 2025 ends at 2026-01-01 01:00 in Sydney: that hour is of the Thursday of week
    # 1, which in 2012 was 5 January.
    record = numbered(JULY_2011, date(2012, 7, 1))
    grid = TimeGrid(nem_day_start(date(2025, 1, 1)), HALF_HOUR, 17_520)

    moved = move_year(record, JULY_2011, grid, SYDNEY)

    assert moved.year == 2025
    assert moved.dropped_count == of_2011().dropped_count  # not what the ends cut off
    assert moved.source_days[date(2026, 1, 1)] == date(2012, 1, 5)
    assert not np.any(np.isnan(moved.energy.flows[Flow.GENERAL].kwh))


def test_usage_of_another_step_is_refused() -> None:
    record = numbered(JULY_2011, date(2012, 7, 1))
    grid = TimeGrid.calendar_year(2025, SYDNEY, timedelta(minutes=5))

    with pytest.raises(AlignmentError, match="steps of 0:30:00"):
        move_year(record, JULY_2011, grid, SYDNEY)
