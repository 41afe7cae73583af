"""Power that a broker in the home carries: one connection, in a thread of its own.

Nothing here makes anyone wait: the thread connects, listens, and tries again later and
later while the broker is away. What it hears and how it does goes into the inbox. The
quality of service asked for is 0: power that comes late is worth nothing, so it need
not be kept for us.
"""

import logging
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from home_energy.ingestion.power.inbox import PowerInbox, Trouble, Works
from home_energy.ingestion.power.topic_reader import TopicReader
from home_energy.ingestion.sources.mqtt_topics import Message, TopicRule
from home_energy.ingestion.waits import Waits

_log = logging.getLogger(__name__)

SOURCE = "mqtt"
"""By which the household knows the broker itself."""

KEEPALIVE_SECONDS = 30
"""A broker that says nothing for so long, and nothing to a question, is gone."""

CONNECT_SECONDS = 5.0
LOOK_UP_SECONDS = 0.2  # how soon the thread sees that it is to stop
STOP_SECONDS = 0.8
_WRONG_LOGIN = (0x86, 0x87)  # reason codes of MQTT 5, also used for those of 3.1.1


@dataclass(frozen=True, slots=True)
class Broker:
    """Where to connect.

    Parameters
    ----------
    host, port
        Of the broker.
    username, password
        For it; the password is in no text of ours.
    tls
        Whether to speak encrypted, its certificate checked.
    ca_file
        Who signed the certificate; `None` trusts those that the system trusts.
    """

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = None

    @property
    def address(self) -> str:
        """As a message says it."""
        return f"{self.host}:{self.port}"


class MqttPower:
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
        self._broker = broker
        self._reader = TopicReader(rules, inbox)
        self._inbox = inbox
        self._now = now
        self._waits = waits or Waits()
        self._stopping = threading.Event()
        self._state: Trouble | Works | None = None
        self._is_listening = False
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begin to listen; returns at once, whether there is a broker or not."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second; what is still under way ends without being heard."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def problems(self) -> tuple[str, ...]:
        """What messages said wrongly so far, with how often."""
        return self._reader.problems()

    def _run(self) -> None:
        failed_count = 0
        while not self._stopping.is_set():
            self._is_listening = False
            try:
                self._listen()
            except FileNotFoundError:
                self._tell_trouble(
                    f"{self._broker.ca_file}: no file there, the certificate of who "
                    "signed the broker's expected; correct ca_file in [power.mqtt]"
                )
            except ssl.SSLError as error:
                self._tell_trouble(_certificate_fault(self._broker, error))
            except (OSError, ValueError) as error:
                self._tell_trouble(_no_answer(self._broker, error))
            except Exception:  # noqa: BLE001 - the thread must outlive any message
                _log.exception("listening to %s failed", self._broker.address)
                self._tell_trouble(f"{self._broker.address}: {_LOST}")
            failed_count = 0 if self._is_listening else failed_count + 1
            self._stopping.wait(self._waits.after(failed_count).total_seconds())

    def _listen(self) -> None:
        """Connect and listen until the connection is lost, or all is to stop."""
        client = self._client()
        client.connect(self._broker.host, self._broker.port, KEEPALIVE_SECONDS)
        outcome = MQTTErrorCode.MQTT_ERR_SUCCESS
        while not self._stopping.is_set() and outcome == MQTTErrorCode.MQTT_ERR_SUCCESS:
            outcome = client.loop(LOOK_UP_SECONDS)
        client.disconnect()
        if outcome not in (
            MQTTErrorCode.MQTT_ERR_SUCCESS,
            MQTTErrorCode.MQTT_ERR_CONN_REFUSED,  # told with its reason
        ):
            self._tell_trouble(f"{self._broker.address}: {_LOST}")

    def _client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_SECONDS
        if self._broker.username is not None:
            client.username_pw_set(self._broker.username, self._broker.password)
        if self._broker.tls:
            ca_file = self._broker.ca_file
            client.tls_set_context(ssl.create_default_context(cafile=ca_file))
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._heard
        return client

    def _connected(
        self,
        client: Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _more: object,
    ) -> None:
        if reason.is_failure:
            self._tell_trouble(_refusal(self._broker, reason))
            return
        client.subscribe([(topic, 0) for topic in self._reader.topics])

    def _subscribed(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        reasons: list[ReasonCode],
        _: object,
    ) -> None:
        self._is_listening = True
        refused = [
            topic
            for topic, reason in zip(self._reader.topics, reasons, strict=False)
            if reason.is_failure
        ]
        if refused:
            self._tell_trouble(
                f"{self._broker.address} does not let us read {', '.join(refused)}, "
                "leave to read expected; change the broker's list of who may read what"
            )
        else:
            self._tell(Works(SOURCE))

    def _heard(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self._reader.read(
            Message(message.topic, payload, self._now(), is_retained=message.retain)
        )

    def _tell_trouble(self, said: str) -> None:
        self._tell(Trouble(SOURCE, said))

    def _tell(self, state: Trouble | Works) -> None:
        """Deliver a state when it changes."""
        if state != self._state:
            self._state = state
            self._inbox.put(state)


_LOST = (
    "the broker is gone, a lasting connection expected; check that it runs (it is "
    "tried again by itself)"
)


def _no_answer(broker: Broker, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return (
        f"{broker.address}: no broker answers ({reason}), one expected; check that it "
        "runs, and host and port in [power.mqtt] (it is tried again by itself)"
    )


def _certificate_fault(broker: Broker, error: ssl.SSLError) -> str:
    reason = getattr(error, "verify_message", None) or error.reason or "no TLS"
    return (
        f"{broker.address}: the encrypted connection failed ({reason}), a certificate "
        "that can be checked expected; set ca_file in [power.mqtt] to who signed it, "
        "and port to the broker's port for TLS, often 8883"
    )


def _refusal(broker: Broker, reason: ReasonCode) -> str:
    if reason.value in _WRONG_LOGIN:
        return (
            f"{broker.address}: the broker does not accept the name or the password, "
            "those of a user of the broker expected; set MQTT_USERNAME and "
            "MQTT_PASSWORD in config/.env"
        )
    return (
        f"{broker.address}: the broker refused the connection ({reason}), leave to "
        "connect expected; see the broker's log"
    )
