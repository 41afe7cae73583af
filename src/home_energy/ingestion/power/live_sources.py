"""Every source of live power that the household named, running or stopped together."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Protocol

import httpx

from home_energy.ingestion.power.emoncms_power import asking_emoncms
from home_energy.ingestion.power.inbox import PowerInbox
from home_energy.ingestion.power.mqtt_power import MqttPower
from home_energy.ingestion.power.polled_power import PolledPower
from home_energy.ingestion.power.power_rules import (
    emoncms_account,
    feeds,
    gateway_place,
    named_broker,
    polling,
    topic_rules,
)
from home_energy.ingestion.power.powerwall_gateway import (
    PowerwallGateway,
    pypowerwall_opener,
)
from home_energy.ingestion.sources.emoncms_service import NOW_LIMITS, EmoncmsClient
from home_energy.settings import Settings
from home_energy.settings.power import EMONCMS, POWERWALL


class PowerSource(Protocol):
    """Tells power from a thread of its own."""

    def start(self) -> None:
        """Begin to ask or to listen; returns at once."""
        ...

    def stop(self) -> None:
        """End within a second."""
        ...


def named_sources(
    settings: Settings, inbox: PowerInbox, now: Callable[[], datetime]
) -> list[PowerSource]:
    """Sources that the household named; none of them runs yet.

    Parameters
    ----------
    inbox
        Where they deliver.
    now
        What time it is. [aware UTC]

    Raises
    ------
    ConfigError
        If a source cannot be what it is set for.
    """
    found: list[PowerSource] = []
    broker = named_broker(settings.power.mqtt, settings.home_folder)
    rules = topic_rules(settings.power)
    if broker is not None and rules:
        found.append(MqttPower(broker, rules, inbox, now))
    account = emoncms_account(settings.power.emoncms)
    if account is not None:
        client = EmoncmsClient(httpx.Client(), account, NOW_LIMITS)
        ask = asking_emoncms(client, feeds(settings.power.emoncms))
        pace = polling(EMONCMS, settings.power.emoncms.every_seconds)
        found.append(PolledPower(pace, ask, inbox, now))
    place = gateway_place(settings.power.powerwall)
    if place is not None:
        streams = settings.power.powerwall.streams
        gateway = PowerwallGateway(place, streams, pypowerwall_opener())
        pace = polling(POWERWALL, settings.power.powerwall.every_seconds)
        found.append(PolledPower(pace, gateway.ask, inbox, now))
    return found


@contextmanager
def running(sources: list[PowerSource]) -> Iterator[None]:
    """Let sources run while the block lasts."""
    with ExitStack() as stack:
        for source in sources:
            source.start()
            stack.callback(source.stop)
        yield
