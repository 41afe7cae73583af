"""Flows of a car that balance, by themselves and within a home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from home_energy.domain.car_flows import CarFlows
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, BalanceError

GRID = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(minutes=30), 3)


def row(*values: float) -> np.ndarray:
    return np.array([*values, *([0.0] * (3 - len(values)))])


# 1: 5 into the car: 1 from solar, 1 from the battery, 3 bought; 4 reach the cells.
# 2: a trip takes 6; 3 are charged elsewhere, so 1 is left of 4. 20 were wanted:
#    16 short.
# 3: 1 of the cells gives 0.5: 0.2 to the load, 0.2 to the battery, 0.1 to the grid.
CAR = CarFlows(
    solar_to_car_kwh=row(1),
    battery_to_car_kwh=row(1),
    grid_to_car_kwh=row(3),
    car_to_load_kwh=row(0, 0, 0.2),
    car_to_battery_kwh=row(0, 0, 0.2),
    car_to_grid_kwh=row(0, 0, 0.1),
    lost_kwh=row(1, 0, 0.5),
    driven_kwh=row(0, 6),
    public_kwh=row(0, 3),
    short_kwh=row(0, 16),
    is_away=np.array([False, True, False]),
    stored_kwh=np.array([0, 4, 1, 0.0]),
)
HOME = Dispatch(
    grid=GRID,
    load_kwh=row(0, 0, 0.2),
    solar_kwh=row(1),
    solar_to_load_kwh=row(),
    solar_to_battery_kwh=row(),
    solar_to_grid_kwh=row(),
    battery_to_load_kwh=row(),
    battery_to_grid_kwh=row(),
    grid_to_load_kwh=row(),
    grid_to_battery_kwh=row(),
    curtailed_kwh=row(),
    lost_kwh=row(),
    unserved_kwh=row(),
    stored_kwh=np.array([1, 0, 0, 0.2]),
    car=CAR,
)


def test_sums_are_of_their_flows() -> None:
    assert CAR.charge_kwh.tolist() == [5, 0, 0]
    assert CAR.discharge_kwh.tolist() == [0, 0, 0.5]
    assert CAR.residual_kwh == pytest.approx([0, 0, 0])


def test_the_homes_sums_hold_the_cars_flows() -> None:
    assert HOME.grid_import_kwh.tolist() == [3, 0, 0]
    assert HOME.grid_export_kwh.tolist() == [0, 0, 0.1]
    assert HOME.charge_kwh.tolist() == [0, 0, 0.2]
    assert HOME.discharge_kwh.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("solar_to_car_kwh", "solar"),
        ("battery_to_car_kwh", "battery"),
        ("grid_to_car_kwh", "car"),
        ("car_to_load_kwh", "load"),
        ("car_to_battery_kwh", "battery"),
        ("car_to_grid_kwh", "car"),
        ("lost_kwh", "car"),
        ("driven_kwh", "car"),
        ("public_kwh", "car"),
    ],
)
def test_a_billionth_that_is_missing_is_found(name: str, what: str) -> None:
    off = replace(CAR, **{name: getattr(CAR, name) + row(0, 0, 3e-9)})

    with pytest.raises(BalanceError, match=f"^{what} does not balance by"):
        replace(HOME, car=off)


def test_stored_energy_that_is_off_is_found() -> None:
    off = replace(CAR, stored_kwh=np.array([0, 4, 1, 2e-9]))

    with pytest.raises(BalanceError, match=r"^car does not balance"):
        replace(HOME, car=off)


def test_negative_flows_are_refused_though_they_balance() -> None:
    off = replace(CAR, grid_to_car_kwh=row(3, 0, -0.1), lost_kwh=row(1, 0, 0.4))

    with pytest.raises(BalanceError, match=r"^car\.grid_to_car_kwh does"):
        replace(HOME, car=off)


def test_charging_and_discharging_at_once_is_refused() -> None:
    off = replace(CAR, grid_to_car_kwh=row(3, 0, 0.1), car_to_grid_kwh=row(0, 0, 0.2))

    with pytest.raises(BalanceError, match="the car both ways"):
        replace(HOME, car=off)


def test_a_car_that_charges_at_home_while_away_is_refused() -> None:
    off = replace(CAR, grid_to_car_kwh=row(3, 3), public_kwh=row())

    with pytest.raises(BalanceError, match="the car at home while away"):
        replace(HOME, car=off)


def test_the_message_names_the_cars_flows_too() -> None:
    with pytest.raises(BalanceError, match=r"car\.driven_kwh 6"):
        replace(HOME, car=replace(CAR, public_kwh=row(0, 3.5)))


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(AlignmentError, match=r"CarFlows\.stored_kwh has shape"):
        replace(CAR, stored_kwh=np.zeros(3))
    with pytest.raises(AlignmentError, match=r"CarFlows\.lost_kwh has shape"):
        replace(CAR, lost_kwh=np.zeros(2))


def test_a_car_on_another_axis_is_refused() -> None:
    grid = replace(GRID, count=4)
    longer: dict[str, Any] = {
        name: np.append(getattr(HOME, name), 0.0) for name in HOME.energy_names()
    }

    with pytest.raises(AlignmentError, match=r"Dispatch\.car has 3 intervals, 4"):
        replace(HOME, grid=grid, **longer)


def test_flows_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="read-only"):
        CAR.driven_kwh[0] = 5
