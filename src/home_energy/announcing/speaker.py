"""What a round knows of a moment, and who says it to others."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.dashboard.now import Now

if TYPE_CHECKING:
    from home_energy.analysis.running_costs.demand_guard import DemandGuard


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of one home, as it may be announced.

    Parameters
    ----------
    now
        What the screen shows.
    advices
        What to do with each appliance that may wait.
    demand
        How near the home is to a new peak; `None` without a demand charge.
    at
        Trusted time; `None` while no clock can be trusted, and nothing of the moment
        is then to be called the present. [aware UTC]
    """

    now: Now
    advices: tuple[ApplianceAdvice, ...]
    demand: "DemandGuard | None"
    at: datetime | None


class Speaker(Protocol):
    """Somebody who tells a moment to others."""

    def speak(self, moment: Moment) -> None:
        """Say what is new; return within ten seconds, whatever the others do."""

    def close(self) -> None:
        """Say what is to be said at the end, and let go of every connection."""
