"""Weather as means of intervals: what may be said and what not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import AlignmentError, DataError

GRID = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(hours=1), 3)
WEATHER = WeatherSeries(
    -37.8,
    145.0,
    GRID,
    np.array([0.0, 100.0, 200.0]),
    np.array([0.0, 50.0, 80.0]),
    np.array([0.0, 60.0, 90.0]),
    np.array([-2.0, 10.0, 20.0]),
    np.array([0.0, 1.0, 2.0]),
    "test",
)


def test_missing_is_counted_by_interval() -> None:
    ghi, wind = WEATHER.ghi_w_per_m2.copy(), WEATHER.wind_speed_m_per_s.copy()
    ghi[1] = wind[1] = wind[2] = np.nan

    weather = replace(WEATHER, ghi_w_per_m2=ghi, wind_speed_m_per_s=wind)

    assert WEATHER.missing_count == 0
    assert weather.missing_count == 2


def test_frost_is_no_fault() -> None:
    assert WEATHER.air_temperature_c[0] == -2.0


@pytest.mark.parametrize(
    "name", ["ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2", "wind_speed_m_per_s"]
)
def test_negative_light_and_wind_are_refused(name: str) -> None:
    with pytest.raises(DataError, match=rf"{name} is -1.0 at 2025-01-01 02:00.*0 or"):
        replace(WEATHER, **{name: np.array([0.0, 1.0, -1.0])})  # type: ignore[arg-type]


def test_infinite_temperature_is_refused() -> None:
    with pytest.raises(DataError, match="expected a number, or NaN"):
        replace(WEATHER, air_temperature_c=np.array([np.inf, 1.0, 1.0]))


def test_unequal_columns_are_refused() -> None:
    with pytest.raises(AlignmentError, match=r"dhi_w_per_m2 has shape \(2,\)"):
        replace(WEATHER, dhi_w_per_m2=np.zeros(2))


@pytest.mark.parametrize("place", [(-91.0, 145.0), (-37.8, 181.0), (np.nan, 0.0)])
def test_place_must_be_on_earth(place: tuple[float, float]) -> None:
    with pytest.raises(DataError, match="is no place"):
        replace(WEATHER, latitude_deg=place[0], longitude_deg=place[1])


def test_nobody_changes_the_weather() -> None:
    with pytest.raises(ValueError, match="read-only"):
        WEATHER.ghi_w_per_m2[0] = 1.0
