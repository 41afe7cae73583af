"""A typical year keeps month and day, wherever it is moved."""

from datetime import date, timedelta

import numpy as np
import pytest

from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.domain.typical_year import is_typical_year, typical_year_on
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError


def _typical(first: date = date(1990, 1, 1), day_count: int = 365) -> WeatherSeries:
    """Weather that says which day of the year it is (global) and which hour (wind)."""
    day, hour = np.divmod(np.arange(day_count * 24), 24)
    constant = np.zeros(day_count * 24)
    return WeatherSeries(
        -37.81,
        144.96,
        TimeGrid(nem_day_start(first), timedelta(hours=1), day_count * 24),
        ghi_w_per_m2=day.astype(np.float64),
        dni_w_per_m2=constant + 1,
        dhi_w_per_m2=constant + 2,
        air_temperature_c=constant + 3,
        wind_speed_m_per_s=hour.astype(np.float64),
        source="pvgis",
    )


def test_days_keep_their_month_and_day_also_past_a_leap_day() -> None:
    moved = typical_year_on(_typical(), date(2024, 2, 27), date(2024, 3, 2))

    # Days since 1 January 1990: 27 Feb is 57, 28 Feb 58, 1 March 59, 2 March 60.
    assert list(moved.ghi_w_per_m2[::24]) == [57.0, 58.0, 58.0, 59.0, 60.0]
    assert list(moved.wind_speed_m_per_s[:25]) == [*range(24), 0.0]
    assert moved.grid.start == nem_day_start(date(2024, 2, 27))
    assert moved.grid.count == 5 * 24
    assert (moved.dni_w_per_m2[0], moved.dhi_w_per_m2[0]) == (1.0, 2.0)
    assert moved.air_temperature_c[0] == 3.0


def test_a_year_follows_on_a_year() -> None:
    moved = typical_year_on(_typical(), date(2024, 12, 31), date(2025, 1, 1))

    assert list(moved.ghi_w_per_m2[::24]) == [364.0, 0.0]


@pytest.mark.parametrize(
    "weather", [_typical(date(1991, 1, 1)), _typical(day_count=364)]
)
def test_what_is_no_typical_year_is_refused(weather: WeatherSeries) -> None:
    with pytest.raises(DataError, match="is no typical year"):
        typical_year_on(weather, date(2025, 1, 1), date(2025, 1, 2))


def test_a_source_says_by_its_name_whether_it_is_typical() -> None:
    assert is_typical_year("epw:AUS_VIC_Melbourne")
    assert is_typical_year("tmy3:703165TY")
    assert is_typical_year("pvgis")
    assert not is_typical_year("open-meteo")
