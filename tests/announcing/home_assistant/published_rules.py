"""What Home Assistant accepts, as its own source says: facts, none of its code.

From home-assistant/core 2026.11.0 (the package `homeassistant` of 2026-11), read on
2026-11-22: components/mqtt/{schemas,discovery,sensor,binary_sensor,util}.py,
components/sensor/const.py, components/energy/validate.py, const.py. Only what a home of
ours can have is here; what is not listed is a fault.
"""

import re
from collections.abc import Mapping
from typing import Any

TOPIC_OF_A_DEVICE = re.compile(r"[^+#]+/device/[a-zA-Z0-9_-]+/config")
LONGEST_STATE = 255
NOT_KNOWN = "None"

REQUIRED_OF_A_DEVICE = {"device", "origin", "components"}
KEYS_OF_A_DEVICE = REQUIRED_OF_A_DEVICE | {
    "availability",
    "availability_mode",
    "availability_template",
    "availability_topic",
    "command_topic",
    "encoding",
    "payload_available",
    "payload_not_available",
    "qos",
    "state_topic",
}
KEYS_OF_ITS_DEVICE = {
    "configuration_url",
    "connections",
    "hw_version",
    "identifiers",
    "manufacturer",
    "model",
    "model_id",
    "name",
    "serial_number",
    "suggested_area",
    "sw_version",
    "via_device",
}
KEYS_OF_ITS_ORIGIN = {"name", "sw_version", "support_url"}
KEYS_OF_AVAILABILITY = {
    "payload_available",
    "payload_not_available",
    "topic",
    "value_template",
}
AVAILABILITY_MODES = {"all", "any", "latest"}
KEYS_OF_ANY_ENTITY = {
    "availability",
    "availability_mode",
    "device_class",
    "enabled_by_default",
    "entity_category",
    "expire_after",
    "force_update",
    "icon",
    "json_attributes_template",
    "json_attributes_topic",
    "name",
    "platform",
    "qos",
    "state_topic",
    "unique_id",
    "value_template",
}
KEYS_OF = {
    "sensor": KEYS_OF_ANY_ENTITY
    | {
        "last_reset_value_template",
        "options",
        "state_class",
        "suggested_display_precision",
        "unit_of_measurement",
    },
    "binary_sensor": KEYS_OF_ANY_ENTITY | {"off_delay", "payload_off", "payload_on"},
}
CATEGORIES_OF_WHAT_IS_READ = {"diagnostic"}
STATE_CLASSES_OF: dict[str | None, set[str]] = {
    None: {"measurement", "total", "total_increasing"},
    "enum": set(),
    "monetary": {"total"},
    "power": {"measurement"},
    "timestamp": set(),
}
UNITS_OF = {"power": {"mW", "W", "kW", "MW", "GW", "TW"}}
ENDS_OF_A_PRICE = ("/Wh", "/kWh", "/MWh", "/GWh")  # that the Energy dashboard takes


def faults(described: Mapping[str, Any]) -> list[str]:
    """Whatever Home Assistant would refuse, or ignore, of a description."""
    found = [
        *_strangers("the whole", described, KEYS_OF_A_DEVICE),
        *(f"{key} is missing" for key in REQUIRED_OF_A_DEVICE - set(described)),
        *_strangers("device", described["device"], KEYS_OF_ITS_DEVICE),
        *_strangers("origin", described["origin"], KEYS_OF_ITS_ORIGIN),
        *_availability("the whole", described.get("availability", [])),
    ]
    if described.get("availability_mode", "latest") not in AVAILABILITY_MODES:
        found.append("availability_mode is unknown")
    if not described["device"].get("identifiers"):
        found.append("the device has no identifier")
    if not described["origin"].get("name"):
        found.append("the origin has no name")
    for key, component in described["components"].items():
        found += _faults_of(key, component, described)
    ids = [component.get("unique_id") for component in described["components"].values()]
    if len(set(ids)) < len(ids):
        found.append("two entities have one unique_id")
    return found


def _strangers(where: str, told: Mapping[str, Any], known: set[str]) -> list[str]:
    return [f"{where}: {key} is unknown" for key in sorted(set(told) - known)]


def _availability(where: str, told: list[Mapping[str, Any]]) -> list[str]:
    topics = [each.get("topic") for each in told]
    found = [f"{where}: availability without a topic" for topic in topics if not topic]
    if len(set(topics)) < len(topics):
        found.append(f"{where}: of one topic only the last availability counts")
    for each in told:
        found += _strangers(where, each, KEYS_OF_AVAILABILITY)
    return found


def _faults_of(
    key: str, component: Mapping[str, Any], described: Mapping[str, Any]
) -> list[str]:
    platform = component.get("platform", "")
    found = [
        *_strangers(key, component, KEYS_OF.get(platform, set())),
        *_availability(key, component.get("availability", [])),
    ]
    if not re.fullmatch("[a-zA-Z0-9_-]+", key):
        found.append(f"{key}: letters that no discovery allows")
    if not component.get("unique_id"):
        found.append(f"{key}: no unique_id")
    if not {"state_topic"} & ({*component} | {*described}):
        found.append(f"{key}: no state_topic")
    if component.get("entity_category", "diagnostic") not in CATEGORIES_OF_WHAT_IS_READ:
        found.append(f"{key}: not a category of what is read")
    return [*found, *_faults_of_meaning(key, component)]


def _faults_of_meaning(key: str, component: Mapping[str, Any]) -> list[str]:
    device_class = component.get("device_class")
    state_class, unit = (
        component.get("state_class"),
        component.get("unit_of_measurement"),
    )
    found = []
    if component["platform"] == "sensor" and device_class not in STATE_CLASSES_OF:
        found.append(f"{key}: device_class {device_class} is not listed here")
    elif state_class and state_class not in STATE_CLASSES_OF[device_class]:
        found.append(f"{key}: {state_class} does not go with {device_class}")
    if device_class in UNITS_OF and unit not in UNITS_OF[device_class]:
        found.append(f"{key}: {unit} does not go with {device_class}")
    if ("options" in component) != (device_class == "enum"):
        found.append(f"{key}: options and enum go together")
    if "options" in component and (not component["options"] or state_class or unit):
        found.append(f"{key}: an enum has options, no unit and no state class")
    return found
