"""What stands in home.toml is what is listened to."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.domain.power import Stream
from home_energy.errors import ConfigError
from home_energy.ingestion.mqtt_broker import Broker
from home_energy.ingestion.power.power_rules import named_broker, topic_rules
from home_energy.ingestion.sources.mqtt_topics import QUANTITIES, TopicRule
from home_energy.settings.power import MqttSettings, PowerSettings


def rules(toml: str) -> tuple[TopicRule, ...]:
    tree = tomllib.loads('[mqtt]\nhost = "pi"\n' + toml)
    return topic_rules(PowerSettings.model_validate(tree))


def test_every_key_of_a_topic_is_heeded() -> None:
    (rule,) = rules(
        '[[topics]]\ntopic = "a/+/c"\nstream = "battery"\npath = "x.0.y"\nunit = "kW"\n'
        'sign = -1\nretained = "take"\ntime = "t.s"\nmay_lack = true\n'
        'every_seconds = 7\nname = "cells"\n'
    )

    assert rule == TopicRule(
        "cells",
        "a/+/c",
        Stream.BATTERY,
        QUANTITIES["kW"],
        timedelta(seconds=21),  # three of 7 s
        path=("x", "0", "y"),
        time_path=("t", "s"),
        sign=-1,
        takes_retained=True,
        may_lack=True,
    )


def test_what_is_left_out_of_a_topic_is_careful() -> None:
    (rule,) = rules('[[topics]]\ntopic = "a"\nstream = "grid"\n')

    assert rule == TopicRule(
        "a", "a", Stream.GRID, QUANTITIES["W"], timedelta(minutes=3)
    )


def test_every_key_of_a_node_is_heeded() -> None:
    found = rules(
        '[[emon]]\nnode = "emonpi"\nbase = "nodes"\ngrid = "-power1"\n'
        'solar = "pulse"\npulses_per_kwh = 500\nevery_seconds = 5\n'
    )

    plain = {rule.topic: rule for rule in found if not rule.path}
    assert set(plain) == {"nodes/emonpi/power1", "nodes/emonpi/pulse"}
    assert plain["nodes/emonpi/power1"].sign == -1
    assert plain["nodes/emonpi/pulse"].quantity.factor == 2.0  # Wh of a flash
    assert {rule.hold for rule in found} == {timedelta(seconds=15)}
    assert {rule.topic for rule in found if rule.path} == {"nodes/emonpi"}


def test_an_input_that_cannot_be_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"\[\[power.emon\]\]: node n: pulse counts"):
        rules('[[emon]]\nnode = "n"\ngrid = "pulse"\n')


def test_a_broker_that_nobody_named_is_none(tmp_path: Path) -> None:
    assert named_broker(MqttSettings(), tmp_path) is None


def test_every_key_of_the_broker_is_heeded() -> None:
    mqtt = MqttSettings.model_validate(
        {
            "host": "pi",
            "port": 8883,
            "tls": True,
            "ca_file": "config/broker.pem",
            "username": "emonpi",
            "password": "hunter2",
        }
    )

    broker = named_broker(mqtt, Path("/home/me"))

    ca_file = Path("/home/me/config/broker.pem")
    assert broker == Broker("pi", 8883, "emonpi", "hunter2", tls=True, ca_file=ca_file)
    assert "hunter2" not in repr(broker)
