"""An array of panels that cannot be is refused, with every fault at once."""

from dataclasses import replace

import pytest

from home_energy.domain.solar_array import SolarArray
from home_energy.errors import DataError

ROOF = SolarArray("roof", 6.6, 22.0, 0.0, 5.0)


def test_losses_are_pvwatts_when_not_said() -> None:
    # 1 - 0.98 x 0.98 x 0.98 x 0.995 x 0.985 x 0.99 x 0.97 x 0.97 = 0.14.
    assert ROOF.losses_fraction == 0.14
    assert ROOF.shading_fraction == (0.0,) * 12


def test_every_fault_is_named() -> None:
    with pytest.raises(DataError) as refused:
        SolarArray("shed", 0.0, 95.0, 360.0, float("nan"), 1.0)

    said = str(refused.value)
    assert said.startswith("solar array shed: ")
    for fault in (
        "kw_dc must be more than 0, got 0.0",
        "inverter_kw_ac must be more than 0, got nan",
        "tilt_deg must be 0 to 90, got 95.0",
        "azimuth_deg must be 0 or more, below 360, got 360.0",
        "losses_fraction must be 0 or more, below 1, got 1.0",
    ):
        assert fault in said


def test_shading_is_twelve_shares() -> None:
    with pytest.raises(DataError, match="12 months, January first"):
        replace(ROOF, shading_fraction=(0.1,) * 11)
    with pytest.raises(DataError, match="shading_fraction of month 3 must be 0 to 1"):
        replace(ROOF, shading_fraction=(0.0, 0.0, 1.5) + (0.0,) * 9)


def test_power_must_fall_with_heat_and_inverters_lose() -> None:
    with pytest.raises(DataError, match=r"over -0\.02 and at most 0, got -0\.37"):
        replace(ROOF, temperature_coefficient_fraction_per_c=-0.37)
    with pytest.raises(DataError, match="inverter_efficiency_fraction must be over 0"):
        replace(ROOF, inverter_efficiency_fraction=96.0)
