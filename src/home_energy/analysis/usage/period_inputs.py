"""Everything on record that a bill of some days needs, on one axis of five minutes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.tariffs.amber_coefficients import financial_years
from home_energy.analysis.tariffs.amber_fit import AmberFit, fit_amber
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.tariffs.calendar_axis import holidays_of
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.gap_filling import GapFill, fill_gaps
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_on_record import HomeOnRecord, home_on_record
from home_energy.analysis.usage.moved_year import MovedYear, move_year
from home_energy.analysis.usage.recorded_energy import (
    RecordedEnergy,
    read_recorded_energy,
)
from home_energy.domain.calendar_year import years_after
from home_energy.domain.day_placing import place_spot
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.price_rows import PriceRows, place_prices
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid, nem_date, nem_day_start
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

STEP = timedelta(minutes=5)
"""Exact for 30-minute homes too: energy shared evenly over six intervals of one price
costs what the half-hour costs."""


ALL_TIME = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
"""From before the first smart meter to after the last of them."""


@dataclass(frozen=True, slots=True)
class BilledDays:
    """Days of the meter that are billed: midnight to midnight in NEM time.

    Parameters
    ----------
    first, last
        Both included.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse days in the wrong order."""
        if self.first > self.last:
            raise DataError(
                f"{self.first} to {self.last} are no days to bill; expected the first "
                "before the last"
            )

    @property
    def grid(self) -> TimeGrid:
        """Axis of five minutes from the first midnight to the last."""
        end = nem_day_start(self.last + timedelta(days=1))
        return TimeGrid.between(nem_day_start(self.first), end, STEP)


@dataclass(frozen=True, slots=True)
class UsageChoice:
    """Which usage is billed.

    Parameters
    ----------
    gap_rule
        Name of the rule for what is missing.
    sources
        Instead of every billing-grade source on record, in this order.
    moved_from
        First day of the twelve months of usage that are moved onto the billed year.
    """

    gap_rule: str = "refuse"
    sources: tuple[str, ...] | None = None
    moved_from: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PeriodInputs:
    """What a bill of some days is made of.

    Parameters
    ----------
    days
        The billed days.
    energy
        What went through the meter, on `days.grid`.
    recorded
        The record it was taken from, gaps filled.
    fills
        What a gap rule made.
    moved
        Where the usage is from, if it is of another year.
    spot
        Wholesale price with GST of the home's region; NaN where it is not on record.
    read_amber
        Reads Amber's prices, `None` where the home has none on record: for tariffs that
        ask for them, because what the record lacks is fitted, and may not fit.
    """

    days: BilledDays
    energy: MeteredEnergy
    recorded: RecordedEnergy
    fills: tuple[GapFill, ...]
    moved: MovedYear | None
    spot: PriceSeries
    read_amber: Callable[[], AmberPrices | None]

    @property
    def grid(self) -> TimeGrid:
        """Axis of five minutes."""
        return self.energy.grid

    def amber_of(self, plan: Plan) -> AmberPrices | None:
        """Amber's prices, if a plan asks for them."""
        return self.read_amber() if plan.passes_on_amber else None

    def tariff(self, plan: Plan) -> PlanTariff:
        """A plan with the prices on record that it asks for."""
        return PlanTariff(plan, self.amber_of(plan))


def read_inputs(
    store: Store, settings: Settings, days: BilledDays, choice: UsageChoice
) -> PeriodInputs:
    """Read what a bill of these days needs.

    Raises
    ------
    CoverageError
        If usage is missing and the gap rule does not fill it.
    DataError
        If there is no usage on record.
    ConfigError
        If the meaning of a register is open, or a name is unknown.
    """
    home = home_on_record(store, settings)
    zone, moved_from = settings.home.zone, choice.moved_from
    grid = days.grid
    if moved_from is not None:
        grid = _twelve_months(moved_from, zone)
    recorded = read_recorded_energy(store, home, grid, choice.sources)
    recorded, fills = fill_gaps(recorded, choice.gap_rule, zone)
    moved, energy = None, recorded.metered
    if moved_from is not None:
        moved = move_year(recorded, moved_from, days.grid, zone)
        energy = moved.energy.metered
    return PeriodInputs(
        days=days,
        energy=energy,
        recorded=recorded,
        fills=fills,
        moved=moved,
        spot=read_spot(store, settings.home.region, days.grid),
        read_amber=cache(partial(read_amber_prices, store, home, settings, days.grid)),
    )


def read_spot(store: Store, region: str, grid: TimeGrid) -> PriceSeries:
    """Wholesale price with GST of a region; NaN where it is not on record."""
    return place_spot(
        store.spot_days.days(region, nem_date(grid.start), nem_date(grid.end)), grid
    )


