"""Rules by which a battery is run, and the bound that no rule can pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.exact_schedule import exact_schedule
from home_energy.analysis.simulation.expected_day import (
    PRICE_TOLERANCE_C_PER_KWH,
    daily_quantiles,
    dear_price,
    expected_days,
    intervals_per_day,
)
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.analysis.simulation.outlook import Forecasts
from home_energy.analysis.simulation.rules import DailyBudget, Order, Orders, follow
from home_energy.domain.battery import Battery
from home_energy.domain.series import FloatArray
from home_energy.errors import AlignmentError, DataError

BoolArray = NDArray[np.bool_]


class Strategy(Protocol):
    """Decides what a battery stores, interval by interval.

    `stored_kwh` gets the whole problem so that a year is one compiled loop, but what
    it stores after an interval follows from the `Outlook` of that interval alone,
    unless `is_upper_bound`.
    """

    @property
    def name(self) -> str:
        """As a scenario writes it."""
        ...

    @property
    def is_upper_bound(self) -> bool:
        """Whether it has seen the future; never a saving anybody can have."""
        ...

    def stored_kwh(
        self, problem: DispatchProblem, forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """Above the reserve, before the first interval and after each. (T + 1,)"""
        ...


@dataclass(frozen=True, slots=True)
class SelfConsumption:
    """Store solar that is left over, serve the load with it; no eye on prices."""

    name: ClassVar[str] = "self_consumption"
    is_upper_bound: ClassVar[bool] = False

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`."""
        return follow(problem, _all(problem, Order.BALANCE))


@dataclass(frozen=True, slots=True, eq=False)
class TimeOfUse:
    """Charge and discharge by the clock; between, store solar and hold.

    Parameters
    ----------
    charges
        Where the battery fills up from solar and grid. (T,)
    discharges
        Where it serves the load. (T,)
    exports
        Whether it empties into the grid in its discharge windows.
    """

    name: ClassVar[str] = "time_of_use"
    is_upper_bound: ClassVar[bool] = False
    charges: BoolArray
    discharges: BoolArray
    exports: bool = False

    def __post_init__(self) -> None:
        """Refuse windows that overlap or differ in length."""
        if self.charges.shape != self.discharges.shape:
            raise AlignmentError(
                f"charge windows of shape {self.charges.shape}, discharge windows of "
                f"shape {self.discharges.shape}; expected the same"
            )
        both = self.charges & self.discharges
        if np.any(both):
            raise DataError(
                f"time_of_use: {np.count_nonzero(both)} intervals are both to charge "
                "and to discharge; a window must be one or the other"
            )

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`; windows after the problem's end are of no account."""
        count = problem.grid.count
        if self.charges.size < count:
            raise AlignmentError(
                f"time_of_use: windows for {self.charges.size} of {count} intervals"
            )
        orders = _all(problem, Order.SAVE)
        orders[self.charges[:count]] = Order.FILL
        orders[self.discharges[:count]] = Order.EMPTY if self.exports else Order.BALANCE
        return follow(problem, orders)


@dataclass(frozen=True, slots=True)
class PriceThreshold:
    """Charge below one price, discharge above another; between, store solar and hold.

    Above the upper price the load is served; where feed-in earns that much too, the
    battery empties into the grid.

    Parameters
    ----------
    charge_below_c_per_kwh, discharge_above_c_per_kwh
        Of the price to buy. [c/kWh]
    """

    name: ClassVar[str] = "price_threshold"
    is_upper_bound: ClassVar[bool] = False
    charge_below_c_per_kwh: float
    discharge_above_c_per_kwh: float

    def __post_init__(self) -> None:
        """Refuse thresholds that cross."""
        low, high = self.charge_below_c_per_kwh, self.discharge_above_c_per_kwh
        if not low < high:
            raise DataError(
                f"price_threshold: charge_below_c_per_kwh {low} must be less than "
                f"discharge_above_c_per_kwh {high}"
            )

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`."""
        count = problem.grid.count
        low = np.full(count, self.charge_below_c_per_kwh)
        high = np.full(count, self.discharge_above_c_per_kwh)
        return follow(problem, _by_price(problem, low, high))


@dataclass(frozen=True, slots=True)
class TrailingThreshold:
    """`PriceThreshold` at quantiles of the days before, renewed with each day.

    Days are counted from the first interval. On the first, of which nothing is known,
    solar is stored and the load served.

    Parameters
    ----------
    charge_quantile_fraction, discharge_quantile_fraction
        Of the prices to buy.
    days
        How many days before.
    """

    name: ClassVar[str] = "trailing_threshold"
    is_upper_bound: ClassVar[bool] = False
    charge_quantile_fraction: float = 0.2
    discharge_quantile_fraction: float = 0.8
    days: int = 7

    def __post_init__(self) -> None:
        """Refuse quantiles that cross, and no days."""
        low, high = self.charge_quantile_fraction, self.discharge_quantile_fraction
        if not (0 <= low < high <= 1 and self.days >= 1):
            raise DataError(
                "trailing_threshold: expected 0 <= charge quantile < discharge "
                f"quantile <= 1 and 1 day or more, got {low}, {high} and {self.days}"
            )

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`."""
        prices = problem.rates.import_c_per_kwh
        of_a_day = intervals_per_day(problem.grid)
        wanted = (self.charge_quantile_fraction, self.discharge_quantile_fraction)
        low, high = daily_quantiles(prices, of_a_day, self.days, wanted)
        orders = _by_price(problem, low, high)
        orders[:of_a_day] = Order.BALANCE
        return follow(problem, orders)


