"""Forecasts as issued: whose, when they were known, and what a battery does on them.

The market's forecasts are in $/MWh without GST: 100 are 11 c/kWh with it.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.simulation.random_homes import problem_of, weather
from tests.analysis.tariffs.amber_homes import (
    LOSS_FACTOR,
    as_rows,
    feed_in_prices,
    half_hours,
    import_prices,
)

from home_energy.analysis.scenario.issued_forecasts import (
    NONE_ON_RECORD,
    TariffOnRecord,
    issued_prices,
)
from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import IssuedPrices, outlook_at
from home_energy.analysis.tariffs.amber_fit import fit_amber
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.market_forecast import MarketForecast
from home_energy.domain.meter_day import MeterDay, MeterRegister
from home_energy.domain.price import Channel, Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.site import RetailSite
from home_energy.domain.spot import SpotDay
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.errors import AlignmentError, DataError
from home_energy.settings import BillSettings, HomeSettings, Settings
from home_energy.store import Store

DAY = date(2025, 7, 2)
START = nem_day_start(DAY)
MINUTE = timedelta(minutes=1)
HALF_HOUR = timedelta(minutes=30)
TWO_DAYS = TimeGrid(START, HALF_HOUR, 96)
KNOWN_AT = datetime(2025, 8, 1, tzinfo=UTC)

TARIFF = """
name = "spot"
title = "Spot and 10 c, spot without GST for feed-in"
clock = "NEM"
[[period]]
from = 2025-01-01
source = "made up"
[[period.usage]]
name = "Usage"
spot = { loss_factor = 1.0, c_per_kwh = 10.0 }
[[period.feed_in]]
name = "Feed-in"
spot = { loss_factor = 1.1, c_per_kwh = 0.0 }
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home.sqlite")) as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "tariffs").mkdir()
    (tmp_path / "tariffs" / "spot.toml").write_text(TARIFF)
    settings = Settings(
        home=HomeSettings(store=tmp_path / "home.sqlite"),
        bill=BillSettings(tariff="spot"),
    )
    return settings.read_from(tmp_path)


def tariff(home: Settings, name: str = "spot") -> TariffOnRecord:
    return TariffOnRecord(PlanTariff(find_plan(name, home.tariff_folder)), None)


def at(half_hour: float) -> datetime:
    return START + half_hour * HALF_HOUR


def by_market(
    published: datetime, first: int, rrp: Sequence[float] | FloatArray
) -> MarketForecast:
    return MarketForecast("NSW1", published, at(first), np.array(rrp, dtype=float))


def by_amber(channel: Channel, issued: datetime, *points: ForecastPoint) -> Forecast:
    return Forecast(channel, issued, points)


@pytest.fixture
def site_key(store: Store) -> int:
    store.sources.save_sites([RetailSite("01A", "6001000001", "active", 30, ())])
    key = store.sources.site_key("01A")
    assert key is not None
    return key


def told(prices: IssuedPrices | None) -> IssuedPrices:
    assert prices is not None
    return prices


def test_a_market_forecast_becomes_the_prices_of_the_tariff(
    store: Store, home: Settings
) -> None:
    store.market_forecasts.save([by_market(at(0), 0, [100, -50])])

    prices, (note,) = issued_prices(store, home, tariff(home), TWO_DAYS)

    # 11 + 10 and -5.5 + 10 to buy, 11 x 1.1 / 1.1 and -5.5 to sell.
    table = told(prices)
    assert table.import_c_per_kwh[0, :2] == pytest.approx([21, 4.5])
    assert table.export_c_per_kwh[0, :2] == pytest.approx([11, -5.5])
    assert np.isnan(table.import_c_per_kwh[0, 2:]).all()
    assert table.import_c_per_kwh.shape == (96, 72)
    # Plan 0 was told of 2 half-hours, plan 1 of 1, of 96 x 72.
    assert "the market operator's for 0%" in note


