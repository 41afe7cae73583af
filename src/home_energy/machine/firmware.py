"""What a Raspberry Pi's firmware says of power and heat.

`vcgencmd get_throttled` answers `throttled=0x50005`: four bits for now and the same
four, sixteen higher, for any time since the start [1]_. The kernel's own driver asks
the firmware every two seconds and tells as `in0_lcrit_alarm` whether the voltage was
too low since it asked before [2]_.

References
----------
.. [1] Raspberry Pi documentation, Raspberry Pi OS, `vcgencmd get_throttled`:
   raspberrypi.com/documentation/computers/os.html, read 2026-11; the bits hold for the
   Pi 5 as well: github.com/raspberrypi/documentation/issues/3257.
.. [2] Linux, drivers/hwmon/raspberrypi-hwmon.c, read 2026-11.
"""

import re
from dataclasses import dataclass
from enum import Flag
from pathlib import Path

from home_energy.machine.reading import entries_of, number_of, text_of

NOTED = "run/home-energy/throttled"
"""Where who may ask the firmware leaves its answer for who may not."""
_ANSWER = re.compile(r"(?:throttled=)?(?:0x)?([0-9a-fA-F]{1,8})")
_SINCE_START = 16


class Trouble(Flag):
    """What slows a Pi down, or stops it."""

    NONE = 0
    UNDERVOLTAGE = 1 << 0
    FREQUENCY_CAPPED = 1 << 1
    THROTTLED = 1 << 2
    HOT = 1 << 3


_ALL = Trouble.UNDERVOLTAGE | Trouble.FREQUENCY_CAPPED | Trouble.THROTTLED | Trouble.HOT


@dataclass(frozen=True, slots=True)
class Throttling:
    """Troubles of now, and of any time since the machine started."""

    now: Trouble
    since_start: Trouble


def parse_throttled(answer: str) -> Throttling | None:
    """Read an answer of `vcgencmd get_throttled`, or the kernel's file of that name.

    Parameters
    ----------
    answer
        `throttled=0x50005`, or `50005`: hexadecimal either way.

    Returns
    -------
    Throttling or None
        `None` where the answer is another, such as a refusal.
    """
    match = _ANSWER.fullmatch(answer.strip())
    if match is None:
        return None
    bits = int(match[1], 16)
    return Throttling(
        now=Trouble(bits & _ALL.value),
        since_start=Trouble(bits >> _SINCE_START & _ALL.value),
    )


def read_troubles_since_start(root: Path) -> Trouble | None:
    """Read what the firmware was last heard to say of the time since the start."""
    noted = text_of(root / NOTED)
    told = None if noted is None else parse_throttled(noted)
    return None if told is None else told.since_start


def read_undervoltage(root: Path) -> bool | None:
    """Whether the voltage was too low within the last two seconds."""
    for sensor in entries_of(root / "sys/class/hwmon"):
        if text_of(sensor / "name") == "rpi_volt":
            alarm = number_of(sensor / "in0_lcrit_alarm")
            return None if alarm is None else alarm != 0
    return _undervoltage_of_old_kernels(root)


def _undervoltage_of_old_kernels(root: Path) -> bool | None:
    """From the file that the sensor replaced; with the sensor, to read it is a fault.

    Current kernels write a warning into their log when it is read.
    """
    for path in (root / "sys/devices/platform").glob(
        "soc*/soc*:firmware/get_throttled"
    ):
        text = text_of(path)
        told = None if text is None else parse_throttled(text)
        if told is not None:
            return Trouble.UNDERVOLTAGE in told.now | told.since_start
    return None
