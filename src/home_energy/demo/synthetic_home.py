"""A seeded home in Melbourne: weather, load, hot water, solar and spot price.

Every NEM day is drawn from seed and date alone and kept, so any range can be asked for
in any order and answers the same. The figures of the home are invented; its price is
calibrated (`spot_model`). Sunny days tend to be cheap days, as in the market.
"""

import math
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.solar.global_sun import GlobalSun, weather_from_global
from home_energy.demo.spot_model import (
    FIVE_MINUTES,
    INTERVALS_PER_DAY,
    FloatArray,
    SpotModel,
    draws,
)
from home_energy.domain.time_grid import NEM_TIME, TimeGrid, nem_date, nem_day_start
from home_energy.domain.weather import WeatherSeries

HOME_ZONE = ZoneInfo("Australia/Melbourne")

LATITUDE_DEG, LONGITUDE_DEG = -37.8, 145.0
"""Melbourne."""

HOURS_PER_INTERVAL = 1 / 12

SOLAR_KWP, INVERTER_KW, SOLAR_EFFICIENCY_FRACTION = 6.6, 5.0, 0.82
"""A common Australian system; efficiency of all losses together. Assumed."""

HOT_WATER_KW, HOT_WATER_START_HOUR, HOT_WATER_MEAN_KWH = 3.6, 23, 6.5
"""Storage heater on controlled load, from 23:00 local. Assumed."""

WIND_SPEED_M_PER_S = 3.5
"""At 10 m, all the time. Assumed."""

PRICE_TO_SUN = 0.45
"""Correlation of a day's sunshine with a low day factor of the price. Assumed."""

_SUN, _CLOUD, _WARMTH, _LOAD, _EVENTS, _HOT_WATER, _WIND = 21, 22, 23, 24, 25, 26, 27


@dataclass(frozen=True, slots=True)
class HomeSeries:
    """What happened in and around the home, one element a 5-minute interval.

    Parameters
    ----------
    spot_c_per_kwh
        Spot price, with GST. [c/kWh]
    renewables_percent
        Share of renewables in the grid, as Amber prints it. [%]
    ghi_w_per_m2
        Global horizontal irradiance. [W/m2]
    temperature_c
        Air temperature. [°C]
    load_kwh
        What the house uses, without hot water. [kWh]
    hot_water_kwh
        What the heater on controlled load uses. [kWh]
    solar_kwh
        What the roof makes, AC. [kWh]
    """

    spot_c_per_kwh: FloatArray
    renewables_percent: FloatArray
    ghi_w_per_m2: FloatArray
    temperature_c: FloatArray
    load_kwh: FloatArray
    hot_water_kwh: FloatArray
    solar_kwh: FloatArray

    @property
    def grid_import_kwh(self) -> FloatArray:
        """Through the general register, as the meter rounds it. [kWh]"""
        return _meter_kwh(self.load_kwh - self.solar_kwh)

    @property
    def grid_export_kwh(self) -> FloatArray:
        """Through the feed-in register, as the meter rounds it. [kWh]"""
        return _meter_kwh(self.solar_kwh - self.load_kwh)


