"""The latest twelve months that a report can tell of."""

from datetime import date, timedelta

import numpy as np

from home_energy.analysis.record.coverage import record_span
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.complete_days import read_complete_days
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.analysis.usage.prices_on_record import is_priced
from home_energy.domain.calendar_year import years_after
from home_energy.domain.time_grid import nem_date
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

LOOKED_BACK = timedelta(days=800)
"""How long before the end of the record a complete day is looked for."""


def last_twelve_months(store: Store, settings: Settings) -> tuple[date, date]:
    """First and last day of the twelve months up to the last complete day.

    A day is complete if every billed register is all on record, and every price that
    the household's tariff takes from the market.

    Raises
    ------
    DataError
        If there is no complete day.
    """
    home = home_on_record(store, settings)
    span = record_span(store, home.recorded)
    if span is None:
        raise DataError(
            "there is nothing on record yet; expected usage and prices of twelve "
            "months; `home-energy import` or `home-energy collect` brings them"
        )
    end = nem_date(span[1] - timedelta(microseconds=1))
    found = read_complete_days(store, settings, BilledDays(end - LOOKED_BACK, end))
    plan = find_plan(settings.bill.tariff, settings.tariff_folder)
    is_known = is_priced(store, settings, home, plan, found.inputs.grid)
    of_day = np.all(is_known.reshape(found.is_complete.size, -1), axis=1)
    (complete,) = np.nonzero(found.is_complete & of_day)
    if not complete.size:
        raise DataError(
            f"no day from {end - LOOKED_BACK} to {end} has all its usage and prices on "
            "record; import what is missing, or ask for a year with --year"
        )
    last = found.all_days[int(complete[-1])]
    return years_after(last + timedelta(days=1), -1), last
