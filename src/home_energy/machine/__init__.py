"""The machine this runs on: what it is, and how it does.

`read_machine` reads files of the kernel and of the system, nothing else: it starts no
process, waits for nobody and works in a hardened service. What takes a command
(`commands`, `services`) is for `home-energy doctor`.
"""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.board import Board, Memory, read_board
from home_energy.machine.card import Card, Swap, read_card
from home_energy.machine.firmware import (
    Trouble,
    read_troubles_since_start,
    read_undervoltage,
)
from home_energy.machine.network import Wifi, read_wifi
from home_energy.machine.screen import Backlight, Panel, Screen, read_screen
from home_energy.machine.timekeeping import Timekeeping, read_timekeeping

__all__ = [
    "Backlight",
    "Board",
    "Card",
    "Machine",
    "Memory",
    "Panel",
    "Screen",
    "Swap",
    "Timekeeping",
    "Trouble",
    "Wifi",
    "read_machine",
]


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine at one moment. Unknown is `None`.

    Parameters
    ----------
    board
        Model, kernel, memory, uptime and temperature.
    is_undervolted
        Whether the voltage was too low within the last two seconds.
    troubles_since_start
        What the firmware says of the time since the start, as far as it was asked.
    screen
        Displays, backlights, touch panels.
    timekeeping
        Clocks, and whether they can be trusted.
    card
        The disk, and what is written to it.
    wifi
        The first Wi-Fi interface, if there is one.
    """

    board: Board
    is_undervolted: bool | None
    troubles_since_start: Trouble | None
    screen: Screen
    timekeeping: Timekeeping
    card: Card
    wifi: Wifi | None


def read_machine(root: Path = Path("/")) -> Machine:
    """Read the machine.

    Parameters
    ----------
    root
        Folder above `proc`, `sys`, `run`, `etc` and `var`.
    """
    return Machine(
        board=read_board(root),
        is_undervolted=read_undervoltage(root),
        troubles_since_start=read_troubles_since_start(root),
        screen=read_screen(root),
        timekeeping=read_timekeeping(root),
        card=read_card(root),
        wifi=read_wifi(root),
    )
