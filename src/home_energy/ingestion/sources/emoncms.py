"""Feeds of emoncms, in JSON: what a feed says now, and what it has said.

`feed/timevalue.json` gives `{"time": 1763776800, "value": 371}`: seconds in UTC of the
feed's newest reading, and its value in the feed's own unit, which must be W.
`feed/average.json` gives `[[1763776800000, 371.5], [1763777100000, null]]`: the begin
of each step in ms (or s) and the mean of what was measured in it, `null` where nothing
was. `feed/getmeta.json` gives `start_time` and, of feeds of a fixed step, `interval`
[s]. A refusal comes as `false`, or as `{"success": false, "message": ...}`, with 200.

Read from Modules/feed/feed_controller.php, feed_model.php and engine/PHPFina.php of
https://github.com/emoncms/emoncms (2026-11-22). See docs/sources/emoncms.md.
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime

from home_energy.domain.power import (
    FIVE_MINUTES,
    MOST_WATTS,
    PowerMean,
    PowerSample,
    Stream,
)
from home_energy.errors import SourceDataError
from home_energy.ingestion.sources.mqtt_topics import REST_WATTS

SOURCE = "emoncms"

_LEAST_MILLISECONDS = 1e11  # as seconds, this would be the year 5138
_STEP_S = int(FIVE_MINUTES.total_seconds())


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed that the household named.

    Parameters
    ----------
    feed_id
        Its number.
    stream
        What it is of.
    sign
        -1 turns it.
    """

    feed_id: int
    stream: Stream
    sign: int = 1

    @property
    def words(self) -> str:
        """As a message says it."""
        return f"emoncms feed {self.feed_id} ({self.stream})"


@dataclass(frozen=True, slots=True)
class FeedSpan:
    """From when a feed has readings, and how often one is kept.

    Parameters
    ----------
    first
        Its first reading; `None` where it has none, or its engine does not tell.
        [aware UTC]
    interval_seconds
        `None` of a feed without a fixed step. [s]
    """

    first: datetime | None
    interval_seconds: int | None


@dataclass(frozen=True, slots=True)
class FeedMeans:
    """What a feed said of a period.

    Parameters
    ----------
    means
        Of five minutes in which something was measured, in order.
    impossible_count
        How many cannot be power of the stream, and were left out.
    """

    means: tuple[PowerMean, ...]
    impossible_count: int = 0


def read_timevalue(feed: Feed, body: bytes) -> PowerSample:
    """Newest reading of a feed, with the feed's own time.

    Raises
    ------
    SourceDataError
        If the feed says no power.
    """
    tree = _tree(feed, body)
    if not isinstance(tree, dict) or "time" not in tree or "value" not in tree:
        raise SourceDataError(_no_such_feed(feed))
    seconds, value = _number(tree["time"]), _number(tree["value"])
    if math.isnan(seconds) or math.isnan(value):
        raise SourceDataError(
            f"{feed.words}: it has no reading yet, a time and a number in W expected; "
            "check its input in emoncms"
        )
    watts = value * feed.sign
    fault = _impossible(feed, watts)
    if fault:
        raise SourceDataError(f"{feed.words}: {fault}")
    return PowerSample(feed.stream, _moment(feed, seconds), watts)


def read_span(feed: Feed, body: bytes) -> FeedSpan:
    """From when a feed has readings.

    Raises
    ------
    SourceDataError
        If there is no such feed.
    """
    tree = _tree(feed, body)
    if not isinstance(tree, dict) or tree.get("success") is False:
        raise SourceDataError(_no_such_feed(feed))
    start_s = _number(tree.get("start_time"))
    interval = _number(tree.get("interval"))
    return FeedSpan(
        _moment(feed, start_s) if start_s > 0 else None,
        int(interval) if interval >= 1 else None,
    )


def read_means(feed: Feed, body: bytes, start: datetime, end: datetime) -> FeedMeans:
    """Means of the five minutes that begin in a period; holes stay holes.

    Raises
    ------
    SourceDataError
        If the answer is no list of times and means every five minutes.
    """
    tree = _tree(feed, body)
    if not isinstance(tree, list):
        raise SourceDataError(_no_such_feed(feed))
    means, impossible_count = [], 0
    for row in tree:
        at, value = _row(feed, row)
        if not start <= at < end or math.isnan(value):
            continue
        watts = value * feed.sign
        if _impossible(feed, watts):
            impossible_count += 1
            continue
        told = (watts, 1, float(_STEP_S))
        means.append(PowerMean(SOURCE, feed.stream, at, *told))
    return FeedMeans(tuple(means), impossible_count)


def _row(feed: Feed, row: object) -> tuple[datetime, float]:
    if not isinstance(row, list) or len(row) != 2:
        raise SourceDataError(
            f"{feed.words}: a row of its history is no pair of time and value; "
            "nothing of the answer was used, update home-energy"
        )
    at = _moment(feed, _number(row[0]))
    if at.timestamp() % _STEP_S:
        raise SourceDataError(
            f"{feed.words}: its history has {at:%Y-%m-%d %H:%M:%S} UTC, steps of five "
            "whole minutes expected; nothing of the answer was used, update home-energy"
        )
    return at, _number(row[1])


def _tree(feed: Feed, body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise SourceDataError(
            f"{feed.words}: the answer is no JSON, emoncms was expected there; check "
            "url in [power.emoncms]: of an emonPi it may end in /emoncms/"
        ) from None


def _no_such_feed(feed: Feed) -> str:
    return (
        f"{feed.words}: emoncms gives nothing for it, a feed that the key may read "
        "expected; compare the number with the page Feeds, and EMONCMS_KEY in .env "
        "with the account's Read Only key"
    )


def _impossible(feed: Feed, watts: float) -> str | None:
    """Why a number is no power of a stream; `None` where it may be."""
    if abs(watts) > MOST_WATTS:
        return (
            f"{watts:g} found, at most {MOST_WATTS:g} W expected; name a feed of power "
            "in W, not of energy"
        )
    if feed.stream in (Stream.SOLAR, Stream.LOAD) and watts < REST_WATTS:
        return (
            f"{watts:g} W, which is never negative; turn it with a minus before the "
            "feed's number, or turn the clamp round"
        )
    return None


def _number(found: object) -> float:
    """A number, also one in quotes; NaN for all else, such as `null`."""
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return math.nan
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _moment(feed: Feed, number: float) -> datetime:
    seconds = number / 1000 if number >= _LEAST_MILLISECONDS else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise SourceDataError(
            f"{feed.words}: {number:g} is no time, seconds since 1970 expected; the "
            "answer was not used, update home-energy"
        ) from None
