"""What panels give: from weather to AC energy on the home's axis.

The chain, each step at points five minutes apart and then summed: sun's position,
plane of the panels, reflection, shade, cell temperature, DC power, losses, inverter.
Equations and what they were compared with: ``docs/models/solar.md``.

pvlib and the pandas behind it take seconds to load: they are loaded when a function
needs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.solar.irradiance_split import SunAndSky, split_weather
from home_energy.analysis.solar.sun_path import POINT_STEP
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.solar_array import SolarArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError

ANTI_REFLECTIVE_INDEX = 1.3
"""Refractive index of the coating on module glass: PVWatts manual, section 6."""

MOUNT = "open_rack_glass_polymer"
"""King's modules with air behind them: a -3.56, b -0.075, 3 °C. On rails over a roof
PVWatts 8 finds cells as warm within 1.4 °C, weighted by irradiance."""

_POINT_HOURS = POINT_STEP.total_seconds() / 3600


@dataclass(frozen=True, slots=True, eq=False)
class ArrayOutput:
    """What one array gave.

    Parameters
    ----------
    array
        The panels.
    ac
        Energy after the inverter; NaN where weather is missing. [kWh per interval, AC]
    clipped_kwh
        DC energy of the points above what the inverter takes, in all. [kWh, DC]
    """

    array: SolarArray
    ac: EnergySeries
    clipped_kwh: float


@dataclass(frozen=True, slots=True, eq=False)
class SolarOutput:
    """What all arrays gave, on one axis.

    Parameters
    ----------
    ac
        Sum of the arrays. [kWh per interval, AC]
    arrays
        One by one, in the order asked.
    impossible_beam_kwh_per_m2
        Beam that the weather claims and no sky lets through, left out.
    """

    ac: EnergySeries
    arrays: tuple[ArrayOutput, ...]
    impossible_beam_kwh_per_m2: float

    @property
    def yield_kwh_per_kw(self) -> float:
        """Energy for each kW of panels over the axis, missing intervals left out."""
        rated_kw = sum(output.array.kw_dc for output in self.arrays)
        return float(np.nansum(self.ac.kwh)) / rated_kw


def solar_output(
    arrays: Sequence[SolarArray], weather: WeatherSeries, grid: TimeGrid
) -> SolarOutput:
    """AC energy of any number of arrays under one weather.

    Parameters
    ----------
    arrays
        One or more.
    weather
        Any step that is a multiple of five minutes. What it does not cover is missing.
    grid
        Axis of the answer; its step is a multiple of five minutes.

    Raises
    ------
    AlignmentError
        If weather and axis have no common five minutes.
    DataError
        If there is no array, or no weather of that time.
    """
    if not arrays:
        raise DataError("solar_output: no array; expected one or more")
    sky = split_weather(weather, grid)
    outputs = tuple(_array_output(array, weather, sky, grid) for array in arrays)
    total_kwh = np.sum([output.ac.kwh for output in outputs], axis=0)
    return SolarOutput(
        EnergySeries(grid, total_kwh), outputs, sky.impossible_beam_kwh_per_m2
    )


def _array_output(
    array: SolarArray, weather: WeatherSeries, sky: SunAndSky, grid: TimeGrid
) -> ArrayOutput:
    absorbed, plane = _plane_irradiance(array, sky)
    absorbed = absorbed * (1 - _shading(array, sky.grid, weather.longitude_deg))
    dc_kw = _dc_kw(array, absorbed, plane, sky)
    ac_kw, clipped_kw = _through_inverter(array, dc_kw)
    return ArrayOutput(
        array=array,
        ac=EnergySeries(grid, _on_axis(ac_kw * _POINT_HOURS, sky.grid, grid)),
        clipped_kwh=float(
            np.nansum(_on_axis(clipped_kw * _POINT_HOURS, sky.grid, grid))
        ),
    )


def _plane_irradiance(
    array: SolarArray, sky: SunAndSky
) -> tuple[FloatArray, FloatArray]:
    """Irradiance that reaches the cells, and that which meets the glass. [W/m2]

    Transposed by Perez [1]_ with his 1990 coefficients; reflection by Fresnel's
    equations for coated glass [2]_, for sky and ground integrated over what the plane
    sees of each [3]_.

    References
    ----------
    .. [1] R. Perez et al., "Modeling daylight availability and irradiance components
       from direct and global irradiance", Solar Energy 44, 1990, pp. 271-289.
    .. [2] W. De Soto et al., "Improvement and validation of a model for photovoltaic
       array performance", Solar Energy 80, 2006, pp. 78-88.
    .. [3] B. Marion, "Numerical method for angle-of-incidence correction factors for
       diffuse radiation incident on photovoltaic modules", Solar Energy 147, 2017.
    """
    from pvlib import atmosphere, iam, irradiance  # noqa: PLC0415

    sun = sky.sun
    plane = irradiance.get_total_irradiance(
        array.tilt_deg,
        array.azimuth_deg,
        sun.zenith_deg,
        sun.azimuth_deg,
        dni=sky.dni_w_per_m2,
        ghi=sky.ghi_w_per_m2,
        dhi=sky.dhi_w_per_m2,
        dni_extra=sun.extraterrestrial_w_per_m2,
        airmass=atmosphere.get_relative_airmass(sun.zenith_deg),
        albedo=array.albedo_fraction,
        model="perez",
    )
    angle_deg = irradiance.aoi(
        array.tilt_deg, array.azimuth_deg, sun.zenith_deg, sun.azimuth_deg
    )
    beam_passed = iam.physical(angle_deg, n_ar=ANTI_REFLECTIVE_INDEX)
    passed = iam.marion_diffuse("physical", array.tilt_deg, n_ar=ANTI_REFLECTIVE_INDEX)
    # Perez divides by the diffuse light: with none he gives no number.
    beam, ground = plane["poa_direct"], plane["poa_ground_diffuse"]
    from_sky = np.where(sky.dhi_w_per_m2 == 0, 0.0, plane["poa_sky_diffuse"])
    absorbed = (
        beam * beam_passed
        + from_sky * passed["sky"]
        + ground * np.nan_to_num(passed["ground"])  # a flat plane sees no ground
    )
    is_known = np.isfinite(sky.ghi_w_per_m2 + sky.dni_w_per_m2 + sky.dhi_w_per_m2)
    return (
        np.where(is_known, absorbed, np.nan),
        np.where(is_known, beam + from_sky + ground, np.nan),
    )


def _shading(array: SolarArray, points: TimeGrid, longitude_deg: float) -> FloatArray:
    """Share kept off at each point, by the month of the place's solar time. (T,)"""
    # A month begins at midnight by the sun: no daylight saving, no zone to ask for.
    starts = np.datetime64(points.start.replace(tzinfo=None), "s")
    offset_s = round(longitude_deg / 15 * 3600)
    seconds = np.arange(points.count) * int(points.step.total_seconds()) + offset_s
    months = (starts + seconds.astype("timedelta64[s]")).astype("datetime64[M]")
    return np.asarray(array.shading_fraction)[months.astype(np.int64) % 12]


