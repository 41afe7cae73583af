"""Make the pictures under docs/screenshots: `python -m tests.browser.take_screenshots`.

Every picture is the real page in the real browser over a small store. Names after the
command, such as `bill`, make only those.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser, Page, sync_playwright

from home_energy.analysis.report.page import write_page
from home_energy.dashboard.app import create_app
from home_energy.dashboard.device import view
from tests.analysis.report.composed_report import composed_report
from tests.browser.billed_home import billed_home
from tests.browser.panel import (
    BEAT,
    FRIDGE,
    LANDSCAPE,
    PORTRAIT,
    context_options,
    launch,
    resize,
    serving,
)
from tests.browser.reported_home import report
from tests.browser.scenes import SCENES, record
from tests.browser.tried_home import YEAR, TriedHome, use
from tests.dashboard.costed_home import (
    costed_home,
    demand_home,
    night_home,
    selling_home,
    silent_home,
    unmetered_home,
)
from tests.dashboard.recorded_home import RecordedHome

BOOT = Path(__file__).parents[2] / "pi" / "kiosk" / "boot.html"
STOPS = (
    ("home-energy-collect", "exit-code exited 4", 95_000),
    ("home-energy-kiosk", "success exited 0", 32_000),
)
"""Unit, how it ended, and how many seconds ago."""
FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LAPTOP = (1440, 900)
TRIED = {
    "what-if": "what-if",
    "what-if-bound": "what-if?solar_kw=6.6&battery_kwh=13.5&strategy=perfect_foresight",
    "scenarios": "scenarios",
    "scenario": "scenarios/solar-and-battery",
}
CHARTS = ("typical-days", "cash-flow")
COSTS: dict[str, tuple[Callable[[RecordedHome], None], str]] = {
    "costs": (costed_home, "costs"),
    "costs-earning": (selling_home, "costs"),
    "costs-stale": (silent_home, "costs"),
    "costs-no-meter": (unmetered_home, "costs"),
    "costs-demand": (demand_home, "costs"),
    "costs-night": (night_home, "costs"),
    "costs-so-far": (costed_home, "costs/so-far"),
    "costs-advice": (costed_home, "costs/advice"),
}
COSTS_ON_LAPTOP = ("costs", "costs-so-far", "costs-advice")
FAST_POLL_SECONDS = 0.2
REPORT_PLACES = {
    "report-energy": "#solar-battery .charts",
    "report-money": "#solar-battery [data-chart=cash-flow]",
}
"""What else of the report is taken on a laptop, and from where on."""


def main(only: Collection[str] = ()) -> None:
    """Take every scene on both panels, or some."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name in SCENES:
            if not only or name in only:
                _take(browser, name)
        if not only or "offline" in only:
            _take(browser, "cheap", goes_offline=True)
        for name in COSTS:
            if not only or name in only:
                _take_costs(browser, name)
        for name, take in PARTS.items():
            if not only or name in only:
                take(browser)
        browser.close()


def _take_tried(browser: Browser) -> None:
    """The sliders, and the scenarios of a report."""
    with tempfile.TemporaryDirectory() as folder:
        home = TriedHome(Path(folder))
        use(home, YEAR)
        report(home, date(2026, 1, 1), date(2026, 12, 31))
        app = create_app(home.settings, home.clock)
        reading = app.extensions["home_energy"].what_if.wait(120.0)
        assert reading.what_if is not None, reading.said
        with serving(app) as server:
            for size in (LANDSCAPE, PORTRAIT, LAPTOP):
                page = browser.new_page(**context_options(size))
                for name, path in TRIED.items():
                    page.goto(f"{server.url}{path}")
                    page.evaluate("document.fonts.ready")
                    _save(page, name, size)
                _take_charts(page, size)
                page.close()
        home.store.close()


def _take_charts(page: Page, size: tuple[int, int]) -> None:
    for card in page.locator(".chart-card").all():
        card.evaluate("one => one.scrollIntoView({ block: 'start' })")
        plot = card.locator(".plot")
        plot.locator(".main-svg").first.wait_for()
        name = (plot.get_attribute("id") or "").removeprefix("chart-")
        if name in CHARTS:
            _save(page, f"scenario-{name}", size)


