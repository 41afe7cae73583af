"""What was measured: printed at once, and kept as a table for who quotes it."""

import sys
from dataclasses import dataclass

from tests.booted.machine import BUILD

REPORT = BUILD / "report.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement, in words.

    Parameters
    ----------
    what
        Was measured.
    measured
        Value with its unit.
    must
        What is required; empty where nothing is.
    """

    what: str
    measured: str
    must: str


class Figures:
    """The figures of one run."""

    def __init__(self) -> None:
        self._figures: list[Figure] = []

    def note(self, what: str, measured: str, must: str = "") -> None:
        """Print a figure and keep it."""
        self._figures.append(Figure(what, measured, must))
        _say(f"  {what}: {measured}" + (f" (must: {must})" if must else ""))

    def write(self) -> None:
        """Write what was noted as a table, if anything was."""
        if not self._figures:
            return
        lines = ["| what | measured | must |", "|---|---|---|"]
        lines += [
            f"| {one.what} | {one.measured} | {one.must} |" for one in self._figures
        ]
        BUILD.mkdir(parents=True, exist_ok=True)
        REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _say(f"{REPORT}:\n" + "\n".join(lines))


def _say(words: str) -> None:
    sys.stdout.write(f"\n{words}\n")
    sys.stdout.flush()