class SyntheticHome:
    """A home that never was, decided by a seed.

    Parameters
    ----------
    seed
        Zero or more. The default's year 2025 lies near the real one in mean and spread.
    """

    def __init__(self, seed: int = 0) -> None:
        self.spot = SpotModel(seed)
        self._seed = seed
        self.day = lru_cache(maxsize=400)(self._make_day)

    def series(self, start: datetime, end: datetime) -> tuple[TimeGrid, HomeSeries]:
        """Everything from `start` up to, not including, `end`. [aware UTC]

        Both must lie on 5-minute boundaries.
        """
        grid = TimeGrid.between(start, end, FIVE_MINUTES)
        first = nem_date(start)
        offset = (start - nem_day_start(first)) // FIVE_MINUTES
        count = -(-(offset + grid.count) // INTERVALS_PER_DAY)
        days = [self.day(first + timedelta(days=k)) for k in range(max(count, 1))]
        cut = slice(offset, offset + grid.count)
        joined = {
            field.name: np.concatenate([getattr(day, field.name) for day in days])[cut]
            for field in fields(HomeSeries)
        }
        return grid, HomeSeries(**joined)

    def weather(self, start: datetime, end: datetime) -> WeatherSeries:
        """Weather from `start` up to `end`, for panels of any kind. [aware UTC]

        Wind is the same all year: the home has no wind of its own.
        """
        grid, series = self.series(start, end)
        return weather_from_global(
            GlobalSun(LATITUDE_DEG, LONGITUDE_DEG, grid, series.ghi_w_per_m2),
            series.temperature_c,
            np.full(grid.count, WIND_SPEED_M_PER_S),
            f"synthetic home in Melbourne, seed {self._seed}",
        )

    def _make_day(self, day: date) -> HomeSeries:
        hours = local_hours(day)
        ghi_w_per_m2 = self._irradiance(day)
        temperature_c = self._temperature(day, hours)
        solar_kw = ghi_w_per_m2 / 1000 * SOLAR_KWP * SOLAR_EFFICIENCY_FRACTION
        return HomeSeries(
            spot_c_per_kwh=self.spot.day_prices(day),
            renewables_percent=self._renewables(day, ghi_w_per_m2),
            ghi_w_per_m2=ghi_w_per_m2,
            temperature_c=temperature_c,
            load_kwh=self._load_kw(day, hours, temperature_c) * HOURS_PER_INTERVAL,
            hot_water_kwh=self._hot_water_kwh(day, hours),
            solar_kwh=np.minimum(solar_kw, INVERTER_KW) * HOURS_PER_INTERVAL,
        )

    def _draws(self, stream: int, day: date, count: int) -> FloatArray:
        return draws(self._seed, stream, day.toordinal(), count)

    def _cheapness(self, day: date) -> float:
        """Minus the price's day factor at noon: high on cheap days. Standard normal."""
        before = self.spot.midnight_factor(day)
        after = self.spot.midnight_factor(day + timedelta(days=1))
        return -(before + after) / math.sqrt(2)

    def _irradiance(self, day: date) -> FloatArray:
        """Clear-sky irradiance under the day's clouds. [W/m2]"""
        own = float(self._draws(_SUN, day, 1)[0])
        other = math.sqrt(1 - PRICE_TO_SUN**2)
        sunniness = PRICE_TO_SUN * self._cheapness(day) + other * own
        clear_fraction = 1 / (1 + math.exp(-0.6 - 0.9 * sunniness))
        flicker = np.repeat(self._draws(_CLOUD, day, 48), 6)
        flicker += 0.5 * self._draws(_CLOUD, day, 48 + INTERVALS_PER_DAY)[48:]
        depth = 0.25 * (1 - clear_fraction)
        passed = np.clip(0.25 + 0.75 * clear_fraction + depth * flicker, 0.08, 1.05)
        return np.asarray(clear_sky_w_per_m2(day) * passed)

    def _temperature(self, day: date, hours: FloatArray) -> FloatArray:
        """Season, time of day and the day's own warmth. [°C]"""
        year_turn = 2 * math.pi * (day.timetuple().tm_yday - 28) / 365.25
        season_c = 15.2 + 5.8 * math.cos(year_turn)
        warmth_c = 3.0 * float(self._draws(_WARMTH, day, 1)[0])
        swing = np.cos(2 * math.pi * (hours - 15.5) / 24)
        return np.asarray(season_c + warmth_c + 5.0 * swing)

    def _renewables(self, day: date, ghi_w_per_m2: FloatArray) -> FloatArray:
        """Wind of the day and sun of the hour. [%]"""
        wind = 0.6 * self._cheapness(day) + 0.8 * float(self._draws(_WIND, day, 1)[0])
        wander = 1.5 * np.repeat(self._draws(_WIND, day, 49)[1:], 6)
        percent = 28 + 11 * wind + 0.045 * ghi_w_per_m2 + wander
        return np.asarray(np.clip(percent, 2.0, 108.0).round(3))

    def _load_kw(
        self, day: date, hours: FloatArray, temperature_c: FloatArray
    ) -> FloatArray:
        """Standby, habits, heating and cooling, and single appliances. [kW]"""
        base_kw = 0.22 + 0.08 * (np.arange(INTERVALS_PER_DAY) % 10 < 4)
        habits_kw = 0.45 * _hump(hours, 7.5, 1.2) + 0.9 * _hump(hours, 19.0, 2.0)
        at_home = 0.35 + 0.65 * np.clip(_hump(hours, 18.5, 4.0), 0, 1)
        heating_kw = 0.11 * np.clip(16.0 - temperature_c, 0, 12) * at_home
        cooling_kw = 0.13 * np.clip(temperature_c - 25.0, 0, 14) * at_home
        wobble = np.exp(0.25 * self._draws(_LOAD, day, INTERVALS_PER_DAY))
        steady_kw = (base_kw + habits_kw + heating_kw + cooling_kw) * wobble
        return np.asarray(steady_kw + self._appliances_kw(day))

    def _appliances_kw(self, day: date) -> FloatArray:
        """Kettle, oven, washing: a few short runs of 1.5 to 2.4 kW a day. [kW]"""
        rng = np.random.default_rng((self._seed, _EVENTS, day.toordinal()))
        power_kw = np.zeros(INTERVALS_PER_DAY)
        for _ in range(int(rng.integers(3, 9))):
            first = int(rng.integers(78, 264))
            length = int(rng.integers(1, 10))
            power_kw[first : first + length] += rng.uniform(1.5, 2.4)
        return power_kw

    def _hot_water_kwh(self, day: date, hours: FloatArray) -> FloatArray:
        """Reheating from 23:00 local: two nights meet in a NEM day. [kWh]"""
        energy = np.zeros(INTERVALS_PER_DAY)
        full_kwh = HOT_WATER_KW * HOURS_PER_INTERVAL
        since_start_hours = (hours - HOT_WATER_START_HOUR) % 24
        for night, is_this in (
            (day, hours >= HOT_WATER_START_HOUR),
            (day - timedelta(days=1), hours < HOT_WATER_START_HOUR),
        ):
            drawn = float(self._draws(_HOT_WATER, night, 1)[0])
            run_hours = max(HOT_WATER_MEAN_KWH + 1.5 * drawn, 1.0) / HOT_WATER_KW
            energy[is_this & (since_start_hours < run_hours)] = full_kwh
        return np.round(energy, 3)


def local_hours(day: date) -> FloatArray:
    """Local time of day at each interval of a NEM day. (288,) [h]

    On a clock-change day the local hours jump or repeat; the NEM day never does.
    """
    start = nem_day_start(day)
    starts = (start + k * FIVE_MINUTES for k in range(INTERVALS_PER_DAY))
    local = (moment.astimezone(HOME_ZONE) for moment in starts)
    return np.array([moment.hour + moment.minute / 60 for moment in local])


def clear_sky_w_per_m2(day: date) -> FloatArray:
    """Global horizontal irradiance of a cloudless day in Melbourne. (288,) [W/m2]

    Haurwitz's model ``1098 cos(z) exp(-0.057 / cos(z))`` [1]_ with the sun's height
    from declination and solar time; the equation of time is left out.

    References
    ----------
    .. [1] B. Haurwitz, "Insolation in relation to cloudiness and cloud density",
       Journal of Meteorology, vol. 2, 1945, pp. 154-166.
    """
    day_angle = 2 * math.pi * (day.timetuple().tm_yday + 10) / 365.25
    declination = -math.radians(23.44) * math.cos(day_angle)
    nem_longitude_deg = 15 * NEM_TIME.utcoffset(None) / timedelta(hours=1)
    nem_hours = (np.arange(INTERVALS_PER_DAY) + 0.5) / 12
    solar_hours = nem_hours + (LONGITUDE_DEG - nem_longitude_deg) / 15
    hour_angle = (solar_hours - 12) * math.pi / 12
    latitude = math.radians(LATITUDE_DEG)
    cos_zenith = math.sin(latitude) * math.sin(declination) + math.cos(
        latitude
    ) * math.cos(declination) * np.cos(hour_angle)
    height = np.maximum(cos_zenith, 1e-3)
    sun = 1098 * height * np.exp(-0.057 / height)
    return np.where(cos_zenith > 0, sun, 0.0)


def _meter_kwh(net_kwh: FloatArray) -> FloatArray:
    """What a register counts of a net flow in its direction: Wh, never negative."""
    return np.asarray(net_kwh.clip(min=0.0).round(3), dtype=np.float64)


def _hump(hours: FloatArray, centre_hour: float, width_hours: float) -> FloatArray:
    """Bell around an hour of the day, going round midnight."""
    distance = (hours - centre_hour + 12) % 24 - 12
    return np.asarray(np.exp(-0.5 * (distance / width_hours) ** 2))
