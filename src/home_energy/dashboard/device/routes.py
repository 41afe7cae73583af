"""The machine on the fridge: what its page tells us of itself."""

from ipaddress import ip_address

from flask import Blueprint, request

from home_energy.dashboard.context import home_context

blueprint = Blueprint("device", __name__)


@blueprint.post("/heartbeat")
def heartbeat() -> tuple[str, int]:
    """Note that the page on the fridge is alive and shows what the server said."""
    if is_the_fridge():
        home_context().note_heartbeat()
    return "", 204


@blueprint.post("/touched")
def touched() -> tuple[str, int]:
    """Note that somebody touches the fridge."""
    if is_the_fridge():
        home_context().note_touch()
    return "", 204


def is_the_fridge() -> bool:
    """Whether the kiosk of this machine asks, not a phone that looks in."""
    address = request.remote_addr
    is_here = address is not None and ip_address(address).is_loopback
    return is_here and "kiosk" in request.args
