"""The record of weather: one row for each source, place and day of the market."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_date, nem_day_start
from home_energy.domain.typical_year import (
    TYPICAL_YEAR,
    is_typical_year,
    typical_year_on,
)
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError
from home_energy.store.database import Database
from home_energy.store.day_merging import DaySaveResult, merged
from home_energy.store.day_packing import (
    day_number,
    day_of,
    pack_values,
    unpack_values,
)

_DAY = timedelta(days=1)
_PLACE_DECIMALS = 2  # 0.01 degrees are about a kilometre; a model's cell is several
_COLUMNS = (
    "ghi_w_per_m2",
    "dni_w_per_m2",
    "dhi_w_per_m2",
    "air_temperature_c",
    "wind_speed_m_per_s",
)
_NAMES = ", ".join(_COLUMNS)


@dataclass(frozen=True, slots=True)
class WeatherPlace:
    """A place, to a hundredth of a degree, for which a source gave weather.

    Parameters
    ----------
    source
        Such as `open-meteo`, `pvgis`, `epw:Melbourne`.
    latitude_deg, longitude_deg
        South and west are negative. [degrees]
    interval_minutes
        Length of the intervals on record. [minutes]
    first, last
        First and last day of the market on record, both included.
    """

    source: str
    latitude_deg: float
    longitude_deg: float
    interval_minutes: int
    first: date
    last: date


class WeatherDayTable:
    """Weather of every source and place in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, series: WeatherSeries, known_at: datetime) -> DaySaveResult:
        """Keep a series by its days. Twice is once; a source's later word stands.

        A missing value never replaces a known one. Counts are of single values, five
        for each interval.

        Raises
        ------
        DataError
            If intervals do not fit into days, or are not as long as those on record.
        """
        result = DaySaveResult()
        with self._database.transaction():
            key = self._place_key(series)
            for day, values in _days(series):
                result += self._save_day(key, day, values, known_at)
        return result

    def series(
        self, source: str, place: tuple[float, float], first: date, last: date
    ) -> WeatherSeries | None:
        """Weather of NEM days, both included; what is not on record is NaN.

        A typical year, which is kept on the days of `TYPICAL_YEAR`, comes moved onto
        the days that are asked for.

        Parameters
        ----------
        place
            Latitude and longitude; taken to a hundredth of a degree. [degrees]

        Returns
        -------
        WeatherSeries or None
            `None` when the source has no day of it on record.
        """
        if not is_typical_year(source):
            return self._kept(source, place, first, last)
        year = self._kept(
            source, place, date(TYPICAL_YEAR, 1, 1), date(TYPICAL_YEAR, 12, 31)
        )
        return None if year is None else typical_year_on(year, first, last)

    def places(self) -> list[WeatherPlace]:
        """Every source and place with weather on record, by source and place."""
        rows = self._database.rows(
            "SELECT source, latitude_deg, longitude_deg, interval_minutes, "
            "min(nem_day), max(nem_day) FROM weather_place "
            "JOIN weather_day USING (place_key) GROUP BY place_key ORDER BY 1, 2, 3"
        )
        return [
            WeatherPlace(
                source, latitude, longitude, minutes, day_of(first), day_of(last)
            )
            for source, latitude, longitude, minutes, first, last in rows
        ]

    def _kept(
        self, source: str, place: tuple[float, float], first: date, last: date
    ) -> WeatherSeries | None:
        """Weather on the days on which it is kept."""
        latitude, longitude = _rounded(*place)
        there = self._database.row(
            "SELECT place_key, interval_minutes FROM weather_place "
            "WHERE source = ? AND latitude_deg = ? AND longitude_deg = ?",
            (source, latitude, longitude),
        )
        if there is None or last < first:
            return None
        key, minutes = there
        rows = self._database.rows(
            f"SELECT nem_day, {_NAMES} FROM weather_day "  # noqa: S608 - our own names
            "WHERE place_key = ? AND nem_day BETWEEN ? AND ?",
            (key, day_number(first), day_number(last)),
        )
        if not rows:
            return None
        grid = TimeGrid.between(
            nem_day_start(first), nem_day_start(last + _DAY), timedelta(minutes=minutes)
        )
        values = np.full(
            (len(_COLUMNS), (last - first).days + 1, 1440 // minutes), np.nan
        )
        for number, *packed in rows:
            values[:, number - day_number(first)] = [unpack_values(p) for p in packed]
        columns = dict(zip(_COLUMNS, values.reshape(len(_COLUMNS), -1), strict=True))
        return WeatherSeries(latitude, longitude, grid, **columns, source=source)

    def _place_key(self, series: WeatherSeries) -> int:
        minutes = _interval_minutes(series)
        place = (series.source, *_rounded(series.latitude_deg, series.longitude_deg))
        self._database.execute(
            "INSERT OR IGNORE INTO weather_place "
            "(source, latitude_deg, longitude_deg, interval_minutes) "
            "VALUES (?, ?, ?, ?)",
            (*place, minutes),
        )
        row = self._database.row(
            "SELECT place_key, interval_minutes FROM weather_place "
            "WHERE source = ? AND latitude_deg = ? AND longitude_deg = ?",
            place,
        )
        key, there = row or (0, minutes)
        if there != minutes:
            raise DataError(
                f"weather of {series.source}: intervals of {minutes} minutes, those on "
                f"record for this place have {there}; give the source another name"
            )
        return int(key)

    def _save_day(
        self, key: int, day: date, values: FloatArray, known_at: datetime
    ) -> DaySaveResult:
        place = (key, day_number(day))
        row = self._database.row(
            f"SELECT {_NAMES} FROM weather_day "  # noqa: S608 - our own names
            "WHERE place_key = ? AND nem_day = ?",
            place,
        )
        old = None if row is None else np.stack([unpack_values(p) for p in row])
        values, did = merged(old, values)
        if did.new_count or did.changed_count:
            self._database.execute(
                "INSERT OR REPLACE INTO weather_day VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*place, int(known_at.timestamp()), *map(pack_values, values)),
            )
        return did


def _rounded(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    return round(latitude_deg, _PLACE_DECIMALS), round(longitude_deg, _PLACE_DECIMALS)


def _interval_minutes(series: WeatherSeries) -> int:
    """Length of the intervals, which must tile the market's days."""
    grid = series.grid
    into_day = grid.start - nem_day_start(nem_date(grid.start))
    minute = timedelta(minutes=1)
    if grid.step % minute or _DAY % grid.step or into_day % grid.step:
        raise DataError(
            f"weather of {series.source}: intervals of {grid.step} from {grid.start} "
            "do not tile a day of the market; bring them onto its half-hours first"
        )
    return grid.step // minute


def _days(series: WeatherSeries) -> list[tuple[date, FloatArray]]:
    """Values by NEM day, each (5, intervals of a day); parts of days are NaN."""
    grid = series.grid
    if not grid.count:
        return []
    first = nem_date(grid.start)
    before = (grid.start - nem_day_start(first)) // grid.step
    per_day = _DAY // grid.step
    count = -(-(before + grid.count) // per_day)
    padded = np.full((len(_COLUMNS), count * per_day), np.nan)
    padded[:, before : before + grid.count] = [getattr(series, n) for n in _COLUMNS]
    by_day = padded.reshape(len(_COLUMNS), count, per_day)
    return [(first + i * _DAY, by_day[:, i]) for i in range(count)]
