"""Recorded Amber rows, told again as if they were live.

History and the running interval are the recorded rows themselves; what was not
recorded stays missing. Forecasts and estimates were not recorded, so they are made
from earlier rows only: a later row never changes what was shown before it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from home_energy.demo.market import (
    Row,
    confirmation_time,
    time_fields,
    usage_arrival,
)
from home_energy.demo.recording import RecordedRow, read_recording
from home_energy.demo.retail_plan import CONTROLLED_LOAD, FEED_IN, GENERAL
from home_energy.demo.spot_forecast import HALF_HOUR, five_minute_end, horizon
from home_energy.demo.spot_model import FIVE_MINUTES
from home_energy.domain.time_grid import floor_to_step
from home_energy.errors import DataError

SITE_ID = "01JREP1AY00000000000ACTJVE"
NMI = "6001000002"

LOOK_BACK_DAYS = 7
"""A forecast is the median of the same half-hour of so many days before."""

PERSISTENCE = timedelta(hours=2)
"""An estimate repeats the newest confirmed price if it ended no longer ago."""

ADVANCED = timedelta(hours=24)
"""Lead time to which the retailer's own prediction reaches."""

_ORDER = (GENERAL, CONTROLLED_LOAD, FEED_IN)
_REGISTERS = {GENERAL: "E1", CONTROLLED_LOAD: "E2", FEED_IN: "B1"}


