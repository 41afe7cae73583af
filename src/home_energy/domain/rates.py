"""What a kilowatt-hour costs and earns in each interval, known beforehand."""

from dataclasses import dataclass

from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Prices of one home on one axis of T intervals. [c/kWh]

    Parameters
    ----------
    grid
        Axis of T intervals.
    import_c_per_kwh
        Price of general import, with GST. (T,)
    export_c_per_kwh
        What feed-in earns; positive when the household is paid. (T,)
    controlled_load_c_per_kwh
        Price of controlled load, with GST; `None` without such a register. (T,)
    """

    grid: TimeGrid
    import_c_per_kwh: FloatArray
    export_c_per_kwh: FloatArray
    controlled_load_c_per_kwh: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse prices that do not fit the axis."""
        for name in (
            "import_c_per_kwh",
            "export_c_per_kwh",
            "controlled_load_c_per_kwh",
        ):
            values = getattr(self, name)
            if values is not None:
                fitted = PriceSeries(self.grid, values).c_per_kwh
                object.__setattr__(self, name, fitted)
