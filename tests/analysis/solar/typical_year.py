"""A typical year of a capital: its mean sun as measured, its days made up.

The mean of the year is the Bureau of Meteorology's satellite record. How it falls into
days is drawn: overcast, mixed and clear ones, in the same shares all year. So the level
is the city's own; season and run of days are not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from home_energy.analysis.solar.global_sun import GlobalSun, weather_from_global
from home_energy.analysis.solar.sun_path import sun_path
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries

HOUR, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=5)


@dataclass(frozen=True)
class City:
    """Horizontal sun: Bureau of Meteorology, mean of all years of daily exposure, as
    energy-without-carbon.org/PVOutputCalculation gives it. Temperature: mean of daily
    minima and maxima, 2008 to 2017, Bureau of Meteorology daily observations. Yield:
    Clean Energy Council, as solarwarehouseaustralia.com.au gives it.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    zone_hours: float
    sun_kwh_per_m2_day: float
    temperature_c: float
    yield_kwh_per_kw_day: float


CITIES = (
    City("Adelaide", -34.93, 138.60, 9.5, 4.8, 17.6, 4.2),
    City("Brisbane", -27.47, 153.03, 10.0, 5.2, 21.4, 4.2),
    City("Canberra", -35.28, 149.13, 10.0, 4.8, 13.9, 4.3),
    City("Darwin", -12.46, 130.84, 9.5, 5.9, 27.8, 4.4),
    City("Hobart", -42.88, 147.33, 10.0, 3.8, 13.5, 3.5),
    City("Melbourne", -37.81, 144.96, 10.0, 4.2, 16.5, 3.6),
    City("Perth", -31.95, 115.86, 8.0, 4.8, 19.1, 4.4),
    City("Sydney", -33.87, 151.21, 10.0, 4.6, 18.9, 3.9),
)


def typical_year(city: City) -> WeatherSeries:
    """8760 hours of 2025 from local midnight, standard time."""
    start = datetime(2025, 1, 1, tzinfo=UTC) - timedelta(hours=city.zone_hours)
    grid = TimeGrid(start, HOUR, 8760)
    points = TimeGrid(start, FIVE_MINUTES, 8760 * 12)
    sun = sun_path(city.latitude_deg, city.longitude_deg, points)
    clear = sun.clear_ghi_w_per_m2.reshape(8760, 12).mean(axis=1)
    passed = _passed_fraction(clear, city.sun_kwh_per_m2_day * 365 * 1000)
    return weather_from_global(
        GlobalSun(city.latitude_deg, city.longitude_deg, grid, clear * passed),
        _air_temperature_c(city),
        np.full(8760, 3.5),
        f"typical year of {city.name}",
    )


def _passed_fraction(clear: FloatArray, year_wh: float) -> FloatArray:
    """Share of the clear sky in each hour; days between overcast and clear."""
    rng = np.random.default_rng(4)
    days = np.repeat(rng.beta(1.2, 0.7, 365), 24)
    hours = 0.08 * rng.standard_normal(8760)
    low, high = 0.02, 6.0
    for _ in range(60):  # the exponent that gives the year its sun
        power = (low + high) / 2
        passed = np.clip(0.15 + 0.87 * days**power + hours, 0.05, 1.05)
        low, high = (power, high) if clear @ passed > year_wh else (low, power)
    return passed


def _air_temperature_c(city: City) -> FloatArray:
    """Warmest at the end of January and at 15 h: 6 degrees for the season, 5 daily."""
    hours = np.arange(8760) + 0.5
    season = 6 * np.cos(2 * np.pi * (hours / 24 - 25) / 365)
    swing = 5 * np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    return np.asarray(city.temperature_c + season + swing)
