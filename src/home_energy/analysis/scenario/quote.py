"""Whether a quote is good on the household's data, and what waiting would change."""

from dataclasses import dataclass, replace
from datetime import date

from home_energy.analysis.driving.catalogue import feasibility_of
from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.benefit import (
    PriceLevels,
    YearlyBenefit,
    price_levels,
)
from home_energy.analysis.finance.cash_flow import cash_flow
from home_energy.analysis.finance.doubt import Doubt, Range, range_of
from home_energy.analysis.finance.draws import draw
from home_energy.analysis.finance.incentives import (
    Waiting,
    incentives_for,
    what_waiting_changes,
)
from home_energy.analysis.finance.measures import npv_aud
from home_energy.analysis.finance.purchase import Purchase
from home_energy.analysis.finance.spreads import shipped_spreads
from home_energy.analysis.scenario.doubt_result import of_draws
from home_energy.analysis.scenario.money import RunMoney
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.run import NO_BATTERY, ScenarioRun, run_scenario
from home_energy.analysis.scenario.scenario_file import MANUAL, Scenario
from home_energy.analysis.scenario.scenario_home import OnProgress
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy
from home_energy.domain.bill import whole_dollars
from home_energy.domain.series import FloatArray
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class LaterPurchase:
    """The same purchase at the same price on a later day, in today's dollars.

    Parameters
    ----------
    rebate
        What others pay more or less then, line by line.
    interest_aud
        What the price, less incentives, earns until then. [AUD]
    put_off_aud
        What it costs that the saving begins later. [AUD]
    worth_change_range_aud
        Of `worth_change_aud`, each draw bought now and later. [AUD]
    """

    rebate: Waiting
    interest_aud: float
    put_off_aud: float
    worth_change_range_aud: Range

    @property
    def worth_change_aud(self) -> float:
        """Worth of the later purchase less that of the one now. [AUD]"""
        return self.rebate.total_aud + self.interest_aud - self.put_off_aud


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """A quote that was judged.

    Parameters
    ----------
    run
        The runs it rests on.
    strategy
        The one it is judged by: never one that has seen the year.
    money
        Of that one.
    later
        What waiting would change.
    """

    run: ScenarioRun
    strategy: str
    money: RunMoney
    later: LaterPurchase

    @property
    def price_aud(self) -> float:
        """What is asked, before incentives. [AUD]"""
        return self.money.bought.purchase.price_aud

    @property
    def worth_up_to_aud(self) -> float:
        """Price before incentives at which it breaks even. [AUD]"""
        return self.money.measures.break_even_price_aud

    @property
    def over_aud(self) -> float:
        """Price less worth; below 0 where the quote is under it. [AUD]"""
        return self.price_aud - self.worth_up_to_aud

    @property
    def doubt(self) -> Doubt:
        """Its ranges."""
        return self.money.doubt

    @property
    def sentence(self) -> str:
        """All in one sentence."""
        side = "over" if self.over_aud > 0 else "under"
        worth_range = _range_words(self.doubt.break_even_price_aud)
        over = whole_dollars(abs(self.over_aud))
        worth = f"worth up to {whole_dollars(self.worth_up_to_aud)} before incentives"
        if self.worth_up_to_aud <= 0:
            worth = "worth no price at all"
        return (
            f"On your data this is {worth}{worth_range}; this quote of "
            f"{whole_dollars(self.price_aud)} is {over} {side} that"
            f"{self._chance_words}; installing on "
            f"{self.later.rebate.later} instead of {self.later.rebate.installed} "
            f"{_rebate_words(self.later.rebate.total_aud)}, "
            f"{_change_words(self.later.interest_aud)} of interest on the price and "
            f"{_change_words(-self.later.put_off_aud)} by saving later"
            f"{_range_words(self.later.worth_change_range_aud, ' in all')}."
        )

    @property
    def _chance_words(self) -> str:
        found = self.doubt
        for words, fraction in (
            ("inside its warranty", found.pays_back_in_warranty_fraction),
            (f"within {found.horizon_years} years", found.pays_back_fraction),
        ):
            if fraction is not None:
                share = of_draws(fraction, found.chance.draws)
                return f"; it pays back {words} in {share}"
        return ""


