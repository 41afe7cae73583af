"""Days on record on which a battery can be run as if it had been there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

import numpy as np

from home_energy.analysis.scenario.issued_forecasts import (
    HALF_HOUR,
    TariffOnRecord,
    issued_prices,
)
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.analysis.usage.complete_days import (
    CompleteDays,
    read_complete_days,
    runs_of,
)
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import (
    BilledDays,
    read_amber_prices,
)
from home_energy.domain.battery import Battery
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Channel, Quality
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, nem_day_start
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

_DAY = timedelta(days=1)
PLANS_A_DAY = _DAY // HALF_HOUR

DAYS_AHEAD = 2
"""Whole days after its own that a plan of 36 hours may look into."""

MOST_DAYS_AT_ONCE = 28
"""Forecasts of so many days are read together: some 10 MB."""

_HASHED_DECIMALS = 6
"""So that a last bit that falls otherwise is no other price. [c/kWh, kWh]"""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedDay:
    """A NEM day of which everything is on record, in intervals of five minutes.

    What was imported stands for the load and what was exported for the solar: within
    an interval a battery sees only their difference.

    Parameters
    ----------
    load_kwh, solar_kwh
        (288,) [kWh per interval]
    import_c_per_kwh, export_c_per_kwh
        (288,) [c/kWh]
    quality
        Lowest of its readings.
    """

    day: date
    load_kwh: FloatArray
    solar_kwh: FloatArray
    import_c_per_kwh: FloatArray
    export_c_per_kwh: FloatArray
    quality: Quality

    @property
    def cost_aud(self) -> float:
        """What its energy cost, as it was. [AUD]"""
        bought_c = self.load_kwh @ self.import_c_per_kwh
        return float(bought_c - self.solar_kwh @ self.export_c_per_kwh) / 100

    def fingerprint(self, battery: Battery) -> str:
        """What tells whether it has to be booked anew with a battery."""
        hashed = sha256(repr(battery).encode())
        for values in (
            self.load_kwh,
            self.solar_kwh,
            self.import_c_per_kwh,
            self.export_c_per_kwh,
        ):
            rounded = np.round(values, _HASHED_DECIMALS) + 0.0  # no -0
            hashed.update(rounded.astype("<f8").tobytes())
        return hashed.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class ShadowRecord:
    """What a pass of the shadow battery rests on.

    Parameters
    ----------
    days
        Those that can be run, in order.
    priced_by
        The home's tariff, with prices as recorded.
    """

    store: Store
    settings: Settings
    days: tuple[RecordedDay, ...]
    priced_by: TariffOnRecord

    @property
    def tariff(self) -> PlanTariff:
        """The home's tariff."""
        return self.priced_by.tariff

    def published_after(self, day: date) -> Rates | None:
        """Prices of the days that plans of a day look into; `None` if unknown then."""
        if self.tariff.follows_market:
            return None
        days = BilledDays(day + _DAY, day + DAYS_AHEAD * _DAY)
        return self.tariff.rates(days.grid, None)

    def issued(self, days: list[date]) -> Iterator[IssuedPrices | None]:
        """Price forecasts of each of some days in order, on half-hours of the day."""
        for first, last in _pieces(days):
            start = nem_day_start(first)
            count = ((last - first).days + 1) * PLANS_A_DAY
            grid = TimeGrid(start, HALF_HOUR, count)
            found, _ = issued_prices(self.store, self.settings, self.priced_by, grid)
            for number in range(count // PLANS_A_DAY):
                yield _of_day(found, number)


def read_shadow_record(
    store: Store, settings: Settings, first: date, last: date
) -> ShadowRecord:
    """Read every day from one to another that can be run.

    Of such a day each billed register is all on record, and so is each of its prices:
    none is rebuilt.

    Raises
    ------
    ConfigError
        If the tariff is unknown, the meaning of a register is open, or nothing says
        which meter is the home's.
    DataError
        If there is no usage on record.
    """
    plan = find_plan(settings.bill.tariff, settings.tariff_folder)
    with store.snapshot():
        record = read_complete_days(store, settings, BilledDays(first, last))
        amber = None
        if plan.passes_on_amber:
            home, grid = home_on_record(store, settings), record.inputs.grid
            nowhere = np.zeros(grid.count, dtype=np.bool_)
            amber = read_amber_prices(store, home, settings, grid, nowhere)
    registers = [Channel.GENERAL]
    if Flow.FEED_IN in record.inputs.recorded.flows:
        registers.append(Channel.FEED_IN)
    tariff = PlanTariff(plan, amber, registers)
    days = tuple(
        day
        for first_day, last_day in runs_of(record.days)
        for day in _priced(record, tariff, first_day, last_day)
    )
    return ShadowRecord(store, settings, days, TariffOnRecord(tariff, amber))


def _priced(
    record: CompleteDays, tariff: PlanTariff, first: date, last: date
) -> Iterator[RecordedDay]:
    """Days of an unbroken run that have their prices."""
    energy, spot = record.part(first, last)
    try:
        rates = tariff.rates(energy.grid, spot)
    except DataError:
        if first < last:
            middle = first + (last - first) // 2
            yield from _priced(record, tariff, first, middle)
            yield from _priced(record, tariff, middle + _DAY, last)
        return
    quality = _lowest_quality(record, first, last)
    per_day = _DAY // rates.grid.step
    for number in range((last - first).days + 1):
        cut = slice(number * per_day, (number + 1) * per_day)
        yield RecordedDay(
            first + number * _DAY,
            energy.general_kwh[cut],
            energy.feed_in_kwh[cut],
            rates.import_c_per_kwh[cut],
            rates.export_c_per_kwh[cut],
            Quality(quality[number]),
        )


def _lowest_quality(record: CompleteDays, first: date, last: date) -> list[int]:
    """Lowest quality of the readings of each day."""
    start = (first - record.inputs.days.first).days
    count = (last - first).days + 1
    lowest = np.full(count, int(Quality.ACTUAL))
    for flow in record.inputs.recorded.billed_flows.values():
        by_day = flow.quality.reshape(record.is_complete.size, -1)
        lowest = np.minimum(lowest, by_day[start : start + count].min(axis=1))
    return lowest.tolist()


def _pieces(days: list[date]) -> Iterator[tuple[date, date]]:
    """First and last of unbroken runs of no more than `MOST_DAYS_AT_ONCE`."""
    for first, last in runs_of(days):
        for number in range(0, (last - first).days + 1, MOST_DAYS_AT_ONCE):
            start = first + number * _DAY
            yield start, min(start + (MOST_DAYS_AT_ONCE - 1) * _DAY, last)


def _of_day(found: IssuedPrices | None, number: int) -> IssuedPrices | None:
    if found is None:
        return None
    cut = slice(number * PLANS_A_DAY, (number + 1) * PLANS_A_DAY)
    return IssuedPrices(
        np.arange(PLANS_A_DAY),
        1,
        found.import_c_per_kwh[cut],
        found.export_c_per_kwh[cut],
    )
