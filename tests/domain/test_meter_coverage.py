"""What is on record of one register: gaps, how sure, and where it stands still."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.coverage import Gap
from home_energy.domain.meter_coverage import (
    FlatRun,
    MeterCoverage,
    meter_coverage,
    missing_runs,
)
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Quality
from home_energy.domain.series import EnergySeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError

START = datetime(2025, 1, 1, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAN = np.nan


def look(
    kwh: list[float],
    quality: Quality | list[int] = Quality.ACTUAL,
    flow: Flow | None = Flow.GENERAL,
    step: timedelta = HOUR,
) -> MeterCoverage:
    values = np.array(kwh)
    given = quality if isinstance(quality, list) else [int(quality)] * len(kwh)
    qualities = np.where(np.isnan(values), 0, given).astype(np.uint8)
    grid = TimeGrid(START, step, len(kwh))
    return meter_coverage(EnergySeries(grid, values), qualities, flow)


def moving(count: int) -> list[float]:
    return [0.1 + 0.01 * (number % 7) for number in range(count)]


def test_gaps_at_both_ends_and_between_are_found() -> None:
    found = look([NAN, NAN, 0.1, 0.2, NAN, 0.3, 0.1, NAN])

    assert found.gaps == (
        Gap(START, START + 2 * HOUR),
        Gap(START + 4 * HOUR, START + 5 * HOUR),
        Gap(START + 7 * HOUR, START + 8 * HOUR),
    )
    assert found.longest_gap == Gap(START, START + 2 * HOUR)
    # 4 of 8 hours
    assert (found.covered_minutes, found.expected_minutes) == (240, 480)
    assert found.covered_fraction == 0.5


def test_a_whole_period_has_no_gap() -> None:
    found = look([0.1, 0.2])

    assert found.gaps == ()
    assert found.longest_gap is None
    assert found.covered_fraction == 1.0


def test_nothing_on_record_is_one_gap_and_has_no_shares() -> None:
    found = look([NAN, NAN])

    assert found.gaps == (Gap(START, START + 2 * HOUR),)
    assert found.covered_fraction == 0.0
    assert found.estimated_fraction is None
    assert found.flat_runs == ()


def test_an_empty_period_has_no_share() -> None:
    found = look([])

    assert found.covered_fraction is None
    assert (found.gaps, found.flat_runs) == ((), ())


def test_estimates_and_substitutes_are_shares_of_what_is_on_record() -> None:
    # Of four known hours one is an estimate and two are substitutes.
    found = look([0.1, 0.2, 0.3, 0.4, NAN], [2, 3, 3, 4, 0])

    assert (found.estimated_minutes, found.substituted_minutes) == (60, 120)
    assert (found.estimated_fraction, found.substituted_fraction) == (0.25, 0.5)


def test_one_value_for_a_day_is_flat_and_for_less_is_not() -> None:
    flat = look([*moving(3), *[0.5] * 24, *moving(2)])
    short = look([*moving(3), *[0.5] * 23, *moving(2)])

    # 0.5 kWh in an hour is 0.5 kW.
    assert flat.flat_runs == (FlatRun(START + 3 * HOUR, START + 27 * HOUR, 0.5),)
    assert flat.flat_runs[0].length == timedelta(days=1)
    assert short.flat_runs == ()


def test_the_value_of_a_flat_run_is_told_as_power() -> None:
    half_hour = timedelta(minutes=30)

    found = look([0.5] * 48, step=half_hour)

    # 0.5 kWh in half an hour is 1 kW.
    assert found.flat_runs == (FlatRun(START, START + 24 * HOUR, 1.0),)


@pytest.mark.parametrize(
    ("flow", "hours", "expected"),
    [
        (Flow.GENERAL, 23, 0),
        (Flow.GENERAL, 24, 1),
        (Flow.FEED_IN, 100, 0),  # a dull week end
        (Flow.FEED_IN, 168, 1),
        (Flow.CONTROLLED_LOAD, 100, 0),
        (Flow.CONTROLLED_LOAD, 168, 1),
        (None, 100, 0),
    ],
)
def test_zeros_are_flat_only_where_they_are_odd(
    flow: Flow | None, hours: int, expected: int
) -> None:
    found = look([*moving(2), *[0.0] * hours, *moving(2)], flow=flow)

    assert len(found.flat_runs) == expected


def test_a_gap_ends_a_flat_run() -> None:
    found = look([*[0.5] * 20, NAN, *[0.5] * 20])

    assert found.flat_runs == ()


def test_a_gap_is_not_flat() -> None:
    assert look([NAN] * 100).flat_runs == ()


def test_qualities_of_another_length_are_refused() -> None:
    grid = TimeGrid(START, HOUR, 2)
    energy = EnergySeries(grid, np.array([0.1, 0.2]))

    with pytest.raises(AlignmentError, match="3 qualities for 2 intervals"):
        meter_coverage(energy, np.zeros(3, dtype=np.uint8), None)


def test_runs_of_an_empty_axis_are_none() -> None:
    empty = np.zeros(0, dtype=np.bool_)

    assert missing_runs(empty, TimeGrid(START, HOUR, 0)) == ()
