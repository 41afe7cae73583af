"""What holds for the bill of any energy on any plan of windows."""

import tomllib
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.bill import Bill, BillLine, LineKind
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.time_grid import NEM_TIME, TimeGrid, nem_day_start

CLOCKS = ["Australia/Sydney", "Australia/Adelaide", "Australia/Brisbane", "NEM"]

PARTS = """
[[period.feed_in]]
name = "Solar"
c_per_kwh = 5
[[period.fixed]]
name = "Supply"
c_per_day = 100
[[period.fixed]]
name = "Membership"
aud_per_month = 25
[[period.demand]]
name = "Demand"
hours = ["15:00-21:00"]
aud_per_kw_per_day = 0.1
[[period.discount]]
name = "Online"
percent = 3
[[period.export_allowance]]
name = "Free"
free_kwh_per_day = 2
c_per_kwh = 1
"""


def _written(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{half_hour % 2 * 30:02}"


@st.composite
def windowed(draw: st.DrawFn) -> PlanTariff:
    """Plan whose rates share the day out between them, one of them the rest."""
    cuts = sorted(draw(st.sets(st.integers(0, 47), min_size=2, max_size=6)))
    ends = [*cuts, cuts[0]]
    rates = [
        f'[[period.usage]]\nname = "Rate {number}"\nhours = '
        f'["{_written(first)}-{_written(stop)}"]\nc_per_kwh = {10 + number}\n'
        for number, (first, stop) in enumerate(pairwise(ends))
    ]
    if draw(st.booleans()):
        rates[-1] = '[[period.usage]]\nname = "Rest"\nc_per_kwh = 33\n'
    periods = "".join(
        f'[[period]]\nfrom = {first}\nsource = "made up"\n{"".join(rates)}{PARTS}'
        for first in ("2023-01-01", "2025-07-01")
    )
    clock = draw(st.sampled_from(CLOCKS))
    text = f'name = "any"\ntitle = "Any"\nclock = "{clock}"\n{periods}'
    return PlanTariff(Plan.model_validate(tomllib.loads(text)))


@st.composite
def metered(draw: st.DrawFn) -> MeteredEnergy:
    """Some whole days of the meter, at any time of some years."""
    first = draw(st.dates(date(2024, 1, 1), date(2026, 12, 1)))
    count = draw(st.integers(1, 70))
    grid = TimeGrid(nem_day_start(first), timedelta(minutes=30), 48 * count)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return MeteredEnergy(grid, *numbers.gamma(0.5, 0.4, (2, grid.count)))


def _usage(bill: Bill) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in bill.lines:
        if line.kind is LineKind.USAGE:
            key = f"{line.month} {line.label} {line.rate_c:.6f}"
            found[key] = found.get(key, 0.0) + line.amount_aud
    return found


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_every_interval_has_one_rate_and_lines_sum_to_the_total(
    data: st.DataObject,
) -> None:
    tariff = data.draw(windowed())
    energy = data.draw(metered())

    rates = tariff.rates(energy.grid, None)
    bill = tariff.bill(energy, None)

    usage = [line for line in bill.lines if line.kind is LineKind.USAGE]
    used_kwh = sum(line.quantity or 0.0 for line in usage)
    assert used_kwh == pytest.approx(energy.general_kwh.sum(), rel=1e-9)
    assert not np.isnan(rates.import_c_per_kwh).any()
    cost_aud = float(rates.import_c_per_kwh @ energy.general_kwh) / 100
    assert sum(x.amount_aud for x in usage) == pytest.approx(cost_aud, rel=1e-9)
    assert bill.total_aud == pytest.approx(sum(x.amount_aud for x in bill.lines))
    supplied = [x.quantity or 0.0 for x in bill.lines if x.label == "Supply"]
    assert sum(supplied) == pytest.approx((bill.last - bill.first).days + 1)


@settings(deadline=None, max_examples=50)
@given(st.data(), st.floats(0.1, 10))
def test_usage_grows_with_energy(data: st.DataObject, factor: float) -> None:
    tariff = data.draw(windowed())
    energy = data.draw(metered())
    more = MeteredEnergy(
        energy.grid, energy.general_kwh * factor, energy.feed_in_kwh * factor
    )

    once, scaled = (_usage(tariff.bill(e, None)) for e in (energy, more))

    assert scaled == {
        key: pytest.approx(amount * factor, rel=1e-9) for key, amount in once.items()
    }


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_bills_of_the_months_sum_to_the_bill_of_all(data: st.DataObject) -> None:
    tariff = data.draw(windowed())
    energy = data.draw(metered())
    whole = tariff.bill(energy, None)

    apart: list[BillLine] = []
    for month in whole.months:
        is_in = [
            instant.astimezone(NEM_TIME).date().replace(day=1) == month
            for instant in energy.grid
        ]
        first, count = is_in.index(True), sum(is_in)
        part = slice(first, first + count)
        start = energy.grid.start + first * energy.grid.step
        grid = TimeGrid(start, energy.grid.step, count)
        of_month = MeteredEnergy(
            grid, energy.general_kwh[part], energy.feed_in_kwh[part]
        )
        apart += tariff.bill(of_month, None).lines

    assert [line.label for line in apart] == [line.label for line in whole.lines]
    assert [line.amount_aud for line in apart] == pytest.approx(
        [line.amount_aud for line in whole.lines], rel=1e-9
    )
