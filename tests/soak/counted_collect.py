"""`home-energy collect` as it is, but that it counts, and tells the count at its end.

Run `python -m tests.soak.counted_collect CONFIG COUNTS`: the command's own code with a
look at what comes into its inbox and at how late it asks for each price.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from home_energy import cli
from home_energy.ingestion import collector
from home_energy.ingestion.market_schedule import PollState, next_poll
from home_energy.ingestion.power import inbox, live_sources, power_record
from home_energy.ingestion.power.live_sources import PowerSource
from home_energy.ingestion.power.mqtt_power import MqttPower
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.store.present_power import PresentPower

HISTORY_DAYS = 2
"""A short past, so that its fetching is over before the counting begins. [days]"""


class Counts:
    """What one run of the collector did."""

    def __init__(self) -> None:
        self._inboxes: list[CountingInbox] = []
        self._sources: list[PowerSource] = []
        self._late_seconds: dict[datetime, float] = {}
        self._power_seconds: list[float] = []

    def install(self) -> None:
        """Take the places from which the command imports."""
        inbox.PowerInbox = partial(CountingInbox, self._inboxes)  # type: ignore[assignment,misc]
        power_record.PowerRecord = partial(  # type: ignore[assignment,misc]
            TimedRecord, self._power_seconds
        )
        collector.next_poll = self._next_poll  # type: ignore[attr-defined]
        collector.Collector = partial(  # type: ignore[assignment,misc]
            collector.Collector, history_days=HISTORY_DAYS
        )
        live_sources.named_sources = partial(self._named, live_sources.named_sources)

    def write(self, path: Path) -> None:
        """Write everything down as JSON."""
        problems = [
            problem
            for source in self._sources
            if isinstance(source, MqttPower)
            for problem in source.problems()
        ]
        told = {
            "heard_count": sum(one.heard_count for one in self._inboxes),
            "dropped_count": sum(one.dropped_count for one in self._inboxes),
            "late_seconds": list(self._late_seconds.values()),
            "power_seconds": self._power_seconds,
            "problems": problems,
        }
        path.write_text(json.dumps(told))

    def _next_poll(self, now: datetime, last: PollState | None) -> datetime:
        """The market's schedule; a moment that has come is asked in at once."""
        moment = next_poll(now, last)
        if last is not None and moment <= now:
            late_seconds = (now - moment).total_seconds()
            self._late_seconds.setdefault(moment, late_seconds)
        return moment

    def _named(
        self,
        name_sources: Callable[..., list[PowerSource]],
        settings: Settings,
        box: inbox.PowerInbox,
        now: Callable[[], datetime],
    ) -> list[PowerSource]:
        self._sources = name_sources(settings, box, now)
        return self._sources


class CountingInbox(inbox.PowerInbox):
    """Counts the readings that are delivered."""

    def __init__(self, made: "list[CountingInbox]") -> None:
        super().__init__()
        self.heard_count = 0
        made.append(self)

    def put(self, item: inbox.PowerItem) -> None:
        """Deliver, and count; one source delivers, so nobody counts beside it."""
        if isinstance(item, inbox.Heard | inbox.Counted):
            self.heard_count += 1
        super().put(item)


class TimedRecord(PowerRecord):
    """Notes how long it holds up the loop each time: a price may be so much late."""

    def __init__(
        self,
        seconds: list[float],
        box: inbox.PowerInbox,
        store: Store,
        present: PresentPower,
    ) -> None:
        super().__init__(box, store, present)
        self._seconds = seconds

    def take(self, now: datetime) -> None:
        """Take what came in, and note for how long."""
        began = time.perf_counter()
        super().take(now)
        self._seconds.append(time.perf_counter() - began)

    def keep(self, now: datetime, *, is_last: bool = False) -> None:
        """Keep what is over, and note for how long."""
        began = time.perf_counter()
        super().keep(now, is_last=is_last)
        self._seconds.append(time.perf_counter() - began)


def main(words: Sequence[str]) -> None:
    """Collect until told to end."""
    config, path = words
    counts = Counts()
    counts.install()
    sys.argv = ["home-energy", "--config", config, "collect"]
    try:
        cli.main()
    finally:
        counts.write(Path(path))


if __name__ == "__main__":
    main(sys.argv[1:])
