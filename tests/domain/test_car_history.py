"""Drives and charges as a source tells them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from home_energy.domain.car_history import Charge, Drive
from home_energy.errors import DataError

BEGAN = datetime(2025, 3, 3, 21, tzinfo=UTC)
ENDED = BEGAN + timedelta(minutes=40)
DRIVE = Drive(BEGAN, ENDED, 30.0)
CHARGE = Charge(BEGAN, ENDED, 4.0)


@pytest.mark.parametrize("event", [DRIVE, CHARGE])
def test_it_does_not_end_before_it_began(event: Any) -> None:
    with pytest.raises(DataError, match="expected to end after it began"):
        replace(event, end=BEGAN - timedelta(seconds=1))


@pytest.mark.parametrize("event", [DRIVE, CHARGE])
def test_times_are_utc(event: Any) -> None:
    with pytest.raises(DataError, match="end of a"):
        replace(event, end=datetime(2025, 3, 4, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("event", "name"), [(DRIVE, "km"), (CHARGE, "added_kwh"), (CHARGE, "drawn_kwh")]
)
@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_amounts_are_0_or_more(event: Any, name: str, value: float) -> None:
    with pytest.raises(DataError, match=f"{name} must be 0 or more"):
        replace(event, **{name: value})


@pytest.mark.parametrize("event", [DRIVE, CHARGE])
@pytest.mark.parametrize("name", ["start_level_fraction", "end_level_fraction"])
@pytest.mark.parametrize("value", [-0.01, 1.01, 80.0])
def test_levels_are_shares(event: Any, name: str, value: float) -> None:
    with pytest.raises(DataError, match="expected a share between 0 and 1"):
        replace(event, **{name: value})


def test_a_drive_may_have_taken_less_than_nothing() -> None:
    # Down from a mountain a car comes home with more than it left with.
    assert replace(DRIVE, energy_kwh=-1.5).energy_kwh == -1.5


def test_what_a_source_does_not_tell_is_none() -> None:
    assert DRIVE.energy_kwh is None
    assert CHARGE.drawn_kwh is None
    assert CHARGE.place.name is None
