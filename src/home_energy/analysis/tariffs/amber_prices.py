"""Amber's price of each interval: as recorded, else rebuilt from the spot price."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.amber_coefficients import AmberFit
from home_energy.domain.price import Channel
from home_energy.domain.price_rows import IntArray
from home_energy.domain.series import FloatArray, PriceSeries, require_same_grid
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class AmberPrices:
    """What Amber charged and paid one home; see `PassedOnPrices`.

    Parameters
    ----------
    recorded
        Final prices of each channel, NaN where there are none; on `feed_in` positive
        when the household is paid. A channel without any may be left out.
    fit
        To rebuild what is not recorded; `None` refuses it.
    from_usage_count
        How many of the recorded prices of a channel only usage rows tell.
    """

    recorded: Mapping[Channel, PriceSeries]
    fit: AmberFit | None
    from_usage_count: Mapping[Channel, int] = field(default_factory=dict)

    def on(
        self, grid: TimeGrid, channel: Channel, spot: PriceSeries | None
    ) -> PriceSeries:
        """Price of one channel on an axis.

        Where the record has shorter intervals than the axis, a longer interval has
        the mean of its parts, some of which may be rebuilt.

        Parameters
        ----------
        spot
            Wholesale price with GST on the same axis; needed only where the record
            has a hole. [c/kWh]

        Raises
        ------
        DataError
            If an interval has neither a recorded price nor what rebuilding it needs.
        AlignmentError
            If `spot` lies on another axis, or the record cannot be put on this one.
        """
        if spot is not None:
            require_same_grid(grid, spot.grid, "prices and the spot price")
        known = self._recorded_on(grid, channel)
        is_hole = np.isnan(known.c_per_kwh)
        if not np.any(is_hole):
            return known.at_step(grid.step)
        values = np.array(known.c_per_kwh)
        values[is_hole] = self._rebuilt(known.grid, channel, spot, is_hole)
        return PriceSeries(known.grid, values).at_step(grid.step)

    def rebuilt_fraction(self, grid: TimeGrid, channel: Channel) -> float:
        """Share of an axis whose price is not on record; 0 for an empty axis."""
        known = self._recorded_on(grid, channel)
        return known.missing_count / max(known.grid.count, 1)

    def rebuilt_minutes(self, grid: TimeGrid, channel: Channel) -> int:
        """Time of an axis whose price is not on record. [minutes]"""
        known = self._recorded_on(grid, channel)
        return known.missing_count * known.grid.step // timedelta(minutes=1)

    @property
    def lacks_lines(self) -> bool:
        """Whether the fit cannot rebuild a hole of the record, whatever the spot."""
        if self.fit is None:
            return False
        for channel, known in self.recorded.items():
            start_s = _starts_s(known.grid, np.isnan(known.c_per_kwh))
            slope, _ = self.fit.coefficients(channel, start_s)
            if np.any(np.isnan(slope)):
                return True
        return False

    def notes_on(self, grid: TimeGrid, channel: Channel) -> tuple[str, ...]:
        """What prices of a channel rest on, beside price rows of their own time."""
        notes = []
        if count := self.from_usage_count.get(channel):
            notes.append(f"{count} intervals have the price that Amber's usage tells")
        if self.fit is not None:
            known = self._recorded_on(grid, channel)
            start_s = _starts_s(known.grid, np.isnan(known.c_per_kwh))
            notes += self.fit.notes_on(channel, start_s)
        return tuple(notes)

    def _recorded_on(self, grid: TimeGrid, channel: Channel) -> PriceSeries:
        """Record on an axis as fine as the finer of both, NaN where it has none."""
        series = self.recorded.get(channel)
        if series is None:
            return PriceSeries(grid, np.full(grid.count, np.nan))
        if series.grid == grid:
            return series
        step = min(grid.step, series.grid.step)
        fine = TimeGrid.between(grid.start, grid.end, step)
        series = series.at_step(step)
        first, remainder = divmod(series.grid.start - fine.start, step)
        if remainder:
            raise DataError(
                f"recorded prices begin at {series.grid.start}, which does not fall "
                f"on the axis from {grid.start} in steps of {step}; place them on an "
                "axis of whole five minutes"
            )
        values = np.full(fine.count, np.nan)
        start, end = max(first, 0), min(first + series.grid.count, fine.count)
        if start < end:
            values[start:end] = series.c_per_kwh[start - first : end - first]
        return PriceSeries(fine, values)

    def _rebuilt(
        self,
        fine: TimeGrid,
        channel: Channel,
        spot: PriceSeries | None,
        is_hole: NDArray[np.bool_],
    ) -> FloatArray:
        count = int(np.count_nonzero(is_hole))
        first = fine.start + int(np.argmax(is_hole)) * fine.step
        lacking = f"{count} intervals from {first:%Y-%m-%d %H:%M} UTC have no recorded"
        if self.fit is None or spot is None:
            needed = "Amber rows to fit" if self.fit is None else "a spot price"
            raise DataError(
                f"{lacking} Amber {channel} price, and rebuilding them needs {needed}; "
                "import Amber prices, and AEMO's of the home's region"
            )
        spot_c_per_kwh = spot.at_step(fine.step).c_per_kwh[is_hole]
        is_unknown = np.isnan(spot_c_per_kwh)
        if np.any(is_unknown):
            place = int(np.flatnonzero(is_hole)[int(np.argmax(is_unknown))])
            raise DataError(
                f"{lacking} Amber {channel} price, and {np.count_nonzero(is_unknown)} "
                "of them no spot price either, the first at "
                f"{fine.start + place * fine.step:%Y-%m-%d %H:%M} UTC; import AEMO "
                "prices of that month"
            )
        return self.fit.rebuild(channel, _starts_s(fine, is_hole), spot_c_per_kwh)


def _starts_s(grid: TimeGrid, which: NDArray[np.bool_]) -> IntArray:
    """Starts of some intervals of an axis, in seconds since 1970. (N,) [UTC]"""
    step_s = int(grid.step.total_seconds())
    starts: IntArray = int(grid.start.timestamp()) + np.flatnonzero(which) * step_s
    return starts
