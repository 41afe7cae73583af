"""Each rule on a few intervals, worked out by hand."""

import numpy as np
import pytest
from tests.analysis.simulation.small_homes import LOSSLESS, LOSSY, home, with_battery

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem, EndOfRun
from home_energy.analysis.simulation.flows import book_flows
from home_energy.analysis.simulation.strategy import (
    STRATEGIES,
    PerfectForesight,
    PriceThreshold,
    SelfConsumption,
    SmartCycles,
    Strategy,
    TimeOfUse,
    TrailingThreshold,
)
from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, DataError

DAY = 48
"""Half-hours."""


def held(values: FloatArray) -> list[float]:
    return [round(float(value), 9) for value in values]


def windows(*holds: int) -> np.ndarray:
    return np.array(holds, dtype=np.bool_)


# --- self_consumption ---------------------------------------------------------------


def test_self_consumption_stores_what_is_left_over_and_serves_what_lacks() -> None:
    # 1: 3 - 1 = 2 left over (the limit is 2): 1.6 into the cells.
    # 2: 0.5 lacks: 1.0 out of the cells. 3: 1 lacks: 0.6 of the cells give 0.3.
    problem = home([1, 0.5, 1], [3, 0, 0], battery=LOSSY)

    assert held(SelfConsumption().stored_kwh(problem)) == [0, 1.6, 0.6, 0]


def test_self_consumption_has_no_eye_on_prices() -> None:
    problem = home([1, 0.5, 1], [3, 0, 0], [-50, 5, 900], [80, 1, 1], battery=LOSSY)

    assert held(SelfConsumption().stored_kwh(problem)) == [0, 1.6, 0.6, 0]


def test_powers_and_room_limit_a_rule() -> None:
    # 2 kWh a half-hour at most; 3 kWh of room: 2, then 1, then full. 2 kWh out.
    battery = with_battery(LOSSLESS, usable_kwh=3.0)
    problem = home([0, 0, 0, 5], [9, 9, 9, 0], battery=battery)

    assert held(SelfConsumption().stored_kwh(problem)) == [0, 2, 3, 3, 1]


def test_pitfall_6_charge_power_is_not_discharge_power() -> None:
    # Pitfall 6: 4 kW in, 1 kW out: 2 kWh in, 0.5 kWh out in a half-hour.
    battery = with_battery(LOSSLESS, discharge_kw=1.0)
    problem = home([0, 5], [9, 0], battery=battery)

    assert held(SelfConsumption().stored_kwh(problem)) == [0, 2, 1.5]


def test_the_reserve_stays() -> None:
    # 10 kWh usable, 40 % kept: 6 kWh above it to work with.
    battery = with_battery(LOSSLESS, reserve_fraction=0.4, charge_kw=40.0)
    problem = home([0, 0], [20, 20], battery=battery)

    assert held(SelfConsumption().stored_kwh(problem)) == [0, 6, 6]


def test_pitfall_7_efficiency_is_counted_both_ways_on_the_ac_side() -> None:
    # Pitfall 7: of 2 kWh AC 1.6 reach the cells, and 0.8 come back: 40 %, not 80.
    problem = home([0, 1], [2, 0], battery=LOSSY)

    flows = book_flows(problem, SelfConsumption().stored_kwh(problem))

    assert flows.charge_kwh.sum() == pytest.approx(2)
    assert flows.discharge_kwh.sum() == pytest.approx(0.8)
    assert flows.lost_kwh.sum() == pytest.approx(1.2)


def test_pitfall_10_a_missing_price_or_load_is_refused_not_zero() -> None:
    # Pitfall 10.
    with pytest.raises(DataError, match="import price is missing in 1"):
        home([1, 1], [0, 0], [30, np.nan])
    with pytest.raises(DataError, match="load_kwh is missing in 1"):
        home([np.nan, 1], [0, 0])


# --- time_of_use --------------------------------------------------------------------


