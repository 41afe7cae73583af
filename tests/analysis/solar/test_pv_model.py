"""Panels under a sky: sunrise, steps, clipping, shade, directions, PVWatts itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import PySAM.Pvwattsv8
import pytest
from tests.analysis.solar.typical_year import (
    CITIES,
    FIVE_MINUTES,
    HOUR,
    City,
    typical_year,
)

from home_energy.analysis.solar.irradiance_split import share_by_shape, split_weather
from home_energy.analysis.solar.pv_model import solar_output
from home_energy.analysis.solar.sun_path import sun_path
from home_energy.domain.series import FloatArray
from home_energy.domain.solar_array import SolarArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import AlignmentError, DataError

MELBOURNE = (-37.81, 144.96)
NORTH = SolarArray("north", 6.6, 22, 0, 5.0)


def clear_weather(start: datetime, days: int, step: timedelta = HOUR) -> WeatherSeries:
    """Cloudless days in Melbourne at 20 degrees."""
    grid = TimeGrid(start, step, days * timedelta(days=1) // step)
    ratio = step // FIVE_MINUTES
    sun = sun_path(*MELBOURNE, TimeGrid(start, FIVE_MINUTES, grid.count * ratio))

    def means(points: FloatArray) -> FloatArray:
        return np.asarray(points.reshape(grid.count, ratio).mean(axis=1))

    return WeatherSeries(
        *MELBOURNE,
        grid,
        means(sun.clear_ghi_w_per_m2),
        means(sun.clear_dni_w_per_m2),
        means(sun.clear_dhi_w_per_m2),
        np.full(grid.count, 20.0),
        np.full(grid.count, 3.0),
        "clear",
    )


JANUARY = datetime(2025, 1, 14, 14, tzinfo=UTC)  # midnight of the 15th, NEM time
JUNE = datetime(2025, 6, 14, 14, tzinfo=UTC)


def five_minutes(weather: WeatherSeries) -> TimeGrid:
    return TimeGrid.between(weather.grid.start, weather.grid.end, FIVE_MINUTES)


def test_splitting_an_hour_keeps_its_energy() -> None:
    rng = np.random.default_rng(1)
    shape = np.concatenate([np.zeros(12), rng.random(24), [0.0] * 11, [2.0]])
    means = np.array([7.0, 612.5, np.nan, 3.25])

    points = share_by_shape(means, shape)

    # In the dark hour the mean stands at every point; the last hour is all in its last
    # five minutes, 12 x 3.25 = 39.
    np.testing.assert_array_equal(points[:12], 7.0)
    assert points[-1] == pytest.approx(39.0, abs=1e-9)
    joined = points.reshape(4, 12).mean(axis=1)
    np.testing.assert_allclose(joined, means, rtol=0, atol=1e-9)


def test_weather_keeps_its_energy_in_every_hour() -> None:
    weather = typical_year(CITIES[5])

    sky = split_weather(weather, five_minutes(weather))

    for name in ("ghi_w_per_m2", "dhi_w_per_m2"):
        joined = getattr(sky, name).reshape(8760, 12).mean(axis=1)
        np.testing.assert_allclose(joined, getattr(weather, name), rtol=0, atol=1e-9)


def test_no_light_falls_before_sunrise() -> None:
    weather = clear_weather(JUNE, 1)

    made = solar_output([NORTH], weather, five_minutes(weather)).ac.kwh

    # Melbourne on 15 June 2025: sun up 07:33, down 17:08 by the almanac.
    up, down = (7 * 60 + 33) // 5, (17 * 60 + 8) // 5
    hour_of_sunrise = weather.grid.index(datetime(2025, 6, 14, 21, 30, tzinfo=UTC))
    assert weather.ghi_w_per_m2[hour_of_sunrise] > 0
    assert not made[: up - 1].any()
    assert not made[down + 2 :].any()
    assert made[up + 2 : down - 1].all()


def test_hourly_weather_makes_the_same_clear_day_as_five_minute_weather() -> None:
    hourly, fine = clear_weather(JUNE, 1), clear_weather(JUNE, 1, FIVE_MINUTES)
    grid = five_minutes(fine)

    from_hours = solar_output([NORTH], hourly, grid).ac.kwh
    from_five_minutes = solar_output([NORTH], fine, grid).ac.kwh

    # The shape within the hour is the clear sky's; the weather here is one.
    np.testing.assert_allclose(from_hours, from_five_minutes, rtol=0, atol=1e-9)


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_longer_intervals_hold_the_sum_of_the_shorter(minutes: int) -> None:
    weather = clear_weather(JANUARY, 2)
    step = timedelta(minutes=minutes)
    fine = solar_output([NORTH], weather, five_minutes(weather)).ac

    long = solar_output(
        [NORTH], weather, TimeGrid.between(weather.grid.start, weather.grid.end, step)
    ).ac

    np.testing.assert_allclose(long.kwh, fine.at_step(step).kwh, rtol=0, atol=1e-12)


def test_inverter_clips_at_its_rating() -> None:
    weather = clear_weather(JANUARY, 1)
    big = replace(NORTH, kw_dc=10.0)

    free = solar_output(
        [replace(big, inverter_kw_ac=20.0)], weather, five_minutes(weather)
    )
    clipped = solar_output([big], weather, five_minutes(weather))

    # 5 kW for five minutes is 5/12 kWh.
    is_full = clipped.ac.kwh > 5 / 12 - 1e-9
    assert clipped.ac.kwh.max() == pytest.approx(5 / 12, abs=1e-12)
    assert np.count_nonzero(is_full) > 12
    assert free.arrays[0].clipped_kwh == 0.0
    # DC energy above the limit, of which an inverter makes AC at 96 %.
    lost = (free.ac.kwh - clipped.ac.kwh)[is_full].sum()
    assert lost == pytest.approx(0.96 * clipped.arrays[0].clipped_kwh, rel=0.01)


def test_shade_of_a_month_falls_in_that_month_only() -> None:
    # 30 June and 1 July; the sun's midnight in Melbourne is 14:20 UTC.
    weather = clear_weather(datetime(2025, 6, 29, 14, tzinfo=UTC), 2)
    june_shade = (0.0,) * 5 + (0.4,) + (0.0,) * 6

    plain = solar_output([NORTH], weather, weather.grid).ac.kwh.reshape(2, 24)
    shaded = solar_output(
        [replace(NORTH, shading_fraction=june_shade)], weather, weather.grid
    ).ac.kwh.reshape(2, 24)

    np.testing.assert_array_equal(shaded[1], plain[1])
    # A little over 60 % of the DC energy, for the inverter is no better at low load.
    assert shaded[0].sum() / plain[0].sum() == pytest.approx(0.60, abs=0.01)


def test_all_shade_is_no_energy_and_not_missing() -> None:
    weather = clear_weather(JUNE, 1)
    dark = replace(NORTH, shading_fraction=(1.0,) * 12)

    made = solar_output([dark], weather, weather.grid).ac

    assert made.kwh.tolist() == [0.0] * 24


def test_north_beats_east_and_west_beat_south_below_the_equator() -> None:
    weather = typical_year(CITIES[7])
    grid = TimeGrid(weather.grid.start, HOUR, 8760)
    roofs = [
        SolarArray(name, 1, 25, azimuth, 2)
        for name, azimuth in (("n", 0), ("e", 90), ("w", 270), ("s", 180))
    ]

    output = solar_output(roofs, weather, grid)

    north, east, west, south = (one.ac.kwh.sum() for one in output.arrays)
    assert north > max(east, west) > min(east, west) > south
    assert south < 0.75 * north
    np.testing.assert_allclose(
        output.ac.kwh, sum(one.ac.kwh for one in output.arrays), rtol=0, atol=1e-12
    )


def test_east_roof_peaks_in_the_morning_and_west_roof_in_the_afternoon() -> None:
    weather = clear_weather(JANUARY, 1)
    east, west = replace(NORTH, azimuth_deg=90), replace(NORTH, azimuth_deg=270)

    output = solar_output([east, west], weather, weather.grid)

    # Noon by the sun is 12:30 NEM on 15 January: 20 min for 5 degrees of longitude and
    # 9 min for the equation of time.
    hours = np.arange(24) + 0.5
    centres = [
        float((one.ac.kwh * hours).sum() / one.ac.kwh.sum()) for one in output.arrays
    ]
    assert 11.0 < centres[0] < 12.3
    assert 12.7 < centres[1] < 14.0
    assert sum(centres) / 2 == pytest.approx(12.49, abs=0.05)


def test_glass_throws_back_a_grazing_sun() -> None:
    # One instant with the sun 8 degrees up and no other light: 56 W/m2 fall on a flat
    # roof from the side, or on a wall that faces the sun.
    grid = TimeGrid(datetime(2025, 1, 14, 20, 0, tzinfo=UTC), FIVE_MINUTES, 1)
    sun = sun_path(*MELBOURNE, grid)
    height = float(sun.cos_zenith[0])
    flat = replace(NORTH, tilt_deg=0, inverter_kw_ac=0.5, albedo_fraction=0)
    facing = replace(
        flat,
        tilt_deg=float(sun.zenith_deg[0]),
        azimuth_deg=float(sun.azimuth_deg[0]),
    )

    def energy_kwh(roof: SolarArray, dni_w_per_m2: float) -> float:
        weather = WeatherSeries(
            *MELBOURNE,
            grid,
            np.zeros(1),
            np.array([dni_w_per_m2]),
            np.zeros(1),
            np.array([20.0]),
            np.array([3.0]),
            "one instant",
        )
        return float(solar_output([roof], weather, grid).ac.kwh[0])

    from_the_side, straight = energy_kwh(flat, 400), energy_kwh(facing, 400 * height)

    # Fresnel at 82 degrees through n = 1.3: near 0.6 passes.
    assert 7 < 90 - sun.zenith_deg[0] < 9
    assert straight > 0
    assert from_the_side / straight == pytest.approx(0.6, abs=0.1)


def test_clock_change_does_not_move_the_sun() -> None:
    # Daylight saving begins in Melbourne on 5 October 2025 at 16:00 UTC of the 4th.
    weather = clear_weather(datetime(2025, 10, 3, 14, tzinfo=UTC), 3)

    days = solar_output([NORTH], weather, five_minutes(weather)).ac.kwh.reshape(3, 288)

    # The day's centre of energy, NEM time: half a minute a day by the equation of time.
    minutes = np.arange(288) * 5 + 2.5
    centres = (days * minutes).sum(axis=1) / days.sum(axis=1)
    assert np.ptp(centres) < 2.0


def test_missing_weather_is_missing_energy_and_no_more() -> None:
    weather = clear_weather(JANUARY, 2)
    for name in ("dni_w_per_m2", "air_temperature_c"):
        holed = getattr(weather, name).copy()
        holed[12] = np.nan

        made = solar_output(
            [NORTH], replace(weather, **{name: holed}), five_minutes(weather)
        ).ac

        assert np.flatnonzero(np.isnan(made.kwh)).tolist() == list(range(144, 156))


def test_time_without_weather_is_missing() -> None:
    weather = clear_weather(JANUARY, 1)
    grid = TimeGrid(JANUARY - timedelta(hours=2), HOUR, 28)

    made = solar_output([NORTH], weather, grid).ac

    missing = np.flatnonzero(np.isnan(made.kwh)).tolist()
    assert missing == [0, 1, 26, 27]


def test_beam_that_no_air_lets_through_is_left_out_and_counted() -> None:
    # The sun is up for the last minutes of 05:00 to 06:00 NEM only; a source says that
    # the beam of that hour was 500 W/m2, which would be 6000 within five minutes.
    weather = clear_weather(JANUARY + timedelta(days=14), 1)
    dni = weather.dni_w_per_m2.copy()
    hour = int(np.flatnonzero(dni > 0)[0])
    dni[hour] = 500.0

    honest = solar_output([NORTH], weather, weather.grid)
    output = solar_output([NORTH], replace(weather, dni_w_per_m2=dni), weather.grid)

    assert honest.impossible_beam_kwh_per_m2 == 0.0
    assert 0.1 < output.impossible_beam_kwh_per_m2 < 0.5
    assert output.ac.kwh[hour] < 0.3


def test_array_must_be_there_and_weather_must_fit() -> None:
    weather = clear_weather(JANUARY, 1)

    with pytest.raises(DataError, match="no array"):
        solar_output([], weather, weather.grid)
    with pytest.raises(AlignmentError, match="no common five minutes"):
        solar_output([NORTH], weather, TimeGrid(JANUARY, timedelta(minutes=1), 60))
    with pytest.raises(AlignmentError, match="no common five minutes"):
        solar_output(
            [NORTH], weather, TimeGrid(JANUARY + timedelta(minutes=3), FIVE_MINUTES, 3)
        )
    with pytest.raises(DataError, match="says nothing of"):
        solar_output([NORTH], weather, TimeGrid(JUNE, HOUR, 3))


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
@pytest.mark.parametrize("tilt_deg", [20, 30])
def test_yield_of_a_capital_is_within_a_tenth_of_what_installers_are_told(
    city: City, tilt_deg: int
) -> None:
    weather = typical_year(city)
    roof = SolarArray("north", 6.6, tilt_deg, 0, 5.0)

    output = solar_output([roof], weather, TimeGrid(weather.grid.start, HOUR, 8760))

    told = 365 * city.yield_kwh_per_kw_day
    assert output.yield_kwh_per_kw == pytest.approx(told, rel=0.10)


def pvwatts_hourly_kwh(
    weather: WeatherSeries, city: City, roof: SolarArray
) -> FloatArray:
    """The same roof by NREL's own PVWatts 8, roof mounted, standard module."""
    local = [
        moment + timedelta(hours=city.zone_hours, minutes=30) for moment in weather.grid
    ]
    model = PySAM.Pvwattsv8.default("PVWattsNone")
    model.SolarResource.solar_resource_data = {
        "lat": city.latitude_deg,
        "lon": city.longitude_deg,
        "tz": city.zone_hours,
        "elev": 0,
        "year": [moment.year for moment in local],
        "month": [moment.month for moment in local],
        "day": [moment.day for moment in local],
        "hour": [moment.hour for moment in local],
        "minute": [moment.minute for moment in local],
        "gh": weather.ghi_w_per_m2.tolist(),
        "dn": weather.dni_w_per_m2.tolist(),
        "df": weather.dhi_w_per_m2.tolist(),
        "tdry": weather.air_temperature_c.tolist(),
        "wspd": weather.wind_speed_m_per_s.tolist(),
    }
    design = model.SystemDesign
    design.system_capacity = roof.kw_dc
    design.tilt, design.azimuth = roof.tilt_deg, roof.azimuth_deg
    design.dc_ac_ratio = roof.kw_dc / roof.inverter_kw_ac
    design.losses, design.inv_eff = 14, 96
    design.array_type, design.module_type = 1, 0
    model.execute(0)
    return np.array(model.Outputs.ac) / 1000


@pytest.mark.parametrize(
    "city", [CITIES[3], CITIES[4], CITIES[7]], ids=lambda c: c.name
)
@pytest.mark.parametrize("azimuth_deg", [0, 90, 270])
def test_year_is_that_of_pvwatts(city: City, azimuth_deg: float) -> None:
    weather = typical_year(city)
    roof = SolarArray("roof", 6.6, 25, azimuth_deg, 5.5)

    ours = solar_output([roof], weather, TimeGrid(weather.grid.start, HOUR, 8760))

    theirs = pvwatts_hourly_kwh(weather, city, roof)
    assert ours.ac.kwh.sum() == pytest.approx(theirs.sum(), rel=0.02)
    # Hour by hour too: no slip of an hour, no wrong side of the roof.
    assert np.corrcoef(ours.ac.kwh, theirs)[0, 1] > 0.999
