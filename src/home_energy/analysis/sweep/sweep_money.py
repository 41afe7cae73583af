"""What buying each choice of a sweep comes to: many purchases measured at once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.cash_flow import CashFlow, cash_flow
from home_energy.analysis.finance.doubt import Doubt, doubt
from home_energy.analysis.finance.internal_rate import internal_rate
from home_energy.analysis.finance.measures import (
    break_even_price_aud,
    npv_aud,
    payback_years,
    roi_fraction,
)
from home_energy.analysis.finance.spreads import shipped_spreads
from home_energy.analysis.scenario.money import JudgedHome
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.purchased import Bought, NewDevices, bought
from home_energy.analysis.scenario.saved_months import months_on_record
from home_energy.analysis.scenario.saved_years import (
    SimulatedYear,
    aged_years,
    benefit_of,
    monthly_benefit,
    saved,
    simulated_years,
)
from home_energy.analysis.scenario.year_engine import Capacity, PreparedYear
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.analysis.scenario.year_point import YearPoint, battery_at
from home_energy.analysis.sweep.kept_years import Years
from home_energy.analysis.sweep.sweep_purchase import SweepPurchase
from home_energy.domain.battery import Battery


@dataclass(frozen=True, slots=True)
class PointMoney:
    """What buying one choice comes to; the words are those of `PurchaseMeasures`.

    Parameters
    ----------
    price_aud, incentives_aud, net_aud
        Before incentives, what others pay, and what is left. [AUD]
    npv_aud, break_even_price_aud
        [AUD]
    simple_payback_years, discounted_payback_years
        `None` where it does not pay back within the horizon, or costs nothing.
    roi_fraction
        `None` where nothing is paid.
    irr_fraction_per_year
        `None` where there is not just one.
    """

    price_aud: float
    incentives_aud: float
    net_aud: float
    npv_aud: float
    break_even_price_aud: float
    simple_payback_years: float | None
    discounted_payback_years: float | None
    roi_fraction: float | None
    irr_fraction_per_year: float | None


def capacities_of(assumptions: Assumptions) -> tuple[Capacity, ...]:
    """Capacities of the years that a purchase asks for, the first as new."""
    return tuple(left for _, left in aged_years(assumptions))


def money_of_points(
    choice: SweepPurchase,
    year: PreparedYear,
    points: Sequence[YearPoint],
    found: Sequence[Years],
) -> list[PointMoney | None]:
    """Judge every choice that has something new; `None` of the others.

    Parameters
    ----------
    found
        Years of each choice at `capacities_of` the choice's assumptions.

    Raises
    ------
    ConfigError, DataError
        As `bought`.
    """
    assumptions = choice.assumptions.assumed()
    prices = _Prices(choice, year)
    homes = {
        name: judged_home(choice, year, name)
        for name in dict.fromkeys(point.strategy for point in points)
    }
    purchases = [prices.of(point) for point in points]
    flows: list[CashFlow] = []
    what: list[Bought] = []
    for point, one, years in zip(points, purchases, found, strict=True):
        if one is not None:
            home = homes[point.strategy]
            benefit = benefit_of(_simulated(home, assumptions, years), assumptions)
            flows.append(cash_flow(one.purchase, assumptions, benefit))
            what.append(one)
    if not flows:
        return [None] * len(points)
    judged = iter(_judged(assumptions, what, _stacked(flows)))
    return [None if one is None else next(judged) for one in purchases]


def doubt_of_point(
    choice: SweepPurchase, year: PreparedYear, point: YearPoint, years: Years
) -> Doubt | None:
    """Doubt of one choice; `None` where nothing is bought.

    Its devices are run once more, at the age that they reach in the worst draw.

    Parameters
    ----------
    years
        As of `money_of_points`.
    """
    assumptions = choice.assumptions.assumed()
    home = judged_home(choice, year, point.strategy)
    what = _Prices(choice, year).of(point)
    if what is None:
        return None
    ages = aged_years(assumptions, shipped_spreads())
    known = dict(zip(capacities_of(assumptions), years, strict=False))

    def at(left: Capacity) -> YearFigures:
        if len(years) == 1:  # nothing of it ages
            return years[0]
        return known[left] if left in known else year.evaluate(point, left)

    every = [saved(home.baseline, at(left), home.years_per_run) for _, left in ages]
    months = months_on_record(home.baseline)
    benefit = monthly_benefit(simulated_years(ages, every), months)
    return doubt(what.purchase, assumptions, benefit)


def judged_home(choice: SweepPurchase, year: PreparedYear, strategy: str) -> JudgedHome:
    """The home as purchases run by a strategy are judged, whatever is bought."""
    grid = year.home.grid
    return JudgedHome(
        name=year.scenario.name,
        choice=choice,
        baseline=year.unbought(strategy),
        present_solar_kwh=year.home.solar_kwh,
        kw_dc=0.0,
        day_count=(grid.end - grid.start).days,
        is_hypothetical=year.car_is_hypothetical,
    )


class _Prices:
    """Purchases of a home, each found once."""

    def __init__(self, choice: SweepPurchase, year: PreparedYear) -> None:
        self._choice = choice
        self._year = year
        self._known: dict[tuple[float, float, str | None], Bought | None] = {}

    def of(self, point: YearPoint) -> Bought | None:
        """Purchase of a choice; `None` where nothing is bought."""
        devices = (point.solar_kw, point.battery_kwh, point.battery_product)
        if devices not in self._known:
            battery = battery_at(self._year.scenario.battery, point)
            self._known[devices] = self._bought(point, battery)
        return self._known[devices]

    def _bought(self, point: YearPoint, battery: Battery | None) -> Bought | None:
        usable_kwh = 0.0 if battery is None else battery.usable_kwh
        block = self._choice.at(point, usable_kwh)
        is_new = point.solar_kw > 0 or battery is not None
        if not is_new and not _has_price_of_its_own(block):
            return None
        devices = NewDevices(
            kw_dc=point.solar_kw,
            battery=battery,
            had_solar=bool(self._year.home.solar_kwh.sum() > 0),
            has_car=self._year.car is not None,
            is_hypothetical=self._year.car_is_hypothetical,
        )
        return bought(self._year.scenario.name, block, devices)


def _has_price_of_its_own(block: PurchaseBlock) -> bool:
    """Whether something is bought whatever the sizes."""
    return (block.charger_aud, block.other_aud) != (None, None)


def _simulated(
    home: JudgedHome, assumptions: Assumptions, years: Years
) -> tuple[SimulatedYear, ...]:
    """Years of a choice; of one without new devices all are like the first."""
    ages = aged_years(assumptions)
    every = years if len(years) == len(ages) else years[:1] * len(ages)
    return simulated_years(
        ages, [saved(home.baseline, one, home.years_per_run) for one in every]
    )


def _stacked(flows: Sequence[CashFlow]) -> CashFlow:
    """Flows of N purchases as one. (N, Y+1)"""
    return CashFlow(
        **{
            part.name: np.stack([getattr(flow, part.name) for flow in flows])
            for part in fields(CashFlow)
        }
    )


def _judged(
    assumptions: Assumptions, what: Sequence[Bought], flow: CashFlow
) -> list[PointMoney]:
    factors = assumptions.discount_factors
    incentives_aud = np.array([one.purchase.incentives_aud for one in what])
    columns = zip(
        npv_aud(flow.total_aud, factors),
        break_even_price_aud(flow, assumptions, incentives_aud),
        payback_years(flow.earned_aud),
        payback_years(flow.earned_aud * factors),
        roi_fraction(flow),
        [internal_rate(one).rate_fraction_per_year for one in flow.unfinanced_aud],
        strict=True,
    )
    return [
        PointMoney(
            price_aud=one.purchase.price_aud,
            incentives_aud=one.purchase.incentives_aud,
            net_aud=one.purchase.net_aud,
            npv_aud=float(worth),
            break_even_price_aud=float(break_even),
            simple_payback_years=_finite(simple),
            discounted_payback_years=_finite(discounted),
            roi_fraction=_finite(roi),
            irr_fraction_per_year=rate,
        )
        for one, (worth, break_even, simple, discounted, roi, rate) in zip(
            what, columns, strict=True
        )
    ]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
