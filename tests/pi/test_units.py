"""What the units may do, and that the requirements are those of the lock."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pi.shell import PI, ROOT

MOST_EXPOSURE = 1.5


@pytest.mark.parametrize("name", ["collect", "dashboard", "upkeep", "backlight"])
def test_exposure_is_small(name: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    unit = PI / f"systemd/home-energy-{name}.service"

    done = subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=true", "--no-pager"),
            *(f"--threshold={MOST_EXPOSURE * 10:.0f}", unit),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_requirements_are_those_of_the_lock() -> None:
    uv = shutil.which("uv") or ROOT / ".tools/bin/uv"

    done = subprocess.run(
        [
            *(uv, "export", "--frozen", "--no-dev", "--extra", "powerwall"),
            *("--group", "install", "--no-emit-project", "--no-header"),
            *("--format", "requirements-txt", "--quiet", "--offline"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    lines = (PI / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        line for line in done.stdout.splitlines() if not line.startswith("#")
    ]


def test_every_line_of_the_requirements_has_its_hash() -> None:
    text = (PI / "requirements.txt").read_text().replace("\\\n", " ")
    wanted = [line for line in text.splitlines() if line and line[0] not in "# "]

    assert len(wanted) > 50
    assert [line for line in wanted if "--hash=sha256:" not in line] == []


def test_browser_policy_lets_only_this_machine_in() -> None:
    file = PI / "etc/chromium/policies/managed/home-energy.json"

    policy = json.loads(file.read_text())

    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == ["127.0.0.1:5050", "file:///opt/home-energy/"]


@pytest.mark.parametrize(
    "unit", sorted(PI.glob("systemd/*.service")), ids=lambda u: u.stem
)
def test_unit_that_is_tried_for_ever_never_gives_up(unit: Path) -> None:
    text = unit.read_text()

    assert ("Restart=always" in text) == ("StartLimitIntervalSec=0" in text)


@pytest.mark.parametrize("name", ["kiosk", "backlight"])
def test_a_panel_whose_driver_comes_late_starts_what_was_skipped(name: str) -> None:
    unit = (PI / f"systemd/home-energy-{name}.service").read_text()
    rules = (PI / "etc/udev/rules.d/50-home-energy-panel.rules").read_text()
    (install,) = (line for line in unit.splitlines() if line.startswith("WantedBy="))

    # Conditions are looked at once: at the boot, and when the device is there.
    assert "ConditionPathExistsGlob=" in unit
    assert "home-energy-panel.target" in install
    subsystem = {"kiosk": "drm", "backlight": "backlight"}[name]
    (rule,) = (line for line in rules.splitlines() if f'"{subsystem}"' in line)
    assert 'ENV{SYSTEMD_WANTS}+="home-energy-panel.target"' in rule
