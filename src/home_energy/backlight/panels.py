"""The panels of this machine, by the kernel's folder of backlights."""

import logging
from pathlib import Path

_log = logging.getLogger(__name__)


class Panels:
    """Every panel whose brightness can be set; it may come and go.

    Parameters
    ----------
    folder
        `/sys/class/backlight`: one folder for each panel, its name differs by maker.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fault: str | None = None

    def set_percent(self, percent: int) -> int:
        """Make every panel so bright, and never dark. Return how many took it.

        A panel that was turned off may not come back, and then takes no touch either.
        """
        found = sorted(self._folder.glob("*/max_brightness"))
        return sum(self._set(most.parent, percent) for most in found)

    def _set(self, panel: Path, percent: int) -> bool:
        try:
            most = int((panel / "max_brightness").read_text())
            raw = min(max(1, round(most * percent / 100)), most)
            (panel / "brightness").write_text(f"{raw}\n")
        except (OSError, ValueError) as error:
            self._say_once(f"{panel.name}: {error}")
            return False
        return True

    def _say_once(self, fault: str) -> None:
        if fault != self._fault:
            _log.warning("a panel's brightness cannot be set: %s", fault)
            self._fault = fault
