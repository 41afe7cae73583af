"""Answers as Amber gives them, built by hand, and a client that hears nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from home_energy.demo.clocks import SteppedClock
from home_energy.domain.clock import Clock
from home_energy.ingestion.sources.amber import AmberClient

Row = dict[str, Any]
Answering = Callable[[httpx.Request], httpx.Response]

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""12:00 NEM on 22 November 2026."""
BASE_URL = "https://amber.invalid/v1/"
TOKEN = "psk_canary_7f3a9c"
SITE_ID = "01HOMEENERGYTEST0000ACTIVE"
NEM = timedelta(hours=10)


def interval(
    start: datetime = NOON,
    per_kwh: float = 25.5,
    *,
    kind: str = "ActualInterval",
    channel: str = "general",
    minutes: int = 5,
    **more: Any,
) -> Row:
    """One row of `/prices`, as real rows look; `more` overrides or adds keys."""
    end = start + timedelta(minutes=minutes)
    return {
        "type": kind,
        "date": (start + NEM).date().isoformat(),
        "duration": minutes,
        "startTime": _zulu(start + timedelta(seconds=1)),
        "endTime": _zulu(end),
        "nemTime": (end + NEM).strftime("%Y-%m-%dT%H:%M:%S+10:00"),
        "perKwh": per_kwh,
        "renewables": 41.2,
        "spotPerKwh": 11.25,
        "channelType": channel,
        "spikeStatus": "none",
        "descriptor": "neutral",
        **more,
    }


def usage(start: datetime = NOON, kwh: float = 0.25, **more: Any) -> Row:
    """One row of `/usage`."""
    row = interval(start, kind="Usage") | {
        "channelIdentifier": "E1",
        "kwh": kwh,
        "quality": "billable",
        "cost": round(kwh * 25.5, 4),
    }
    return row | more


def site(**more: Any) -> Row:
    """One row of `/sites`."""
    return {
        "id": SITE_ID,
        "nmi": "4102000000",
        "channels": [
            {"identifier": "E1", "type": "general", "tariff": "EA025"},
            {"identifier": "B1", "type": "feedIn", "tariff": "EA029"},
        ],
        "network": "Ausgrid",
        "status": "active",
        "activeFrom": "2024-02-10",
        "intervalLength": 5,
        **more,
    }


def without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}


def response(
    rows: Any, *, status: int = 200, at: datetime | None = NOON, **headers: str
) -> httpx.Response:
    """JSON with the time that the answer tells."""
    stamp = {} if at is None else {"Date": format_datetime(at, usegmt=True)}
    quota = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status, content=json.dumps(rows).encode(), headers=stamp | quota
    )


def amber_client(answering: Answering, clock: Clock | None = None) -> AmberClient:
    """A client whose network is a function."""
    http = httpx.Client(transport=httpx.MockTransport(answering))
    return AmberClient(http, BASE_URL, TOKEN, clock or SteppedClock(NOON))


def client_hearing(rows: Any, clock: Clock | None = None) -> AmberClient:
    """A client that always hears the same rows."""
    return amber_client(lambda _request: response(rows), clock)


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
