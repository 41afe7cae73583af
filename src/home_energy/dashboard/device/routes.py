"""The machine on the fridge: its page, what may be asked of it, that it lives."""

import logging
from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from home_energy.dashboard.access import is_from_here
from home_energy.dashboard.context import home_context
from home_energy.dashboard.device.asking import ACTIONS, ask
from home_energy.dashboard.device.brightness import tell_backlight, wanted_percent
from home_energy.dashboard.device.view import device_page
from home_energy.systemd import runtime_folder

blueprint = Blueprint("device", __name__)

_log = logging.getLogger(__name__)


@blueprint.post("/heartbeat")
def heartbeat() -> tuple[str, HTTPStatus]:
    """Note that the page on the fridge is alive and shows what the server said."""
    if is_the_fridge():
        home_context().note_heartbeat()
        _tell_backlight()
    return "", HTTPStatus.NO_CONTENT


@blueprint.post("/touched")
def touched() -> tuple[str, HTTPStatus]:
    """Note that somebody touches the fridge."""
    if is_the_fridge():
        home_context().note_touch()
        _tell_backlight()
    return "", HTTPStatus.NO_CONTENT


@blueprint.get("/device")
def show() -> str:
    """Show what is known of the machine, and what may be asked of it."""
    page = device_page(home_context(), runtime_folder())
    return render_template("device.html", page=page)


@blueprint.post("/device/ask/<name>")
def ask_for(name: str) -> tuple[str, HTTPStatus]:
    """Leave word that somebody asks for this."""
    runtime = runtime_folder()
    action = next((one for one in ACTIONS if one.name == name), None)
    if action is None or runtime is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        ask(runtime, action)
    except OSError as error:
        _log.error("%s cannot be asked for: %s", name, error)
        abort(HTTPStatus.SERVICE_UNAVAILABLE, "No word can be left for the machine.")
    _log.warning("asked for on the device page: %s", name)
    return action.outcome, HTTPStatus.ACCEPTED


def is_the_fridge() -> bool:
    """Whether the kiosk of this machine asks, not a phone that looks in."""
    return is_from_here() and "kiosk" in request.args


def _tell_backlight() -> None:
    tell_backlight(wanted_percent(home_context()), runtime_folder())
