"""Which dollar came from what: parted by hand, and without a rest on any tariff."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.scenario.test_car_run import CAR, V2H
from tests.analysis.scenario.test_run import BATTERY, IMPORT, asked, half_hours, saved
from tests.analysis.sweep.swept_homes import QUESTION, TARIFFS, swept_home

from home_energy.analysis.scenario.dollars import Dollars, dollars
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.scenario_home import scenario_home
from home_energy.analysis.scenario.scheduled import Scheduled
from home_energy.analysis.scenario.strategy_run import RunTeller
from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.settings import Settings
from home_energy.store import Store

Home = tuple[Store, Settings]
CENT = 0.01
STRATEGIES = ["self_consumption", "time_of_use", "forecast", "perfect_foresight"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    store, settings = swept_home(tmp_path_factory.mktemp("parted"))
    with closing(store):
        yield store, settings


def parted(done: ScenarioRun, strategy: str, **others: float) -> Dollars:
    run = done.run_of(strategy)
    assert run is not None
    problem = done.problem_of(run)
    return dollars(done.baseline, done.same_energy, problem, run, **others)


def known(lines: dict[str, float]) -> dict[str, float]:
    return {name: aud for name, aud in lines.items() if abs(aud) > 1e-9}


def test_a_night_for_an_evening_is_price_less_losses(tmp_path: Path) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(battery=BATTERY, strategy={"names": ["perfect_foresight"]})

    found = parted(run_scenario(*home, scenario), "perfect_foresight")

    # 7.5 kWh at 10 c go in, of which 20 % are lost: 15 c. 6 kWh at 50 c come out.
    assert known(dict(found.of_bills_aud)) == pytest.approx(
        {"arbitrage": 3.00 - 0.60, "losses": -0.15}
    )
    assert found.bill_difference_aud == pytest.approx(2.25)
    assert found.spike_count == 0


def test_a_spike_takes_all_that_its_intervals_bring(tmp_path: Path) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(battery=BATTERY, strategy={"names": ["perfect_foresight"]})
    done = run_scenario(*home, scenario)

    found = parted(done, "perfect_foresight", spike_c_per_kwh=40.0)
    at_the_price = parted(done, "perfect_foresight", spike_c_per_kwh=50.0)

    # 50 c from 6:00 on, 36 half-hours: all the evening's 3.00.
    assert known(dict(found.of_bills_aud)) == pytest.approx(
        {"arbitrage": -0.60, "losses": -0.15, "spikes": 3.00}
    )
    assert found.spike_count == 36
    assert at_the_price.spike_count == 0


def test_sun_that_is_kept_is_own_use_less_feed_in_and_losses(tmp_path: Path) -> None:
    load = MeterRegister("table:gross", "", "GC", Flow.LOAD)
    sun = MeterRegister("table:gross", "", "GG", Flow.GENERATION)
    home = saved(tmp_path, {load: half_hours(0.5), sun: half_hours(1.5, 20, 24)})
    battery = {**BATTERY, "standby_kw": 0.1, "wear_c_per_kwh": 1.0}
    scenario = asked(battery=battery, strategy={"names": ["self_consumption"]})

    found = parted(run_scenario(*home, scenario), "self_consumption")

    # With 0.05 kWh of standby in a half-hour 4 x 0.95 = 3.8 kWh of sun are kept, which
    # sold for 5 c before; 0.2 more is used at once. 3.04 kWh come out of 3.8 at 50 c.
    # Standby: 12 half-hours of night at 10 c, 36 at 50 c.
    standby_aud = 0.05 * (12 * 0.10 + 36 * 0.50)
    assert known(dict(found.of_bills_aud)) == pytest.approx(
        {
            "solar_self_use": 4.0 * 0.50,
            "export": -4.0 * 0.05,
            "losses": -0.2 * 3.8 * 0.50 - standby_aud,
        }
    )
    # 3.04 kWh go in and come out of the cells at 1 c each.
    assert found.beside_bills_aud["wear"] == pytest.approx(-0.0608)


def test_a_car_that_waits_for_the_night_is_shifted(tmp_path: Path) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(car=CAR, strategy={"names": ["perfect_foresight"]})

    found = parted(run_scenario(*home, scenario), "perfect_foresight")

    # As it is 7.5 kWh at 10 c and 7.5 at 50 c; of which the second are left undone,
    # and the car ends 6 kWh lower, worth 50 c / 0.8 each.
    assert known(dict(found.of_bills_aud)) == pytest.approx({"car_shifted": 3.75})
    assert found.saving_aud == pytest.approx(0.0, abs=1e-6)


def test_a_car_that_serves_the_evening_has_it_on_its_line(tmp_path: Path) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(
        car={**V2H, "limit_fraction": 0.7}, strategy={"names": ["perfect_foresight"]}
    )
    done = run_scenario(*home, scenario)

    found = parted(done, "perfect_foresight")

    assert set(known(dict(found.of_bills_aud))) == {"car_shifted"}
    best = done.runs[-1]
    assert found.bill_difference_aud == pytest.approx(
        done.baseline.bill.total_aud - best.bill.total_aud
    )
    assert found.saving_aud == pytest.approx(done.saving_aud(best))


def test_what_a_car_takes_from_the_battery_and_sells_is_on_their_lines(
    tmp_path: Path,
) -> None:
    home = saved(tmp_path, {IMPORT: half_hours(1.0, 36, 42)})
    scenario = asked(
        battery=BATTERY,
        car={**V2H, "discharge": "v2g"},
        strategy={"names": ["solar_first"]},
    )
    found = scenario_home(*home, scenario, lambda _words: None)
    done = run_scenario(*home, scenario)
    car = done.problem.car
    assert car is not None
    # 2 kWh into the battery at midnight, out of it at 22:00 into the car; at 18:00 the
    # car gives 2 kWh, one to the load, one to the grid.
    battery_kwh = np.where(np.arange(49) < 1, 0.0, 1.6)
    battery_kwh[45:] = 0.0
    moved_kwh = -car.trip_kwh
    moved_kwh[36], moved_kwh[44] = -2.0, 0.8 * 1.6
    path = car.start_stored_kwh + np.concatenate([[0.0], np.cumsum(moved_kwh)])
    teller = RunTeller(found.tariff(None), found.spot, None, done.baseline.energy_c)

    run = teller.tell("by_hand", done.problem, Scheduled(battery_kwh, path))

    told = dollars(done.baseline, done.same_energy, done.problem, run)
    # As it is the car takes 7.5 kWh at 10 c and 7.5 at 50 c, 4.50; now 1.6 at 50 c, and
    # gives one kWh at 50 c and one at 5 c. The battery takes 2 kWh at 10 c.
    assert known(dict(told.of_bills_aud)) == pytest.approx(
        {
            "car_shifted": 4.50 - 0.80 + 0.50 + 0.05,
            "arbitrage": 0.80 - 0.16,
            "losses": -0.04,
        }
    )
    assert told.bill_difference_aud == pytest.approx(8.50 - 3.65)


@pytest.mark.parametrize("baseline", ["flat", "market"])
@pytest.mark.parametrize("tariff", list(TARIFFS))
def test_the_lines_sum_to_the_bills_on_every_tariff(
    swept: Home, tariff: str, baseline: str
) -> None:
    question = {
        **QUESTION,
        "prices": {"tariff": tariff, "baseline_tariff": baseline},
        "strategy": {**QUESTION["strategy"], "names": STRATEGIES},
    }

    done = run_scenario(*swept, Scenario.model_validate(question))

    for run in done.runs:
        found = parted(done, run.strategy)
        bills_aud = done.baseline.bill.total_aud - run.bill.total_aud
        assert found.bill_difference_aud == pytest.approx(bills_aud, abs=1e-9)
        assert found.saving_aud == pytest.approx(done.saving_aud(run), abs=1e-9)
        has_rest = "blocks_and_rounding" in found.of_bills_aud
        assert has_rest == (tariff == "blocks-and-demand")
        if tariff == baseline:
            assert found.of_bills_aud["tariff"] == 0


@pytest.mark.parametrize("tariff", ["market", "blocks-and-demand"])
def test_panels_battery_and_car_together_leave_no_rest(
    swept: Home, tariff: str
) -> None:
    car = {**V2H, "limit_fraction": 0.9, "public_c_per_kwh": 60.0}
    question = {
        **QUESTION,
        "prices": {"tariff": tariff, "baseline_tariff": "flat"},
        "car": car,
        "strategy": {"names": ["solar_first"]},
    }

    done = run_scenario(*swept, Scenario.model_validate(question))

    assert [run.strategy for run in done.runs] == ["on_arrival", "solar_first"]
    for run in done.runs:
        found = parted(done, run.strategy)
        bills_aud = done.baseline.bill.total_aud - run.bill.total_aud
        assert found.bill_difference_aud == pytest.approx(bills_aud, abs=1e-9)
        assert found.saving_aud == pytest.approx(done.saving_aud(run), abs=1e-9)
    # Charged by the same rule the car takes the same, whatever else is new.
    assert parted(done, "on_arrival").of_bills_aud["car_shifted"] == pytest.approx(
        0.0, abs=1e-6
    )


def test_another_tariff_is_told_apart_from_the_devices(swept: Home) -> None:
    question = {key: QUESTION[key] for key in ("name", "title", "period")} | {
        "prices": {"tariff": "by-the-clock", "baseline_tariff": "flat"}
    }

    done = run_scenario(*swept, Scenario.model_validate(question))

    # Nothing new is in the home: only the tariff differs.
    found = parted(done, "no_battery")
    assert set(known(dict(found.of_bills_aud))) == {"tariff"}
    bills_aud = done.baseline.bill.total_aud - done.runs[0].bill.total_aud
    assert abs(bills_aud) > CENT
    assert found.of_bills_aud["tariff"] == pytest.approx(bills_aud)
