"""How near a home is to a new peak, worked out by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.running_costs.demand_home import EVENING, DemandHome, utc
from tests.dashboard.recorded_home import price

from home_energy.analysis.running_costs.demand_guard import demand_guard
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.domain.bill import LineKind
from home_energy.domain.metered_energy import MeteredEnergy


@pytest.fixture
def home(tmp_path: Path) -> DemandHome:
    found = DemandHome.with_charge(tmp_path)
    found.used()
    # Monday 23 November from 15:00 in Sydney on, 1 kW but for 2 kW at 16:00 to 16:30.
    found.drew("2026-11-23 04:00", [1000.0] * 12 + [2000.0] * 6 + [1000.0] * 18)
    return found


def test_peak_of_the_month_is_of_usage_and_of_power_after_it(home: DemandHome) -> None:
    guard = home.guard("2026-11-23 07:00")

    assert guard.is_in_window
    assert (guard.peak_kw, guard.peak_at) == (3.0, utc("2026-11-18 06:00"))
    assert guard.missing_minutes == 0  # 21 and 22 November are a weekend

    home.drew("2026-11-23 07:00", [3600.0] * 6)
    later = home.guard("2026-11-23 07:30")

    assert (later.peak_kw, later.peak_at) == (3.6, utc("2026-11-23 07:00"))


def test_rest_of_the_half_hour_may_bring_it_to_the_peak(home: DemandHome) -> None:
    # 18:12: 1.2 kW and 0.6 kW for five minutes each and 3 kW for two: 0.25 kWh.
    home.drew("2026-11-23 07:00", [1200.0, 600.0])
    home.draws(3000.0, utc("2026-11-23 07:12"))

    guard = home.guard("2026-11-23 07:12")

    assert guard.interval_end == utc("2026-11-23 07:30")
    assert guard.current_kw == pytest.approx(1.25)  # 0.25 kWh in 12 minutes
    # 3 kW x 0.5 h - 0.25 kWh = 1.25 kWh in the 18 minutes that are left
    assert guard.head_room_kw == pytest.approx(4.1667, abs=1e-4)
    # 3 kW run, and whole half-hours after this one may not have more than 3 kW
    assert guard.left_kw == pytest.approx(0.0)
    # 0.25 kWh + 3 kW x 0.3 h = 1.15 kWh, so 2.3 kW: below 2.7 kW
    assert not guard.is_close
    assert not guard.is_current_partial


def test_half_hour_that_will_end_above_nine_tenths_of_the_peak_is_close(
    home: DemandHome,
) -> None:
    home.drew("2026-11-23 07:00", [1200.0, 600.0])
    home.draws(4000.0, utc("2026-11-23 07:12"))

    # 0.15 + 4 x (2 + 18) / 60 = 1.4833 kWh, so 2.97 kW
    assert home.guard("2026-11-23 07:12").is_close


def test_hole_makes_the_half_hour_the_least_that_it_can_be(home: DemandHome) -> None:
    home.drew("2026-11-23 07:00", [None, 600.0])
    home.draws(3000.0, utc("2026-11-23 07:12"))

    guard = home.guard("2026-11-23 07:12")

    assert guard.is_current_partial
    assert guard.current_kw == pytest.approx(0.15 / 7 * 60)  # 0.15 kWh in 7 minutes
    # 1.5 - 0.15 kWh in 18 minutes: the most that it can be
    assert guard.head_room_kw == pytest.approx(4.5)
    # The hole is foreseen at 3 kW: 0.15 + 3 x 23 / 60 = 1.3 kWh, 2.6 kW
    assert not guard.is_close


def test_five_minutes_that_the_record_will_have_soon_count_at_the_power_of_now(
    home: DemandHome,
) -> None:
    home.drew("2026-11-23 07:00", [1200.0])
    home.draws(3000.0, utc("2026-11-23 07:10"))

    guard = home.guard("2026-11-23 07:10")

    assert guard.current_kw == pytest.approx(2.1)  # 0.1 and 0.25 kWh in ten minutes
    assert not guard.is_current_partial


def test_silence_of_now_leaves_what_is_known(home: DemandHome) -> None:
    home.drew("2026-11-23 07:00", [1200.0, 600.0])
    home.draws(3000.0, utc("2026-11-23 07:02"))  # stands for three minutes

    guard = home.guard("2026-11-23 07:12")

    assert (guard.now_kw, guard.left_kw) == (None, None)
    assert guard.current_kw == pytest.approx(0.9)
    assert guard.is_current_partial
    assert not guard.is_close


def test_nothing_known_of_the_half_hour_is_no_head_room(home: DemandHome) -> None:
    guard = home.guard("2026-11-23 07:00")

    assert guard.is_in_window
    assert (guard.current_kw, guard.head_room_kw) == (None, None)
    assert not guard.is_close


def test_missing_windows_are_counted_and_never_taken_as_nothing(
    tmp_path: Path,
) -> None:
    home = DemandHome.with_charge(tmp_path)
    # Only Monday 23 November is on record, from 15:20 to 15:30, at 3 kW: 0.5 kWh.
    home.drew("2026-11-23 04:20", [3000.0, 3000.0])

    unknown = home.guard("2026-11-20 10:00")
    guard = home.guard("2026-11-23 04:30")

    assert (unknown.peak_kw, unknown.head_room_kw) == (None, None)
    assert guard.peak_kw == pytest.approx(1.0)  # at least: 0.5 kWh in half an hour
    # 15 weekdays before it of six hours each, and 20 minutes
    assert guard.missing_minutes == 15 * 360 + 20


def test_half_hour_with_a_hole_does_not_hide_a_higher_one(home: DemandHome) -> None:
    home.drew("2026-11-23 07:00", [500.0, None, 500.0])

    guard = home.guard("2026-11-23 07:30")

    assert (guard.peak_kw, guard.missing_minutes) == (3.0, 20)


def test_month_begins_without_a_peak_and_without_a_warning(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path)
    home.used(last=date(2026, 11, 30))
    home.draws(2500.0, utc("2026-12-01 04:05"))

    guard = home.guard("2026-12-01 04:05")

    assert (guard.peak_kw, guard.peak_at) == (0.0, None)
    assert guard.head_room_kw == pytest.approx(-0.5)  # 2.5 kW x 5 min / 25 min
    assert not guard.is_close


def test_least_that_is_charged_is_head_room(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path, EVENING + "minimum_kw = 4.0")
    home.used()
    home.draws(1000.0, utc("2026-11-23 04:15"))
    home.drew("2026-11-23 04:00", [1000.0] * 3)

    guard = home.guard("2026-11-23 04:15")

    assert (guard.peak_kw, guard.charged_kw) == (3.0, 4.0)
    assert guard.head_room_kw == pytest.approx(7.0)  # 2 - 0.25 kWh in 15 minutes
    assert guard.left_kw == pytest.approx(3.0)  # 4 kW, of which 1 kW runs


def test_export_may_be_what_is_measured(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path, EVENING + 'channel = "feed_in"')
    home.used()
    home.drew("2026-11-23 04:00", [-2000.0] * 6 + [1500.0])
    home.draws(-5000.0, utc("2026-11-23 04:35"))

    guard = home.guard("2026-11-23 04:35")

    assert guard.peak_kw == pytest.approx(2.0)
    assert guard.current_kw == 0.0
    assert guard.now_kw == 5.0


def test_window_to_come_is_told_outside_of_one(home: DemandHome) -> None:
    guard = home.guard("2026-11-21 03:00")  # a Saturday

    assert not guard.is_in_window
    assert guard.window_start == utc("2026-11-23 04:00")
    assert guard.window_end == utc("2026-11-23 10:00")
    assert (guard.current_kw, guard.head_room_kw) == (None, None)


def test_last_window_of_the_month_has_none_after_it(home: DemandHome) -> None:
    guard = home.guard("2026-11-30 10:00")

    assert (guard.window_start, guard.window_end) == (None, None)
    assert not guard.is_in_window


def test_window_follows_daylight_saving(tmp_path: Path) -> None:
    # It begins on 4 October 2026: 15:00 is 05:00 in UTC the day before, then 04:00.
    home = DemandHome.with_charge(tmp_path, EVENING.replace('"weekday"', ""))

    before, after = (home.guard(f"2026-10-0{day} 00:00") for day in (3, 4))

    assert before.window_start == utc("2026-10-03 05:00")
    assert after.window_start == utc("2026-10-04 04:00")
    assert after.window_end == utc("2026-10-04 10:00")


def test_window_of_weekdays_leaves_public_holidays_out(tmp_path: Path) -> None:
    # Christmas of 2026 is a Friday; Boxing Day falls on the Saturday, so Monday is
    # off as well.
    home = DemandHome.with_charge(tmp_path, head='public_holidays = "NSW"')

    guard = home.guard("2026-12-25 05:00")

    assert not guard.is_in_window
    assert guard.window_start == utc("2026-12-29 04:00")


def test_no_charge_in_this_month_is_no_guard(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path, EVENING + "months = [12, 1, 2]")

    at = utc("2026-11-23 05:00")

    assert demand_guard(home.store, home.settings, at) is None


def test_tariff_without_demand_is_no_guard(tmp_path: Path) -> None:
    home = DemandHome(tmp_path, tariff="amber")

    at = utc("2026-11-23 05:00")

    assert demand_guard(home.store, home.settings, at) is None


def test_open_window_speaks_before_one_to_come(tmp_path: Path) -> None:
    dear = EVENING.replace('"Demand"', '"Night"').replace("15:00-21:00", "22:00-23:00")
    home = DemandHome.with_charge(tmp_path, dear.replace("0.40", "0.90") + EVENING)

    assert home.guard("2026-11-23 05:00").charge_name == "Demand"
    assert home.guard("2026-11-23 10:30").charge_name == "Night"


def test_dearer_one_of_two_open_windows_speaks(tmp_path: Path) -> None:
    dear = EVENING.replace('"Demand"', '"Peak"').replace("15:00-21:00", "17:00-20:00")
    home = DemandHome.with_charge(tmp_path, EVENING + dear.replace("0.40", "0.90"))

    assert home.guard("2026-11-23 05:00").charge_name == "Demand"
    assert home.guard("2026-11-23 07:00").charge_name == "Peak"


def test_peak_of_a_season_holds_for_its_other_months(tmp_path: Path) -> None:
    season = 'months = [11, 12, 1]\nmeasured_over = "season"\n'
    home = DemandHome.with_charge(tmp_path, EVENING + season)
    home.used(last=date(2026, 12, 7))

    guard = home.guard("2026-12-08 05:00")

    assert (guard.peak_kw, guard.peak_at) == (3.0, utc("2026-11-18 06:00"))


def test_usage_that_comes_in_late_raises_the_peak(home: DemandHome) -> None:
    before = home.guard("2026-11-24 04:10")

    home.used(date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 23), peak_kwh=2.0)

    assert before.peak_kw == 3.0
    assert home.guard("2026-11-24 04:10").peak_kw == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("charge", "head", "first", "aud_per_kw"),
    [
        # November has 30 days, at 40 c.
        ("", "", date(2026, 11, 1), 12.00),
        # The same without GST in the plan's figures.
        ("", "gst_included = false", date(2026, 11, 1), 13.20),
        # 3 kW is above the least that is charged anyway.
        ("minimum_kw = 2.0", "", date(2026, 11, 1), 12.00),
        # All of November and December of the financial year: 30 + 31 days at 40 c.
        (
            'months = [11, 12]\nmeasured_over = "season"',
            "",
            date(2026, 7, 1),
            24.40,
        ),
    ],
)
def test_exceeding_costs_what_the_bill_then_comes_to_more(
    tmp_path: Path, charge: str, head: str, first: date, aud_per_kw: float
) -> None:
    home = DemandHome.with_charge(tmp_path, EVENING + charge, head)
    home.used()
    guard = home.guard("2026-11-23 05:00")
    last = date(2026, 12, 31) if first.month == 7 else date(2026, 11, 30)

    more_aud = _demand_aud(home, first, last, 4.3) - _demand_aud(home, first, last, 3.0)

    assert guard.charged_kw == 3.0
    assert guard.aud_per_kw == pytest.approx(aud_per_kw)
    assert guard.cost_of_exceeding_aud(1.3) == pytest.approx(more_aud)


def _demand_aud(home: DemandHome, first: date, last: date, peak_kw: float) -> float:
    """Demand on the bill of days with 0.5 kW, and a peak on 24 November."""
    grid = BilledDays(first, last).grid
    kwh = np.full(grid.count, 0.5 / 12)
    peak = grid.index(utc("2026-11-24 06:00"))
    kwh[peak : peak + 6] = peak_kw / 12
    plan = find_plan("tiny", home.settings.tariff_folder)
    energy = MeteredEnergy(grid, kwh, np.zeros(grid.count))
    lines = PlanTariff(plan).bill(energy, None).lines
    return sum(line.amount_aud for line in lines if line.kind is LineKind.DEMAND)


def test_peak_below_the_least_that_is_charged_gains_nothing(tmp_path: Path) -> None:
    home = DemandHome.with_charge(tmp_path, EVENING + "minimum_kw = 5.0")
    home.used()
    first, last = date(2026, 11, 1), date(2026, 11, 30)

    guard = home.guard("2026-11-23 05:00")

    assert guard.charged_kw == 5.0
    more_aud = _demand_aud(home, first, last, 4.9) - _demand_aud(home, first, last, 3.0)
    assert more_aud == 0.0


@pytest.mark.parametrize("flag", [True, False, None])
def test_amber_is_asked_whether_it_is_a_window(
    home: DemandHome,
    flag: bool | None,  # noqa: FBT001 - one case each
) -> None:
    told = price(utc("2026-11-23 07:10"), 30.0)
    home.save([replace(told, context=replace(told.context, is_demand_window=flag))])

    assert home.guard("2026-11-23 07:12").amber_says_window is flag
    assert home.guard("2026-11-23 07:16").amber_says_window is None