def _take_bill(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = RecordedHome(Path(folder))
        billed_home(home)
        app = create_app(home.settings, home.clock)
        for size in (LANDSCAPE, PORTRAIT):
            with serving(app) as server:
                page = browser.new_page(**context_options(size))
                page.goto(f"{server.url}bill")
                page.evaluate("document.fonts.ready")
                _save(page, "bill", size)
                page.close()
        home.store.close()


def _take_costs(browser: Browser, name: str) -> None:
    recorded, path = COSTS[name]
    sizes = [LANDSCAPE, PORTRAIT, *([LAPTOP] if name in COSTS_ON_LAPTOP else [])]
    with tempfile.TemporaryDirectory() as folder:
        home = RecordedHome(Path(folder))
        recorded(home)
        with serving(create_app(home.settings, home.clock)) as server:
            for size in sizes:
                page = browser.new_page(**context_options(size))
                page.goto(f"{server.url}{path}")
                page.evaluate("document.fonts.ready")
                _save(page, name, size)
                page.close()
        home.store.close()


def _take_report(browser: Browser) -> None:
    """The report of a home that nobody has: its top, a scenario's charts, its money."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        write_page(composed_report(), file)
        for size in (LAPTOP, LANDSCAPE):
            page = browser.new_page(**context_options(size))
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-drawn=all]")
            _save(page, "report", size)
            if size == LAPTOP:
                for name, place in REPORT_PLACES.items():
                    page.evaluate(f"document.querySelector({place!r}).scrollIntoView()")
                    _save(page, name, size)
            page.close()


def _take(browser: Browser, name: str, *, goes_offline: bool = False) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = record(Path(folder), SCENES[name])
        app = home.app()
        app.config["SCREEN_POLL_SECONDS"] = FAST_POLL_SECONDS
        for size in (LANDSCAPE, PORTRAIT):
            with serving(app) as server:
                page = browser.new_page(**context_options(size))
                with page.expect_response(BEAT):
                    page.goto(server.url + FRIDGE)
                page.evaluate("document.fonts.ready")
                if goes_offline:
                    server.stop()
                    page.wait_for_selector(".is-offline")
                _save(page, "offline" if goes_offline else name, size)
                page.close()
        home.store.close()


def _take_awake(browser: Browser) -> None:
    """A night's page just after it was touched."""
    with tempfile.TemporaryDirectory() as folder:
        home = record(Path(folder), SCENES["night"])
        with serving(home.app()) as server:
            page = browser.new_page(**context_options(LANDSCAPE))
            with page.expect_response(BEAT):
                page.goto(server.url + FRIDGE)
            page.evaluate("document.fonts.ready")
            page.tap(".price")
            for size in (LANDSCAPE, PORTRAIT):
                resize(page, size)
                _save(page, "night-awake", size)
            page.close()
        home.store.close()


def _take_device(browser: Browser) -> None:
    """The device page of a Pi, and its question at the first tap."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, RUNTIME_DIRECTORY=folder),
        mock.patch.object(view, "own_address", return_value="192.168.1.20"),
    ):
        home = record(Path(folder), SCENES["cheap"])
        at = int(home.clock.time.timestamp())
        for unit, how, ago in STOPS:
            (Path(folder) / f"{unit}.stopped").write_text(f"{how} {at - ago}\n")
        with serving(home.app()) as server:
            page = browser.new_page(**context_options(LANDSCAPE))
            for size in (LANDSCAPE, PORTRAIT):
                page.goto(f"{server.url}device{FRIDGE}")
                page.evaluate("document.fonts.ready")
                resize(page, size)
                _save(page, "device", size)
                page.get_by_role("button", name="Power off").tap()
                _save(page, "device-question", size)
            page.close()
        home.store.close()


def _take_boot(browser: Browser) -> None:
    """What stands there before the program answers, and when it never does."""
    page = browser.new_page(**context_options(LANDSCAPE))
    page.clock.install(time="2026-11-24T12:00:00")
    page.goto(f"{BOOT.as_uri()}?port=9")
    page.clock.run_for(20_000)
    for name in ("boot", "boot-failing"):
        for size in (LANDSCAPE, PORTRAIT):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            _save(page, name, size)
        page.clock.fast_forward("01:01")
        page.locator("#failing").wait_for()
    page.close()


def _save(page: Page, name: str, size: tuple[int, int]) -> None:
    width, height = size
    page.screenshot(path=FOLDER / f"{name}-{width}x{height}.png", animations="allow")


PARTS: dict[str, Callable[[Browser], None]] = {
    "awake": _take_awake,
    "device": _take_device,
    "boot": _take_boot,
    "bill": _take_bill,
    "what-if": _take_tried,
    "report": _take_report,
}

if __name__ == "__main__":
    main(sys.argv[1:])
