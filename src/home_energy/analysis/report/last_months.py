"""The latest twelve months that a report can tell of."""

from datetime import date, timedelta

import numpy as np

from home_energy.analysis.record.coverage import record_span
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.complete_days import read_complete_days
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import TimeGrid, nem_date
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

LOOKED_BACK = timedelta(days=800)
"""How long before the end of the record a complete day is looked for."""

_DAY = timedelta(days=1)


def last_twelve_months(store: Store, settings: Settings) -> tuple[date, date]:
    """First and last day of the twelve months up to the last complete day.

    A day is complete if every billed register is all on record, and every price that
    the household's tariff takes from the market.

    Raises
    ------
    DataError
        If there is no complete day.
    """
    known = home_on_record(store, settings).recorded
    span = record_span(store, known)
    if span is None:
        raise DataError(
            "there is nothing on record yet; expected usage and prices of twelve "
            "months; `home-energy import` or `home-energy collect` brings them"
        )
    end = nem_date(span[1] - timedelta(microseconds=1))
    found = read_complete_days(store, settings, BilledDays(end - LOOKED_BACK, end))
    grid = found.inputs.grid
    is_priced = _is_priced(store, settings, grid, found.inputs.spot.c_per_kwh)
    of_day = np.all(is_priced.reshape(found.is_complete.size, -1), axis=1)
    (complete,) = np.nonzero(found.is_complete & of_day)
    if not complete.size:
        raise DataError(
            f"no day from {end - LOOKED_BACK} to {end} has all its usage and prices on "
            "record; import what is missing, or ask for a year with --year"
        )
    last = found.all_days[int(complete[-1])]
    return _a_year_before(last) + _DAY, last


def _is_priced(
    store: Store, settings: Settings, grid: TimeGrid, spot_c_per_kwh: np.ndarray
) -> BoolArray:
    """Where what the tariff takes from the market is on record. (T,)"""
    plan = find_plan(settings.bill.tariff, settings.tariff_folder)
    rates = plan.energy_rates
    is_priced = np.ones(grid.count, dtype=np.bool_)
    if any(rate.spot is not None or rate.amber for rate in rates):
        is_priced = ~np.isnan(spot_c_per_kwh)
    key = home_on_record(store, settings).recorded.site_key
    if key is not None and any(rate.amber for rate in rates):
        is_priced |= store.prices.qualities(key, Channel.GENERAL, grid) > 0
    return is_priced


def _a_year_before(day: date) -> date:
    """Same day of the year before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
