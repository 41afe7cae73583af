"""A time away from home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from home_energy.domain.trip import Trip
from home_energy.errors import DataError

LEAVES = datetime(2025, 3, 3, 21, tzinfo=UTC)
TRIP = Trip(LEAVES, LEAVES + timedelta(hours=9), 40.0, 6.0)


@pytest.mark.parametrize("back", [LEAVES, LEAVES - timedelta(minutes=1)])
def test_it_ends_after_it_began(back: datetime) -> None:
    with pytest.raises(DataError, match="expected to arrive after departing"):
        replace(TRIP, arrive=back)


@pytest.mark.parametrize("name", ["km", "energy_kwh"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_what_it_took_is_a_number(name: str, value: Any) -> None:
    with pytest.raises(DataError, match=f"{name} must be 0 or more"):
        replace(TRIP, **{name: value})


@pytest.mark.parametrize("name", ["depart", "arrive"])
def test_times_are_utc(name: str) -> None:
    naive: Any = datetime(2025, 3, 4, 12)  # noqa: DTZ001

    with pytest.raises(DataError, match=f"Trip.{name}"):
        replace(TRIP, **{name: naive})


def test_trips_are_in_order_of_departure() -> None:
    later = replace(TRIP, depart=LEAVES + timedelta(hours=1))

    assert sorted([later, TRIP]) == [TRIP, later]
