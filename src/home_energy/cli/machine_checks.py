"""What `doctor` says of the machine: see docs/machine.md, line by line."""

from collections.abc import Iterator
from pathlib import Path

from home_energy.cli.check import Check, Section, State
from home_energy.dashboard.local_words import size_words
from home_energy.machine import Machine, Trouble, read_machine
from home_energy.machine.board import HOT_C
from home_energy.machine.commands import Asked, ask
from home_energy.machine.firmware import Throttling, parse_throttled
from home_energy.machine.packages import read_held_packages
from home_energy.machine.services import (
    UnitState,
    are_units_installed,
    read_units,
    read_use,
)

WRITES_BUDGET_BYTES_PER_DAY = 100_000_000
"""Of the whole system; a card wears by what is written."""
LEAST_MEMORY_FRACTION = 0.1
_DAY_SECONDS = 86_400
_TROUBLE_WORDS = {
    Trouble.UNDERVOLTAGE: "too little voltage",
    Trouble.FREQUENCY_CAPPED: "frequency capped",
    Trouble.THROTTLED: "throttled",
    Trouble.HOT: "too hot",
}
SUPPLY = "use the 27 W USB-C supply for a Pi 5 and its own cable"
COOLING = "give it air, or a heat sink or fan"
CMDLINE = "/boot/firmware/cmdline.txt"


def machine_sections(root: Path = Path("/"), asked: Asked = ask) -> list[Section]:
    """Sections on the machine, as far as they make sense on this one.

    Parameters
    ----------
    root
        Folder above `proc`, `sys`, `etc` and so on.
    asked
        Who runs commands.
    """
    machine = read_machine(root)
    is_pi = machine.board.is_raspberry_pi
    is_installed = are_units_installed(root)
    sections = [Section("Machine", tuple(_anywhere(machine)))]
    if is_pi:
        firmware = asked(("vcgencmd", "get_throttled"))
        told = None if firmware is None else parse_throttled(firmware)
        sections += [
            Section("Power and heat", tuple(_power(machine, told))),
            Section("Screen", tuple(_screen(machine))),
        ]
    if is_pi or is_installed:
        sections += [
            Section("System", tuple(_system(machine, root, asked))),
            Section("Card", tuple(_card(machine))),
            Section("Services", tuple(_services(root, asked))),
        ]
    return sections


def _anywhere(machine: Machine) -> Iterator[Check]:
    board = machine.board
    page = "" if board.page_bytes is None else f", pages of {board.page_bytes:,} bytes"
    kernel = "unknown" if board.kernel is None else board.kernel
    yield Check(
        "model", State.OK, f"{board.model or 'a computer'}, kernel {kernel}{page}"
    )
    yield _memory(machine)
    yield _clock(machine)


def _memory(machine: Machine) -> Check:
    memory = machine.board.memory
    if memory.total_bytes is None or memory.available_bytes is None:
        return _unknown("memory", "the kernel does not tell")
    total, free = memory.total_bytes, memory.available_bytes
    found = f"{size_words(free)} of {size_words(total)} available"
    if free >= LEAST_MEMORY_FRACTION * total:
        return Check("memory", State.OK, found)
    return Check("memory", State.WARNING, found, "stop what else runs here, or restart")


def _clock(machine: Machine) -> Check:
    name = "network time"
    if machine.timekeeping.is_synchronised is None:
        return _unknown(name, "systemd-timesyncd does not run here")
    if machine.timekeeping.is_synchronised:
        return Check(name, State.OK, "the clock was set from the network")
    return Check(
        name,
        State.WARNING,
        "the clock has not been set from the network since the start",
        "it takes a minute; if it stays: sudo timedatectl set-ntp true, and look at "
        "the network",
    )


def _power(machine: Machine, told: Throttling | None) -> Iterator[Check]:
    yield _voltage(machine, told)
    yield _heat(machine, told)


def _voltage(machine: Machine, told: Throttling | None) -> Check:
    is_low = machine.is_undervolted
    if is_low or (told is not None and Trouble.UNDERVOLTAGE in told.now):
        return Check("voltage", State.FAILED, "too low now", SUPPLY)
    since_start = machine.troubles_since_start if told is None else told.since_start
    if since_start is not None and Trouble.UNDERVOLTAGE in since_start:
        found = "it has been too low since the start; now it is not"
        return Check("voltage", State.WARNING, found, SUPPLY)
    if is_low is None and told is None:
        return _unknown("voltage", "the kernel has no sensor rpi_volt")
    if since_start is None:
        found = "enough now; of before only `sudo vcgencmd get_throttled` knows"
        return Check("voltage", State.OK, found)
    return Check("voltage", State.OK, "enough, and it was since the start")


