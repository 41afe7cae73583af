"""How much of a register's period is on record, how sure it is, and where it stands.

Thresholds and the figures behind them: docs/models/coverage.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.coverage import Gap
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Quality
from home_energy.domain.series import EnergySeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.true_runs import true_runs
from home_energy.errors import AlignmentError

FLAT_VALUE_HOURS = 24.0
"""Exactly one value for so long is no household. [hours]"""
FLAT_ZERO_IMPORT_HOURS = 24.0
"""Nothing bought on the general register for so long. [hours]"""
FLAT_ZERO_OTHER_HOURS = 7 * 24.0
"""Nothing for so long on a register that often rests. [hours]"""


@dataclass(frozen=True, slots=True)
class FlatRun:
    """A stretch in which every interval has the same value.

    Parameters
    ----------
    start, end
        Half-open. [aware UTC]
    kw
        The value, as mean power. [kW]
    """

    start: datetime
    end: datetime
    kw: float

    @property
    def length(self) -> timedelta:
        """How long nothing moved."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class MeterCoverage:
    """Share of a period that is on record for one register.

    Parameters
    ----------
    start, end
        The period, half-open. [aware UTC]
    covered_minutes
        Time for which a value is on record. [minutes]
    estimated_minutes, substituted_minutes
        Of that, time with an estimate or less, and with a substitute. [minutes]
    gaps
        Every run without a value, in order.
    flat_runs
        Every run of one value that is too long to be a household's, in order.
    """

    start: datetime
    end: datetime
    covered_minutes: int
    estimated_minutes: int
    substituted_minutes: int
    gaps: tuple[Gap, ...]
    flat_runs: tuple[FlatRun, ...]

    @property
    def expected_minutes(self) -> int:
        """Length of the period. [minutes]"""
        return int((self.end - self.start).total_seconds()) // 60

    @property
    def covered_fraction(self) -> float | None:
        """Share of the period on record, 0 to 1; `None` for an empty period."""
        return _share(self.covered_minutes, self.expected_minutes)

    @property
    def estimated_fraction(self) -> float | None:
        """Share of what is on record that is estimated; `None` without any."""
        return _share(self.estimated_minutes, self.covered_minutes)

    @property
    def substituted_fraction(self) -> float | None:
        """Share of what is on record that is substituted; `None` without any."""
        return _share(self.substituted_minutes, self.covered_minutes)

    @property
    def longest_gap(self) -> Gap | None:
        """The longest run without a value."""
        return max(self.gaps, key=lambda gap: gap.length, default=None)


def meter_coverage(
    energy: EnergySeries, quality: NDArray[np.uint8], flow: Flow | None
) -> MeterCoverage:
    """Look at one register's period.

    Parameters
    ----------
    energy
        NaN where nothing is on record. (T,)
    quality
        A `Quality` for each interval, 0 where missing. (T,)
    flow
        What the register counts: zeros for a day are odd on `general` alone.
    """
    if quality.shape != energy.kwh.shape:
        raise AlignmentError(
            f"{quality.size} qualities for {energy.kwh.size} intervals of {energy.grid}"
        )
    grid = energy.grid
    is_known = ~np.isnan(energy.kwh)
    is_estimate = is_known & (quality <= Quality.ESTIMATE)
    return MeterCoverage(
        start=grid.start,
        end=grid.end,
        covered_minutes=_minutes(is_known, grid),
        estimated_minutes=_minutes(is_estimate, grid),
        substituted_minutes=_minutes(is_known & (quality == Quality.SUBSTITUTE), grid),
        gaps=missing_runs(is_known, grid),
        flat_runs=flat_runs(energy, flow),
    )


def missing_runs(is_known: NDArray[np.bool_], grid: TimeGrid) -> tuple[Gap, ...]:
    """Runs of intervals without a value, in order."""
    return tuple(
        Gap(grid.start + first * grid.step, grid.start + stop * grid.step)
        for first, stop in true_runs(~is_known)
    )


def flat_runs(energy: EnergySeries, flow: Flow | None) -> tuple[FlatRun, ...]:
    """Runs of exactly one value that last too long for what the register counts."""
    grid, kwh = energy.grid, energy.kwh
    if grid.count == 0:
        return ()
    starts = np.flatnonzero(np.r_[True, kwh[1:] != kwh[:-1]])  # NaN equals nothing
    counts = np.diff(np.r_[starts, grid.count])
    values = kwh[starts]
    step_hours = grid.step.total_seconds() / 3600
    is_import = flow is Flow.GENERAL
    zero_hours = FLAT_ZERO_IMPORT_HOURS if is_import else FLAT_ZERO_OTHER_HOURS
    least_hours = np.where(values == 0, zero_hours, FLAT_VALUE_HOURS)
    is_flat = ~np.isnan(values) & (counts * step_hours >= least_hours)
    return tuple(
        FlatRun(
            grid.start + int(first) * grid.step,
            grid.start + int(first + count) * grid.step,
            float(value) / step_hours,
        )
        for first, count, value in zip(
            starts[is_flat], counts[is_flat], values[is_flat], strict=True
        )
    )


def _minutes(chosen: NDArray[np.bool_], grid: TimeGrid) -> int:
    step_minutes = int(grid.step.total_seconds()) // 60
    return int(np.count_nonzero(chosen)) * step_minutes


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
