"""Home Assistant over a real broker, and settings with which nothing is told."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.announcing.heard import ears_at
from tests.announcing.home_assistant.published_rules import faults
from tests.announcing.home_assistant.told import SETTINGS, bare_moment, moment
from tests.dashboard.recorded_home import RecordedHome
from tests.ingestion.power.mosquitto import (
    USERNAME,
    Mosquitto,
    free_port,
    needs_mosquitto,
)

from home_energy.announcing.home_assistant.discovery import places
from home_energy.announcing.home_assistant.speaker import (
    HomeAssistantSpeaker,
    home_assistant_speaker,
)
from home_energy.announcing.mqtt_publisher import Announcement, MqttPublisher
from home_energy.announcing.round import Announcer
from home_energy.announcing.speaker import Moment
from home_energy.errors import ConfigError
from home_energy.ingestion.mqtt_broker import Broker
from home_energy.settings import Settings, load_settings


class Noting(MqttPublisher):
    """Notes what it is to bring."""

    def __init__(self) -> None:
        super().__init__(Broker("nowhere"), places(SETTINGS.home_assistant))
        self.told: list[Announcement] = []

    def say(self, announcement: Announcement) -> None:
        self.told.append(announcement)


def components(told: Announcement) -> set[str]:
    return set(json.loads(told.introduction[1])["components"])


def over(port: int) -> Settings:
    mqtt = SETTINGS.power.mqtt.model_copy(update={"port": port})
    power = SETTINGS.power.model_copy(update={"mqtt": mqtt})
    return SETTINGS.model_copy(update={"power": power})


def test_a_part_that_was_seen_once_stays() -> None:
    noting = Noting()
    speaker = HomeAssistantSpeaker(SETTINGS, noting)

    speaker.speak(bare_moment())
    speaker.speak(moment())
    speaker.speak(moment(demand=None))

    first, second, third = map(components, noting.told)
    assert not first & {"feed_in_price", "demand_window", "grid_power"}
    assert second == third
    assert second >= {"feed_in_price", "demand_window", "grid_power"}
    assert json.loads(noting.told[2].state)["demand_window"] is None


def test_an_unchanged_moment_is_told_unchanged() -> None:
    noting = Noting()
    speaker = HomeAssistantSpeaker(SETTINGS, noting)

    speaker.speak(moment())
    speaker.speak(moment())

    assert noting.told[0] == noting.told[1]


@needs_mosquitto
def test_home_assistant_finds_the_home_on_the_broker(tmp_path: Path) -> None:
    with Mosquitto.for_everyone(tmp_path) as mosquitto:
        speaker = home_assistant_speaker(over(mosquitto.port))
        assert speaker is not None
        speaker.speak(moment())
        with ears_at(mosquitto.port) as ears:
            ears.until_said("home-energy/availability", "online")
            ears.until(lambda: len(set(ears.topics)) == 3)
            speaker.close()
            ears.until_said("home-energy/availability", "offline")

    described = json.loads(ears.newest("homeassistant/device/home-energy/config") or "")
    assert faults(described) == []
    values = json.loads(ears.newest("home-energy/state") or "")
    assert values["import_price"] == 0.3056
    assert set(values) == set(described["components"])


class Listener:
    """Another speaker of the same round."""

    def __init__(self) -> None:
        self.heard: list[Moment] = []

    def speak(self, moment: Moment) -> None:
        self.heard.append(moment)

    def close(self) -> None:
        pass


@needs_mosquitto
def test_a_wrong_password_stops_nobody_else(tmp_path: Path) -> None:
    home, listener = RecordedHome(tmp_path), Listener()
    mosquitto = Mosquitto.with_password(tmp_path)
    chosen = SETTINGS.home_assistant
    wrong = Broker("127.0.0.1", mosquitto.port, USERNAME, "wrong-4711")
    with mosquitto:
        publisher = MqttPublisher(wrong, places(chosen))
        publisher.start()
        speaker = HomeAssistantSpeaker(SETTINGS, publisher)
        announcer = Announcer(home.settings, home.clock, (speaker, listener))

        announcer.round()
        announcer.round()
        announcer.close()

    assert len(listener.heard) == 2


def test_a_number_that_is_none_is_refused_and_not_sent() -> None:
    noting = Noting()
    told = moment()
    assert told.demand is not None
    broken = replace(told, demand=replace(told.demand, head_room_kw=float("nan")))

    with pytest.raises(ValueError, match="JSON"):
        HomeAssistantSpeaker(SETTINGS, noting).speak(broken)

    assert noting.told == []


# Settings


def test_nothing_is_told_unless_it_was_asked_for() -> None:
    assert home_assistant_speaker(Settings()) is None


def test_without_a_broker_the_settings_are_refused() -> None:
    lonely = Settings.model_validate({"home_assistant": {"enabled": True}})

    with pytest.raises(ConfigError, match=r"set host in \[power.mqtt\]"):
        home_assistant_speaker(lonely)


def test_a_broker_that_is_away_does_not_keep_anybody() -> None:
    speaker = home_assistant_speaker(over(free_port()))
    assert speaker is not None

    speaker.speak(moment(age=timedelta(minutes=9)))
    speaker.close()


@pytest.mark.parametrize("topic", ["", "home/", "/home", "home/+", "#", "$SYS", "a b"])
def test_a_base_topic_that_cannot_be_is_refused(topic: str, tmp_path: Path) -> None:
    (tmp_path / "home.toml").write_text(f'[home_assistant]\nbase_topic = "{topic}"\n')

    with pytest.raises(ConfigError, match=r"home_assistant\.base_topic"):
        load_settings(tmp_path, {})
