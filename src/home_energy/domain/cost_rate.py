"""What the power that flows now costs, by the hour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridPrices:
    """Prices that hold now.

    Parameters
    ----------
    import_c_per_kwh
        For what is bought. [c/kWh]
    feed_in_c_per_kwh
        For what is sold, positive when the household is paid; `None` where it is not
        known. [c/kWh]
    """

    import_c_per_kwh: float
    feed_in_c_per_kwh: float | None = None


def cost_aud_per_hour(grid_watts: float, prices: GridPrices) -> float | None:
    """Cost of an hour at this power and these prices; negative when it earns.

    Fixed charges are not in it, nor is a register of its own such as controlled load.

    Parameters
    ----------
    grid_watts
        Positive when bought. [W]

    Returns
    -------
    float or None
        `None` where power is sold at a price that is not known. [AUD/h]
    """
    c_per_kwh = prices.import_c_per_kwh if grid_watts >= 0 else prices.feed_in_c_per_kwh
    if c_per_kwh is None:
        return None
    return grid_watts / 1000 * c_per_kwh / 100
