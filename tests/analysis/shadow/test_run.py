"""One day of a battery that is not there: what it knows, does, and is paid for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.analysis.simulation.random_homes import weather

from home_energy.analysis.shadow.record import RecordedDay
from home_energy.analysis.shadow.run import (
    BatteryBefore,
    BatteryDay,
    DayHome,
    run_day,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.domain.battery import Battery
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.price import Quality
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start

FIRST = date(2025, 7, 1)
DAY = timedelta(days=1)
FIVE_MINUTES = timedelta(minutes=5)
BATTERY = Battery("drawn", 13.5, 5.0, 5.0, 0.95, 0.95, wear_c_per_kwh=1.0)
LOSSLESS = Battery("by hand", 4.0, 1.0, 4.0, 1.0, 1.0)


def recorded(
    number: int, load: FloatArray, solar: FloatArray, buy: FloatArray, sell: FloatArray
) -> RecordedDay:
    return RecordedDay(FIRST + number * DAY, load, solar, buy, sell, Quality.ACTUAL)


def drawn_days(count: int, seed: int = 5) -> list[RecordedDay]:
    drawn = weather(seed, count)
    by_day = [
        values.reshape(count, 288)
        for values in (
            drawn.load_kwh,
            drawn.solar_kwh / 2,  # never above the export limit of 5 kW
            drawn.buy_c_per_kwh,
            drawn.sell_c_per_kwh,
        )
    ]
    return [recorded(n, *(one[n] for one in by_day)) for n in range(count)]


def run_all(days: Sequence[RecordedDay], battery: Battery) -> list[BatteryDay]:
    """Each day on from the one before, with the 14 days before it."""
    runs: list[BatteryDay] = []
    before = BatteryBefore()
    for number, day in enumerate(days):
        home = DayHome(days[max(number - 14, 0) : number], day, None)
        runs.append(run_day(home, battery, before))
        before = runs[-1].end
    return runs


def test_days_one_by_one_are_the_days_of_one_long_run() -> None:
    days = drawn_days(17)
    joined = [
        np.concatenate([getattr(day, name) for day in days])
        for name in ("import_c_per_kwh", "export_c_per_kwh", "load_kwh", "solar_kwh")
    ]
    grid = TimeGrid(nem_day_start(FIRST), FIVE_MINUTES, 17 * 288)
    problem = DispatchProblem(
        rates=Rates(grid, *joined[:2]),
        load_kwh=joined[2],
        solar_kwh=joined[3],
        battery=BATTERY,
        connection=GridConnection(curtails_solar=False),
    )

    one_by_one = run_all(days, BATTERY)

    whole = ForecastStrategy().stored_kwh(problem)
    paths = [run.stored_kwh[1:] for run in one_by_one]
    assert np.array_equal(np.concatenate(paths), whole[1:])


def half_hours_to_days(
    prices_c_per_kwh: Sequence[float], count: int
) -> list[RecordedDay]:
    """Days of one price curve in half-hours, 1 kW of load, nothing for exports."""
    buy, nothing = np.repeat(np.array(prices_c_per_kwh), 6), np.zeros(288)
    load = np.full(288, 1 / 12)
    return [recorded(n, load, nothing, buy, nothing) for n in range(count)]


# From 0:30 to 1:30 60 c, else 20 c.
ONE_PEAK = [20.0, 60.0, 60.0, *[20.0] * 45]


def test_a_home_with_one_peak_is_worked_out_by_hand() -> None:
    first, second, third = run_all(half_hours_to_days(ONE_PEAK, 3), LOSSLESS)

    # On the first day nobody knows of the peak, and energy bought at 20 c counts for
    # 0.9 x 20 = 18 c: nothing is bought.
    assert first.bill_saving_aud == pytest.approx(0, abs=1e-9)
    assert first.stored_kwh == pytest.approx(np.zeros(49), abs=1e-9)
    # On the second, 1 kW stores 0.5 kWh until 0:30 for 10 c, which then saves 30 c.
    # From 23:30 it stores 0.5 kWh of the 1 kWh of the next peak, for 10 c.
    assert second.bill_saving_aud == pytest.approx(0.30 - 0.10 - 0.10)
    assert second.end.stored_kwh == pytest.approx(0.5)
    # The median price is 20 c: 0.5 kWh x 18 c.
    assert second.end.worth_aud == pytest.approx(0.09)
    # The third has 0.5 kWh already, buys 0.5 for 10 c, saves 60 c, stores for 10 c.
    assert third.bill_saving_aud == pytest.approx(0.60 - 0.10 - 0.10)
    assert third.end.stored_kwh == pytest.approx(0.5)
    assert [run.wear_aud for run in (first, second, third)] == [0, 0, 0]


def without_load(days: Sequence[RecordedDay]) -> list[RecordedDay]:
    """Nothing to do for a battery: what it holds it keeps."""
    return [replace(day, load_kwh=np.zeros(288)) for day in days]


def test_a_cell_that_wears_and_loses_counts_for_less_at_midnight() -> None:
    worn = replace(LOSSLESS, discharge_efficiency_fraction=0.9, wear_c_per_kwh=2.0)
    (day,) = without_load(half_hours_to_days(ONE_PEAK, 1))

    run = run_day(DayHome((), day, None), worn, BatteryBefore(1.0, 0.18))

    # 1 kWh at 0.9 x 20 c x 0.9 - 2 c.
    assert run.end.stored_kwh == pytest.approx(1.0)
    assert run.end.worth_aud == pytest.approx(0.142)


def test_wear_is_told_beside_the_bill() -> None:
    worn = replace(LOSSLESS, wear_c_per_kwh=2.0)
    (day,) = half_hours_to_days(ONE_PEAK, 1)

    run = run_day(DayHome((), day, None), worn, BatteryBefore(1.0, 0.18))

    # Nothing is known of the peak: the 1 kWh that it holds serves the load of the
    # first half-hour at 20 c and of the second at 60 c, and wears the cells for 2 c.
    assert run.bill_saving_aud == pytest.approx(0.5 * 0.20 + 0.5 * 0.60)
    assert run.wear_aud == pytest.approx(0.02)


def test_midnight_counts_by_the_last_fourteen_days() -> None:
    days = without_load(
        [
            *half_hours_to_days([300.0] * 48, 1),
            *half_hours_to_days([20.0] * 48, 14)[1:],
            *half_hours_to_days([34.0] * 48, 15)[14:],
        ]
    )

    run = run_day(DayHome(days[:14], days[14], None), LOSSLESS, BatteryBefore(1.0, 0.0))

    # 13 days at 20 c and one at 34 c: 21 c, of which 0.9; the dear one is too old.
    assert run.end.stored_kwh >= 1.0
    assert run.end.worth_aud == pytest.approx(run.end.stored_kwh * 0.189)


@pytest.mark.parametrize("interval", [0, 101, 250])
def test_nothing_of_the_later_day_changes_what_was_done(interval: int) -> None:
    *before, day = drawn_days(4)
    rng = np.random.default_rng(interval)
    later = np.arange(288) > interval
    changed = replace(
        day,
        load_kwh=np.where(later, 0.4 * rng.random(288), day.load_kwh),
        solar_kwh=np.where(later, 0.3 * rng.random(288), day.solar_kwh),
        import_c_per_kwh=np.where(later, rng.normal(30, 90, 288), day.import_c_per_kwh),
        export_c_per_kwh=np.where(later, rng.normal(5, 30, 288), day.export_c_per_kwh),
    )

    one, other = (
        run_day(DayHome(before, each, None), BATTERY, BatteryBefore(6.0, 1.0))
        for each in (day, changed)
    )

    known = slice(0, interval + 2)
    assert one.stored_kwh[known].tobytes() == other.stored_kwh[known].tobytes()
    assert not np.array_equal(one.stored_kwh, other.stored_kwh)


def spike_told_from(half_hour: int) -> IssuedPrices:
    """From a half-hour on everybody is told of 300 c from 18:00 to 19:00."""
    buy = np.full((48, 72), np.nan)
    for plan in range(half_hour, 36):
        buy[plan] = 20.0
        buy[plan, 36 - plan : 38 - plan] = 300.0
    return IssuedPrices(np.arange(48), 1, buy, np.where(np.isnan(buy), np.nan, 0.0))


def test_a_forecast_is_acted_on_from_when_it_was_issued() -> None:
    spike = [*[20.0] * 36, 300.0, 300.0, *[20.0] * 10]
    calm, day = half_hours_to_days([20.0] * 48, 2)
    day = replace(day, import_c_per_kwh=np.repeat(np.array(spike), 6))

    late, soon = (
        run_day(DayHome([calm], day, spike_told_from(told)), LOSSLESS, BatteryBefore())
        for told in (35, 30)
    )

    # 1 kW from 17:30 is 0.5 kWh; told at 15:00 it is the 1 kWh that the hour takes.
    assert late.stored_kwh[:36] == pytest.approx(np.zeros(36), abs=1e-9)
    assert late.stored_kwh[36] == pytest.approx(0.5)
    assert soon.stored_kwh[36] == pytest.approx(1.0)
    assert late.bill_saving_aud == pytest.approx(0.5 * 2.80)
    assert soon.bill_saving_aud == pytest.approx(1.0 * 2.80)
    # 1 of 48 plans knew all of its 72 half-hours, and 6 of 48.
    assert late.issued_fraction == pytest.approx(1 / 48)
    assert soon.issued_fraction == pytest.approx(6 / 48)


def test_prices_published_beforehand_are_known_also_after_midnight() -> None:
    # From tomorrow on the first half-hour costs 80 c, says the price list; so far all
    # cost 20 c.
    calm, day = half_hours_to_days([20.0] * 48, 2)
    tomorrow = np.repeat([80.0, *[20.0] * 47], 6)
    start = nem_day_start(day.day + DAY)
    after = Rates(
        TimeGrid(start, FIVE_MINUTES, 576), np.tile(tomorrow, 2), np.zeros(576)
    )

    known = run_day(DayHome([calm], day, None, after), LOSSLESS, BatteryBefore())
    unknown = run_day(DayHome([calm], day, None), LOSSLESS, BatteryBefore())

    # Half an hour takes 0.5 kWh.
    assert known.end.stored_kwh == pytest.approx(0.5)
    assert unknown.end.stored_kwh == pytest.approx(0)
    assert known.issued_fraction is None


def test_a_meter_of_half_hours_is_planned_in_half_hours() -> None:
    even, fine = half_hours_to_days(ONE_PEAK, 1)[0], drawn_days(1)[0]

    assert (
        run_day(DayHome((), even, None), BATTERY, BatteryBefore()).stored_kwh.size == 49
    )
    assert (
        run_day(DayHome((), fine, None), BATTERY, BatteryBefore()).stored_kwh.size
        == 289
    )


def test_a_home_that_exports_more_than_usual_is_not_held_back() -> None:
    # 8 kW of exports all day: the limit is 10 kW, not the usual 5.
    day = recorded(
        0, np.zeros(288), np.full(288, 8 / 12), np.full(288, 20.0), np.full(288, 7.0)
    )

    run = run_day(DayHome((), day, None), LOSSLESS, BatteryBefore())

    # Energy that counts for 18 c is stored instead of sold for 7 c: 4 kWh.
    assert run.bill_saving_aud == pytest.approx(-4 * 0.07)
    assert run.end.worth_aud == pytest.approx(4 * 0.18)
