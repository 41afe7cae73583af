"""What the household chose for live power: section `[power]` of `home.toml`."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    model_validator,
)

from home_energy.domain.home_power import StreamRule
from home_energy.domain.power import Stream
from home_energy.settings.address import safe_address
from home_energy.settings.section import Section


def _host_alone(host: str) -> str:
    if not host or any(mark in host for mark in "/@ ") or host.count(":") == 1:
        raise ValueError(
            "expected a name or an address alone, such as 192.168.1.10; the port, "
            "tls, name and password have places of their own"
        )
    return host


class MqttSettings(Section):
    """The broker that carries the home's power.

    Parameters
    ----------
    host
        Name or address; `None` connects to none.
    port
        1883, or usually 8883 with TLS.
    tls
        Whether to speak encrypted; the broker's certificate is then checked.
    ca_file
        Certificate of the authority that signed the broker's; `None` trusts those
        that the operating system trusts.
    username, password
        From `.env`.
    """

    host: Annotated[str, AfterValidator(_host_alone)] | None = None
    port: int = Field(default=1883, ge=1, le=65535)
    tls: bool = False
    ca_file: Annotated[Path, AfterValidator(Path.expanduser)] | None = None
    username: SecretStr | None = None
    password: SecretStr | None = None


def _known_topic(topic: str) -> str:
    levels = topic.split("/")
    if "#" in topic or "\0" in topic:
        raise ValueError("expected one topic; # would read everything below it")
    if any("+" in level and level != "+" for level in levels):
        raise ValueError(
            "a + stands for a whole level, as in shellies/+/emeter/0/power"
        )
    if all(level in ("+", "") for level in levels):
        raise ValueError("expected a topic that names more than +")
    return topic


def _known_path(path: str) -> str:
    if path and not all(path.split(".")):
        raise ValueError("expected names with a dot between, such as ENERGY.Power")
    return path


_Path = Annotated[str, AfterValidator(_known_path)]
_Seconds = Annotated[int, Field(ge=1, le=3600)]


class TopicSettings(Section):
    """One number of one topic.

    Parameters
    ----------
    topic
        In which a + may stand for a level that only the device knows.
    stream
        What it is of: grid, load, solar or battery.
    path
        Where in the JSON the number stands; empty if the message is the number.
    unit
        W and kW are power; Wh and kWh a counter, whose steps make power.
    sign
        -1 turns a meter that counts the other way round.
    retained
        Whether a message that the broker kept counts: `ignore` or `take`.
    time
        Where in the JSON the device's own time stands.
    may_lack
        Whether messages without the number are usual in this topic.
    every_seconds
        The device's pace; a number stands for three times as long at most. [s]
    name
        By which the screen calls the source; the topic if left out.
    """

    topic: Annotated[str, AfterValidator(_known_topic)]
    stream: Stream
    path: _Path = ""
    unit: Literal["W", "kW", "Wh", "kWh"] = "W"
    sign: Literal[1, -1] = 1
    retained: Literal["ignore", "take"] = "ignore"
    time: _Path = ""
    may_lack: bool = False
    every_seconds: _Seconds = 60
    name: str = ""

    @property
    def source(self) -> str:
        """By which the screen calls the source."""
        return self.name or self.topic

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.time and not self.path:
            raise ValueError(
                f"{self.topic}: time stands in JSON beside the number, so path is "
                "needed too; leave time out if the message is the number"
            )
        if self.sign == -1 and self.unit in ("Wh", "kWh"):
            raise ValueError(
                f"{self.topic}: a counter only counts up, so sign = -1 means nothing; "
                "use the topic with the power in W, which knows its direction"
            )
        return self


_Name = Annotated[str, Field(pattern=r"^-?[^/+#\s-][^/+#]*$")]


class EmonSettings(Section):
    """One node of OpenEnergyMonitor.

    Parameters
    ----------
    node
        Its name in emonHub, such as `emonpi` or `emonTx4`.
    grid, load, solar, battery
        Name of the input for it, such as `power1` or `P1`; a minus before it turns
        its sign. `E1` and the like are counters, `pulse` counts flashes.
    pulses_per_kwh
        Of the meter whose flashes `pulse` or `pulsecount` counts.
    base
        emonHub's base topic.
    every_seconds
        The node's pace. [s]
    """

    node: Annotated[str, Field(pattern=r"^[^/+#]+$")]
    grid: _Name | None = None
    load: _Name | None = None
    solar: _Name | None = None
    battery: _Name | None = None
    pulses_per_kwh: Annotated[float, Field(gt=0, le=100_000)] | None = None
    base: Annotated[str, Field(pattern=r"^[^+#]*[^+#/]$")] = "emon"
    every_seconds: _Seconds = 10

    @property
    def inputs(self) -> dict[Stream, str]:
        """Name of the input of each stream that was set."""
        named = {stream: getattr(self, stream.value) for stream in Stream}
        return {stream: name for stream, name in named.items() if name}

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if not self.inputs:
            raise ValueError(
                f'node {self.node}: which input is what was not said; set grid = "P1"'
            )
        return self


def _emoncms_url(url: str) -> str:
    safe_address(url, "http://192.168.1.20/ or https://emoncms.org/", "the key")
    if any(mark in url for mark in "?#"):
        raise ValueError(
            "expected the address alone, without ? or #; the key belongs into .env as "
            "EMONCMS_KEY"
        )
    return url if url.endswith("/") else url + "/"


def _feed_number(number: int) -> int:
    if number == 0:
        raise ValueError("expected the number of a feed, from emoncms' page Feeds")
    return number


_FeedNumber = Annotated[int, AfterValidator(_feed_number)]


class FeedSettings(Section):
    """Numbers of emoncms' feeds.

    Parameters
    ----------
    grid, load, solar, battery
        Feed with the power of it in W; a minus before it turns its sign.
    """

    grid: _FeedNumber | None = None
    load: _FeedNumber | None = None
    solar: _FeedNumber | None = None
    battery: _FeedNumber | None = None

    @property
    def named(self) -> dict[Stream, int]:
        """Number of the feed of each stream that was set."""
        numbers = {stream: getattr(self, stream.value) for stream in Stream}
        return {stream: number for stream, number in numbers.items() if number}


class EmoncmsSettings(Section):
    """Feeds of an emoncms that is asked over HTTP.

    Parameters
    ----------
    url
        Where it is; `None` asks none.
    feeds
        Which feed tells what.
    every_seconds
        How often the feeds are asked; a number stands for three times as long at
        most, so it is the feeds' own pace or more. [s]
    key
        Read Only key of the account, from `.env`.
    """

    url: Annotated[str, AfterValidator(_emoncms_url)] | None = None
    feeds: FeedSettings = FeedSettings()
    every_seconds: Annotated[int, Field(ge=5, le=3600)] = 10
    key: SecretStr | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.feeds.named and self.url is None:
            raise ValueError(
                "feeds were named, but no emoncms; set url, such as "
                '"http://192.168.1.20/" or "https://emoncms.org/"'
            )
        if self.url is not None and not self.feeds.named:
            raise ValueError(
                "an emoncms was named, but no feed; set grid = 1 in "
                "[power.emoncms.feeds], by the numbers of its page Feeds"
            )
        return self


class PowerwallSettings(Section):
    """The gateway of a Powerwall.

    Parameters
    ----------
    host
        Name or address; `None` asks none.
    port
        443, unless something stands before the gateway.
    streams
        What it measures in this home.
    every_seconds
        How often it is asked. [s]
    password
        The customer's, from `.env`.
    """

    host: Annotated[str, AfterValidator(_host_alone)] | None = None
    port: int = Field(default=443, ge=1, le=65535)
    streams: tuple[Stream, ...] = tuple(Stream)
    every_seconds: Annotated[int, Field(ge=5, le=3600)] = 10
    password: SecretStr | None = None


BROKER = "mqtt"
EMONCMS = "emoncms"
POWERWALL = "powerwall"
"""By which the screen and the record call these sources."""


class PowerSettings(Section):
    """Where the home's live power comes from.

    Parameters
    ----------
    mqtt
        The broker.
    emon
        Nodes of OpenEnergyMonitor, heard over the broker.
    topics
        Other topics of the broker.
    emoncms
        Feeds that are asked for.
    powerwall
        Gateway that is asked.
    summed
        Streams whose sources are parts of it, such as one for each phase. Of any
        other stream the first source that is heard counts, the others are spare.
    """

    mqtt: MqttSettings = MqttSettings()
    emon: tuple[EmonSettings, ...] = ()
    topics: tuple[TopicSettings, ...] = ()
    emoncms: EmoncmsSettings = EmoncmsSettings()
    powerwall: PowerwallSettings = PowerwallSettings()
    summed: tuple[Stream, ...] = ()

    def told(self) -> tuple[tuple[str, Stream], ...]:
        """Every source with every stream that it tells, in the household's order."""
        return (
            *((each.node, stream) for each in self.emon for stream in each.inputs),
            *((each.source, each.stream) for each in self.topics),
            *((EMONCMS, stream) for stream in self.emoncms.feeds.named),
            *((POWERWALL, stream) for stream in self._of_the_gateway()),
        )

    def _of_the_gateway(self) -> tuple[Stream, ...]:
        return () if self.powerwall.host is None else self.powerwall.streams

    def stream_rule(self, *, is_exporting_home: bool) -> StreamRule:
        """Whose word counts for each stream.

        Parameters
        ----------
        is_exporting_home
            Whether the home can sell.
        """
        told = self.told()
        sources = {
            stream: tuple(source for source, of in told if of is stream)
            for stream in Stream
        }
        return StreamRule(
            {stream: named for stream, named in sources.items() if named},
            self.summed,
            is_exporting_home=is_exporting_home,
        )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.emon or self.topics) and self.mqtt.host is None:
            raise ValueError(
                "topics were named, but no broker; set host in [power.mqtt], such as "
                '"192.168.1.10"'
            )
        twice = [
            f"{stream} of {source}"
            for (source, stream), count in Counter(self.told()).items()
            if count > 1
        ]
        if twice:
            raise ValueError(
                f"{', '.join(twice)} was set twice; one is enough, or give each a name"
            )
        return self
