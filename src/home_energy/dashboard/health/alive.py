"""`/healthz`: whether the screen's program does its work, for who watches over it."""

import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint

from home_energy import __version__
from home_energy.dashboard.context import HomeContext, home_context
from home_energy.errors import StoreError

RELEASE = Path(sys.prefix).resolve().parent.name
"""Folder of the release that this program was started from, as `pi/update.sh` asks.

Looked up once: the link `current` above it may name another one later.
"""

blueprint = Blueprint("alive", __name__)


@blueprint.get("/healthz")
def show() -> tuple[dict[str, Any], HTTPStatus]:
    """Answer, and with the answer feed the watchdog.

    200 while the record can be read or there is none yet, otherwise 503: then too the
    program is alive, and starting it anew would mend nothing.
    """
    context = home_context()
    is_readable = _is_record_readable(context)
    context.tell_alive()
    answer = {
        "version": __version__,
        "release": RELEASE,
        "is_record_readable": is_readable,
        "page_beats": context.heartbeat_count,
        "page_beat_age_seconds": _page_beat_age_seconds(context),
    }
    status = HTTPStatus.OK if is_readable else HTTPStatus.SERVICE_UNAVAILABLE
    return answer, status


def _is_record_readable(context: HomeContext) -> bool:
    try:
        if context.settings.home.store.exists():
            context.store().sources.anchor()
    except (OSError, StoreError):
        context.drop_store()
        return False
    return True


def _page_beat_age_seconds(context: HomeContext) -> float | None:
    last = context.last_heartbeat_boottime_seconds
    if last is None:
        return None
    return round(context.clock.boottime_seconds() - last, 1)
