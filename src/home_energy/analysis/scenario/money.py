"""What the purchase behind a scenario's runs comes to, for each way to run it."""

from dataclasses import dataclass, replace

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import YearlyBenefit
from home_energy.analysis.finance.cash_flow import CashFlow, cash_flow
from home_energy.analysis.finance.doubt import Doubt, doubt
from home_energy.analysis.finance.months_on_record import (
    MonthlyBenefit,
)
from home_energy.analysis.finance.purchase_measures import (
    PurchaseMeasures,
    purchase_measures,
)
from home_energy.analysis.finance.spreads import shipped_spreads
from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.purchased import (
    Bought,
    NewDevices,
    bought,
    can_be_priced,
)
from home_energy.analysis.scenario.saved_months import months_on_record
from home_energy.analysis.scenario.saved_years import (
    Saved,
    SimulatedYear,
    aged_years,
    benefit_of,
    monthly_benefit,
    saved,
    simulated_years,
)
from home_energy.analysis.scenario.strategy_run import StrategyRun, Tell
from home_energy.analysis.scenario.year_engine import Capacity
from home_energy.analysis.scenario.year_figures import figures_of
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.series import FloatArray

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True, eq=False)
class RunMoney:
    """The purchase behind one run.

    Parameters
    ----------
    bought
        What, for how much, less what others pay.
    assumptions
        By what it is judged.
    simulated
        Years that were run; the others lie on lines between them.
    benefit
        What is saved in each year, at prices of the day of installation. (Y,)
    flow
        Money by the year. (Y+1,)
    measures
        All that it comes to.
    monthly
        What is saved in each month on record, at every simulated age.
    doubt
        All that it comes to in many futures.
    baseline
        What is saved is counted from it: the home with nothing bought, whose car is
        charged by the run's own strategy, for that needs no purchase.
    """

    bought: Bought
    assumptions: Assumptions
    simulated: tuple[SimulatedYear, ...]
    benefit: YearlyBenefit
    flow: CashFlow
    measures: PurchaseMeasures
    monthly: MonthlyBenefit
    doubt: Doubt
    baseline: AsItIs


@dataclass(frozen=True, slots=True, eq=False)
class JudgedHome:
    """A home whose runs are judged by money.

    Parameters
    ----------
    name
        Of the scenario.
    choice
        What is bought, as the file says.
    baseline
        The home as it is; in the judgement of a run with a car, charged as in the run.
    present_solar_kwh
        What its panels give without new ones. (T,) [kWh]
    kw_dc
        New panels; 0 for none. [kW]
    day_count
        How many days were run.
    is_hypothetical
        See `NewDevices`.
    """

    name: str
    choice: PurchaseBlock
    baseline: AsItIs
    present_solar_kwh: FloatArray
    kw_dc: float
    day_count: int
    is_hypothetical: bool = False

    @property
    def years_per_run(self) -> float:
        """By how much the run is multiplied to be a year; a whole year stays."""
        if self.day_count in (DAYS_OF_A_YEAR, DAYS_OF_A_YEAR + 1):
            return 1.0
        return DAYS_OF_A_YEAR / self.day_count

    @property
    def notes(self) -> tuple[str, ...]:
        """What the money rests on."""
        said = []
        if self.years_per_run != 1:
            times = f"{self.years_per_run:.3g} times"
            said.append(
                f"money by the year takes these {self.day_count} days {times}: seasons "
                "that they do not hold are not in it, and their luck in no range"
            )
        if self.baseline.car is not None:
            said.append(
                "money counts from the home with nothing bought and its car charged "
                "the same way: what better hours alone save needs no purchase"
            )
        return tuple(said)

    def devices(self, problem: DispatchProblem) -> NewDevices:
        """What the home of a run has that the home as it is has not."""
        return NewDevices(
            kw_dc=self.kw_dc,
            battery=problem.battery,
            had_solar=bool(self.present_solar_kwh.sum() > 0),
            has_car=problem.car is not None,
            is_hypothetical=self.is_hypothetical,
        )

    def can_price(self, problem: DispatchProblem) -> bool:
        """Whether the devices of a run have a price of their own."""
        return can_be_priced(self.choice, self.devices(problem))

    def bought(self, problem: DispatchProblem) -> Bought:
        """What is bought for a run; see `bought`."""
        return bought(self.name, self.choice, self.devices(problem))

    def aged(self, problem: DispatchProblem, left: Capacity) -> DispatchProblem:
        """The home of a run with what is left of its new devices."""
        battery = problem.battery
        if battery is not None:
            usable_kwh = battery.usable_kwh * left.battery_fraction
            battery = replace(battery, usable_kwh=usable_kwh)
        new_kwh = problem.solar_kwh - self.present_solar_kwh
        solar_kwh = self.present_solar_kwh + new_kwh * left.solar_fraction
        return replace(problem, battery=battery, solar_kwh=solar_kwh)

    def saved(self, run: StrategyRun) -> Saved:
        """What a run saves in a year."""
        figures = figures_of(run, self.baseline.cost_aud)
        return saved(self.baseline, figures, self.years_per_run)


def money_of_run(
    home: JudgedHome, run: StrategyRun, problem: DispatchProblem, tell: Tell
) -> RunMoney:
    """Judge the purchase behind a run.

    Parameters
    ----------
    problem
        The home of the run.
    tell
        Runs a strategy on a home whose devices have aged.

    Raises
    ------
    ConfigError, DataError
        As `bought`.
    """
    what = home.bought(problem)
    assumptions = home.choice.assumptions.assumed()
    ages = aged_years(assumptions, shipped_spreads())
    later = [
        home.saved(tell(run.strategy, home.aged(problem, left))) for _, left in ages[1:]
    ]
    simulated = simulated_years(ages, [home.saved(run), *later])
    return judged(what, assumptions, simulated, home.baseline)


def judged(
    what: Bought,
    assumptions: Assumptions,
    simulated: tuple[SimulatedYear, ...],
    baseline: AsItIs,
) -> RunMoney:
    """Money of a purchase whose years were simulated.

    Parameters
    ----------
    simulated
        At `aged_years` with the shipped spreads.
    baseline
        What they are counted from.
    """
    months = months_on_record(baseline)
    purchase = what.purchase
    benefit = benefit_of(simulated, assumptions)
    monthly = monthly_benefit(simulated, months)
    flow = cash_flow(purchase, assumptions, benefit)
    return RunMoney(
        bought=what,
        assumptions=assumptions,
        simulated=simulated,
        benefit=benefit,
        flow=flow,
        measures=purchase_measures(purchase, assumptions, benefit, flow),
        monthly=monthly,
        doubt=doubt(purchase, assumptions, monthly),
        baseline=baseline,
    )
