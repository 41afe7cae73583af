"""Runs functions of the shell scripts below pi/."""

import shlex
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PI = ROOT / "pi"


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script that knows every function of the installer."""
    said = "".join(
        f"{name}={shlex.quote(value)}\n" for name, value in variables.items()
    )
    begin = (
        f"set -euo pipefail\nHERE={PI}\nSOURCE={ROOT}\n{said}. {PI}/parts.sh\n{said}"
    )
    return subprocess.run(
        ["bash", "-c", begin + script], capture_output=True, text=True, check=False
    )
