"""What a scenario's new panels would have given in the billed days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from home_energy.analysis.scenario.scenario_file import Roof, Solar
from home_energy.analysis.solar.pv_model import solar_output
from home_energy.analysis.solar.regional_sun import (
    REGIONS,
    RegionalPower,
    filled_by_line,
    regional_output,
    without_daylight_zeros,
)
from home_energy.domain.series import FloatArray
from home_energy.domain.solar_array import NO_SHADE, SolarArray
from home_energy.domain.time_grid import TimeGrid, nem_date, nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import CoverageError
from home_energy.settings import Settings
from home_energy.store import Store

_HALF_HOUR = timedelta(minutes=30)

_STATION_FILES = ("epw:", "tmy3:")
"""Files that hold the weather of a station of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class NewSolar:
    """AC energy of new panels, and how it was found.

    Parameters
    ----------
    ac_kwh
        (T,) [kWh, AC]
    figures
        For a result: size, weather, yield, what was filled.
    """

    ac_kwh: FloatArray
    figures: dict[str, Any]


def new_solar(
    store: Store, settings: Settings, solar: Solar, grid: TimeGrid
) -> NewSolar:
    """AC energy of a scenario's panels on an axis.

    Raises
    ------
    CoverageError
        If the sun of the asked days is not on record.
    ConfigError
        If a place is needed and not known.
    """
    if solar.weather == "region":
        return _by_region(store, settings, solar, grid)
    return _by_weather(store, settings, solar, grid)


def _by_region(
    store: Store, settings: Settings, solar: Solar, grid: TimeGrid
) -> NewSolar:
    name = settings.home.region
    year = nem_date(grid.start).year
    power, zero_count = without_daylight_zeros(_regional_power(store, name, year))
    power, filled_count = filled_by_line(power)
    output = regional_output(
        power, solar.kw_dc, grid, yield_kwh_per_kw=solar.yield_kwh_per_kw
    )
    _require_whole(output.kwh, f"rooftop solar of {name}")
    limit_kwh = _inverter_kw(solar) * grid.step.total_seconds() / 3600
    ac_kwh = np.minimum(output.kwh, limit_kwh)
    return NewSolar(
        ac_kwh,
        {
            "weather": f"rooftop solar of {name} in {year}, by AEMO",
            "kw_dc": solar.kw_dc,
            "yield_kwh_per_kw": float(ac_kwh.sum()) / solar.kw_dc,
            "clipped_kwh": float((output.kwh - ac_kwh).sum()),
            "daylight_zeros_taken_as_missing": zero_count,
            "filled_intervals": filled_count,
        },
    )


def _regional_power(store: Store, name: str, year: int) -> RegionalPower:
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = store.rooftop_days.days(name, first, last)
    start, end = nem_day_start(first), nem_day_start(last + timedelta(days=1))
    axis = TimeGrid.between(start, end, _HALF_HOUR)
    if not days:
        raise CoverageError(
            f"there is no rooftop solar of {name} in {year} on record; import AEMO's "
            "ROOFTOP_PV file of the year with `home-energy import aemo`, or choose "
            "another `weather` under [solar]"
        )
    mean_mw = np.full(axis.count, np.nan)
    for day in days:
        place = axis.index(nem_day_start(day.day))
        mean_mw[place : place + day.mw.size] = day.mw
    return RegionalPower(REGIONS[name], axis, mean_mw)


def _by_weather(
    store: Store, settings: Settings, solar: Solar, grid: TimeGrid
) -> NewSolar:
    weather = _weather(store, settings, solar, grid)
    arrays = [_array(number, roof) for number, roof in enumerate(solar.array, start=1)]
    output = solar_output(arrays, weather, grid)
    _require_whole(output.ac.kwh, f"weather of {solar.weather}")
    return NewSolar(
        output.ac.kwh,
        {
            "weather": weather.source,
            "latitude_deg": weather.latitude_deg,
            "longitude_deg": weather.longitude_deg,
            "kw_dc": solar.kw_dc,
            "yield_kwh_per_kw": output.yield_kwh_per_kw,
            "clipped_kwh": sum(one.clipped_kwh for one in output.arrays),
            "filled_intervals": 0,
        },
    )


def _weather(
    store: Store, settings: Settings, solar: Solar, grid: TimeGrid
) -> WeatherSeries:
    first, last = nem_date(grid.start), nem_date(grid.end - grid.step)
    there = [one for one in store.weather_days.places() if one.source == solar.weather]
    if not there:
        names = sorted({one.source for one in store.weather_days.places()})
        raise CoverageError(
            f"there is no weather of {solar.weather!r} on record; there is "
            f"{', '.join(names) or 'none'}; bring it with `home-energy import weather`"
        )
    place = (there[0].latitude_deg, there[0].longitude_deg)
    if not solar.weather.startswith(_STATION_FILES):
        place = _place(settings, solar)
    found = store.weather_days.series(solar.weather, place, first, last)
    if found is None:
        raise CoverageError(
            f"there is no weather of {solar.weather} at {place[0]:.2f}, {place[1]:.2f} "
            f"on record from {first} to {last}; bring it with `home-energy import "
            "weather`"
        )
    return found


def _place(settings: Settings, solar: Solar) -> tuple[float, float]:
    """Latitude and longitude of the panels. [degrees]"""
    if solar.latitude_deg is not None and solar.longitude_deg is not None:
        return solar.latitude_deg, solar.longitude_deg
    return settings.home.place


def _array(number: int, roof: Roof) -> SolarArray:
    return SolarArray(
        name=f"array {number}",
        kw_dc=roof.kw_dc,
        tilt_deg=roof.tilt_deg,
        azimuth_deg=roof.azimuth_deg,
        inverter_kw_ac=roof.inverter_kw_ac or roof.kw_dc,
        losses_fraction=roof.losses_fraction,
        shading_fraction=roof.shading_fraction or NO_SHADE,
    )


def _inverter_kw(solar: Solar) -> float:
    return sum(roof.inverter_kw_ac or roof.kw_dc for roof in solar.array)


def _require_whole(kwh: FloatArray, what: str) -> None:
    missing = int(np.count_nonzero(np.isnan(kwh)))
    if missing:
        raise CoverageError(
            f"{what} lacks {missing} of {kwh.size} intervals; import what is missing"
        )
