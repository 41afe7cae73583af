"""Power that a broker in the home carries.

What is heard and how the broker does goes into the inbox. The quality of service asked
for is 0: power that comes late is worth nothing, so it need not be kept for us.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.reasoncodes import ReasonCode

from home_energy.ingestion.mqtt_broker import Broker, BrokerThread
from home_energy.ingestion.power.inbox import PowerInbox, Trouble, Works
from home_energy.ingestion.power.topic_reader import TopicReader
from home_energy.ingestion.sources.mqtt_topics import Message, TopicRule
from home_energy.ingestion.waits import Waits
from home_energy.settings.power import BROKER


class MqttPower(BrokerThread):
    """Listens to one broker.

    Parameters
    ----------
    broker
        Where to connect.
    rules
        What to listen to, and what it means.
    inbox
        Where readings and troubles are delivered.
    now
        What time it is. [aware UTC]
    waits
        Between tries.
    """

    def __init__(
        self,
        broker: Broker,
        rules: Sequence[TopicRule],
        inbox: PowerInbox,
        now: Callable[[], datetime],
        waits: Waits | None = None,
    ) -> None:
        super().__init__(broker, "mqtt", waits)
        self._reader = TopicReader(rules, inbox)
        self._inbox = inbox
        self._now = now
        self._state: Trouble | Works | None = None

    def problems(self) -> tuple[str, ...]:
        """What messages said wrongly so far, with how often."""
        return self._reader.problems()

    def _prepare(self, client: Client) -> None:
        client.on_subscribe = self._subscribed
        client.on_message = self._heard

    def _connected(self, client: Client) -> None:
        client.subscribe([(topic, 0) for topic in self._reader.topics])

    def _subscribed(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        reasons: list[ReasonCode],
        _: object,
    ) -> None:
        self._works()
        refused = [
            topic
            for topic, reason in zip(self._reader.topics, reasons, strict=False)
            if reason.is_failure
        ]
        if refused:
            self._tell_trouble(
                f"{self.broker.address} does not let us read {', '.join(refused)}, "
                "leave to read expected; change the broker's list of who may read what"
            )
        else:
            self._tell(Works(BROKER))

    def _heard(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self._reader.read(
            Message(message.topic, payload, self._now(), is_retained=message.retain)
        )

    def _tell_trouble(self, said: str) -> None:
        self._tell(Trouble(BROKER, said))

    def _tell(self, state: Trouble | Works) -> None:
        """Deliver a state when it changes."""
        if state != self._state:
            self._state = state
            self._inbox.put(state)
