"""`demo`: a home to look at before there is a token."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from home_energy.cli.application import app, console, set_up_logging
from home_energy.cli.live import describe, exit_on_sigterm
from home_energy.dashboard.now import read_now
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.faults import KNOWN_FAULTS, Faults, parse_faults
from home_energy.demo.household import (
    DemoHome,
    demo_settings,
    replay_at_once,
    same_weekday_in,
    scaled_clock,
)
from home_energy.demo.replay import ReplayMarket
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock
from home_energy.domain.freshness import Freshness
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

HISTORY_DAYS = 400
"""A year and a month: what the demo home remembers when it is first started."""
HANG_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """The options, read."""

    replay: tuple[Path, ...]
    start: datetime | None
    days: int | None
    speed: float
    faults: Faults
    seed: int
    folder: Path
    port: int


@app.command()
def demo(  # noqa: PLR0913 - one parameter is one option
    *,
    replay: Annotated[
        list[Path] | None,
        typer.Option(help="File of recorded Amber rows (.jsonl, .jsonl.gz); repeat."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of the recording to start on."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Replay so many days as fast as possible, then end."),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=1000, help="Speed of a watched replay.")
    ] = 1.0,
    faults: Annotated[
        str,
        typer.Option(help=f"Misbehave: all, or of {', '.join(KNOWN_FAULTS)}."),
    ] = "",
    seed: Annotated[int, typer.Option(help="Another home.")] = 0,
    folder: Annotated[Path, typer.Option(help="Where the demo home lives.")] = Path(
        "demo-home"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5050,
) -> None:
    """Show a synthetic home, or replay a recording, on http://localhost:5050."""
    wish = _Wish(
        tuple(replay or ()),
        None if start is None else start.replace(tzinfo=UTC),
        days,
        speed,
        parse_faults(faults, seed=seed, hang_seconds=HANG_SECONDS)
        if faults
        else Faults(),
        seed,
        folder,
        port,
    )
    exit_on_sigterm()
    if wish.days is not None:
        _replay_at_once(wish)
    else:
        _watch(_home(wish))


def _home(wish: _Wish) -> DemoHome:
    """Synthetic home in real time, or a recording from a moment of its own."""
    if not wish.replay:
        market = SyntheticMarket(SyntheticHome(wish.seed))
        settings = demo_settings(
            wish.folder, f"synthetic-{wish.seed}.sqlite", market.state, wish.port
        )
        return DemoHome(market, SystemClock(), settings, wish.faults)
    recording = ReplayMarket.from_files(wish.replay, seed=wish.seed)
    begin = wish.start or same_weekday_in(recording, datetime.now(UTC))
    settings = _fresh_replay_settings(wish, recording)
    clock = scaled_clock(begin, wish.speed)
    return DemoHome(recording, clock, settings, wish.faults)


def _watch(home: DemoHome) -> None:
    """Run until Ctrl-C; say when the first price is on the page."""
    set_up_logging(home.settings)
    logging.getLogger().setLevel(logging.WARNING)
    stop = threading.Event()
    with home.running(HISTORY_DAYS) as collector, home.screen() as address:
        console.print("DEMO home, no account needed. Asking for the first price ...")
        announcer = threading.Thread(
            target=_announce, args=(home, address, stop), daemon=True
        )
        announcer.start()
        try:
            collector.run(stop)
        finally:
            stop.set()


def _announce(home: DemoHome, address: str, stop: threading.Event) -> None:
    store = Store.open(home.settings.home.store)
    while not stop.wait(0.2):
        moment = read_now(store, home.settings, home.clock)
        if moment.import_age.freshness is Freshness.FRESH:
            console.print(describe(moment, home.settings), markup=False)
            console.print(f"\nThe page is at {address}  (Ctrl-C ends it)")
            return


def _replay_at_once(wish: _Wish) -> None:
    if not wish.replay or wish.start is None or wish.days is None:
        raise ConfigError(
            "--days goes with --replay FILE and --start DAY: it replays a recording "
            "from that day"
        )
    recording = ReplayMarket.from_files(wish.replay, seed=wish.seed)
    clock = SteppedClock(wish.start)
    settings = _fresh_replay_settings(wish, recording)
    home = DemoHome(recording, clock, settings, wish.faults)
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


def _fresh_replay_settings(wish: _Wish, recording: ReplayMarket) -> Settings:
    """Settings with an empty store: a replay starts from nothing."""
    settings = demo_settings(wish.folder, "replay.sqlite", recording.state, wish.port)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.home.store}{suffix}").unlink(missing_ok=True)
    return settings
