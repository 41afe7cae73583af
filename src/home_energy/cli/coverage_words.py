"""What is on record, in tables and sentences."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.meter_comparison import (
    LEAST_STRETCH_DAYS,
    ClockShift,
    MeterComparison,
)
from home_energy.domain.meter_coverage import FlatRun

if TYPE_CHECKING:
    from home_energy.analysis.record.cars import CarCoverage
    from home_energy.analysis.record.coverage import (
        RecordCoverage,
        RegisterCoverage,
        SourcePair,
        SpotCoverage,
    )

_HOUR = timedelta(hours=1)
_NAMED = {30: "half an hour", 60: "one hour"}
_DAYLIGHT = "daylight-saving time read as market time"


def period_words(found: "RecordCoverage", zone: ZoneInfo) -> str:
    """From when to when, in local time."""
    is_any = found.prices or found.registers or found.spot or found.cars
    nothing = "" if is_any else ": nothing"
    return (
        f"On record from {_moment(found.start, zone)} to {_moment(found.end, zone)}"
        f"{nothing}"
    )


def price_table(prices: Sequence[Coverage], zone: ZoneInfo) -> Table:
    """One row for each channel."""
    table = _table("Prices", ("channel", "on record", "not final", "gaps"))
    for one in prices:
        table.add_row(
            one.channel.value.replace("_", " "),
            _percent(one.covered_fraction),
            f"{one.estimated_minutes} min",
            _gap_words(one.gaps, one.longest_gap, zone),
        )
    return table


def meter_table(registers: Sequence["RegisterCoverage"]) -> Table:
    """One row for each register of each source."""
    names = (
        *("source", "register", "on record", "estimate", "substitute"),
        *("gaps", "flat-lined"),
    )
    table = _table("Meter", names)
    for one in registers:
        coverage, flow = one.coverage, one.register.flow
        table.add_row(
            escape(one.register.source),
            escape(one.register.name)
            + f" {'not said' if flow is None else flow.value.replace('_', ' ')}",
            _percent(coverage.covered_fraction),
            _percent(coverage.estimated_fraction),
            _percent(coverage.substituted_fraction),
            str(len(coverage.gaps) or "none"),
            str(len(coverage.flat_runs) or "none"),
        )
    return table


def meter_words(registers: Sequence["RegisterCoverage"], zone: ZoneInfo) -> list[str]:
    """Gaps and flat lines of each register that has any, a sentence each."""
    said = []
    for one in registers:
        coverage = one.coverage
        name = f"{one.register.source} {one.register.name}"
        if coverage.gaps:
            gaps = _gap_words(coverage.gaps, coverage.longest_gap, zone)
            said.append(f"{name} gaps: {gaps}")
        if coverage.flat_runs:
            said.append(f"{name} flat-lined: {_flat_words(coverage.flat_runs, zone)}")
    return said


def spot_table(spot: Sequence["SpotCoverage"], zone: ZoneInfo) -> Table:
    """One row for each region."""
    names = ("region", "on record", "mean $/MWh", "highest", "below 0", "gaps")
    table = _table("Wholesale prices, without GST", names)
    for one in spot:
        mean, highest = one.mean_aud_per_mwh_ex_gst, one.highest_aud_per_mwh_ex_gst
        table.add_row(
            one.region,
            _percent(one.covered_fraction),
            "-" if mean is None else f"{mean:,.2f}",
            "-" if highest is None else f"{highest:,.2f}",
            _percent(one.negative_fraction),
            _gap_words(one.gaps, one.longest_gap, zone),
        )
    return table


def car_table(cars: Sequence["CarCoverage"], zone: ZoneInfo) -> Table:
    """One row for each car of each source."""
    names = ("source", "car", "drives", "km", "charges", "kWh", "first", "last")
    table = _table("Cars", names)
    for one in cars:
        table.add_row(
            one.source,
            escape(one.car or "not said"),
            f"{one.drive_count:,}",
            f"{one.km:,.0f}",
            f"{one.charge_count:,}",
            f"{one.added_kwh:,.1f}",
            _moment(one.first, zone),
            _moment(one.last, zone),
        )
    return table


def car_words(cars: Sequence["CarCoverage"]) -> list[str]:
    """What is missing of each car that lacks anything, a sentence each."""
    said = []
    for one in cars:
        name = f"{one.source} {one.car}".strip()
        if one.without_energy_count:
            said.append(
                f"{name}: {one.without_energy_count} of {one.drive_count} drives "
                "without energy"
            )
        if one.missing_charge_count:
            said.append(
                f"{name}: charges missing: {one.missing_charge_count}, as often the "
                "battery was fuller than it had been left"
            )
    return said


def pair_words(pair: "SourcePair", zone: ZoneInfo) -> list[str]:
    """How far two sources are apart, and whose clock is off, a sentence each."""
    comparison = pair.comparison
    what = f"{pair.second} against {pair.first} ({pair.flow.value.replace('_', ' ')})"
    median = comparison.median_day_difference_fraction
    total = comparison.ratio
    energy = (
        f"{what}: {_day_count(len(comparison.days))} compared, "
        f"daily difference median {'unknown' if median is None else f'{median:.1%}'}, "
        f"total {'unknown' if total is None else f'{total - 1:+.1%}'}"
    )
    if comparison.shifts:
        return [
            energy,
            *(_shift_words(pair, shift, zone) for shift in comparison.shifts),
        ]
    if len(comparison.days) < LEAST_STRETCH_DAYS:
        return [f"{energy}; too few days to compare their clocks"]
    return [f"{energy}; no clock shift found"]


def _shift_words(pair: "SourcePair", shift: ClockShift, zone: ZoneInfo) -> str:
    minutes = int(shift.shift.total_seconds()) // 60
    side, later = ("behind", pair.second) if minutes > 0 else ("ahead of", pair.first)
    length = _NAMED.get(abs(minutes), f"{abs(minutes)} min")
    cause = ""
    if abs(shift.shift) == _HOUR and _is_daylight_saving(shift, zone):
        cause = f", as if its stamps were {_DAYLIGHT}"
    return (
        f"{pair.second} runs {abs(minutes)} min {side} {pair.first} "
        f"from {shift.first_day} {_until(shift, pair.comparison)}: {later} has the "
        f"same energy {length} later{cause}; interval by interval they differ by "
        f"{shift.unshifted_error_fraction:.0%} of the energy, with the shift taken "
        f"out by {shift.error_fraction:.0%}"
    )


def _until(shift: ClockShift, comparison: MeterComparison) -> str:
    is_last = bool(comparison.days) and shift.last_day >= comparison.days[-1].day
    return "on" if is_last else f"to {shift.last_day}"


def _is_daylight_saving(shift: ClockShift, zone: ZoneInfo) -> bool:
    """Whether the stretch lies in daylight saving, but for a day at either end."""
    days = (shift.last_day - shift.first_day).days - 1
    inner = [shift.first_day + timedelta(days=number + 1) for number in range(days)]
    return bool(inner) and all(_saves_daylight(day, zone) for day in inner)


def _saves_daylight(day: date, zone: ZoneInfo) -> bool:
    return bool(datetime.combine(day, time(12), zone).dst())


def _flat_words(runs: Sequence[FlatRun], zone: ZoneInfo) -> str:
    if not runs:
        return "none"
    longest = max(runs, key=lambda run: run.length)
    return (
        f"{len(runs)}, longest {_length(longest.length)} at {longest.kw:.3g} kW "
        f"from {_moment(longest.start, zone)}"
    )


def _gap_words(gaps: Sequence[Gap], longest: Gap | None, zone: ZoneInfo) -> str:
    if longest is None:
        return "none"
    return (
        f"{len(gaps)}, longest {_length(longest.length)} "
        f"from {_moment(longest.start, zone)}"
    )


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    parts = [
        _day_count(days) if days else "",
        f"{rest // 60} h" if rest >= 60 else "",
        f"{rest % 60} min" if rest % 60 else "",
    ]
    return " ".join(part for part in parts if part)


def _day_count(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _percent(fraction: float | None) -> str:
    """Rounded down, so that 100 % means all of it."""
    if fraction is None:
        return "-"
    return f"{math.floor(fraction * 1e5 + 1e-9) / 1e3:.3f}%"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in columns:
        table.add_column(name)
    return table