def test_time_of_use_charges_and_serves_by_its_windows() -> None:
    # 1 window to charge: 2. 2 outside: load is bought. 3 window to discharge: 1.
    rule = TimeOfUse(windows(1, 0, 0), windows(0, 0, 1))

    assert held(rule.stored_kwh(home([1, 1, 1], [0, 0, 0]))) == [0, 2, 2, 1]


def test_time_of_use_stores_solar_outside_its_windows() -> None:
    rule = TimeOfUse(windows(0, 0), windows(0, 0))

    assert held(rule.stored_kwh(home([1, 1], [2, 0]))) == [0, 1, 1]


def test_time_of_use_may_empty_into_the_grid() -> None:
    rule = TimeOfUse(windows(1, 0), windows(0, 1), exports=True)
    problem = home([1, 0.5], [0, 0])

    flows = book_flows(problem, rule.stored_kwh(problem))

    assert flows.battery_to_load_kwh[1] == pytest.approx(0.5)
    assert flows.battery_to_grid_kwh[1] == pytest.approx(1.5)


def test_windows_that_overlap_are_refused() -> None:
    with pytest.raises(DataError, match="1 intervals are both"):
        TimeOfUse(windows(1, 0), windows(1, 1))


def test_windows_shorter_than_the_run_are_refused() -> None:
    rule = TimeOfUse(windows(1), windows(0))

    with pytest.raises(AlignmentError, match="1 of 2"):
        rule.stored_kwh(home([1, 1], [0, 0]))


# --- price_threshold ----------------------------------------------------------------


def test_price_threshold_charges_below_and_serves_above() -> None:
    # 9 c: +2. 30 c: hold. 60 c: serve 1.
    problem = home([1, 1, 1], [0, 0, 0], [9, 30, 60])

    assert held(PriceThreshold(10, 50).stored_kwh(problem)) == [0, 2, 2, 1]


def test_price_threshold_empties_where_feed_in_earns_as_much() -> None:
    problem = home([1, 0.5], [0, 0], [9, 70], [5, 60])

    assert held(PriceThreshold(10, 50).stored_kwh(problem)) == [0, 2, 0]


def test_thresholds_that_cross_are_refused() -> None:
    with pytest.raises(DataError, match="must be less than"):
        PriceThreshold(50, 10)


def test_trailing_thresholds_come_from_the_days_before() -> None:
    # Day 1: 24 half-hours at 10 c, 24 at 30 c, no sun: the battery stays empty.
    # Day 2: its quantiles 0.25 and 0.75 are 10 and 30. 5 c: +2; 20 c hold; 35 c: -1.
    prices = [10.0] * 24 + [30.0] * 24 + [5, 20, 35]
    problem = home([1.0] * 51, [0.0] * 51, prices)

    stored = TrailingThreshold(0.25, 0.75, days=1).stored_kwh(problem)

    assert held(stored[:49]) == [0.0] * 49
    assert held(stored[49:]) == [2, 2, 1]


def test_quantiles_that_cross_are_refused() -> None:
    with pytest.raises(DataError, match="expected 0 <= charge quantile"):
        TrailingThreshold(0.8, 0.2)


# --- smart_cycles -------------------------------------------------------------------


def cheap_night_dear_evening(days: int) -> list[float]:
    """10 c in the first 6 half-hours, 60 c in half-hours 36 to 42, else 25 c."""
    day = [25.0] * DAY
    day[0:6] = [10.0] * 6
    day[36:43] = [60.0] * 7
    return day * days


def test_smart_cycles_fills_at_the_cheap_hours_of_the_days_before() -> None:
    # 10 kWh at 2 kWh a half-hour: 5 cheap half-hours, the 5th cheapest costs 10 c. On
    # day 2 it fills in half-hours 0 to 4 and is full. A whole day's load is 4.8 kWh,
    # so every price above 10 c is dear enough: by half-hour 47, 42 x 0.1 are gone.
    problem = home([0.1] * 2 * DAY, [0.0] * 2 * DAY, cheap_night_dear_evening(2))

    stored = SmartCycles().stored_kwh(problem)

    assert held(stored[DAY : DAY + 7]) == [0, 2, 4, 6, 8, 10, 10]
    assert stored[-1] == pytest.approx(10 - 4.2)


