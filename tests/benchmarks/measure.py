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

    @property
    def is_missed(self) -> bool:
        return self.target is not None and self.value >= self.target

    def row(self) -> str:
        target = "" if self.target is None else f"< {self.target:g} {self.unit}"
        verdict = "" if self.target is None else ("missed" if self.is_missed else "met")
        return f"| {self.what} | {self.value:.3g} {self.unit} | {target} | {verdict} |"


def remove_store(path: Path) -> None:
    """Remove a store and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