@dataclass(frozen=True, slots=True)
class SmartCycles:
    """What a retailer's automation does: a few cycles a day at expected prices.

    Each day is expected to be the mean of the days before at each time of day. Its
    cheap intervals are as many as it takes to fill the battery, by what a kWh into it
    costs: feed-in where the sun leaves some over, else the price to buy. Its dear
    intervals are those in which a full battery serves the expected load, dearest
    first. A cheap kWh with its losses and wear has a worth. Then, in each interval,
    the first that holds:

    1. feed-in earns as much as buying costs in the dear intervals, and more than the
       worth: empty into load and grid;
    2. no interval of the day is expected to cost more than the worth: store solar
       that is left over, serve the load;
    3. the interval is a cheap one, and a kWh bought now, with losses and wear, costs
       less than in the dear ones; or buying costs no more than in the cheap ones:
       fill up;
    4. the interval is a dear one, or buying costs as much as in one, and more than
       the worth: as 2;
    5. store solar that is left over, hold.

    What comes out of the cells in a day is at most `cycles_per_day` times what fits.
    Days are counted from the first interval; on the first, of which nothing is known,
    solar is stored and the load served.

    Parameters
    ----------
    cycles_per_day
        Budget of full cycles.
    days
        How many days before make the expected day.
    """

    name: ClassVar[str] = "smart_cycles"
    is_upper_bound: ClassVar[bool] = False
    cycles_per_day: float = 1.0
    days: int = 14

    def __post_init__(self) -> None:
        """Refuse no cycles and no days."""
        if not (0 < self.cycles_per_day < float("inf") and self.days >= 1):
            raise DataError(
                "smart_cycles: expected more than 0 cycles a day and 1 day or more, "
                f"got {self.cycles_per_day} and {self.days}"
            )

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`."""
        if problem.battery is None:
            return np.zeros(problem.grid.count + 1)
        of_a_day = intervals_per_day(problem.grid)
        orders = self._orders(problem, problem.battery, of_a_day)
        orders[:of_a_day] = Order.BALANCE
        out_kwh = self.cycles_per_day * problem.capacity_kwh
        return follow(problem, orders, DailyBudget(out_kwh, of_a_day))

    def _orders(
        self, problem: DispatchProblem, battery: Battery, of_a_day: int
    ) -> Orders:
        buy, sell = problem.rates.import_c_per_kwh, problem.rates.export_c_per_kwh
        lacking = problem.whole_load_kwh - problem.solar_kwh
        costs = expected_days(np.where(lacking < 0, sell, buy), of_a_day, self.days)
        prices = expected_days(buy, of_a_day, self.days)
        loads = expected_days(np.maximum(lacking, 0), of_a_day, self.days)
        out_kwh = problem.capacity_kwh * battery.discharge_efficiency_fraction
        cheap = costs.nth_smallest(_intervals_to_fill(problem, battery, of_a_day))
        cheap += PRICE_TOLERANCE_C_PER_KWH
        dear = dear_price(prices, loads, out_kwh) - PRICE_TOLERANCE_C_PER_KWH
        worth = _replacement_cost(battery, cheap)
        is_cheap = (costs.of_interval() <= cheap) & (
            _replacement_cost(battery, buy) < dear
        )
        is_dear = (prices.of_interval() >= dear) | (buy >= dear)
        orders = _all(problem, Order.SAVE)
        orders[is_dear & (buy > worth)] = Order.BALANCE
        orders[is_cheap | (buy <= cheap)] = Order.FILL
        orders[prices.greatest() <= worth] = Order.BALANCE
        orders[(sell >= dear) & (sell > worth)] = Order.EMPTY
        return orders


@dataclass(frozen=True, slots=True)
class PerfectForesight:
    """The cheapest that could have been done, knowing the whole run: an upper bound."""

    name: ClassVar[str] = "perfect_foresight"
    is_upper_bound: ClassVar[bool] = True

    def stored_kwh(
        self, problem: DispatchProblem, _forecasts: Forecasts | None = None, /
    ) -> FloatArray:
        """See `Strategy`."""
        return exact_schedule(problem).stored_kwh


STRATEGIES: Mapping[str, type[Strategy]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            SelfConsumption,
            TimeOfUse,
            PriceThreshold,
            TrailingThreshold,
            SmartCycles,
            ForecastStrategy,
            PerfectForesight,
        )
    }
)
"""By the name that a scenario writes."""


def _all(problem: DispatchProblem, order: Order) -> Orders:
    return np.full(problem.grid.count, order, dtype=np.int8)


def _by_price(problem: DispatchProblem, low: FloatArray, high: FloatArray) -> Orders:
    orders = _all(problem, Order.SAVE)
    buy, sell = problem.rates.import_c_per_kwh, problem.rates.export_c_per_kwh
    orders[buy > high] = Order.BALANCE
    orders[sell > high] = Order.EMPTY
    orders[buy < low] = Order.FILL
    return orders


def _intervals_to_fill(
    problem: DispatchProblem, battery: Battery, of_a_day: int
) -> int:
    charge_kw = battery.charge_kw * battery.charge_efficiency_fraction
    exact = problem.capacity_kwh / (charge_kw * problem.hours)
    return min(max(int(np.ceil(exact - 1e-9)), 1), of_a_day)


def _replacement_cost(battery: Battery, cheap: FloatArray) -> FloatArray:
    """What a kWh from the battery costs that was bought at a price. (T,) [c/kWh, AC]

    Of 1 kWh bought the round trip comes back; wear is paid on either way, for each kWh
    of the cells.
    """
    wear = 2 * battery.wear_c_per_kwh / battery.discharge_efficiency_fraction
    cost: FloatArray = cheap / battery.round_trip_fraction + wear
    return cost
