"""What a scenario's new panels would have given in the billed days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from home_energy.analysis.scenario.scenario_file import Roof, Solar
from home_energy.analysis.solar.pv_model import solar_output
from home_energy.analysis.solar.regional_sun import (
    GROWTH_FRACTION_PER_YEAR,
    REGIONS,
    RegionalPower,
    filled_by_line,
    regional_output,
    without_daylight_zeros,
)
from home_energy.domain.calendar_year import years_after
from home_energy.domain.series import FloatArray
from home_energy.domain.solar_array import NO_SHADE, SolarArray
from home_energy.domain.time_grid import TimeGrid, nem_date, nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import CoverageError
from home_energy.settings import Settings
from home_energy.store import Store

_HALF_HOUR = timedelta(minutes=30)

_OF_A_PLACE = ("epw:", "tmy3:", "synthetic")
"""Weather of a station or a home of its own, whatever place the panels have."""


@dataclass(frozen=True, slots=True, eq=False)
class NewSolar:
    """AC energy of new panels, and how it was found.

    Parameters
    ----------
    ac_kwh
        (T,) [kWh, AC]
    figures
        For a result: size, weather, yield, what was filled.
    notes
        What its level rests on, and what of the weather was left out.
    """

    ac_kwh: FloatArray
    figures: dict[str, Any]
    notes: tuple[str, ...] = ()


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
    first, last = _year_around(store, name, grid)
    when = _year_words(first, last)
    read = _regional_power(store, name, first, last)
    power, zero_count = without_daylight_zeros(read)
    power, filled_count = filled_by_line(power)
    output = regional_output(
        power, solar.kw_dc, grid, yield_kwh_per_kw=solar.yield_kwh_per_kw
    )
    _require_whole(output.kwh, f"rooftop solar of {name}")
    limit_kwh = _inverter_kw(solar) * grid.step.total_seconds() / 3600
    ac_kwh = np.minimum(output.kwh, limit_kwh)
    year_yield, source = _year_yield(solar, name)
    return NewSolar(
        ac_kwh,
        {
            "weather": f"rooftop solar of {name} {when}, by AEMO",
            "kw_dc": solar.kw_dc,
            "yield_kwh_per_kw": float(ac_kwh.sum()) / solar.kw_dc,
            "year_yield_kwh_per_kw": year_yield,
            "year_yield_source": source,
            "growth_fraction_per_year": GROWTH_FRACTION_PER_YEAR,
            "clipped_kwh": float((output.kwh - ac_kwh).sum()),
            "daylight_zeros_taken_as_missing": zero_count,
            "filled_intervals": filled_count,
        },
        (_level_words(f"{name} made {when}", year_yield, source),),
    )


def _level_words(made: str, year_yield_kwh_per_kw: float, source: str) -> str:
    return (
        f"new solar: the shape is what all roofs of {made}, over a capacity taken to "
        f"grow by {GROWTH_FRACTION_PER_YEAR:.0%} a year (assumed of every region); the "
        "level is not measured: the whole year is set to "
        f"{year_yield_kwh_per_kw:,.0f} kWh a kW, {source}"
    )


def _year_yield(solar: Solar, region: str) -> tuple[float, str]:
    """Energy of a whole year for each kW, and who says so. [kWh/kW]"""
    if solar.yield_kwh_per_kw is not None:
        return solar.yield_kwh_per_kw, "as the scenario states"
    source = "the Clean Energy Council's figure for the region's capital"
    return REGIONS[region].yield_kwh_per_kw, source


def _year_around(store: Store, name: str, grid: TimeGrid) -> tuple[date, date]:
    """First and last day of the year on which the yield is set.

    The calendar year that holds the axis, where it is on record to its end; else the
    twelve months up to the end of the axis.
    """
    first, last = nem_date(grid.start), nem_date(grid.end - grid.step)
    new_years_eve = date(first.year, 12, 31)
    is_within = first.year == last.year
    if is_within and store.rooftop_days.days(name, new_years_eve, new_years_eve):
        return date(first.year, 1, 1), new_years_eve
    return years_after(last + timedelta(days=1), -1), last


def _year_words(first: date, last: date) -> str:
    if first.year == last.year:
        return f"in {first.year}"
    return f"from {first} to {last}"


def _regional_power(store: Store, name: str, first: date, last: date) -> RegionalPower:
    days = store.rooftop_days.days(name, first, last)
    start, end = nem_day_start(first), nem_day_start(last + timedelta(days=1))
    axis = TimeGrid.between(start, end, _HALF_HOUR)
    if not days:
        raise CoverageError(
            f"there is no rooftop solar of {name} {_year_words(first, last)} on "
            "record; import AEMO's ROOFTOP_PV files of it with `home-energy import "
            "aemo`, or choose another `weather` under [solar]"
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
    impossible_beam = output.impossible_beam_kwh_per_m2
    return NewSolar(
        output.ac.kwh,
        {
            "weather": weather.source,
            "latitude_deg": weather.latitude_deg,
            "longitude_deg": weather.longitude_deg,
            "kw_dc": solar.kw_dc,
            "yield_kwh_per_kw": output.yield_kwh_per_kw,
            "clipped_kwh": sum(one.clipped_kwh for one in output.arrays),
            "impossible_beam_kwh_per_m2": impossible_beam,
            "filled_intervals": 0,
        },
        (_model_words(weather, impossible_beam),),
    )


def _model_words(weather: WeatherSeries, impossible_beam_kwh_per_m2: float) -> str:
    return (
        f"new solar: modelled under the weather of {weather.source} at "
        f"{weather.latitude_deg:.2f}, {weather.longitude_deg:.2f}; "
        f"{impossible_beam_kwh_per_m2:.2f} kWh/m2 of beam that no sky lets through was "
        "left out"
    )


def _weather(
    store: Store, settings: Settings, solar: Solar, grid: TimeGrid
) -> WeatherSeries:
    first, last = nem_date(grid.start), nem_date(grid.end - grid.step)
    places = store.weather_days.places()
    there = [one for one in places if one.source == solar.weather]
    if not there:
        names = sorted({one.source for one in places})
        raise CoverageError(
            f"there is no weather of {solar.weather!r} on record; there is "
            f"{', '.join(names) or 'none'}; bring it with `home-energy import weather`"
        )
    place = (there[0].latitude_deg, there[0].longitude_deg)
    if not solar.weather.startswith(_OF_A_PLACE):
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
