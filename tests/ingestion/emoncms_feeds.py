"""An emoncms with some feeds, that answers as its own source code does.

By Modules/feed/feed_controller.php, engine/PHPFina.php and index.php of
https://github.com/emoncms/emoncms: means over steps from `start` to `end` inclusive,
`null` where a step holds nothing, `false` where the key may not read, and a feed that
is not there as `{"success": false}`, both with status 200.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

KEY = "canary7d1e4f0b9a2c5e8d3f6a1b4c7e0"
URL = "http://emonpi.local/"


@dataclass
class FakeFeed:
    """A feed of fixed steps, as PHPFina keeps it.

    Parameters
    ----------
    start
        Of the first step.
    watts
        One for each step; `None` where nothing was measured.
    """

    start: datetime
    watts: list[float | None]
    interval_seconds: int = 10

    @property
    def start_s(self) -> int:
        return int(self.start.timestamp())

    def step_means(self, start_s: int, end_s: int, step_s: int) -> list[list[Any]]:
        rows: list[list[Any]] = []
        for at in range(start_s, end_s + 1, step_s):
            first = max((at - self.start_s) // self.interval_seconds, 0)
            last = max((at + step_s - self.start_s) // self.interval_seconds, 0)
            known = [w for w in self.watts[first:last] if w is not None]
            mean = sum(known) / len(known) if known else None
            rows.append([at * 1000, mean])
        return rows


@dataclass
class FakeEmoncms:
    """Answers questions, and notes them."""

    feeds: dict[int, FakeFeed] = field(default_factory=dict)
    refusals: list[httpx.Response] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    is_down_after: int | None = None

    def actions(self) -> list[str]:
        """What was asked, without the addresses."""
        return [request.url.path.rpartition("/")[2] for request in self.asked]

    def http(self) -> httpx.Client:
        """Carry questions here."""
        return httpx.Client(transport=httpx.MockTransport(self.reply))

    def reply(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.is_down_after is not None and len(self.asked) > self.is_down_after:
            raise httpx.ConnectError("down", request=request)
        if self.refusals:
            return self.refusals.pop(0)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return httpx.Response(401, text="Invalid API key")
        feed = self.feeds.get(int(request.url.params["id"]))
        if feed is None:
            return _json({"success": False, "message": "Feed does not exist"})
        return _json(self._answer(request, feed))

    def _answer(self, request: httpx.Request, feed: FakeFeed) -> Any:
        action, query = request.url.path.rpartition("/")[2], request.url.params
        step_s = feed.interval_seconds
        newest_s = feed.start_s + step_s * (len(feed.watts) - 1)
        if action == "timevalue.json":
            return {"time": newest_s, "value": feed.watts[-1]}
        if action == "getmeta.json":
            return {
                "interval": step_s,
                "start_time": feed.start_s,
                "npoints": len(feed.watts),
                "end_time": newest_s,
            }
        assert action == "average.json"
        start_s, end_s = (int(query[name]) // 1000 for name in ("start", "end"))
        asked_s = int(query["interval"])
        if (end_s - start_s) / asked_s > 3000:  # of old versions
            return {"success": False, "message": "request datapoint limit reached"}
        return feed.step_means(start_s, end_s, asked_s)


def _json(tree: Any) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(tree))


def steady(start: datetime, watts: float, lasting: timedelta) -> FakeFeed:
    """A feed that said the same every ten seconds."""
    count = int(lasting.total_seconds()) // 10
    return FakeFeed(start.astimezone(UTC), [watts] * count)
