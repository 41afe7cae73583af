"""Collector, screen and a real browser together: weeks in fast time, an hour in real.

Run `python -m tests.soak.whole_house weeks 4` or `... hour 60` for the table alone.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from playwright.sync_api import CDPSession, Page, sync_playwright
from tests.benchmarks.measure import MEGABYTE, Measure
from tests.browser.panel import FRIDGE, LANDSCAPE, context_options, launch
from tests.ingestion.chaos import free_port
from tests.soak.simulated_house import START, TOKEN, simulated_clock
from tests.soak.used import Used, descendants
from tests.years_on_record import keep_years

from home_energy.store import Store

T = TypeVar("T")

SETTLED_SHARE = 0.3
"""The first part of a run: what is loaded on first use has been loaded by then."""
STORE = "home.sqlite"
OTHER_PAGES = ("/history", "/costs", "/health", "/device")
PAGES_EVERY_LOOKS = 4
FIRST_LOOKS = 20
"""At each page before the hour begins: each of the dashboard's four threads keeps what
it loads on first use, and on the fridge would come to it within a day."""
START_SECONDS = 60.0

LEAK_MB_PER_HOUR = 1.0
LEAK_MB = 10.0
PAGE_LEAK_MB = 2.0
IDLE_PERCENT = 5.0


@dataclass(frozen=True)
class PageUse:
    """What the page holds after its garbage was collected."""

    heap_mb: float
    nodes: int
    listeners: int


@dataclass
class House:
    """Running parts and what was seen of them."""

    store: Path
    parts: dict[str, Used]
    page: Page
    devtools: CDPSession
    page_uses: list[PageUse] = field(default_factory=list)
    store_bytes: list[int] = field(default_factory=list)
    looks: int = 0

    def look(self) -> None:
        """Look at everything once; now and then at another page, as a person would."""
        for used in self.parts.values():
            used.look()
        self.store_bytes.append(self.store.stat().st_size)
        self.looks += 1
        if self.looks % PAGES_EVERY_LOOKS == 0:
            self._look_elsewhere(OTHER_PAGES[self.looks // 4 % len(OTHER_PAGES)])
        self.devtools.send("HeapProfiler.collectGarbage")
        told = self.devtools.send("Performance.getMetrics")["metrics"]
        metrics = {metric["name"]: metric["value"] for metric in told}
        self.page_uses.append(
            PageUse(
                heap_mb=metrics["JSHeapUsedSize"] / MEGABYTE,
                nodes=int(metrics["Nodes"]),
                listeners=int(metrics["JSEventListeners"]),
            )
        )

    def _look_elsewhere(self, path: str) -> None:
        here = self.page.url.split("/", 3)
        self.page.goto(f"{here[0]}//{here[2]}{path}{FRIDGE}")
        self.page.goto(f"{here[0]}//{here[2]}/{FRIDGE}")
        self.page.wait_for_selector("#screen")


def weeks_in_fast_time(folder: Path, weeks: int) -> list[Measure]:
    """Let simulated weeks pass, and tell what that took."""
    amber, screen = free_port(), free_port()
    _settle_in(folder, amber)
    parts = {
        "Amber": ("amber", str(folder), str(amber)),
        "dashboard": ("show", str(folder), str(screen)),
        "collector": ("collect", str(folder), str(amber), str(7 * weeks)),
    }
    commands = {
        name: ("-m", "tests.soak.simulated_house", *words)
        for name, words in parts.items()
    }
    clock = simulated_clock(folder)
    end = START + timedelta(days=7 * weeks)
    with _running(folder, commands, screen) as house:
        while clock.now() < end:
            house.look()
            house.page.wait_for_timeout(3000)
            _say(f"{(clock.now() - START) / timedelta(days=1):.1f} simulated days")
        house.look()
    clock.close()
    grown_mb = (house.store_bytes[-1] - _settled(house.store_bytes)[0]) / MEGABYTE
    days = 7 * weeks * (1 - SETTLED_SHARE)
    return [
        *_grown(house, "weeks"),
        Measure("Record: growth a simulated day", grown_mb / days, "MB"),
    ]


def an_hour(folder: Path, minutes: float) -> list[Measure]:
    """Let real time pass beside the commands as they are, and tell what that took.

    The home has been followed for two years and its pages have been looked at, so that
    what still grows is not what a start brings.
    """
    amber, screen = free_port(), free_port()
    _settle_in(folder, amber)
    with closing(Store.open(folder / STORE)) as store:
        keep_years(store, datetime.now(UTC))
    config = ("-m", "home_energy", "--config", str(folder / "config"))
    commands = {
        "Amber": (
            "-m",
            "tests.soak.simulated_house",
            "amber-in-real-time",
            str(folder),
            str(amber),
        ),
        "collector": (*config, "collect"),
        "dashboard": (*config, "serve", "--port", str(screen)),
    }
    with _running(folder, commands, screen) as house:
        _look_at_everything(f"http://127.0.0.1:{screen}")
        ends_at = time.monotonic() + 60 * minutes
        while time.monotonic() < ends_at:
            house.look()
            house.page.wait_for_timeout(20_000)
            _say(f"{(ends_at - time.monotonic()) / 60:.0f} minutes are left")
    found = _grown(house, "hour")
    for name, used in house.parts.items():
        found += [
            Measure(
                f"{name}: memory, slope",
                used.memory_mb_per_hour(SETTLED_SHARE),
                "MB/h",
                None if name == "browser" else LEAK_MB_PER_HOUR,
            ),
            Measure(
                f"{name}: share of a processor",
                used.processor_percent(SETTLED_SHARE),
                "%",
                IDLE_PERCENT,
            ),
        ]
    return found


def _look_at_everything(address: str) -> None:
    with httpx.Client(timeout=START_SECONDS) as people:
        for _look in range(FIRST_LOOKS):
            for path in ("/", *OTHER_PAGES):
                people.get(f"{address}{path}{FRIDGE}").raise_for_status()


def _grown(house: House, run: str) -> list[Measure]:
    """What grew after everything had been loaded."""
    found = []
    for name, used in house.parts.items():
        kept = used.after(SETTLED_SHARE)
        growth_mb = max(kept[-1].memory_mb, kept[-2].memory_mb) - kept[0].memory_mb
        is_judged = name != "browser" or run == "weeks"
        found += [
            Measure(f"{name}: memory at the end", kept[-1].memory_mb, "MB"),
            Measure(
                f"{name}: memory, grown",
                growth_mb,
                "MB",
                5 * LEAK_MB if name == "browser" else LEAK_MB if is_judged else None,
            ),
            Measure(
                f"{name}: file handles, grown",
                min(s.handles for s in kept[-3:]) - min(s.handles for s in kept[:3]),
                "",
                None if name == "browser" else 3,
            ),
        ]
    uses = _settled(house.page_uses)
    return [
        *found,
        Measure("page: heap at the end", uses[-1].heap_mb, "MB"),
        Measure(
            "page: heap, grown",
            min(u.heap_mb for u in uses[-4:]) - min(u.heap_mb for u in uses[:4]),
            "MB",
            PAGE_LEAK_MB,
        ),
        Measure(
            "page: elements, grown",
            min(u.nodes for u in uses[-4:]) - max(u.nodes for u in uses[:4]),
            "",
            100,
        ),
        Measure(
            "page: listeners, grown",
            min(u.listeners for u in uses[-4:]) - max(u.listeners for u in uses[:4]),
            "",
            10,
        ),
    ]


def _settled(seen: list[T]) -> list[T]:
    return seen[int(SETTLED_SHARE * len(seen)) :]


def _settle_in(folder: Path, amber_port: int) -> None:
    config = folder / "config"
    config.mkdir(parents=True)
    (config / "home.toml").write_text(
        f'[home]\nstore = "{folder / STORE}"\n'
        f'[amber]\nbase_url = "http://127.0.0.1:{amber_port}/v1/"\n'
    )
    (config / ".env").write_text(f"AMBER_TOKEN={TOKEN}\n")


@contextmanager
def _running(
    folder: Path, commands: dict[str, tuple[str, ...]], screen_port: int
) -> Iterator[House]:
    """Start the parts and a browser that shows the first page; end them all."""
    store = folder / STORE
    with ExitStack() as stack:
        parts: dict[str, Used] = {}
        for name, words in commands.items():
            process = subprocess.Popen([sys.executable, *words], cwd=_ROOT)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            if name != "Amber":
                parts[name] = Used(process.pid)
        address = f"http://127.0.0.1:{screen_port}"
        _await_screen(f"{address}/healthz", store)
        before = set(descendants(_SELF))
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        page = browser.new_page(**context_options(LANDSCAPE))
        page.goto(f"{address}/{FRIDGE}")
        page.wait_for_selector("#screen")
        parts["browser"] = Used(_browser_id(before), with_children=True)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        yield House(store, parts, page, devtools)


def _await_screen(url: str, store: Path) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at:
        try:
            if httpx.get(url).status_code == httpx.codes.OK and store.exists():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {START_SECONDS:.0f} s")


def _browser_id(before: set[int]) -> int:
    """Process that all others of the browser descend from."""
    new = [one for one in descendants(_SELF) if one not in before]
    return next(
        one
        for one in new
        if "chromium" in Path(f"/proc/{one}/comm").read_text()
        and "--type=" not in Path(f"/proc/{one}/cmdline").read_text()
    )


def _say(words: str) -> None:
    sys.stderr.write(f"\r{words}   ")
    sys.stderr.flush()


_ROOT = Path(__file__).parents[2]
_SELF = int(Path("/proc/self").resolve().name)


def main() -> int:
    """Run one of the two, print its table; 1 where a target is missed."""
    run, length = sys.argv[1], float(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        measures = (
            weeks_in_fast_time(Path(folder), int(length))
            if run == "weeks"
            else an_hour(Path(folder), length)
        )
    for measure in measures:
        sys.stdout.write(f"{measure.row()}\n")
    return int(any(measure.is_missed for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
