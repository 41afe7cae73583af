"""What systemd says of the services, and what they take."""

from pathlib import Path

from home_energy.machine.commands import ask
from home_energy.machine.services import (
    ServiceUse,
    UnitState,
    are_units_installed,
    parse_units,
    read_use,
)
from tests.machine import trees

UNIT = "home-energy-collect.service"
SHOWN = """\
Id=home-energy-collect.service
LoadState=loaded
ActiveState=active
UnitFileState=enabled
Result=success
NRestarts=3

Id=home-energy-kiosk.service
LoadState=not-found
ActiveState=inactive
UnitFileState=

Id=home-energy-upkeep.timer
LoadState=loaded
ActiveState=active
UnitFileState=enabled-runtime
Result=success
"""


def test_units_are_read_as_systemd_shows_them() -> None:
    units = parse_units(SHOWN)

    assert units == (
        UnitState(UNIT, True, "active", "success", 3),  # noqa: FBT003
        UnitState("home-energy-upkeep.timer", True, "active", "success", None),  # noqa: FBT003
    )


def test_a_chroot_in_which_systemctl_says_nothing_has_no_units() -> None:
    assert parse_units("") == ()


def test_units_are_installed_where_the_collector_s_file_is(tmp_path: Path) -> None:
    (tmp_path / "pi").mkdir()
    (tmp_path / "desktop").mkdir()

    assert are_units_installed(trees.pi_5(tmp_path / "pi"))
    assert not are_units_installed(trees.desktop(tmp_path / "desktop"))


def test_a_service_takes_what_its_processes_take(tmp_path: Path) -> None:
    trees.plant(
        tmp_path,
        {
            f"sys/fs/cgroup/system.slice/{UNIT}/cgroup.procs": "41\n42\n",
            "proc/41/status": "Name:\tpython\nVmRSS:\t   60000 kB\n",
            "proc/42/status": "Name:\tpython\nVmRSS:\t   40000 kB\n",
            "proc/41/io": "rchar: 9\nwrite_bytes: 4096\n",
            "proc/42/io": "rchar: 9\nwrite_bytes: 8192\n",
        },
    )

    assert read_use(tmp_path, UNIT) == ServiceUse(
        memory_bytes=102_400_000, written_bytes=12_288
    )


def test_writes_of_a_process_that_nobody_may_see_are_unknown(tmp_path: Path) -> None:
    trees.plant(
        tmp_path,
        {
            f"sys/fs/cgroup/system.slice/{UNIT}/cgroup.procs": "41\n42\n",
            "proc/41/status": "VmRSS:\t 1000 kB\n",
            "proc/42/status": "VmRSS:\t 1000 kB\n",
            "proc/41/io": "write_bytes: 4096\n",
        },
    )

    use = read_use(tmp_path, UNIT)

    assert use is not None
    assert use.written_bytes is None


def test_a_service_that_does_not_run_takes_nothing(tmp_path: Path) -> None:
    trees.plant(tmp_path, {f"sys/fs/cgroup/system.slice/{UNIT}/cgroup.procs": "\n"})

    assert read_use(tmp_path, UNIT) is None


def test_a_program_that_is_not_there_or_refuses_gives_no_answer() -> None:
    assert ask(("home-energy-no-such-program",)) is None
    assert ask(("false",)) is None
    assert ask(("echo", "throttled=0x0")) == "throttled=0x0\n"
