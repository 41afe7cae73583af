"""`doctor`: what is broken fails, what may be better is told, the unknown is a `?`."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.cli.conftest import AmberServer, CommandLine
from tests.machine import trees

from home_energy.cli.check import Check, State
from home_energy.cli.machine_checks import machine_sections

Asked = Callable[[Sequence[str]], str | None]
UNIT = """\
Id={name}
LoadState=loaded
ActiveState={active}
UnitFileState={wanted}
Result={result}
NRestarts={restarts}
"""


def unit(
    active: str,
    name: str = "home-energy-collect.service",
    wanted: str = "enabled",
    result: str = "success",
    restarts: int = 0,
) -> str:
    return UNIT.format(
        name=name, active=active, wanted=wanted, result=result, restarts=restarts
    )


def answering(
    *, throttled: str | None = None, watchdog: str = "1min", units: str = ""
) -> Asked:
    """Programs of a machine, by the word that tells them apart."""

    def asked(command: Sequence[str]) -> str | None:
        match command[0]:
            case "vcgencmd":
                return throttled
            case "iw":
                return "Power save: off\n"
            case "systemctl" if "RuntimeWatchdogUSec" in command[2]:
                return f"RuntimeWatchdogUSec={watchdog}\n"
            case _:
                return units

    return asked


def nobody(_command: Sequence[str]) -> str | None:
    """No program answers, as for a user who may do nothing, or in a container."""
    return None


def checks(root: Path, asked: Asked = nobody) -> dict[str, Check]:
    found = [
        check for section in machine_sections(root, asked) for check in section.checks
    ]
    named = {check.name: check for check in found}
    assert len(named) == len(found)
    return named


def headings(root: Path) -> list[str]:
    return [section.heading for section in machine_sections(root, nobody)]


def in_state(found: dict[str, Check], state: State) -> set[str]:
    return {name for name, check in found.items() if check.state is state}


def test_a_pi_5_that_is_well_has_nothing_but_ok(tmp_path: Path) -> None:
    asked = answering(throttled="throttled=0x0\n", units=unit("active"))

    found = checks(trees.pi_5(tmp_path), asked)

    assert in_state(found, State.OK) == set(found)
    assert len(found) == 19  # 3 + 2 + 3 + 6 + 4 + 1, section by section
    assert not any(check.do for check in found.values())
    assert found["model"].found == (
        "Raspberry Pi 5 Model B Rev 1.0, kernel 6.12.47+rpt-rpi-2712, "
        "pages of 16,384 bytes"
    )
    assert found["panel"].found == "DSI-2 720x1280"
    assert found["clock battery"].found == "2.96 V"
    assert found["writes"].found == "102 MB in 3.0 days since the start"


def test_on_a_pi_without_rights_nothing_fails_and_the_unknown_is_told(
    tmp_path: Path,
) -> None:
    found = checks(trees.pi_5(tmp_path))

    assert in_state(found, State.UNKNOWN) == {"watchdog", "services"}
    assert not in_state(found, State.FAILED)
    assert not in_state(found, State.WARNING)
    assert "sudo vcgencmd get_throttled" in found["voltage"].found


def test_a_pi_4_as_it_comes_is_told_what_to_do(tmp_path: Path) -> None:
    found = checks(trees.pi_4(tmp_path), answering(watchdog="0"))

    assert in_state(found, State.FAILED) == {"voltage", "heat"}
    assert in_state(found, State.WARNING) == {
        "memory",
        "network time",
        "touch",
        "memory limits",
        "screen saver",
        "clock battery",
        "kernel updates",
        "watchdog",
        "root",
        "writes",
        "swap",
        "log",
    }
    assert all(check.do for check in found.values() if check.state is State.FAILED)
    assert "27 W" in found["voltage"].do
    assert "81 °C" in found["heat"].found
    assert "cgroup_enable=memory" in found["memory limits"].do
    assert "wait" in found["clock battery"].found


def test_a_machine_that_is_no_pi_has_only_what_makes_sense_anywhere(
    tmp_path: Path,
) -> None:
    (tmp_path / "desktop").mkdir()
    (tmp_path / "container").mkdir()

    assert headings(trees.desktop(tmp_path / "desktop")) == ["Machine"]
    container = trees.container(tmp_path / "container")
    assert headings(container) == ["Machine"]
    assert in_state(checks(container), State.FAILED) == set()


def test_where_units_are_installed_the_system_is_looked_at_on_any_machine(
    tmp_path: Path,
) -> None:
    root = trees.plant(
        trees.desktop(tmp_path),
        {"etc/systemd/system/home-energy-collect.service": "[Unit]\n"},
    )

    assert headings(root) == ["Machine", "System", "Card", "Services"]
    assert "clock battery" not in checks(root)


@pytest.mark.parametrize(
    ("throttled", "voltage", "heat"),
    [
        ("throttled=0x0\n", State.OK, State.OK),
        ("throttled=0x1\n", State.FAILED, State.OK),
        ("throttled=0x10000\n", State.WARNING, State.OK),
        ("throttled=0x50005\n", State.FAILED, State.FAILED),
        ("throttled=0x50000\n", State.WARNING, State.WARNING),
        ("throttled=0x8\n", State.OK, State.FAILED),
        ("throttled=0x80000\n", State.OK, State.WARNING),
        ("VCHI initialization failed\n", State.OK, State.OK),
    ],
)
def test_what_the_firmware_says_now_fails_and_what_was_warns(
    tmp_path: Path, throttled: str, voltage: State, heat: State
) -> None:
    found = checks(trees.pi_5(tmp_path), answering(throttled=throttled))

    assert (found["voltage"].state, found["heat"].state) == (voltage, heat)


def test_what_root_has_heard_from_the_firmware_is_told_to_who_may_not_ask(
    tmp_path: Path,
) -> None:
    root = trees.plant(
        trees.pi_5(tmp_path), {"run/home-energy/throttled": "throttled=0x10000\n"}
    )

    assert checks(root)["voltage"].state is State.WARNING


def test_a_pi_of_which_no_sensor_tells_is_unknown_not_well(tmp_path: Path) -> None:
    root = trees.plant(
        tmp_path, {"proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.1\0"}
    )

    found = checks(root)

    assert {"voltage", "heat", "memory", "memory limits"} <= in_state(
        found, State.UNKNOWN
    )
    assert not in_state(found, State.FAILED)


def test_a_kernel_that_ignores_what_was_asked_for_is_told_apart(
    tmp_path: Path,
) -> None:
    root = trees.plant(
        trees.pi_5(tmp_path), {"sys/fs/cgroup/cgroup.controllers": "cpuset cpu io\n"}
    )

    limits = checks(root)["memory limits"]

    assert limits.state is State.WARNING
    assert "although cgroup_enable=memory is asked for" in limits.found
    assert "cmdline" not in limits.do


def test_a_card_that_went_read_only_fails(tmp_path: Path) -> None:
    root = trees.plant(
        trees.pi_5(tmp_path),
        {"proc/mounts": "/dev/mmcblk0p2 / ext4 ro,noatime 0 0\n"},
    )

    assert checks(root)["root"].state is State.FAILED


def test_two_days_are_needed_to_tell_what_is_written_in_a_day(tmp_path: Path) -> None:
    # 1,024 MB in a day and a half: an installation, not a habit.
    root = trees.plant(
        trees.pi_5(tmp_path),
        {
            "proc/uptime": "129600.0 1.0\n",
            "sys/block/mmcblk0/stat": "1 1 1 1 1 1 2000000 1 0 1 1\n",
        },
    )

    assert checks(root)["writes"].state is State.OK


def test_wi_fi_that_sleeps_is_told_whatever_the_settings_say(tmp_path: Path) -> None:
    def asked(command: Sequence[str]) -> str | None:
        return "Power save: on\n" if command[0] == "iw" else None

    found = checks(trees.pi_5(tmp_path), asked)

    assert found["wi-fi"].state is State.WARNING


@pytest.mark.parametrize(
    ("shown", "state", "words"),
    [
        (unit("active", restarts=2), State.OK, "active, started anew 2 times"),
        (unit("failed", result="watchdog"), State.FAILED, "failed (watchdog)"),
        (unit("inactive"), State.FAILED, "inactive"),
        (unit("activating"), State.WARNING, "activating"),
        # A kiosk that was left out, a nightly job between two nights.
        (unit("inactive", wanted="disabled"), State.OK, "inactive"),
        (unit("inactive", wanted="static"), State.OK, "inactive"),
        (unit("failed", wanted="static", result="exit-code"), State.FAILED, "failed"),
    ],
)
def test_a_service_that_should_run_and_does_not_fails(
    tmp_path: Path, shown: str, state: State, words: str
) -> None:
    found = checks(trees.pi_5(tmp_path), answering(units=shown))

    service = found["home-energy-collect.service"]
    assert service.state is state
    assert service.found.startswith(words)


def test_a_demo_s_folder_is_not_asked_for_a_token(command_line: CommandLine) -> None:
    command_line.config.mkdir()
    (command_line.config / "home.toml").write_text(
        '[amber]\nbase_url = "http://127.0.0.1/v1/"\n[home]\nstore = "home.sqlite"\n'
    )

    done = command_line.run("doctor", "--json")

    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert found["amber"]["state"] == "unknown"
    assert found["amber"]["is_ok"] is True
    assert "home-energy demo" in found["amber"]["found"]
    assert found["store"]["is_ok"] is False  # nothing was collected here
    assert done.returncode == 1


def test_lines_stand_under_headings_with_a_mark(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)

    done = command_line.run("doctor")

    lines = done.stdout.splitlines()
    assert [line for line in lines if line in ("Home", "Record", "Machine")] == [
        "Home",
        "Record",
        "Machine",
    ]
    assert any(line.startswith("ok   amber: the demo server") for line in lines)
    assert any(line.startswith("FAIL store: ") for line in lines)
    assert done.returncode == 1


def test_json_tells_the_state_beside_what_it_told_before(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)

    done = command_line.run("doctor", "--json")

    told = json.loads(done.stdout)["checks"]
    assert {frozenset(check) for check in told} == {
        frozenset({"name", "is_ok", "found", "do", "state"})
    }
    assert {check["state"] for check in told} <= {"ok", "warning", "failed", "unknown"}
    assert all(check["is_ok"] == (check["state"] != "failed") for check in told)
