"""The region's real sun, scaled to one roof.

The market operator publishes what all roofs of a region make. Its shape moved with
the year's prices as the sun really did, which no typical year can. Capacity grew
through the year: the shape is divided by it, and the year's energy is set to a stated
yield.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.analysis.solar.irradiance_split import share_by_shape
from home_energy.analysis.solar.sun_path import POINT_STEP, sun_path
from home_energy.domain.series import EnergySeries, FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.true_runs import true_runs
from home_energy.errors import AlignmentError, DataError

GROWTH_FRACTION_PER_YEAR = 0.12
"""Capacity added in a year over capacity at its start: 2.9 to 3.2 GW expected for 2025
(Clean Energy Regulator, Quarterly Carbon Market Report, December quarter 2024) on about
25 GW. The same for every region; ``docs/models/solar.md`` says why."""

DAYLIGHT_W_PER_M2 = 30.0
"""Clear sky under which all roofs of a region never make nothing: in 2025 no zero was
published above 5 W/m2 but for three, each beside a gap."""

LONGEST_FILL = timedelta(hours=1)
"""Longest gap that `filled_by_line` fills."""

_YEAR_HOURS = 8760


@dataclass(frozen=True, slots=True)
class Region:
    """Where a region's roofs are, and what a kW of them makes.

    Parameters
    ----------
    name
        The market's: ``VIC1``.
    latitude_deg, longitude_deg
        Of its capital, near which most roofs are. [degrees]
    yield_kwh_per_kw
        Of the capital in a typical year: 365 times the Clean Energy Council's daily
        figure, as solarwarehouseaustralia.com.au gives it. [kWh/kW]
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    yield_kwh_per_kw: float


