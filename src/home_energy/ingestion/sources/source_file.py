"""A file that a household brought, and what a reader found in it."""

from dataclasses import dataclass, field

from home_energy.domain.car_history import CarHistory
from home_energy.domain.market_forecast import MarketForecast
from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import MeterRecord
from home_energy.domain.price import Price
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.spot import SpotDay
from home_energy.domain.weather import WeatherSeries


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, unpacked.

    Parameters
    ----------
    name
        How a message calls it: its name without folders, of an archive
        `archive.zip/member.csv`.
    content
        Its bytes, after any `.gz` or `.zip` around them was taken off.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a reader found in one file, in our words and units.

    Parameters
    ----------
    source
        Under which name it goes into the record: `nem12`, `table:jemena`.
    row_count
        Rows that held values.
    problems
        What was odd and how it was taken, each with `file:line`. Whatever cannot be
        taken truthfully is an error instead.
    meter, spot, rooftop, market_forecasts, weather, cars, prices, readings
        The values. A reader fills what its files hold.
    """

    source: str
    row_count: int
    problems: tuple[str, ...] = ()
    meter: MeterRecord = field(default_factory=dict)
    spot: tuple[SpotDay, ...] = ()
    rooftop: tuple[RooftopDay, ...] = ()
    market_forecasts: tuple[MarketForecast, ...] = ()
    weather: tuple[WeatherSeries, ...] = ()
    cars: tuple[CarHistory, ...] = ()
    prices: tuple[Price, ...] = ()
    readings: tuple[MeterReading, ...] = ()
