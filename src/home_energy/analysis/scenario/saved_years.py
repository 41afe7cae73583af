"""What devices save in every year of a horizon, re-simulated as they lose capacity."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit, benefit_between
from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.year_engine import AS_NEW, Capacity
from home_energy.analysis.scenario.year_figures import YearFigures, by_kind_aud
from home_energy.domain.bill import LineKind

_FIXED = (LineKind.SUPPLY,)
_SOLD = (LineKind.FEED_IN,)
_BOUGHT = (LineKind.USAGE, LineKind.DEMAND, LineKind.DISCOUNT)


@dataclass(frozen=True, slots=True)
class SimulatedYear:
    """One year of the horizon that was run.

    Parameters
    ----------
    after_years
        How long after the installation; 0 is as new. [years]
    capacity
        What was left of the devices.
    saved
        By the names of `YearlyBenefit`.
    """

    after_years: float
    capacity: Capacity
    saved: Mapping[str, float]


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
    saved = {
        "import_avoided_aud": less(_BOUGHT) + left_aud,
        "export_earned_aud": less(_SOLD),
        "fixed_avoided_aud": less(_FIXED),
        "other_avoided_aud": public_aud - year.public_aud,
        "discharge_kwh": year.energy.discharge_kwh,
    }
    return {name: value * years_per_run for name, value in saved.items()}


def simulated_years(
    as_new: Mapping[str, float],
    assumptions: Assumptions,
    saved_at: Callable[[Capacity], Mapping[str, float]],
) -> tuple[SimulatedYear, ...]:
    """Run the years that others are interpolated between.

    As new, in the middle of the horizon and in the middle of its last year; capacity
    falls evenly with the years, so lines over years are lines over capacity. Where
    nothing fades the first is enough.

    Parameters
    ----------
    as_new
        What the year as it was run saves.
    saved_at
        Runs it with less.
    """
    years = assumptions.horizon_years
    new = SimulatedYear(0.0, AS_NEW, as_new)
    fades = (
        assumptions.battery_fade_fraction_per_year,
        assumptions.solar_fade_fraction_per_year,
    )
    if fades == (0.0, 0.0):
        return (new,)
    aged = []
    for after_years in dict.fromkeys((years / 2, years - 0.5)):
        left = Capacity(*(1 - after_years * fade for fade in fades))
        aged.append(SimulatedYear(after_years, left, saved_at(left)))
    return (new, *aged)


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
