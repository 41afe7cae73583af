"""Temperature outside, where and when a car is driven."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError


@dataclass(frozen=True, slots=True, eq=False)
class OutsideTemperature:
    """Means of the intervals of one axis: of minutes, of hours or of days.

    Parameters
    ----------
    grid
        Axis of T intervals.
    celsius
        What is missing is NaN. (T,) [degrees Celsius]
    """

    grid: TimeGrid
    celsius: FloatArray

    def __post_init__(self) -> None:
        """Refuse values that do not fit their axis."""
        if self.celsius.shape != (self.grid.count,):
            raise AlignmentError(
                f"OutsideTemperature has values of shape {self.celsius.shape} for "
                f"{self.grid.count} intervals"
            )
        object.__setattr__(self, "celsius", read_only(self.celsius))

    def at(self, moment: datetime) -> float | None:
        """At a moment; `None` where it is missing or outside of the axis."""
        if not self.grid.start <= moment < self.grid.end:
            return None
        found = float(self.celsius[self.grid.index(moment)])
        return None if np.isnan(found) else found
