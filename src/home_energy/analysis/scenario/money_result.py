"""Money of a scenario's runs: every figure of it, and sentences, ready for JSON."""

from dataclasses import asdict
from typing import Any

from home_energy.analysis.finance.assumptions import shipped_assumptions
from home_energy.analysis.scenario.dollars import Dollars
from home_energy.analysis.scenario.doubt_result import doubt_result
from home_energy.analysis.scenario.money import RunMoney
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.saved_years import SimulatedYear
from home_energy.domain.series import FloatArray

BOUND = "This is an upper bound that no home can have, and no reason to buy."
HYPOTHETICAL = (
    "Nobody is known to offer this car and charger as a pair: only the price at which "
    "all that is bought with it would break even is told."
)


def money_result(
    money: RunMoney | None,
    as_it_is_aud: float,
    *,
    is_upper_bound: bool,
    is_hypothetical: bool,
) -> dict[str, Any] | None:
    """Figures of one run's purchase; `None` where nothing is bought.

    Of what nobody is known to offer only the break-even price is told.

    Parameters
    ----------
    as_it_is_aud
        Cost of the home as it is. [AUD]
    """
    if money is None:
        return None
    measures, purchase = money.measures, money.bought.purchase
    free_aud = as_it_is_aud - money.baseline.cost_aud
    marks = {
        "is_upper_bound": is_upper_bound,
        "is_hypothetical": is_hypothetical,
        "break_even_price_aud": measures.break_even_price_aud,
    }
    if is_hypothetical:
        even = asdict(money.doubt.break_even_price_aud)
        return {**marks, "break_even_range_aud": even, "sentences": [HYPOTHETICAL]}
    return {
        **marks,
        "price_aud": purchase.price_aud,
        "incentives_aud": purchase.incentives_aud,
        "net_aud": purchase.net_aud,
        "parts": [_part(part) for part in _dated(asdict(purchase)["parts"])],
        "incentives": _dated([asdict(one) for one in money.bought.incentives.lines]),
        "saving_year_1_aud": float(money.flow.benefit_aud[1]),
        "saving_without_purchase_aud": free_aud,
        "simulated_years": [_simulated(one) for one in money.simulated],
        "benefit": _rows(money.benefit, type(money.benefit).__slots__),
        "cash_flow": {
            **_rows(money.flow, type(money.flow).__slots__),
            "total_aud": _listed(money.flow.total_aud),
            "cumulative_aud": _listed(money.flow.total_aud.cumsum()),
        },
        **_measures(money),
        "doubt": {
            **doubt_result(money.doubt),
            **({"sentences": [BOUND]} if is_upper_bound else {}),
        },
        "sentences": [
            *_sentences(money, is_upper_bound=is_upper_bound),
            *_free_words(free_aud),
        ],
    }


def _free_words(free_aud: float) -> list[str]:
    """What needs no purchase; nothing said where all does."""
    if abs(free_aud) < 0.005:
        return []
    said = f"Of the year's saving ${free_aud:,.0f} needs nothing bought: the same car "
    rest = "charged the same way in the home as it is. The purchase is not credited it."
    return [said + rest]


def purchase_result(choice: PurchaseBlock | None) -> dict[str, Any] | None:
    """What all runs' money rests on: the day, and each assumption with its source."""
    if choice is None:
        return None
    assumed, own = choice.assumptions.assumed(), choice.assumptions
    shipped = shipped_assumptions()
    is_converted = not assumed.is_real
    sources = {}
    for name in asdict(assumed):
        if getattr(own, name) is not None:
            sources[name] = "the scenario's file"
        elif name in shipped:
            said = f"{shipped[name].source} ({shipped[name].date})"
            sources[name] = f"{said}; made nominal" if is_converted else said
    return {
        "installed": choice.installed.isoformat(),
        "assumptions": asdict(assumed),
        "assumption_sources": sources,
    }


def dollars_result(parted: Dollars) -> dict[str, Any]:
    """Which dollar came from what."""
    return {
        **asdict(parted),
        "bill_difference_aud": parted.bill_difference_aud,
        "saving_aud": parted.saving_aud,
    }


def _simulated(one: SimulatedYear) -> dict[str, Any]:
    return {
        "after_years": one.after_years,
        "capacity": asdict(one.capacity),
        "saved": one.saved,
    }


def _measures(money: RunMoney) -> dict[str, Any]:
    found = money.measures
    return {
        "npv_aud": found.npv_aud,
        "simple_payback_years": found.simple_payback.years,
        "discounted_payback_years": found.discounted_payback.years,
        "irr_fraction_per_year": found.internal_rate.rate_fraction_per_year,
        "irr_finding": found.internal_rate.finding.value,
        "roi_fraction": found.roi_fraction,
        "levelised_c_per_kwh": found.levelised_c_per_kwh,
        "warranty": None if found.warranty is None else asdict(found.warranty),
        "benefit_aud": found.benefit_aud,
        "benefit_after_warranty_aud": found.benefit_after_warranty_aud,
        "pays_back_in_warranty": found.pays_back_in_warranty,
    }


def _sentences(money: RunMoney, *, is_upper_bound: bool) -> list[str]:
    found = money.measures
    said = [found.simple_payback.said, found.internal_rate.said]
    return [*said, BOUND] if is_upper_bound else said


def _dated(rows: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> list[Any]:
    """Rows whose dates are words."""
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _part(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "kinds": [kind.value for kind in part["kinds"]]}


def _rows(amounts: object, names: tuple[str, ...]) -> dict[str, list[float]]:
    return {name: _listed(getattr(amounts, name)) for name in names}


def _listed(values: FloatArray) -> list[float]:
    return [float(value) for value in values]
