"""Power as it is, from the collector to the screen, through a file in memory.

A reading every few seconds would wear out a memory card within years, and is worth
nothing after a power cut: so it never goes to the disk. The record has its means.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from home_energy.domain.power import PowerNow, Stream
from home_energy.errors import StoreError
from home_energy.systemd import runtime_folder

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - named apart for user and store


class PresentPower:
    """The newest power of every source and stream.

    Parameters
    ----------
    path
        Of the file, see `present_power_path`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, told: Sequence[PowerNow]) -> None:
        """Replace what was told before; readers see the old or the new, never half.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """
        half = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            half.write_text(json.dumps([_to_json(each) for each in told]))
            half.replace(self.path)
        except OSError as error:
            raise StoreError(
                f"{self.path}: the power of this moment cannot be written ({error}); "
                "check that its folder belongs to you"
            ) from error

    def read(self) -> list[PowerNow]:
        """What was told last; nothing where nobody tells.

        Raises
        ------
        StoreError
            If there is a file, but none of ours.
        """
        try:
            text = self.path.read_text()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(
                f"{self.path}: the power of this moment cannot be read ({error}); "
                "run collector and screen as one user"
            ) from error
        try:
            return [_from_json(each) for each in json.loads(text)]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{self.path}: not the power of this moment ({error}), a list that the "
                "collector wrote expected; delete it, it is written anew"
            ) from error


def present_power(store: Path) -> PresentPower:
    """Power of the home that keeps its record there."""
    return PresentPower(present_power_path(store, os.environ))


def present_power_path(store: Path, environment: Mapping[str, str]) -> Path:
    """Where the power of a home lies while it is now.

    Parameters
    ----------
    store
        The home's store, by which several homes of one machine are told apart.
    environment
        Of the process: a service has its `RUNTIME_DIRECTORY`.
    """
    name = hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:12]
    service = runtime_folder(environment)
    if service is not None:
        return service / f"power-{name}.json"
    folder = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
    return folder / f"home-energy-{os.getuid()}-{name}.json"


def _to_json(told: PowerNow) -> dict[str, str | float]:
    return {
        "source": told.source,
        "stream": told.stream.value,
        "watts": told.watts,
        "as_of": told.as_of.isoformat(),
        "window_seconds": told.window_seconds,
        "hold_seconds": told.hold.total_seconds(),
    }


def _from_json(told: dict[str, str | float]) -> PowerNow:
    return PowerNow(
        source=str(told["source"]),
        stream=Stream(str(told["stream"])),
        watts=float(told["watts"]),
        as_of=datetime.fromisoformat(str(told["as_of"])),
        window_seconds=float(told["window_seconds"]),
        hold=timedelta(seconds=float(told["hold_seconds"])),
    )
