"""What is said when the screen answers other machines than this one."""

import socket

import pytest

from home_energy.dashboard.exposure import exposure


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.7", "::1", "localhost"])
def test_of_this_machine_alone_there_is_nothing_to_say(host: str) -> None:
    assert exposure(host, 5050, has_pin=False) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "fridge"])  # noqa: S104
def test_who_can_read_and_change_what_is_said(host: str) -> None:
    without, with_pin = (
        exposure(host, 5051, has_pin=has_pin) or "" for has_pin in (False, True)
    )

    name = socket.gethostname().partition(".")[0]
    for said in (without, with_pin):
        assert said.startswith(f"answering on {host}: every device")
        assert f"http://{name}.local:5051 and without encryption" in said
        assert "when somebody is at home" in said
    assert "no PIN is set (DASHBOARD_PIN in .env), so nobody can change" in without
    assert "whoever knows the PIN can restart or turn off" in with_pin
