"""Make the pictures under docs/screenshots: `python -m tests.browser.take_screenshots`.

Every picture is the real page in the real browser over a small store.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from home_energy.dashboard import create_app
from tests.browser.panel import (
    LANDSCAPE,
    PORTRAIT,
    context_options,
    launch,
    serving,
)
from tests.browser.scenes import SCENES, record

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
FAST_POLL_SECONDS = 0.2


def main() -> None:
    """Take every scene on both panels."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name in SCENES:
            _take(browser, name)
        _take(browser, "cheap", goes_offline=True)
        browser.close()


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
    main()
