"""Addresses to which something secret goes, and those on which this machine answers.

What is secret must not be readable on the way.
"""

import ipaddress
from urllib.parse import urlsplit

_OWN_ENDS = (".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain")
"""Of names that a home's own router gives; no one else can have them."""

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what a person may have chosen
"""On which a program answers whoever reaches the machine."""


def safe_address(url: str, example: str, secret: str) -> str:
    """Refuse an address over which a secret would leave the home readable by anyone.

    Parameters
    ----------
    example
        Of a right address.
    secret
        What it is that goes there, in words.

    Raises
    ------
    ValueError
        With what was expected; the address itself is not in it.
    """
    host = _plain_host(url, example)
    if urlsplit(url).scheme == "http" and not _is_at_home(host):
        raise ValueError(
            f"http:// would send {secret} through the internet in plain text; use "
            "https://, or an address in the home such as http://192.168.1.10"
        )
    return url


def safe_or_own_address(url: str, example: str, secret: str) -> str:
    """Refuse an address over which a secret would leave this machine readable.

    As `safe_address`, but the home's network is not trusted either.
    """
    host = _plain_host(url, example)
    if urlsplit(url).scheme == "http" and not is_loopback(host):
        raise ValueError(
            f"http:// would send {secret} in plain text; use https://, or an address "
            "of this machine such as http://127.0.0.1"
        )
    return url


def _plain_host(url: str, example: str) -> str:
    """Host of an address that holds nothing but an address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise ValueError(f"expected an address like {example}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a name or password does not belong in an address")
    return host


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone, by its number or as `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_at_home(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private  # also of this machine
    except ValueError:
        return "." not in host or host.lower().endswith(_OWN_ENDS)
