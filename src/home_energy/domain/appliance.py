"""What in the home uses power for a while, and may wait for a better price or not."""

import math
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from home_energy.errors import DataError

LONGEST_RUN_MINUTES = 720
LONGEST_NAME = 24
"""Letters of a name that the screen has room for."""


class ApplianceKind(StrEnum):
    """What is told of an appliance."""

    WAIT = "wait"
    """When to start it."""
    NOW_PRICE = "now-price"
    """What it costs now: nobody waits for a kettle."""


@dataclass(frozen=True, slots=True)
class Appliance:
    """An appliance that runs at one power from its start to its end.

    Parameters
    ----------
    name
        What the household calls it, once in a home.
    kw
        Mean power of a run. [kW]
    minutes
        Length of a run. [minutes]
    by
        Local time at which a run must have ended; `None` for within a day.
    kind
        Whether it may wait.

    Raises
    ------
    DataError
        With every fault at once.
    """

    name: str
    kw: float
    minutes: int
    by: time | None = None
    kind: ApplianceKind = ApplianceKind.WAIT

    def __post_init__(self) -> None:
        """Refuse an appliance that cannot be."""
        faults = [f"{name} must be {said}" for name, said in self._faults()]
        if faults:
            raise DataError(f"appliance {self.name!r}: {'; '.join(faults)}")

    @property
    def kwh(self) -> float:
        """Energy of a run. [kWh]"""
        return self.kw * self.minutes / 60

    def _faults(self) -> list[tuple[str, str]]:
        is_named = 0 < len(self.name.strip()) <= LONGEST_NAME
        is_short = 0 < self.minutes <= LONGEST_RUN_MINUTES
        is_local = self.by is None or self.by.tzinfo is None
        has_use = self.kind is ApplianceKind.WAIT or self.by is None
        rules = (
            (is_named, "name", f"1 to {LONGEST_NAME} letters"),
            (0 < self.kw < math.inf, "kw", f"more than 0, got {self.kw}"),
            (is_short, "minutes", f"1 to {LONGEST_RUN_MINUTES}, got {self.minutes}"),
            (is_local, "by", "a local time without a zone"),
            (has_use, "by", f"left out where kind is {self.kind.value}"),
        )
        return [(name, said) for holds, name, said in rules if not holds]


EVERYDAY = (
    Appliance("Kettle", kw=2.0, minutes=3, kind=ApplianceKind.NOW_PRICE),
    Appliance("Oven for an hour", kw=1.0, minutes=60, kind=ApplianceKind.NOW_PRICE),
    Appliance("Heater for an hour", kw=2.0, minutes=60, kind=ApplianceKind.NOW_PRICE),
)
"""Told where the household names nothing else, see docs/models/advice.md."""
