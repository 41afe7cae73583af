"""What devices save in every year of a horizon, re-simulated as they lose capacity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit, benefit_between
from home_energy.analysis.finance.months_on_record import (
    MonthlyBenefit,
    MonthsOnRecord,
)
from home_energy.analysis.finance.spreads import Spreads
from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.month_costs import BOUGHT, FIXED, SOLD
from home_energy.analysis.scenario.saved_months import saved_by_month
from home_energy.analysis.scenario.year_engine import AS_NEW, Capacity
from home_energy.analysis.scenario.year_figures import YearFigures, by_kind_aud
from home_energy.domain.bill import LineKind
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """What a year of a home saves.

    Parameters
    ----------
    parts
        By the names of `YearlyBenefit`.
    by_month
        The same of each month on record, in their order. (M, 5)
    """

    parts: Mapping[str, float]
    by_month: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedYear:
    """One year of the horizon that was run.

    Parameters
    ----------
    after_years
        How long after the installation; 0 is as new. [years]
    capacity
        What was left of the devices.
    saved, by_month
        What it saves, as of `Saved`.
    """

    after_years: float
    capacity: Capacity
    saved: Mapping[str, float]
    by_month: FloatArray


def saved(baseline: AsItIs, year: YearFigures, years_per_run: float) -> Saved:
    """What a year of a home saves, whole and by month; see `saved_in_year`."""
    return Saved(
        saved_in_year(baseline, year, years_per_run),
        saved_by_month(baseline, year, years_per_run),
    )


def saved_in_year(
    baseline: AsItIs, year: YearFigures, years_per_run: float
) -> dict[str, float]:
    """What a year of a home saves, by the names of `YearlyBenefit`.

    Its sum is the saving of the run, and the wear besides, which nobody pays: what the
    stores hold more at the end counts with what is bought, for it was.

    Parameters
    ----------
    years_per_run
        By how much the run's days are multiplied to be a year.
    """
    before = by_kind_aud(baseline.bill)

    def less(kinds: Sequence[LineKind]) -> float:
        after = year.bill_by_kind_aud
        return sum(before.get(kind, 0.0) - after.get(kind, 0.0) for kind in kinds)

    public_aud = 0.0 if baseline.car is None else baseline.car.public_aud
    left_aud = year.left_aud - baseline.left_in_car_aud
    parts = {
        "import_avoided_aud": less(BOUGHT) + left_aud,
        "export_earned_aud": less(SOLD),
        "fixed_avoided_aud": less(FIXED),
        "other_avoided_aud": public_aud - year.public_aud,
        "discharge_kwh": year.energy.discharge_kwh,
    }
    return {name: value * years_per_run for name, value in parts.items()}


def aged_years(
    assumptions: Assumptions, spreads: Spreads | None = None
) -> tuple[tuple[float, Capacity], ...]:
    """Ages that others are interpolated between, and what is left of devices then.

    As new, in the middle of the horizon and in the middle of its last year; capacity
    falls evenly with the years, so lines over years are lines over capacity. Where
    nothing fades the first is enough.

    Parameters
    ----------
    spreads
        With them one age more, the one that devices reach in the worst draw: a line
        that is drawn on beyond its ends promises too much.
    """
    years = assumptions.horizon_years
    fades = (
        assumptions.battery_fade_fraction_per_year,
        assumptions.solar_fade_fraction_per_year,
    )
    if fades == (0.0, 0.0):
        return ((0.0, AS_NEW),)
    ages = [years / 2, years - 0.5]
    if spreads is not None:
        ages.append(spreads.furthest_years(assumptions))
    left = {age: Capacity(*(1 - age * fade for fade in fades)) for age in ages}
    return ((0.0, AS_NEW), *left.items())


def simulated_years(
    ages: Sequence[tuple[float, Capacity]], found: Sequence[Saved]
) -> tuple[SimulatedYear, ...]:
    """Years that were run.

    Parameters
    ----------
    ages
        Of `aged_years`. (K)
    found
        What a year of each saves. (K)
    """
    return tuple(
        SimulatedYear(after_years, left, one.parts, one.by_month)
        for (after_years, left), one in zip(ages, found, strict=True)
    )


def benefit_of(
    simulated: Sequence[SimulatedYear], assumptions: Assumptions
) -> YearlyBenefit:
    """What is saved in each year, at the capacity of its middle. (Y,)"""
    years = assumptions.horizon_years
    if len(simulated) == 1:
        return YearlyBenefit.steady(years, **simulated[0].saved)
    points = {
        name: np.array([one.saved[name] for one in simulated])
        for name in simulated[0].saved
    }
    return benefit_between(
        np.array([one.after_years for one in simulated]),
        YearlyBenefit(**points),
        np.arange(years, dtype=np.float64) + 0.5,
    )


def monthly_benefit(
    simulated: Sequence[SimulatedYear], months: MonthsOnRecord
) -> MonthlyBenefit:
    """What is saved in each month on record, at every simulated age."""
    return MonthlyBenefit(
        months=months,
        after_years=np.array([one.after_years for one in simulated]),
        saved=np.stack([one.by_month for one in simulated]),
    )