def _dc_kw(
    array: SolarArray, absorbed: FloatArray, plane: FloatArray, sky: SunAndSky
) -> FloatArray:
    """DC power after losses, ``kW E/1000 (1 + g (Tc - 25)) (1 - losses)``. [1]_ [2]_

    References
    ----------
    .. [1] A. Dobos, "PVWatts Version 5 Manual", NREL/TP-6A20-62641, 2014.
    .. [2] Cell temperature: D. King et al., "Sandia Photovoltaic Array Performance
       Model", SAND2004-3535, equations 11 and 12.
    """
    from pvlib import pvsystem, temperature  # noqa: PLC0415

    cell_c = temperature.sapm_cell(
        plane,
        sky.air_temperature_c,
        sky.wind_speed_m_per_s,
        **temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][MOUNT],
    )
    dc_kw = pvsystem.pvwatts_dc(
        absorbed,
        cell_c,
        array.kw_dc,
        array.temperature_coefficient_fraction_per_c,
    )
    return np.asarray(np.maximum(dc_kw, 0.0) * (1 - array.losses_fraction))


def _through_inverter(
    array: SolarArray, dc_kw: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """AC power and the DC power above what the inverter takes. [kW]"""
    from pvlib import inverter  # noqa: PLC0415

    efficiency = array.inverter_efficiency_fraction
    most_dc_kw = array.inverter_kw_ac / efficiency
    ac_kw = inverter.pvwatts(dc_kw, most_dc_kw, eta_inv_nom=efficiency)
    return np.asarray(ac_kw), np.maximum(dc_kw - most_dc_kw, 0.0)


def _on_axis(points_kwh: FloatArray, points: TimeGrid, grid: TimeGrid) -> FloatArray:
    """Sum points into the intervals of an axis; NaN where there are none."""
    per_interval = grid.step // POINT_STEP
    wanted = np.full(grid.count * per_interval, np.nan)
    shift = (points.start - grid.start) // POINT_STEP
    first, last = max(shift, 0), min(shift + points.count, wanted.size)
    wanted[first:last] = points_kwh[first - shift : last - shift]
    return np.asarray(wanted.reshape(grid.count, per_interval).sum(axis=1))
