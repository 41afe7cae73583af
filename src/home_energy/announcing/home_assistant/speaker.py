"""Tells each moment to Home Assistant."""

from home_energy.announcing.home_assistant.discovery import announcement, places
from home_energy.announcing.home_assistant.entities import (
    Part,
    entities,
    parts_seen,
)
from home_energy.announcing.mqtt_publisher import MqttPublisher
from home_energy.announcing.speaker import Moment, Speaker
from home_energy.errors import ConfigError
from home_energy.ingestion.power.power_rules import named_broker
from home_energy.settings import Settings


class HomeAssistantSpeaker:
    """Makes of each moment what Home Assistant understands.

    A part of the home that was seen once stays described: a demand charge that rests in
    winter is unavailable then, and no entity comes and goes.

    Parameters
    ----------
    settings
        Of the home.
    publisher
        Brings it to the broker; runs, and is stopped when this is closed.
    """

    def __init__(self, settings: Settings, publisher: MqttPublisher) -> None:
        self._settings = settings
        self._publisher = publisher
        self._parts: set[Part] = set()

    def speak(self, moment: Moment) -> None:
        """Hand the moment over; returns at once."""
        self._parts |= parts_seen(moment)
        shown = entities(self._settings, self._parts)
        self._publisher.say(announcement(self._settings.home_assistant, shown, moment))

    def close(self) -> None:
        """Tell Home Assistant that nobody is here any more."""
        self._publisher.stop()


def home_assistant_speaker(settings: Settings) -> Speaker | None:
    """Return the speaker, its publisher running; `None` where none was asked for.

    Raises
    ------
    ConfigError
        If no broker was named.
    """
    chosen = settings.home_assistant
    if not chosen.enabled:
        return None
    broker = named_broker(settings.power.mqtt, settings.home_folder)
    if broker is None:
        raise ConfigError(
            "home.toml: [home_assistant] is enabled, but no broker was named, the one "
            "that Home Assistant uses expected; set host in [power.mqtt], such as "
            '"192.168.1.10", or enabled = false'
        )
    publisher = MqttPublisher(broker, places(chosen))
    publisher.start()
    return HomeAssistantSpeaker(settings, publisher)
