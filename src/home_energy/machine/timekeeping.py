"""Whether the machine knows the time, and whether it will after a power cut."""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.reading import number_of, text_of

BATTERY_LEAST_VOLTS = 2.0
"""Of a cell that holds a clock. Charged ones were seen at 2.7 to 3.3 V, an empty
connector at 0.004 and 0.005 V (owners' reports of 2026, see docs/machine.md)."""


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """Clocks of the machine.

    Parameters
    ----------
    is_synchronised
        Whether the network has set the clock since the start; `None` where
        systemd-timesyncd does not run, for others leave no such sign.
    rtc
        Name of the clock that runs without power, given a battery.
    rtc_battery_volts
        What its battery has; `None` where that is not measured.
    rtc_charging_volts
        Up to what the battery is charged; 0 while it is not.
    """

    is_synchronised: bool | None
    rtc: str | None
    rtc_battery_volts: float | None
    rtc_charging_volts: float | None

    @property
    def has_rtc_battery(self) -> bool | None:
        """Whether the clock runs on through a power cut."""
        if self.rtc_battery_volts is None:
            return None
        return self.rtc_battery_volts >= BATTERY_LEAST_VOLTS


def read_timekeeping(root: Path) -> Timekeeping:
    """Read the clocks."""
    rtc = root / "sys/class/rtc/rtc0"
    return Timekeeping(
        is_synchronised=_is_synchronised(root),
        rtc=text_of(rtc / "name"),
        rtc_battery_volts=_volts(rtc / "battery_voltage"),
        rtc_charging_volts=_volts(rtc / "charging_voltage"),
    )


def _is_synchronised(root: Path) -> bool | None:
    told = root / "run/systemd/timesync"
    return (told / "synchronized").exists() if told.is_dir() else None


def _volts(path: Path) -> float | None:
    microvolts = number_of(path)
    return None if microvolts is None else microvolts / 1_000_000
