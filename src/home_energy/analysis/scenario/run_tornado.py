"""The tornado of a run: what each assumption, moved alone, does to its purchase.

Devices that fade faster are run at what would then be left at the end of the horizon;
what a year saves at another fade lies on the line between that and the year as new.
Nothing is read off beyond either end. docs/models/stress.md is the manual.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from home_energy.analysis.finance.assumptions import Assumptions
from home_energy.analysis.finance.incentive_line import certificate_price
from home_energy.analysis.finance.tornado import (
    Bar,
    Swung,
    World,
    shipped_swings,
    tornado,
    worths_aud,
)
from home_energy.analysis.scenario.money import JudgedHome, RunMoney
from home_energy.analysis.scenario.strategy_run import StrategyRun, Tell
from home_energy.analysis.scenario.stress_years import (
    DOUBLE_SPIKES,
    NO_SPIKES,
    WITHOUT_BEST,
    StressYear,
)
from home_energy.analysis.scenario.year_engine import Capacity
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem

LEAST_LEFT_FRACTION = 0.05
"""No swing of a fade leaves less of a device at the end of the horizon."""

MOST_RATE = 0.49
"""No swing of a rate goes beyond what `Assumptions` takes."""

_RATES = (
    "import_price_growth_fraction_per_year",
    "feed_in_decline_fraction_per_year",
    "discount_fraction_per_year",
)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedRun:
    """A run whose purchase was judged.

    Parameters
    ----------
    home
        As it is judged.
    run, problem
        What was run, and on which home.
    money
        What its purchase comes to.
    stress
        The same run in other years.
    tell
        Runs a strategy anew; `None` where that takes too long: fades are left out then.
    """

    home: JudgedHome
    run: StrategyRun
    problem: DispatchProblem
    money: RunMoney
    stress: Sequence[StressYear]
    tell: Tell | None

    @property
    def world(self) -> World:
        """Everything as it is assumed."""
        return _world(self.money)


def tornado_of(run: JudgedRun) -> tuple[Bar, ...]:
    """Bars of a run's purchase, the widest first."""
    return tornado((*_of_money(run), *_of_fades(run), *_of_stress(run)))


def npv_in_stress_aud(money: RunMoney, year: StressYear) -> float | None:
    """Worth if every year were like the stressed one; `None` if not run. [AUD]

    Every simulated year saves as much more or less as the first one does.
    """
    if year.more_saved is None:
        return None
    stressed = _world(money).with_more_saved(year.more_saved)
    return float(worths_aud([stressed])[0])


def _world(money: RunMoney) -> World:
    return World(money.bought.purchase, money.assumptions, money.benefit)


def _of_money(run: JudgedRun) -> Iterator[Swung]:
    """What needs no run."""
    world, swings = run.world, shipped_swings()
    assumed, purchase = world.assumptions, world.purchase
    if purchase.price_aud > 0:
        low, high = swings["purchase_price_aud"].bounds(purchase.price_aud)
        yield Swung(
            "purchase_price_aud",
            (low, purchase.price_aud, high),
            world.with_price_times(low / purchase.price_aud),
            world.with_price_times(high / purchase.price_aud),
        )
    low, high = swings["import_price_level"].bounds(1.0)
    yield Swung(
        "import_price_level",
        (low, 1.0, high),
        world.with_bought_times(low),
        world.with_bought_times(high),
    )
    for name in _RATES:
        middle = getattr(assumed, name)
        low, high = swings[name].bounds(middle)
        low = min(max(low, -MOST_RATE), middle)
        high = max(min(high, MOST_RATE), middle)
        ends = (world.with_rate(name, end) for end in (low, high))
        yield Swung(name, (low, middle, high), *ends)
    yield _of_certificates(run)
    again = purchase.replacement
    if again is not None:
        life = again.after_years
        low, high = swings["inverter_life_years"].bounds(life)
        ends = (world.with_inverter_life(end) for end in (max(low, 1.0), high))
        yield Swung("inverter_life_years", (max(low, 1.0), life, high), *ends)


def _of_certificates(run: JudgedRun) -> Swung:
    """The same purchase with certificates that bring less or more."""
    choice = run.home.choice
    middle = float(certificate_price(choice.certificate_aud))
    low, high = shipped_swings()["certificate_aud"].bounds(middle)

    def at(price_aud: float) -> World:
        priced = choice.model_copy(update={"certificate_aud": price_aud})
        what = replace(run.home, choice=priced).bought(run.problem)
        return replace(run.world, purchase=what.purchase)

    return Swung("certificate_aud", (low, middle, high), at(low), at(high))


def _of_fades(run: JudgedRun) -> Iterator[Swung]:
    devices = run.home.devices(run.problem)
    has = {"battery": devices.battery is not None, "solar": devices.kw_dc > 0}
    for device, is_there in has.items():
        name = f"{device}_fade_fraction_per_year"
        low, high = _fades(run.money.assumptions, name)
        if is_there and high > 0 and run.tell is not None:
            yield _of_fade(run, device, (low, high), run.tell)


def _fades(assumed: Assumptions, name: str) -> tuple[float, float]:
    """Low and high of a fade, which leaves something to the end of the horizon."""
    middle: float = getattr(assumed, name)
    low, high = shipped_swings()[name].bounds(middle)
    most = (1 - LEAST_LEFT_FRACTION) / (assumed.horizon_years - 0.5)
    return low, max(min(high, most), middle)


def _of_fade(
    run: JudgedRun, device: str, ends: tuple[float, float], tell: Tell
) -> Swung:
    """One device losing less or more, the other as assumed."""
    name = f"{device}_fade_fraction_per_year"
    world, assumed = run.world, run.money.assumptions
    middle: float = getattr(assumed, name)
    low, high = ends
    least = 1 - high * (assumed.horizon_years - 0.5)
    left = Capacity(**{f"{device}_fraction": least})
    worn_run = tell(run.run.strategy, run.home.aged(run.problem, left))
    as_new, worn = run.money.simulated[0].saved, run.home.saved(worn_run).parts
    by_capacity = {part: (as_new[part] - worn[part]) / (1 - least) for part in worn}

    def at(fade: float) -> World:
        there = world.with_rate(name, fade)
        left_fraction = getattr(there.assumptions, f"{device}_capacity_fraction")
        more = left_fraction - getattr(assumed, f"{device}_capacity_fraction")
        return there.with_more_saved({n: by * more for n, by in by_capacity.items()})

    return Swung(name, (low, middle, high), at(low), at(high))


def _of_stress(run: JudgedRun) -> Iterator[Swung]:
    """The year with other spikes, and without its best intervals."""
    world = run.world
    more = {one.name: one.more_saved for one in run.stress}
    none, double, best = (more[n] for n in (NO_SPIKES, DOUBLE_SPIKES, WITHOUT_BEST))
    if none is not None and double is not None:
        ends = (world.with_more_saved(one) for one in (none, double))
        yield Swung("spikes", (0.0, 1.0, 2.0), *ends)
    if best is not None:
        at_low = world.with_more_saved(best)
        yield Swung("ten_best_intervals", (0.0, 1.0, 1.0), at_low, world)
