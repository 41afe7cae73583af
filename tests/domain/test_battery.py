"""A battery as its data sheet describes it."""

from dataclasses import replace

import pytest

from home_energy.domain.battery import Battery
from home_energy.errors import DataError

BATTERY = Battery("any", 13.5, 5.0, 10.0, 0.9, 0.8)


def test_round_trip_is_the_product_of_both_ways() -> None:
    assert BATTERY.round_trip_fraction == pytest.approx(0.72)


def test_the_reserve_cannot_be_worked_with() -> None:
    assert replace(BATTERY, reserve_fraction=0.2).workable_kwh == pytest.approx(10.8)


def test_nothing_is_kept_or_lost_unless_it_is_said() -> None:
    assert BATTERY.workable_kwh == 13.5
    assert BATTERY.standby_kw == 0
    assert BATTERY.warranty_years is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("usable_kwh", 0, "more than 0"),
        ("usable_kwh", float("inf"), "more than 0"),
        ("charge_kw", -1, "more than 0"),
        ("discharge_kw", float("nan"), "more than 0"),
        ("charge_efficiency_fraction", 0, "over 0 and at most 1"),
        ("charge_efficiency_fraction", 95, "over 0 and at most 1"),
        ("discharge_efficiency_fraction", 1.01, "over 0 and at most 1"),
        ("standby_kw", -0.1, "0 or more"),
        ("wear_c_per_kwh", -1, "0 or more"),
        ("calendar_fade_fraction_per_year", -0.1, "0 or more"),
        ("reserve_fraction", 1, "0 or more, below 1"),
        ("warranty_years", 0, "more than 0"),
        ("warranty_throughput_kwh", -5, "more than 0"),
    ],
)
def test_what_cannot_be_is_refused(name: str, value: float, said: str) -> None:
    with pytest.raises(DataError, match=f"{name} must be {said}"):
        replace(BATTERY, **{name: value})  # type: ignore[arg-type]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DataError) as told:
        replace(BATTERY, usable_kwh=-1, charge_kw=0, reserve_fraction=2)

    said = str(told.value)
    assert said.count("must be") == 3
    assert said.startswith("battery any:")
