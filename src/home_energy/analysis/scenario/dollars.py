"""Which dollar came from what: the difference of two bills, parted without a rest.

Every kilowatt-hour counts at the price to buy of its interval, every one sold at the
price to sell. What a run pays for energy in an interval is then

    buy x (load + charged - used of the sun - discharged) - sell x sold

and each part of it has a line. docs/models/dollars.md is the manual.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.scenario.as_it_is import AsItIs
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.analysis.scenario.year_figures import by_kind_aud
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.bill import Bill, LineKind
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.series import FloatArray

SPIKE_C_PER_KWH = 100.0
"""A price to buy above it is a spike."""

NOTHING_AUD = 1e-6
"""Less is rounding of binary fractions."""


@dataclass(frozen=True, slots=True)
class Dollars:
    """What made the difference of two bills, and of two costs.

    Parameters
    ----------
    of_bills_aud
        Lines that sum to the bill of the home as it is less the one of the run. [AUD]
    beside_bills_aud
        Lines that no bill has; all together sum to the saving. [AUD]
    spike_c_per_kwh, spike_count
        Above which price to buy an interval counts as a spike, and how many did.
    """

    of_bills_aud: Mapping[str, float]
    beside_bills_aud: Mapping[str, float]
    spike_c_per_kwh: float
    spike_count: int

    @property
    def bill_difference_aud(self) -> float:
        """Bill of the home as it is, less the one of the run. [AUD]"""
        return sum(self.of_bills_aud.values())

    @property
    def saving_aud(self) -> float:
        """Cost of the home as it is, less the cost of the run. [AUD]"""
        return self.bill_difference_aud + sum(self.beside_bills_aud.values())


def dollars(
    baseline: AsItIs,
    same_energy: Bill,
    problem: DispatchProblem,
    run: StrategyRun,
    spike_c_per_kwh: float = SPIKE_C_PER_KWH,
) -> Dollars:
    """Part the saving of a run.

    Parameters
    ----------
    same_energy
        What the home as it is would pay on the run's tariff.
    problem
        The home that was run.
    """
    rates = problem.rates
    is_spike = rates.import_c_per_kwh > spike_c_per_kwh
    by_flow = _by_flow_c(baseline, problem, run.dispatch)
    lines = {
        name: float(amount_c[~is_spike].sum()) / 100
        for name, amount_c in by_flow.items()
    }
    lines["spikes"] = (
        sum(float(amount_c[is_spike].sum()) for amount_c in by_flow.values()) / 100
    )
    before, after = by_kind_aud(same_energy), by_kind_aud(run.bill)

    def less(*kinds: LineKind) -> float:
        return sum(before.get(kind, 0.0) - after.get(kind, 0.0) for kind in kinds)

    lines["tariff"] = baseline.bill.total_aud - same_energy.total_aud
    lines["demand_avoided"] = less(LineKind.DEMAND)
    lines["fixed_charges"] = less(LineKind.SUPPLY)
    lines["discounts"] = less(LineKind.DISCOUNT)
    rest = baseline.bill.total_aud - run.bill.total_aud - sum(lines.values())
    if abs(rest) > NOTHING_AUD:
        lines["blocks_and_rounding"] = rest
    return Dollars(
        of_bills_aud=lines,
        beside_bills_aud=_beside_bills_aud(baseline, run),
        spike_c_per_kwh=spike_c_per_kwh,
        spike_count=int(np.count_nonzero(is_spike)),
    )


def _by_flow_c(
    baseline: AsItIs, problem: DispatchProblem, flows: Dispatch
) -> dict[str, FloatArray]:
    """Cost of the home as it is less the one of the run, in each interval. (T,) [c]"""
    buy, sell = problem.rates.import_c_per_kwh, problem.rates.export_c_per_kwh
    bought, sold = baseline.metered.general_kwh, baseline.metered.feed_in_kwh
    nothing = np.zeros(problem.grid.count)
    charged_before = baseline.car_charge_kwh
    if charged_before is None:
        charged_before = nothing
    standby_kwh, lost_share = nothing, 0.0
    if problem.battery is not None:
        standby_kwh = nothing + problem.battery.standby_kw * problem.hours
        lost_share = 1 - problem.battery.round_trip_fraction
    load_kwh = flows.load_kwh - standby_kwh
    sun_before = load_kwh + charged_before - bought
    sun_after = flows.solar_to_load_kwh + flows.solar_to_battery_kwh
    given, car_shifted = flows.battery_to_load_kwh, nothing
    if flows.car is not None:
        sun_after = sun_after + flows.car.solar_to_car_kwh
        given = given + flows.car.battery_to_car_kwh
        served = flows.car.car_to_load_kwh + flows.car.car_to_battery_kwh
        used = charged_before - flows.car.charge_kwh + served
        car_shifted = buy * used + sell * flows.car.car_to_grid_kwh
    kept = (1 - lost_share) * flows.charge_kwh
    return {
        "solar_self_use": buy * (sun_after - sun_before),
        "export": sell * (flows.solar_to_grid_kwh - sold),
        "arbitrage": buy * (given - kept) + sell * flows.battery_to_grid_kwh,
        "car_shifted": car_shifted,
        "losses": -buy * (lost_share * flows.charge_kwh + standby_kwh),
        "unserved": buy * flows.unserved_kwh,
    }


def _beside_bills_aud(baseline: AsItIs, run: StrategyRun) -> dict[str, float]:
    public_before = 0.0 if baseline.car is None else baseline.car.public_aud
    public_after = 0.0 if run.car is None else run.car.public_aud
    left_aud = run.at_end.worth_aud + run.car_at_end.worth_aud
    return {
        "wear": -run.ledger.wear_aud,
        "charging_elsewhere": public_before - public_after,
        "left_in_stores": left_aud - baseline.left_in_car_aud,
    }
