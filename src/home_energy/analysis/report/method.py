"""One scenario worked out in steps that a household can check with a calculator."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import prod
from typing import Any

from home_energy.analysis.report.comparison import run_of
from home_energy.analysis.report.entries import ReportedScenario
from home_energy.domain.bill import Bill, BillLine

Step = dict[str, Any]
"""What is said, its figure and unit, and `by` what it is made `of` which figures."""


def method(scenarios: Sequence[ReportedScenario]) -> list[dict[str, Any]]:
    """Bill, saving, price, worth and payback of the scenario that is worth most.

    Each part ends with the figure that the report tells elsewhere.

    Parameters
    ----------
    scenarios
        All that were run; empty where none of them adds anything.
    """
    candidates = [one for one in scenarios if one.has_devices]
    if not candidates:
        return []
    one = max(candidates, key=_worth)
    run = run_of(one.figures, one.chosen.strategy)
    strategy = one.chosen.strategy.replace("_", " ")
    named = f"{one.figures['title']}, {strategy}"
    parts = [
        _part(
            "The bill of the home as it is",
            "What went through the meter times its mean price, line by line.",
            _bill_steps(one.baseline_bill),
        ),
        _part(
            f"The bill with it: {named}",
            "The same sums with what goes through the meter then.",
            _bill_steps(one.chosen.bill),
        ),
        _part(
            "What a year saves",
            "The difference of the two costs. A cost is the bill, with wear and "
            "charging elsewhere, less the worth of what the stores hold more at the "
            "end than at the start.",
            _saving_steps(one.figures["baseline"], run),
        ),
    ]
    money = run["money"]
    if money is not None and "npv_aud" in money:
        assumed = one.figures["purchase"]["assumptions"]
        parts += _money_parts(money, assumed["discount_fraction_per_year"])
    return [{"scenario": one.figures["scenario"], **part} for part in parts]


def _worth(one: ReportedScenario) -> tuple[bool, bool, float]:
    """What is bought stands before what only saves, and that before what nobody has."""
    run = run_of(one.figures, one.chosen.strategy)
    money, car = run["money"], one.figures["car"]
    is_offered = car is None or not car["is_hypothetical"]
    if money is None or "npv_aud" not in money:
        return False, is_offered, run["saving_aud"]
    return True, is_offered, money["npv_aud"]


def _part(title: str, words: str, steps: Iterator[Step]) -> dict[str, Any]:
    return {"title": title, "words": words, "steps": list(steps)}


def _bill_steps(bill: Bill) -> Iterator[Step]:
    """Lines of the same name are one, at their mean price."""
    groups: dict[str, list[BillLine]] = {}
    for line in bill.lines:
        groups.setdefault(f"{line.label} ({line.kind.value})", []).append(line)
    amounts = []
    for label, lines in groups.items():
        amount_aud = sum(line.amount_aud for line in lines)
        quantity = sum(line.quantity or 0.0 for line in lines)
        unit = lines[0].unit
        if unit == "kWh" and quantity:
            mean_c = 100 * amount_aud / quantity
            yield _given(f"{label}: energy", quantity, "kWh")
            yield _given(f"{label}: mean price", mean_c, "c/kWh")
            step = _product(f"{label}: energy x price / 100", quantity, mean_c, 0.01)
        else:
            step = _given(label, amount_aud, "AUD")
        amounts.append(step["value"])
        yield step
    yield _sum("the bill: all of these", *amounts)


def _saving_steps(before: Mapping[str, Any], run: Mapping[str, Any]) -> Iterator[Step]:
    public = 0.0 if run["car"] is None else run["car"]["public_aud"]
    public_before = 0.0 if before["car"] is None else before["car"]["public_aud"]
    left_before = before["bill_aud"] + public_before - before["cost_aud"]
    left = run["end_value_aud"] + run["car_end_value_aud"]
    yield _sum(
        "cost as it is: the bill, charging elsewhere, less what is left in the car",
        before["bill_aud"],
        public_before,
        -left_before,
    )
    yield _sum(
        "cost then: the bill, wear, charging elsewhere, less what is left stored",
        run["bill_aud"],
        run["wear_aud"],
        public,
        -left,
    )
    yield _sum(
        "the saving: the first less the second", before["cost_aud"], -run["cost_aud"]
    )


def _money_parts(
    money: Mapping[str, Any], discount_fraction_per_year: float
) -> list[dict[str, Any]]:
    flow = money["cash_flow"]
    return [
        _part(
            "What it costs to buy",
            "The prices, less what others pay of them.",
            _price_steps(money),
        ),
        _part(
            "What it is worth",
            "A dollar that comes later counts for less: the money of each year is "
            "divided by 1 + the discount rate once for each year that it is away. The "
            "sum is the net present value.",
            _worth_steps(flow["total_aud"], discount_fraction_per_year),
        ),
        _part(
            "When it has paid itself back",
            "The price and the money of each year, added up, without loan and "
            "salvage. It is paid back when that is above 0 for good; within a year "
            "money comes evenly.",
            _payback_steps(flow, money["simple_payback_years"]),
        ),
    ]


def _price_steps(money: Mapping[str, Any]) -> Iterator[Step]:
    for part in money["parts"]:
        yield _given(f"price of {', '.join(part['kinds'])}", part["price_aud"], "AUD")
    yield _sum("all of it", *(part["price_aud"] for part in money["parts"]))
    for line in money["incentives"]:
        yield _given(f"{line['name']}: {line['sentence']}", line["aud"], "AUD")
    yield _sum(
        "what is paid: the price less what others pay",
        money["price_aud"],
        -money["incentives_aud"],
    )


def _worth_steps(
    total_aud: Sequence[float], discount_fraction_per_year: float
) -> Iterator[Step]:
    worths = []
    for year, amount_aud in enumerate(total_aud):
        factor = (1 + discount_fraction_per_year) ** -year
        step = _product(f"year {year}: money x factor", amount_aud, factor)
        worths.append(step["value"])
        yield step
    yield _sum("the net present value: all of these", *worths)


def _payback_steps(
    flow: Mapping[str, Sequence[float]], payback_years: float | None
) -> Iterator[Step]:
    rows = zip(flow["price_aud"], flow["keeping_aud"], flow["benefit_aud"], strict=True)
    earned = [sum(row) for row in rows]
    balances = list(accumulate(earned))
    for year, (amount_aud, before) in enumerate(
        zip(earned, [0.0, *balances], strict=False)
    ):
        yield _sum(f"owed or gained after year {year}", before, amount_aud)
    if payback_years is None:
        yield _given("it does not pay back, or nothing was paid", None, "years")
        return
    last = max(year for year, balance in enumerate(balances) if balance < 0)
    share = {
        **_given(
            f"share of year {last + 1} until nothing is owed: what is owed after year "
            f"{last} over what year {last + 1} brings",
            -balances[last] / earned[last + 1],
            "fraction",
        ),
        "by": "quotient",
        "of": [-balances[last], earned[last + 1]],
    }
    yield share
    years = _sum("paid back after", float(last), share["value"])
    yield {**years, "unit": "years"}


def _given(said: str, value: float | None, unit: str) -> Step:
    return {"said": said, "value": value, "unit": unit, "by": "given", "of": []}


def _product(said: str, *factors: float) -> Step:
    return {
        "said": said,
        "value": prod(factors),
        "unit": "AUD",
        "by": "product",
        "of": list(factors),
    }


def _sum(said: str, *terms: float) -> Step:
    return {
        "said": said,
        "value": sum(terms),
        "unit": "AUD",
        "by": "sum",
        "of": list(terms),
    }
