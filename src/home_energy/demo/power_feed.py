"""How the demo home's power reaches the collector: over a broker, or without one.

Both run like any other source of power. With mosquitto on this machine the power goes
the way that it goes in a real home; without it the same numbers are delivered directly.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from home_energy.demo.local_broker import HOST, LocalBroker
from home_energy.demo.power_meter import EVERY_SECONDS, INPUTS, NODE, PowerMeter
from home_energy.domain.clock import Clock
from home_energy.domain.power import Stream
from home_energy.ingestion.power.inbox import Heard, PowerInbox
from home_energy.ingestion.power.live_sources import named_sources, running
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.store.present_power import present_power

STOP_SECONDS = 1.0
REMEMBERED = timedelta(days=2)
"""How much of its past the meter has told when the demo is first started."""
HOLD = timedelta(seconds=3 * EVERY_SECONDS)


class Carrier(Protocol):
    """Takes a reading to where it is listened for."""

    def carry(self, watts: dict[Stream, int]) -> None:
        """Take one reading of every stream. [W]"""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class MqttCarrier:
    """Publishes as an emonPi does, a topic for each input."""

    def __init__(self, broker: LocalBroker) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.connect_async(HOST, broker.port)
        self._client.loop_start()

    def carry(self, watts: dict[Stream, int]) -> None:
        """Publish; while the broker is away the reading is lost, as it would be."""
        for stream, power in watts.items():
            self._client.publish(f"emon/{NODE}/{INPUTS[stream]}", str(power))

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()


class InboxCarrier:
    """Delivers directly, where there is no broker."""

    def __init__(self, inbox: PowerInbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock

    def carry(self, watts: dict[Stream, int]) -> None:
        """Deliver into the inbox."""
        for stream, power in watts.items():
            self._inbox.put(Heard(NODE, stream, self._clock.now(), power, HOLD))

    def close(self) -> None:
        """Nothing was opened."""


class PowerFeed:
    """Reads the made-up meter at its pace, in a thread of its own.

    Parameters
    ----------
    meter, clock
        What is read, and when it is.
    carrier
        Where the readings go.
    """

    def __init__(self, meter: PowerMeter, clock: Clock, carrier: Carrier) -> None:
        self._meter = meter
        self._clock = clock
        self._carrier = carrier
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="demo power", daemon=True
        )

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)
        self._carrier.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._carrier.carry(self._meter.watts(self._clock.now()))
            self._stopping.wait(EVERY_SECONDS)


@dataclass(frozen=True, slots=True)
class DemoPower:
    """The power of a demo home.

    Parameters
    ----------
    meter
        What measures it.
    broker
        What carries it; `None` delivers it directly.
    """

    meter: PowerMeter
    broker: LocalBroker | None

    @contextmanager
    def told(
        self,
        settings: Settings,
        clock: Clock,
        store: Store,
        now: Callable[[], datetime],
    ) -> Iterator[PowerRecord]:
        """Let the meter tell while the block lasts; hand out what takes it.

        Parameters
        ----------
        now
            Time of the collector, by which what is heard is dated. [aware UTC]
        """
        inbox = PowerInbox()
        self.meter.keep_past(store, clock.now(), REMEMBERED)
        with ExitStack() as stack:
            carrier: Carrier = InboxCarrier(inbox, clock)
            if self.broker is not None:
                stack.enter_context(self.broker)
                stack.enter_context(running(named_sources(settings, inbox, now)))
                carrier = MqttCarrier(self.broker)
            stack.enter_context(running([PowerFeed(self.meter, clock, carrier)]))
            yield PowerRecord(inbox, store, present_power(settings.home.store))
