"""The charger on the wall, and the least it gives."""

from dataclasses import replace
from typing import Any

import pytest

from home_energy.domain.charger import Charger
from home_energy.errors import DataError

BOTH_WAYS = Charger("both ways", 1, 7.0, 0.94, 5.0, 0.93)


def test_the_least_power_is_six_ampere_on_every_phase() -> None:
    # 6 A x 230 V = 1.38 kW a phase.
    assert Charger("one", 1, 7.36, 0.92).least_kw == pytest.approx(1.38)
    assert Charger("three", 3, 11.04, 0.92).least_kw == pytest.approx(4.14)


def test_a_least_power_that_is_told_goes_before() -> None:
    assert replace(BOTH_WAYS, least_charge_kw=0.0).least_kw == 0
    assert replace(BOTH_WAYS, least_charge_kw=2.0).least_kw == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("phases", 2, "1 or 3"),
        ("charge_kw", 0, "more than 0"),
        ("charge_kw", float("inf"), "more than 0"),
        ("charge_efficiency_fraction", 0, "over 0 and at most 1"),
        ("charge_efficiency_fraction", 1.01, "over 0 and at most 1"),
        ("discharge_kw", -1, "0 or more"),
        ("discharge_efficiency_fraction", None, "where it discharges"),
        ("discharge_efficiency_fraction", 1.01, "where it discharges"),
        ("discharge_efficiency_fraction", float("nan"), "where it discharges"),
        ("least_charge_kw", 7.1, "no more than charge_kw"),
        ("least_charge_kw", -0.1, "0 or more"),
        ("standby_kw", float("nan"), "0 or more"),
    ],
)
def test_what_cannot_be_is_refused(name: str, value: Any, said: str) -> None:
    with pytest.raises(DataError, match=f"charger both ways: {name} must be .*{said}"):
        replace(BOTH_WAYS, **{name: value})


def test_a_charger_weaker_than_six_ampere_is_refused() -> None:
    with pytest.raises(DataError, match="least_charge_kw"):
        Charger("weak", 1, 1.3, 0.92)


def test_one_that_only_charges_needs_no_efficiency_of_discharge() -> None:
    assert Charger("one", 1, 7.36, 0.92).discharge_efficiency_fraction is None