def test_smart_cycles_empties_when_feed_in_earns_as_in_the_dear_hours() -> None:
    # Feed-in: 50 c in half-hours 36 to 42, else 5. There is no load to keep it for.
    sells = [50.0 if 36 <= n % DAY < 43 else 5.0 for n in range(2 * DAY)]
    problem = home([0.0] * 2 * DAY, [0.0] * 2 * DAY, cheap_night_dear_evening(2), sells)

    stored = SmartCycles().stored_kwh(problem)

    assert held(stored[DAY + 36 : DAY + 43]) == [10, 8, 6, 4, 2, 0, 0]


def test_smart_cycles_holds_for_the_dear_hours_what_they_need() -> None:
    # 1 kWh a half-hour: the 7 at 60 c take 7 of 10 kWh, those at 25 c another 35 that
    # are not there. So at 25 c it holds, and 10 - 7 = 3 remain.
    problem = home([1.0] * 2 * DAY, [0.0] * 2 * DAY, cheap_night_dear_evening(2))

    stored = SmartCycles().stored_kwh(problem)

    assert held(stored[[DAY + 6, DAY + 36, DAY + 43, 2 * DAY]]) == [10, 10, 3, 3]


def test_smart_cycles_leaves_room_for_the_sun() -> None:
    # From half-hour 16 on 8 of them bring 3 kWh of sun: feed-in at 5 c is cheaper than
    # the night's 10 c, so the night buys nothing and the sun fills it.
    sun = [3.0 if 16 <= n % DAY < 24 else 0.0 for n in range(2 * DAY)]
    problem = home([0.1] * 2 * DAY, sun, cheap_night_dear_evening(2))

    flows = book_flows(problem, SmartCycles().stored_kwh(problem))

    assert flows.grid_to_battery_kwh.sum() == 0
    assert flows.stored_kwh[DAY + 24] == pytest.approx(10)


def test_smart_cycles_keeps_to_the_clock_when_prices_are_a_little_off() -> None:
    # Day 2: the night costs 12 c instead of 10, its third half-hour 70; the evening
    # costs 30 instead of 60. It still fills at 12 (for 60 is expected), not at 70, and
    # serves 1 kWh a half-hour at 30, for those are the evening's.
    prices = cheap_night_dear_evening(2)
    prices[DAY : DAY + 6] = [12.0, 12, 70, 12, 12, 12]
    prices[DAY + 36 : DAY + 43] = [30.0] * 7
    problem = home([1.0] * 2 * DAY, [0.0] * 2 * DAY, prices)

    stored = SmartCycles().stored_kwh(problem)

    assert held(stored[DAY : DAY + 7]) == [0, 2, 4, 3, 5, 7, 9]
    assert held(stored[[DAY + 36, DAY + 43]]) == [9, 2]


def test_smart_cycles_sells_nothing_below_what_it_cost() -> None:
    # 10 c with its losses is 25 c; 20 c of feed-in are less.
    sells = [20.0 if 36 <= n % DAY < 43 else 5.0 for n in range(2 * DAY)]
    problem = home(
        [0.0] * 2 * DAY,
        [0.0] * 2 * DAY,
        cheap_night_dear_evening(2),
        sells,
        battery=with_battery(LOSSY, usable_kwh=8.0),
    )

    stored = SmartCycles().stored_kwh(problem)

    assert held(stored[[DAY + 6, 2 * DAY]]) == [8, 8]


def test_smart_cycles_keeps_to_its_budget() -> None:
    # Half a cycle a day: at most 5 kWh leave the cells on day 2, though 10 are there.
    sells = [50.0 if 36 <= n % DAY < 43 else 5.0 for n in range(2 * DAY)]
    problem = home(
        [0.0] * 2 * DAY,
        [0.0] * 2 * DAY,
        cheap_night_dear_evening(2),
        sells,
        start_stored_kwh=10,
    )

    stored = SmartCycles(cycles_per_day=0.5).stored_kwh(problem)

    assert held(stored[[DAY, 2 * DAY]]) == [10, 5]


