"""Which days the sliders re-run: the last twelve whole months of the record."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from home_energy.analysis.record.coverage import record_span
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.usage.complete_days import runs_of
from home_energy.analysis.usage.home_on_record import HomeOnRecord, home_on_record
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.analysis.usage.prices_on_record import is_priced
from home_energy.analysis.usage.recorded_energy import read_recorded_energy
from home_energy.domain.time_grid import nem_date
from home_energy.errors import CoverageError
from home_energy.settings import Settings
from home_energy.store import Store

MONTHS = 12
LEAST_DAYS = 28
MOST_DAYS = 365
_DAY = timedelta(days=1)


def what_if_days(
    store: Store, settings: Settings, plan: Plan, today: date
) -> BilledDays:
    """The last twelve months whose every day is whole, else the longest such stretch.

    A day is whole if every register of the home is on record, with every price that
    the home's own tariff asks for. The record is read from its end, a calendar year at
    a time.

    Parameters
    ----------
    plan
        The home's own tariff.
    today
        First day that is not over.

    Raises
    ------
    CoverageError
        If there are fewer than `LEAST_DAYS` whole days in a row.
    ConfigError, DataError
        As `read_recorded_energy`.
    """
    home = home_on_record(store, settings)
    whole: list[date] = []
    for first, last in _years(store, home, plan, today):
        whole = (
            _whole_days(store, settings, home, plan, BilledDays(first, last)) + whole
        )
        months = last_months(whole)
        if months is not None:
            return months
    longest = longest_stretch(whole)
    if longest is None:
        raise CoverageError(
            f"the record has no {LEAST_DAYS} days in a row with all of the usage and "
            f"the prices of {plan.name}; expected at least so many to try anything on; "
            "let `home-energy collect` run on, or import meter data and prices of the "
            "same days with `home-energy import`"
        )
    return longest


def last_months(days: list[date]) -> BilledDays | None:
    """The last twelve calendar months of which all days are there; `None` without.

    Parameters
    ----------
    days
        In order.
    """
    for first, last in reversed(list(runs_of(days))):
        end = last + _DAY
        end = end.replace(day=1)
        start = end.replace(year=end.year - 1)
        if start >= first:
            return BilledDays(start, end - _DAY)
    return None


def longest_stretch(days: list[date]) -> BilledDays | None:
    """The longest run of days, of equals the last, up to a year; `None` if short."""
    runs = list(runs_of(days))
    if not runs:
        return None
    first, last = max(runs, key=lambda run: (run[1] - run[0], run[1]))
    first = max(first, last - (MOST_DAYS - 1) * _DAY)
    if (last - first).days + 1 < LEAST_DAYS:
        return None
    return BilledDays(first, last)


def _years(
    store: Store, home: HomeOnRecord, plan: Plan, today: date
) -> Iterator[tuple[date, date]]:
    """First and last day of each calendar year with a record, the newest first."""
    span = record_span(store, home.recorded)
    if span is None:
        return
    start = max(nem_date(span[0]), plan.period[0].start)
    last = min(nem_date(span[1]), today - _DAY)
    for year in range(last.year, start.year - 1, -1):
        first_of_year, last_of_year = date(year, 1, 1), date(year, 12, 31)
        if max(first_of_year, start) <= min(last_of_year, last):
            yield max(first_of_year, start), min(last_of_year, last)


def _whole_days(
    store: Store, settings: Settings, home: HomeOnRecord, plan: Plan, days: BilledDays
) -> list[date]:
    grid = days.grid
    is_whole = is_priced(store, settings, home, plan, grid)
    for flow in read_recorded_energy(store, home, grid).flows.values():
        is_whole &= ~flow.is_missing
    by_day = is_whole.reshape(-1, _DAY // grid.step).all(axis=1)
    return [days.first + int(number) * _DAY for number in np.flatnonzero(by_day)]
