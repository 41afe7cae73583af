"""Advice to wait as it was given, and what following it came to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_HIT_C = 1e-6
"""A saving of less is rounding, not money. [c]"""


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """Start this later: the first time that this start was recommended.

    Parameters
    ----------
    appliance
        Its name in the home.
    kw, minutes
        What a run took when the advice was given. [kW], [minutes]
    issued_at
        When it was given; starting at once is starting here. [aware UTC]
    start
        When to start. [aware UTC]
    deadline
        By when a run had to be over. [aware UTC]
    cost_now_c, cost_then_c
        Of a run that starts at once and of one at `start`, as forecast. [c]
    highest_cost_then_c
        Of the latter, if prices come at the high end of the forecast's band. [c]
    real_saving_c
        By the final prices; `None` until those of both runs are known. [c]
    """

    appliance: str
    kw: float
    minutes: int
    issued_at: datetime
    start: datetime
    deadline: datetime
    cost_now_c: float
    cost_then_c: float
    highest_cost_then_c: float
    real_saving_c: float | None = None

    @property
    def run(self) -> timedelta:
        """Length of a run."""
        return timedelta(minutes=self.minutes)

    @property
    def forecast_saving_c(self) -> float:
        """What following it was expected to save. [c]"""
        return self.cost_now_c - self.cost_then_c

    @property
    def is_hit(self) -> bool:
        """Whether following it saved money."""
        return self.real_saving_c is not None and self.real_saving_c > LEAST_HIT_C