def test_smart_cycles_has_its_budget_anew_each_day() -> None:
    # Half a cycle: 5 kWh out on day 2 and 5 on day 3, filled up between.
    sells = [50.0 if 36 <= n % DAY < 43 else 5.0 for n in range(3 * DAY)]
    problem = home([0.0] * 3 * DAY, [0.0] * 3 * DAY, cheap_night_dear_evening(3), sells)

    stored = SmartCycles(cycles_per_day=0.5).stored_kwh(problem)

    assert held(stored[[DAY + 36, 2 * DAY, 2 * DAY + 36, 3 * DAY]]) == [10, 5, 10, 5]


def test_smart_cycles_does_not_buy_what_it_cannot_sell_dearer() -> None:
    # One price all day: nothing is worth storing but the sun.
    problem = home([0.5] * 2 * DAY, [0.0] * 2 * DAY, 30.0)

    flows = book_flows(problem, SmartCycles().stored_kwh(problem))

    assert flows.grid_to_battery_kwh.sum() == 0


def test_smart_cycles_counts_losses_and_wear_before_it_buys() -> None:
    # 10 c bought, 40 % come back: 25 c a kWh, and wear of 4 c each way of the 2 kWh
    # of cells behind it: 25 + 16 = 41 c. At 40 c in the evening it is not worth it.
    prices = [40.0 if price == 60.0 else price for price in cheap_night_dear_evening(2)]
    wears = with_battery(LOSSY, usable_kwh=8.0, wear_c_per_kwh=4.0)
    lasts = with_battery(LOSSY, usable_kwh=8.0, wear_c_per_kwh=3.0)  # 25 + 12 = 37 c
    load, sun = [0.1] * 2 * DAY, [0.0] * 2 * DAY

    leaves = SmartCycles().stored_kwh(home(load, sun, prices, battery=wears))
    buys = SmartCycles().stored_kwh(home(load, sun, prices, battery=lasts))

    assert held(leaves) == [0.0] * (2 * DAY + 1)
    # 2 kWh AC a half-hour are 1.6 in the cells: full after five.
    assert held(buys[DAY : DAY + 6]) == [0, 1.6, 3.2, 4.8, 6.4, 8]


def test_rules_that_learn_from_days_begin_as_self_consumption() -> None:
    problem = home([1, 0.5, 1], [3, 0, 0], [-50, 5, 900], battery=LOSSY)

    assert held(SmartCycles().stored_kwh(problem)) == [0, 1.6, 0.6, 0]
    assert held(TrailingThreshold().stored_kwh(problem)) == [0, 1.6, 0.6, 0]


def test_smart_cycles_refuses_no_cycles() -> None:
    with pytest.raises(DataError, match="more than 0 cycles"):
        SmartCycles(cycles_per_day=0)


# --- perfect_foresight --------------------------------------------------------------


def test_perfect_foresight_buys_before_it_is_dear() -> None:
    # 2 bought at 10 c (its limit) serve 1 at 30 c and 1 at 60 c.
    problem = home([0, 1, 1], [0, 0, 0], [10, 30, 60], end=EndOfRun.FREE)

    assert held(PerfectForesight().stored_kwh(problem)) == [0, 2, 1, 0]


def test_only_perfect_foresight_is_an_upper_bound() -> None:
    # Pitfall 1.
    rules: list[Strategy] = [
        SelfConsumption(),
        TimeOfUse(windows(0), windows(0)),
        PriceThreshold(1, 2),
        TrailingThreshold(),
        SmartCycles(),
        PerfectForesight(),
    ]

    assert [rule.name for rule in rules if rule.is_upper_bound] == ["perfect_foresight"]


