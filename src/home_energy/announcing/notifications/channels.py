"""The ways by which a message leaves the house: ntfy, and a webhook.

An answer is known by its number alone; what else it says is not read. A redirect is
never followed: what is sent, and its token, would go to who knows whom.
"""

from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any

import httpx

from home_energy.announcing.notifications.notice import Notice
from home_energy.errors import (
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.settings.announcing import NotificationSettings, NtfySettings

TIMEOUT_SECONDS = 5.0
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_TAGS = {
    "spike": "zap",
    "negative-price": "moneybag",
    "price-silent": "warning",
    "power-silent": "warning",
    "demand": "chart_with_upwards_trend",
}


class Channel(ABC):
    """One way; used by one thread at a time.

    Parameters
    ----------
    timeout_seconds
        For the connection, and for the answer. [s]
    """

    name: str
    """By which the household knows it."""

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds

    def post(self, notice: Notice) -> None:
        """Send a message.

        Raises
        ------
        SourceUnavailable
            If nobody took it; a later try may succeed.
        SourceAuthError, SourceDataError
            If a person must change something first.
        """
        try:
            with (
                httpx.Client(
                    timeout=self._timeout_seconds, follow_redirects=False
                ) as client,
                client.stream("POST", **self._request(notice)) as answer,
            ):
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = type(error).__name__  # its words may hold the address
            raise SourceUnavailable(
                f"{self.name} did not take a message ({reason}), an answer within "
                f"{self._timeout_seconds:.0f} s expected; check {self._settings} and "
                "the network"
            ) from None
        fault = self._fault(status)
        if fault is not None:
            raise fault

    @property
    @abstractmethod
    def _settings(self) -> str:
        """Where its address stands, for a message."""

    @property
    @abstractmethod
    def _secret(self) -> str:
        """What opens it, for a message."""

    @abstractmethod
    def _request(self, notice: Notice) -> dict[str, Any]:
        """Address, headers and content."""

    def _fault(self, status: int) -> SourceError | None:
        if HTTPStatus(200) <= status < HTTPStatus(300):
            return None
        what = f"{self.name} answered a message with {status}"
        if status in _REFUSED:
            return SourceAuthError(
                f"{what}, leave to send expected; check {self._secret}"
            )
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return SourceUnavailable(
                f"{what}, 200 expected; it is tried again by itself"
            )
        if HTTPStatus(300) <= status < HTTPStatus(400):
            return SourceDataError(
                f"{what}, a redirect that is not followed, 200 expected; set "
                f"{self._settings} to where it leads"
            )
        return SourceDataError(f"{what}, 200 expected; check {self._settings}")


class Ntfy(Channel):
    """A topic of an ntfy server, see https://docs.ntfy.sh/publish/#publish-as-json."""

    name = "ntfy"
    _settings = "server and topic in [notifications.ntfy]"
    _secret = "NTFY_TOKEN in config/.env"  # noqa: S105 - where it stands

    def __init__(
        self, chosen: NtfySettings, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        super().__init__(timeout_seconds)
        self._chosen = chosen

    def _request(self, notice: Notice) -> dict[str, Any]:
        token = self._chosen.token
        tag = "white_check_mark" if notice.state != "on" else _TAGS[notice.about]
        return {
            "url": self._chosen.server,
            "headers": {"Authorization": f"Bearer {token.get_secret_value()}"}
            if token
            else {},
            "json": {
                "topic": self._chosen.topic,
                "title": notice.title,
                "message": notice.message,
                "tags": [tag],
                "priority": 4 if notice.is_urgent else 3,
            },
        }


class Webhook(Channel):
    """An address that takes JSON. Who knows it may post to it, so it is a secret."""

    name = "webhook"
    _settings = "NOTIFY_WEBHOOK_URL in config/.env"
    _secret = _settings

    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        super().__init__(timeout_seconds)
        self._url = url

    def _request(self, notice: Notice) -> dict[str, Any]:
        return {
            "url": self._url,
            "json": {
                "from": "home-energy",
                "event": notice.about,
                "state": notice.state,
                "title": notice.title,
                "message": notice.message,
                "since_utc": notice.since.isoformat(timespec="seconds"),
                "at_utc": notice.at.isoformat(timespec="seconds"),
                "is_demo": notice.is_demo,
            },
        }


def named_channels(settings: NotificationSettings) -> list[Channel]:
    """Ways that the household named."""
    found: list[Channel] = []
    if settings.ntfy.topic is not None:
        found.append(Ntfy(settings.ntfy))
    if settings.webhook_url is not None:
        found.append(Webhook(settings.webhook_url.get_secret_value()))
    return found
