"""What went through the retailer's meter: the energy that a bill is made of."""

from dataclasses import dataclass
from datetime import timedelta

from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.time_grid import TimeGrid


@dataclass(frozen=True, slots=True, eq=False)
class MeteredEnergy:
    """Energy through the meter on one axis of T intervals. [kWh per interval]

    Parameters
    ----------
    grid
        Axis of T intervals.
    general_kwh
        Bought on the general register. (T,)
    feed_in_kwh
        Sold; zeros in a home that cannot export. (T,)
    controlled_load_kwh
        Bought on the register that the network switches; `None` without one. (T,)
    """

    grid: TimeGrid
    general_kwh: FloatArray
    feed_in_kwh: FloatArray
    controlled_load_kwh: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse energy that is negative or does not fit the axis."""
        for name in ("general_kwh", "feed_in_kwh", "controlled_load_kwh"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, EnergySeries(self.grid, values).kwh)

    def at_step(self, step: timedelta) -> "MeteredEnergy":
        """The same energy in longer or shorter intervals; see `EnergySeries`."""
        general = EnergySeries(self.grid, self.general_kwh).at_step(step)
        feed_in = EnergySeries(self.grid, self.feed_in_kwh).at_step(step)
        if self.controlled_load_kwh is None:
            return MeteredEnergy(general.grid, general.kwh, feed_in.kwh)
        controlled = EnergySeries(self.grid, self.controlled_load_kwh).at_step(step)
        return MeteredEnergy(general.grid, general.kwh, feed_in.kwh, controlled.kwh)
