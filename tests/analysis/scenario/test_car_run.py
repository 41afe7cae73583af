"""A scenario with a car on a tiny record, its money worked out by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.scenario.test_run import IMPORT, asked, half_hours, saved

from home_energy.analysis.scenario.result import result_text, scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.errors import CoverageError, DataError
from home_energy.settings import Settings
from home_energy.store import Store

pytestmark = [pytest.mark.xdist_group("car"), pytest.mark.timeout(400)]
"""What runs a car compiles for a minute; one process does."""

MIDNIGHT = datetime(2025, 7, 1, 14, tzinfo=UTC)
"""Of `DAY`, in NEM time and in Sydney's winter alike. 10 c/kWh to 6:00, then 50 c."""

HOME, WORK = Place("Home"), Place("Work")

# 60 kWh, none of them a floor: 30 kWh are wanted by the clock, 36 kWh are the limit.
# A commute of 40 km at 150 Wh/km takes 6 kWh; 7.5 kWh of AC bring them back.
CAR: dict[str, object] = {
    "vehicle": {
        "usable_kwh": 60.0,
        "single_phase_kw": 8.0,
        "three_phase_kw": 11.0,
        "wh_per_km": 150.0,
    },
    "charger": {
        "phases": 1,
        "charge_kw": 8.0,
        "charge_efficiency_fraction": 0.8,
        "least_charge_kw": 0.0,
    },
    "driving": {"holidays_per_year": 0, "leave": "09:00", "back": "16:00"},
    "floor_fraction": 0.0,
    "limit_fraction": 0.6,
    "ready": {"by": "07:00", "level_fraction": 0.5},
}
V2H = {
    **CAR,
    "discharge": "v2h",
    "charger": {
        "phases": 1,
        "charge_kw": 8.0,
        "charge_efficiency_fraction": 0.8,
        "least_charge_kw": 0.0,
        "discharge_kw": 4.0,
        "discharge_efficiency_fraction": 1.0,
    },
}


@pytest.fixture
def evening(tmp_path: Path) -> tuple[Store, Settings]:
    # 1 kWh in each half-hour from 18:00 to 21:00: 6 kWh at 50 c, and 100 c a day.
    return saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})


def test_the_home_as_it_is_charges_its_car_on_arrival(
    evening: tuple[Store, Settings],
) -> None:
    done = run_scenario(*evening, asked(car=CAR, strategy={"names": ["solar_first"]}))

    # At midnight 6 kWh to the limit, 7.5 kWh of AC at 10 c; after the trip 7.5 at 50 c.
    assert done.baseline.bill.total_aud == pytest.approx(4.00 + 0.75 + 3.75)
    assert done.baseline.car is not None
    assert done.baseline.car.km == pytest.approx(40.0)
    assert done.baseline.car.driven_kwh == pytest.approx(6.0)
    first = done.runs[0]
    assert first.strategy == "on_arrival"
    assert done.saving_aud(first) == pytest.approx(0.0, abs=1e-9)