def _heat(machine: Machine, told: Throttling | None) -> Check:
    celsius = machine.board.temperature_c
    found = "temperature unknown" if celsius is None else f"{celsius:.0f} °C"
    low = Trouble.UNDERVOLTAGE
    now = Trouble.NONE if told is None else told.now & ~low
    if now or (celsius is not None and celsius >= HOT_C):
        words = "".join(f", {word}" for word in _words(now))
        return Check("heat", State.FAILED, f"{found}{words}", COOLING)
    before = machine.troubles_since_start if told is None else told.since_start
    if before is not None and before & ~low:
        words = ", ".join(_words(before & ~low))
        found = f"{found} now; since the start: {words}"
        return Check(
            "heat", State.WARNING, found, f"{COOLING}; low voltage does it, too"
        )
    if celsius is None:
        return _unknown("heat", "no sensor tells the processor's temperature")
    return Check("heat", State.OK, found)


def _words(troubles: Trouble) -> list[str]:
    return [word for trouble, word in _TROUBLE_WORDS.items() if trouble in troubles]


def _screen(machine: Machine) -> Iterator[Check]:
    screen = machine.screen
    if not screen.panels:
        yield Check(
            "panel",
            State.WARNING,
            "no display is connected",
            "if there should be one: power off, seat its cable anew, see docs/pi.md",
        )
        return
    panels = ", ".join(f"{p.connector} {p.mode or ''}".strip() for p in screen.panels)
    yield Check("panel", State.OK, panels)
    if screen.touch_panels:
        yield Check("touch", State.OK, ", ".join(screen.touch_panels))
    else:
        yield Check(
            "touch",
            State.WARNING,
            "no touch panel was found",
            "seat the display's cable anew; an HDMI display needs its USB cable, too",
        )
    if screen.backlights:
        lights = (f"{b.name}, {b.step} of {b.steps}" for b in screen.backlights)
        yield Check("backlight", State.OK, "; ".join(lights))
    else:
        yield _unknown("backlight", "none that can be dimmed; the page darkens itself")


def _system(machine: Machine, root: Path, asked: Asked) -> Iterator[Check]:
    yield _memory_limits(machine)
    if machine.board.is_raspberry_pi:
        yield _console(machine)
        yield _rtc(machine)
        yield _held(root)
    yield _watchdog(asked)
    if machine.wifi is not None:
        yield _wifi(machine, asked)


def _memory_limits(machine: Machine) -> Check:
    name = "memory limits"
    if machine.board.memory.has_limits is None:
        return _unknown(name, "the kernel does not tell its controllers")
    if machine.board.memory.has_limits:
        return Check(name, State.OK, "the kernel holds services to them")
    words = machine.board.command_line or ()
    found = "the kernel ignores them"
    if "cgroup_enable=memory" in words:
        return Check(
            name,
            State.WARNING,
            f"{found} although cgroup_enable=memory is asked for",
            "some kernels of 6.12 do; update the system. The services watch themselves",
        )
    do = f"add cgroup_enable=memory to the kernel's line (a Pi: {CMDLINE}), restart"
    return Check(name, State.WARNING, found, do)


def _console(machine: Machine) -> Check:
    if machine.board.command_line is None:
        return _unknown("screen saver", "the kernel's command line cannot be read")
    if "consoleblank=0" in machine.board.command_line:
        return Check("screen saver", State.OK, "off")
    return Check(
        "screen saver",
        State.WARNING,
        "the console may turn the screen off",
        f"add consoleblank=0 to the line in {CMDLINE} and restart",
    )


def _rtc(machine: Machine) -> Check:
    clock = machine.timekeeping
    name = "clock battery"
    after = "after a power cut the time waits for the network"
    if clock.rtc is None:
        return Check(name, State.WARNING, f"there is no clock of its own: {after}")
    if clock.has_rtc_battery is None:
        return _unknown(name, f"{clock.rtc} does not tell its voltage")
    if not clock.has_rtc_battery:
        do = "put the RTC battery on J5, between USB-C and HDMI"
        return Check(name, State.WARNING, f"none or empty: {after}", do)
    charging = ""
    if not clock.rtc_charging_volts:
        charging = ", not charged: right for a cell that cannot be"
    found = f"{clock.rtc_battery_volts:.2f} V{charging}"
    return Check(name, State.OK, found)


def _held(root: Path) -> Check:
    name = "kernel updates"
    if (root / "etc/apt/apt.conf.d/52home-energy").exists():
        return Check(name, State.OK, "not by themselves, see /etc/apt/apt.conf.d")
    held = read_held_packages(root)
    if held is None:
        return _unknown(name, "there is no dpkg here")
    kernels = [each for each in held if each.startswith(("linux-image", "raspi-firm"))]
    if kernels:
        return Check(name, State.OK, f"held: {', '.join(kernels)}")
    return Check(
        name,
        State.WARNING,
        "the kernel may be updated by itself, and a panel has stopped working by that",
        "run pi/install.sh again",
    )


