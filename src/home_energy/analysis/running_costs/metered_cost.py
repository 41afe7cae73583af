"""What the energy that the retailer's meter counted cost, five minutes by five."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.running_costs.costed_home import CostedHome
from home_energy.analysis.running_costs.grid_prices import prices_on
from home_energy.analysis.usage.recorded_energy import read_recorded_energy
from home_energy.domain.meter_day import Flow
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class MeteredCost:
    """Usage on record and its cost, NaN where one of them is not known.

    Parameters
    ----------
    import_kwh, export_kwh
        Of every register that is billed. (T,) [kWh per interval]
    aud
        What was bought less what was sold. (T,) [AUD per interval]
    sources
        Whose word was used.
    """

    grid: TimeGrid
    import_kwh: FloatArray
    export_kwh: FloatArray
    aud: FloatArray
    sources: frozenset[str]

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Where every register and its price are known. (T,)"""
        return ~np.isnan(self.aud)


def metered_cost(home: CostedHome, grid: TimeGrid) -> MeteredCost | None:
    """Read usage and its prices on an axis of five minutes.

    Returns
    -------
    MeteredCost or None
        `None` without any usage on record.

    Raises
    ------
    ConfigError
        If the meaning of a register is open, or nothing says which meter is the home's.
    """
    try:
        recorded = read_recorded_energy(home.store, home.on_record, grid)
    except DataError:
        return None
    flows = recorded.billed_flows
    kwh = {Channel(flow.value): record.kwh for flow, record in flows.items()}
    prices = prices_on(home, grid, tuple(kwh))
    import_kwh, export_kwh = np.zeros(grid.count), np.zeros(grid.count)
    aud = np.zeros(grid.count)
    for channel, of_channel in kwh.items():
        # What did not flow needs no price.
        cost = np.where(of_channel == 0, 0.0, of_channel * prices[channel] / 100)
        if channel is Channel.FEED_IN:
            export_kwh += of_channel
            aud -= cost
        else:
            import_kwh += of_channel
            aud += cost
    taken = np.unique(flows[Flow.GENERAL].source_index).tolist()
    sources = frozenset(recorded.sources[number] for number in taken if number >= 0)
    return MeteredCost(grid, import_kwh, export_kwh, aud, sources)
