"""What a service tells systemd."""

import socket
from pathlib import Path

from home_energy.systemd import ServiceManager


def listening(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(address)
    listener.settimeout(2)
    return listener


def test_a_service_says_ready_alive_and_what_it_does(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with listening(path) as listener:
        manager = ServiceManager.from_environment({"NOTIFY_SOCKET": path})

        manager.ready("collecting")
        manager.alive()
        manager.say("waiting for a token")

        assert listener.recv(100) == b"READY=1\nSTATUS=collecting"
        assert listener.recv(100) == b"WATCHDOG=1"
        assert listener.recv(100) == b"STATUS=waiting for a token"


def test_a_leading_at_sign_stands_for_the_abstract_namespace(tmp_path: Path) -> None:
    name = f"home-energy-test-{tmp_path.name}"
    with listening("\0" + name) as listener:
        ServiceManager(f"@{name}").alive()

        assert listener.recv(100) == b"WATCHDOG=1"


def test_nothing_is_sent_where_nobody_asked(tmp_path: Path) -> None:
    assert not ServiceManager.from_environment({}).is_there
    assert not ServiceManager.from_environment({"NOTIFY_SOCKET": ""}).is_there

    ServiceManager(None).alive()
    ServiceManager(str(tmp_path / "gone")).alive()  # and a lost one ends nothing
