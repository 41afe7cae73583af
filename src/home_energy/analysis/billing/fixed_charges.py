"""Fixed charges of some days, whatever goes through the meter."""

from datetime import date

import numpy as np

from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.domain.bill import LineKind
from home_energy.domain.metered_energy import MeteredEnergy


def fixed_charges_aud(tariff: PlanTariff, first: date, last: date) -> float:
    """Fixed charges of the meter's days from one to another, both included. [AUD]

    They are what a house without any usage pays.

    Raises
    ------
    DataError
        If the days begin before the tariff.
    """
    grid = BilledDays(first, last).grid
    nothing = np.zeros(grid.count)
    bill = tariff.bill(MeteredEnergy(grid, nothing, nothing), None)
    return sum(line.amount_aud for line in bill.lines if line.kind is LineKind.SUPPLY)
