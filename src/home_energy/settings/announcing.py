"""What the household lets the home tell others: home automation and people."""

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    model_validator,
)

from home_energy.domain.notice import EventKind
from home_energy.settings.address import safe_address
from home_energy.settings.section import Section
from home_energy.written_time import TimeOfDay


def _whole_topic(topic: str) -> str:
    if not all(topic.split("/")) or any(mark in topic for mark in "+# \0$"):
        raise ValueError(
            "expected the beginning of a topic, such as home-energy or home/energy: "
            "no + # $ or blank, and no / at its ends"
        )
    return topic


_Topic = Annotated[str, AfterValidator(_whole_topic)]


class HomeAssistantSettings(Section):
    """Whether Home Assistant hears of the home, over the broker of `[power.mqtt]`.

    Parameters
    ----------
    enabled
        Whether anything is published.
    discovery_prefix
        Under which Home Assistant looks for new devices.
    base_topic
        Under which the home's own state stands; another one for each home on a broker.
    """

    enabled: bool = False
    discovery_prefix: _Topic = "homeassistant"
    base_topic: _Topic = "home-energy"


def _address(url: str) -> str:
    return safe_address(url, "https://ntfy.sh", "it")


def _secret_address(url: SecretStr) -> SecretStr:
    _address(url.get_secret_value())
    return url


class NtfySettings(Section):
    """Messages to a phone, over an ntfy server.

    Parameters
    ----------
    server
        Its address.
    topic
        To which the phone listens: whoever knows it can read along on a public
        server. `None` sends nothing.
    token
        From `.env`, where the server asks for one.
    """

    server: Annotated[str, AfterValidator(_address)] = "https://ntfy.sh"
    topic: Annotated[str, Field(pattern="^[-_A-Za-z0-9]{1,64}$")] | None = None
    token: SecretStr | None = None


class NotificationSettings(Section):
    """What a person is told of, where, and when not.

    Parameters
    ----------
    tell
        Of what.
    quiet_from, quiet_until
        Local times between which nothing is sent; they may span midnight.
    spike_in_quiet_hours
        Whether a price spike is told all the same.
    silent_minutes
        For how long prices or power must be missing before it is told. [minutes]
    most_per_hour
        Messages within an hour, of all kinds.
    ntfy
        Messages to a phone.
    webhook_url
        Where the same is posted as JSON; from `.env`, for who knows it can post.
    """

    tell: tuple[EventKind, ...] = tuple(EventKind)
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    spike_in_quiet_hours: bool = False
    silent_minutes: int = Field(default=15, ge=10, le=1440)
    most_per_hour: int = Field(default=6, ge=1, le=60)
    ntfy: NtfySettings = NtfySettings()
    webhook_url: Annotated[SecretStr, AfterValidator(_secret_address)] | None = None

    @property
    def has_any(self) -> bool:
        """Whether there is anywhere to send a message."""
        return self.ntfy.topic is not None or self.webhook_url is not None

    @model_validator(mode="after")
    def _quiet_hours_have_two_ends(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError(
                "quiet hours need both quiet_from and quiet_until, such as "
                '"21:30" and "07:00"'
            )
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise ValueError(
                f"quiet_from and quiet_until are both {self.quiet_from}, two different "
                "times expected; leave both out for no quiet hours, or set tell = [] "
                "for no messages"
            )
        return self
