"""Demand charges: the highest mean power in a window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from home_energy.analysis.tariffs.calendar_axis import CalendarAxis, IntArray
from home_energy.analysis.tariffs.plan import DemandCharge
from home_energy.analysis.tariffs.rate_times import BoolArray, times_of
from home_energy.analysis.tariffs.stretches import Stretch
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class ChargedDemand:
    """Demand that one stretch of a bill is charged for.

    Parameters
    ----------
    kw
        Measured in the month or the season, at least the charge's minimum. [kW]
    """

    stretch: Stretch
    charge: DemandCharge
    kw: float

    @property
    def price_aud_per_kw(self) -> float:
        """Price of one kW for the days or the share of the month. [AUD/kW]"""
        if self.charge.aud_per_kw_per_day is not None:
            return self.charge.aud_per_kw_per_day * self.stretch.days
        return (self.charge.aud_per_kw_per_month or 0.0) * self.stretch.month_fraction


def charged_demands(
    energy: MeteredEnergy, axis: CalendarAxis, parts: Sequence[Stretch]
) -> list[ChargedDemand]:
    """Demand of every stretch whose month belongs to a charge's window.

    A charge `measured_over` a season takes the highest of all billed months of its
    window in the same financial year; a change of the plan's figures does not begin
    it anew as long as the charge keeps its name.

    Raises
    ------
    AlignmentError
        If the intervals are longer than those that a charge measures.
    """
    measured = [
        ChargedDemand(part, charge, _highest_kw(charge, part, energy, axis))
        for part in parts
        for charge in part.period.demand
        if is_charged(charge, part)
    ]
    seasons: dict[tuple[str, int], float] = {}
    for demand in measured:
        season = (demand.charge.name, demand.stretch.financial_year)
        seasons[season] = max(seasons.get(season, 0.0), demand.kw)
    return [
        ChargedDemand(
            demand.stretch,
            demand.charge,
            max(
                demand.charge.minimum_kw,
                seasons[demand.charge.name, demand.stretch.financial_year]
                if demand.charge.measured_over == "season"
                else demand.kw,
            ),
        )
        for demand in measured
    ]


def measured_intervals(
    charge: DemandCharge, part: Stretch, axis: CalendarAxis
) -> IntArray:
    """Where the whole intervals of a charge within its window begin. (N,)

    An interval counts if all of it lies in the window's hours and kinds of day; one
    that the axis cuts does not count. The window's months are billed months: asked of
    the clock as well, the hour that a clock's month begins before the meter's would be
    measured in neither.

    Returns
    -------
    array of int
        Numbers on the axis; each interval is `intervals_per_demand` of it long.

    Raises
    ------
    AlignmentError
        If the axis is coarser than what the charge measures.
    """
    per_demand = intervals_per_demand(charge, axis)
    is_in_window = holds_in(charge, part, axis)
    starts = _starts(axis, part, charge.interval_minutes * 60)
    is_whole = np.diff(np.append(starts, is_in_window.size)) == per_demand
    is_in_all = np.logical_and.reduceat(is_in_window, starts) & is_whole
    return np.asarray(starts[is_in_all] + part.first)


def holds_in(charge: DemandCharge, part: Stretch, axis: CalendarAxis) -> BoolArray:
    """Whether a charge's hours and kinds of day hold in each interval of a stretch."""
    of_any_month = charge.model_copy(update={"months": ()})
    holds: BoolArray = times_of(of_any_month).ravel()[axis.slot[part.intervals]]
    return holds


def is_charged(charge: DemandCharge, part: Stretch) -> bool:
    """Whether a charge measures in the month of a stretch."""
    return not charge.months or part.month.month in charge.months


def intervals_per_demand(charge: DemandCharge, axis: CalendarAxis) -> int:
    """How many intervals of an axis one interval of a charge is long.

    Raises
    ------
    AlignmentError
        If the axis is coarser than what the charge measures.
    """
    length = timedelta(minutes=charge.interval_minutes)
    if length % axis.grid.step:
        raise AlignmentError(
            f"{charge.name} is measured over {charge.interval_minutes} minutes, which "
            f"energy in intervals of {axis.grid.step} cannot show; use finer energy"
        )
    return length // axis.grid.step


def _highest_kw(
    charge: DemandCharge, part: Stretch, energy: MeteredEnergy, axis: CalendarAxis
) -> float:
    """Highest mean power of the intervals of a charge in a stretch; 0 of none. [kW]"""
    first = measured_intervals(charge, part, axis)
    of_channel = energy.feed_in_kwh
    if charge.channel == "general":
        of_channel = energy.general_kwh
    places = first[:, np.newaxis] + np.arange(intervals_per_demand(charge, axis))
    sums = of_channel[places].sum(axis=1)
    return float(sums.max()) * 60 / charge.interval_minutes if sums.size else 0.0


def _starts(axis: CalendarAxis, part: Stretch, length_seconds: int) -> IntArray:
    """Where stretches of the clock begin; a repeated hour is measured twice. (N,)"""
    wall = axis.wall_seconds[part.intervals]
    is_new = np.diff(wall // length_seconds) != 0
    has_jumped = np.diff(wall) != axis.grid.step.total_seconds()
    return np.append(0, np.flatnonzero(is_new | has_jumped) + 1)
