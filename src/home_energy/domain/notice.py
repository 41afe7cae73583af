"""What a household may be told of, and what it was told last."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from home_energy.domain.time_grid import require_utc

TASK_NOTIFY = "notify"
"""By which a way to a person notes how it does, beside the tasks of the sources."""


class EventKind(StrEnum):
    """What may happen in a home that somebody wants to hear of."""

    SPIKE = "spike"
    NEGATIVE_PRICE = "negative-price"
    PRICE_SILENT = "price-silent"
    POWER_SILENT = "power-silent"
    DEMAND = "demand"


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """What was told last of one kind of event.

    Parameters
    ----------
    is_on
        Whether it was told that it holds; else that it is over.
    since
        When what was told began. [aware UTC]
    told_at
        When it was told. [aware UTC]
    """

    kind: EventKind
    is_on: bool
    since: datetime
    told_at: datetime

    def __post_init__(self) -> None:
        """Refuse a moment without a zone."""
        require_utc(self.since, "ToldEvent.since")
        require_utc(self.told_at, "ToldEvent.told_at")
