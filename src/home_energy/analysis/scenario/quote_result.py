"""A judged quote: every figure of it, ready for JSON."""

from dataclasses import asdict
from typing import Any

from home_energy.analysis.scenario.doubt_result import range_result
from home_energy.analysis.scenario.quote import Quote
from home_energy.analysis.scenario.result import scenario_result


def quote_result(quote: Quote, scenario_sha256: str) -> dict[str, Any]:
    """Every figure of a quote, not rounded, and what it rests on."""
    later = quote.later
    result = scenario_result(quote.run, scenario_sha256)
    told = next(one for one in result["runs"] if one["strategy"] == quote.strategy)
    return {
        "quote": result["scenario"],
        "title": result["title"],
        "sentence": quote.sentence,
        "strategy": quote.strategy,
        "price_aud": quote.price_aud,
        "worth_up_to_aud": quote.worth_up_to_aud,
        "worth_range_aud": range_result(quote.doubt.break_even_price_aud),
        "pays_back_in_warranty_fraction": quote.doubt.pays_back_in_warranty_fraction,
        "over_aud": quote.over_aud,
        "waiting": {
            "installed": later.rebate.installed.isoformat(),
            "later": later.rebate.later.isoformat(),
            "rebate_change_aud": later.rebate.total_aud,
            "rebate_lines": [asdict(line) for line in later.rebate.lines],
            "interest_aud": later.interest_aud,
            "put_off_aud": later.put_off_aud,
            "worth_change_aud": later.worth_change_aud,
            "worth_change_range_aud": range_result(later.worth_change_range_aud),
        },
        "money": told["money"],
        "dollars": told["dollars"],
        "purchase": result["purchase"],
        "incentive_notes": list(quote.money.bought.incentives.notes),
        "notes": result["notes"],
        "provenance": result["provenance"],
    }
