"""What the device page says of the machine and of the programs on it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from home_energy import __version__
from home_energy.dashboard.context import HomeContext
from home_energy.dashboard.device.addresses import address_words, own_address
from home_energy.dashboard.device.asking import ACTIONS, Action
from home_energy.dashboard.device.stops import last_stop
from home_energy.dashboard.health.facts import read_health
from home_energy.dashboard.health.finding import Facts
from home_energy.dashboard.health.view import Fact, clock_state_words, disk_words
from home_energy.dashboard.local_words import moment_words, span_words
from home_energy.dashboard.now import Now
from home_energy.domain.price import Channel

UNITS = {
    "Collector": "home-energy-collect",
    "Program": "home-energy-dashboard",
    "Browser": "home-energy-kiosk",
}
"""By what they are called on the page."""


@dataclass(frozen=True, slots=True)
class DevicePage:
    """The device page.

    Parameters
    ----------
    facts
        What is known.
    actions
        What may be asked for; nothing where nobody would act on it.
    """

    facts: list[Fact]
    actions: tuple[Action, ...]


def device_page(context: HomeContext, runtime: Path | None) -> DevicePage:
    """Gather what is known of the machine; what is not known says so."""
    health = read_health(context)
    now, facts = health.now, health.facts
    dashboard = context.settings.dashboard
    address = address_words(dashboard.host, dashboard.port, own_address())
    return DevicePage(
        facts=[
            Fact("Version", _version_words(facts)),
            Fact("Running", _running_words(context, facts)),
            Fact("Prices", _prices_words(now)),
            *(
                Fact(name, _stop_words(runtime, unit, now, facts))
                for name, unit in UNITS.items()
            ),
            Fact("Clock", clock_state_words(now, facts)),
            Fact("Disk", disk_words(facts)),
            Fact("Address", address),
        ],
        actions=() if runtime is None else ACTIONS,
    )


def _version_words(facts: Facts) -> str:
    model = None if facts.machine is None else facts.machine.machine.board.model
    return __version__ if model is None else f"{__version__} on a {model}"


def _running_words(context: HomeContext, facts: Facts) -> str:
    """For how long the program and the machine run, and how warm that is."""
    machine = timedelta(seconds=context.clock.boottime_seconds())
    started = timedelta(seconds=context.started_boottime_seconds)
    words = f"{span_words(machine - started)}, the machine {span_words(machine)}"
    warmth_c = (
        None if facts.machine is None else facts.machine.machine.board.temperature_c
    )
    return words if warmth_c is None else f"{words}, {warmth_c:.0f} °C"


def _prices_words(now: Now | None) -> str:
    """How far the record is behind."""
    newest = None if now is None else now.channels.get(Channel.GENERAL)
    if now is None or newest is None:
        return "none on record"
    if now.time is None:
        return "checking time"
    behind = now.time - newest.price.end
    if behind <= timedelta(0):
        return "up to date"
    return f"{span_words(behind)} behind"


def _stop_words(runtime: Path | None, unit: str, now: Now | None, facts: Facts) -> str:
    if runtime is None:
        return "not watched over here"
    stop = last_stop(runtime, unit)
    if stop is None:
        return "not stopped since the start"
    when = moment_words(stop.at, None if now is None else now.time, facts.zone)
    return f"{stop.why}, {when}"
