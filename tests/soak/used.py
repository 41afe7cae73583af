"""What processes use while they run: memory, file handles, processor time."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measure import MEGABYTE

_OWN = "Pss_Anon:"
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """One look at one process, or at all of a browser's.

    Parameters
    ----------
    seconds
        By the steady clock. [s]
    memory_mb
        Of its own: pages of files are shared, and count more for who is left when
        another program ends. [MB]
    """

    seconds: float
    memory_mb: float
    handles: int
    processor_seconds: float


@dataclass
class Used:
    """Samples of a process and, if wanted, of all that it started."""

    process_id: int
    with_children: bool = False
    samples: list[Sample] = field(default_factory=list)

    def look(self) -> None:
        """Take a sample; a process that ends meanwhile counts as it was."""
        ids = [self.process_id]
        if self.with_children:
            ids += descendants(self.process_id)
        self.samples.append(
            Sample(
                seconds=time.monotonic(),
                memory_mb=sum(map(_memory_bytes, ids)) / MEGABYTE,
                handles=sum(map(_handles, ids)),
                processor_seconds=sum(map(_processor_seconds, ids)),
            )
        )

    def after(self, share: float) -> list[Sample]:
        """Samples of what came after the first `share` of the time."""
        begin = self.samples[0].seconds
        length = self.samples[-1].seconds - begin
        return [one for one in self.samples if one.seconds >= begin + share * length]

    def memory_mb_per_hour(self, share: float) -> float:
        """Slope of the memory after the first `share` of the time. [MB/h]"""
        kept = self.after(share)
        return 3600 * _slope([s.seconds for s in kept], [s.memory_mb for s in kept])

    def processor_percent(self, share: float) -> float:
        """Share of one processor after the first `share` of the time. [%]"""
        first, *_, last = self.after(share)
        used = last.processor_seconds - first.processor_seconds
        return 100 * used / (last.seconds - first.seconds)


def descendants(process_id: int) -> list[int]:
    """Every process below one."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(after_name[1]), []).append(int(status.parent.name))
    found, waiting = [], [process_id]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _memory_bytes(process_id: int) -> int:
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(
        (1024 * int(line.split()[1]) for line in lines if line.startswith(_OWN)), 0
    )


def _handles(process_id: int) -> int:
    try:
        return len(list(Path(f"/proc/{process_id}/fd").iterdir()))
    except OSError:
        return 0


def _processor_seconds(process_id: int) -> float:
    try:
        text = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS_PER_SECOND


def _slope(times: list[float], values: list[float]) -> float:
    """Least squares; 0 for fewer than two samples."""
    count = len(times)
    if count < 2:
        return 0.0
    middle, mean = sum(times) / count, sum(values) / count
    spread = sum((t - middle) ** 2 for t in times)
    pairs = zip(times, values, strict=True)
    return sum((t - middle) * (v - mean) for t, v in pairs) / spread
