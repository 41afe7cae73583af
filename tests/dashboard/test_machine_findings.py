"""The screen tells of too little voltage and of heat, on a Raspberry Pi only."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from home_energy.dashboard.health.finding import Facts, Severity
from home_energy.dashboard.health.machine_findings import machine_findings
from home_energy.dashboard.health.machine_watch import MachineWatch
from home_energy.machine import Trouble
from tests.dashboard.recorded_home import NOON, RecordedHome
from tests.machine import trees

ALARM = "sys/class/hwmon/hwmon2/in0_lcrit_alarm"
HEAT = "sys/class/thermal/thermal_zone0/temp"


@dataclass
class Steps:
    """A clock of which only the steady counter is asked."""

    seconds: float = 0.0
    boot_id: str = "one"

    def boottime_seconds(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON

    def is_synchronised(self) -> bool:
        return True

    def wait(self, seconds: float, stop: object) -> None:
        raise NotImplementedError


def found_with(root: Path, files: dict[str, str]) -> list[tuple[str, Severity]]:
    watch = MachineWatch(Steps(), trees.plant(root, files))
    facts = Facts(
        zone=NOON.tzinfo,  # type: ignore[arg-type]
        is_demo=False,
        has_token=True,
        is_synchronised=True,
        machine_time=NOON,
        machine=watch.look(),
    )
    return [(each.code, each.severity) for each in machine_findings(facts)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({ALARM: "1\n"}, [("undervoltage", Severity.WARNING)]),
        ({HEAT: "79900\n"}, []),
        ({HEAT: "80000\n"}, [("hot", Severity.WARNING)]),
        (
            {"run/home-energy/throttled": "throttled=0x90000\n"},
            [("undervoltage_before", Severity.NOTE), ("hot_before", Severity.NOTE)],
        ),
    ],
)
def test_a_pi_tells_what_is_and_what_was(
    tmp_path: Path, files: dict[str, str], expected: list[tuple[str, Severity]]
) -> None:
    assert found_with(trees.pi_5(tmp_path), files) == expected


def test_a_hot_desktop_is_nobody_s_concern(tmp_path: Path) -> None:
    assert found_with(trees.desktop(tmp_path), {}) == []


def test_the_machine_is_looked_at_once_a_minute(tmp_path: Path) -> None:
    clock = Steps()
    watch = MachineWatch(clock, trees.pi_5(tmp_path))
    first = watch.look()
    trees.plant(tmp_path, {HEAT: "60000\n"})

    clock.seconds = 59.0
    within = watch.look()
    clock.seconds = 60.0
    after = watch.look()

    assert within is first
    assert after.machine.board.temperature_c == 60.0


def test_too_little_voltage_is_remembered_when_it_is_over(tmp_path: Path) -> None:
    clock = Steps()
    watch = MachineWatch(clock, trees.plant(trees.pi_5(tmp_path), {ALARM: "1\n"}))
    watch.look()
    trees.plant(tmp_path, {ALARM: "0\n"})
    clock.seconds = 60.0

    later = watch.look()

    assert later.machine.is_undervolted is False
    assert later.troubles_since_start == Trouble.UNDERVOLTAGE


def test_health_page_and_metrics_tell_of_a_weak_supply(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    client = home.client()
    root = trees.plant(trees.pi_5(tmp_path / "pi"), {ALARM: "1\n"})
    watch = MachineWatch(home.clock, root)
    client.application.extensions["home_energy"].machine = watch

    health = client.get("/api/v1/health").get_json()
    metrics = client.get("/metrics").get_data(as_text=True)

    codes = {finding["code"] for finding in health["findings"]}
    assert "undervoltage" in codes
    assert "home_energy_machine_undervoltage 1.0" in metrics
    assert "home_energy_machine_temperature_celsius 51.85" in metrics
    assert "home_energy_machine_disk_written_bytes 1.024e+08" in metrics


def test_what_a_machine_does_not_tell_is_absent_from_metrics(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    client = home.client()
    root = trees.container(tmp_path / "container")
    watch = MachineWatch(home.clock, root)
    client.application.extensions["home_energy"].machine = watch

    metrics = client.get("/metrics").get_data(as_text=True)

    assert "home_energy_machine" not in metrics
