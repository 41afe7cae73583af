"""What the household lets the home tell others: home automation and people."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _whole_topic(topic: str) -> str:
    if not all(topic.split("/")) or any(mark in topic for mark in "+# \0$"):
        raise ValueError(
            "expected the beginning of a topic, such as home-energy or home/energy: "
            "no + # $ or blank, and no / at its ends"
        )
    return topic


_Topic = Annotated[str, AfterValidator(_whole_topic)]


class HomeAssistantSettings(_Section):
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
