"""Consumption is found again from drives whose truth is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.analysis.driving.fitted_consumption import fitted_consumption
from home_energy.domain.car_history import Drive
from home_energy.domain.vehicle import Vehicle

START = datetime(2025, 1, 1, tzinfo=UTC)
CAR = Vehicle("a car", 60.0, 7.0, 11.0, 150.0)
MILD, COLD, HOT = 170.0, 3.0, 1.5


def drive(number: int, km: float, wh_per_km: float, outside_c: float | None) -> Drive:
    start = START + timedelta(hours=number)
    kwh = km * wh_per_km / 1000
    end = start + timedelta(minutes=30)
    return Drive(start, end, km, kwh, outside_c=outside_c)


def truth(outside_c: float) -> float:
    return MILD + COLD * max(15 - outside_c, 0) + HOT * max(outside_c - 20, 0)


def drives(
    coldest: float, hottest: float, noise: float, count: int = 600
) -> list[Drive]:
    chance = np.random.default_rng(7)
    made = []
    for number in range(count):
        outside_c = chance.uniform(coldest, hottest)
        km = chance.uniform(3, 60)
        off = noise * chance.standard_normal() * np.sqrt(20 / km)
        made.append(drive(number, km, truth(outside_c) * (1 + off), outside_c))
    return made


def test_drives_without_noise_give_the_truth() -> None:
    fit = fitted_consumption(drives(-5, 40, 0.0), CAR)

    figures = fit.consumption
    assert figures.mild_wh_per_km == pytest.approx(MILD, rel=1e-9)
    assert figures.cold_wh_per_km_per_c == pytest.approx(COLD, rel=1e-9)
    assert figures.hot_wh_per_km_per_c == pytest.approx(HOT, rel=1e-9)
    assert fit.drive_count == 600
    assert fit.outliers == ()
    assert fit.spread_fraction == pytest.approx(0, abs=1e-9)
    assert fit.basis == "600 drives; need in the cold fitted, in the heat fitted"
    # 10 km at -5: 10 x (170 + 20 x 3) Wh
    assert fit.energy_kwh(10.0, -5.0) == pytest.approx(2.3)


def test_noise_moves_the_fit_little_and_is_told() -> None:
    fit = fitted_consumption(drives(-5, 40, 0.10), CAR)

    figures = fit.consumption
    assert figures.mild_wh_per_km == pytest.approx(MILD, rel=0.02)
    assert figures.cold_wh_per_km_per_c == pytest.approx(COLD, rel=0.15)
    assert figures.hot_wh_per_km_per_c == pytest.approx(HOT, rel=0.25)
    # Half of a normal law lies within 0.6745 of its deviation: 6.7 % at 20 km.
    assert fit.spread_fraction == pytest.approx(0.067, abs=0.02)


def test_without_outliers_it_is_the_weighted_least_squares_of_numpy() -> None:
    sample = drives(-5, 40, 0.05)
    km = np.array([d.km for d in sample])
    energy_wh = np.array([1000 * d.energy_kwh for d in sample if d.energy_kwh])
    warmth = np.array([d.outside_c for d in sample if d.outside_c is not None])
    # energy = km x (a + b x below + c x above), each divided by the root of km.
    below, above = np.maximum(15 - warmth, 0), np.maximum(warmth - 20, 0)
    table = np.stack([km, km * below, km * above], axis=1) / np.sqrt(km)[:, None]
    expected = np.linalg.lstsq(table, energy_wh / np.sqrt(km))[0]

    fit = fitted_consumption(sample, CAR)

    assert fit.outliers == ()
    figures = fit.consumption
    found = [
        figures.mild_wh_per_km,
        figures.cold_wh_per_km_per_c,
        figures.hot_wh_per_km_per_c,
    ]
    assert found == pytest.approx(expected, rel=1e-10)


def test_long_drives_weigh_by_their_kilometres() -> None:
    # 30 drives of 10 km at 160 and 30 of 30 km at 180 Wh/km: (1600 + 5400) / 40 = 175.
    sample = [drive(n, 10, 160, 18) for n in range(30)]
    sample += [drive(n + 30, 30, 180, 18) for n in range(30)]

    fit = fitted_consumption(sample, CAR)

    assert fit.consumption.mild_wh_per_km == pytest.approx(175, rel=1e-9)
    assert fit.drive_km == 1200


def test_wrong_drives_are_left_out_and_named() -> None:
    sample = drives(-5, 40, 0.05)
    kwh = sample[3].energy_kwh or 0.0
    wrong = {
        3: replace(sample[3], energy_kwh=kwh * 1.609),  # miles for kilometres
        100: replace(sample[100], energy_kwh=0.0),
        200: replace(sample[200], energy_kwh=60.0),
    }

    fit = fitted_consumption([wrong.get(n, d) for n, d in enumerate(sample)], CAR)

    assert set(fit.outliers) == set(wrong.values())
    assert fit.consumption.mild_wh_per_km == pytest.approx(MILD, rel=0.01)


def test_a_quarter_of_drives_in_miles_does_not_move_the_fit() -> None:
    sample = [
        replace(d, km=d.km / 1.609) if n % 4 == 0 else d
        for n, d in enumerate(drives(16, 19, 0.03))
    ]

    fit = fitted_consumption(sample, CAR)

    assert fit.consumption.mild_wh_per_km == pytest.approx(MILD, rel=0.01)
    assert fit.drive_count == pytest.approx(450, abs=5)


def test_a_mild_climate_has_the_published_need_of_heat() -> None:
    # All at 14 degrees: 170 x (1 + 0.0098) Wh/km on one drive as on the other.
    sample = [drive(n, 20, 170 * 1.0098, 14.0) for n in range(50)]

    fit = fitted_consumption(sample, CAR)

    assert not fit.is_cold_fitted
    assert not fit.is_hot_fitted
    assert fit.consumption.mild_wh_per_km == pytest.approx(170)
    assert fit.consumption.cold_wh_per_km_per_c == pytest.approx(170 * 0.0098)
    assert fit.consumption.hot_wh_per_km_per_c == pytest.approx(170 * 0.0063)


@pytest.mark.parametrize(("cold_count", "is_fitted"), [(19, False), (20, True)])
def test_a_slope_needs_enough_drives(cold_count: int, is_fitted: bool) -> None:  # noqa: FBT001
    sample = [drive(n, 20, 170, 18.0) for n in range(60)]
    sample += [drive(60 + n, 20, 200, 5.0) for n in range(cold_count)]

    fit = fitted_consumption(sample, CAR)

    assert fit.is_cold_fitted is is_fitted
    if is_fitted:
        assert fit.consumption.cold_wh_per_km_per_c == pytest.approx(3.0)


def test_less_in_the_cold_is_taken_as_no_more() -> None:
    sample = [drive(n, 20, 170, 18.0) for n in range(40)]
    sample += [drive(60 + n, 20, 168, 5.0) for n in range(40)]

    fit = fitted_consumption(sample, CAR)

    assert fit.is_cold_fitted
    assert fit.consumption.cold_wh_per_km_per_c == 0.0
    assert fit.consumption.mild_wh_per_km == pytest.approx(169)


def test_drives_without_temperature_have_one_mean() -> None:
    sample = [drive(n, 20, 150 + n, None) for n in range(41)]

    fit = fitted_consumption(sample, CAR)

    assert fit.consumption.mild_wh_per_km == pytest.approx(170)
    assert fit.consumption.wh_per_km(-5.0) == pytest.approx(170)
    assert fit.basis.startswith("the mean of 41 drives")


def test_too_few_drives_leave_the_data_sheet() -> None:
    sample = drives(0, 30, 0.0, count=19)
    sample.append(replace(drive(30, 10, 170, 18.0), energy_kwh=None))
    sample.append(drive(31, 1.9, 170, 18.0))

    fit = fitted_consumption(sample, CAR)

    assert fit.consumption.wh_per_km(None) == 150.0
    assert (fit.drive_count, fit.unusable_count) == (0, 21)
    assert fit.spread_fraction is None
    assert "19 drives can be used, 20 are needed" in fit.basis


def test_drives_that_tell_too_little_are_counted() -> None:
    sample = drives(0, 30, 0.0, count=50)
    sample.append(replace(drive(60, 10, 170, 18.0), energy_kwh=None))
    sample.append(drive(61, 10, 170, None))
    sample.append(drive(62, 1.9, 170, 18.0))

    fit = fitted_consumption(sample, CAR)

    assert (fit.drive_count, fit.unusable_count) == (50, 3)