def test_what_is_published_after_a_plan_is_not_known_to_it(
    store: Store, home: Settings
) -> None:
    store.market_forecasts.save(
        [
            by_market(at(10), 10, [100] * 20),
            by_market(at(11) + MINUTE, 11, [900] * 20),
        ]
    )

    prices, _ = issued_prices(store, home, tariff(home), TWO_DAYS)

    # Plans 10 and 11 know the first alone, though the second tells of plan 11's hours.
    bought = told(prices).import_c_per_kwh[:, 0]
    assert np.isnan(bought[9])
    assert bought[10:13] == pytest.approx([21, 21, 109])


def test_a_forecast_of_more_than_two_hours_ago_is_not_used(
    store: Store, home: Settings
) -> None:
    store.market_forecasts.save([by_market(at(10), 10, [100] * 20)])

    prices, _ = issued_prices(store, home, tariff(home), TWO_DAYS)

    is_told = ~np.isnan(told(prices).import_c_per_kwh[:, 0])
    assert np.flatnonzero(is_told).tolist() == [10, 11, 12, 13, 14]


def test_ambers_own_prediction_goes_before_the_markets(
    store: Store, home: Settings, site_key: int
) -> None:
    # At 00:00, of the half-hour 00:00: 20 c for 5 minutes and 32 c for 10, in the mean
    # 28 c; of 00:30 Amber's model says 44 c, the market 99 c.
    general = by_amber(
        Channel.GENERAL,
        at(0),
        ForecastPoint(at(0), 5, 20.0),
        ForecastPoint(at(0) + 5 * MINUTE, 10, 32.0),
        ForecastPoint(at(1), 30, 99.0, predicted_c_per_kwh=44.0),
    )
    feed_in = by_amber(
        Channel.FEED_IN,
        at(0),
        *(ForecastPoint(at(k), 30, -3.0 + 10 * k) for k in range(2)),
    )
    store.forecasts.save(site_key, [general, feed_in])

    prices, (note,) = issued_prices(store, home, tariff(home, "amber"), TWO_DAYS)

    table = told(prices)
    assert table.import_c_per_kwh[0, :2] == pytest.approx([28, 44])
    assert table.export_c_per_kwh[0, :2] == pytest.approx([-3, 7])
    # Plan 1 knows it still, and what it says of its own first half-hour.
    assert table.import_c_per_kwh[1, 0] == pytest.approx(44)
    assert "Amber's own for" in note


def test_an_issue_of_amber_is_not_known_before_it_is_given(
    store: Store, home: Settings, site_key: int
) -> None:
    for issued_at, c_per_kwh in ((at(0), 20.0), (at(1) + MINUTE, 90.0)):
        points = [ForecastPoint(at(k), 30, c_per_kwh) for k in range(6)]
        both = (Channel.GENERAL, Channel.FEED_IN)
        issue = [by_amber(channel, issued_at, *points) for channel in both]
        store.forecasts.save(site_key, issue)

    prices, _ = issued_prices(store, home, tariff(home, "amber"), TWO_DAYS)

    assert told(prices).import_c_per_kwh[:3, 1] == pytest.approx([20, 20, 90])


def test_other_tariffs_do_not_take_ambers_prices(
    store: Store, home: Settings, site_key: int
) -> None:
    point = ForecastPoint(at(0), 30, 20.0)
    store.forecasts.save(site_key, [by_amber(Channel.GENERAL, at(0), point)])

    prices, notes = issued_prices(store, home, tariff(home), TWO_DAYS)

    assert prices is None
    assert notes == (NONE_ON_RECORD,)


def test_the_markets_forecast_becomes_ambers_price_by_what_amber_adds(
    store: Store, home: Settings
) -> None:
    starts = half_hours(date(2025, 7, 1), date(2026, 6, 30))
    rows = as_rows([*import_prices(starts), *feed_in_prices(starts)])
    fit = fit_amber(rows, home.home.zone)
    priced_by = replace(tariff(home, "amber"), amber=AmberPrices({}, fit))
    store.market_forecasts.save([by_market(at(0), 0, [100])])

    prices, _ = issued_prices(store, home, priced_by, TWO_DAYS)

    # 11 c of spot at midnight, off-peak: 16.1713 to buy, nothing to sell.
    table = told(prices)
    assert table.import_c_per_kwh[0, 0] == pytest.approx(
        LOSS_FACTOR * 11 + 16.1713, abs=1e-4
    )
    assert table.export_c_per_kwh[0, 0] == pytest.approx(LOSS_FACTOR * 10, abs=1e-4)


