"""The record of weather: by source and place, once, the later word, holes stay."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.domain.weather import WeatherSeries
from home_energy.errors import DataError
from home_energy.store import DaySaveResult, Store
from home_energy.store.weather_days import WeatherPlace

DAY = date(2025, 3, 1)
KNOWN = datetime(2025, 4, 1, tzinfo=UTC)
MIDNIGHT = nem_day_start(DAY)
NAN = float("nan")
MELBOURNE = (-37.81, 144.96)


def _weather(
    ghi: list[float],
    *,
    start: datetime = MIDNIGHT,
    minutes: int = 60,
    source: str = "open-meteo",
) -> WeatherSeries:
    """Weather whose global irradiance is given; the rest is made of constants."""
    values = np.array(ghi)
    return WeatherSeries(
        *MELBOURNE,
        TimeGrid(start, timedelta(minutes=minutes), len(ghi)),
        ghi_w_per_m2=values,
        dni_w_per_m2=np.full(len(ghi), 500.0),
        dhi_w_per_m2=np.full(len(ghi), 100.0),
        air_temperature_c=np.full(len(ghi), -1.5),
        wind_speed_m_per_s=np.full(len(ghi), 3.0),
        source=source,
    )


def _on_record(store: Store, last: date = DAY) -> WeatherSeries:
    found = store.weather_days.series("open-meteo", MELBOURNE, DAY, last)
    assert found is not None
    return found


def test_a_series_comes_back_as_it_was_saved(store: Store) -> None:
    series = _weather([float(i) for i in range(48)])

    result = store.weather_days.save(series, KNOWN)

    assert result == DaySaveResult(new_count=240)  # 48 hours x 5 quantities
    found = _on_record(store, date(2025, 3, 2))
    assert found.grid == series.grid
    assert (found.latitude_deg, found.longitude_deg) == MELBOURNE
    assert found.source == "open-meteo"
    assert np.array_equal(found.ghi_w_per_m2, np.arange(48.0))
    assert set(found.dni_w_per_m2) == {500.0}
    assert set(found.dhi_w_per_m2) == {100.0}
    assert set(found.air_temperature_c) == {-1.5}
    assert set(found.wind_speed_m_per_s) == {3.0}


def test_twice_is_once(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    again = store.weather_days.save(_weather([1.0] * 24), KNOWN)

    assert again == DaySaveResult(unchanged_count=120)


def test_the_later_word_stands_and_a_hole_replaces_nothing(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    result = store.weather_days.save(_weather([2.0, NAN] + [1.0] * 22), KNOWN)

    # One changed, one missing now: 120 - 1 - 1 stood already.
    assert result == DaySaveResult(changed_count=1, unchanged_count=118)
    assert list(_on_record(store).ghi_w_per_m2[:3]) == [2.0, 1.0, 1.0]


def test_parts_of_days_meet_in_one_day(store: Store) -> None:
    noon = MIDNIGHT + timedelta(hours=12)
    store.weather_days.save(_weather([5.0] * 12, start=noon), KNOWN)

    before = _on_record(store)
    store.weather_days.save(_weather([4.0] * 12), KNOWN)

    assert np.isnan(before.ghi_w_per_m2[:12]).all()
    assert list(_on_record(store).ghi_w_per_m2) == [4.0] * 12 + [5.0] * 12


def test_a_day_that_is_not_on_record_is_missing(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    found = _on_record(store, date(2025, 3, 2))

    assert found.grid.count == 48
    assert found.missing_count == 24


def test_another_source_place_or_year_has_no_weather(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    table = store.weather_days

    assert table.series("nasa-power", MELBOURNE, DAY, DAY) is None
    assert table.series("open-meteo", (-37.9, 144.96), DAY, DAY) is None
    assert (
        table.series("open-meteo", MELBOURNE, date(2024, 1, 1), date(2024, 1, 2))
        is None
    )


def test_a_place_is_found_to_a_hundredth_of_a_degree(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    found = store.weather_days.series("open-meteo", (-37.8136, 144.9631), DAY, DAY)

    assert found is not None


def test_places_are_listed_with_their_days(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 48), KNOWN)
    store.weather_days.save(_weather([1.0] * 48, minutes=30, source="epw:X"), KNOWN)

    places = store.weather_days.places()

    assert places == [
        WeatherPlace("epw:X", *MELBOURNE, 30, DAY, DAY),
        WeatherPlace("open-meteo", *MELBOURNE, 60, DAY, date(2025, 3, 2)),
    ]


def test_a_typical_year_comes_on_the_days_that_are_asked_for(store: Store) -> None:
    first = nem_day_start(date(1990, 1, 1))
    year = _weather([float(hour) for hour in range(8760)], start=first, source="pvgis")
    store.weather_days.save(year, KNOWN)

    found = store.weather_days.series(
        "pvgis", MELBOURNE, date(2025, 2, 1), date(2025, 2, 2)
    )

    assert found is not None
    assert found.grid.start == nem_day_start(date(2025, 2, 1))
    assert (found.grid.count, found.ghi_w_per_m2[0]) == (48, 744.0)  # 31 days x 24
    assert store.weather_days.series("epw:X", MELBOURNE, DAY, DAY) is None


def test_intervals_of_another_length_are_refused(store: Store) -> None:
    store.weather_days.save(_weather([1.0] * 24), KNOWN)

    with pytest.raises(DataError, match=r"30 minutes, those on record .* have 60"):
        store.weather_days.save(_weather([1.0] * 48, minutes=30), KNOWN)

    assert _on_record(store).grid.count == 24


def test_intervals_that_do_not_tile_a_day_are_refused(store: Store) -> None:
    half_past = MIDNIGHT + timedelta(minutes=30)

    with pytest.raises(DataError, match="do not tile a day"):
        store.weather_days.save(_weather([1.0] * 24, start=half_past), KNOWN)
