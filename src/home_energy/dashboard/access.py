"""Who may do what: whoever reaches the screen may look, few may change anything.

Every request is asked for the name by which it came: a page of a stranger can make its
own name point into the home (DNS rebinding), but cannot make it one of this machine's.
Every request that may change something, of whatever route, is asked where it came from:
a browser must be at a page of ours, and away from this machine the PIN must be entered.
"""

import re
import socket
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import Forbidden, HTTPException

from home_energy.dashboard.pin.door import PinDoor

COOKIE = "home_energy_pin"
PIN_PATH = "/pin"
ONLY_THE_FRIDGE = ("/heartbeat", "/touched")
"""What nobody else may tell, with no PIN either."""

LOOKING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing; every other one does."""

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
"""With these a proxy on this machine passes on what came from elsewhere."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{1,5})?")


class Misdirected(HTTPException):
    """The request names a host that this machine is not."""

    code = HTTPStatus.MISDIRECTED_REQUEST

    def __init__(self) -> None:
        name = socket.gethostname().partition(".")[0]
        said = (
            "This is not a name of the machine that answers here. Expected its address "
            f"in numbers, {name}, {name}.local, or localhost; open it by one of them."
        )
        super().__init__(said, Response(f"{said}\n", self.code, mimetype="text/plain"))


def guard_access(app: Flask, door: PinDoor, host: str) -> None:
    """Ask every request of an application by which name and from where it comes.

    Parameters
    ----------
    host
        On which it answers by choice of the household: one of its names, too.
    """
    app.extensions["home_energy_pin"] = door
    app.before_request(partial(refuse_strange_host, host))
    app.before_request(_refuse_change)
    app.after_request(_keep_from_caches)


def refuse_strange_host(chosen: str = "localhost") -> None:
    """Refuse a request that came by a name which this machine does not have.

    Parameters
    ----------
    chosen
        Name that the household gave this machine in its settings.

    Raises
    ------
    Misdirected
        If the name is neither an address in numbers nor one of this machine's.
    """
    host = request.headers.get("Host", "")
    if not is_own_host(host, (socket.gethostname(), chosen)):
        raise Misdirected


def is_own_host(host: str, names: Sequence[str]) -> bool:
    """Whether a `Host` header can only mean this machine.

    Parameters
    ----------
    names
        Of this machine; the first as it calls itself, which its network may lengthen.
    """
    parts = _HOST.fullmatch(host)
    if parts is None:
        return False
    six, name = parts.groups()
    if six is not None or _address(name) is not None:
        return _address(six or name) is not None
    short = names[0].partition(".")[0]
    own = ("localhost", short, f"{short}.local", *names)
    return name.lower().removesuffix(".") in (one.lower() for one in own)


def pin_door() -> PinDoor:
    """Door of the running application."""
    door: PinDoor = current_app.extensions["home_energy_pin"]
    return door


def is_from_here() -> bool:
    """Whether somebody on this machine asks, such as the browser on the fridge.

    What a proxy on this machine passes on is from elsewhere. That is all that its
    headers are believed: who writes them himself only has to enter the PIN.
    """
    address = _address(request.remote_addr or "")
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    return address is not None and address.is_loopback and not is_forwarded


def may_change() -> bool:
    """Whether who asks may change something: here, or after the PIN was entered."""
    key = request.cookies.get(COOKIE)
    return is_from_here() or pin_door().is_open(key, request.remote_addr or "")


def _refuse_change() -> None:
    is_answered = request.routing_exception is None  # otherwise nothing can be changed
    if request.method in LOOKING or not is_answered:
        return
    if not _is_from_our_page():
        raise Forbidden("A page of another site asked for this. Nothing was done.")
    if request.path in ONLY_THE_FRIDGE and not is_from_here():
        raise Forbidden("Only the fridge itself can tell this. Nothing was done.")
    if request.path == PIN_PATH or may_change():
        return
    if pin_door().has_pin:
        raise Forbidden(f"Enter the PIN at {PIN_PATH} first. Nothing was done.")
    raise Forbidden("No PIN is set: only the fridge itself can do this.")


def _is_from_our_page() -> bool:
    """Whether a page of ours asks, or no browser at all.

    Every browser says so of itself, and no page can write these headers: the first
    where the connection counts as safe (this machine, TLS), the second with every
    method but GET and HEAD.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"


def _keep_from_caches(response: Response) -> Response:
    """What a browser with the PIN sees is not there for who opens it after an hour."""
    if COOKIE in request.cookies and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
