"""Findings about the machine: does it get power, and does it keep cool?

Only a Raspberry Pi tells, and is told what to do: elsewhere 85 °C are no news.
"""

from home_energy.dashboard.health.finding import Facts, Finding, Severity
from home_energy.dashboard.health.machine_watch import WatchedMachine
from home_energy.machine import Trouble
from home_energy.machine.board import HOT_C

_SUPPLY = (
    "Use the 27 W USB-C supply for a Raspberry Pi 5 and its own cable; take off what "
    "else draws from it."
)
_COOLING = "Give it air behind the panel, or a heat sink or fan."


def machine_findings(facts: Facts) -> list[Finding]:
    """Everything worth saying about the machine itself."""
    watched = facts.machine
    if watched is None or not watched.machine.board.is_raspberry_pi:
        return []
    return [*_power(watched), *_heat(watched)]


def _power(watched: WatchedMachine) -> list[Finding]:
    if watched.machine.is_undervolted:
        return [
            Finding(
                "undervoltage",
                Severity.WARNING,
                "The supply gives too little voltage: the Pi slows down and may stop",
                "power supply",
                _SUPPLY,
            )
        ]
    if Trouble.UNDERVOLTAGE not in watched.troubles_since_start:
        return []
    return [
        Finding(
            "undervoltage_before",
            Severity.NOTE,
            "The supply has given too little voltage since the Pi was started",
            "power supply",
            _SUPPLY,
        )
    ]


def _heat(watched: WatchedMachine) -> list[Finding]:
    celsius = watched.machine.board.temperature_c
    if celsius is not None and celsius >= HOT_C:
        return [
            Finding(
                "hot",
                Severity.WARNING,
                f"The Pi is too hot, {celsius:.0f} °C, and slows down",
                "temperature",
                _COOLING,
            )
        ]
    if Trouble.HOT not in watched.troubles_since_start:
        return []
    return [
        Finding(
            "hot_before",
            Severity.NOTE,
            "The Pi has been too hot since it was started, and slowed down",
            "temperature",
            _COOLING,
        )
    ]
