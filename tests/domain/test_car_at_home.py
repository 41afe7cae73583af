"""A car on its charger: what the pair can do, and what is counted from where."""

from dataclasses import replace

import pytest

from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.charger import Charger
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError

VEHICLE = Vehicle("some car", 60.0, 7.4, 11.0, 150.0)
ONE_PHASE = Charger("one phase", 1, 9.0, 0.92)
THREE_PHASES = Charger("three phases", 3, 22.0, 0.92)
BOTH_WAYS = Charger("both ways", 1, 7.0, 0.94, 5.0, 0.93)
CAR = CarAtHome(VEHICLE, BOTH_WAYS, Discharge.V2G, 0.1, 0.9)


def test_plans_work_between_floor_and_limit() -> None:
    # 60 x (0.9 - 0.1)
    assert CAR.capacity_kwh == pytest.approx(48)


@pytest.mark.parametrize(
    ("level", "kwh"), [(0.05, 0), (0.1, 0), (0.5, 24), (0.9, 48), (1.0, 48)]
)
def test_a_level_is_counted_from_the_floor_up(level: float, kwh: float) -> None:
    assert CAR.above_floor_kwh(level) == pytest.approx(kwh)


@pytest.mark.parametrize(
    ("charger", "kw"),
    [
        (ONE_PHASE, 7.4),  # the car takes no more on one phase
        (THREE_PHASES, 11.0),  # nor on three
        (BOTH_WAYS, 7.0),  # the charger gives no more
        (replace(THREE_PHASES, is_dc=True), 22.0),  # past the car's own charger
    ],
)
def test_the_weaker_of_car_and_charger_decides(charger: Charger, kw: float) -> None:
    assert CarAtHome(VEHICLE, charger).charge_kw == kw


def test_it_discharges_only_where_that_is_wanted() -> None:
    assert CAR.discharge_kw == 5
    assert replace(CAR, discharge=Discharge.V2H).discharge_kw == 5
    assert replace(CAR, discharge=Discharge.NONE).discharge_kw == 0


@pytest.mark.parametrize("discharge", [Discharge.V2H, Discharge.V2G])
def test_a_charger_that_only_charges_gives_nothing_back(discharge: Discharge) -> None:
    with pytest.raises(DataError, match="the charger one phase, which only charges"):
        CarAtHome(VEHICLE, ONE_PHASE, discharge)


@pytest.mark.parametrize(("floor", "limit"), [(0.5, 0.5), (-0.1, 1), (0.2, 1.1)])
def test_levels_that_cross_are_refused(floor: float, limit: float) -> None:
    with pytest.raises(DataError, match="floor_fraction < limit_fraction"):
        replace(CAR, floor_fraction=floor, limit_fraction=limit)


@pytest.mark.parametrize("wear", [-1, float("nan"), float("inf")])
def test_wear_is_a_cost(wear: float) -> None:
    with pytest.raises(DataError, match="wear_c_per_kwh must be 0 or more"):
        replace(CAR, wear_c_per_kwh=wear)


def test_a_charger_too_strong_for_the_car_is_refused() -> None:
    # Three phases give no less than 4.14 kW.
    small = replace(VEHICLE, three_phase_kw=3.6)

    with pytest.raises(DataError, match=r"no less than 4\.14 kW.*no more than 3\.6 kW"):
        CarAtHome(small, THREE_PHASES)
