"""Advice to wait as it was given, and what following it came to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_HIT_AUD = 1e-8
"""A saving of less is rounding, not money. [AUD]"""


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
    cost_now_aud, cost_then_aud
        Of a run that starts at once and of one at `start`, as forecast. [AUD]
    highest_cost_then_aud
        Of the latter, if prices come at the high end of the forecast's band. [AUD]
    real_saving_aud
        By the final prices; `None` until those of both runs are known. [AUD]
    """

    appliance: str
    kw: float
    minutes: int
    issued_at: datetime
    start: datetime
    deadline: datetime
    cost_now_aud: float
    cost_then_aud: float
    highest_cost_then_aud: float
    real_saving_aud: float | None = None

    @property
    def run(self) -> timedelta:
        """Length of a run."""
        return timedelta(minutes=self.minutes)

    @property
    def forecast_saving_aud(self) -> float:
        """What following it was expected to save. [AUD]"""
        return self.cost_now_aud - self.cost_then_aud

    @property
    def is_hit(self) -> bool:
        """Whether following it saved money."""
        return self.real_saving_aud is not None and self.real_saving_aud > LEAST_HIT_AUD
