"""`/pin`: a phone or a laptop enters the PIN here, to change something."""

from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Literal

from flask import Blueprint, Response, make_response, redirect, render_template, request

from home_energy.dashboard.access import (
    COOKIE,
    PIN_PATH,
    is_from_here,
    may_change,
    pin_door,
)
from home_energy.dashboard.guard import allow
from home_energy.dashboard.pin.door import OPEN_SECONDS

blueprint = Blueprint("pin", __name__, url_prefix=PIN_PATH)

State = Literal["here", "unset", "open", "wait", "ask"]


@dataclass(frozen=True, slots=True)
class PinPage:
    """What the page shows.

    Parameters
    ----------
    state
        `here` on the fridge, `unset` without a PIN, `open` after it was entered,
        `wait` after too many wrong ones, otherwise `ask`.
    is_wrong
        Whether one was entered just now that is not it.
    wait_minutes
        Until one may be entered again. [minutes]
    """

    state: State
    is_wrong: bool = False
    wait_minutes: int = 0


@blueprint.get("")
def show() -> Response:
    """Ask for the PIN, or say why there is nothing to enter."""
    return _answer(_page())


@blueprint.post("")
def enter() -> Response:
    """Take the PIN; a right one opens for an hour to this browser at this address.

    That a page of ours sent it was asked before, as of every change. On the fridge none
    is compared: whoever controls its browser could try them all.
    """
    if is_from_here() or not pin_door().has_pin:
        return _answer(_page())
    entry = pin_door().enter(request.form.get("pin", ""), request.remote_addr or "")
    if entry.key is None:
        return _answer(_page(is_wrong=True))
    answer = make_response(redirect(PIN_PATH, HTTPStatus.SEE_OTHER))
    answer.set_cookie(
        COOKIE,
        entry.key,
        max_age=int(OPEN_SECONDS),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return answer


def _page(*, is_wrong: bool = False) -> PinPage:
    if is_from_here():
        return PinPage("here")
    if not pin_door().has_pin:
        return PinPage("unset")
    if may_change():
        return PinPage("open")
    wait_seconds = pin_door().wait_seconds(request.remote_addr or "")
    if wait_seconds > 0:
        return PinPage("wait", wait_minutes=ceil(wait_seconds / 60))
    return PinPage("ask", is_wrong=is_wrong)


def _answer(page: PinPage) -> Response:
    answer = make_response(render_template("pin.html", page=page))
    if page.state == "wait":
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        answer.headers["Retry-After"] = str(60 * page.wait_minutes)
    elif page.is_wrong:
        answer.status_code = HTTPStatus.FORBIDDEN
    answer.headers["Cache-Control"] = "no-store"
    return allow(answer, form_action="'self'")
