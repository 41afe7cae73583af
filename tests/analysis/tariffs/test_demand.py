"""Demand charges, measured by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    FIVE_MINUTES,
    FLAT,
    HALF_HOUR,
    PERIOD,
    meter_days,
    tariff_of,
    used_at,
)

from home_energy.domain.bill import Bill, LineKind
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.errors import AlignmentError


def _demand(text: str, name: str = "Demand") -> str:
    return f'[[period.demand]]\nname = "{name}"\n{text}\n'


EVENING = 'days = ["weekday"]\nhours = ["15:00-21:00"]\n'


def _kw(bill: Bill) -> list[float]:
    lines = [line for line in bill.lines if line.kind is LineKind.DEMAND]
    return [round(line.quantity or 0.0, 6) for line in lines]


def test_power_is_the_mean_of_a_half_hour_of_the_clock() -> None:
    # Monday 6 January, 15:25 to 15:35 AEDT: 0.5 kWh in each of two five minutes, one
    # in either half-hour, and 0.7 kWh from 15:55, so 15:30-16:00 holds 1.2 kWh.
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7), FIVE_MINUTES)
    energy = used_at(
        grid,
        {"2025-01-06 04:25": 0.5, "2025-01-06 04:30": 0.5, "2025-01-06 04:55": 0.7},
    )
    parts = FLAT + _demand(EVENING + "aud_per_kw_per_day = 0.40")

    bill = tariff_of(parts).bill(energy, None)

    line = bill.lines[1]
    assert (line.label, line.unit) == ("Demand", "kW")
    assert line.quantity == pytest.approx(2.4)  # 1.2 kWh in half an hour
    assert line.rate_c == pytest.approx(40)  # one billed day
    assert line.amount_aud == pytest.approx(0.96)
    assert line.gst_aud == pytest.approx(0.96 / 11)


@pytest.mark.parametrize(
    ("minutes", "kw"),
    [
        (5, 8.4),  # 0.7 kWh x 12
        (15, 2.8),  # 0.7 x 4
        (30, 2.4),
        (60, 1.7),  # all 1.7 kWh
    ],
)
def test_length_of_the_mean_is_the_charges_own(minutes: int, kw: float) -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7), FIVE_MINUTES)
    energy = used_at(
        grid,
        {"2025-01-06 04:25": 0.5, "2025-01-06 04:30": 0.5, "2025-01-06 04:55": 0.7},
    )
    text = EVENING + f"aud_per_kw_per_day = 1\ninterval_minutes = {minutes}"

    bill = tariff_of(FLAT + _demand(text)).bill(energy, None)

    assert _kw(bill) == [kw]


def test_only_the_window_counts() -> None:
    # Outside: Monday 14:55 and 21:00, Saturday 16:00. Inside: Monday 20:55.
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 13), FIVE_MINUTES)
    energy = used_at(
        grid,
        {
            "2025-01-06 03:55": 3,
            "2025-01-06 10:00": 3,
            "2025-01-11 05:00": 3,
            "2025-01-06 09:55": 1,
        },
    )

    bill = tariff_of(FLAT + _demand(EVENING + "aud_per_kw_per_day = 1")).bill(
        energy, None
    )

    assert _kw(bill) == [2]


def test_each_month_has_its_own_highest_and_days() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 3, 1))
    energy = used_at(
        grid, {"2025-01-06 04:00": 2, "2025-01-07 04:00": 1, "2025-02-03 04:00": 1.5}
    )
    parts = FLAT + _demand(EVENING + "aud_per_kw_per_day = 0.10")

    bill = tariff_of(parts).bill(energy, None)

    # 4 kW x 31 x 0.10, 3 kW x 28 x 0.10
    lines = [x for x in bill.lines if x.kind is LineKind.DEMAND]
    assert _kw(bill) == [4, 3]
    assert [x.amount_aud for x in lines] == pytest.approx([12.40, 8.40])


@pytest.mark.parametrize(
    ("first", "stop", "edge", "month", "kw"),
    [
        # 00:00 on 1 November in Sydney is in the meter's October, which is not charged
        (date(2025, 10, 30), date(2025, 11, 3), "2025-10-31 13:00", 11, 2),
        (date(2025, 10, 30), date(2025, 11, 3), "2025-10-31 14:00", 11, 10),
        # 00:00 on 1 April is in the meter's March, which is
        (date(2025, 3, 30), date(2025, 4, 3), "2025-03-31 13:00", 3, 10),
        (date(2025, 3, 30), date(2025, 4, 3), "2025-03-31 14:00", 3, 0),
    ],
)
def test_months_of_a_demand_are_those_of_the_meter(
    first: date, stop: date, edge: str, month: int, kw: float
) -> None:
    # 5 kWh in the half-hour named; and 1 kWh on 2 November
    grid = meter_days(first, stop)
    kwh_at = {edge: 5.0}
    if month == 11:
        kwh_at["2025-11-02 04:00"] = 1
    parts = FLAT + _demand("months = [11, 12, 1, 2, 3]\naud_per_kw_per_day = 1")

    bill = tariff_of(parts).bill(used_at(grid, kwh_at), None)

    lines = [line for line in bill.lines if line.kind is LineKind.DEMAND]
    assert [line.month.month for line in lines] == [month]
    assert _kw(bill) == [kw]


def test_hour_that_a_month_of_the_meter_cuts_is_not_measured() -> None:
    # The meter's February begins at 00:30 on Adelaide's clock; 13:30 to 14:30 in UTC.
    head = 'clock = "Australia/Adelaide"'
    grid = meter_days(date(2025, 1, 31), date(2025, 2, 2))
    energy = used_at(
        grid, {"2025-01-31 13:30": 3, "2025-01-31 14:00": 3, "2025-02-01 05:30": 1}
    )
    text = "aud_per_kw_per_day = 1\ninterval_minutes = 60"

    assert _kw(tariff_of(FLAT + _demand(text), head).bill(energy, None)) == [0, 1]


def test_price_per_month_is_shared_by_days() -> None:
    grid = meter_days(date(2025, 1, 1), date(2025, 1, 11))
    energy = used_at(grid, {"2025-01-06 04:00": 2})
    parts = FLAT + _demand(EVENING + "aud_per_kw_per_month = 31")

    bill = tariff_of(parts).bill(energy, None)

    # 4 kW x 31 x 10 / 31
    assert bill.lines[1].amount_aud == pytest.approx(40)


def test_highest_of_a_season_holds_for_each_of_its_months() -> None:
    # November to March of the year from 1 July 2024; then November 2025 is another.
    text = "months = [11, 12, 1, 2, 3]\naud_per_kw_per_month = 10\n"
    text += 'measured_over = "season"'
    grid = meter_days(date(2024, 12, 1), date(2025, 12, 1))
    energy = used_at(
        grid,
        {
            "2024-12-10 00:00": 1,
            "2025-02-10 00:00": 2.5,
            "2025-07-10 00:00": 9,
            "2025-11-10 00:00": 2,
        },
    )

    bill = tariff_of(FLAT + _demand(text)).bill(energy, None)

    lines = [x for x in bill.lines if x.kind is LineKind.DEMAND]
    assert [x.month.month for x in lines] == [12, 1, 2, 3, 11]
    assert _kw(bill) == [5, 5, 5, 5, 4]
    assert [x.amount_aud for x in lines] == pytest.approx([50, 50, 50, 50, 40])


def test_season_goes_on_when_the_figures_change() -> None:
    demand = _demand('aud_per_kw_per_month = 10\nmeasured_over = "season"')
    later = PERIOD.replace("2024-01-01", "2025-02-01") + FLAT
    later += demand.replace("= 10", "= 20")
    grid = meter_days(date(2025, 1, 1), date(2025, 3, 1))
    energy = used_at(grid, {"2025-01-06 04:00": 2, "2025-02-03 04:00": 1})

    bill = tariff_of(FLAT + demand + later).bill(energy, None)

    lines = [x for x in bill.lines if x.kind is LineKind.DEMAND]
    assert [x.amount_aud for x in lines] == pytest.approx([40, 80])


def test_several_definitions_stand_side_by_side() -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    energy = used_at(grid, {"2025-01-06 04:00": 1, "2025-01-05 14:00": 2})
    parts = FLAT
    parts += _demand(EVENING + "aud_per_kw_per_day = 1", "Evening")
    parts += _demand("aud_per_kw_per_day = 0.5", "Anytime")
    parts += _demand("months = [6]\naud_per_kw_per_day = 9", "Winter")

    bill = tariff_of(parts).bill(energy, None)

    assert [x.label for x in bill.lines[1:]] == ["Evening", "Anytime"]
    assert _kw(bill) == [2, 4]


def test_minimum_is_charged_where_less_was_used() -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    energy = used_at(grid, {"2025-01-06 04:00": 0.5})
    parts = FLAT + _demand(EVENING + "aud_per_kw_per_day = 1\nminimum_kw = 1.5")

    assert _kw(tariff_of(parts).bill(energy, None)) == [1.5]


def test_demand_of_feed_in() -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    sold = np.zeros(grid.count)
    sold[20] = 2
    parts = FLAT + _demand('aud_per_kw_per_day = 1\nchannel = "feed_in"')

    bill = tariff_of(parts).bill(MeteredEnergy(grid, sold * 0, sold), None)

    assert _kw(bill) == [4]


def test_demand_without_gst_is_printed_with_it() -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    energy = used_at(grid, {"2025-01-06 04:00": 1})
    parts = FLAT + _demand("aud_per_kw_per_day = 1")

    bill = tariff_of(parts, "gst_included = false").bill(energy, None)

    assert bill.lines[1].amount_aud == pytest.approx(2.20)


def test_mean_that_finer_energy_would_show_is_refused() -> None:
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    parts = FLAT + _demand("aud_per_kw_per_day = 1\ninterval_minutes = 15")

    with pytest.raises(AlignmentError, match="Demand is measured over 15 minutes"):
        tariff_of(parts).bill(used_at(grid, {}), None)


def test_mean_that_the_axis_cuts_is_not_measured() -> None:
    # From 01:00 to 15:55 AEDT: the half-hour from 15:30 is not whole.
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7), FIVE_MINUTES)
    cut = type(grid)(grid.start, grid.step, 12 * 14 + 11)
    energy = used_at(cut, {"2025-01-06 04:00": 1, "2025-01-06 04:30": 2})
    parts = FLAT + _demand(EVENING + "aud_per_kw_per_day = 1")

    assert _kw(tariff_of(parts).bill(energy, None)) == [2]


@pytest.mark.parametrize("minutes", [30, 60])
def test_repeated_hour_is_measured_twice(minutes: int) -> None:
    # 6 April 2025: 02:00-03:00 comes twice, from 15:00 and from 16:00 in UTC.
    grid = meter_days(date(2025, 4, 6), date(2025, 4, 7))
    energy = used_at(
        grid,
        {
            "2025-04-05 15:00": 1,
            "2025-04-05 15:30": 1,
            "2025-04-05 16:00": 1,
            "2025-04-05 16:30": 1,
        },
    )
    text = (
        f'hours = ["02:00-03:00"]\naud_per_kw_per_day = 1\ninterval_minutes = {minutes}'
    )

    assert _kw(tariff_of(FLAT + _demand(text)).bill(energy, None)) == [2]


def test_hour_of_the_clock_begins_on_its_hour_in_adelaide() -> None:
    # 16:00 in Adelaide is 05:30 in UTC in summer.
    head = 'clock = "Australia/Adelaide"'
    grid = meter_days(date(2025, 1, 6), date(2025, 1, 7))
    energy = used_at(grid, {"2025-01-06 05:30": 1, "2025-01-06 06:00": 1})
    text = "aud_per_kw_per_day = 1\ninterval_minutes = 60"

    assert _kw(tariff_of(FLAT + _demand(text), head).bill(energy, None)) == [2]
    assert grid.step == HALF_HOUR == timedelta(minutes=30)


def test_months_of_a_charge_are_billed_months() -> None:
    # 00:30 on 1 December in Sydney is the meter's November, 00:30 on 1 January its
    # December.
    grid = meter_days(date(2025, 11, 1), date(2026, 2, 1))
    energy = used_at(
        grid, {"2025-11-30 13:30": 3, "2025-12-10 00:00": 1, "2025-12-31 13:30": 2}
    )
    parts = FLAT + _demand("months = [12]\naud_per_kw_per_month = 10")

    bill = tariff_of(parts).bill(energy, None)

    lines = [line for line in bill.lines if line.kind is LineKind.DEMAND]
    assert [(line.month.month, line.quantity) for line in lines] == [(12, 4)]
