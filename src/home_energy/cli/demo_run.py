"""Running a demo home: watched in real time, or a recording as fast as it goes."""

import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from home_energy.cli.application import console, set_up_logging
from home_energy.cli.moment_words import describe
from home_energy.dashboard.now import read_now
from home_energy.demo.clocks import ScaledClock, SteppedClock
from home_energy.demo.faults import Faults, parse_faults
from home_energy.demo.household import (
    DemoHome,
    demo_settings,
    power_lines,
    replay_at_once,
    same_weekday_in,
)
from home_energy.demo.local_broker import ANYBODY, MOSQUITTO, LocalBroker
from home_energy.demo.past_days import FIRST_DAY, days_until, keep_past_days
from home_energy.demo.power_feed import DemoPower
from home_energy.demo.power_meter import PowerMeter
from home_energy.demo.replay import ReplayMarket
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock
from home_energy.domain.freshness import Freshness
from home_energy.domain.time_grid import nem_date
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

HISTORY_DAYS = 400
"""A year and a month: what the demo home remembers when it is first started."""
MQTT_PORT = 1883
"""Named in the settings where no broker runs; nothing connects to it."""
HANG_SECONDS = 0.5
GOODBYE_SECONDS = 5
NEW_DAY_SECONDS = 600
"""How often is looked whether a day is over."""

REPORT_YEAR = FIRST_DAY.year
SCENARIOS = Path("scenarios")
"""Questions that the report answers, as they come with the program."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say."""

    replay: tuple[Path, ...]
    start: datetime | None
    days: int | None
    speed: float
    faults: str
    seed: int
    folder: Path
    port: int


def run_demo(wish: Wish) -> None:
    """Do what the options say.

    Raises
    ------
    ConfigError
        If they do not go together, or the port is taken.
    DataError
        If a recording cannot be read or a fault is unknown.
    """
    if wish.days is not None:
        _replay_at_once(wish)
    else:
        _watch(_home(wish))


def _faults(wish: Wish) -> Faults:
    if not wish.faults:
        return Faults()
    return parse_faults(wish.faults, seed=wish.seed, hang_seconds=HANG_SECONDS)


def _home(wish: Wish) -> DemoHome:
    """Synthetic home in real time, or a recording from a moment of its own."""
    if not wish.replay:
        past = SyntheticHome(wish.seed)
        market = SyntheticMarket(past)
        wish.folder.mkdir(parents=True, exist_ok=True)
        broker = LocalBroker(wish.folder, ANYBODY) if MOSQUITTO else None
        settings = demo_settings(
            wish.folder,
            f"synthetic-{wish.seed}.sqlite",
            market.state,
            wish.port,
            power_lines(broker.port if broker else MQTT_PORT),
        )
        power = DemoPower(PowerMeter(past), broker)
        return DemoHome(market, SystemClock(), settings, _faults(wish), past, power)
    recording = ReplayMarket.from_files(wish.replay, seed=wish.seed)
    begin = wish.start or same_weekday_in(recording, datetime.now(UTC))
    settings = _fresh_replay_settings(wish, recording)
    clock = ScaledClock(begin, wish.speed)
    return DemoHome(recording, clock, settings, _faults(wish))


def _watch(home: DemoHome) -> None:
    """Run until Ctrl-C; say when the first price is on the page, then report."""
    set_up_logging(home.settings)
    logging.getLogger().setLevel(logging.WARNING)
    stop = threading.Event()
    with home.running(HISTORY_DAYS) as collector, home.screen() as address:
        console.print("DEMO home, no account needed. Asking for the first price ...")
        if home.power is not None:
            console.print(f"Its power is made up, {_carrier_words(home.power)}.")
        guide = threading.Thread(target=_guide, args=(home, address, stop), daemon=True)
        guide.start()
        try:
            collector.run(stop)
        finally:
            stop.set()
            guide.join(timeout=GOODBYE_SECONDS)


