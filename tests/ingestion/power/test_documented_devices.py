"""What docs/sources tells to write for a device is read, and hears that device."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.power import Stream
from home_energy.ingestion.power.inbox import Heard, PowerInbox
from home_energy.ingestion.power.power_rules import topic_rules
from home_energy.ingestion.power.topic_reader import TopicReader
from home_energy.ingestion.sources.mqtt_topics import Message
from home_energy.settings.power import PowerSettings

SOURCES = Path(__file__).parents[3] / "docs" / "sources"
NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
BROKER = '[power.mqtt]\nhost = "192.168.1.10"\n'


def blocks(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (SOURCES / page).read_text(), re.DOTALL)


def reader(block: str) -> tuple[TopicReader, PowerInbox]:
    text = block if "[power.mqtt]" in block else BROKER + block
    power = PowerSettings.model_validate(tomllib.loads(text)["power"])
    inbox = PowerInbox()
    return TopicReader(topic_rules(power), inbox), inbox


SHELLY = '{"id": 0, "a_act_power": 480.3, "n_current": null, "total_act_power": 370.2}'
NOTIFIED = (
    '{"src": "shellypro3em-0123", "dst": "shellypro3em-0123/events", '
    '"method": "NotifyStatus", "params": {"ts": 1768438799.0, "em:0": ' + SHELLY + "}}"
)
TASMOTA = (
    '{"Time": "2026-01-15T12:00:00", "ENERGY": {"Total": 3.705, "Today": 0.026, '
    '"Power": 1240, "ApparentPower": 1251, "Voltage": 233}}'
)
PLUG = '{"state": "ON", "power": 712.5, "energy": 41.2, "linkquality": 87}'

DEVICES = [
    ("shellypro3em-0123/status/em:0", SHELLY, Stream.GRID, 370.2),
    ("shellypro3em-0123/events/rpc", NOTIFIED, Stream.GRID, 370.2),
    ("shellies/shellyem-B9E17C/emeter/0/power", "-8.40", Stream.GRID, -8.4),
    ("tele/house/SENSOR", TASMOTA, Stream.LOAD, 1240.0),
    ("zigbee2mqtt/house meter", PLUG, Stream.LOAD, 712.5),
    ("homeassistant/sensor/house_power/state", "0.5", Stream.GRID, 500.0),
    ("powerpal/sensor/powerpal_power/state", "960.00", Stream.GRID, 960.0),
]


@pytest.mark.parametrize(("topic", "payload", "stream", "watts"), DEVICES)
def test_a_device_is_heard_by_what_its_page_tells_to_write(
    topic: str, payload: str, stream: Stream, watts: float
) -> None:
    (block, *_) = [block for block in blocks("mqtt.md") if f'"{topic}"' in block]
    listener, inbox = reader(block)

    listener.read(Message(topic, payload.encode(), NOON))

    (heard,) = inbox.take()
    assert isinstance(heard, Heard)
    assert (heard.stream, heard.watts) == (stream, watts)


def test_every_example_of_the_page_has_its_device() -> None:
    named = set(re.findall(r'topic = "(.*?)"', "".join(blocks("mqtt.md"))))

    assert named == {topic for topic, *_ in DEVICES}


def test_a_node_is_heard_by_what_its_page_tells_to_write() -> None:
    (block,) = blocks("openenergymonitor.md")
    listener, inbox = reader(block)

    listener.read(Message("emon/emonpi/power1", b"371", NOON))
    listener.read(Message("emon/emonpi/power2", b"88", NOON))

    hold = timedelta(seconds=30)
    assert inbox.take() == [
        Heard("emonpi", Stream.GRID, NOON, 371.0, hold),
        Heard("emonpi", Stream.SOLAR, NOON, 88.0, hold),
    ]
