"""Flows that balance, and the refusal of those that do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.dispatch import Dispatch
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, BalanceError

GRID = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(minutes=30), 2)


def one(first: float, second: float = 0.0) -> np.ndarray:
    return np.array([first, second])


# 1: solar 4 gives 1 to the load, 1 to the battery (0.8 into the cells), 1 to the grid,
#    and 1 is held back. 2: of a load of 2 the battery serves 0.3 (0.5 of the cells)
#    and sells 0.1 (0.2 of them); 1.2 is bought, 0.5 is not served.
FLOWS = Dispatch(
    grid=GRID,
    load_kwh=one(1, 2),
    solar_kwh=one(4),
    solar_to_load_kwh=one(1),
    solar_to_battery_kwh=one(1),
    solar_to_grid_kwh=one(1),
    battery_to_load_kwh=one(0, 0.3),
    battery_to_grid_kwh=one(0, 0.1),
    grid_to_load_kwh=one(0, 1.2),
    grid_to_battery_kwh=one(0),
    curtailed_kwh=one(1),
    lost_kwh=one(0.2, 0.3),
    unserved_kwh=one(0, 0.5),
    stored_kwh=np.array([0, 0.8, 0.1]),
)


def test_sums_are_of_their_flows() -> None:
    assert FLOWS.charge_kwh.tolist() == [1, 0]
    assert FLOWS.discharge_kwh.tolist() == [0, 0.4]
    assert FLOWS.grid_import_kwh.tolist() == [0, 1.2]
    assert FLOWS.grid_export_kwh.tolist() == [1, 0.1]


def test_the_meter_sees_import_and_export_alone() -> None:
    metered = FLOWS.metered(one(0.5, 0.5))

    assert metered.general_kwh.tolist() == [0, 1.2]
    assert metered.feed_in_kwh.tolist() == [1, 0.1]
    assert metered.controlled_load_kwh is not None
    assert metered.controlled_load_kwh.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("solar_kwh", "solar"),
        ("solar_to_load_kwh", "solar"),
        ("solar_to_battery_kwh", "solar"),
        ("solar_to_grid_kwh", "solar"),
        ("curtailed_kwh", "solar"),
        ("load_kwh", "load"),
        ("battery_to_load_kwh", "load"),
        ("grid_to_load_kwh", "load"),
        ("unserved_kwh", "load"),
        ("battery_to_grid_kwh", "battery"),
        ("grid_to_battery_kwh", "battery"),
        ("lost_kwh", "battery"),
    ],
)
def test_a_billionth_that_is_missing_is_found(name: str, what: str) -> None:
    off = getattr(FLOWS, name) + one(0, 2e-9)

    with pytest.raises(BalanceError, match=f"^{what} does not balance by"):
        replace(FLOWS, **{name: off})


def test_stored_energy_that_is_off_is_found() -> None:
    with pytest.raises(BalanceError, match=r"^battery does not balance"):
        replace(FLOWS, stored_kwh=np.array([0, 0.8, 0.1 + 2e-9]))


def test_rounding_is_no_fault() -> None:
    replace(FLOWS, lost_kwh=FLOWS.lost_kwh + 1e-12)


def test_the_message_names_the_interval_and_every_flow() -> None:
    with pytest.raises(BalanceError) as told:
        replace(FLOWS, load_kwh=one(1, 2.25))

    said = str(told.value)
    assert "load does not balance by 0.25 kWh in interval 1" in said
    assert "2025-01-01 00:30:00+00:00" in said
    for name in FLOWS.energy_names():
        assert f"{name} " in said


def test_negative_flows_are_refused_though_they_balance() -> None:
    with pytest.raises(BalanceError, match=r"^solar_to_grid_kwh does"):
        replace(FLOWS, solar_to_grid_kwh=one(-1), curtailed_kwh=one(3))


def test_charging_and_discharging_at_once_is_refused() -> None:
    # Pitfall 17: 1 bought into the battery and 1 sold out of it in one interval.
    with pytest.raises(BalanceError, match="both ways"):
        replace(
            FLOWS,
            battery_to_grid_kwh=one(1, 0.1),
            grid_to_battery_kwh=one(1),
        )


def test_a_missing_value_is_refused() -> None:
    # Pitfall 10.
    with pytest.raises(BalanceError):
        replace(FLOWS, lost_kwh=one(0.2, np.nan))


def test_flows_of_another_length_are_refused() -> None:
    with pytest.raises(AlignmentError, match=r"Dispatch\.stored_kwh has shape"):
        replace(FLOWS, stored_kwh=np.array([0, 0.8]))


def test_flows_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="read-only"):
        FLOWS.load_kwh[0] = 5
