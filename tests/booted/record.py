"""The record seen from outside: what a reader saw before a cut is there after it.

The guest's file lies on a card that is mounted here too, and both sides have one
kernel: SQLite's locks hold between them, so a reader here is a reader like the screen.
"""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from tests.booted.card import Card, inserted
from tests.booted.machine import BUILD
from tests.years_on_record import keep_years

from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import REGISTERS, SyntheticMarket
from home_energy.domain.price import Channel, Quality
from home_energy.domain.time_grid import nem_date, nem_day_start
from home_energy.store import Store
from home_energy.store.prices import CHANNEL

STATE = "var/lib/home-energy"
STORE = f"{STATE}/home.sqlite"
LOOK_EVERY_SECONDS = 0.2
SAME_MOMENT_SECONDS = 5
"""Rows of one answer bear one second; a look may come between two of them."""

ARRIVED_AFTER, FINAL_AFTER = timedelta(days=1.4), timedelta(days=30)
"""From a day's midnight until its usage is told, and until its meter has been read."""

AMBER_NAME = {
    Channel.GENERAL: "general",
    Channel.CONTROLLED_LOAD: "controlledLoad",
    Channel.FEED_IN: "feedIn",
}

Key = tuple[str, int, int]
"""Channel, or `usage` and a register; start [s since 1970 UTC]; length [minutes]."""

_ROWS_SQL = """
    SELECT channel, start_utc_s, duration_minutes, c_per_kwh, quality, known_at_utc_s
    FROM price WHERE known_at_utc_s >= ?
"""
_USAGE_SQL = """
    SELECT register, start_utc_s, duration_minutes, kwh, quality, known_at_utc_s
    FROM reading JOIN register USING (register_key) WHERE known_at_utc_s >= ?
"""


@dataclass(slots=True)
class Rows:
    """Prices and usage: value and quality of each interval.

    Parameters
    ----------
    rows
        Value [c/kWh, or kWh of usage] and quality by key.
    newest_s
        When the newest of them was known. [s since 1970 UTC]
    """

    rows: dict[Key, tuple[float, int]] = field(default_factory=dict)
    newest_s: int = 0

    def take(self, connection: sqlite3.Connection) -> None:
        """Add what a store has in addition to these."""
        since_s = self.newest_s - SAME_MOMENT_SECONDS
        with connection:
            connection.execute("BEGIN")  # both tables at one moment
            prices = connection.execute(_ROWS_SQL, (since_s,)).fetchall()
            usage = connection.execute(_USAGE_SQL, (since_s,)).fetchall()
        for channel, start_s, minutes, value, quality, known_s in prices:
            self.rows[CHANNEL[channel].value, start_s, minutes] = value, quality
            self.newest_s = max(self.newest_s, known_s)
        for register, start_s, minutes, value, quality, known_s in usage:
            self.rows[f"usage {register}", start_s, minutes] = value, quality
            self.newest_s = max(self.newest_s, known_s)


class Reader(threading.Thread):
    """Reads what is committed, again and again, from outside the guest.

    Parameters
    ----------
    store
        The guest's file; it may not be there yet.
    seen
        What is known to be on the card before the boot; what is read is added.
    """

    def __init__(self, store: Path, seen: Rows) -> None:
        super().__init__(name="reader")
        self.seen = seen
        self._store = store
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(LOOK_EVERY_SECONDS):
            if self._store.exists():
                try:
                    self._follow()
                except sqlite3.OperationalError:  # not made yet, or being mended
                    continue

    def stop(self) -> None:
        """End the reading; what was seen until now stands."""
        self._stop_asked.set()
        self.join()

    def _follow(self) -> None:
        with closing(opened(self._store)) as connection:
            version = None
            while not self._stop_asked.wait(LOOK_EVERY_SECONDS):
                (now,) = connection.execute("PRAGMA data_version").fetchone()
                if now != version:
                    self.seen.take(connection)
                    version = now


def opened(store: Path) -> sqlite3.Connection:
    """Connection that only reads."""
    return sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, isolation_level=None)


@dataclass(frozen=True, slots=True)
class OnCard:
    """The record as it lies on a card that nobody runs."""

    integrity: str
    found: Rows


