"""How the services do: what systemd says of them, and what they take."""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.commands import Asked
from home_energy.machine.reading import lines_of, text_of

COLLECT = "home-energy-collect.service"
UNITS = (
    COLLECT,
    "home-energy-dashboard.service",
    "home-energy-kiosk.service",
    "home-energy-backlight.service",
    "home-energy-upkeep.service",
    "home-energy-upkeep.timer",
    "home-energy-asked.path",
)
_PROPERTIES = "Id,LoadState,UnitFileState,ActiveState,Result,NRestarts"
_FOLDERS = (
    "etc/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
)


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as systemd sees it, in its own words.

    Parameters
    ----------
    name
        `home-energy-collect.service`.
    is_wanted
        Whether it is to run by itself.
    active
        `active`, `inactive`, `failed`, `activating`, ...
    result
        How it ended last: `success`, `watchdog`, `oom-kill`, ...
    restarts
        How often systemd has started it anew.
    """

    name: str
    is_wanted: bool
    active: str
    result: str
    restarts: int | None


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """What the processes of a service take. [bytes]

    Parameters
    ----------
    memory_bytes
        In main memory, shared pages counted for each process.
    written_bytes
        Written to disks by the processes that run now; `None` where this user may not
        know.
    """

    memory_bytes: int
    written_bytes: int | None


def are_units_installed(root: Path) -> bool:
    """Whether this machine is set up to run the services by itself."""
    return any((root / folder / COLLECT).exists() for folder in _FOLDERS)


def read_units(asked: Asked) -> tuple[UnitState, ...]:
    """Ask systemd for our units; none where it does not run or knows none."""
    told = asked(("systemctl", "show", f"--property={_PROPERTIES}", *UNITS))
    return () if told is None else parse_units(told)


def parse_units(told: str) -> tuple[UnitState, ...]:
    """Read what `systemctl show` prints: `Key=value`, an empty line between units."""
    units = []
    for block in told.strip().split("\n\n"):
        values = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if values.get("LoadState") != "loaded":
            continue
        restarts = values.get("NRestarts", "")
        units.append(
            UnitState(
                name=values.get("Id", ""),
                is_wanted=values.get("UnitFileState", "").startswith("enabled"),
                active=values.get("ActiveState", ""),
                result=values.get("Result", ""),
                restarts=int(restarts) if restarts.isdigit() else None,
            )
        )
    return tuple(units)


def read_use(root: Path, unit: str) -> ServiceUse | None:
    """Read what a service takes; `None` where it does not run."""
    group = root / "sys/fs/cgroup/system.slice" / unit / "cgroup.procs"
    processes = lines_of(group)
    if not processes:
        return None
    folders = [root / "proc" / number for number in processes]
    written = [_figure(folder / "io", "write_bytes:") for folder in folders]
    known = [each for each in written if each is not None]
    memory = (_figure(folder / "status", "VmRSS:") or 0 for folder in folders)
    return ServiceUse(
        memory_bytes=sum(memory) * 1024,
        written_bytes=sum(known) if len(known) == len(written) else None,
    )


def _figure(path: Path, key: str) -> int | None:
    for line in (text_of(path) or "").splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    return None