REGIONS = {
    region.name: region
    for region in (
        Region("NSW1", -33.87, 151.21, 1424.0),
        Region("QLD1", -27.47, 153.03, 1533.0),
        Region("SA1", -34.93, 138.60, 1533.0),
        Region("TAS1", -42.88, 147.33, 1278.0),
        Region("VIC1", -37.81, 144.96, 1314.0),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class RegionalPower:
    """Mean power of all roofs of a region in each interval.

    Parameters
    ----------
    region
        Whose roofs.
    grid
        Axis of T intervals: one whole year.
    mean_mw
        NaN where missing. (T,) [MW]
    """

    region: Region
    grid: TimeGrid
    mean_mw: FloatArray

    def __post_init__(self) -> None:
        """Refuse what is no year, does not fit its axis, or is negative."""
        name = f"rooftop solar of {self.region.name}"
        if self.mean_mw.shape != (self.grid.count,):
            raise AlignmentError(
                f"{name} has shape {self.mean_mw.shape} for {self.grid.count} intervals"
            )
        length_hours = (self.grid.end - self.grid.start) / timedelta(hours=1)
        if length_hours not in (_YEAR_HOURS, _YEAR_HOURS + 24):
            raise DataError(
                f"{name} covers {self.grid.start} to {self.grid.end}; expected one "
                "whole year, on which its yield can be set"
            )
        if np.any(self.mean_mw < 0) or np.any(np.isinf(self.mean_mw)):
            raise DataError(f"{name} holds a negative or infinite power")
        object.__setattr__(self, "mean_mw", read_only(self.mean_mw))

    @property
    def missing_count(self) -> int:
        """Intervals without a value."""
        return int(np.count_nonzero(np.isnan(self.mean_mw)))


def regional_output(
    power: RegionalPower,
    kw_dc: float,
    grid: TimeGrid,
    *,
    yield_kwh_per_kw: float | None = None,
    growth_fraction_per_year: float = GROWTH_FRACTION_PER_YEAR,
) -> EnergySeries:
    """What a roof of average tilt and direction would have made under that sun.

    Energy of an interval is ``kW y s / sum(s)`` with ``s = MW / (1 + g t)``, where `y`
    is the yearly yield, `g` the growth of capacity and `t` the part of the year gone.
    Within a half-hour it follows the clear sky. A missing interval stays missing and is
    counted in the sum as the mean of the same time of the days before and after.

    Parameters
    ----------
    power
        One year of the region.
    kw_dc
        Size of the home's panels. [kW DC]
    grid
        Axis of the answer, within that year; its step is a multiple of 5 minutes.
    yield_kwh_per_kw
        Of the year; the region's typical one when not said. [kWh/kW]
    growth_fraction_per_year
        Of the region's capacity.

    Raises
    ------
    AlignmentError
        If the axes have no common five minutes.
    DataError
        If `grid` is not within the year, or a figure cannot be.
    """
    if yield_kwh_per_kw is None:
        yield_kwh_per_kw = power.region.yield_kwh_per_kw
    _require_positive(kw_dc, yield_kwh_per_kw, 1 + growth_fraction_per_year)
    first, last = _part_of_year(power.grid, grid)
    gone_fraction = (np.arange(power.grid.count) + 0.5) / power.grid.count
    shape = power.mean_mw / (1 + growth_fraction_per_year * gone_fraction)
    year_kwh = shape * kw_dc * yield_kwh_per_kw / _sum_of_year(shape, power.grid)
    per_value = power.grid.step // POINT_STEP
    start = power.grid.start + first * power.grid.step
    points = TimeGrid(start, POINT_STEP, (last - first) * per_value)
    sun = sun_path(power.region.latitude_deg, power.region.longitude_deg, points)
    points_kwh = (
        share_by_shape(year_kwh[first:last], sun.clear_ghi_w_per_m2) / per_value
    )
    skipped = (grid.start - start) // POINT_STEP
    wanted = points_kwh[skipped : skipped + grid.count * (grid.step // POINT_STEP)]
    return EnergySeries(grid, wanted.reshape(grid.count, -1).sum(axis=1))


def without_daylight_zeros(power: RegionalPower) -> tuple[RegionalPower, int]:
    """Take zeros in daylight as missing, and say how many those were.

    On 9 August 2025 the operator lost half an hour of every region, and published 0 for
    the next one of three, with the sun up.
    """
    is_wrong = (power.mean_mw == 0) & (_clear_w_per_m2(power) > DAYLIGHT_W_PER_M2)
    kept_mw = np.where(is_wrong, np.nan, power.mean_mw)
    kept = RegionalPower(power.region, power.grid, kept_mw)
    return kept, int(np.count_nonzero(is_wrong))


def filled_by_line(power: RegionalPower) -> tuple[RegionalPower, int]:
    """Fill gaps of up to an hour by a straight line, and say how many intervals.

    A longer gap, and one at the year's ends, stays.
    """
    filled_mw = power.mean_mw.copy()
    numbers = np.arange(power.grid.count)
    is_missing = np.isnan(power.mean_mw)
    for first, last in true_runs(is_missing):
        is_inside = first > 0 and last < power.grid.count
        if is_inside and (last - first) * power.grid.step <= LONGEST_FILL:
            filled_mw[first:last] = np.interp(
                numbers[first:last], (first - 1, last), power.mean_mw[[first - 1, last]]
            )
    filled = RegionalPower(power.region, power.grid, filled_mw)
    return filled, power.missing_count - filled.missing_count


def _clear_w_per_m2(power: RegionalPower) -> FloatArray:
    """Mean of the clear sky in each interval. (T,) [W/m2]"""
    per_interval = power.grid.step // POINT_STEP
    points = TimeGrid(power.grid.start, POINT_STEP, power.grid.count * per_interval)
    sun = sun_path(power.region.latitude_deg, power.region.longitude_deg, points)
    means = sun.clear_ghi_w_per_m2.reshape(power.grid.count, -1).mean(axis=1)
    return np.asarray(means)


def _sum_of_year(shape: FloatArray, grid: TimeGrid) -> float:
    """Sum with missing intervals taken as the mean of a day before and a day after."""
    day = timedelta(days=1) // grid.step
    missing = np.flatnonzero(np.isnan(shape))
    neighbours = [
        shape[[k for k in (i - day, i + day) if 0 <= k < grid.count]] for i in missing
    ]
    if any(np.isnan(values).any() for values in neighbours):
        raise DataError(
            "rooftop solar: the same time is missing on days in a row; expected a "
            "nearly whole year, on which its yield can be set"
        )
    total = float(np.nansum(shape)) + sum(float(v.mean()) for v in neighbours)
    _require_positive(total)
    return total


def _part_of_year(year: TimeGrid, grid: TimeGrid) -> tuple[int, int]:
    """First interval of the year that `grid` touches, and the one after the last."""
    if any(x % POINT_STEP for x in (year.step, grid.step, grid.start - year.start)):
        raise AlignmentError(
            f"rooftop solar on {year} and solar on {grid} have no common five minutes"
        )
    if grid.start < year.start or grid.end > year.end:
        raise DataError(
            f"rooftop solar from {year.start} to {year.end} does not cover "
            f"{grid.start} to {grid.end}; expected an axis within it"
        )
    first = (grid.start - year.start) // year.step
    return first, -((year.start - grid.end) // year.step)


def _require_positive(*values: float) -> None:
    if not all(np.isfinite(value) and value > 0 for value in values):
        raise DataError(
            "rooftop solar: size, yield, capacity and the year's energy must be more "
            f"than 0, got {', '.join(f'{value:g}' for value in values)}"
        )
