"""Light of the whole sky, parted into beam and diffuse."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.analysis.solar.global_sun import GlobalSun, weather_from_global
from home_energy.analysis.solar.sun_path import sun_path
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import AlignmentError

GRID = TimeGrid(datetime(2025, 1, 14, 14, tzinfo=UTC), timedelta(hours=1), 24)
FINE = TimeGrid(GRID.start, timedelta(minutes=5), 288)


def parted(ghi: FloatArray) -> WeatherSeries:
    sun = GlobalSun(-37.81, 144.96, GRID, ghi)
    return weather_from_global(sun, np.full(24, 20.0), np.full(24, 3.0), "test")


def clear_ghi() -> FloatArray:
    sun = sun_path(-37.81, 144.96, FINE)
    return np.asarray(sun.clear_ghi_w_per_m2.reshape(24, 12).mean(axis=1))


def test_beam_and_diffuse_make_up_the_whole() -> None:
    weather = parted(clear_ghi() * 0.7)

    height = sun_path(-37.81, 144.96, FINE).cos_zenith.reshape(24, 12).mean(axis=1)
    again = weather.dhi_w_per_m2 + weather.dni_w_per_m2 * height
    np.testing.assert_allclose(again, weather.ghi_w_per_m2, rtol=0, atol=1e-9)


def test_overcast_sky_is_diffuse_and_clear_sky_is_beam() -> None:
    dull, clear = parted(clear_ghi() * 0.15), parted(clear_ghi())

    # Erbs: at a clearness of 0.11 of the light above the air 99 % is diffuse; at 0.73
    # 0.9511 - 0.1604 k + 4.388 k^2 - 16.638 k^3 + 12.336 k^4 = 0.20.
    noon = 12
    assert dull.dhi_w_per_m2[noon] / dull.ghi_w_per_m2[noon] > 0.98
    share = clear.dhi_w_per_m2[noon] / clear.ghi_w_per_m2[noon]
    assert share == pytest.approx(0.20, abs=0.02)


def test_missing_light_stays_missing() -> None:
    ghi = clear_ghi()
    ghi[11] = np.nan

    weather = parted(ghi)

    assert weather.missing_count == 1
    assert np.isnan(weather.dni_w_per_m2[11])
    assert np.isnan(weather.dhi_w_per_m2[11])


def test_step_of_seven_minutes_is_refused() -> None:
    grid = TimeGrid(GRID.start, timedelta(minutes=7), 1)

    with pytest.raises(AlignmentError, match="multiple of 5 minutes"):
        weather_from_global(
            GlobalSun(0.0, 0.0, grid, np.zeros(1)), np.zeros(1), np.zeros(1), "test"
        )


def test_synthetic_home_has_weather_for_panels() -> None:
    start = datetime(2025, 1, 14, 14, tzinfo=UTC)
    home = SyntheticHome()

    weather = home.weather(start, start + timedelta(days=2))

    _, series = home.series(start, start + timedelta(days=2))
    np.testing.assert_array_equal(weather.ghi_w_per_m2, series.ghi_w_per_m2)
    np.testing.assert_array_equal(weather.air_temperature_c, series.temperature_c)
    assert weather.missing_count == 0
    assert weather.dni_w_per_m2.max() > 300
