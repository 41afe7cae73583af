"""What every tariff can say: prices before, a bill after."""

from typing import Protocol

from home_energy.domain.bill import Bill
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.rates import Rates
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid


class Tariff(Protocol):
    """Prices before, a bill after."""

    @property
    def name(self) -> str:
        """What the household calls it."""
        ...

    def rates(self, grid: TimeGrid, spot: PriceSeries | None) -> Rates:
        """Price of one more kilowatt-hour in each interval.

        Parameters
        ----------
        spot
            Wholesale price with GST on the same grid; needed only by tariffs that
            pass it on. [c/kWh]
        """
        ...

    def bill(self, energy: MeteredEnergy, spot: PriceSeries | None) -> Bill:
        """Bill of what went through the meter, by month of the meter (NEM days)."""
        ...


class PassedOnPrices(Protocol):
    """Amber's price of each interval, recorded or rebuilt."""

    def on(
        self, grid: TimeGrid, channel: Channel, spot: PriceSeries | None
    ) -> PriceSeries:
        """Price of one channel on an axis.

        Raises
        ------
        DataError
            If an interval has neither a recorded price nor what rebuilding it needs.
        """
        ...
