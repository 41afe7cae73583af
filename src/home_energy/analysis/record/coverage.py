"""What is on record of a period, of every kind and source, and where sources differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

import numpy as np

from home_energy.analysis.record.cars import CarCoverage, car_coverages
from home_energy.analysis.record.meter_sources import (
    SHORTEST_STEP,
    RecordedHome,
    recorded_registers,
)
from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.day_placing import place_energy, place_spot
from home_energy.domain.meter_comparison import MeterComparison, compare_sources
from home_energy.domain.meter_coverage import (
    MeterCoverage,
    meter_coverage,
    missing_runs,
)
from home_energy.domain.meter_day import Flow, MeterDay, MeterRecord, MeterRegister
from home_energy.domain.price import Channel
from home_energy.domain.series import EnergySeries
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP
from home_energy.domain.time_grid import (
    TimeGrid,
    floor_to_step,
    nem_date,
    nem_day_start,
)
from home_energy.store import Store

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RegisterCoverage:
    """One register's period."""

    register: MeterRegister
    coverage: MeterCoverage


@dataclass(frozen=True, slots=True)
class SpotCoverage:
    """Wholesale prices of one region in a period.

    Parameters
    ----------
    covered_fraction
        Share of the period on record, 0 to 1; `None` for an empty period.
    gaps
        Every run without a price, in order.
    mean_aud_per_mwh_ex_gst, highest_aud_per_mwh_ex_gst
        Of what is on record, each five minutes alike; `None` when nothing is. [$/MWh]
    negative_fraction
        Share of it below 0; `None` when nothing is on record.
    """

    region: str
    covered_fraction: float | None
    gaps: tuple[Gap, ...]
    mean_aud_per_mwh_ex_gst: float | None
    highest_aud_per_mwh_ex_gst: float | None
    negative_fraction: float | None

    @property
    def longest_gap(self) -> Gap | None:
        """The longest run without a price."""
        return max(self.gaps, key=lambda gap: gap.length, default=None)


@dataclass(frozen=True, slots=True)
class SourcePair:
    """Two sources that counted the same flow at the same time."""

    flow: Flow
    first: str
    second: str
    comparison: MeterComparison


@dataclass(frozen=True, slots=True)
class RecordCoverage:
    """All that is on record of a period.

    Parameters
    ----------
    start, end
        The period, half-open. [aware UTC]
    """

    start: datetime
    end: datetime
    prices: tuple[Coverage, ...]
    registers: tuple[RegisterCoverage, ...]
    spot: tuple[SpotCoverage, ...]
    pairs: tuple[SourcePair, ...]
    cars: tuple[CarCoverage, ...]


def record_span(store: Store, home: RecordedHome) -> tuple[datetime, datetime] | None:
    """From the first to the last of all that is on record; `None` of nothing.

    The ends are whole five minutes.
    """
    spans = [
        *_price_spans(store, home.site_key),
        *((one.first, one.last) for one in store.car_history.histories()),
        *(
            (nem_day_start(days[0]), nem_day_start(days[1] + _DAY))
            for days in [
                *(store.meter_days.span(r) for r in store.meter_days.registers()),
                *(store.spot_days.span(region) for region in store.spot_days.regions()),
            ]
            if days is not None
        ),
    ]
    if not spans:
        return None
    end = max(span[1] for span in spans)
    last = floor_to_step(end, SHORTEST_STEP)
    return (
        floor_to_step(min(span[0] for span in spans), SHORTEST_STEP),
        last if last == end else last + SHORTEST_STEP,
    )


def record_coverage(
    store: Store, home: RecordedHome, start: datetime, end: datetime
) -> RecordCoverage:
    """Look at everything on record of a period of whole five minutes.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    grid = TimeGrid.between(start, end, SHORTEST_STEP)
    record: MeterRecord = {
        one.register: one.days_of(grid) for one in recorded_registers(store, home)
    }
    return RecordCoverage(
        start=start,
        end=end,
        prices=_price_coverages(store, home.site_key, start, end),
        registers=tuple(
            RegisterCoverage(
                register, meter_coverage(*place_energy(days, grid), register.flow)
            )
            for register, days in record.items()
        ),
        spot=tuple(
            _spot_coverage(store, region, grid) for region in store.spot_days.regions()
        ),
        pairs=_pairs(record, grid),
        cars=car_coverages(store, start, end),
    )


def _price_spans(store: Store, site_key: int | None) -> list[tuple[datetime, datetime]]:
    if site_key is None:
        return []
    spans = [store.prices.span(site_key, channel) for channel in Channel]
    return [span for span in spans if span is not None]


def _price_coverages(
    store: Store, site_key: int | None, start: datetime, end: datetime
) -> tuple[Coverage, ...]:
    if site_key is None:
        return ()
    return tuple(
        store.prices.coverage(site_key, channel, start, end)
        for channel in store.prices.channels(site_key)
    )


def _spot_coverage(store: Store, region: str, grid: TimeGrid) -> SpotCoverage:
    first, last = nem_date(grid.start), nem_date(grid.end)
    prices = place_spot(store.spot_days.days(region, first, last), grid)
    is_known = ~np.isnan(prices.c_per_kwh)
    known = prices.c_per_kwh[is_known] / SPOT_C_PER_KWH_PER_RRP
    return SpotCoverage(
        region=region,
        covered_fraction=float(is_known.mean()) if grid.count else None,
        gaps=missing_runs(is_known, grid),
        mean_aud_per_mwh_ex_gst=float(known.mean()) if known.size else None,
        highest_aud_per_mwh_ex_gst=float(known.max()) if known.size else None,
        negative_fraction=float((known < 0).mean()) if known.size else None,
    )


def _pairs(record: MeterRecord, grid: TimeGrid) -> tuple[SourcePair, ...]:
    """Every two sources that share any time of a flow."""
    pairs = []
    for flow in Flow:
        by_source: dict[str, list[list[MeterDay]]] = {}
        for register, days in record.items():
            if register.flow is flow and days:
                by_source.setdefault(register.source, []).append(days)
        if len(by_source) < 2:
            continue
        totals = {name: _source_total(days, grid) for name, days in by_source.items()}
        for first, second in combinations(totals, 2):
            comparison = compare_sources(totals[first], totals[second])
            if comparison.shared_minutes:
                pairs.append(SourcePair(flow, first, second, comparison))
    return tuple(pairs)


def _source_total(
    days_by_register: Sequence[Sequence[MeterDay]], period: TimeGrid
) -> EnergySeries:
    """Sum of one source's registers of a flow on whole NEM days, in its own steps.

    A register counts from its first to its last day; within, what is missing of one
    is missing of the sum. Outside the period nothing is known.
    """
    longest = max(day.interval_minutes for days in days_by_register for day in days)
    step = max(SHORTEST_STEP, timedelta(minutes=longest))
    first = nem_day_start(nem_date(period.start))
    end = nem_day_start(nem_date(period.end - _INSTANT) + _DAY)
    grid = TimeGrid.between(first, end, step)
    total = np.zeros(grid.count)
    is_counted = np.zeros(grid.count, dtype=bool)
    for days in days_by_register:
        mine = slice((days[0].start - first) // step, (days[-1].end - first) // step)
        total[mine] += place_energy(days, grid)[0].kwh[mine]
        is_counted[mine] = True
    is_counted[: -((first - period.start) // step)] = False
    is_counted[(period.end - first) // step :] = False
    return EnergySeries(grid, np.where(is_counted, total, np.nan))
