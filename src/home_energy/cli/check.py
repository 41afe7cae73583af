"""One thing that `doctor` looked at, and what it thinks of it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is. Only what is broken makes `doctor` fail."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found there, and what to do about it."""

    name: str
    state: State
    found: str
    do: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether `doctor` as a whole fails by it."""
        return self.state is State.FAILED


@dataclass(frozen=True, slots=True)
class Section:
    """Checks that belong together, under a heading."""

    heading: str
    checks: tuple[Check, ...]
