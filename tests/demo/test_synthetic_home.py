"""The synthetic home: any range, any order, whole days on clock changes."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from home_energy.demo.synthetic_home import (
    HomeSeries,
    SyntheticHome,
    clear_sky_w_per_m2,
    local_hours,
)
from home_energy.errors import DataError

START = datetime(2025, 6, 17, 6, 20, tzinfo=UTC)


def test_range_is_the_same_whatever_was_asked_before() -> None:
    fresh, used = SyntheticHome(4), SyntheticHome(4)
    used.series(datetime(2031, 1, 1, tzinfo=UTC), datetime(2031, 1, 3, tzinfo=UTC))
    used.series(START - timedelta(days=2), START + timedelta(days=2))

    _, first = fresh.series(START, START + timedelta(hours=9))
    _, second = used.series(START, START + timedelta(hours=9))

    for field in fields(HomeSeries):
        np.testing.assert_array_equal(
            getattr(first, field.name), getattr(second, field.name)
        )


def test_parts_of_a_range_join_to_the_whole() -> None:
    home = SyntheticHome()
    middle, end = START + timedelta(hours=8), START + timedelta(hours=30)

    grid, whole = home.series(START, end)
    _, before = home.series(START, middle)
    _, after = home.series(middle, end)

    assert grid.count == 360  # 30 h x 12
    joined = np.concatenate([before.load_kwh, after.load_kwh])
    np.testing.assert_array_equal(whole.load_kwh, joined)


def test_empty_range_is_empty() -> None:
    grid, series = SyntheticHome().series(START, START)

    assert grid.count == series.load_kwh.size == 0


def test_range_off_the_grid_is_refused() -> None:
    with pytest.raises(DataError, match="not a whole number"):
        SyntheticHome().series(START, START + timedelta(minutes=7))


@pytest.mark.parametrize(
    ("day", "hours_of_0_to_4_nem"),
    [
        # 5 October 2025: at 02:00 local (02:00 NEM) the clock jumps to 03:00.
        (date(2025, 10, 5), [0, 1, 3, 4]),
        # 6 April 2025: at 03:00 local (02:00 NEM) the clock falls back to 02:00.
        (date(2025, 4, 6), [1, 2, 2, 3]),
    ],
)
def test_nem_day_of_a_clock_change_has_24_hours(
    day: date, hours_of_0_to_4_nem: list[int]
) -> None:
    hours = local_hours(day)

    assert hours.size == 288
    assert hours[:48:12].tolist() == hours_of_0_to_4_nem


@pytest.mark.parametrize(
    "day", [date(2025, 4, 6), date(2025, 10, 5), date(2024, 2, 29)]
)
def test_every_day_has_288_values_that_can_be(day: date) -> None:
    series = SyntheticHome().day(day)

    for field in fields(HomeSeries):
        values = getattr(series, field.name)
        assert values.shape == (288,)
        assert np.all(np.isfinite(values))
    for name in ("load_kwh", "hot_water_kwh", "solar_kwh", "ghi_w_per_m2"):
        assert getattr(series, name).min() >= 0


def test_meter_sees_the_net_flow() -> None:
    ones = np.ones(3)
    series = HomeSeries(
        *(ones, ones, ones, ones),
        load_kwh=np.array([0.5, 0.1, 0.2]),
        hot_water_kwh=ones,
        solar_kwh=np.array([0.2, 0.3004, 0.2]),
    )

    # 0.5 - 0.2 = 0.3 in; 0.3004 - 0.1 = 0.2004 out, metered in whole Wh; nothing.
    assert series.grid_import_kwh.tolist() == [0.3, 0.0, 0.0]
    assert series.grid_export_kwh.tolist() == [0.0, 0.2, 0.0]


def test_year_of_the_home_is_plausible() -> None:
    start = datetime(2024, 12, 31, 13, tzinfo=UTC)

    _, year = SyntheticHome().series(start, start + timedelta(days=365))

    # Melbourne has about 1500 kWh/m2 a year, 15 to 16 °C on average; 6.6 kWp make
    # 7 to 9 MWh there.
    assert year.ghi_w_per_m2.sum() / 12 / 1000 == pytest.approx(1500, rel=0.1)
    assert year.temperature_c.mean() == pytest.approx(15.5, abs=1.0)
    assert 7_000 < year.solar_kwh.sum() < 9_000
    assert 5_000 < year.load_kwh.sum() < 9_000
    assert 1_800 < year.hot_water_kwh.sum() < 3_000
    daily = year.spot_c_per_kwh.reshape(365, 288).mean(axis=1).clip(0, 30)
    sun = year.ghi_w_per_m2.reshape(365, 288).mean(axis=1)
    assert np.corrcoef(daily, sun)[0, 1] < -0.3  # sunny days are cheap days


def test_sun_stands_high_at_noon_in_december_and_low_in_june() -> None:
    december = clear_sky_w_per_m2(date(2025, 12, 21))
    june = clear_sky_w_per_m2(date(2025, 6, 21))

    # Height at solar noon 75.6 and 28.8 degrees: 1098 sin h exp(-0.057 / sin h).
    assert december.max() == pytest.approx(1003, abs=5)
    assert june.max() == pytest.approx(470, abs=5)
    # 145 E is 5 degrees, 20 minutes, behind the NEM's meridian.
    assert december.argmax() * 5 == pytest.approx(12 * 60 + 20, abs=6)
    assert december[:36].max() == 0.0  # night until 03:00


def test_hot_water_heats_from_23_local_on_summer_and_winter_clock() -> None:
    home = SyntheticHome()

    winter = home.day(date(2025, 6, 17)).hot_water_kwh
    summer = home.day(date(2025, 1, 17)).hot_water_kwh

    # 23:00 local is 23:00 NEM in winter (interval 276), 22:00 in summer (264).
    assert winter[275] == 0 < winter[276]
    assert summer[263] == 0 < summer[264]
