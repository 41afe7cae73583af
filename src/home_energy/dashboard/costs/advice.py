"""What it costs to run things now, when to run them, and how often that was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.advice_words import (
    advice_words,
    everyday_words,
    score_words,
)
from home_energy.analysis.advice.everyday import EverydayCost
from home_energy.analysis.advice.scoreboard import LEAST_HIT_FRACTION
from home_energy.dashboard.costs.rates import kept_together
from home_energy.dashboard.local_words import capitalised

FIRST_COUNT = 2
"""Appliances on the first page, below the everyday actions."""
NEXT_COUNT = 3
NO_PRICE = "No fresh price, so nothing is told of now"
NO_APPLIANCE = "Name what can wait in home.toml, [[advice.appliances]]"


@dataclass(frozen=True, slots=True)
class ApplianceView:
    """One appliance.

    Parameters
    ----------
    words
        What to do, such as `wait until 1:15 pm, save 34 c`.
    score
        How often such advice was right, in words.
    hit_percent
        The same as part of a bar; `None` while none is scored.
    """

    name: str
    words: str
    score: str
    hit_percent: float | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """One page of advice.

    Parameters
    ----------
    everyday
        What everyday actions cost, on the first page.
    number, count
        Which page it is, and of how many.
    least_percent
        Where on the bars advice begins to be withheld.
    """

    everyday: tuple[str, ...]
    appliances: tuple[ApplianceView, ...]
    note: str | None
    number: int
    count: int
    least_percent: float = 100 * LEAST_HIT_FRACTION


def page_count(appliance_count: int) -> int:
    """How many pages so many appliances take."""
    more = max(0, appliance_count - FIRST_COUNT)
    return 1 + -(-more // NEXT_COUNT)


def advice_page(
    everyday: Sequence[EverydayCost],
    advices: Sequence[ApplianceAdvice],
    number: int,
    zone: tzinfo,
) -> AdvicePage:
    """Put a page together, `number` from 1 to `page_count`."""
    first = 0 if number == 1 else FIRST_COUNT + (number - 2) * NEXT_COUNT
    shown = advices[first : FIRST_COUNT + (number - 1) * NEXT_COUNT]
    said = tuple(kept_together(everyday_words(cost, zone)) for cost in everyday)
    return AdvicePage(
        everyday=(said or (NO_PRICE,)) if number == 1 else (),
        appliances=tuple(_appliance(advice, zone) for advice in shown),
        note=None if advices else NO_APPLIANCE,
        number=number,
        count=page_count(len(advices)),
    )


def _appliance(advice: ApplianceAdvice, zone: tzinfo) -> ApplianceView:
    fraction = advice.score.hit_fraction
    return ApplianceView(
        name=advice.best.appliance.name,
        words=kept_together(advice_words(advice, zone)),
        score=kept_together(capitalised(score_words(advice.score))),
        hit_percent=None if fraction is None else round(100 * fraction, 1),
        is_withheld=advice.is_withheld,
    )
