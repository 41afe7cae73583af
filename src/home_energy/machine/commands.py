"""What other programs know of the machine; for `doctor`, never for a page."""

import os
import subprocess
from collections.abc import Callable, Sequence

Asked = Callable[[Sequence[str]], str | None]
"""Runs a command and returns what it says, or `None` if there is no answer."""
PATIENCE_SECONDS = 5.0
"""All of them answer at once, or hang with the hardware that they ask."""
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def ask(command: Sequence[str]) -> str | None:
    """Run a command in plain English; a refusal is no answer."""
    environment = {"PATH": _PATH, "LC_ALL": "C"}
    environment |= {k: v for k, v in os.environ.items() if k.startswith("DBUS_")}
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