def test_without_any_price_of_amber_the_market_does_not_tell_its_prices(
    store: Store, home: Settings
) -> None:
    store.market_forecasts.save([by_market(at(0), 0, [100])])

    prices, notes = issued_prices(store, home, tariff(home, "amber"), TWO_DAYS)

    assert prices is None
    assert notes[-1] == NONE_ON_RECORD


def test_of_a_tariff_known_beforehand_nothing_is_forecast(
    store: Store, home: Settings
) -> None:
    store.market_forecasts.save([by_market(at(0), 0, [100])])

    flat = tariff(home, "flat-nsw-ausgrid")

    assert issued_prices(store, home, flat, TWO_DAYS) == (None, ())


def test_prices_of_longer_steps_hold_for_every_interval_of_them() -> None:
    # At 5 minutes a plan each half-hour; half-hours beside the same, six times told.
    problem = problem_of(weather(3, days=4), 5)
    random = np.random.default_rng(3)
    known_from = np.arange(0, problem.grid.count, 12)  # every other plan, an hour old
    buy = random.normal(20, 20, (known_from.size, 40))
    buy[random.random(buy.shape) < 0.2] = np.nan
    coarse = IssuedPrices(known_from, 6, buy, buy - 10)
    fine = IssuedPrices(
        known_from, 1, *(np.repeat(one, 6, axis=1) for one in (buy, buy - 10))
    )

    run, other = (ForecastStrategy().run(problem, one) for one in (coarse, fine))

    assert run.stored_kwh.tobytes() == other.stored_kwh.tobytes()
    assert 0 < run.issued_fraction == other.issued_fraction < 1


@pytest.mark.parametrize("number", [0, 5, 6, 100, 300, 570])
def test_what_was_not_known_yet_changes_no_decision(number: int) -> None:
    problem = problem_of(weather(4, days=2), 5)
    random = np.random.default_rng(4)
    known_from = np.flatnonzero(random.random(problem.grid.count) < 0.1)
    buy = random.normal(20, 20, (known_from.size, 30))
    issued = IssuedPrices(known_from, 6, buy, buy - 10)

    whole = ForecastStrategy().stored_kwh(problem, issued)
    cut = outlook_at(problem, None, number).problem
    known = ForecastStrategy().stored_kwh(cut, issued.known_at(number))

    assert known.tobytes() == whole[: number + 2].tobytes()


def test_expected_prices_on_record_change_nothing() -> None:
    # What the record tells of prices is what would be expected; load and sun, which it
    # does not tell, are expected as without it.
    problem = problem_of(weather(7, days=4), 30)
    numbers = np.arange(problem.grid.count)
    expected = Forecaster().forecasts(problem, numbers, 72)
    prices = IssuedPrices(
        numbers, 1, expected.import_c_per_kwh, expected.export_c_per_kwh
    )

    with_record = ForecastStrategy().run(problem, prices)

    alone = ForecastStrategy().stored_kwh(problem)
    assert with_record.stored_kwh.tobytes() == alone.tobytes()
    assert with_record.issued_fraction == 1


def test_a_price_without_its_other_side_is_not_taken() -> None:
    problem = problem_of(weather(7, days=2), 30)
    some = np.full((1, 72), 5.0)
    half = IssuedPrices(np.array([0]), 1, some, np.full((1, 72), np.nan))

    run = ForecastStrategy().run(problem, half)

    alone = ForecastStrategy().stored_kwh(problem)
    assert run.stored_kwh.tobytes() == alone.tobytes()
    assert run.issued_fraction == 0


def test_forecasts_that_do_not_fit_are_refused() -> None:
    some = np.zeros((2, 3))
    with pytest.raises(DataError, match="known_from must ascend"):
        IssuedPrices(np.array([1, 1]), 1, some, some)
    with pytest.raises(AlignmentError, match="1 times for 2 forecasts"):
        IssuedPrices(np.array([1]), 1, some, some)
    with pytest.raises(AlignmentError, match="import of shape"):
        IssuedPrices(np.array([1, 2]), 1, some, some[:1])


