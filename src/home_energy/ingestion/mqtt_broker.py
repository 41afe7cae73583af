"""One connection to the household's broker, in a thread of its own.

Nothing here makes anyone wait: the thread connects, talks, and tries again later and
later while the broker is away. What is heard and said is the matter of who uses it.
"""

import logging
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from home_energy.ingestion.waits import Waits

_log = logging.getLogger(__name__)

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


class BrokerThread:
    """Keeps one connection; what it is for is said by those who inherit.

    Parameters
    ----------
    broker
        Where to connect.
    name
        Of the thread.
    waits
        Between tries.
    """

    def __init__(self, broker: Broker, name: str, waits: Waits | None = None) -> None:
        self.broker = broker
        self._waits = waits or Waits()
        self._stopping = threading.Event()
        self._is_in_use = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once, whether there is a broker or not."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second; what is still under way ends without being heard."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    # For those who inherit; all of it is called in the thread.

    def _prepare(self, client: Client) -> None:
        """Say what is to be heard, and what the broker says for us when we are gone."""

    def _connected(self, client: Client) -> None:
        """Begin: the broker took the connection."""

    def _between(self, client: Client) -> None:
        """Say what there is to say; several times a second."""

    def _leave(self, client: Client) -> None:
        """Say goodbye: all is to stop."""

    def _tell_trouble(self, said: str) -> None:
        """Hear what went wrong, in words for the household."""

    def _works(self) -> None:
        """Note that the connection is of use: the next one is tried at once."""
        self._is_in_use = True

    def _run(self) -> None:
        failed_count = 0
        while not self._stopping.is_set():
            self._is_in_use = False
            try:
                self._keep_connection()
            except FileNotFoundError:
                self._tell_trouble(
                    f"{self.broker.ca_file}: no file there, the certificate of who "
                    "signed the broker's expected; correct ca_file in [power.mqtt]"
                )
            except ssl.SSLError as error:
                self._tell_trouble(_certificate_fault(self.broker, error))
            except (OSError, ValueError) as error:
                self._tell_trouble(_no_answer(self.broker, error))
            except Exception:  # noqa: BLE001 - the thread must outlive any message
                _log.exception("the connection to %s failed", self.broker.address)
                self._tell_trouble(f"{self.broker.address}: {_LOST}")
            failed_count = 0 if self._is_in_use else failed_count + 1
            self._stopping.wait(self._waits.after(failed_count).total_seconds())

    def _keep_connection(self) -> None:
        """Connect and talk until the connection is lost, or all is to stop."""
        client = self._client()
        client.connect(self.broker.host, self.broker.port, KEEPALIVE_SECONDS)
        outcome = MQTTErrorCode.MQTT_ERR_SUCCESS
        while not self._stopping.is_set() and outcome == MQTTErrorCode.MQTT_ERR_SUCCESS:
            outcome = client.loop(LOOK_UP_SECONDS)
            if client.is_connected():
                self._between(client)
        if client.is_connected():
            self._leave(client)
        client.disconnect()
        if outcome not in (
            MQTTErrorCode.MQTT_ERR_SUCCESS,
            MQTTErrorCode.MQTT_ERR_CONN_REFUSED,  # told with its reason
        ):
            self._tell_trouble(f"{self.broker.address}: {_LOST}")

    def _client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_SECONDS
        if self.broker.username is not None:
            client.username_pw_set(self.broker.username, self.broker.password)
        if self.broker.tls:
            ca_file = self.broker.ca_file
            client.tls_set_context(ssl.create_default_context(cafile=ca_file))
        client.on_connect = self._answered
        self._prepare(client)
        return client

    def _answered(
        self,
        client: Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _more: object,
    ) -> None:
        if reason.is_failure:
            self._tell_trouble(_refusal(self.broker, reason))
        else:
            self._connected(client)


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
