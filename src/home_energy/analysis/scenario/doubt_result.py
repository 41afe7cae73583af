"""Ranges in place of figures, and sentences about them, ready for JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from home_energy.analysis.finance.doubt import Doubt, Range
from home_energy.domain.bill import whole_dollars


def doubt_result(found: Doubt) -> dict[str, Any]:
    """A purchase in many futures: ranges, shares of them, and sentences."""
    every = asdict(found)
    del every["horizon_years"]
    return {**every.pop("chance"), **every, "sentences": list(doubt_sentences(found))}


def range_result(found: Range | None) -> dict[str, float | None] | None:
    """A range; `None` where there is nothing to learn one from."""
    return None if found is None else asdict(found)


def doubt_sentences(found: Doubt) -> Iterator[str]:
    """What many futures say of a purchase."""
    low_aud, high_aud = found.npv_aud.p10, found.npv_aud.p90
    if low_aud is not None and high_aud is not None:
        low, high = whole_dollars(low_aud), whole_dollars(high_aud)
        yield f"In 8 of 10 draws its net present value is {low} to {high}."
    draws = found.chance.draws
    if found.pays_back_fraction is not None:
        share = of_draws(found.pays_back_fraction, draws)
        yield f"It pays back within {found.horizon_years} years in {share}."
    if found.pays_back_in_warranty_fraction is not None:
        share = of_draws(found.pays_back_in_warranty_fraction, draws)
        yield f"It pays back inside its warranty in {share}."


def of_draws(fraction: float, draws: int) -> str:
    """`52 of 100 draws`; what is rare is not rounded to never, nor to always."""
    if fraction in (0, 1):
        return f"{'all' if fraction else 'none'} of {draws:,} draws"
    hundredths = round(100 * fraction)
    if hundredths == 0:
        return "less than 1 of 100 draws"
    if hundredths == 100:
        return "more than 99 of 100 draws"
    return f"{hundredths} of 100 draws"
