"""arm64 roots with Home Energy in them, installed as on a Pi and then kept."""

import json
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.booted.arm64_root import Root, base, installed_trees, run_here, unpacked
from tests.booted.machine import BUILD, ROOT

TOKEN = "psk_pretend"

RELEASE = "/opt/home-energy/current"

PYTHON = f"{RELEASE}/venv/bin/python"

INSIDE = Path(__file__).parent / "inside"
"""Programs for the release's own Python."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one run of the installer said.

    Parameters
    ----------
    printed
        Both streams.
    seconds
        How long it took. [s]
    """

    printed: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Installed:
    """A root and how it came to be.

    Parameters
    ----------
    root
        To be left as it is: `Root.run` can throw away what a command changes.
    told
        By the installer, when it made this.
    """

    root: Root
    told: Told


@cache
def installed(suite: str) -> Installed:
    """Root of a Debian with the last commit installed; kept until that changes."""
    folder = BUILD / "arm64" / suite
    note = folder.with_suffix(".json")
    made_from = installed_trees()
    if note.exists():
        kept = json.loads(note.read_text())
        if kept.pop("made_from") == made_from:
            return Installed(Root(folder), Told(**kept))
        note.unlink()
    root = unpacked(base(suite), folder)
    told = install(root)
    note.write_text(json.dumps({"made_from": made_from, **asdict(told)}))
    return Installed(root, told)


def install(root: Root) -> Told:
    """Clone the repository, run its installer; no browser, which no test here opens."""
    clone = root.path("/root/home-energy")
    shutil.rmtree(clone, ignore_errors=True)
    run_here(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone])
    root.path("/root/token").write_text(f"{TOKEN}\n")
    command = "bash /root/home-energy/pi/install.sh --no-kiosk --token-file /root/token"
    printed, seconds = root.timed(*command.split())
    return Told(printed, seconds)


def told_by(root: Root, program: str, **environment: str) -> Any:
    """Run one of the programs in `inside` there, and read the JSON that it prints."""
    shutil.copy(INSIDE / program, root.path("/root"))
    done = root.run(PYTHON, f"/root/{program}", environment=environment)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout.splitlines()[-1])
