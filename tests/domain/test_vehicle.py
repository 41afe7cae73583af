"""A car that cannot be is refused."""

from dataclasses import replace
from typing import Any

import pytest

from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError

CAR = Vehicle("some car", 57.0, 7.4, 11.0, 150.0)


@pytest.mark.parametrize(
    "name",
    [
        "usable_kwh",
        "single_phase_kw",
        "three_phase_kw",
        "wh_per_km",
        "warranty_years",
        "warranty_km",
        "warranted_capacity_fraction",
    ],
)
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_what_is_not_more_than_nothing_is_refused(name: str, value: Any) -> None:
    with pytest.raises(DataError, match=f"some car: {name} must be more than 0"):
        replace(CAR, **{name: value})


def test_a_warranty_may_be_unknown() -> None:
    assert CAR.warranty_km is None


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DataError, match=r"usable_kwh .*; wh_per_km "):
        replace(CAR, usable_kwh=-1, wh_per_km=0)
