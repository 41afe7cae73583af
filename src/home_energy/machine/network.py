"""Wi-Fi, and whether it may go to sleep."""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.reading import (
    entries_of,
    setting_of,
    settings_files,
    text_of,
)

_POWER_SAVE = {"2": False, "3": True}
"""NetworkManager's words for it: nm-settings(5), `wifi.powersave`."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """A Wi-Fi interface.

    Parameters
    ----------
    interface
        `wlan0`.
    is_up
        Whether it carries the network now.
    may_sleep
        What the settings say of power save; `None` where they leave it open.
    """

    interface: str
    is_up: bool
    may_sleep: bool | None


def read_wifi(root: Path) -> Wifi | None:
    """Read the first Wi-Fi interface, if there is one."""
    for interface in entries_of(root / "sys/class/net"):
        if (interface / "phy80211").exists() or (interface / "wireless").exists():
            files = settings_files(
                root, "NetworkManager/NetworkManager.conf", "NetworkManager/conf.d"
            )
            asked = setting_of(files, "wifi.powersave")
            return Wifi(
                interface.name,
                text_of(interface / "operstate") == "up",
                None if asked is None else _POWER_SAVE.get(asked),
            )
    return None