DEAR = (36, 37)
"""Half-hours of the evening at 1,000 $/MWh, and 1 kWh used in each."""


def evening(store: Store) -> None:
    """Two days of 100 $/MWh; 1 kWh is used in each of two dear half-hours a day."""
    rrp, kwh = np.full(48, 100.0), np.zeros(48)
    rrp[list(DEAR)], kwh[list(DEAR)] = 1000, 1
    days = [DAY, DAY + timedelta(days=1)]
    store.spot_days.save([SpotDay("NSW1", day, 30, rrp) for day in days], KNOWN_AT)
    register = MeterRegister("nem12", "6001000001", "E1")
    told = [MeterDay.of_one_quality(day, kwh, Quality.ACTUAL) for day in days]
    store.meter_days.save({register: told}, KNOWN_AT)


def run_forecast(
    store: Store, home: Settings, days: int = 2, minutes: int = 30
) -> ScenarioRun:
    battery = {
        "usable_kwh": 6.0,
        "charge_kw": 4.0,
        "discharge_kw": 4.0,
        "charge_efficiency_fraction": 1.0,
        "discharge_efficiency_fraction": 1.0,
    }
    last = DAY + timedelta(days=days - 1)
    period = {"from": DAY, "to": last, "resolution_minutes": minutes}
    scenario = Scenario.model_validate(
        {
            "name": "a",
            "title": "A question",
            "period": period,
            "battery": battery,
            "strategy": {"names": ["forecast"]},
        }
    )
    return run_scenario(store, home, scenario)


def test_a_forecast_on_record_buys_before_the_dear_evening(
    store: Store, home: Settings
) -> None:
    evening(store)
    without = run_forecast(store, home, days=1)
    rrp = np.full(48, 100.0)
    rrp[list(DEAR)] = 1000
    store.market_forecasts.save(
        [by_market(at(k) - MINUTE, k, rrp[k:]) for k in range(48)]
    )

    done = run_forecast(store, home, days=1)

    # On a first day the past alone expects 21 c to stay, and buys nothing for it.
    # Told of 120 c to buy and 110 c to sell, it buys 4 kWh at 21 c, serves 2 kWh and
    # sells 2 with the rest of its 4 kW: 2 x 120 + 2 x 110 - 4 x 21 c.
    assert without.saving_aud(without.runs[-1]) == pytest.approx(0, abs=1e-6)
    assert done.saving_aud(done.runs[-1]) == pytest.approx(3.76, abs=1e-6)
    assert NONE_ON_RECORD in scenario_result(without, "0")["notes"]
    (note,) = done.notes
    assert note in scenario_result(done, "0")["notes"]


@pytest.mark.parametrize("minutes", [5, 30])
def test_a_forecast_published_after_a_plan_changes_no_decision_of_it(
    store: Store, home: Settings, minutes: int
) -> None:
    evening(store)
    store.market_forecasts.save([by_market(at(0), 0, [100] * 48)])
    before = run_forecast(store, home, minutes=minutes).runs[-1]
    # At 12:01 of the first day 1,000 $/MWh are told from 13:00 on: one buys at 21 c.
    late = np.full(40, 1000.0)
    late[:1] = 100
    store.market_forecasts.save([by_market(at(24) + MINUTE, 25, late)])

    after = run_forecast(store, home, minutes=minutes).runs[-1]

    # The plan of 12:00 stands until 12:30; that of 12:30 is another.
    known = 25 * 30 // minutes + 1
    stored, other = before.scheduled.stored_kwh, after.scheduled.stored_kwh
    assert other[:known].tobytes() == stored[:known].tobytes()
    assert other[known] > stored[known]


@pytest.mark.parametrize("minutes", [5, 30])
def test_the_share_that_was_issued_is_told(
    store: Store, home: Settings, minutes: int
) -> None:
    evening(store)
    store.market_forecasts.save([by_market(at(0), 0, [100] * 48)])

    done = run_forecast(store, home, minutes=minutes)

    # 96 plans of 72 half-hours; five plans up to two hours later know 48, 47, ... 44.
    fraction = done.runs[-1].scheduled.issued_fraction
    assert fraction == pytest.approx(230 / 6912)
    assert "the market operator's for 3%" in done.notes[0]
