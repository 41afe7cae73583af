"""A collector that meets a server which never answers, and is told to stop."""

import signal
import sys
import threading
from pathlib import Path

import httpx

from home_energy.domain.clock import SystemClock
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store


def main(base_url: str, store: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    clock = SystemClock()
    with httpx.Client(trust_env=False) as http:
        client = AmberClient(http, base_url, "psk_hanging", clock)
        Collector(client, Store.open(Path(store)), clock).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
