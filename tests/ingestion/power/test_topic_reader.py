"""What is odd in messages is counted, told once, and taken back when it is over."""

from datetime import UTC, datetime, timedelta

from home_energy.domain.power import Stream
from home_energy.ingestion.power.inbox import (
    Heard,
    PowerInbox,
    PowerItem,
    Trouble,
    Works,
)
from home_energy.ingestion.power.topic_reader import TopicReader
from home_energy.ingestion.sources.mqtt_topics import QUANTITIES, Message, TopicRule

NOON = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
HOLD = timedelta(seconds=45)


def rule(topic: str, stream: Stream = Stream.GRID, source: str = "meter") -> TopicRule:
    return TopicRule(source, topic, stream, QUANTITIES["W"], HOLD)


class Reading:
    """A reader with its inbox, told one message after the other."""

    def __init__(self, *rules: TopicRule) -> None:
        self.inbox = PowerInbox()
        self.reader = TopicReader(rules, self.inbox)

    def says(self, topic: str, payload: str, seconds: float = 0) -> list[PowerItem]:
        """What one message brings."""
        at = NOON + timedelta(seconds=seconds)
        self.reader.read(Message(topic, payload.encode(), at))
        return self.inbox.take()


def test_a_topic_nobody_named_says_nothing() -> None:
    reading = Reading(rule("a"))

    assert reading.says("b", "5") == []
    assert reading.says("b", "off") == []
    assert reading.reader.problems() == ()


def test_one_message_may_mean_several_streams() -> None:
    reading = Reading(rule("a"), rule("a", Stream.LOAD))

    assert reading.says("a", "5") == [
        Heard("meter", Stream.GRID, NOON, 5.0, HOLD),
        Heard("meter", Stream.LOAD, NOON, 5.0, HOLD),
    ]
    assert reading.reader.topics == ("a",)


def test_an_oddity_is_told_once_and_counted() -> None:
    reading = Reading(rule("a"))

    first = reading.says("a", "off")
    more = [reading.says("a", "off", seconds) for seconds in (1, 2, 3)]

    (trouble,) = first
    assert isinstance(trouble, Trouble)
    assert trouble.source == "meter"
    assert trouble.said.startswith("a: found 'off', a number in W expected")
    assert more == [[], [], []]
    assert reading.reader.problems() == (trouble.said + " (4 messages)",)


def test_an_oddity_that_lasts_is_told_again_after_an_hour() -> None:
    reading = Reading(rule("a"))
    reading.says("a", "off")

    assert reading.says("a", "off", 3599) == []
    assert len(reading.says("a", "off", 3600)) == 1
    assert reading.says("a", "off", 3601) == []


def test_a_good_message_takes_the_trouble_back_once() -> None:
    reading = Reading(rule("a"))
    reading.says("a", "off")

    good, again = reading.says("a", "5", 1), reading.says("a", "6", 2)

    assert good == [
        Works("meter"),
        Heard("meter", Stream.GRID, NOON + timedelta(0, 1), 5.0, HOLD),
    ]
    assert again == [Heard("meter", Stream.GRID, NOON + timedelta(0, 2), 6.0, HOLD)]


def test_a_meter_that_is_odd_now_and_then_does_not_flap() -> None:
    reading = Reading(rule("a"))

    states = [
        item
        for second in range(0, 100, 2)
        for item in reading.says("a", "off", second)
        + reading.says("a", "5", second + 1)
        if isinstance(item, Trouble | Works)
    ]

    assert len(states) == 2


def test_a_source_works_again_only_with_all_of_its_streams() -> None:
    reading = Reading(rule("a"), rule("b", Stream.SOLAR))
    reading.says("a", "off")
    reading.says("b", "off")

    one, both = reading.says("a", "5"), reading.says("b", "5")

    assert Works("meter") not in one
    assert Works("meter") in both


def test_a_plus_that_two_devices_answer_to_is_told_and_neither_is_heard() -> None:
    reading = Reading(rule("shellies/+/emeter/0/power"))
    alone = reading.says("shellies/one/emeter/0/power", "100")

    other = reading.says("shellies/two/emeter/0/power", "900")
    first_again = reading.says("shellies/one/emeter/0/power", "101")

    assert [type(item) for item in alone] == [Heard]
    (trouble,) = other
    assert isinstance(trouble, Trouble)
    assert "shellies/one/emeter/0/power and shellies/two/emeter/0/power" in trouble.said
    assert first_again == []
