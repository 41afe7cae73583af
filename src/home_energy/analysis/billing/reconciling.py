"""Whether our bill is the real bill: Amber's own rows, and invoices typed in."""

from datetime import date
from pathlib import Path

from home_energy.analysis.tariffs.invoices import (
    InvoiceComparison,
    compare_invoices,
    read_invoices,
)
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.reconcile import Reconciliation, reconcile
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import (
    ALL_TIME,
    BilledDays,
    UsageChoice,
    fit_rows,
    read_all_rows,
    read_inputs,
)
from home_energy.domain.bill import Bill
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

AMBER = "amber"
"""Source under which Amber's usage stands in the record."""


def reconcile_usage(store: Store, settings: Settings) -> Reconciliation:
    """Every usage row of Amber's on record against the prices on record.

    Raises
    ------
    DataError
        If there is no usage row, or the price rows do not fit one formula.
    """
    site_key = home_on_record(store, settings).recorded.site_key
    readings = (
        [] if site_key is None else store.readings.between(site_key, AMBER, *ALL_TIME)
    )
    if not readings:
        raise DataError(
            "there is no usage of Amber's on record to reconcile; `home-energy "
            "collect` brings it, or `home-energy import amber`"
        )
    rows = read_all_rows(store, settings)
    return reconcile(readings, rows, fit_rows(rows, settings))


def reconcile_invoices(
    store: Store, settings: Settings, plan: Plan, path: Path
) -> tuple[InvoiceComparison, ...]:
    """Invoices of a file beside our bills of the same days.

    Raises
    ------
    ConfigError
        If the file is at fault.
    CoverageError, DataError
        If usage or a price of a billed day is missing.
    """

    def bill_of(first: date, last: date) -> Bill:
        choice = UsageChoice(gap_rule=settings.bill.gap_rule)
        inputs = read_inputs(store, settings, BilledDays(first, last), choice)
        return inputs.tariff(plan).bill(inputs.energy, inputs.spot)

    return compare_invoices(read_invoices(path), bill_of)
