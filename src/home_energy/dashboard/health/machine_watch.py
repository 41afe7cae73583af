"""The machine as the pages see it: looked at once a minute, whoever asks."""

import threading
from dataclasses import dataclass
from pathlib import Path

from home_energy.domain.clock import Clock
from home_energy.machine import Machine, Trouble, read_machine

LOOK_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class WatchedMachine:
    """The machine, and what happened since it started, as far as anybody saw it.

    Parameters
    ----------
    machine
        As it was within the last minute.
    troubles_since_start
        Of the firmware's memory, and of all looks of this process.
    """

    machine: Machine
    troubles_since_start: Trouble


class MachineWatch:
    """Looks at the machine, and remembers that the voltage was too low.

    Parameters
    ----------
    clock
        Its steady counter tells when to look again.
    root
        Folder above `proc`, `sys` and `run`.
    """

    def __init__(self, clock: Clock, root: Path = Path("/")) -> None:
        self._clock = clock
        self._root = root
        self._lock = threading.Lock()
        self._seen: WatchedMachine | None = None
        self._seen_at_seconds = 0.0

    def look(self) -> WatchedMachine:
        """Machine of this minute. It asks no program and no service."""
        with self._lock:
            now_seconds = self._clock.boottime_seconds()
            seen = self._seen
            if (
                seen is None
                or now_seconds - self._seen_at_seconds >= LOOK_EVERY_SECONDS
            ):
                machine = read_machine(self._root)
                seen = WatchedMachine(machine, self._troubles(machine, seen))
                self._seen, self._seen_at_seconds = seen, now_seconds
            return seen

    def _troubles(self, machine: Machine, before: WatchedMachine | None) -> Trouble:
        found = Trouble.NONE if before is None else before.troubles_since_start
        found |= machine.troubles_since_start or Trouble.NONE
        return found | Trouble.UNDERVOLTAGE if machine.is_undervolted else found
