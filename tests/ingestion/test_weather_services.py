"""What the services of weather are asked, and what is made of their answers."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pvlib.iotools import nasa_power
from tests.ingestion.weather_answers import (
    DAY,
    NASA_POWER,
    NOW,
    OPEN_METEO,
    QUESTION,
    body_of,
    recorded,
    service,
    silent,
    typical_answer,
)

from home_energy.domain.time_grid import nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import (
    DataError,
    RateLimited,
    SourceDataError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.nasa_power import read_nasa_power
from home_energy.ingestion.sources.open_meteo import read_open_meteo
from home_energy.ingestion.sources.pvgis import read_pvgis
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.weather_service import WeatherQuestion
from home_energy.ingestion.weather import SERVICES, import_weather
from home_energy.store import Store

Change = Callable[[Any], object]


def _open_meteo(change: Change = lambda _: None) -> tuple[WeatherSeries, list[str]]:
    answer = recorded(OPEN_METEO)
    change(answer)
    content = read_open_meteo(SourceFile("answer", body_of(answer)), QUESTION)
    return content.weather[0], list(content.problems)


def _nasa_power(change: Change = lambda _: None) -> tuple[WeatherSeries, list[str]]:
    answer = recorded(NASA_POWER)
    change(answer)
    content = read_nasa_power(SourceFile("answer", body_of(answer)), QUESTION)
    return content.weather[0], list(content.problems)


def _pvgis(answer: object) -> WeatherSeries:
    return read_pvgis(SourceFile("answer", body_of(answer)), QUESTION).weather[0]


# What is asked


def test_open_meteo_is_asked_for_the_days_in_utc() -> None:
    http, seen = service(recorded(OPEN_METEO))

    SERVICES["open-meteo"].fetch(http, QUESTION)

    (request,) = seen
    assert request.url.host == "archive-api.open-meteo.com"
    assert request.url.path == "/v1/archive"
    asked = dict(request.url.params)
    # The NEM day 1 March begins at 14:00 UTC on 28 February.
    assert (asked["start_date"], asked["end_date"]) == ("2025-02-28", "2025-03-01")
    assert (asked["latitude"], asked["longitude"]) == ("-37.81", "144.96")
    assert (asked["timezone"], asked["timeformat"]) == ("GMT", "unixtime")
    assert asked["wind_speed_unit"] == "ms"
    assert asked["hourly"] == (
        "shortwave_radiation,direct_normal_irradiance,diffuse_radiation,"
        "temperature_2m,wind_speed_10m"
    )


def test_nasa_power_is_asked_for_the_days_in_utc() -> None:
    http, seen = service(recorded(NASA_POWER))

    SERVICES["nasa-power"].fetch(http, QUESTION)

    asked = dict(seen[0].url.params)
    assert (asked["start"], asked["end"]) == ("20250228", "20250301")
    assert (asked["time-standard"], asked["community"]) == ("utc", "re")


def test_pvgis_is_asked_for_a_typical_year() -> None:
    http, seen = service(typical_answer())

    SERVICES["pvgis"].fetch(http, QUESTION)

    assert str(seen[0].url).startswith("https://re.jrc.ec.europa.eu/api/v5_3/tmy?")
    assert (seen[0].url.params["lat"], seen[0].url.params["lon"]) == (
        "-37.81",
        "144.96",
    )


# What is made of it


def test_radiation_of_open_meteo_is_of_the_hour_before_its_stamp() -> None:
    series, problems = _open_meteo()

    # The recording counts its stamps from 00:00 UTC on 28 February: radiation is 10 x
    # the number of the stamp. The day's first hour, 14:00 to 15:00, is stamped 15.
    assert series.grid.start == nem_day_start(DAY)
    assert (series.grid.step, series.grid.count) == (timedelta(hours=1), 24)
    assert (series.ghi_w_per_m2[0], series.ghi_w_per_m2[-1]) == (150.0, 380.0)
    assert (series.dni_w_per_m2[0], series.dhi_w_per_m2[0]) == (300.0, 75.0)
    # Temperature is 10 + half the number, wind 2 + a quarter, each of the instant:
    # between 14 and 15 (17 + 17.5) / 2, and (5.5 + 5.75) / 2.
    assert (series.air_temperature_c[0], series.wind_speed_m_per_s[0]) == (17.25, 5.625)
    assert (series.latitude_deg, series.longitude_deg) == (-37.81, 144.96)
    assert (series.source, problems) == ("open-meteo", [])


def test_what_open_meteo_does_not_have_is_missing() -> None:
    def not_yet(answer: Any) -> None:
        answer["hourly"]["shortwave_radiation"][38] = None
        for column in answer["hourly"].values():
            del column[40:]

    series, problems = _open_meteo(not_yet)

    assert np.isnan(series.ghi_w_per_m2[-1])
    assert series.air_temperature_c[-1] == 28.75  # (28.5 + 29) / 2
    assert problems == ["answer: hours without weather: 1; they stay missing"]


def test_an_hour_of_nasa_power_is_named_by_its_start() -> None:
    series, problems = _nasa_power()

    # 10 x the number of the stamp; the day's first hour is stamped 14. Number 20,
    # the seventh hour, holds the fill value.
    assert (series.ghi_w_per_m2[0], series.ghi_w_per_m2[-1]) == (140.0, 370.0)
    assert np.flatnonzero(np.isnan(series.ghi_w_per_m2)).tolist() == [6]
    assert (series.dni_w_per_m2[6], series.dhi_w_per_m2[6]) == (400.0, 100.0)
    assert (series.air_temperature_c[0], series.wind_speed_m_per_s[0]) == (17.0, 5.5)
    assert len(problems) == 1
    assert series.source == "nasa-power"


def test_nasa_power_is_read_as_pvlib_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Reply:
        ok = True

        @staticmethod
        def json() -> object:
            return recorded(NASA_POWER)

    monkeypatch.setattr(nasa_power.requests, "get", lambda *_, **__: _Reply())
    frame, _ = nasa_power.get_nasa_power(-37.81, 144.96, "2025-02-28", "2025-03-01")

    series, _ = _nasa_power()

    ours = [datetime.fromtimestamp(m.timestamp(), UTC) for m in series.grid]
    theirs = frame.loc[ours]
    for name, column in (
        ("ghi", series.ghi_w_per_m2),
        ("dni", series.dni_w_per_m2),
        ("dhi", series.dhi_w_per_m2),
        ("temp_air", series.air_temperature_c),
        ("wind_speed", series.wind_speed_m_per_s),
    ):
        assert np.array_equal(column, theirs[name].to_numpy(), equal_nan=True)


def test_a_typical_year_goes_onto_the_days_of_the_market() -> None:
    series = _pvgis(typical_answer())

    # 00:00 UTC on 1 January is 10:00 NEM; what the UTC year has before is its end.
    assert series.grid.start == nem_day_start(date(1990, 1, 1))
    assert (series.grid.step, series.grid.count) == (timedelta(hours=1), 8760)
    assert list(series.ghi_w_per_m2[8:12]) == [8758.0, 8759.0, 0.0, 1.0]
    assert list(series.dni_w_per_m2[8:12]) == [364.0, 364.0, 0.0, 0.0]
    # The temperature is the number of the UTC hour: from 0 to 1 its mean is 0.5, and
    # from 23 to 0 it is 11.5.
    assert list(series.air_temperature_c[9:12]) == [11.5, 0.5, 1.5]
    assert set(series.wind_speed_m_per_s) == {2.0}
    assert series.source == "pvgis"


# What is refused


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a["hourly"].pop("diffuse_radiation"), "hourly.diffuse_radiation"),
        (
            lambda a: a["hourly_units"].update(wind_speed_10m="km/h"),
            "wind_speed_10m is in 'km/h'; expected 'm/s'",
        ),
        (lambda a: a.update(utc_offset_seconds=39600), "39600 s off UTC"),
        (lambda a: a["hourly"]["time"].pop(3), "the stamps are not every hour"),
        (lambda a: a["hourly"].update(time=[0, 3600]), "not those of the question"),
        (
            lambda a: a["hourly"]["temperature_2m"].pop(),
            "temperature_2m has 47 values, 48 expected",
        ),
        (
            lambda a: a["hourly"]["shortwave_radiation"].__setitem__(20, -5.0),
            "ghi_w_per_m2 is -5.0",
        ),
        (lambda a: a["hourly"]["time"].__setitem__(0, "now"), "hourly.time.0"),
    ],
)
def test_an_answer_of_open_meteo_that_cannot_be_is_not_used(
    change: Change, said: str
) -> None:
    with pytest.raises(SourceDataError, match=r"Open-Meteo: .*not used") as refused:
        _open_meteo(change)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a["properties"]["parameter"].pop("T2M"), "T2M is not in the answer"),
        (lambda a: a["parameters"]["T2M"].update(units="K"), "T2M is in 'K'"),
        (
            lambda a: a["parameters"]["ALLSKY_SFC_SW_DNI"].update(units="MJ/hr"),
            "ALLSKY_SFC_SW_DNI is in 'MJ/hr'",
        ),
        (lambda a: a.pop("header"), "header"),
        (
            lambda a: a["properties"]["parameter"].update(T2M={"2020010100": 1.0}),
            "no T2M from 2025-03-01",
        ),
    ],
)
def test_an_answer_of_nasa_power_that_cannot_be_is_not_used(
    change: Change, said: str
) -> None:
    with pytest.raises(SourceDataError) as refused:
        _nasa_power(change)

    assert said in str(refused.value)


def test_instants_of_a_satellite_are_no_means() -> None:
    with pytest.raises(SourceDataError, match=r"radiation 0\.18 h after each stamp"):
        _pvgis(typical_answer(irradiance_time_offset=0.18))


def test_half_a_typical_year_is_refused() -> None:
    answer = typical_answer()
    del answer["outputs"]["tmy_hourly"][5000:]

    with pytest.raises(SourceDataError, match="5000 hours, 8760"):
        _pvgis(answer)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"inputs": {}}', b"\xff"])
@pytest.mark.parametrize("read", [read_open_meteo, read_nasa_power, read_pvgis])
def test_what_is_no_answer_is_not_used(
    read: Callable[..., object], body: bytes
) -> None:
    with pytest.raises(SourceDataError):
        read(SourceFile("answer", body), QUESTION)


@pytest.mark.parametrize("name", list(SERVICES))
def test_errors_are_told_apart_by_their_kind(name: str) -> None:
    errors = recorded("archive-api.open-meteo.com/v1/errors.json")
    fetch = SERVICES[name].fetch

    with pytest.raises(SourceDataError, match="out of allowed range"):
        fetch(service(errors["refused"], 400)[0], QUESTION)
    with pytest.raises(SourceUnavailable, match="a fault of the service"):
        fetch(service({}, 503)[0], QUESTION)
    with pytest.raises(SourceUnavailable, match="not reached"):
        fetch(silent(httpx.ConnectError), QUESTION)
    with pytest.raises(RateLimited, match="Minutely API request limit") as limited:
        fetch(service(errors["limited"], 429, {"Retry-After": "90"})[0], QUESTION)
    assert limited.value.retry_at == NOW + timedelta(seconds=90)


def test_a_refusal_of_pvgis_is_told_in_its_words() -> None:
    sea = recorded("re.jrc.ec.europa.eu/api/v5_3/errors.json")

    with pytest.raises(SourceDataError, match="Location over the sea"):
        SERVICES["pvgis"].fetch(service(sea, 400)[0], QUESTION)


def test_a_question_needs_a_place_and_days() -> None:
    with pytest.raises(DataError, match="no place"):
        WeatherQuestion(-137.0, 144.0, DAY, DAY, NOW)
    with pytest.raises(DataError, match="no days"):
        WeatherQuestion(-37.0, 144.0, DAY, DAY - timedelta(days=1), NOW)


# What is kept


def test_weather_is_there_offline_once_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "home.sqlite"
    answer = recorded(OPEN_METEO)

    first = import_weather(path, SERVICES["open-meteo"], QUESTION, service(answer)[0])
    again = import_weather(path, SERVICES["open-meteo"], QUESTION, service(answer)[0])

    assert (first.record.kind, first.record.source) == ("weather", "open-meteo")
    assert first.record.file_name == "open-meteo -37.81,144.96 2025-03-01 to 2025-03-01"
    assert (first.record.new_count, again.record.new_count) == (120, 0)  # 24 x 5
    assert first.record.first == nem_day_start(DAY)
    assert not again.is_first_time
    with closing(Store.open_read_only(path)) as store:
        kept = store.weather_days.series("open-meteo", (-37.81, 144.96), DAY, DAY)
        assert kept is not None
        assert kept.ghi_w_per_m2[0] == 150.0
        assert kept.missing_count == 0
        assert len(store.imports.all()) == 1


def test_an_answer_that_is_refused_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "home.sqlite"
    http = service(json.loads("{}"))[0]

    with pytest.raises(SourceDataError):
        import_weather(path, SERVICES["open-meteo"], QUESTION, http)

    assert not path.exists()
