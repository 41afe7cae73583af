"""Emoncms, asked over HTTP: in the home, on an emonPi, or at emoncms.org.

GET, JSON; the account's Read Only key goes in the header `Authorization: Bearer`, never
in the address, which logs keep (https://emoncms.org/site/api#feed, "Add the HTTP
header"). A wrong key is answered with 401 and the text `Invalid API key`. An answer
holds 8,928 steps at most, of old versions 3,000. See docs/sources/emoncms.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from home_energy.domain.power import FIVE_MINUTES, PowerSample
from home_energy.errors import (
    ConfigError,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.sources.emoncms import (
    Feed,
    FeedMeans,
    FeedSpan,
    read_means,
    read_span,
    read_timevalue,
)
from home_energy.ingestion.sources.whole_answer import (
    Answer,
    AnswerLimits,
    fetch_whole,
)

NOW_LIMITS = AnswerLimits(silence_seconds=5.0, answer_seconds=8.0, answer_bytes=100_000)
HISTORY_LIMITS = AnswerLimits(
    silence_seconds=30.0, answer_seconds=60.0, answer_bytes=5_000_000
)

_SHOWN = re.compile(r"[\x21-\x7e]+")
_WRONG_KEY = b"Invalid API key"


@dataclass(frozen=True, slots=True)
class EmoncmsAccount:
    """Which emoncms, and who asks.

    Parameters
    ----------
    url
        Up to and with the last slash before `feed/`.
    key
        Read Only key; empty for public feeds. In no text of ours.

    Raises
    ------
    ConfigError
        If the key has characters that a header may not carry.
    """

    url: str
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be sent."""
        if self.key and not _SHOWN.fullmatch(self.key):
            raise ConfigError(
                "EMONCMS_KEY has a space or a character outside plain ASCII; copy the "
                "Read Only key again from the account's page of emoncms into .env"
            )


class EmoncmsClient:
    """Asks one emoncms.

    Parameters
    ----------
    http
        Carries the questions.
    account
        Which one, and the key.
    limits
        How long and how large an answer may be.
    """

    def __init__(
        self, http: httpx.Client, account: EmoncmsAccount, limits: AnswerLimits
    ) -> None:
        self._http = http
        self._account = account
        self._limits = limits

    def newest(self, feed: Feed) -> PowerSample:
        """Newest reading of a feed.

        Raises
        ------
        SourceError
            By its kind, if there is no whole and true answer.
        """
        query = {"id": str(feed.feed_id)}
        return read_timevalue(feed, self._ask(feed, "timevalue", query))

    def span(self, feed: Feed) -> FeedSpan:
        """From when a feed has readings.

        Raises
        ------
        SourceError
            By its kind, if there is no whole and true answer.
        """
        query = {"id": str(feed.feed_id)}
        return read_span(feed, self._ask(feed, "getmeta", query))

    def means(self, feed: Feed, start: datetime, end: datetime) -> FeedMeans:
        """Means of the five minutes that begin in a period of a week at most.

        Raises
        ------
        SourceError
            By its kind, if there is no whole and true answer.
        """
        last = end - FIVE_MINUTES
        # Asked for as `average`: old versions do not know `data` with average=1, and
        # would give single readings in the place of means.
        query = {
            "id": str(feed.feed_id),
            "start": str(int(start.timestamp() * 1000)),
            "end": str(int(max(last, start).timestamp() * 1000) + 1000),
            "interval": str(int(FIVE_MINUTES.total_seconds())),
            "average": "1",
            "skipmissing": "0",
            "limitinterval": "0",
        }
        body = self._ask(feed, "average", query)
        return read_means(feed, body, start, end)

    def _ask(self, feed: Feed, action: str, query: Mapping[str, str]) -> bytes:
        key = self._account.key
        request = self._http.build_request(
            "GET",
            f"{self._account.url}feed/{action}.json",
            params=dict(query),
            headers={"Authorization": f"Bearer {key}"} if key else {},
        )
        answer = fetch_whole(self._http, feed.words, request, self._limits)
        if answer.status != httpx.codes.OK or answer.body.startswith(_WRONG_KEY):
            raise _refusal(feed, answer)
        return answer.body


def _refusal(feed: Feed, answer: Answer) -> SourceError:
    """What an answer that is none means. Its text is not told: it may hold the key."""
    status = answer.status
    if status in (401, 403) or answer.body.startswith(_WRONG_KEY):
        return SourceAuthError(
            f"{feed.words}: emoncms does not accept the key ({status}), the account's "
            "Read Only key expected; copy it from its page My Account into .env as "
            "EMONCMS_KEY"
        )
    if 300 <= status < 400:
        return SourceDataError(
            f"{feed.words}: the address leads elsewhere ({status}), emoncms itself "
            "expected; set url in [power.emoncms] to where it leads, often https"
        )
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SourceUnavailable(
            f"{feed.words}: emoncms is asked too often (429); set every_seconds in "
            "[power.emoncms] higher"
        )
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return SourceUnavailable(
            f"{feed.words}: a fault of emoncms ({status}), an answer expected; see its "
            "log (it is asked again by itself)"
        )
    return SourceDataError(
        f"{feed.words}: no emoncms at this address ({status}), its feeds expected; "
        "check url in [power.emoncms]: of an emonPi it may end in /emoncms/"
    )
