"""What a month will come to, if its other days cost what the last ones did."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_RECENT_DAYS = 28
"""Whole weeks, so that no day of the week counts more than another. [days]"""
FEWEST_RECENT_DAYS = 7
"""With fewer, weekday and weekend are not both known. [days]"""


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """A month of which some days are billed.

    Parameters
    ----------
    day_count, billed_day_count
        Days of the whole month, and of these the billed ones.
    energy_aud
        What was bought less what was sold on the billed days. [AUD]
    whole_supply_aud
        Fixed charges of the whole month. [AUD]
    by_days_aud
        Demand charges and discounts of the billed days, which grow with them. [AUD]
    """

    day_count: int
    billed_day_count: int
    energy_aud: float
    whole_supply_aud: float
    by_days_aud: float


@dataclass(frozen=True, slots=True)
class ProjectedMonth:
    """What the whole month will come to.

    Parameters
    ----------
    total_aud
        If the days without a bill cost the mean of the recent days. [AUD]
    recent_day_count
        Days that the mean is made of.
    """

    total_aud: float
    recent_day_count: int


def project_month(
    so_far: MonthSoFar, recent_daily_aud: Sequence[float]
) -> ProjectedMonth | None:
    """Project a month.

    ``energy so far + other days x mean recent day + supply of the whole month
    + demand and discounts so far x days of the month / billed days``

    Parameters
    ----------
    recent_daily_aud
        Energy cost of complete days, the oldest first; only the last
        `MOST_RECENT_DAYS` count. [AUD]

    Returns
    -------
    ProjectedMonth or None
        `None` if fewer than `FEWEST_RECENT_DAYS` are given.
    """
    recent = list(recent_daily_aud[-MOST_RECENT_DAYS:])
    if len(recent) < FEWEST_RECENT_DAYS:
        return None
    other_days = so_far.day_count - so_far.billed_day_count
    known_aud = so_far.energy_aud + so_far.whole_supply_aud
    if so_far.billed_day_count:
        known_aud += so_far.by_days_aud * so_far.day_count / so_far.billed_day_count
    total_aud = known_aud + other_days * sum(recent) / len(recent)
    return ProjectedMonth(total_aud, len(recent))
