"""Whose word counts for five minutes, and when nobody's does."""

from datetime import UTC, datetime

import numpy as np
from tests.analysis.running_costs.measured_home import mean, meters
from tests.dashboard.recorded_home import FIVE_MINUTES

from home_energy.analysis.running_costs.grid_power import grid_watts_on
from home_energy.domain.power import PowerMean, Stream
from home_energy.domain.time_grid import TimeGrid
from home_energy.settings.power import PowerSettings

START = datetime(2026, 11, 22, 1, tzinfo=UTC)
NEXT = START + FIVE_MINUTES
GRID = TimeGrid(START, FIVE_MINUTES, 2)
NAN = float("nan")


def watts(
    told: list[PowerMean], settings: PowerSettings, *, exports: bool = True
) -> list[float]:
    rule = settings.stream_rule(is_exporting_home=exports)
    return list(grid_watts_on(told, rule, GRID))


def test_five_minutes_of_which_less_than_four_were_heard_are_a_hole() -> None:
    told = [
        mean(START, 500.0, covered_seconds=239.0),
        mean(NEXT, 600.0, covered_seconds=240.0),
    ]

    found = watts(told, meters(("meter", Stream.GRID)))

    np.testing.assert_equal(found, [NAN, 600.0])


def test_a_spare_meter_counts_where_the_first_is_silent() -> None:
    settings = meters(("first", Stream.GRID), ("spare", Stream.GRID))
    told = [
        mean(START, 100.0, "first"),
        mean(START, 900.0, "spare"),
        mean(NEXT, 700.0, "first", covered_seconds=60.0),
        mean(NEXT, 800.0, "spare"),
    ]

    assert watts(told, settings) == [100.0, 800.0]


def test_phases_are_summed_if_all_are_known() -> None:
    phases = (("a", Stream.GRID), ("b", Stream.GRID))
    told = [mean(START, 100.0, "a"), mean(START, -30.0, "b"), mean(NEXT, 100.0, "a")]

    found = watts(told, meters(*phases, summed=(Stream.GRID,)))

    np.testing.assert_equal(found, [70.0, NAN])


def test_the_grid_is_load_less_what_panels_and_battery_give() -> None:
    settings = meters(
        ("ct", Stream.LOAD), ("roof", Stream.SOLAR), ("cells", Stream.BATTERY)
    )
    told = [
        mean(START, 800.0, "ct", Stream.LOAD),
        mean(START, 3000.0, "roof", Stream.SOLAR),
        mean(START, -500.0, "cells", Stream.BATTERY),
        mean(NEXT, 800.0, "ct", Stream.LOAD),
        mean(NEXT, 0.0, "roof", Stream.SOLAR),
    ]

    # 800 - 3000 + 500; then the battery is silent.
    np.testing.assert_equal(watts(told, settings), [-1700.0, NAN])


def test_load_alone_does_not_tell_the_grid_of_a_home_that_exports() -> None:
    settings = meters(("ct", Stream.LOAD))
    told = [mean(START, 800.0, "ct", Stream.LOAD)]

    np.testing.assert_equal(watts(told, settings), [NAN, NAN])
    np.testing.assert_equal(watts(told, settings, exports=False), [800.0, NAN])


def test_a_source_that_was_not_set_up_does_not_count() -> None:
    told = [mean(START, 800.0, "stranger")]

    np.testing.assert_equal(watts(told, meters(("meter", Stream.GRID))), [NAN, NAN])
