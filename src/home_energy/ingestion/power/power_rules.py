"""What the household named in `[power]`, in the words of the sources."""

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from home_energy.errors import ConfigError, DataError
from home_energy.ingestion.mqtt_broker import Broker
from home_energy.ingestion.power.polled_power import Polling
from home_energy.ingestion.power.powerwall_gateway import GatewayPlace
from home_energy.ingestion.sources.emon_topics import EmonNode, emon_rules
from home_energy.ingestion.sources.emoncms import Feed
from home_energy.ingestion.sources.emoncms_service import EmoncmsAccount
from home_energy.ingestion.sources.mqtt_topics import (
    QUANTITIES,
    TopicRule,
    parse_path,
)
from home_energy.settings.power import (
    EmoncmsSettings,
    EmonSettings,
    MqttSettings,
    PowerSettings,
    PowerwallSettings,
    TopicSettings,
)

HELD_PACES = 3
"""A number stands for as many of its source's paces: two may be lost on the way."""


def named_broker(mqtt: MqttSettings, home_folder: Path) -> Broker | None:
    """Return the broker, or `None` where none was named.

    Parameters
    ----------
    home_folder
        From which a relative `ca_file` is taken.
    """
    if mqtt.host is None:
        return None
    return Broker(
        mqtt.host,
        mqtt.port,
        _said(mqtt.username),
        _said(mqtt.password),
        tls=mqtt.tls,
        ca_file=home_folder / mqtt.ca_file if mqtt.ca_file else None,
    )


def emoncms_account(emoncms: EmoncmsSettings) -> EmoncmsAccount | None:
    """Return which emoncms is asked, or `None` where none was named.

    Raises
    ------
    ConfigError
        If the key cannot be sent.
    """
    if emoncms.url is None:
        return None
    return EmoncmsAccount(emoncms.url, _said(emoncms.key) or "")


def feeds(emoncms: EmoncmsSettings) -> tuple[Feed, ...]:
    """Every feed that was named."""
    return tuple(
        Feed(abs(number), stream, -1 if number < 0 else 1)
        for stream, number in emoncms.feeds.named.items()
    )


def gateway_place(powerwall: PowerwallSettings) -> GatewayPlace | None:
    """Return where the gateway is, or `None` where none was named.

    Raises
    ------
    ConfigError
        If there is no password for it.
    """
    if powerwall.host is None:
        return None
    password = _said(powerwall.password)
    if not password:
        raise ConfigError(
            "home.toml: [power.powerwall] names a gateway, but there is no "
            "POWERWALL_PASSWORD in config/.env or the environment; put the customer's "
            "there, usually the last five characters of the password on the "
            "gateway's label"
        )
    return GatewayPlace(powerwall.host, powerwall.port, password)


def polling(source: str, every_seconds: int) -> Polling:
    """How a source is asked."""
    return Polling(source, timedelta(seconds=every_seconds), _hold(every_seconds))


def _said(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def topic_rules(power: PowerSettings) -> tuple[TopicRule, ...]:
    """Every rule that follows from the settings.

    Raises
    ------
    ConfigError
        If an input of a node cannot be what it is set for.
    """
    try:
        of_nodes = [rule for emon in power.emon for rule in emon_rules(_node(emon))]
    except DataError as error:
        raise ConfigError(f"home.toml: [[power.emon]]: {error}") from error
    return (*of_nodes, *(_rule(topic) for topic in power.topics))


def _node(emon: EmonSettings) -> EmonNode:
    return EmonNode(
        emon.node,
        emon.inputs,
        _hold(emon.every_seconds),
        base=emon.base,
        pulses_per_kwh=emon.pulses_per_kwh,
    )


def _rule(topic: TopicSettings) -> TopicRule:
    return TopicRule(
        topic.source,
        topic.topic,
        topic.stream,
        QUANTITIES[topic.unit],
        _hold(topic.every_seconds),
        path=parse_path(topic.path),
        time_path=parse_path(topic.time),
        sign=topic.sign,
        takes_retained=topic.retained == "take",
        may_lack=topic.may_lack,
    )


def _hold(every_seconds: int) -> timedelta:
    return timedelta(seconds=HELD_PACES * every_seconds)