class ReplayMarket:
    """A `Market` answered by recorded rows.

    Parameters
    ----------
    rows
        Recorded rows, prices and usage, in any order.
    state
        State of the home, in lower case.
    seed
        Decides confirmation delays and when usage arrives.
    """

    site_id = SITE_ID

    def __init__(
        self, rows: Iterable[RecordedRow], *, state: str = "nsw", seed: int = 0
    ) -> None:
        self.state = state
        self._seed = seed
        self._prices: dict[str, list[RecordedRow]] = defaultdict(list)
        self._usage: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._registers = dict(_REGISTERS)
        for row in sorted(rows, key=lambda row: row.start):
            self._keep(row)
        if not self._prices:
            raise DataError(
                "the recording holds no ActualInterval rows; expected Amber's /prices "
                "rows; name their file too"
            )
        self._starts = {
            channel: [row.start for row in kept]
            for channel, kept in self._prices.items()
        }
        self.channels = tuple(name for name in _ORDER if name in self._prices)
        self.interval_minutes = self._commonest_minutes()
        self._slot_rows = lru_cache(maxsize=4096)(self._find_slot_rows)
        self._half_hour_rows = lru_cache(maxsize=16)(self._make_half_hour_rows)

    @classmethod
    def from_files(
        cls, paths: Sequence[Path], *, state: str = "nsw", seed: int = 0
    ) -> "ReplayMarket":
        """Read the files of a recording, prices and usage together."""
        rows = (row for path in paths for row in read_recording(path))
        return cls(rows, state=state, seed=seed)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start of the first and end of the last recorded price. [aware UTC]"""
        kept = self._prices.values()
        return min(rows[0].start for rows in kept), max(rows[-1].end for rows in kept)

    def sites(self) -> list[Row]:
        """The one site that the rows belong to."""
        first_price = min((rows[0] for rows in self._prices.values()), key=_start)
        channels = [
            {"identifier": self._registers[name], "type": name, "tariff": "RECORDED"}
            for name in self.channels
        ]
        return [
            {
                "id": SITE_ID,
                "nmi": NMI,
                "channels": channels,
                "network": "Recorded",
                "status": "active",
                "activeFrom": first_price.wire["date"],
                "intervalLength": self.interval_minutes,
            }
        ]

    def row_minutes(self, asked_minutes: int | None) -> int:  # noqa: ARG002
        """As recorded, whatever is asked for. [minutes]"""
        return self.interval_minutes

    def final_rows(
        self,
        channel: str,
        start: datetime,
        end: datetime,
        minutes: int,  # noqa: ARG002
    ) -> list[Row]:
        """Recorded rows that begin in `start` to `end`, exactly as recorded."""
        return [row.wire for row in self._between(channel, start, end)]

    def estimate_row(
        self, channel: str, start: datetime, minutes: int, at: datetime
    ) -> Row | None:
        """Newest confirmed price before `start`, else what the forecast says."""
        recent = self._between(channel, start - PERSISTENCE, start)
        known = [row for row in recent if self._is_known(row, at)]
        slot = self._slot_rows(channel, start, floor_to_step(at, HALF_HOUR))
        if not known and not slot:
            return None
        base = known[-1].wire if known else _middle(slot).wire
        current = {"type": "CurrentInterval", "estimate": True}
        row = base | current | time_fields(start, minutes)
        return row | _tariff_of(slot) if slot else row

    def forecast_rows(self, channel: str, at: datetime, minutes: int) -> list[Row]:
        """Median of the same half-hour of the days before, as far as it is known."""
        issue = floor_to_step(at, HALF_HOUR)
        half_hours = self._half_hour_rows(channel, issue)
        if minutes == 30:
            return [row for _, row in half_hours]
        boundary = floor_to_step(at, FIVE_MINUTES)
        limit = five_minute_end(boundary)
        near: list[Row] = []
        start = boundary + FIVE_MINUTES
        while start < limit:
            near += self._forecast_row(channel, start, minutes, issue)
            start += FIVE_MINUTES
        return near + [row for start, row in half_hours if start >= limit]

    def confirmed_at(self, start: datetime, minutes: int) -> datetime:
        """When the price of the interval from `start` becomes final. [aware UTC]"""
        return confirmation_time(self._seed, start, minutes)

    def usage_rows(self, channel: str, day: date, at: datetime) -> list[Row]:
        """Recorded usage of a NEM day, once it has arrived."""
        if at < usage_arrival(self._seed, day):
            return []
        return self._usage.get((channel, day.isoformat()), [])

    def _keep(self, row: RecordedRow) -> None:
        if row.wire["type"] == "ActualInterval":
            self._prices[row.channel].append(row)
            return
        self._usage[row.channel, row.wire["date"]].append(row.wire)
        if "channelIdentifier" in row.wire:
            self._registers[row.channel] = row.wire["channelIdentifier"]

    def _commonest_minutes(self) -> int:
        durations = Counter(
            int(row.wire["duration"]) for rows in self._prices.values() for row in rows
        )
        return durations.most_common(1)[0][0]

    def _between(
        self, channel: str, start: datetime, end: datetime
    ) -> list[RecordedRow]:
        starts = self._starts[channel]
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        return self._prices[channel][first:last]

    def _is_known(self, row: RecordedRow, at: datetime) -> bool:
        return self.confirmed_at(row.start, int(row.wire["duration"])) <= at

    def _find_slot_rows(
        self, channel: str, start: datetime, issue: datetime
    ) -> list[RecordedRow]:
        """Rows of the same half-hour, known at `issue`, of the days before it."""
        slot = floor_to_step(start, HALF_HOUR)
        newest = slot - timedelta(days=-(-(slot - issue) // timedelta(days=1)) or 1)
        rows: list[RecordedRow] = []
        for number in range(LOOK_BACK_DAYS):
            earlier = newest - timedelta(days=number)
            rows += self._between(channel, earlier, earlier + HALF_HOUR)
        return [row for row in rows if self._is_known(row, issue)]

    def _make_half_hour_rows(
        self, channel: str, issue: datetime
    ) -> list[tuple[datetime, Row]]:
        rows: list[tuple[datetime, Row]] = []
        start, end = issue + HALF_HOUR, horizon(issue)
        while start < end:
            rows += [
                (start, row) for row in self._forecast_row(channel, start, 30, issue)
            ]
            start += HALF_HOUR
        return rows

    def _forecast_row(
        self, channel: str, start: datetime, minutes: int, issue: datetime
    ) -> list[Row]:
        """One row, or none where the days before are not on record."""
        slot = self._slot_rows(channel, start, issue)
        if not slot:
            return []
        ranked = sorted(slot, key=_spot)
        low, middle, high = (
            ranked[len(ranked) * quarter // 4].wire for quarter in (1, 2, 3)
        )
        row = middle | {"type": "ForecastInterval"} | time_fields(start, minutes)
        row |= {"range": {"min": _spot(ranked[0]), "max": _spot(ranked[-1])}}
        row |= _tariff_of(slot)
        if start - issue <= ADVANCED:
            prices = {"low": low, "predicted": middle, "high": high}
            row["advancedPrice"] = {name: at["perKwh"] for name, at in prices.items()}
        return [row]


def _tariff_of(slot: Sequence[RecordedRow]) -> Row:
    """Tariff information of the newest of the rows, if it has any."""
    newest = max(slot, key=_start).wire
    key = "tariffInformation"
    return {key: newest[key]} if key in newest else {}


def _middle(slot: Sequence[RecordedRow]) -> RecordedRow:
    return sorted(slot, key=_spot)[len(slot) // 2]


def _spot(row: RecordedRow) -> float:
    return float(row.wire["spotPerKwh"])


def _start(row: RecordedRow) -> datetime:
    return row.start
