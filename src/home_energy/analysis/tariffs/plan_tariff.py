"""A plan as a tariff: prices before, a bill after."""

from collections.abc import Collection

import numpy as np

from home_energy.analysis.tariffs.billing import make_bill, used_kwh
from home_energy.analysis.tariffs.calendar_axis import CalendarAxis, calendar_axis
from home_energy.analysis.tariffs.channel_prices import (
    ChannelPrices,
    Wholesale,
    channel_prices,
)
from home_energy.analysis.tariffs.channel_rates import channel_rates
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.rate_times import require_sound
from home_energy.analysis.tariffs.stretches import period_starts
from home_energy.analysis.tariffs.tariff import PassedOnPrices
from home_energy.domain.bill import Bill
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.rates import Rates
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid


class PlanTariff:
    """A `Tariff` made of a `Plan`.

    Parameters
    ----------
    plan
        What the file says.
    passed_on
        Amber's own prices; needed only by plans with `amber = true`.
    registers
        What the home's meter has; `rates` asks for no price of any other, for Amber
        may not know one.

    Raises
    ------
    ConfigError
        If some half-hour of the plan has no rate, or two.
    """

    def __init__(
        self,
        plan: Plan,
        passed_on: PassedOnPrices | None = None,
        registers: Collection[Channel] = tuple(Channel),
    ) -> None:
        require_sound(plan)
        self.plan = plan
        self._passed_on = passed_on
        self._registers = registers
        self._rates = {channel: channel_rates(plan, channel) for channel in Channel}

    @property
    def name(self) -> str:
        """What the household calls it."""
        return self.plan.name

    @property
    def follows_market(self) -> bool:
        """Whether any of its prices follows the wholesale price, unknown beforehand."""
        return self.plan.follows_market

    def rates(self, grid: TimeGrid, spot: PriceSeries | None) -> Rates:
        """Price of one more kilowatt-hour in each interval.

        Of a rate in blocks this is the price of the first block: what a kilowatt-hour
        costs depends on how many went before, which only a bill knows. Export without
        a feed-in rate earns 0.

        Parameters
        ----------
        spot
            Wholesale price with GST on the same grid; needed only by tariffs that
            pass it on. [c/kWh]

        Raises
        ------
        DataError
            If the grid begins before the plan, or a needed price is missing.
        AlignmentError
            If the step does not divide 30 minutes, or `spot` lies on another grid.
        """
        prices = self.prices(grid, spot, {Channel.GENERAL, *self._registers})
        feed_in = prices.get(Channel.FEED_IN)
        controlled = prices.get(Channel.CONTROLLED_LOAD)
        return Rates(
            grid,
            prices[Channel.GENERAL].c_per_kwh,
            np.zeros(grid.count) if feed_in is None else feed_in.c_per_kwh,
            None if controlled is None else controlled.c_per_kwh,
        )

    def bill(self, energy: MeteredEnergy, spot: PriceSeries | None) -> Bill:
        """Bill of what went through the meter, by month of the meter (NEM days).

        A register through which nothing went needs no price.

        Raises
        ------
        DataError
            As `rates`; or if energy is missing, or went through a register for which
            the plan has no price.
        AlignmentError
            As `rates`.
        """
        used = used_kwh(energy)
        prices = self.prices(energy.grid, spot, used)
        return make_bill(self.plan, energy, prices, self.axis(energy.grid))

    def axis(self, grid: TimeGrid) -> CalendarAxis:
        """Calendar of an axis on the plan's clock."""
        return calendar_axis(grid, self.plan.clock, self.plan.public_holidays)

    def prices(
        self, grid: TimeGrid, spot: PriceSeries | None, channels: Collection[Channel]
    ) -> dict[Channel, ChannelPrices]:
        """Which rate holds in each interval and what it says, of some channels.

        Without controlled load if the plan has no rate for it. Errors as `rates`.
        """
        axis = self.axis(grid)
        periods = period_starts(self.plan, axis)
        wholesale = Wholesale(self.plan.name, spot, self._passed_on)
        return {
            channel: channel_prices(channel, rates, axis, periods, wholesale)
            for channel, rates in self._rates.items()
            if channel in channels
            if rates.exists or channel is Channel.FEED_IN
        }