def read_card(card: Card) -> OnCard:
    """Read a card's record, and do not change it: SQLite would play back its log."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home.sqlite"
        with inserted(card) as root:
            if not (root / STORE).exists():
                return OnCard("no record yet", Rows())
            for end in ("", "-wal"):
                if (root / f"{STORE}{end}").exists():
                    shutil.copy(root / f"{STORE}{end}", f"{copy}{end}")
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
            found = Rows()
            if connection.execute(
                "SELECT 1 FROM sqlite_schema WHERE name = 'reading'"
            ).fetchone():
                found.take(connection)
    return OnCard(integrity, found)


@contextmanager
def changing(card: Card) -> Iterator[sqlite3.Connection]:
    """Connection that writes into the record of a card that nobody runs."""
    with (
        inserted(card) as root,
        closing(sqlite3.connect(root / STORE)) as connection,
        connection,
    ):
        yield connection


class Truth:
    """What the pretended market says: the demo's, which the guest's Amber answers."""

    def __init__(self) -> None:
        self._market = SyntheticMarket(SyntheticHome())
        self._prices = lru_cache(maxsize=None)(self._day_prices)
        self._usage = lru_cache(maxsize=None)(self._day_usage)

    def wrong(self, rows: dict[Key, tuple[float, int]]) -> list[Key]:
        """Keys of rows that the market never said, or not so."""
        return [
            key
            for key, (value, quality) in rows.items()
            if value != self._value(key, Quality(quality))
        ]

    def _value(self, key: Key, quality: Quality) -> float | None:
        name, start_s, _ = key
        start = datetime.fromtimestamp(start_s, UTC)
        if name.startswith("usage"):
            return self._usage(name.split()[1], nem_date(start), quality).get(start_s)
        channel = Channel(name)
        if quality is Quality.ACTUAL:
            return self._prices(channel, nem_date(start)).get(start_s)
        row = self._market.estimate_row(AMBER_NAME[channel], start, 5, start)
        return _turned(channel, row["perKwh"])

    def _day_prices(self, channel: Channel, day: date) -> dict[int, float]:
        midnight = nem_day_start(day)
        rows = self._market.final_rows(
            AMBER_NAME[channel], midnight, midnight + timedelta(days=1), 5
        )
        return {_start_s(row): _turned(channel, row["perKwh"]) for row in rows}

    def _day_usage(
        self, register: str, day: date, quality: Quality
    ) -> dict[int, float]:
        channel = next(name for name, one in REGISTERS.items() if one == register)
        read_after = FINAL_AFTER if quality is Quality.ACTUAL else ARRIVED_AFTER
        rows = self._market.usage_rows(channel, day, nem_day_start(day) + read_after)
        return {_start_s(row): abs(row["kwh"]) for row in rows}


def twice(rows: dict[Key, tuple[float, int]]) -> int:
    """How many intervals stand there in more than one length."""
    return len(rows) - len({(name, start_s) for name, start_s, _ in rows})


def lost(seen: Rows, found: Rows) -> list[Key]:
    """Rows that were seen, and are gone, less sure or another value for no reason."""
    gone = []
    for key, (value, quality) in seen.rows.items():
        there = found.rows.get(key)
        if (
            there is None
            or there[1] < quality
            or (there[1] == quality and there[0] != value)
        ):
            gone.append(key)
    return gone


def _turned(channel: Channel, c_per_kwh: float) -> float:
    return 0.0 - c_per_kwh if channel is Channel.FEED_IN else c_per_kwh + 0.0


def _start_s(row: dict[str, object]) -> int:
    end = datetime.fromisoformat(str(row["endTime"]))
    return int(end.timestamp()) - 60 * int(str(row["duration"]))


def fill_record(card: Card) -> None:
    """Put a record on a card as if it had run for two years."""
    with inserted(card) as root:
        state = root / STATE
        shutil.copy(_filled_record(), root / STORE)
        owner = state.stat()
        os.chown(root / STORE, owner.st_uid, owner.st_gid)
        (root / STORE).chmod(0o640)


def _filled_record() -> Path:
    """Record of two years up to now, made once a day: it takes a minute."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    kept = BUILD / f"record-{nem_date(now)}.sqlite"
    if not kept.exists():
        for old in BUILD.glob("record-*"):
            old.unlink()
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="new-") as folder:
            new = Path(folder) / "home.sqlite"
            with closing(Store.open(new)) as store:
                keep_years(store, now)
            new.rename(kept)
    return kept
