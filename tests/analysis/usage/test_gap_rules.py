"""What a gap is filled with, and when it is not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from home_energy.analysis.usage.gap_errors import measure_gap_rule
from home_energy.analysis.usage.gap_filling import GapFill, fill_gaps
from home_energy.analysis.usage.gap_rules import (
    GAP_RULES,
    line_then_mean,
    same_slot_median,
    slot_table,
)
from home_energy.analysis.usage.recorded_energy import (
    FILLED,
    FlowRecord,
    RecordedEnergy,
)
from home_energy.domain.meter_day import NO_QUALITY, Flow
from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import ConfigError, CoverageError

SYDNEY = ZoneInfo("Australia/Sydney")
HALF_HOUR = timedelta(minutes=30)
MONDAY = date(2025, 3, 3)


def local_grid(first: date, days: int, step: timedelta = HALF_HOUR) -> TimeGrid:
    start, end = (
        datetime.combine(day, datetime.min.time(), SYDNEY).astimezone(UTC)
        for day in (first, first + timedelta(days=days))
    )
    return TimeGrid.between(start, end, step)


def home(
    grid: TimeGrid, kwh: FloatArray, feed_in: FloatArray | None = None
) -> RecordedEnergy:
    def record(values: FloatArray) -> FlowRecord:
        known = ~np.isnan(values)
        quality = np.where(known, Quality.ACTUAL, NO_QUALITY).astype(np.uint8)
        return FlowRecord(values, quality, np.where(known, 0, -1).astype(np.int8))

    flows = {Flow.GENERAL: record(kwh)}
    if feed_in is not None:
        flows[Flow.FEED_IN] = record(feed_in)
    return RecordedEnergy(grid, ("nem12",), flows)


def three_weeks_of_sevens() -> tuple[TimeGrid, FloatArray]:
    """Three weeks from a Monday; every value is the number of its day, from 1."""
    grid = local_grid(MONDAY, 21)
    return grid, np.repeat(np.arange(1.0, 22.0), 48)


def test_the_median_is_of_days_of_the_same_kind() -> None:
    grid, kwh = three_weeks_of_sevens()
    kwh[48 * 2 : 48 * 3] = np.nan  # Wednesday, the third day
    kwh[48 * 5 : 48 * 6] = np.nan  # Saturday, the sixth

    filled, _ = fill_gaps(home(grid, kwh), "same_slot_median", SYDNEY)

    general = filled.flows[Flow.GENERAL].kwh
    # Weekdays 1 2 4 5 8 9 10 11 12 15 16 17 18 19: between 10 and 11.
    assert general[48 * 2 : 48 * 3].tolist() == [10.5] * 48
    # Weekend days 7 13 14 20 21.
    assert general[48 * 5 : 48 * 6].tolist() == [14.0] * 48


def test_a_day_is_filled_with_the_mean_and_an_hour_with_a_line() -> None:
    grid, kwh = three_weeks_of_sevens()
    kwh[48 * 2 : 48 * 3] = np.nan
    kwh[48 * 8] = 9.6
    kwh[48 * 8 + 1 : 48 * 8 + 3] = np.nan  # second Tuesday, the ninth day

    filled, _ = fill_gaps(home(grid, kwh), "line_then_mean", SYDNEY)

    general = filled.flows[Flow.GENERAL].kwh
    # Weekdays 1 2 4 5 8 9 10 11 12 15 16 17 18 19 sum to 147, of 14; the slots 1 and 2
    # lack the ninth day and have 138 of 13, and slot 0 has 147.6 of 14.
    assert general[48 * 2 + 5] == pytest.approx(10.5)
    assert general[48 * 2 + 1] == pytest.approx(138 / 13)
    assert general[48 * 2] == pytest.approx(147.6 / 14)
    # From 9.6 to 9 in three steps of 0.2.
    assert general[48 * 8 + 1 : 48 * 8 + 3] == pytest.approx([9.4, 9.2])


def test_a_line_needs_both_ends() -> None:
    grid, kwh = three_weeks_of_sevens()
    kwh[0] = np.nan

    filled, _ = fill_gaps(home(grid, kwh), "line_then_mean", SYDNEY)

    # Weekdays 2 3 4 5 8 9 10 11 12 15 16 17 18 19 sum to 149.
    assert filled.flows[Flow.GENERAL].kwh[0] == pytest.approx(149 / 14)


def test_only_three_weeks_on_either_side_count() -> None:
    grid = local_grid(date(2025, 4, 7), 70)  # from a Monday
    kwh = np.full(grid.count, 5.0)
    day = np.repeat(np.arange(70), 48)
    kwh[np.abs(day - 30) <= 21] = 1.0
    kwh[np.abs(day - 30) == 21] = 2.0
    kwh[day == 30] = np.nan

    filled, _ = fill_gaps(home(grid, kwh), "line_then_mean", SYDNEY)

    # 43 days around a Wednesday hold 31 weekdays, 30 without itself: 28 + 2 x 2 = 32.
    expected = np.full(48, 32 / 30)
    assert filled.flows[Flow.GENERAL].kwh[day == 30] == pytest.approx(expected)


def test_the_time_of_day_is_local_across_a_clock_change() -> None:
    # Daylight saving ends on 2025-04-06; from three o'clock a half-hour is 2 later.
    grid = local_grid(date(2025, 3, 24), 28)
    local = [moment.astimezone(SYDNEY) for moment in grid]
    kwh = np.array([float(moment.hour) for moment in local])
    gap = [n for n, moment in enumerate(local) if moment.date() == date(2025, 4, 8)]
    kwh[gap] = np.nan

    filled, _ = fill_gaps(home(grid, kwh), "same_slot_median", SYDNEY)

    hours = [float(half_hour // 2) for half_hour in range(48)]
    assert filled.flows[Flow.GENERAL].kwh[gap].tolist() == hours


def test_made_values_are_marked_and_counted_and_the_rest_is_untouched() -> None:
    grid, kwh = three_weeks_of_sevens()
    kwh[48 * 2 : 48 * 3] = np.nan
    feed_in = np.full(grid.count, 0.5)
    feed_in[0:2] = np.nan

    filled, fills = fill_gaps(home(grid, kwh, feed_in), "same_slot_median", SYDNEY)

    general = filled.flows[Flow.GENERAL]
    made = np.isnan(kwh)
    assert (general.source_index == FILLED).tolist() == made.tolist()
    assert set(general.quality[made].tolist()) == {Quality.ESTIMATE}
    assert general.kwh[~made].tolist() == kwh[~made].tolist()
    assert (general.missing_count, general.filled_count) == (0, 48)
    assert general.estimated_count == 0
    assert [(one.flow, one.filled_count) for one in fills] == [
        (Flow.GENERAL, 48),
        (Flow.FEED_IN, 2),
    ]
    assert fills[0].filled_kwh == pytest.approx(48 * 10.5)
    assert fills[0].longest_gap == timedelta(days=1)
    # 48 of 21 x 48 intervals
    assert str(fills[0]).startswith(
        "general: 48 of 1008 intervals (4.76%) were missing; 504.00 of"
    )
    assert "hidden gaps of 1 day come out" in str(fills[0])


def test_refuse_says_how_many_the_first_the_longest_and_what_to_do() -> None:
    grid, kwh = three_weeks_of_sevens()
    kwh[3] = np.nan
    kwh[48 * 2 : 48 * 2 + 6] = np.nan

    with pytest.raises(CoverageError) as error:
        fill_gaps(home(grid, kwh), "refuse", SYDNEY)

    said = str(error.value)
    assert "general lacks 7 of 1008 intervals" in said
    assert "the first at 2025-03-03 01:30" in said
    assert "the longest gap 3 hours from 2025-03-05 00:00" in said
    assert "--gap-rule line_then_mean" in said
    assert error.value.exit_code == 4


def test_without_gaps_every_rule_changes_nothing() -> None:
    grid, kwh = three_weeks_of_sevens()
    recorded = home(grid, kwh)

    for rule in ("refuse", *GAP_RULES):
        assert fill_gaps(recorded, rule, SYDNEY) == (recorded, ())


def test_more_than_a_quarter_of_a_month_is_refused_by_name() -> None:
    grid = local_grid(date(2025, 3, 1), 61)
    kwh = np.ones(grid.count)
    kwh[48 * 31 : 48 * 39] = np.nan  # 8 of April's 30 days, less the doubled hour

    with pytest.raises(CoverageError, match=r"27% of 2025-04 is missing"):
        fill_gaps(home(grid, kwh), "line_then_mean", SYDNEY)


def test_a_week_of_a_month_is_filled() -> None:
    grid = local_grid(date(2025, 3, 1), 61)
    kwh = np.ones(grid.count)
    kwh[48 * 31 : 48 * 38] = np.nan

    filled, _ = fill_gaps(home(grid, kwh), "line_then_mean", SYDNEY)

    assert filled.flows[Flow.GENERAL].kwh.tolist() == [1.0] * grid.count


def test_too_few_samples_are_refused_naming_the_interval() -> None:
    grid = local_grid(MONDAY, 14)
    kwh = np.ones(grid.count)
    kwh[48 * 5 + 20 : 48 * 6] = np.nan  # Saturday; a Sunday and a weekend remain
    kwh[48 * 6 + 40] = np.nan

    with pytest.raises(CoverageError, match=r"general at 2025-03-08 20:00 is missing"):
        fill_gaps(home(grid, kwh), "same_slot_median", SYDNEY)


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    grid, kwh = three_weeks_of_sevens()

    with pytest.raises(ConfigError, match="refuse, same_slot_median, line_then_mean"):
        fill_gaps(home(grid, kwh), "zero", SYDNEY)


def test_a_home_that_repeats_itself_is_filled_without_error() -> None:
    grid = local_grid(date(2025, 4, 8), 60)
    kwh = np.tile(np.arange(48.0), 60)

    errors = measure_gap_rule(kwh, grid, SYDNEY, same_slot_median)

    assert [error.length for error in errors] == [
        timedelta(minutes=30),
        timedelta(days=1),
        timedelta(weeks=1),
    ]
    for error in errors:
        assert error.bias_fraction == pytest.approx(0.0)
        assert error.interval_error_kwh == pytest.approx(0.0)
        assert error.gap_error_kwh == pytest.approx(0.0)


def test_the_median_of_rare_use_loses_all_of_it_and_the_mean_none() -> None:
    # 4 kWh at noon on every fourth day, from winter's regular clock.
    grid = local_grid(date(2025, 4, 8), 84)
    table = np.zeros((84, 48))
    table[::4, 24] = 4.0

    median, mean = (
        measure_gap_rule(table.ravel(), grid, SYDNEY, rule)[1]
        for rule in (same_slot_median, line_then_mean)
    )

    assert median.bias_fraction == pytest.approx(-1.0)
    assert mean.bias_fraction is not None
    assert abs(mean.bias_fraction) < 0.35
    # A day has 0 or 4 kWh: the mean gives about 1 of it each day.
    assert mean.day_error_kwh == pytest.approx(1.0, abs=0.5)


def test_the_same_seed_hides_the_same_gaps() -> None:
    grid = local_grid(MONDAY, 60)
    kwh = np.random.default_rng(5).random(grid.count)

    first, second, other = (
        measure_gap_rule(kwh, grid, SYDNEY, line_then_mean, seed) for seed in (1, 1, 2)
    )

    assert first == second
    assert first != other


def test_what_is_too_short_to_hide_a_week_is_measured_on_less() -> None:
    grid = local_grid(MONDAY, 6)
    kwh = np.ones(grid.count)

    errors = measure_gap_rule(kwh, grid, SYDNEY, same_slot_median)

    assert [error.length for error in errors] == [
        timedelta(minutes=30),
        timedelta(days=1),
    ]


def test_an_unmeasured_fill_says_so() -> None:
    fill = GapFill(
        "same_slot_median", Flow.GENERAL, 1, 9, 0.1, 1.0, HALF_HOUR, errors=()
    )

    assert "its error could not be measured" in str(fill)


def test_the_table_of_slots_knows_the_weekend() -> None:
    slots = slot_table(local_grid(MONDAY, 14), SYDNEY)

    assert np.flatnonzero(slots.is_weekend).tolist() == [5, 6, 12, 13]
