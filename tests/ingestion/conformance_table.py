"""The conformance suite through `read_nem12` and the store, beside `nemreader`.

Print the table with `python -m tests.ingestion.conformance_table`.
"""

import io
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from math import fsum
from pathlib import Path

import numpy as np
from tests.ingestion.nemreader_totals import RegisterKey, Total, nemreader_totals

from home_energy.errors import DataError
from home_energy.ingestion.sources.nem12 import read_nem12
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.store import Store

SHARED = Path(__file__).parents[3] / "shared/data/nem12"
SUITE = SHARED / "conformance_suite.tar.gz"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file gave.

    Parameters
    ----------
    name
        Its path in the suite; of an archive `archive.zip/member`.
    refusal
        Why it was refused; empty when it was read.
    totals
        Energy on record afterwards. [kWh]
    theirs
        The same by nemreader; `None` when it refuses the file.
    """

    name: str
    refusal: str
    totals: dict[RegisterKey, float]
    theirs: dict[RegisterKey, Total] | None

    @property
    def is_equal(self) -> bool:
        """Whether both found the same registers with the same energy."""
        return self.theirs is not None and is_close(
            self.totals, {key: total.kwh for key, total in self.theirs.items()}
        )


def is_close(first: dict[RegisterKey, float], other: dict[RegisterKey, float]) -> bool:
    """Same registers, same energy to a millionth of a millionth (order of summing)."""
    return first.keys() == other.keys() and all(
        abs(first[key] - other[key]) <= 1e-12 * max(1.0, abs(other[key]))
        for key in first
    )


def suite() -> Iterator[SourceFile]:
    """Every file of the suite, out of its archives."""
    with tarfile.open(SUITE) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None:
                continue
            content = stream.read()
            name = member.name.removeprefix("examples/")
            if name.lower().endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(content)) as opened:
                    for inner in opened.namelist():
                        yield SourceFile(f"{name}/{inner}", opened.read(inner))
            else:
                yield SourceFile(name, content)


def outcome(file: SourceFile) -> Outcome:
    """Read a file, keep it in a new store, and ask the store for its energy."""
    refusal = ""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store.open(Path(folder) / "store.db")) as store,
    ):
        try:
            store.meter_days.save(read_nem12(file).meter, NOW)
        except DataError as error:
            refusal = str(error)
        totals = stored_totals(store)
    try:
        theirs = nemreader_totals(file.content.decode())
    except (ValueError, TypeError):
        return Outcome(file.name, refusal, totals, None)
    return Outcome(file.name, refusal, totals, theirs)


def stored_totals(store: Store) -> dict[RegisterKey, float]:
    """Energy on record by register, what is missing left out. [kWh]"""
    totals = {}
    for register in store.meter_days.registers():
        span = store.meter_days.span(register)
        days = store.meter_days.days(register, *span) if span else []
        totals[register.nmi, register.name] = fsum(
            float(np.nansum(day.kwh)) for day in days
        )
    return totals


def _line(one: Outcome) -> str:
    if one.refusal:
        return f"{one.name} | refused | {one.refusal.removeprefix(one.name)}"
    if one.is_equal and len(one.totals) > 4:
        kwh = fsum(one.totals.values())
        return f"{one.name} | equal | {len(one.totals)} registers, {kwh:.3f} in all"
    registers = [
        f"{suffix} {kwh:.3f}" + ("" if one.is_equal else _difference(one, nmi, suffix))
        for (nmi, suffix), kwh in one.totals.items()
    ]
    result = "equal" if one.is_equal else "differs"
    return f"{one.name} | {result} | {', '.join(registers) or 'no energy register'}"


def _difference(one: Outcome, nmi: str, suffix: str) -> str:
    total = (one.theirs or {}).get((nmi, suffix))
    if total is None:
        return " (nemreader: none)"
    flagged = total.flagged_missing_kwh
    return f" (nemreader {total.kwh:.3f}, of which {flagged:.3f} is flagged N)"


if __name__ == "__main__":
    sys.stdout.write("file | result | kWh by register, or reason\n")
    for one in map(outcome, suite()):
        sys.stdout.write(f"{_line(one)}\n")
