"""The folder in which the programs of this machine leave word for one another."""

import os
from collections.abc import Mapping
from pathlib import Path


def runtime_folder(environment: Mapping[str, str] | None = None) -> Path | None:
    """Folder that systemd gave this service; `None` where no service manager did."""
    environment = os.environ if environment is None else environment
    named = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(named) if named else None