def _carrier_words(power: DemoPower) -> str:
    if power.broker is None:
        return "and delivered directly: there is no mosquitto on this machine"
    return f"and comes over MQTT: mosquitto runs on port {power.broker.port}"


def _guide(home: DemoHome, address: str, stop: threading.Event) -> None:
    """Say what there is to see, in the order in which it comes."""
    store = Store.open(home.settings.home.store)
    if not _announced(home, store, address, stop) or home.past is None:
        return
    today = nem_date(home.clock.now())
    keep_past_days(store, home.past, days_until(today), home.clock.now())
    _report(home, address, stop)
    _run(home, stop, "shadow")
    while not stop.wait(NEW_DAY_SECONDS):
        if today < (today := nem_date(home.clock.now())):
            yesterday = [today - timedelta(days=1)]
            keep_past_days(store, home.past, yesterday, home.clock.now())
            _run(home, stop, "shadow")


def _announced(
    home: DemoHome, store: Store, address: str, stop: threading.Event
) -> bool:
    """Whether the first price came before the end."""
    while not stop.wait(0.2):
        moment = read_now(store, home.settings, home.clock)
        if moment.import_age.freshness is Freshness.FRESH:
            console.print(describe(moment, home.settings), markup=False)
            console.print(f"\nThe page is at {address}  (Ctrl-C ends it)")
            return True
    return False


def _report(home: DemoHome, address: str, stop: threading.Event) -> None:
    """Make the report of the home's year, in a process of its own."""
    if not SCENARIOS.is_dir():
        console.print(f"No folder {SCENARIOS} here, so no report is made.")
        return
    console.print(
        f"\nThe report of {REPORT_YEAR} is being made; the first one takes minutes, "
        "for machine code is made of the models ..."
    )
    asked = ("report", "--year", str(REPORT_YEAR), "--scenarios", str(SCENARIOS))
    if _run(home, stop, *asked) == 0:
        console.print(f"The report is at {address}/scenarios  (Ctrl-C ends the demo)")


def _run(home: DemoHome, stop: threading.Event, *asked: str) -> int:
    """Run a command on the home, in a process of its own; return its exit code."""
    config = home.settings.home.store.parent / "config"
    command = [sys.executable, "-m", "home_energy", "--config", str(config), *asked]
    with subprocess.Popen(command) as child:  # noqa: S603 - our own
        while child.poll() is None:
            if stop.wait(0.2):
                child.terminate()
    return child.returncode


def _replay_at_once(wish: Wish) -> None:
    if not wish.replay or wish.start is None or wish.days is None:
        raise ConfigError(
            "--days goes with --replay FILE and --start DAY: it replays a recording "
            "from that day"
        )
    recording = ReplayMarket.from_files(wish.replay, seed=wish.seed)
    clock = SteppedClock(wish.start)
    settings = _fresh_replay_settings(wish, recording)
    home = DemoHome(recording, clock, settings, _faults(wish))
    logging.getLogger("home_energy").setLevel(logging.CRITICAL)
    with Progress(
        TextColumn("Replaying"), BarColumn(), TaskProgressColumn(), console=console
    ) as progress:
        bar = progress.add_task("", total=1.0)
        replay_at_once(
            home,
            clock,
            timedelta(days=wish.days),
            HISTORY_DAYS,
            lambda share: progress.update(bar, completed=share),
        )
    console.print(
        f"{wish.days} days and a calm one are on record in {settings.home.store}.\n"
        f"Compare: home-energy --config {wish.folder / 'config'} coverage --json "
        f"--against {wish.replay[0]}",
        markup=False,
        soft_wrap=True,
    )


def _fresh_replay_settings(wish: Wish, recording: ReplayMarket) -> Settings:
    """Settings with an empty store: a replay starts from nothing."""
    settings = demo_settings(wish.folder, "replay.sqlite", recording.state, wish.port)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.home.store}{suffix}").unlink(missing_ok=True)
    return settings
