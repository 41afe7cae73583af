"""A car on an axis: what is wanted of it when, and what cannot be."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.analysis.simulation.small_cars import with_car
from tests.analysis.simulation.small_homes import home

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.errors import AlignmentError, DataError


def _car(**changes: Any) -> CarOnAxis:
    """Five half-hours: away in the 3rd and 4th, unplugged in the 2nd."""
    car = with_car(
        home([0] * 5, [0] * 5, battery=None),
        trips_kwh={(2, 4): 55.0},
        unplugged=[1],
        start_stored_kwh=7,
        ready_kwh={1: 20, 2: 30, 4: 10},
    ).car
    assert car is not None
    return replace(car, **changes)


def test_a_level_is_wanted_only_where_the_car_was_plugged_in_until_then() -> None:
    # Before the 2nd interval 20: plugged in until then. Before the 3rd and 5th it was
    # not. At the end the level of the start.
    assert _car().wanted_kwh.tolist() == [0, 20, 0, 0, 0, 7]


def test_no_more_than_a_full_car_can_be_had_for_a_trip() -> None:
    assert _car().coverable_kwh.tolist() == [0, 0, 40, 0, 0]


def test_what_is_missing_counts_a_little_less_than_charging_elsewhere() -> None:
    assert _car(public_c_per_kwh=100.0).short_c_per_kwh == pytest.approx(99)


def test_a_car_in_two_places_is_refused() -> None:
    with pytest.raises(DataError, match="plugged in and away in interval 2"):
        _car(is_plugged=np.array([True, False, True, False, True]))


def test_a_trip_of_a_car_that_is_at_home_is_refused() -> None:
    with pytest.raises(DataError, match="in interval 0, in which the car is not away"):
        _car(trip_kwh=np.array([1.0, 0, 0, 0, 0]))


@pytest.mark.parametrize("start", [-0.1, 40.1])
def test_a_start_that_does_not_fit_is_refused(start: float) -> None:
    with pytest.raises(DataError, match=r"within 0 and 40\.0 kWh"):
        _car(start_stored_kwh=start)


@pytest.mark.parametrize(
    "name", ["is_plugged", "would_plug", "trip_kwh", "trip_km", "ready_kwh"]
)
def test_rows_of_another_length_are_refused(name: str) -> None:
    with pytest.raises(AlignmentError, match=rf"CarOnAxis\.{name} has shape \(4,\)"):
        _car(**{name: getattr(_car(), name)[:4]})
