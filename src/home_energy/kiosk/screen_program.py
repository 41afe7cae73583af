"""Asking the screen's program how the page does."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from home_energy.kiosk.page_watch import Health

ANSWER_WITHIN_SECONDS = 2.0

_opener = build_opener(ProxyHandler({}))


def ask_health(address: str) -> Health | None:
    """Ask once; `None` where nobody answers, or cannot say how the page does.

    Parameters
    ----------
    address
        Of the screen, such as `http://127.0.0.1:5050`.
    """
    try:
        with _opener.open(
            f"{address}/healthz", timeout=ANSWER_WITHIN_SECONDS
        ) as answer:
            told = answer.read()
    except HTTPError as error:  # the record cannot be read: the page says so, and beats
        with error:
            told = error.read()
    except (OSError, HTTPException):
        return None
    try:
        age_seconds = json.loads(told)["page_beat_age_seconds"]
    except (ValueError, KeyError, TypeError):
        return None
    return Health(None if age_seconds is None else float(age_seconds))
