"""Make the pictures under docs/screenshots: `python -m tests.browser.take_screenshots`.

Every picture is the real page in the real browser over a small store. Names after the
command, such as `bill`, make only those.
"""

import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from home_energy.dashboard import create_app
from tests.browser.billed_home import billed_home
from tests.browser.panel import (
    LANDSCAPE,
    PORTRAIT,
    context_options,
    launch,
    serving,
)
from tests.browser.scenes import SCENES, record
from tests.dashboard.recorded_home import RecordedHome

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
FAST_POLL_SECONDS = 0.2


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
        if not only or "bill" in only:
            _take_bill(browser)
        browser.close()


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


def _take(browser: Browser, name: str, *, goes_offline: bool = False) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = record(Path(folder), SCENES[name])
        app = create_app(home.settings, home.clock)
        app.config["SCREEN_POLL_SECONDS"] = FAST_POLL_SECONDS
        for size in (LANDSCAPE, PORTRAIT):
            with serving(app) as server:
                page = browser.new_page(**context_options(size))
                with page.expect_response("**/heartbeat"):
                    page.goto(server.url)
                page.evaluate("document.fonts.ready")
                if goes_offline:
                    server.stop()
                    page.wait_for_selector(".is-offline")
                _save(page, "offline" if goes_offline else name, size)
                page.close()
        home.store.close()


def _save(page: Page, name: str, size: tuple[int, int]) -> None:
    width, height = size
    page.screenshot(path=FOLDER / f"{name}-{width}x{height}.png", animations="allow")


if __name__ == "__main__":
    main(sys.argv[1:])
