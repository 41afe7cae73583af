"""What a file holds, counted: values, from when to when, and how many lie ahead."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from home_energy.domain.car_history import Charge, Drive
from home_energy.domain.market_forecast import MarketForecast
from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Price
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.series import FloatArray
from home_energy.domain.spot import SpotDay
from home_energy.domain.weather import WeatherSeries
from home_energy.ingestion.sources.source_file import FileContent

_Day = MeterDay | SpotDay | RooftopDay
_Series = MarketForecast | WeatherSeries
_Row = Price | MeterReading | Drive | Charge


def value_count(content: FileContent) -> int:
    """Interval values, missing ones left out; of weather every quantity by itself.

    A drive or a charge of a car is one.
    """
    in_days = sum(int((~np.isnan(_values(day))).sum()) for day in _days(content))
    in_series = sum(
        int((~np.isnan(column)).sum())
        for series in _series(content)
        for column in _columns(series)
    )
    return in_days + in_series + sum(1 for _ in _rows(content))


def period(content: FileContent) -> tuple[datetime, datetime] | None:
    """Start of the first and end of the last value; `None` without any."""
    ends = [(row.start, row.end) for row in _rows(content)]
    ends += [
        known
        for day in _days(content)
        if (known := _known(day.start, day.interval_minutes, _values(day))) is not None
    ]
    ends += [
        known
        for series in _series(content)
        for column in _columns(series)
        if (known := _known(series.grid.start, _minutes(series), column)) is not None
    ]
    if not ends:
        return None
    return min(start for start, _ in ends), max(end for _, end in ends)


def future_count(content: FileContent, now: datetime) -> int:
    """Values of intervals that had not begun at `now`; a forecast's are its own."""
    count = sum(row.start > now for row in _rows(content))
    for day in _days(content):
        if day.end > now:
            begun = (now - day.start) // timedelta(minutes=day.interval_minutes) + 1
            count += int((~np.isnan(_values(day)[max(begun, 0) :])).sum())
    return count


def _rows(content: FileContent) -> Iterator[_Row]:
    yield from content.prices
    yield from content.readings
    for car in content.cars:
        yield from car.drives
        yield from car.charges


def _days(content: FileContent) -> Iterator[_Day]:
    for days in content.meter.values():
        yield from days
    yield from content.spot
    yield from content.rooftop


def _series(content: FileContent) -> Iterator[_Series]:
    yield from content.market_forecasts
    yield from content.weather


def _values(day: _Day) -> FloatArray:
    match day:
        case MeterDay():
            return day.kwh
        case SpotDay():
            return day.rrp_aud_per_mwh_ex_gst
        case RooftopDay():
            return day.mw


def _columns(series: _Series) -> tuple[FloatArray, ...]:
    if isinstance(series, MarketForecast):
        return (series.rrp_aud_per_mwh_ex_gst,)
    return (
        series.ghi_w_per_m2,
        series.dni_w_per_m2,
        series.dhi_w_per_m2,
        series.air_temperature_c,
        series.wind_speed_m_per_s,
    )


def _minutes(series: _Series) -> int:
    return series.grid.step // timedelta(minutes=1)


def _known(
    start: datetime, interval_minutes: int, values: FloatArray
) -> tuple[datetime, datetime] | None:
    """Start of the first and end of the last value."""
    places = np.flatnonzero(~np.isnan(values))
    if not places.size:
        return None
    step = timedelta(minutes=interval_minutes)
    return start + int(places[0]) * step, start + (int(places[-1]) + 1) * step
