"""The same year with other spikes, or without its best intervals: what is left of it.

Above `SPIKE_C_PER_KWH` the price to buy is cut to it, or what lies above it is doubled.
Where the price to sell follows the market it moves by as much in the same intervals, so
that what lies between the two stays; elsewhere it stays as it is. The devices are run
anew at these prices: a strategy that learns from past prices learns from the changed
ones, and forecasts on record stay as they were issued. The home as it is takes the same
energy as before and pays the changed prices for it.

What a bill comes to at changed prices is what it comes to at the old ones, and each
kilowatt-hour times the change of its price: exact on any tariff, for blocks, demand and
fixed charges do not move. docs/models/stress.md is the manual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.dollars import SPIKE_C_PER_KWH
from home_energy.analysis.scenario.saved_years import saved_in_year
from home_energy.analysis.scenario.strategy_run import StrategyRun, Tell
from home_energy.analysis.scenario.year_figures import figures_of
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.ledger import total_aud
from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.price import Channel
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, PriceSeries
from home_energy.domain.time_grid import TimeGrid

BEST_INTERVALS = 10
"""One day can decide a year: savings are told without the best of them, too."""

NO_SPIKES, WITHOUT_BEST, DOUBLE_SPIKES = (
    "no_spikes",
    "without_ten_best_intervals",
    "double_spikes",
)

_TIMES = {NO_SPIKES: 0.0, DOUBLE_SPIKES: 2.0}
_SAID = {
    NO_SPIKES: f"no price above {SPIKE_C_PER_KWH:g} c/kWh",
    WITHOUT_BEST: f"without its {BEST_INTERVALS} best intervals",
    DOUBLE_SPIKES: f"all above {SPIKE_C_PER_KWH:g} c/kWh doubled",
}
NO_SPIKES_THERE = f"no interval above {SPIKE_C_PER_KWH:g} c/kWh"
TOO_SLOW = "not run: this way to run the devices takes too long to be run again"


@dataclass(frozen=True, slots=True, eq=False)
class SpikedPrices:
    """Prices of a tariff, taken apart at the mark of a spike.

    Parameters
    ----------
    rates
        As they were.
    bought_c_per_kwh
        Part of the price to buy that lies above the mark. (T,) [c/kWh]
    sold_c_per_kwh
        Part of the price to sell that moves with it. (T,) [c/kWh]
    """

    rates: Rates
    bought_c_per_kwh: FloatArray
    sold_c_per_kwh: FloatArray

    @property
    def has_spikes(self) -> bool:
        """Whether any price to buy lies above the mark."""
        return bool(np.any(self.bought_c_per_kwh > 0))

    def times(self, factor: float) -> Rates:
        """Rates with so many times as much above the mark."""
        more = factor - 1
        return replace(
            self.rates,
            import_c_per_kwh=self.rates.import_c_per_kwh + more * self.bought_c_per_kwh,
            export_c_per_kwh=self.rates.export_c_per_kwh + more * self.sold_c_per_kwh,
        )


@dataclass(frozen=True, slots=True)
class StressYear:
    """A run in a year that was harder, or kinder.

    Parameters
    ----------
    name, said
        Which year.
    saving_aud
        What is saved in it; `None` where it was not run. [AUD]
    more_saved
        What is saved in a year more than in the year as it was, by the names of
        `YearlyBenefit`; `None` where it was not run.
    """

    name: str
    said: str
    saving_aud: float | None
    more_saved: Mapping[str, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class StressedHome:
    """A home whose runs are set in other years.

    Parameters
    ----------
    baseline
        The home as it is.
    before, now
        Prices of its tariff, and of the runs'.
    years_per_run
        By how much the run's days are multiplied to be a year.
    """

    baseline: AsItIs
    before: SpikedPrices
    now: SpikedPrices
    years_per_run: float = 1.0

    def years(
        self, run: StrategyRun, problem: DispatchProblem, tell: Tell | None
    ) -> tuple[StressYear, ...]:
        """Every stress year of a run.

        Parameters
        ----------
        problem
            The home that was run.
        tell
            Runs a strategy anew; `None` where that takes too long.
        """
        none, double = (self._with_spikes(name, run, problem, tell) for name in _TIMES)
        return (none, self._without_best(run), double)

    def _with_spikes(
        self, name: str, run: StrategyRun, problem: DispatchProblem, tell: Tell | None
    ) -> StressYear:
        saving_aud = self.baseline.cost_aud - run.cost_aud
        if not (self.now.has_spikes or self.before.has_spikes):
            return StressYear(name, NO_SPIKES_THERE, saving_aud, {})
        factor, again = _TIMES[name], run
        if self.now.has_spikes and problem.has_storage:
            if tell is None:
                return StressYear(name, TOO_SLOW, None, None)
            at_prices = replace(problem, rates=self.now.times(factor))
            again = _valued_as(run, tell(run.strategy, at_prices))
        bought_aud, sold_aud = self._price_change_aud(again, factor - 1)
        more = self._more_saved(run, again)
        more["import_avoided_aud"] += bought_aud * self.years_per_run
        more["export_earned_aud"] += sold_aud * self.years_per_run
        saving_aud = self.baseline.cost_aud - again.cost_aud + bought_aud + sold_aud
        return StressYear(name, _SAID[name], saving_aud, more)

    def _price_change_aud(self, run: StrategyRun, more: float) -> tuple[float, float]:
        """What changed prices save, of what is bought and of what is sold. [AUD]"""
        before, flows = self.baseline.metered, run.dispatch
        then, now = self.before, self.now
        bought_c = (
            before.general_kwh * then.bought_c_per_kwh
            - flows.grid_import_kwh * now.bought_c_per_kwh
        )
        sold_c = (
            flows.grid_export_kwh * now.sold_c_per_kwh
            - before.feed_in_kwh * then.sold_c_per_kwh
        )
        return more * total_aud(bought_c), more * total_aud(sold_c)

    def _more_saved(self, run: StrategyRun, again: StrategyRun) -> dict[str, float]:
        """What another schedule saves more, at the prices as they were."""
        then, as_it_was = (
            saved_in_year(self.baseline, figures_of(one, 0.0), self.years_per_run)
            for one in (again, run)
        )
        return {name: then[name] - as_it_was[name] for name in then}

    def _without_best(self, run: StrategyRun) -> StressYear:
        best = best_intervals(run.saving_by_interval_aud)
        before, flows, now = self.baseline.metered, run.dispatch, self.now.rates
        best_aud = float(run.saving_by_interval_aud[best].sum())
        sold_c = (
            flows.grid_export_kwh * now.export_c_per_kwh
            - before.feed_in_kwh * self.before.rates.export_c_per_kwh
        )
        sold_aud = float(sold_c[best].sum()) / 100
        more = {
            "import_avoided_aud": -(best_aud - sold_aud) * self.years_per_run,
            "export_earned_aud": -sold_aud * self.years_per_run,
        }
        saving_aud = self.baseline.cost_aud - run.cost_aud - best_aud
        return StressYear(WITHOUT_BEST, _SAID[WITHOUT_BEST], saving_aud, more)


def best_intervals(saving_by_interval_aud: FloatArray) -> Sequence[int]:
    """Those that brought most, at most `BEST_INTERVALS`, none that brought nothing."""
    others = max(saving_by_interval_aud.size - BEST_INTERVALS, 0)
    best = np.argpartition(saving_by_interval_aud, others)[others:]
    return [int(number) for number in best if saving_by_interval_aud[number] > 0]


def spiked_prices(
    tariff: PlanTariff, grid: TimeGrid, spot: PriceSeries | None
) -> SpikedPrices:
    """Take a tariff's prices on an axis apart.

    Raises
    ------
    AlignmentError, DataError
        As `PlanTariff.rates`.
    """
    rates = tariff.rates(grid, spot)
    above = np.maximum(rates.import_c_per_kwh - SPIKE_C_PER_KWH, 0.0)
    sold = tariff.prices(grid, spot, {Channel.FEED_IN})[Channel.FEED_IN]
    follows_market = (sold.rates.spot_factor != 0) | sold.rates.is_amber
    moves = follows_market[sold.number]
    return SpikedPrices(rates, above, np.where(moves, above, 0.0))


def _valued_as(run: StrategyRun, again: StrategyRun) -> StrategyRun:
    """What is left in the stores at the end counts as in the year as it was."""
    return replace(
        again,
        at_end=replace(again.at_end, c_per_kwh=run.at_end.c_per_kwh),
        car_at_end=replace(again.car_at_end, c_per_kwh=run.car_at_end.c_per_kwh),
    )
