"""What each month of a run saves, and what a year might have saved by other months."""

import numpy as np

from home_energy.analysis.finance.doubt import Range, saving_range
from home_energy.analysis.finance.months_on_record import PARTS, MonthsOnRecord
from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.domain.series import FloatArray

_SAVED_IN = {
    "import_avoided_aud": "bought_aud",
    "export_earned_aud": "sold_aud",
    "fixed_avoided_aud": "fixed_aud",
    "other_avoided_aud": "public_aud",
}
"""Part of a benefit by the part of the costs that it lowers."""


def months_on_record(baseline: AsItIs) -> MonthsOnRecord:
    """Months that were run. (M)"""
    return MonthsOnRecord(
        tuple(int(one.month[-2:]) for one in baseline.months),
        tuple(one.days for one in baseline.months),
    )


def saved_by_month(
    baseline: AsItIs, year: YearFigures, years_per_run: float
) -> FloatArray:
    """What each month saves, in the parts of `YearlyBenefit`. (M, 5) [AUD], [kWh]

    Lines of a bill are in their month, and so is all that flows. What the stores hold
    more at the end than at the start is nobody's month: it is spread by days, with what
    is bought. So the months sum to `saved_in_year`.
    """
    found = np.zeros((len(year.months), len(PARTS)))
    for part, costs in _SAVED_IN.items():
        found[:, PARTS.index(part)] = _less(baseline, year, costs)
    found[:, PARTS.index("import_avoided_aud")] += _left_by_month(baseline, year)
    found[:, PARTS.index("discharge_kwh")] = [one.discharge_kwh for one in year.months]
    return found * years_per_run


def saving_by_month(baseline: AsItIs, year: YearFigures) -> dict[str, float]:
    """What each month saves, wear counted: they sum to the saving of the run. [AUD]"""
    saved = _less(baseline, year, "cost_aud") + _left_by_month(baseline, year)
    names = (one.month for one in year.months)
    return dict(zip(names, saved.tolist(), strict=True))


def saving_range_aud(baseline: AsItIs, year: YearFigures) -> Range | None:
    """What the run might have saved by other months of its seasons. [AUD]

    `None` where it holds too few of them.
    """
    saved = np.array(list(saving_by_month(baseline, year).values()))
    return saving_range(months_on_record(baseline), saved)


def _less(baseline: AsItIs, year: YearFigures, costs: str) -> FloatArray:
    pairs = zip(baseline.months, year.months, strict=True)
    return np.array(
        [getattr(before, costs) - getattr(after, costs) for before, after in pairs]
    )


def _left_by_month(baseline: AsItIs, year: YearFigures) -> FloatArray:
    days = np.array([one.days for one in year.months])
    left_aud = year.left_aud - baseline.left_in_car_aud
    found: FloatArray = left_aud * days / days.sum()
    return found
