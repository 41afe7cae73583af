"""Power and its cost over the last hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.analysis.running_costs.costed_home import costed_home
from home_energy.analysis.running_costs.measured_cost import measured_cost
from home_energy.domain.power import FIVE_MINUTES
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid, floor_to_step
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """The last hours in steps of five minutes, NaN where something is not known.

    Parameters
    ----------
    starts
        Of each five minutes, in order. (T,) [aware UTC]
    grid_watts
        Mean power, positive when bought. (T,) [W]
    cost_aud_per_hour
        Of that power, negative when it earns. (T,) [AUD/h]
    import_c_per_kwh
        Price of what is bought. (T,) [c/kWh]
    """

    starts: tuple[datetime, ...]
    grid_watts: FloatArray
    cost_aud_per_hour: FloatArray
    import_c_per_kwh: FloatArray


def trend(store: Store, settings: Settings, now: datetime, hours: int = 6) -> Trend:
    """Read the last hours.

    Parameters
    ----------
    now
        Trusted time; five minutes that are not over are not in it. [aware UTC]

    Raises
    ------
    ConfigError
        If the tariff is unknown or at fault, or nothing says which site is the home's.
    StoreError
        If the store cannot be read.
    """
    end = floor_to_step(now, FIVE_MINUTES)
    grid = TimeGrid.between(end - timedelta(hours=hours), end, FIVE_MINUTES)
    with store.snapshot():
        found = measured_cost(costed_home(store, settings), grid)
    return Trend(
        starts=tuple(grid),
        grid_watts=found.grid_watts,
        cost_aud_per_hour=found.aud_per_hour,
        import_c_per_kwh=found.import_c_per_kwh,
    )
