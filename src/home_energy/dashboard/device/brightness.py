"""How bright the panel shall be, decided here and set by `home_energy.backlight`.

This program may not write to the kernel's folders; a small one of its own does.
"""

import socket
from pathlib import Path

from home_energy.backlight.listening import FULL_PERCENT, SOCKET_NAME
from home_energy.dashboard.context import HomeContext
from home_energy.dashboard.frame import theme_now

SPIKE_PERCENT = 30
"""So bright a spike may be at night."""


def wanted_percent(context: HomeContext) -> int:
    """Brightness for this moment: a touch before a spike before the night. [%]"""
    if context.is_awake or theme_now(context) == "day":
        return FULL_PERCENT
    night_percent = context.settings.dashboard.night_brightness_percent
    if context.shows_spike:
        return max(SPIKE_PERCENT, night_percent)
    return night_percent


def tell_backlight(percent: int, runtime: Path | None) -> None:
    """Tell the wanted brightness, if anybody listens; nobody waits for it."""
    if runtime is None:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)
            sender.sendto(str(percent).encode("ascii"), str(runtime / SOCKET_NAME))
    except OSError:
        return  # no panel to dim, or the next beat gets through
