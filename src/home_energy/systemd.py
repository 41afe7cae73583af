"""What a service tells systemd, that it is ready and alive, and what it was given.

The protocol of sd_notify(3): lines in a datagram to the socket that the service
manager names. A service that says nothing for `WatchdogSec` is killed and started anew.
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path


class ServiceManager:
    """Who started this service; where nobody asked to be told, nothing is sent.

    Parameters
    ----------
    address
        Of the socket; a leading `@` stands for the abstract namespace. `None` where
        the program was not started by a service manager.
    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._is_ready = False

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None
    ) -> "ServiceManager":
        """Service manager that started this process, if one did."""
        environment = os.environ if environment is None else environment
        return cls(environment.get("NOTIFY_SOCKET") or None)

    @property
    def is_there(self) -> bool:
        """Whether somebody asked to be told."""
        return self._address is not None

    def ready(self, status: str) -> None:
        """Tell that the service does its work now, and what that is in a few words."""
        self._send(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """Feed the watchdog; called by the loop that does the work, and only there."""
        self._send("WATCHDOG=1")

    def works(self, status: str) -> None:
        """Tell after each piece of work: the first time ready, then that it goes on.

        Parameters
        ----------
        status
            What the service does, in a few words.
        """
        if not self._is_ready:
            self._is_ready = True
            self.ready(status)
        self.alive()

    def say(self, status: str) -> None:
        """Tell what the service is doing, for who looks with `systemctl status`."""
        self._send(f"STATUS={status}")

    def _send(self, lines: str) -> None:
        if self._address is None:
            return
        address = self._address
        if address.startswith("@"):
            address = "\0" + address[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.sendto(lines.encode(), address)
        except OSError:
            # Who is not heard is started anew: that is the watchdog's whole purpose.
            return


def runtime_folder(environment: Mapping[str, str] | None = None) -> Path | None:
    """Folder in memory that systemd gave this service, the first where it gave several.

    In it the programs of a machine leave word for one another. `None` where no service
    manager gave one.
    """
    environment = os.environ if environment is None else environment
    named = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(named) if named else None