def read_amber_prices(
    store: Store,
    home: HomeOnRecord,
    settings: Settings,
    grid: TimeGrid,
    is_needed: BoolArray | None = None,
) -> AmberPrices | None:
    """Amber's prices of a home: recorded ones, and a fit where they have holes.

    A price that only a final usage row tells is as recorded as any. The fit is made
    from every row of the financial years that the axis touches; where they do not
    tell what holds at an hour, from every row on record.

    Parameters
    ----------
    is_needed
        Where a hole calls for a fit; everywhere without. (T,)
    """
    rows = _rows_between(store, home, grid.start, grid.end)
    recorded = {channel: place_prices(found, grid) for channel, found in rows.items()}
    from_usage = _fill_from_usage(store, home, grid, recorded)
    if not recorded:
        return None
    needed = slice(None) if is_needed is None else is_needed
    if not any(np.isnan(one.c_per_kwh[needed]).any() for one in recorded.values()):
        return AmberPrices(recorded, None, from_usage)
    fit = fit_rows(_rows_of_years(store, home, grid), settings)
    prices = AmberPrices(recorded, fit, from_usage)
    if prices.lacks_lines:
        edges = int(grid.start.timestamp()), int(grid.end.timestamp()) - 1
        first, last = financial_years(np.array(edges)).tolist()
        wanted = range(first, last + 1)
        fit = fit_rows(read_all_rows(store, settings), settings, wanted)
        prices = replace(prices, fit=fit)
    return prices


def _fill_from_usage(
    store: Store,
    home: HomeOnRecord,
    grid: TimeGrid,
    recorded: dict[Channel, PriceSeries],
) -> dict[Channel, int]:
    """Fill holes of the record with prices of usage rows, and count them."""
    site_key = home.recorded.site_key
    counts: dict[Channel, int] = {}
    if site_key is None:
        return counts
    for channel in Channel:
        known = recorded.get(channel, PriceSeries(grid, np.full(grid.count, np.nan)))
        if not known.missing_count:
            continue
        rows = store.readings.price_rows(site_key, channel, grid.start, grid.end)
        if len(rows):
            told = place_prices(rows, grid).c_per_kwh
            is_hole = np.isnan(known.c_per_kwh)
            values = np.where(is_hole, told, known.c_per_kwh)
            counts[channel] = int(np.count_nonzero(is_hole & ~np.isnan(told)))
            recorded[channel] = PriceSeries(grid, values)
    return counts


def _rows_of_years(
    store: Store, home: HomeOnRecord, grid: TimeGrid
) -> dict[Channel, PriceRows]:
    """Amber's rows of every channel in the financial years that an axis touches."""
    first = _financial_year_start(grid.start)
    end = _financial_year_start(grid.end + timedelta(days=366))
    return _rows_between(store, home, first, end)


def read_all_rows(store: Store, settings: Settings) -> dict[Channel, PriceRows]:
    """Every price row of Amber's on record for the home."""
    return _rows_between(store, home_on_record(store, settings), *ALL_TIME)


def _rows_between(
    store: Store, home: HomeOnRecord, first: datetime, end: datetime
) -> dict[Channel, PriceRows]:
    site_key = home.recorded.site_key
    if site_key is None:
        return {}
    return {
        channel: store.prices.rows_between(site_key, channel, first, end)
        for channel in store.prices.channels(site_key)
    }


def fit_rows(
    rows: Mapping[Channel, PriceRows],
    settings: Settings,
    wanted_years: Collection[int] | None = None,
) -> AmberFit:
    """Amber's formula for the rows of a home.

    Parameters
    ----------
    wanted_years
        Financial years whose rows must fit it; all without.

    Raises
    ------
    DataError
        If the rows do not fit it.
    """
    starts = [int(found.start_s.min()) for found in rows.values() if len(found)]
    ends = [int(found.start_s.max()) for found in rows.values() if len(found)]
    if not starts:
        return fit_amber([], settings.home.zone)
    years = [datetime.fromtimestamp(s, UTC).year for s in (min(starts), max(ends))]
    state = settings.home.region.rstrip("1")
    # A financial year begins in the calendar year before its last rows.
    holidays = holidays_of(state, years[0] - 1, years[1] + 1)
    return fit_amber(rows.values(), settings.home.zone, holidays, wanted_years)


def _twelve_months(first: date, zone: ZoneInfo) -> TimeGrid:
    """Axis of the local days from `first` to the day before it a year later."""
    days = first, years_after(first, 1)
    midnights = (datetime.combine(day, time(), zone) for day in days)
    start_utc, end_utc = (midnight.astimezone(UTC) for midnight in midnights)
    return TimeGrid.between(start_utc, end_utc, STEP)


def _financial_year_start(moment: datetime) -> datetime:
    day = nem_date(moment)
    year = day.year if day.month >= 7 else day.year - 1
    return nem_day_start(date(year, 7, 1))