def test_every_rule_is_found_by_its_name() -> None:
    assert {
        "self_consumption",
        "time_of_use",
        "price_threshold",
        "trailing_threshold",
        "smart_cycles",
        "perfect_foresight",
    } <= set(STRATEGIES)


# --- all rules ----------------------------------------------------------------------


def a_rule_that_fills_always(problem: DispatchProblem) -> FloatArray:
    return PriceThreshold(1000, 2000).stored_kwh(problem)


def test_the_battery_never_trips_the_import_limit() -> None:
    # 3 kW let in 1.5 kWh; the load takes 1: 0.5 are left for the battery.
    problem = home([1], [0], connection=GridConnection(3.0, 5.0))

    assert held(a_rule_that_fills_always(problem)) == [0, 0.5]


def test_the_battery_gives_what_the_import_limit_does_not_let_in() -> None:
    # 3 kW let in 1.5 kWh of a load of 2, whatever the order.
    problem = home([2], [0], connection=GridConnection(3.0, 5.0), start_stored_kwh=4)

    stored = a_rule_that_fills_always(problem)

    assert held(stored) == [4, 3.5]
    assert book_flows(problem, stored).unserved_kwh[0] == 0


def test_a_battery_that_holds_gives_what_the_import_limit_does_not_let_in() -> None:
    rule = TimeOfUse(windows(0), windows(0))
    problem = home([2], [0], connection=GridConnection(3.0, 5.0), start_stored_kwh=4)

    assert held(rule.stored_kwh(problem)) == [4, 3.5]


def test_emptying_stores_solar_that_no_limit_lets_out() -> None:
    # Of 2 kWh of sun 1 kW lets out 0.5 kWh; 1.5 is stored.
    rule = TimeOfUse(windows(0), windows(1), exports=True)
    problem = home([0], [2], connection=GridConnection(15.0, 1.0))

    assert held(rule.stored_kwh(problem)) == [0, 1.5]


def test_emptying_stops_at_the_export_limit() -> None:
    # 1 kW lets out 0.5 kWh, and the load takes 0.5.
    rule = TimeOfUse(windows(0), windows(1), exports=True)
    problem = home([0.5], [0], connection=GridConnection(15.0, 1.0), start_stored_kwh=4)

    assert held(rule.stored_kwh(problem)) == [4, 3]


def test_without_leave_to_export_emptying_serves_the_load_alone() -> None:
    rule = TimeOfUse(windows(0), windows(1), exports=True)
    battery = with_battery(LOSSLESS, may_export=False)
    problem = home([0.5], [0], battery=battery, start_stored_kwh=4)

    assert held(rule.stored_kwh(problem)) == [4, 3.5]


def test_without_leave_to_charge_from_the_grid_filling_takes_solar_alone() -> None:
    battery = with_battery(LOSSLESS, may_charge_from_grid=False)
    problem = home([1, 1], [1.7, 0], battery=battery)

    assert held(a_rule_that_fills_always(problem)) == [0, 0.7, 0.7]


def test_when_prices_are_negative_nothing_goes_both_ways() -> None:
    # Pitfall 17: at -20 c/kWh both ways, every rule charges or discharges, imports or
    # exports.
    problem = home([1] * 96, [2, 0] * 48, -20, -25, battery=LOSSY)

    for rule in (SelfConsumption(), PriceThreshold(0, 1), SmartCycles()):
        flows = book_flows(problem, rule.stored_kwh(problem))
        assert not np.any((flows.charge_kwh > 1e-9) & (flows.discharge_kwh > 1e-9))
        assert not np.any(
            (flows.grid_import_kwh > 1e-9) & (flows.grid_export_kwh > 1e-9)
        )


@pytest.mark.parametrize(
    "rule", [SelfConsumption(), PriceThreshold(5, 9), SmartCycles(), PerfectForesight()]
)
def test_a_home_without_a_battery_stores_nothing(rule: Strategy) -> None:
    assert held(rule.stored_kwh(home([1, 1], [3, 0], battery=None))) == [0, 0, 0]
