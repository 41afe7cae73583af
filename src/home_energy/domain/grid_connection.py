"""What may flow between the home and the grid."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError


@dataclass(frozen=True, slots=True, eq=False)
class GridConnection:
    """Limits at the meter.

    Parameters
    ----------
    import_limit_kw
        What the main switch carries. [kW]
    export_limit_kw
        What the network allows: one figure, or one for each interval where exports
        are flexible. (T,) [kW]
    curtails_solar
        Whether solar is held back when exporting would cost. Without it solar is
        exported at any price, up to the limit.
    """

    import_limit_kw: float = 15.0
    export_limit_kw: float | FloatArray = 5.0
    curtails_solar: bool = True

    def __post_init__(self) -> None:
        """Refuse limits that cannot be."""
        limits = np.append(np.asarray(self.export_limit_kw), self.import_limit_kw)
        if not np.all(np.isfinite(limits)) or np.any(limits < 0):
            raise DataError(
                "GridConnection: limits must be numbers of 0 or more, got "
                f"{limits.min()} kW"
            )

    def export_limits_kwh(self, grid: TimeGrid) -> FloatArray:
        """Greatest export in each interval. (T,) [kWh]"""
        hours = grid.step.total_seconds() / 3600
        limits = np.asarray(self.export_limit_kw, dtype=np.float64)
        if limits.ndim and limits.shape != (grid.count,):
            raise AlignmentError(
                f"{limits.size} export limits for {grid.count} intervals; expected "
                "one figure, or one for each interval"
            )
        return np.broadcast_to(limits * hours, (grid.count,))

    def import_limits_kwh(self, grid: TimeGrid) -> FloatArray:
        """Greatest import in each interval. (T,) [kWh]"""
        hours = grid.step.total_seconds() / 3600
        return np.full(grid.count, self.import_limit_kw * hours)
