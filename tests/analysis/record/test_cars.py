"""What is on record of cars: counted in a period, and what must have been missed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.analysis.record.cars import CarCoverage, car_coverages
from home_energy.domain.car_history import CarHistory, Charge, Drive
from home_energy.store import Store

START = datetime(2025, 3, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home.sqlite")) as opened:
        yield opened


def _drive(hour: int, levels: tuple[float, float], kwh: float | None = 2.0) -> Drive:
    start = START + hour * HOUR
    return Drive(start, start + HOUR, 10.0, kwh, *levels)


def test_a_car_is_counted_in_what_began_in_the_period(store: Store) -> None:
    night = Charge(START + 5 * HOUR, START + 8 * HOUR, 20.0)
    store.car_history.save(
        CarHistory(
            "tessie",
            "A",
            (
                _drive(-1, (1.0, 0.9)),
                _drive(2, (0.9, 0.8), None),
                _drive(9, (0.8, 0.7)),
            ),
            (night,),
        )
    )

    found = car_coverages(store, START - HOUR / 2, START + 9 * HOUR)

    assert found == (
        CarCoverage(
            source="tessie",
            car="A",
            first=START + 2 * HOUR,
            last=START + 8 * HOUR,
            drive_count=1,
            charge_count=1,
            km=10.0,
            without_energy_count=1,
            added_kwh=20.0,
            missing_charge_count=0,
        ),
    )


def test_a_battery_found_fuller_than_it_was_left_misses_a_charge(store: Store) -> None:
    charge = Charge(
        START + 10 * HOUR,
        START + 12 * HOUR,
        20.0,
        start_level_fraction=0.51,
        end_level_fraction=0.9,
    )
    drives = (
        _drive(0, (0.80, 0.70)),
        _drive(2, (0.74, 0.60)),  # 4 % more: it warmed up
        _drive(4, (0.70, 0.50)),  # 10 % more: charged
        _drive(14, (0.90, 0.80)),  # charged, as is on record
    )
    store.car_history.save(CarHistory("tessie", "A", drives, (charge,)))

    (found,) = car_coverages(store, START, START + 24 * HOUR)

    assert found.missing_charge_count == 1


def test_a_car_of_another_time_is_not_told(store: Store) -> None:
    store.car_history.save(CarHistory("tessie", "A", (_drive(0, (1.0, 0.9)),)))

    assert car_coverages(store, START + 2 * HOUR, START + 3 * HOUR) == ()
