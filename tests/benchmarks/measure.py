"""One measured figure and its target."""

from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measure:
    """A row of the table; without a target it is for information."""

    what: str
    value: float
    unit: str
    target: float | None = None
    is_at_least: bool = False
    """Whether the value must reach the target instead of staying below it."""

    @property
    def is_missed(self) -> bool:
        if self.target is None:
            return False
        return (self.value >= self.target) != self.is_at_least

    def row(self) -> str:
        sign = ">=" if self.is_at_least else "<"
        target = "" if self.target is None else f"{sign} {self.target:g} {self.unit}"
        verdict = "" if self.target is None else ("missed" if self.is_missed else "met")
        return f"| {self.what} | {self.value:.3g} {self.unit} | {target} | {verdict} |"


def remove_store(path: Path) -> None:
    """Remove a store and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
