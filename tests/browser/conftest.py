"""One browser for all tests; every scene is looked at once on each panel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, sync_playwright

from tests.browser.looking import Look, look_at
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
from tests.browser.scenes import SCENES, TEST_SCENES, record

LookAt = Callable[[str, tuple[int, int]], Look]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def look(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> LookAt:
    """Look at a scene on a panel, once."""
    seen: dict[tuple[str, tuple[int, int]], Look] = {}
    window = Window(browser)

    def look_once(scene: str, size: tuple[int, int]) -> Look:
        if (scene, size) not in seen:
            looks = window.look(tmp_path_factory.mktemp("scene"), scene)
            seen.update({(scene, each): look for each, look in looks.items()})
        return seen[scene, size]

    return look_once


class Window:
    """A page that notes what it asks for and what it complains of."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page(**context_options(LANDSCAPE))
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def look(self, folder: Path, scene: str) -> dict[tuple[int, int], Look]:
        """Load the scene once and look at it on each panel."""
        home = record(folder, {**SCENES, **TEST_SCENES}[scene])
        self.requests.clear()
        self.complaints.clear()
        looks = {}
        with serving(home.app()) as server:
            with self.page.expect_response(BEAT):
                self.page.goto(server.url + FRIDGE)
            self.page.evaluate("document.fonts.ready")
            for size in (PORTRAIT, LANDSCAPE):
                resize(self.page, size)
                looks[size] = look_at(self.page)
            self.page.goto("about:blank")
        home.store.close()
        for one in looks.values():
            one.requests, one.complaints = [*self.requests], [*self.complaints]
        return looks

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)
