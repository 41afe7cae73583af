"""What Home Assistant is told keeps the rules that it publishes."""

import json
from copy import deepcopy
from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tests.announcing.home_assistant.published_rules import (
    ENDS_OF_A_PRICE,
    LONGEST_STATE,
    NOT_KNOWN,
    TOPIC_OF_A_DEVICE,
    faults,
)
from tests.announcing.home_assistant.told import SETTINGS, bare_moment, moment, waiting

from home_energy.announcing.home_assistant.discovery import (
    EXPIRE_AFTER_SECONDS,
    announcement,
    description,
    places,
    state,
)
from home_energy.announcing.home_assistant.entities import Part, entities
from home_energy.domain.appliance import LONGEST_NAME
from home_energy.settings import Settings
from home_energy.settings.advice import AdviceSettings, ApplianceSettings
from home_energy.settings.announcing import HomeAssistantSettings

EVERY = tuple(Part)
LONGEST = "W" * LONGEST_NAME


def described(
    settings: Settings = SETTINGS,
    parts: tuple[Part, ...] = EVERY,
    *,
    demo: bool = False,
) -> dict[str, Any]:
    """As it arrives: through JSON."""
    told = description(settings.home_assistant, entities(settings, parts), is_demo=demo)
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found


def with_appliances(*names: str) -> Settings:
    told = tuple(ApplianceSettings(name=name, kw=1.0, minutes=60) for name in names)
    advice = AdviceSettings(appliances=told)
    return SETTINGS.model_copy(update={"advice": advice})


@pytest.mark.parametrize("parts", [(), EVERY])
def test_every_home_is_described_by_the_rules(parts: tuple[Part, ...]) -> None:
    assert faults(described(parts=parts)) == []


@pytest.mark.parametrize(
    ("key", "change", "fault"),
    [
        (
            "import_price",
            {"device_class": "monetary"},
            "import_price: measurement does not go with monetary",
        ),
        (
            "grid_power",
            {"unit_of_measurement": "kVA"},
            "grid_power: kVA does not go with power",
        ),
        (
            "verdict",
            {"unit_of_measurement": "c"},
            "verdict: an enum has options, no unit and no state class",
        ),
        ("verdict", {"device_class": None}, "verdict: options and enum go together"),
        ("spike", {"state_class": "total"}, "spike: state_class is unknown"),
        ("spike", {"unique_id": ""}, "spike: no unique_id"),
    ],
)
def test_the_rules_find_what_is_wrong(
    key: str, change: dict[str, Any], fault: str
) -> None:
    told = deepcopy(described())
    told["components"][key].update(change)

    assert fault in faults(told)


def test_the_topic_is_one_that_home_assistant_listens_to() -> None:
    odd = HomeAssistantSettings(base_topic="home/energy.us")

    told = announcement(odd, (), moment())

    assert told.introduction[0] == "homeassistant/device/home_energy_us/config"
    assert TOPIC_OF_A_DEVICE.fullmatch(told.introduction[0])


def test_a_price_has_a_unit_that_the_energy_dashboard_takes() -> None:
    told = described()["components"]

    units = {
        told[key]["unit_of_measurement"] for key in ("import_price", "feed_in_price")
    }

    assert units == {"AUD/kWh"}
    assert all(unit.endswith(ENDS_OF_A_PRICE) for unit in units)


def test_every_entity_expires_when_nothing_is_said_any_more() -> None:
    told = described()["components"].values()

    assert {each["expire_after"] for each in told} == {EXPIRE_AFTER_SECONDS}
    assert EXPIRE_AFTER_SECONDS == 180  # three minutes, of a state each minute


def test_two_homes_on_one_broker_share_nothing() -> None:
    chosen = HomeAssistantSettings(enabled=True, base_topic="beach-house")
    one, other = (
        described(),
        described(SETTINGS.model_copy(update={"home_assistant": chosen})),
    )

    def ids(told: dict[str, Any]) -> set[str]:
        return {each["unique_id"] for each in told["components"].values()}

    assert ids(one).isdisjoint(ids(other))
    assert one["device"]["identifiers"] != other["device"]["identifiers"]
    assert one["state_topic"] != other["state_topic"]


def test_a_demo_says_so_in_the_name_of_the_device() -> None:
    assert described(demo=True)["device"]["name"] == "Home Energy (demo)"


@pytest.mark.parametrize(
    "names",
    [
        ("Dishwasher", "dishwasher", "Dish washer"),
        ("Pool-Pumpe", "Pool_Pumpe"),
        ("Spülmaschine", "Sp\N{BROKEN BAR}lmaschine"),
        ("\N{HOT BEVERAGE}", "\N{TEACUP WITHOUT HANDLE}"),
    ],
)
def test_appliances_never_share_an_entity(names: tuple[str, ...]) -> None:
    told = described(with_appliances(*names))

    assert faults(told) == []
    advised = [key for key in told["components"] if key.startswith("advice_")]
    assert len(advised) == len(names)


# What Home Assistant makes of it: templates are Jinja, values of JSON go through them


def rendered(
    told: dict[str, Any], values: dict[str, Any]
) -> dict[str, tuple[str, str]]:
    """Availability and state of every entity, as the templates say them."""
    jinja = ImmutableSandboxedEnvironment()
    found = {}
    for key, component in told["components"].items():
        online = component["availability"][1]["value_template"]
        found[key] = (
            jinja.from_string(online).render(value_json=values),
            jinja.from_string(component["value_template"]).render(value_json=values),
        )
    return found


def test_what_is_known_is_available_with_its_value() -> None:
    shown = entities(SETTINGS, EVERY)

    found = rendered(described(), state(shown, moment()))

    assert {online for online, _ in found.values()} == {"online"}
    assert found["import_price"][1] == "0.3056"
    assert found["spike"][1] == "OFF"


def test_what_is_not_known_is_unavailable_and_has_no_value() -> None:
    shown = entities(SETTINGS, EVERY)

    found = rendered(described(), state(shown, bare_moment()))

    assert found.pop("freshness") == ("online", "none")
    assert set(found.values()) == {("offline", NOT_KNOWN)}


def test_what_an_older_state_did_not_have_is_unavailable() -> None:
    found = rendered(described(), {})

    assert set(found.values()) == {("offline", NOT_KNOWN)}


def test_availability_counts_only_while_we_are_there() -> None:
    told = described()

    assert told["availability_mode"] == "all"
    for component in told["components"].values():
        assert [each["topic"] for each in component["availability"]] == [
            "home-energy/availability",
            "home-energy/state",
        ]


def test_the_longest_advice_is_no_longer_than_a_state_may_be() -> None:
    settings = with_appliances(LONGEST)
    shown = entities(settings, ())

    told = state(shown, moment(advices=(waiting(LONGEST),)))

    texts = [value for value in told.values() if isinstance(value, str)]
    assert any(text.startswith(LONGEST) for text in texts)
    assert max(map(len, texts)) <= LONGEST_STATE


def test_topics_follow_the_settings() -> None:
    chosen = HomeAssistantSettings(discovery_prefix="ha", base_topic="home/energy")

    told = places(chosen)

    assert told.state == "home/energy/state"
    assert told.availability == "home/energy/availability"
    assert told.births == "ha/status"
