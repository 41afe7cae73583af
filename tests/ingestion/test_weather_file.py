"""Typical years from EPW and TMY3: ends of local hours become the market's days."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from tests.ingestion.weather_answers import HOURS, epw, epw_rows

from home_energy.domain.time_grid import nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.weather_file import read_weather_file


def _tmy3(zone: float = 10.0) -> str:
    columns = (
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),"
        "Dry-bulb (C),Wspd (m/s)"
    )
    rows = [
        f"{start:%m/%d}/{1980 + start.month},{start.hour + 1:02}:00,{number},500,100,"
        f"{start.hour + 1}.0,3.5"
        for number, start in enumerate(HOURS)
    ]
    head = f'948660,"MELBOURNE",VI,{zone},-37.670,144.830,119'
    return "\n".join([head, columns, *rows]) + "\n"


def _read(text: str, name: str = "AUS_VIC_Melbourne.epw") -> FileContent:
    return read_weather_file(SourceFile(name, text.encode()))


def _series(text: str) -> WeatherSeries:
    return _read(text).weather[0]


@pytest.mark.parametrize("text", [epw(), _tmy3()], ids=["epw", "tmy3"])
def test_hour_one_is_the_first_of_the_year(text: str) -> None:
    series = _series(text)

    # Melbourne's standard time is the market's: hour 1 is 00:00 to 01:00 NEM.
    assert series.grid.start == nem_day_start(date(1990, 1, 1))
    assert (series.grid.step, series.grid.count) == (timedelta(hours=1), 8760)
    assert list(series.ghi_w_per_m2[:2]) == [0.0, 1.0]
    assert series.ghi_w_per_m2[-1] == 8759.0
    assert (series.dni_w_per_m2[0], series.dhi_w_per_m2[0]) == (500.0, 100.0)
    # Dry bulb is the stamp's hour. From 00:00 (stamped 24 the day before) to 01:00 it
    # is (24 + 1) / 2, then (1 + 2) / 2.
    assert list(series.air_temperature_c[:3]) == [12.5, 1.5, 2.5]
    assert set(series.wind_speed_m_per_s) == {3.5}
    assert (series.latitude_deg, series.longitude_deg) == (-37.67, 144.83)


@pytest.mark.parametrize("make", [epw, _tmy3], ids=["epw", "tmy3"])
def test_western_hours_come_later_and_go_round(make: Callable[[float], str]) -> None:
    series = _series(make(8.0))

    # Perth's 00:00 is 02:00 NEM; the first two hours of the market's year are the
    # last two of Perth's.
    assert list(series.ghi_w_per_m2[:4]) == [8758.0, 8759.0, 0.0, 1.0]


def test_a_zone_of_half_an_hour_has_its_hours_in_halves() -> None:
    series = _series(epw(9.5))

    # Adelaide's 00:00 is 00:30 NEM; before it stands the second half of its last hour.
    assert series.grid.step == timedelta(minutes=30)
    assert list(series.ghi_w_per_m2[:5]) == [8759.0, 0.0, 0.0, 1.0, 1.0]


def test_a_file_is_a_source_by_its_name() -> None:
    assert _read(epw(), "zips.zip/AUS_VIC.epw").source == "epw:AUS_VIC"
    assert _read(_tmy3(), "948660TYA.CSV").source == "tmy3:948660TYA"


def test_missing_codes_stay_missing() -> None:
    rows = epw_rows()
    rows[5] = rows[5].replace(",5,500,100,", ",9999,9999,9999,")
    rows[7] = rows[7].replace(",3.5,", ",999,").replace(",8.0,8.0,", ",99.9,8.0,")

    content = _read(epw(rows=rows))

    series = content.weather[0]
    assert np.flatnonzero(np.isnan(series.ghi_w_per_m2)).tolist() == [5]
    assert np.flatnonzero(np.isnan(series.dni_w_per_m2)).tolist() == [5]
    # A reading is an end of two hours.
    assert np.flatnonzero(np.isnan(series.wind_speed_m_per_s)).tolist() == [7, 8]
    assert np.flatnonzero(np.isnan(series.air_temperature_c)).tolist() == [7, 8]
    assert content.problems == (
        "AUS_VIC_Melbourne.epw: intervals without weather: 3; they stay missing",
    )


def test_a_leap_day_is_left_out() -> None:
    rows = epw_rows()
    number = (31 + 28) * 24
    leap = [
        f"1984,2,29,{hour + 1}," + rows[hour].split(",", 4)[4] for hour in range(24)
    ]

    series = _series(epw(rows=[*rows[:number], *leap, *rows[number:]]))

    assert np.array_equal(series.ghi_w_per_m2, np.arange(8760.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "the first row is 'a,b'"),
        ("", "the file is empty"),
        (epw(rows=epw_rows()[:-1]), "8759 hours; expected the 8760"),
        (epw(rows=epw_rows()[24:]), "8736 hours; expected the 8760"),
        (epw(rows=epw_rows()[1:]), "hours out of order"),
        (epw(rows=["1990,1,1,x"]), "no whole weather file"),
        (epw(rows=[row.replace(",500,", ",-5,") for row in epw_rows()]), "is -5.0"),
        (epw(9.75), "UTC+9.75 h; expected whole or half"),
        ("LOCATION,Melbourne\n", "no whole weather file"),
        (_tmy3()[:100_000], "no whole weather file"),
    ],
)
def test_what_is_no_typical_year_is_refused(text: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        _read(text)

    assert str(refused.value).startswith("AUS_VIC_Melbourne.epw")
    assert said in str(refused.value)
