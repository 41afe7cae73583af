"""Under which address this machine can be reached."""

import socket

from home_energy.settings.address import EVERYWHERE, is_loopback

_FAR_AWAY = ("192.0.2.1", 9)
"""Belongs to nobody (RFC 5737): the kernel only looks up the way, nothing is sent."""


def own_address() -> str | None:
    """Address of this machine in the home's network; `None` without a network."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect(_FAR_AWAY)
            address: str = way.getsockname()[0]
    except OSError:
        return None
    return address


def address_words(host: str, port: int, address: str | None) -> str:
    """Say where this machine is, and whether others may look at it.

    Parameters
    ----------
    host
        On which the screen answers.
    address
        Of this machine.
    """
    if is_loopback(host):
        return f"{address or 'no network'}, only this screen looks"
    seen = address if host in EVERYWHERE else host
    return "no network" if seen is None else f"http://{seen}:{port}"
