"""Two sources of one flow: how far apart they are, and whose clock is off.

The load is drawn at random with the shape of a home's: a standby, appliances that run
for minutes, a morning and an evening. The real one is two solar homes' meters.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from home_energy.domain.meter_comparison import (
    DayDifference,
    MeterComparison,
    compare_sources,
)
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.errors import AlignmentError

NEM12 = Path(__file__).parents[2] / ".." / "shared" / "data" / "nem12"
FIVE = timedelta(minutes=5)
FIRST_DAY = date(2025, 1, 1)
PER_DAY = 288


def home_load(days: int, seed: int = 7) -> FloatArray:
    """Five-minute energy: standby and some forty runs of appliances a day. [kWh]"""
    rng = np.random.default_rng(seed)
    kwh = np.full(days * PER_DAY, 0.012) + rng.uniform(0, 0.004, days * PER_DAY)
    for day in range(days):
        evening = rng.normal(18.5 * 12, 24, 25)
        other = rng.uniform(6 * 12, 23 * 12, 15)
        for start in np.concatenate([evening, other]).astype(int):
            first = day * PER_DAY + min(max(start, 0), PER_DAY - 1)
            kwh[first : first + rng.integers(1, 8)] += rng.uniform(0.02, 0.15)
    return kwh


def later(kwh: FloatArray, minutes: int) -> FloatArray:
    """The same energy with later stamps; what is before the first is unknown."""
    count = minutes // 5
    moved = np.full(kwh.size, np.nan)
    if count >= 0:
        moved[count:] = kwh[: kwh.size - count]
    else:
        moved[:count] = kwh[-count:]
    return moved


def series(kwh: FloatArray, step: timedelta = FIVE) -> EnergySeries:
    return EnergySeries(TimeGrid(nem_day_start(FIRST_DAY), step, kwh.size), kwh)


def named(comparison: MeterComparison) -> list[tuple[str, str, float]]:
    return [
        (
            str(one.first_day),
            str(one.last_day),
            one.shift.total_seconds() / 60,
        )
        for one in comparison.shifts
    ]


def test_equal_sources_differ_by_nothing() -> None:
    load = series(home_load(10))

    found = compare_sources(load, load)

    assert found.shared_minutes == 10 * 1440
    assert found.ratio == 1.0
    assert found.median_day_difference_fraction == 0.0
    assert len(found.days) == 10
    assert found.shifts == ()


def test_days_and_totals_count_only_what_both_know() -> None:
    hour = timedelta(hours=1)
    # Day one: the second lacks two hours of 1 kWh, so 22 kWh stand against 44.
    # Day two: the second knows 11 of 24 hours only: it is no day to compare.
    first = np.full(48, 1.0)
    second = np.full(48, 2.0)
    second[[3, 4]] = np.nan
    second[24 + 11 :] = np.nan

    found = compare_sources(series(first, hour), series(second, hour))

    assert found.shared_minutes == 33 * 60
    assert (found.first_kwh, found.second_kwh) == (33.0, 66.0)
    assert found.ratio == 2.0
    assert found.days == (DayDifference(FIRST_DAY, 22.0, 44.0),)
    assert found.days[0].difference_kwh == 22.0
    assert found.median_day_difference_fraction == 1.0


def test_nothing_shared_has_no_ratio() -> None:
    first, second = np.full(576, np.nan), np.full(576, np.nan)
    first[:PER_DAY] = 0.1
    second[PER_DAY:] = 0.1

    found = compare_sources(series(first), series(second))

    assert found.shared_minutes == 0
    assert found.ratio is None
    assert found.median_day_difference_fraction is None
    assert (found.days, found.shifts) == ((), ())


@pytest.mark.parametrize("minutes", [-60, -30, 5, 30, 60, 120])
def test_a_shift_of_the_whole_period_is_found(minutes: int) -> None:
    load = home_load(60)

    found = compare_sources(series(load), series(later(load, minutes)))

    # 60 days from 1 January end on 1 March.
    assert named(found) == [("2025-01-01", "2025-03-01", minutes)]
    # What is lost at the edge moves the level by less than a thousandth.
    assert found.shifts[0].error_fraction < 0.002
    assert found.shifts[0].agreement_fraction == 1.0


def test_an_hour_in_summer_alone_is_found_to_the_day() -> None:
    load = home_load(365)
    shifted = later(load, 60)
    # Daylight saving until 2 am (NEM) on 6 April, day 95, and from 2 am on 5 October,
    # day 277.
    autumn, spring = 95 * PER_DAY + 24, 277 * PER_DAY + 24
    local = np.concatenate([shifted[:autumn], load[autumn:spring], shifted[spring:]])

    found = compare_sources(series(load), series(local))

    assert named(found) == [
        ("2025-01-01", "2025-04-05", 60),
        ("2025-10-05", "2025-12-31", 60),
    ]


@pytest.mark.parametrize("minutes", [30, 60])
def test_noise_and_another_scale_do_not_hide_a_shift(minutes: int) -> None:
    load = home_load(60)
    noise = np.random.default_rng(1).lognormal(0.0, 0.2, load.size)

    found = compare_sources(series(load), series(later(load, minutes) * noise * 0.8))

    assert [one[2] for one in named(found)] == [minutes]
    assert found.ratio == pytest.approx(0.82, abs=0.01)  # 0.8 x exp(0.2^2 / 2)


def test_a_source_that_counts_a_third_of_it_still_tells_its_clock() -> None:
    load = home_load(60)

    found = compare_sources(series(load), series(later(load, 60) * 0.3))

    assert named(found) == [("2025-01-01", "2025-03-01", 60)]
    assert found.shifts[0].error_fraction < 0.002


def test_noise_alone_is_no_shift() -> None:
    load = home_load(120)
    noise = np.random.default_rng(1).lognormal(0.0, 0.5, load.size)

    found = compare_sources(series(load), series(load * noise))

    assert found.shifts == ()


def test_two_other_homes_have_no_shift() -> None:
    found = compare_sources(series(home_load(120)), series(home_load(120, seed=8)))

    assert found.shifts == ()


def test_a_level_load_has_no_shift() -> None:
    level = series(np.full(30 * PER_DAY, 0.1))

    assert compare_sources(level, level).shifts == ()


@pytest.mark.parametrize("minutes", [-30, 30, 60])
@pytest.mark.parametrize("is_second_coarse", [True, False])
def test_a_shift_is_found_between_five_minutes_and_half_hours(
    minutes: int, *, is_second_coarse: bool
) -> None:
    load = home_load(60)
    half_hour = timedelta(minutes=30)
    one, other = load, later(load, minutes)
    if is_second_coarse:
        first, second = (
            series(one),
            series(other.reshape(-1, 6).sum(axis=1), half_hour),
        )
    else:
        first, second = (
            series(one.reshape(-1, 6).sum(axis=1), half_hour),
            series(other),
        )

    assert [one[2] for one in named(compare_sources(first, second))] == [minutes]


def test_half_an_hour_is_found_in_hours_against_five_minutes() -> None:
    load = home_load(60)
    hours = later(load, 30).reshape(-1, 12).sum(axis=1)

    found = compare_sources(series(load), series(hours, timedelta(hours=1)))

    assert [one[2] for one in named(found)] == [30]


def test_a_shift_on_six_days_is_too_short_to_be_named() -> None:
    load = home_load(40)
    mixed = load.copy()
    part = slice(4 * PER_DAY, 10 * PER_DAY)
    mixed[part] = later(load, 60)[part]
    part = slice(25 * PER_DAY, 33 * PER_DAY)
    mixed[part] = later(load, 60)[part]

    found = compare_sources(series(load), series(mixed))

    # Eight days from day 25, 26 January.
    assert named(found) == [("2025-01-26", "2025-02-02", 60)]


def test_a_gap_within_a_shift_does_not_end_it() -> None:
    load = home_load(60)
    shifted = later(load, 60)
    shifted[20 * PER_DAY : 30 * PER_DAY] = np.nan

    found = compare_sources(series(load), series(shifted))

    assert named(found) == [("2025-01-01", "2025-03-01", 60)]


def test_other_periods_and_parts_of_days_are_refused() -> None:
    load = home_load(2)
    whole, half = series(load), series(load[:PER_DAY])
    part = series(load[: PER_DAY + 12])

    with pytest.raises(AlignmentError, match="different periods"):
        compare_sources(whole, half)
    with pytest.raises(AlignmentError, match="whole days"):
        compare_sources(part, part)


def real_register(name: str, register: str) -> FloatArray:
    """Five-minute values of a register's 300 records, as they stand. [kWh]"""
    path = NEM12 / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    values: list[float] = []
    is_mine = False
    with path.open(newline="") as file:
        for row in csv.reader(file):
            if row and row[0] == "200":
                is_mine = register in (row[3], row[4])
            if row and row[0] == "300" and is_mine:
                values += [float(value) for value in row[2:290]]
    return np.array(values)


@pytest.mark.parametrize("register", ["E1", "B1"])
@pytest.mark.parametrize("minutes", [30, 60])
def test_a_real_meter_against_its_shifted_copy(register: str, minutes: int) -> None:
    kwh = real_register("solar_home_5min_E1B1_2023-10_2024-02.csv", register)
    copy = later(kwh, minutes)

    found = compare_sources(series(kwh), series(copy))

    # 106 days from 1 January end on 16 April.
    assert named(found) == [("2025-01-01", "2025-04-16", minutes)]
    assert compare_sources(series(kwh), series(kwh)).shifts == ()


def test_two_real_homes_have_no_shift() -> None:
    one = real_register("solar_home_5min_E1B1_2023-10_2024-02.csv", "E1")
    other = real_register("solar_home_5min_E1B1_2023-03.csv", "E1")

    found = compare_sources(series(one[: other.size]), series(other))

    assert found.shifts == ()
