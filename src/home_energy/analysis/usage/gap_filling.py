"""Recorded energy without gaps, every made value marked and counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import calendar_axis
from home_energy.analysis.usage.gap_errors import GapError, measure_gap_rule
from home_energy.analysis.usage.gap_rules import (
    FEWEST_SAMPLES,
    GAP_RULES,
    NEAR_DAYS,
    REFUSE,
    BoolArray,
    GapRule,
    gap_rule,
    slot_table,
)
from home_energy.analysis.usage.recorded_energy import (
    FILLED,
    FlowRecord,
    RecordedEnergy,
)
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Quality
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.true_runs import true_runs
from home_energy.errors import CoverageError

MOST_FILLED_FRACTION = 0.25
"""Of a local month, as far as it is billed. A week is 23 % of one, and the rules are
measured on gaps of up to a week; beyond that nobody knows how wrong they are."""


@dataclass(frozen=True, slots=True)
class GapFill:
    """What a rule made up for one flow, and how wrong it is on this home's data.

    Parameters
    ----------
    rule
        Its name.
    filled_count, interval_count
        Intervals made, of all.
    filled_kwh, total_kwh
        Energy made, of all. [kWh]
    longest_gap
        The longest stretch that was made.
    errors
        Measured by hiding known values, one for each length of gap.
    """

    rule: str
    flow: Flow
    filled_count: int
    interval_count: int
    filled_kwh: float
    total_kwh: float
    longest_gap: timedelta
    errors: tuple[GapError, ...]

    def __str__(self) -> str:
        """One sentence for a report."""
        share = self.filled_count / self.interval_count
        said = (
            f"{self.flow}: {self.filled_count} of {self.interval_count} intervals "
            f"({share:.2%}) were missing; {self.filled_kwh:.2f} of "
            f"{self.total_kwh:.2f} kWh filled by {self.rule}"
        )
        if not self.errors:
            return f"{said}; its error could not be measured on so little data"
        longest = self.longest_gap.total_seconds()
        error = min(
            self.errors,
            key=lambda one: abs(np.log(one.length.total_seconds() / longest)),
        )
        bias = error.bias_fraction
        energy = "" if bias is None else f"{bias:+.1%} of the energy, "
        return (
            f"{said}; hidden gaps of {length_words(error.length)} come out {energy}"
            f"{error.gap_error_kwh:.2f} kWh off each ({error.trial_count} tries)"
        )


def fill_gaps(
    recorded: RecordedEnergy, rule_name: str, zone: ZoneInfo
) -> tuple[RecordedEnergy, tuple[GapFill, ...]]:
    """The energy that a bill is made of without gaps, and what was made up.

    Made values are marked `FILLED`, no surer than an estimate. What is on record is
    never changed, and what was made is never used to make more.

    Raises
    ------
    ConfigError
        If there is no rule of this name.
    CoverageError
        If the rule is to refuse and something is missing, if more than
        `MOST_FILLED_FRACTION` of a month is missing, or if too little is known near a
        missing interval.
    """
    rule = gap_rule(rule_name)
    lacking = {
        flow: record
        for flow, record in recorded.billed_flows.items()
        if record.missing_count
    }
    if not lacking:
        return recorded, ()
    if rule is None:
        raise _refusal(recorded.grid, lacking, zone)
    filled, fills = dict(recorded.flows), []
    for flow, record in lacking.items():
        _require_enough(flow, record, recorded.grid, zone)
        filled[flow] = _filled(flow, record, recorded.grid, zone, rule)
        made = record.is_missing
        fills.append(
            GapFill(
                rule=rule_name,
                flow=flow,
                filled_count=record.missing_count,
                interval_count=recorded.grid.count,
                filled_kwh=float(filled[flow].kwh[made].sum()),
                total_kwh=float(filled[flow].kwh.sum()),
                longest_gap=_longest(made)[1] * recorded.grid.step,
                errors=measure_gap_rule(record.kwh, recorded.grid, zone, rule),
            )
        )
    return replace(recorded, flows=filled), tuple(fills)


def length_words(length: timedelta) -> str:
    """Length as a person says it: `7 days`, `30 minutes`."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count, rest = divmod(int(length.total_seconds()), seconds)
        if count and not rest:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return str(length)


def _filled(
    flow: Flow, record: FlowRecord, grid: TimeGrid, zone: ZoneInfo, rule: GapRule
) -> FlowRecord:
    is_missing = record.is_missing
    slots = slot_table(grid, zone)
    estimate = rule(record.kwh, slots, is_missing, grid.step)
    is_left = is_missing & np.isnan(estimate)
    if is_left.any():
        first = _local(grid, int(np.argmax(is_left)), zone)
        raise CoverageError(
            f"{flow} at {first} is missing and cannot be estimated: fewer than "
            f"{FEWEST_SAMPLES} values of the same time and kind of day are known "
            f"within {NEAR_DAYS} days; {np.count_nonzero(is_left)} intervals are so; "
            "import what is missing, or bill a period without it with --from and --to"
        )
    return FlowRecord(
        kwh=np.where(is_missing, estimate, record.kwh),
        quality=np.where(is_missing, Quality.ESTIMATE, record.quality).astype(np.uint8),
        source_index=np.where(is_missing, FILLED, record.source_index).astype(np.int8),
    )


def _require_enough(
    flow: Flow, record: FlowRecord, grid: TimeGrid, zone: ZoneInfo
) -> None:
    month = calendar_axis(grid, zone.key, None).month_count
    months, number = np.unique(month, return_inverse=True)
    share = np.bincount(number, weights=record.is_missing) / np.bincount(number)
    if not (share > MOST_FILLED_FRACTION).any():
        return
    worst = int(np.argmax(share))
    year, before = divmod(int(months[worst]), 12)
    raise CoverageError(
        f"{flow}: {share[worst]:.0%} of {year}-{before + 1:02} is missing "
        f"({record.missing_count} of {grid.count} intervals of the whole period); a "
        f"gap rule fills at most {MOST_FILLED_FRACTION:.0%} of a month; import what "
        "is missing, or bill a period without it with --from and --to"
    )


def _refusal(
    grid: TimeGrid, lacking: Mapping[Flow, FlowRecord], zone: ZoneInfo
) -> CoverageError:
    said = []
    for flow, record in lacking.items():
        first = int(np.argmax(record.is_missing))
        start, count = _longest(record.is_missing)
        said.append(
            f"{flow} lacks {record.missing_count} of {grid.count} intervals, the first "
            f"at {_local(grid, first, zone)}, the longest gap "
            f"{length_words(count * grid.step)} from {_local(grid, start, zone)}"
        )
    return CoverageError(
        f"{'; '.join(said)}; expected all (gap rule {REFUSE}); import what is missing, "
        f"or allow estimates with --gap-rule {next(reversed(GAP_RULES))}"
    )


def _longest(is_missing: BoolArray) -> tuple[int, int]:
    """First interval and length of the longest run of missing intervals."""
    runs = true_runs(is_missing)
    first, stop = max(runs, key=lambda run: run[1] - run[0])
    return first, stop - first


def _local(grid: TimeGrid, number: int, zone: ZoneInfo) -> str:
    moment: datetime = grid.start + number * grid.step
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
