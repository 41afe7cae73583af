"""Trips of the composed exports, each with a night on which clocks change."""

from datetime import UTC, datetime

import pytest
from tests.ingestion.car_exports import EXPORTS, IN_SYDNEY, recorded

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.home_place import HomePlace
from home_energy.analysis.driving.trips_from_history import (
    TripsFromHistory,
    trips_from_history,
)
from home_energy.domain.car_history import CarHistory
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent
from home_energy.ingestion.sources.teslafi import read_teslafi
from home_energy.ingestion.sources.teslamate import read_teslamate
from home_energy.ingestion.sources.tessie_csv import read_tessie_csv


def trips_of(*contents: FileContent, home: HomePlace | None = None) -> TripsFromHistory:
    cars = [car for content in contents for car in content.cars]
    drives = sorted((d for car in cars for d in car.drives), key=lambda d: d.start)
    charges = sorted((c for car in cars for c in car.charges), key=lambda c: c.start)
    history = CarHistory(cars[0].source, "", tuple(drives), tuple(charges))
    return trips_from_history(history, home or HomePlace(), Consumption(160.0))


def hours_and_km(result: TripsFromHistory) -> list[tuple[datetime, datetime, float]]:
    return [(t.depart, t.arrive, round(t.km, 6)) for t in result.trips]


def test_teslamates_trip_over_the_night_in_october() -> None:
    result = trips_of(
        read_teslamate(recorded(EXPORTS / "teslamate_drives.csv"), IN_SYDNEY),
        read_teslamate(recorded(EXPORTS / "teslamate_charges.csv"), IN_SYDNEY),
    )

    # To work and back, 14.2 + 14.4 km; north at 01:30 (UTC+10) and back at 15:00
    # (UTC+11), 54.6 + 54.9 km, with 20.1 kWh charged there.
    assert hours_and_km(result) == [
        (
            datetime(2025, 10, 3, 21, 2, 11, tzinfo=UTC),
            datetime(2025, 10, 4, 7, 11, 55, tzinfo=UTC),
            28.6,
        ),
        (
            datetime(2025, 10, 4, 15, 30, tzinfo=UTC),
            datetime(2025, 10, 5, 4, 0, tzinfo=UTC),
            109.5,
        ),
    ]
    # 8.51264 kWh there; 54.9 km at 160 Wh back, of which no energy is told.
    assert result.trips[1].energy_kwh == pytest.approx(8.51264 + 8.784)
    assert result.report.public_kwh == 20.1
    assert result.report.contradictions == ()


def test_tessies_trips_over_the_nights_in_april_and_october() -> None:
    result = trips_of(
        read_tessie_csv(recorded(EXPORTS / "tessie_drives.csv"), IN_SYDNEY),
        read_tessie_csv(recorded(EXPORTS / "tessie_charges.csv"), IN_SYDNEY),
    )

    # North on 5 April at 17:10 (UTC+11), home at 02:30 shown for the second time
    # (UTC+10), off again ten minutes later. On 5 October the way from home is missing.
    assert hours_and_km(result)[:2] == [
        (
            datetime(2025, 4, 5, 6, 10, tzinfo=UTC),
            datetime(2025, 4, 5, 16, 30, tzinfo=UTC),
            158.6,
        ),
        (
            datetime(2025, 4, 5, 16, 40, tzinfo=UTC),
            datetime(2025, 4, 5, 16, 50, tzinfo=UTC),
            4.0,
        ),
    ]
    assert hours_and_km(result)[3:] == [
        (
            datetime(2025, 10, 4, 15, 50, tzinfo=UTC),
            datetime(2025, 10, 4, 17, 40, tzinfo=UTC),
            91.8,
        )
    ]
    assert result.report.missing_count == 1
    (charged_away,) = result.report.contradictions
    assert charged_away.startswith("2025-09-30 02:00:00+00:00")


def test_teslafi_tells_places_by_position_alone() -> None:
    content = read_teslafi(recorded(EXPORTS / "TeslaFi42025.csv"), IN_SYDNEY)

    result = trips_of(content, home=HomePlace("Home", -33.8641, 151.0864))

    assert result.trips[-1].arrive == datetime(2025, 4, 5, 16, 20, 5, tzinfo=UTC)
    assert sum(c.added_kwh for c in result.home_charges) == 14.4
    with pytest.raises(DataError, match=r"-33\.8.* give home's latitude"):
        trips_of(content)
