"""The saving of each month as a bar: saved stands on zero, lost hangs below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from home_energy.dashboard.saving_words import dollars

_FILLED = 0.7
"""Share of a month's width that its bar takes."""


@dataclass(frozen=True, slots=True)
class SavingBar:
    """One month, in percent of the chart from its left and top.

    Parameters
    ----------
    is_loss
        Whether the month would have cost more.
    letter, letter_x
        Below it: `J`.
    words
        All of it, for a screen reader: `January 2025: $132`.
    """

    x: float
    width: float
    y: float
    height: float
    is_loss: bool
    letter: str
    letter_x: float
    words: str


@dataclass(frozen=True, slots=True)
class SavingBars:
    """The chart, and where zero lies on it, in percent from its top."""

    bars: tuple[SavingBar, ...]
    zero_y: float


def saving_bars(months: Sequence[Mapping[str, Any]]) -> SavingBars:
    """Put months beside each other on one scale.

    Parameters
    ----------
    months
        `month`, such as `2025-01`, and `saving_aud` of each.
    """
    savings = [float(month["saving_aud"]) for month in months]
    top = max([0.0, *savings])
    span = top - min([0.0, *savings])
    scale = 100 / span if span else 0.0
    slot = 100 / max(1, len(months))
    bars = []
    for number, (month, saving_aud) in enumerate(zip(months, savings, strict=True)):
        first = date.fromisoformat(f"{month['month']}-01")
        middle = (number + 0.5) * slot
        bars.append(
            SavingBar(
                x=round(middle - slot * _FILLED / 2, 2),
                width=round(slot * _FILLED, 2),
                y=round((top - max(saving_aud, 0.0)) * scale, 2),
                height=round(abs(saving_aud) * scale, 2),
                is_loss=saving_aud < 0,
                letter=f"{first:%b}"[0],
                letter_x=round(middle, 2),
                words=f"{first:%B %Y}: {dollars(saving_aud)}",
            )
        )
    return SavingBars(tuple(bars), zero_y=round(top * scale, 2) if scale else 100.0)
