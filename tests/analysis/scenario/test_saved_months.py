"""Months of a run sum to the run, on every kind of tariff and either way to run it."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.scenario.test_car_run import CAR
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import QUESTION, TARIFFS, swept_home

from home_energy.analysis.finance.months_on_record import PARTS
from home_energy.analysis.scenario.month_costs import MonthCosts, months_of
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.saved_months import (
    months_on_record,
    saved_by_month,
    saving_by_month,
    saving_range_aud,
)
from home_energy.analysis.scenario.saved_years import saved_in_year
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.year_engine import (
    Choices,
    PreparedYear,
    prepare_year,
)
from home_energy.analysis.scenario.year_figures import YearFigures, figures_of
from home_energy.analysis.scenario.year_point import YearPoint, scenario_at
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
ASKED = Scenario.model_validate(QUESTION)
CENT = 0.005
STRATEGY = "self_consumption"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("months"))
    with closing(store):
        yield store, settings


@pytest.fixture(scope="module")
def year(home: Home) -> PreparedYear:
    return prepare_year(*home, ASKED, Choices(tuple(TARIFFS), (STRATEGY,)))


def point(tariff: str) -> YearPoint:
    return YearPoint(tariff, STRATEGY, solar_kw=6.6, battery_kwh=10.0)


def told(months: tuple[MonthCosts, ...]) -> np.ndarray:
    names = MonthCosts.__slots__[1:]
    return np.array([[getattr(one, name) for name in names] for one in months])


@pytest.mark.parametrize("tariff", TARIFFS)
def test_months_sum_to_the_year(year: PreparedYear, tariff: str) -> None:
    figures = replace(year.evaluate(point(tariff)), left_aud=7.0)

    by_month = saved_by_month(year.baseline, figures, years_per_run=26.0)

    whole = saved_in_year(year.baseline, figures, years_per_run=26.0)
    assert by_month.shape == (2, 5)
    assert (by_month != 0).any(axis=1).all()
    for place, part in enumerate(PARTS):
        assert by_month[:, place].sum() == pytest.approx(whole[part], abs=CENT)


@pytest.mark.parametrize("tariff", TARIFFS)
def test_months_of_the_fast_path_are_those_of_a_run(
    home: Home, year: PreparedYear, tariff: str
) -> None:
    figures = year.evaluate(point(tariff))

    (*_, run) = run_scenario(*home, scenario_at(ASKED, point(tariff), "flat")).runs

    assert [one.month for one in figures.months] == ["2025-06", "2025-07"]
    assert [one.days for one in figures.months] == [7.0, 7.0]
    assert told(figures.months) == pytest.approx(
        told(figures_of(run, 0.0).months), abs=1e-6
    )


@pytest.mark.parametrize("tariff", TARIFFS)
def test_savings_of_months_sum_to_the_saving(year: PreparedYear, tariff: str) -> None:
    figures = replace(year.evaluate(point(tariff)), left_aud=7.0)

    months = saving_by_month(year.baseline, figures)

    assert list(months) == ["2025-06", "2025-07"]
    assert sum(months.values()) == pytest.approx(figures.saving_aud, abs=CENT)


def test_what_is_left_in_stores_is_spread_by_days(year: PreparedYear) -> None:
    figures = year.evaluate(point("flat"))

    more = replace(figures, left_aud=figures.left_aud + 6.0)

    # 7 days of each month.
    before, after = (saving_by_month(year.baseline, one) for one in (figures, more))
    assert [after[month] - before[month] for month in after] == pytest.approx([3, 3])


def test_what_is_kept_on_disk_has_its_months(year: PreparedYear) -> None:
    figures = year.evaluate(point("flat"))

    kept = json.loads(json.dumps(asdict(figures)))

    assert YearFigures.read(kept) == figures


def test_a_fortnight_has_no_range(year: PreparedYear) -> None:
    figures = year.evaluate(point("flat"))

    assert months_on_record(year.baseline).calendar == (6, 7)
    assert saving_range_aud(year.baseline, figures) is None


def test_months_are_those_of_the_meter(year: PreparedYear) -> None:
    months = months_of(year.home.grid)

    # 7 days of June and 7 of July, NEM days of 48 half-hours.
    assert months.starts.tolist() == [0, 336, 672]
    assert months.sums(np.ones(672)).tolist() == [336.0, 336.0]


@pytest.mark.xdist_group("car")
@pytest.mark.timeout(400)
def test_a_cars_months_have_what_was_charged_elsewhere(tmp_path: Path) -> None:
    # 300 km take 45 kWh of the 36 that are in the car: 9 are charged elsewhere at 60 c.
    driving = {
        "holidays_per_year": 0,
        "leave": "09:00",
        "back": "16:00",
        "commute_km": 300.0,
        "km_per_year": 90_000.0,
    }
    car = {**CAR, "driving": driving, "public_c_per_kwh": 60.0}
    scenario = asked(car=car, battery=BATTERY, strategy={"names": ["solar_first"]})
    done = run_scenario(*saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)}), scenario)
    run = done.runs[-1]

    (day,) = figures_of(run, 0.0).months

    assert day.days == 1.0
    assert day.public_aud == pytest.approx(5.40)
    assert day.wear_aud == pytest.approx(run.ledger.wear_aud)
    bill_aud = day.bought_aud + day.sold_aud + day.fixed_aud
    assert bill_aud == pytest.approx(run.bill.total_aud)
    assert done.baseline.months[0].public_aud == pytest.approx(5.40)
