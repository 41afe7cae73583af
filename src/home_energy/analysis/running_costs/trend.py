"""Power and its cost over the last hours."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from home_energy.domain.series import FloatArray
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
    StoreError
        If the store cannot be read.
    """
    del store, settings, now, hours
    return Trend((), np.empty(0), np.empty(0), np.empty(0))
