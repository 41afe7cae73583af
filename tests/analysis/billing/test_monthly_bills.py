"""Only complete days are billed, however many pieces that makes of a month."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.dashboard.recorded_home import RecordedHome, price
from tests.dashboard.tiny_bill import PLAN, tiny_home, use, use_with_a_hole

from home_energy.analysis.billing.monthly_bills import (
    MonthBill,
    bill_months,
    first_day_read,
    month_so_far,
    recent_daily_aud,
)
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.complete_days import (
    CompleteDays,
    read_complete_days,
    runs_of,
)
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.domain.bill import LineKind
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import nem_date, nem_day_start

DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)
OCTOBER = BilledDays(date(2026, 10, 1), date(2026, 10, 31))


def plan_of(home: RecordedHome) -> Plan:
    return find_plan(home.tariff, home.settings.tariff_folder)


def read(home: RecordedHome, days: BilledDays = OCTOBER) -> CompleteDays:
    return read_complete_days(home.store, home.settings, days)


def only_month(home: RecordedHome) -> MonthBill:
    (bill,) = bill_months(read(home), plan_of(home))
    return bill


def test_runs_are_unbroken_days() -> None:
    days = [date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)]

    assert list(runs_of([])) == []
    assert list(runs_of(days)) == [(days[0], days[2])]
    assert list(runs_of([days[0], days[2]])) == [
        (days[0], days[0]),
        (days[2], days[2]),
    ]


def test_a_day_with_a_hole_in_one_register_is_not_complete(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    hole = date(2026, 10, 20)
    use(home, OCTOBER.first, OCTOBER.last, without={hole})
    use_with_a_hole(home, hole)

    record = read(home)

    assert len(record.all_days) == 31
    assert hole not in record.days
    assert len(record.days) == 30


def test_missing_days_cost_nothing_and_are_named(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    gone = (date(2026, 10, 3), date(2026, 10, 12))
    use(home, OCTOBER.first, OCTOBER.last, without=gone)

    bill = only_month(home)

    # 29 days of 3.60, 1.00 and -0.24; 12 and 4.8 kWh
    assert bill.missing_days == gone
    assert len(bill.billed_days) == 29
    assert bill.sum_aud((LineKind.USAGE,)) == pytest.approx(104.40, abs=1e-9)
    assert bill.sum_aud((LineKind.SUPPLY,)) == pytest.approx(29.00, abs=1e-9)
    assert bill.sum_aud((LineKind.FEED_IN,)) == pytest.approx(-6.96, abs=1e-9)
    assert (bill.import_kwh, bill.export_kwh) == pytest.approx((348.0, 139.2))
    assert [line.label for line in bill.lines] == [
        "General usage, Anytime",
        "Daily",
        "Feed-in, Solar",
    ]


def test_a_charge_that_changed_keeps_its_two_lines(tmp_path: Path) -> None:
    later = PLAN[PLAN.index("[[period]]") :]
    later = later.replace("2026-01-01", "2026-10-21").replace("100.0", "110.0")
    home = tiny_home(tmp_path, PLAN + later)
    use(home, OCTOBER.first, OCTOBER.last, without={date(2026, 10, 5)})

    supply = [line for line in only_month(home).lines if line.kind is LineKind.SUPPLY]

    assert [(line.quantity, line.rate_c) for line in supply] == [
        (19.0, 100.0),
        (11.0, 110.0),
    ]


def test_the_demand_of_a_month_in_pieces_is_the_highest(tmp_path: Path) -> None:
    demand = '[[period.demand]]\nname = "Demand"\naud_per_kw_per_day = 0.5\n'
    home = tiny_home(tmp_path, PLAN + demand)
    use(home, OCTOBER.first, OCTOBER.last, without={date(2026, 10, 11)})
    record = read(home)
    energy = record.inputs.energy
    high_kwh = np.array(energy.general_kwh)
    # One half-hour of 2 kW on the 3rd, in the first piece.
    high_kwh[2 * 288 : 2 * 288 + 6] = 1 / 6
    inputs = replace(record.inputs, energy=replace(energy, general_kwh=high_kwh))

    (bill,) = bill_months(replace(record, inputs=inputs), plan_of(home))

    # 2 kW x $0.50 x 30 days, an eleventh of it GST
    (line,) = [line for line in bill.lines if line.kind is LineKind.DEMAND]
    assert line.quantity == pytest.approx(2.0, abs=1e-9)
    assert line.rate_c == pytest.approx(1500.0, abs=1e-9)
    assert line.amount_aud == pytest.approx(30.0, abs=1e-9)
    assert line.gst_aud == pytest.approx(30 / 11, abs=1e-9)


def test_a_month_without_prices_is_refused_alone(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    use(home, date(2026, 9, 1), date(2026, 10, 31))
    starts = [nem_day_start(OCTOBER.first) + n * HALF_HOUR for n in range(31 * 48)]
    for channel, c_per_kwh in ((Channel.GENERAL, 20.0), (Channel.FEED_IN, 5.0)):
        home.save([price(at, c_per_kwh, channel, minutes=30) for at in starts])

    days = BilledDays(date(2026, 9, 1), date(2026, 10, 31))
    september, october = bill_months(read(home, days), plan_of(home))

    # 31 days of 12 kWh x 20 c, 4.8 kWh x 5 c, and $25
    assert september.refusal is not None
    assert "no spot price" in september.refusal
    assert not september.is_billed
    assert october.sum_aud(LineKind) == pytest.approx(91.96, abs=1e-9)


def test_prices_are_fitted_only_for_a_day_that_is_billed(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    lacking = date(2026, 10, 5)
    use(home, OCTOBER.first, OCTOBER.last, without={lacking})
    starts = [nem_day_start(OCTOBER.first) + n * HALF_HOUR for n in range(31 * 48)]
    priced = [at for at in starts if nem_date(at) != lacking]
    home.save([price(at, 20.0, minutes=30) for at in priced])

    without = read(home).inputs.read_amber()
    use(home, lacking, lacking)
    with_usage = read(home).inputs.read_amber()

    assert without is not None
    assert without.fit is None
    assert with_usage is not None
    assert with_usage.fit is not None


def test_recent_days_end_with_the_last_and_are_28_at_most(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, OCTOBER.first, OCTOBER.last)
    record = read(home)
    tariff = PlanTariff(plan_of(home))

    costs = recent_daily_aud(record, tariff, date(2026, 11, 1))
    # 25 December less 56 days is 30 October.
    of_christmas = recent_daily_aud(record, tariff, date(2026, 12, 25))

    # 3.60 - 0.24
    assert costs == pytest.approx([3.36] * 28, abs=1e-9)
    assert len(of_christmas) == 2


def test_what_is_known_of_a_month_has_the_whole_supply(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, OCTOBER.first, date(2026, 10, 20))
    record = read(home, BilledDays(OCTOBER.first, date(2026, 10, 20)))
    (bill,) = bill_months(record, plan_of(home))

    so_far = month_so_far(PlanTariff(plan_of(home)), bill)

    assert (so_far.day_count, so_far.billed_day_count) == (31, 20)
    assert so_far.energy_aud == pytest.approx(67.20, abs=1e-9)
    assert so_far.whole_supply_aud == pytest.approx(31.0, abs=1e-9)


SEASON = (
    '[[period.demand]]\nname = "Demand"\naud_per_kw_per_day = 0.5\n'
    'measured_over = "season"\n'
)
YEARLY = """
name = "Anytime"
block_period = "year"
[[period.usage.blocks]]
up_to_kwh = 1000
c_per_kwh = 30.0
[[period.usage.blocks]]
c_per_kwh = 40.0
"""


@pytest.mark.parametrize(
    ("text", "month", "expected"),
    [
        (PLAN, date(2026, 10, 1), date(2026, 10, 1)),
        (PLAN + SEASON, date(2026, 10, 1), date(2026, 7, 1)),
        # 1 July 2025 lies before the plan.
        (PLAN + SEASON, date(2026, 5, 1), date(2026, 1, 1)),
        (
            PLAN.replace('\nname = "Anytime"\nc_per_kwh = 30.0\n', YEARLY),
            date(2026, 10, 1),
            date(2026, 1, 1),
        ),
    ],
)
def test_a_plan_that_counts_longer_than_a_month_sees_more(
    tmp_path: Path, text: str, month: date, expected: date
) -> None:
    home = tiny_home(tmp_path, text)

    assert first_day_read(plan_of(home), month) == expected
