"""A home on disk, a local server that speaks Amber's API, and the real command."""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.cli import main
from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.faults import Faults
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock

TOKEN = "psk_canary_5f3e"
COMMAND = [sys.executable, "-c", "from home_energy.cli import main; main()"]


@dataclass
class CommandLine:
    """Runs `home-energy` as a person would, in a folder of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def configure(self, base_url: str, token: str = TOKEN) -> None:
        self.config.mkdir(exist_ok=True)
        (self.config / "home.toml").write_text(
            f'[amber]\nbase_url = "{base_url}/v1/"\n[home]\nstore = "home.sqlite"\n'
        )
        (self.config / ".env").write_text(f"AMBER_TOKEN={token}\n")

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AMBER")}
        kept.pop("PORT", None)
        return {**kept, "COLUMNS": "200", **self.environment}


@dataclass
class AmberServer:
    """Address of the local server and its faults."""

    address: str
    faults: Faults


@dataclass(frozen=True)
class Done:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Home:
    """Types commands in a folder, without a process for each."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Done:
        self.monkeypatch.setattr("sys.argv", ["home-energy", *words])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Home:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "home.toml").write_text(
        '[home]\nstore = "home.sqlite"\ntimezone = "Australia/Melbourne"\n'
    )
    monkeypatch.chdir(tmp_path)
    for name in ("AMBER_TOKEN", "AMBER_SITE_ID", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path, monkeypatch, capsys)


@pytest.fixture
def command_line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def amber_server() -> Iterator[AmberServer]:
    faults = Faults({"hang": 1.0}, hang_seconds=30)
    faults.is_on = False
    market = SyntheticMarket(SyntheticHome(3))
    app = create_amber_app(market, SystemClock(), faults, token=TOKEN)
    with serving(app) as address:
        yield AmberServer(address, faults)
        faults.release()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Six days of half-hourly rows on two channels, as Amber gives them."""
    path = tmp_path / "rows.jsonl.gz"
    market = SyntheticMarket(SyntheticHome(5), interval_minutes=30)
    start = datetime(2026, 2, 28, 14, tzinfo=UTC)
    with gzip.open(path, "wt") as lines:
        for channel in ("general", "feedIn"):
            for row in market.final_rows(channel, start, start + timedelta(days=6), 30):
                lines.write(json.dumps(row) + "\n")
    return path


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait for an event, not for a time; fail when it does not come."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 40
        while not is_so():
            assert time.monotonic() < deadline, "it did not happen within 40 s"
            time.sleep(0.05)

    return wait
