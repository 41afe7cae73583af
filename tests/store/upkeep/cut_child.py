"""Power cuts at each step: a deed is begun in a child that dies at its n-th step.

Run as a script with the name of a deed and a folder that holds the record. For n = 1,
2, ... the folder is copied to `<folder>-<n>`, and the deed dies there just before its
n-th change to a name or its n-th flush. Ends when a deed lives.
"""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from home_energy.store.upkeep import keep_up, mend, restore

NOW = datetime(2026, 11, 23, 16, 40, tzinfo=UTC)
STEPS = ("replace", "rename", "unlink", "link", "fsync", "mkdir", "rmdir")
POWER_CUT = 9


def _mend(store: Path) -> None:
    mend(store, NOW, lambda _: None)


def _keep_up(store: Path) -> None:
    keep_up(store, NOW, lambda _: None)


def _restore(store: Path) -> None:
    (backup,) = (store.parent / "backups").glob("*.sqlite.gz")
    restore(store, backup, lambda _: None)


DEEDS: dict[str, Callable[[Path], None]] = {
    "mend": _mend,
    "keep_up": _keep_up,
    "restore": _restore,
}


def _die_at(number: int) -> None:
    """Let this process die before its n-th step."""
    count = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def deed(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == number:
                os._exit(POWER_CUT)
            return step(*arguments, **named)

        return deed

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def cut_at_each_step(name: str, folder: Path) -> int:
    """Return how many steps the deed has."""
    for number in range(1, 200):
        copy = folder.with_name(f"{folder.name}-{number}")
        shutil.copytree(folder, copy)
        child = os.fork()
        if child == 0:
            _die_at(number)
            DEEDS[name](copy / "home.sqlite")
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended == 0:
            return number - 1
        if ended != POWER_CUT:
            raise SystemExit(f"{name} failed at step {number}: {ended}")
    raise SystemExit(f"{name} never ends")


if __name__ == "__main__":
    sys.stdout.write(f"{cut_at_each_step(sys.argv[1], Path(sys.argv[2]))}\n")