def _watchdog(asked: Asked) -> Check:
    name = "watchdog"
    told = asked(("systemctl", "show", "--property=RuntimeWatchdogUSec"))
    value = "" if told is None else told.strip().partition("=")[2]
    if not value:
        return _unknown(name, "systemd does not answer")
    if value in ("0", "infinity"):
        return Check(
            name,
            State.WARNING,
            "a machine that hangs is not restarted",
            "run pi/install.sh again, see /etc/systemd/system.conf.d",
        )
    return Check(name, State.OK, f"a machine that hangs for {value} is restarted")


def _wifi(machine: Machine, asked: Asked) -> Check:
    wifi = machine.wifi
    if wifi is None or not wifi.is_up:
        return Check("wi-fi", State.OK, "there, but not in use")
    told = asked(("iw", "dev", wifi.interface, "get", "power_save")) or ""
    sleeps = wifi.may_sleep
    if "Power save:" in told:
        sleeps = "Power save: on" in told
    if sleeps is None:
        return _unknown("wi-fi", f"whether {wifi.interface} saves power cannot be read")
    if not sleeps:
        return Check("wi-fi", State.OK, f"{wifi.interface} stays awake")
    return Check(
        "wi-fi",
        State.WARNING,
        f"{wifi.interface} saves power, and drops off the network by that",
        "set wifi.powersave=2 in /etc/NetworkManager/conf.d (pi/install.sh does) and "
        "restart",
    )


def _card(machine: Machine) -> Iterator[Check]:
    yield _mounted(machine)
    yield _written(machine)
    yield _swap(machine)
    yield _journal(machine)


def _mounted(machine: Machine) -> Check:
    card = machine.card
    if card.filesystem is None:
        return _unknown("root", "what is mounted there cannot be read")
    free = "" if card.free_bytes is None else f", {size_words(card.free_bytes)} free"
    found = f"{card.filesystem} on {card.device}{free}"
    if "ro" in card.options:
        do = "nothing can be kept: back up what is there and use a new card"
        return Check("root", State.FAILED, f"{found}, read-only", do)
    if "noatime" not in card.options:
        do = "add noatime to the line of / in /etc/fstab: it wears the card less"
        return Check("root", State.WARNING, f"{found}, without noatime", do)
    return Check("root", State.OK, f"{found}, noatime")


def _written(machine: Machine) -> Check:
    written = machine.card.written_bytes
    uptime = machine.board.uptime_seconds
    if written is None or uptime is None:
        return _unknown("writes", "the disk below the root cannot be told")
    days = uptime / _DAY_SECONDS
    found = f"{size_words(written)} in {days:.1f} days since the start"
    # Installing and starting write much: less than two days say nothing of a day.
    if days < 2 or written <= WRITES_BUDGET_BYTES_PER_DAY * days:
        return Check("writes", State.OK, found)
    do = "more than 100 MB a day: look what else runs here (sudo iotop -a)"
    return Check("writes", State.WARNING, found, do)


def _swap(machine: Machine) -> Check:
    swaps = machine.card.swaps
    if swaps is None:
        return _unknown("swap", "the kernel does not tell")
    on_card = [swap.name for swap in swaps if swap.is_on_card]
    if on_card:
        do = "keep it in memory: Mechanism=zram in /etc/rpi/swap.conf.d (Trixie)"
        found = f"{', '.join(on_card)} is written to the card"
        return Check("swap", State.WARNING, found, do)
    return Check("swap", State.OK, ", ".join(swap.name for swap in swaps) or "none")


def _journal(machine: Machine) -> Check:
    is_kept = machine.card.is_journal_kept
    if is_kept is None:
        return _unknown("log", "systemd does not run here")
    if not is_kept:
        return Check("log", State.OK, "in memory")
    do = "set Storage=volatile in /etc/systemd/journald.conf.d (pi/install.sh does)"
    return Check("log", State.WARNING, "written to the card", do)


def _services(root: Path, asked: Asked) -> Iterator[Check]:
    units = read_units(asked)
    if not units:
        yield _unknown("services", "systemd does not answer")
    for unit in units:
        yield _service(unit, root)


def _service(unit: UnitState, root: Path) -> Check:
    found = unit.active
    if unit.restarts:
        times = "once" if unit.restarts == 1 else f"{unit.restarts} times"
        found += f", started anew {times}"
    use = read_use(root, unit.name)
    if use is not None:
        found += f", {size_words(use.memory_bytes)} of memory"
        if use.written_bytes is not None:
            found += f", has written {size_words(use.written_bytes)}"
    has_failed = unit.active == "failed"
    if has_failed or (unit.is_wanted and unit.active in ("inactive", "deactivating")):
        found += f" ({unit.result})" if unit.result not in ("", "success") else ""
        do = f"systemctl status {unit.name} tells why"
        return Check(unit.name, State.FAILED, found, do)
    if unit.is_wanted and unit.active != "active":
        return Check(unit.name, State.WARNING, found, "look again in a minute")
    return Check(unit.name, State.OK, found)


def _unknown(name: str, why: str) -> Check:
    return Check(name, State.UNKNOWN, why)
