"""Which unit on the Pi is handed which secret: the browser none."""

import re
from pathlib import Path

UNITS = Path(__file__).parents[2] / "pi" / "systemd"


def test_only_who_needs_a_secret_is_handed_it() -> None:
    handed = {
        unit.name: re.findall(
            r"^LoadCredential=([\w-]+):", unit.read_text(), re.MULTILINE
        )
        for unit in UNITS.glob("*.service")
    }

    assert {name: secrets for name, secrets in handed.items() if secrets} == {
        "home-energy-collect.service": ["amber-token"],
        "home-energy-dashboard.service": ["amber-token"],  # its PIN: install.sh --lan
    }


def test_no_secret_is_in_an_environment_or_an_argument() -> None:
    loose = [
        (unit.name, line)
        for unit in UNITS.glob("*.service")
        for line in unit.read_text().splitlines()
        if re.match(r"(Environment|EnvironmentFile|PassEnvironment|Exec\w+)=", line)
        and re.search(r"(?i)token|pin\b|password|secret|/\.env", line)
    ]

    assert loose == []


def test_the_browser_can_reach_neither_settings_nor_record_nor_network() -> None:
    kiosk = (UNITS / "home-energy-kiosk.service").read_text()

    assert "User=home-energy-kiosk" in kiosk
    for folder in ("/etc/home-energy", "/var/lib/home-energy", "/run/home-energy"):
        assert re.search(rf"(?m)^InaccessiblePaths=.*-{folder}\b", kiosk)
    assert re.findall(r"^IPAddress\w+=.*$", kiosk, re.MULTILINE) == [
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
    ]
