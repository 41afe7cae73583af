"""Panels in one plane and the inverter behind them."""

from dataclasses import dataclass
from math import isfinite

from home_energy.errors import DataError

NO_SHADE = (0.0,) * 12

PVWATTS_LOSSES_FRACTION = 0.14
"""Soiling 2, mismatch 2, wiring 2, connections 0.5, initial light 1.5, nameplate 1,
availability 3, shading 3 %, multiplied: A. Dobos, "PVWatts Version 5 Manual",
NREL/TP-6A20-62641, 2014, section 8."""

STANDARD_MODULE_C = -0.0037
"""Loss of power per degree of the standard crystalline module of PVWatts 8 (SAM)."""

PVWATTS_INVERTER_FRACTION = 0.96
"""Nominal efficiency; PVWatts manual, section 10."""


@dataclass(frozen=True, slots=True)
class SolarArray:
    """Panels of one tilt and direction with an inverter of their own.

    Where several planes share an inverter, each gets its part of `inverter_kw_ac`:
    clipping is then a little too strong when the planes peak at different hours.

    Parameters
    ----------
    name
        What the household calls it: ``north roof``.
    kw_dc
        Rated power of the panels at 1000 W/m2 and 25 °C. [kW DC]
    tilt_deg
        0 lies flat, 90 stands. [degrees]
    azimuth_deg
        Where the panels look: 0 north, 90 east, 180 south, 270 west. [degrees]
    inverter_kw_ac
        Most that the inverter gives. [kW AC]
    losses_fraction
        Of DC energy, all causes together but the inverter and `shading_fraction`.
    shading_fraction
        Share of irradiance kept off by trees and houses, January to December.
    temperature_coefficient_fraction_per_c
        Change of power per degree of the cells over 25 °C, negative. [1/°C]
    inverter_efficiency_fraction
        DC to AC at rated power.
    albedo_fraction
        Share of sunlight that the ground throws back.
    """

    name: str
    kw_dc: float
    tilt_deg: float
    azimuth_deg: float
    inverter_kw_ac: float
    losses_fraction: float = PVWATTS_LOSSES_FRACTION
    shading_fraction: tuple[float, ...] = NO_SHADE
    temperature_coefficient_fraction_per_c: float = STANDARD_MODULE_C
    inverter_efficiency_fraction: float = PVWATTS_INVERTER_FRACTION
    albedo_fraction: float = 0.2

    def __post_init__(self) -> None:
        """Refuse an array that cannot be, with every fault at once."""
        faults = [
            f"{name} must be {said}, got {value}"
            for name, value, is_right, said in self._rules()
            if not is_right
        ]
        if faults:
            raise DataError(f"solar array {self.name}: {'; '.join(faults)}")

    def _rules(self) -> list[tuple[str, object, bool, str]]:
        rules: list[tuple[str, object, bool, str]] = []
        for name in ("kw_dc", "inverter_kw_ac"):
            value = getattr(self, name)
            rules.append((name, value, isfinite(value) and value > 0, "more than 0"))
        tilt, azimuth = self.tilt_deg, self.azimuth_deg
        rules.append(("tilt_deg", tilt, 0 <= tilt <= 90, "0 to 90"))
        rules.append(
            ("azimuth_deg", azimuth, 0 <= azimuth < 360, "0 or more, below 360")
        )
        for name in ("losses_fraction", "albedo_fraction"):
            value = getattr(self, name)
            rules.append((name, value, 0 <= value < 1, "0 or more, below 1"))
        efficiency = self.inverter_efficiency_fraction
        rules.append(
            (
                "inverter_efficiency_fraction",
                efficiency,
                0 < efficiency <= 1,
                "over 0 and at most 1",
            )
        )
        slope = self.temperature_coefficient_fraction_per_c
        rules.append(
            (
                "temperature_coefficient_fraction_per_c",
                slope,
                -0.02 < slope <= 0,
                "over -0.02 and at most 0",
            )
        )
        return rules + self._shading_rules()

    def _shading_rules(self) -> list[tuple[str, object, bool, str]]:
        shades = self.shading_fraction
        if len(shades) != 12:
            return [("shading_fraction", shades, False, "12 months, January first")]
        return [
            (f"shading_fraction of month {month}", shade, 0 <= shade <= 1, "0 to 1")
            for month, shade in enumerate(shades, start=1)
        ]
