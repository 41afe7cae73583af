"""What Home Assistant is told of the home, in its own words.

One message describes the device with all its entities: device discovery, which Home
Assistant understands since 2024.11 [1]_. The state is one JSON object for all of them.

References
----------
.. [1] Home Assistant, "MQTT", sections "MQTT discovery" and "Using availability
   topics", https://www.home-assistant.io/integrations/mqtt/; its source of 2026.11.0,
   homeassistant/components/mqtt/schemas.py; read 2026-11-22.
"""

import json
import re
from collections.abc import Sequence
from importlib.metadata import version

from home_energy.announcing.home_assistant.entities import Entity, Value
from home_energy.announcing.mqtt_publisher import MOST_SECONDS, Announcement, Places
from home_energy.announcing.speaker import Moment
from home_energy.settings.announcing import HomeAssistantSettings

EXPIRE_AFTER_SECONDS = int(3 * MOST_SECONDS)
"""Two states in a row may be lost before entities are unavailable."""


def places(settings: HomeAssistantSettings) -> Places:
    """Topics of a home."""
    return Places(
        state=f"{settings.base_topic}/state",
        availability=f"{settings.base_topic}/availability",
        births=f"{settings.discovery_prefix}/status",
    )


def announcement(
    settings: HomeAssistantSettings,
    shown: Sequence[Entity],
    moment: Moment,
) -> Announcement:
    """What Home Assistant is to know of a moment."""
    topic = f"{settings.discovery_prefix}/device/{device_id(settings)}/config"
    described = description(settings, shown, is_demo=moment.now.is_demo)
    values = json.dumps(state(shown, moment), allow_nan=False)
    return Announcement((topic, json.dumps(described)), values)


def device_id(settings: HomeAssistantSettings) -> str:
    """Identify the home: Home Assistant allows letters, figures, - and _."""
    return re.sub("[^A-Za-z0-9_-]", "_", settings.base_topic)


def state(shown: Sequence[Entity], moment: Moment) -> dict[str, Value]:
    """Value of every entity; `None` where it is not known."""
    return {entity.key: entity.value(moment) for entity in shown}


def description(
    settings: HomeAssistantSettings, shown: Sequence[Entity], *, is_demo: bool
) -> dict[str, object]:
    """Describe the device and its entities.

    Parameters
    ----------
    shown
        Its entities.
    is_demo
        Whether prices are made up: the device's name says so.
    """
    topics, own_version = places(settings), version("home-energy")
    return {
        "device": {
            "identifiers": [device_id(settings)],
            "name": "Home Energy (demo)" if is_demo else "Home Energy",
            "sw_version": own_version,
        },
        "origin": {"name": "home-energy", "sw_version": own_version},
        "components": {entity.key: _component(settings, entity) for entity in shown},
        "state_topic": topics.state,
        "availability_mode": "all",
        "availability": [{"topic": topics.availability}],
    }


def _component(settings: HomeAssistantSettings, entity: Entity) -> dict[str, object]:
    """One entity: available while we are there and its value is known."""
    topics = places(settings)
    value = f"value_json.get('{entity.key}')"
    is_known = f"{{{{ 'offline' if {value} is none else 'online' }}}}"
    return {
        "platform": entity.platform,
        "unique_id": f"{device_id(settings)}_{entity.key}",
        "name": entity.name,
        "value_template": f"{{{{ {value} }}}}",
        "availability": [
            {"topic": topics.availability},
            {"topic": topics.state, "value_template": is_known},
        ],
        "expire_after": EXPIRE_AFTER_SECONDS,
        **entity.traits,
    }
