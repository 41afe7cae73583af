"""What it means that the screen answers other machines than this one, in words."""

import socket

from home_energy.settings.address import is_loopback

_READABLE = (
    "prices, what the home uses and pays, bills and scenarios; from that one can tell "
    "when somebody is at home"
)


def exposure(host: str, port: int, *, has_pin: bool) -> str | None:
    """Say who can read and change what; `None` where only this machine can.

    Parameters
    ----------
    host, port
        On which the screen answers.
    """
    if is_loopback(host):
        return None
    own_name = socket.gethostname().partition(".")[0]
    may_change = (
        "whoever knows the PIN can restart or turn off the machine"
        if has_pin
        else "no PIN is set (DASHBOARD_PIN in .env), so nobody can change anything"
    )
    return (
        f"answering on {host}: every device that reaches this machine can read, at "
        f"http://{own_name}.local:{port} and without encryption, {_READABLE}. From "
        f"there {may_change}; see docs/security.md"
    )
