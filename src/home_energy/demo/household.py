"""The demo home, whole: Amber's server, the collector and the screen together.

The collector speaks HTTP to the local server exactly as it would to Amber; only the
address differs, and every page says DEMO.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from home_energy.announcing.round import Announcer
from home_energy.announcing.speakers import named_speakers
from home_energy.dashboard.app import create_app
from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.faults import Faults
from home_energy.demo.market import Market
from home_energy.demo.power_feed import DemoPower
from home_energy.demo.power_meter import EVERY_SECONDS, INPUTS, NODE
from home_energy.demo.replay import ReplayMarket
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import LATITUDE_DEG, LONGITUDE_DEG, SyntheticHome
from home_energy.domain.clock import Clock
from home_energy.errors import ConfigError, DataError
from home_energy.ingestion.collector import Collector
from home_energy.ingestion.sources.amber import AmberClient
from home_energy.ingestion.sources.whole_answer import AnswerLimits
from home_energy.settings import Settings, load_settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.ingestion.power.power_record import PowerRecord

DEMO_TOKEN = "psk_demo"  # noqa: S105 - opens nothing but the local server
CALM = timedelta(days=1)
"""After a replay with faults: long enough for every retry of the last days."""
QUICK_LIMITS = AnswerLimits(silence_seconds=0.25)
"""A hang costs real time, of which a replay has none to spare."""
TIME_ZONES = {"vic": "Australia/Melbourne", "nsw": "Australia/Sydney"}
_PLACES = {
    "vic": f"""postcode = "3000"
latitude_deg = {LATITUDE_DEG}
longitude_deg = {LONGITUDE_DEG}

[bill]
tariff = "amber-like-vic"

[shadow]
products = ["powerwall-3"]

[[advice.appliances]]
name = "Dishwasher"
kw = 1.0
minutes = 90
by = "07:00"

[[advice.appliances]]
name = "Washing"
kw = 0.6
minutes = 75
"""
}
"""What the made-up home knows beyond Amber: its past needs no account to be billed."""


@dataclass(frozen=True, slots=True)
class DemoHome:
    """A home that can be run.

    Parameters
    ----------
    market, clock, settings
        What Amber would answer, when it is, and what the household chose.
    faults
        How the server misbehaves.
    past
        Whose past days the record may hold; `None` where only a recording is known.
    power
        What its meter tells of now; `None` where there is no meter.
    """

    market: Market
    clock: Clock
    settings: Settings
    faults: Faults = field(default_factory=Faults)
    past: SyntheticHome | None = None
    power: DemoPower | None = None

    @contextmanager
    def running(
        self, history_days: int, limits: AnswerLimits | None = None
    ) -> Iterator[Collector]:
        """Start the server and hand out the collector that asks it."""
        app = create_amber_app(self.market, self.clock, self.faults, token=DEMO_TOKEN)
        with serving(app) as address, httpx.Client() as http:
            client = AmberClient(
                http,
                f"{address}/v1/",
                DEMO_TOKEN,
                self.clock,
                limits or AnswerLimits(),
            )
            store = Store.open(self.settings.home.store)
            told: AbstractContextManager[PowerRecord | None] = nullcontext()
            if self.power is not None:
                told = self.power.told(self.settings, self.clock, store, client.now)
            with told as record, self._advised():
                yield Collector(
                    client, store, self.clock, history_days=history_days, power=record
                )
            store.close()
            self.faults.release()

    def _advised(self) -> AbstractContextManager[None]:
        """Give advice every minute; a replay as fast as possible has no minutes."""
        if self.power is None:
            return nullcontext()
        return Announcer(
            self.settings, self.clock, named_speakers(self.settings)
        ).running()

    @contextmanager
    def screen(self) -> Iterator[str]:
        """Serve the screen while the block lasts and give its address."""
        port = self.settings.dashboard.port
        try:
            with serving(create_app(self.settings, self.clock), port, threads=4):
                yield f"http://localhost:{port}"
        except OSError as error:
            raise ConfigError(
                f"port {port} cannot be used ({error.strerror or error}); is a demo "
                "running already? choose another with --port"
            ) from error


def demo_settings(
    folder: Path, store_name: str, state: str, port: int, power: str = ""
) -> Settings:
    """Settings of a demo home, written to `folder/config` for other commands too.

    Parameters
    ----------
    power
        Lines for `home.toml` on its live power, see `power_lines`.
    """
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "home.toml").write_text(
        f'[home]\ntimezone = "{TIME_ZONES[state]}"\nstore = "{store_name}"\n'
        f"{_PLACES.get(state, '')}\n"
        f'[amber]\nbase_url = "http://127.0.0.1/v1/"\n\n[dashboard]\nport = {port}\n'
        f"{power}"
    )
    return load_settings(config, {"AMBER_TOKEN": DEMO_TOKEN})


def power_lines(broker_port: int) -> str:
    """Settings of the demo home's meter, an emonPi."""
    inputs = "".join(f'{stream} = "{name}"\n' for stream, name in INPUTS.items())
    return (
        f'\n[power.mqtt]\nhost = "127.0.0.1"\nport = {broker_port}\n'
        f'\n[[power.emon]]\nnode = "{NODE}"\n{inputs}'
        f"every_seconds = {EVERY_SECONDS}\n"
    )


def same_weekday_in(recording: ReplayMarket, now: datetime) -> datetime:
    """Moment of a recording with the weekday and time of `now`, as late as may be."""
    first, last = recording.span
    weeks = -((last - timedelta(days=1) - now) // timedelta(weeks=1))
    moment = now - max(weeks, 0) * timedelta(weeks=1)
    if moment < first:
        raise DataError(
            f"the recording from {first} to {last} is too short to replay; expected at "
            "least eight days"
        )
    return moment


def replay_at_once(
    home: DemoHome,
    clock: SteppedClock,
    length: timedelta,
    history_days: int,
    on_progress: Callable[[float], None],
) -> None:
    """Let `length` pass as fast as the machine can, then a calm day without faults.

    Parameters
    ----------
    on_progress
        Called with the share that is done, 0 to 1.
    """
    begin = clock.now()
    calm_from, end = begin + length, begin + length + CALM
    never = threading.Event()
    with home.running(history_days, QUICK_LIMITS) as collector:
        while clock.now() < end:
            home.faults.is_on = home.faults.is_on and clock.now() < calm_from
            clock.wait(collector.step(), never)
            on_progress(min(1.0, (clock.now() - begin) / (end - begin)))