def test_the_best_is_to_fill_up_in_the_night_and_leave_it(
    evening: tuple[Store, Settings],
) -> None:
    scenario = asked(car=CAR, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(*evening, scenario)

    best = done.runs[-1]
    assert best.bill.total_aud == pytest.approx(4.00 + 0.75)
    assert best.car is not None
    assert best.car.public_kwh == pytest.approx(0.0, abs=1e-6)
    # What the car adds, over 40 km.
    answer = done.answers["perfect_foresight"]
    assert answer.without_car_aud == pytest.approx(4.00)
    assert answer.c_per_km == pytest.approx(75 / 40)
    assert best.car.grid_c_per_km == pytest.approx(10 * 7.5 / 40)
    assert best.car.sun_c_per_km is None


def test_v2h_serves_the_evening_with_the_night(
    evening: tuple[Store, Settings],
) -> None:
    # The limit at 42 kWh: 12 kWh of the night, 15 kWh of AC, serve trip and evening.
    car = {**V2H, "limit_fraction": 0.7}
    scenario = asked(car=car, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(*evening, scenario)

    best, answer = done.runs[-1], done.answers["perfect_foresight"]
    assert best.bill.total_aud == pytest.approx(1.00 + 1.50)
    assert answer.lesser_use_aud["none"] == pytest.approx(1.00 + 3.00 + 0.75)
    told = scenario_result(done, "0" * 64)
    car_told = told["runs"][-1]["car"]
    assert car_told["worth_of_discharging_aud"] == pytest.approx(2.25)
    assert car_told["break_even_hardware_aud"] == pytest.approx(22.50)
    assert told["car"]["is_hypothetical"]


def test_plugging_in_on_weekdays_has_its_worth(
    evening: tuple[Store, Settings],
) -> None:
    # A Wednesday: unplugged, the car ends 6 kWh below where it began. Its worth at the
    # end is the median price, 50 c, for 6 kWh that took 7.5 kWh of AC.
    scenario = asked(car=CAR, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(*evening, scenario)

    unplugged_aud = done.answers["perfect_foresight"].unplugged_on_weekdays_aud
    assert unplugged_aud == pytest.approx(4.00 + 6 / 0.8 * 0.50)


def test_a_trip_beyond_a_full_car_is_counted_and_paid_for(
    evening: tuple[Store, Settings],
) -> None:
    driving = {
        "commute_km": 300.0,
        "km_per_year": 90_000.0,
        "holidays_per_year": 0,
        "leave": "09:00",
        "back": "16:00",
    }
    car = {**CAR, "driving": driving, "public_c_per_kwh": 60.0}
    scenario = asked(car=car, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(*evening, scenario)

    # 45 kWh, 36 of them in a full car.
    used = done.runs[0].car
    assert used is not None
    assert (used.uncovered_count, used.beyond_full_count) == (1, 1)
    assert used.public_kwh == pytest.approx(9.0)
    assert used.public_aud == pytest.approx(5.40)


def test_rules_leave_a_battery_to_its_own_rule(
    evening: tuple[Store, Settings],
) -> None:
    battery = {
        "usable_kwh": 6.0,
        "charge_kw": 4.0,
        "discharge_kw": 4.0,
        "charge_efficiency_fraction": 0.8,
        "discharge_efficiency_fraction": 1.0,
    }
    strategy = {
        "names": ["timer", "perfect_foresight"],
        "timer_windows": [{"hours": ["00:00-06:00"]}],
        "battery_rule": "time_of_use",
        "charge_windows": [{"hours": ["00:00-06:00"]}],
        "discharge_windows": [{"hours": ["18:00-21:00"]}],
    }
    scenario = asked(car=CAR, battery=battery, strategy=strategy)

    done = run_scenario(*evening, scenario)

    _, timer, best = done.runs
    # Both are filled in the night, 7.5 kWh each, and the battery serves the evening.
    assert timer.bill.total_aud == pytest.approx(1.00 + 0.75 + 0.75)
    assert best.bill.total_aud == pytest.approx(1.00 + 0.75 + 0.75)
    assert done.answers["timer"].without_car_aud == pytest.approx(1.00 + 0.75)


def test_recorded_charging_is_taken_out_of_the_usage_first(tmp_path: Path) -> None:
    # The house uses 6 kWh in the evening; the meter counted 7.5 kWh of the car too.
    usage = half_hours(1.0, 36, 42) + half_hours(2.5, 34, 37)
    store, settings = saved(tmp_path, {IMPORT: usage})
    store.car_history.save(remembered())
    car = {**CAR, "driving": {"history": "tessie"}, "is_in_usage": True}
    scenario = asked(car=car, strategy={"names": ["perfect_foresight"]})

    done = run_scenario(store, settings, scenario)

    np.testing.assert_allclose(done.home.load_kwh, half_hours(1.0, 36, 42), atol=1e-9)
    assert done.runs[-1].bill.total_aud == pytest.approx(4.00 + 0.75)
    told = scenario_result(done, "0" * 64)
    assert any("recorded charges at home are taken out" in n for n in told["notes"])


def test_usage_that_does_not_hold_the_charging_is_refused(
    tmp_path: Path,
) -> None:
    store, settings = saved(tmp_path, {IMPORT: half_hours(0.1, 36, 42)})
    store.car_history.save(remembered())
    car = {**CAR, "driving": {"history": "tessie"}, "is_in_usage": True}

    with pytest.raises(DataError, match="are not in the load"):
        run_scenario(store, settings, asked(car=car))


@pytest.mark.parametrize(
    ("driving", "said"),
    [
        ({"history": "teslafi"}, "cars on record of it are none"),
        ({"history": "tessie", "history_car": "other"}, "'abc123'"),
    ],
)
def test_a_history_that_is_not_there_is_refused(
    evening: tuple[Store, Settings], driving: dict[str, str], said: str
) -> None:
    evening[0].car_history.save(remembered())

    with pytest.raises(CoverageError, match=said):
        run_scenario(*evening, asked(car={**CAR, "driving": driving}))


def test_a_history_of_other_days_is_refused(evening: tuple[Store, Settings]) -> None:
    evening[0].car_history.save(remembered(later=timedelta(days=40)))
    car = {**CAR, "driving": {"history": "tessie"}}

    with pytest.raises(CoverageError, match="expected no more than 31 days open"):
        run_scenario(*evening, asked(car=car))


def test_two_runs_with_a_car_give_the_same_bytes(
    evening: tuple[Store, Settings],
) -> None:
    scenario = asked(car=V2H, strategy={"names": ["forecast", "perfect_foresight"]})

    one, two = (
        result_text(scenario_result(run_scenario(*evening, scenario), "0" * 64))
        for _ in range(2)
    )

    assert one == two


def remembered(later: timedelta = timedelta(0)) -> CarHistory:
    """A drive to work and back on `DAY`, and a charge at home from 17:00 to 18:30."""

    def at(hours: float) -> datetime:
        return MIDNIGHT + timedelta(hours=hours) + later

    return CarHistory(
        "tessie",
        "abc123",
        drives=(
            Drive(at(9), at(9.5), 20.0, 3.0, start_place=HOME, end_place=WORK),
            Drive(at(15.5), at(16), 20.0, 3.0, start_place=WORK, end_place=HOME),
        ),
        charges=(Charge(at(17), at(18.5), 6.0, 7.5, place=HOME),),
    )
