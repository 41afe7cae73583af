"""What went through the home's meter, as the record has it, on one axis.

Longer intervals than the axis has are shared evenly over its intervals: for a bill
that is exact where the price is constant within them, as a 30-minute price is in the
six 5-minute intervals of a 30-minute meter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.usage.home_on_record import HomeOnRecord, home_registers
from home_energy.analysis.usage.source_energy import (
    SourceEnergy,
    read_source,
    summed_by,
)
from home_energy.domain.meter_day import NO_QUALITY, Flow
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import ConfigError, DataError
from home_energy.store import Store

BILLING_SOURCES = ("nem12", "amber", "table:")
"""How sources as good as a bill begin, the surest first."""

NO_SOURCE = -1
"""Stands in `FlowRecord.source_index` where the value is missing."""
FILLED = -2
"""Stands in `FlowRecord.source_index` where a gap rule made the value."""

SAME_WITHIN_KWH = 0.001
"""Two sources agree on an interval up to this: files are rounded to a watt-hour."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowRecord:
    """One flow of the home in each of T intervals.

    Parameters
    ----------
    kwh
        NaN where it is missing. (T,) [kWh per interval]
    quality
        A `Quality`, `NO_QUALITY` where missing. (T,)
    source_index
        Place in `RecordedEnergy.sources`, or `NO_SOURCE`, or `FILLED`. (T,)
    """

    kwh: FloatArray
    quality: NDArray[np.uint8]
    source_index: NDArray[np.int8]

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Where there is no value. (T,)"""
        return np.isnan(self.kwh)

    @property
    def missing_count(self) -> int:
        """Intervals without a value."""
        return int(np.count_nonzero(self.is_missing))

    @property
    def filled_count(self) -> int:
        """Intervals whose value a gap rule made."""
        return int(np.count_nonzero(self.source_index == FILLED))

    @property
    def estimated_count(self) -> int:
        """Intervals on record whose value may still change."""
        is_unsure = (self.quality != NO_QUALITY) & (self.quality <= Quality.ESTIMATE)
        return int(np.count_nonzero(is_unsure & (self.source_index != FILLED)))

    @property
    def substituted_count(self) -> int:
        """Intervals on record whose value the meter data provider made."""
        return int(np.count_nonzero(self.quality == Quality.SUBSTITUTE))


@dataclass(frozen=True, slots=True)
class SourceOverlap:
    """What two sources say of the same intervals of one flow.

    Parameters
    ----------
    used, other
        The source whose values stand, and the one that was compared.
    interval_minutes
        Length of the intervals compared: the longer of the two. [minutes]
    compared_count, differing_count
        Intervals that both know, and of these those that differ by more than
        `SAME_WITHIN_KWH`.
    difference_kwh
        Energy of the other less that of the one used, where both know it. [kWh]
    """

    flow: Flow
    used: str
    other: str
    interval_minutes: int
    compared_count: int
    differing_count: int
    difference_kwh: float


@dataclass(frozen=True, slots=True, eq=False)
class RecordedEnergy:
    """Every flow of the home on one axis, each interval with where it is from.

    Parameters
    ----------
    sources
        In the order in which an interval was looked for.
    flows
        The flows that have a register; a home without one of feed-in exports nothing.
    overlaps
        Where sources were compared.
    """

    grid: TimeGrid
    sources: tuple[str, ...]
    flows: Mapping[Flow, FlowRecord]
    overlaps: tuple[SourceOverlap, ...] = ()

    @property
    def billed_flows(self) -> dict[Flow, FlowRecord]:
        """What a bill is made of; gross load and generation are not."""
        billed = (Flow.GENERAL, Flow.CONTROLLED_LOAD, Flow.FEED_IN)
        return {flow: self.flows[flow] for flow in billed if flow in self.flows}

    @property
    def metered(self) -> MeteredEnergy:
        """Energy that a bill is made of. What is missing stays missing."""
        feed_in = self.flows.get(Flow.FEED_IN)
        controlled = self.flows.get(Flow.CONTROLLED_LOAD)
        return MeteredEnergy(
            self.grid,
            self.flows[Flow.GENERAL].kwh,
            np.zeros(self.grid.count) if feed_in is None else feed_in.kwh,
            None if controlled is None else controlled.kwh,
        )

    def source_shares(self, flow: Flow) -> dict[str, float]:
        """Fraction of the intervals that each source gave; the rest is not recorded."""
        taken = self.flows[flow].source_index
        return {
            source: float(np.mean(taken == number)) if taken.size else 0.0
            for number, source in enumerate(self.sources)
        }


def read_recorded_energy(
    store: Store,
    home: HomeOnRecord,
    grid: TimeGrid,
    sources: Sequence[str] | None = None,
) -> RecordedEnergy:
    """What the home's registers counted; what no source knows is missing.

    Sources are combined interval by interval: a missing interval of the first is
    taken from the next. A home with gross meters (`load` and `generation`) bought
    what the load exceeds the generation by and sold the reverse, netted within each
    interval of the source.

    Parameters
    ----------
    sources
        Instead of every billing-grade source on record, in this order.

    Raises
    ------
    ConfigError
        If a source is not on record, the meaning of a register is open, or nothing
        says which of several meters is the home's.
    DataError
        If no register on record says what the home bought.
    """
    registers = home_registers(store, home)
    order = _source_order({one.register.source for one, _ in registers}, sources)
    told = {
        source: read_source(
            [(one, flow) for one, flow in registers if one.register.source == source],
            grid,
        )
        for source in order
    }
    present = {flow for _, flow in registers} | set(home.recorded.site_flows.values())
    present |= {flow for found in told.values() for flow in found}
    _require_general(present, order)
    flows, overlaps = {}, []
    for flow in (flow for flow in Flow if flow in present):
        flows[flow], compared = _combined(
            flow, [told[source].get(flow) for source in order], order, grid
        )
        overlaps += compared
    return RecordedEnergy(grid, order, flows, tuple(overlaps))


def _source_order(
    on_record: Iterable[str], wanted: Sequence[str] | None
) -> tuple[str, ...]:
    known = sorted(on_record)
    if wanted is None:
        order = [
            source
            for start in BILLING_SOURCES
            for source in known
            if source.startswith(start)
        ]
        if order:
            return tuple(order)
        raise DataError(
            f"the home's only source of energy on record is {', '.join(known)}; "
            "expected one as good as a bill (nem12, amber or a table); import one, or "
            "choose this source by name"
        )
    unknown = [source for source in wanted if source not in known]
    if unknown or not wanted:
        raise ConfigError(
            f"the record of this home has no source {', '.join(unknown) or '(none)'}; "
            f"expected of {', '.join(known)}; correct the name, or import its files"
        )
    return tuple(wanted)


def _require_general(present: set[Flow], order: Sequence[str]) -> None:
    if Flow.GENERAL in present:
        return
    raise DataError(
        f"no register of {', '.join(order)} says what the home bought, found only "
        f"{', '.join(sorted(present))}; expected general, or load together with "
        "generation; without solar the load is what was bought: call it general in "
        "the table's profile"
    )


def _combined(
    flow: Flow,
    told: Sequence[SourceEnergy | None],
    order: Sequence[str],
    grid: TimeGrid,
) -> tuple[FlowRecord, list[SourceOverlap]]:
    """One flow, each interval from the first source that knows it."""
    kwh = np.full(grid.count, np.nan)
    quality = np.full(grid.count, NO_QUALITY, dtype=np.uint8)
    source_index = np.full(grid.count, NO_SOURCE, dtype=np.int8)
    compared = []
    for number, source in enumerate(told):
        if source is None:
            continue
        compared += [
            _overlap(flow, (order[first], earlier), (order[number], source), grid)
            for first, earlier in enumerate(told[:number])
            if earlier is not None
        ]
        is_taken = np.isnan(kwh) & ~np.isnan(source.kwh)
        kwh[is_taken] = source.kwh[is_taken]
        quality[is_taken] = source.quality[is_taken]
        source_index[is_taken] = number
    record = FlowRecord(kwh, quality, source_index)
    return record, [one for one in compared if one.compared_count]


def _overlap(
    flow: Flow,
    used: tuple[str, SourceEnergy],
    other: tuple[str, SourceEnergy],
    grid: TimeGrid,
) -> SourceOverlap:
    minutes = max(
        used[1].interval_minutes,
        other[1].interval_minutes,
        int(grid.step.total_seconds()) // 60,
    )
    more = summed_by(other[1].kwh, grid, minutes) - summed_by(
        used[1].kwh, grid, minutes
    )
    known = more[~np.isnan(more)]
    return SourceOverlap(
        flow=flow,
        used=used[0],
        other=other[0],
        interval_minutes=minutes,
        compared_count=known.size,
        differing_count=int(np.count_nonzero(np.abs(known) > SAME_WITHIN_KWH + 1e-9)),
        difference_kwh=float(known.sum()),
    )
