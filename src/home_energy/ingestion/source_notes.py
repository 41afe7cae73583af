"""How a source did, noted in the store and said once when it changes."""

import logging
from datetime import datetime

from home_energy.ingestion.sources.amber import AmberClient
from home_energy.store import Store

_log = logging.getLogger(__name__)

SOURCE = "amber"


class SourceNotes:
    """Notes on Amber's tasks: a log line when one leaves and when it returns."""

    def __init__(self, client: AmberClient, store: Store) -> None:
        self._client = client
        self._sources = store.sources

    def success(self, task: str, at: datetime) -> None:
        """Note that a task worked, and the time that its answer told."""
        if self._client.anchor is not None:
            self._sources.save_anchor(self._client.anchor)
        if self._sources.record_success(SOURCE, task, at):
            _log.info("%s, %s: works again", SOURCE, task)

    def failure(self, task: str, at: datetime, error: Exception) -> None:
        """Note that a task failed."""
        if self._sources.record_failure(SOURCE, task, at, error):
            _log.warning("%s, %s: %s", SOURCE, task, error)
