"""The board: which it is, what runs on it, its memory and its heat."""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.reading import entries_of, lines_of, number_of, text_of

HOT_C = 80.0
"""From here a Raspberry Pi slows down, the more the nearer it comes to 85 °C [°C]:
Raspberry Pi documentation, frequency management and thermal control, read 2026-11."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory. [bytes]

    Parameters
    ----------
    total_bytes, available_bytes
        Of all, and what programs may still take.
    has_limits
        Whether the kernel holds services to their `MemoryMax=`. A Raspberry Pi's
        firmware starts it without, unless `cgroup_enable=memory` is asked for.
    """

    total_bytes: int | None
    available_bytes: int | None
    has_limits: bool | None


@dataclass(frozen=True, slots=True)
class Board:
    """Which machine this is.

    Parameters
    ----------
    model
        As the firmware names it: `Raspberry Pi 5 Model B Rev 1.0`; `None` on machines
        without a device tree.
    kernel
        Its release.
    page_bytes
        What memory is handed out in: 16384 with a Pi 5's own kernel.
    command_line
        Words with which the kernel was started.
    uptime_seconds
        Since the start.
    temperature_c
        Of the processor. [°C]
    """

    model: str | None
    kernel: str | None
    page_bytes: int | None
    command_line: tuple[str, ...] | None
    uptime_seconds: float | None
    temperature_c: float | None
    memory: Memory

    @property
    def is_raspberry_pi(self) -> bool:
        """Whether what is said of a Raspberry Pi holds here."""
        return self.model is not None and self.model.startswith("Raspberry Pi")


def read_board(root: Path) -> Board:
    """Read the board."""
    words = text_of(root / "proc/cmdline")
    return Board(
        model=text_of(root / "proc/device-tree/model"),
        kernel=text_of(root / "proc/sys/kernel/osrelease"),
        page_bytes=_page_bytes(root),
        command_line=None if words is None else tuple(words.split()),
        uptime_seconds=_uptime_seconds(root),
        temperature_c=read_temperature_c(root),
        memory=_memory(root),
    )


def read_temperature_c(root: Path) -> float | None:
    """Read the processor's temperature; other parts' say nothing of throttling. [°C]"""
    for zone in entries_of(root / "sys/class/thermal"):
        kind = text_of(zone / "type") or ""
        if "cpu" in kind or kind == "x86_pkg_temp":
            millidegrees = number_of(zone / "temp")
            return None if millidegrees is None else millidegrees / 1000
    return None


def _page_bytes(root: Path) -> int | None:
    """Of this process; its first piece of memory is as good as any."""
    try:
        with (root / "proc/self/smaps").open() as lines:
            for line in lines:
                if line.startswith("KernelPageSize:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None
    return None


def _uptime_seconds(root: Path) -> float | None:
    text = text_of(root / "proc/uptime")
    try:
        return None if text is None else float(text.split()[0])
    except (ValueError, IndexError):
        return None


def _memory(root: Path) -> Memory:
    kilobytes: dict[str, int] = {}
    for line in lines_of(root / "proc/meminfo") or ():
        name, _, rest = line.partition(":")
        amount = rest.split()
        if amount and amount[0].isdigit():
            kilobytes[name] = int(amount[0])
    controllers = text_of(root / "sys/fs/cgroup/cgroup.controllers")
    return Memory(
        total_bytes=_bytes(kilobytes.get("MemTotal")),
        available_bytes=_bytes(kilobytes.get("MemAvailable")),
        has_limits=None if controllers is None else "memory" in controllers.split(),
    )


def _bytes(kilobytes: int | None) -> int | None:
    return None if kilobytes is None else kilobytes * 1024