def judge_quote(
    store: Store,
    settings: Settings,
    scenario: Scenario,
    on_progress: OnProgress = lambda _words: None,
) -> Quote:
    """Judge the purchase of a scenario by the forecast strategy.

    Raises
    ------
    ConfigError
        If there is no purchase, or of what nobody is known to offer; and as
        `run_scenario`.
    CoverageError, DataError
        As `run_scenario`.
    """
    choice = scenario.purchase
    if choice is None:
        raise ConfigError(
            f"{scenario.name}: there is no [purchase] to judge; say what is bought and "
            f"when; see {MANUAL}"
        )
    _refuse_hypothetical(scenario)
    strategy = ForecastStrategy.name
    names = scenario.strategy.model_copy(update={"names": (strategy,)})
    asked = scenario.model_copy(update={"strategy": names})
    run = run_scenario(store, settings, asked, on_progress)
    if not run.problem.has_storage:
        strategy = NO_BATTERY
    money = run.money[strategy]
    return Quote(run, strategy, money, later_purchase(money, choice))


def later_purchase(money: RunMoney, choice: PurchaseBlock) -> LaterPurchase:
    """What changes if the same is bought at the same price on the later day.

    Everything is in real dollars, for the price is taken to follow prices in general:

        worth then - worth now = rebate + interest - put off
    """
    what, later = money.bought, choice.later_day
    terms = (what.place, choice.certificate_aud, choice.claims)
    assumed = money.assumptions.as_real()
    years = (later - what.installation.installed).days / DAYS_PER_YEAR
    rate = assumed.discount_fraction_per_year
    discount = (1 + rate) ** -years
    then = _on(what.purchase, later, money, choice)

    def change_aud(
        benefit: YearlyBenefit, levels: PriceLevels, factors: FloatArray
    ) -> FloatArray:
        now_flow = cash_flow(what.purchase, assumed, benefit, levels)
        then_flow = cash_flow(then, assumed, benefit, _after(years, levels, assumed))
        worth_then = npv_aud(then_flow.total_aud, factors) * discount
        change: FloatArray = worth_then - npv_aud(now_flow.total_aud, factors)
        return change

    steady = price_levels(assumed)
    expected = change_aud(money.benefit, steady, assumed.discount_factors)
    futures = draw(money.monthly.months, assumed, shipped_spreads())
    drawn = money.monthly.drawn(futures.month_days, futures.ages)
    rebate = what_waiting_changes(what.installation, later, *terms)
    interest_aud = then.net_aud * (1 - discount)
    return LaterPurchase(
        rebate=rebate,
        interest_aud=interest_aud,
        put_off_aud=rebate.total_aud + interest_aud - float(expected),
        worth_change_range_aud=range_of(
            change_aud(drawn, futures.levels, futures.factors)
        ),
    )


def _after(years: float, levels: PriceLevels, assumed: Assumptions) -> PriceLevels:
    """Prices of years that begin later."""
    growth = assumed.import_price_growth_fraction_per_year
    decline = assumed.feed_in_decline_fraction_per_year
    return PriceLevels(
        bought=levels.bought * (1 + growth) ** years,
        sold=levels.sold * (1 - decline) ** years,
        general=levels.general,
    )


def _refuse_hypothetical(scenario: Scenario) -> None:
    car = scenario.car
    if car is None:
        return
    kinds = car.vehicle.product, car.charger.product, car.discharge
    if feasibility_of(*kinds).is_hypothetical:
        raise ConfigError(
            f"{scenario.name}: nobody is known to offer this car and charger as a "
            "pair, so there is no quote to judge; `home-energy scenario run` tells "
            "its break-even price"
        )


def _on(
    purchase: Purchase, later: date, money: RunMoney, choice: PurchaseBlock
) -> Purchase:
    """The same parts at the same prices, with the incentives of a later day."""
    installation = replace(money.bought.installation, installed=later)
    incentives = incentives_for(
        installation, money.bought.place, choice.certificate_aud, choice.claims
    )
    parts = tuple(
        replace(part, incentives_aud=sum(map(incentives.aud_for, part.kinds)))
        for part in purchase.parts
    )
    return replace(purchase, parts=parts, installed_on=later)


def _range_words(found: Range, of: str = "") -> str:
    """A range in brackets; nothing where there is none."""
    if found.p10 is None or found.p90 is None:
        return ""
    low, high = whole_dollars(found.p10), whole_dollars(found.p90)
    return f" (in 8 of 10 draws {low} to {high}{of})"


def _rebate_words(change_aud: float) -> str:
    if change_aud == 0:
        return "changes no rebate"
    return f"{_change_words(change_aud)} of rebate"


def _change_words(change_aud: float) -> str:
    verb = "costs" if change_aud < 0 else "gains"
    return f"{verb} {whole_dollars(abs(change_aud))}"
