"""The screen as an appliance: it wakes at a touch, and no finger gets lost on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from home_energy.dashboard.context import HomeContext
from tests.browser.colour import mean_luminance
from tests.browser.panel import (
    BEAT,
    FRIDGE,
    LANDSCAPE,
    PORTRAIT,
    Server,
    context_options,
    resize,
    serving,
)
from tests.browser.scenes import SCENES, record

pytestmark = pytest.mark.xdist_group("browser")

POLL_SECONDS = 0.2
TOUCHED = "**/touched*"
"""What a touch sends. A test waits for its answer, or the next one finds it awake."""
LEAVES_WITHIN_MS = 200
"""By then a page that a tap leads away from has left."""
CORNER = (790, 470)
"""Of the panel in landscape, lower right. [px]"""


@dataclass
class Fridge:
    """The page on the door and the server behind it."""

    server: Server
    page: Page
    runtime: Path

    @property
    def context(self) -> HomeContext:
        context: HomeContext = self.server.app.extensions["home_energy"]
        return context

    def open(self, path: str = "") -> None:
        self.context.last_touch_boottime_seconds = None
        with self.page.expect_response(BEAT):
            self.page.goto(f"{self.server.url}{path}{FRIDGE}")

    def luminance(self) -> float:
        shot = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        return mean_luminance(shot)


def hang(browser: Browser, scene: str, folder: Path) -> Iterator[Fridge]:
    """Hang a fridge up that shows a scene."""
    home = record(folder, SCENES[scene])
    app = home.app()
    app.config["SCREEN_POLL_SECONDS"] = POLL_SECONDS
    page = browser.new_page(**context_options(LANDSCAPE))
    with serving(app) as server:
        yield Fridge(server, page, folder)
        page.close()
    home.store.close()


@pytest.fixture(scope="module")
def night(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fridge]:
    yield from hang(browser, "night", tmp_path_factory.mktemp("night"))


@pytest.fixture(scope="module")
def day(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fridge]:
    with pytest.MonkeyPatch.context() as patch:
        runtime = tmp_path_factory.mktemp("run")
        patch.setenv("RUNTIME_DIRECTORY", str(runtime))
        for fridge in hang(browser, "cheap", tmp_path_factory.mktemp("day")):
            fridge.runtime = runtime
            yield fridge


def test_a_touch_wakes_the_page_at_once_and_presses_no_button(night: Fridge) -> None:
    night.open()
    asleep = night.luminance()
    unanswered: list[Route] = []

    def hold(route: Route) -> None:
        unanswered.append(route)

    night.page.route(TOUCHED, hold)

    night.page.tap(".price")

    # Before the server has answered anything.
    awake = night.luminance()
    expect(night.page.locator("html.theme-day")).to_have_count(1)
    assert len(unanswered) == 1
    assert night.page.url == night.server.url + FRIDGE
    assert asleep <= 0.05
    assert awake > 4 * asleep
    with night.page.expect_response(TOUCHED):
        unanswered[0].continue_()
    night.page.unroute(TOUCHED)


def test_the_second_touch_presses_and_what_it_opens_is_awake_too(
    night: Fridge,
) -> None:
    night.open("history")
    expect(night.page.locator("html.theme-night")).to_have_count(1)
    with night.page.expect_response(TOUCHED):
        night.page.touchscreen.tap(40, 40)  # on the button that leads back
    expect(night.page.locator("html.theme-day")).to_have_count(1)
    night.page.wait_for_timeout(LEAVES_WITHIN_MS)
    assert "/history" in night.page.url

    with night.page.expect_response(TOUCHED):
        night.page.touchscreen.tap(40, 40)

    night.page.wait_for_url(night.server.url + FRIDGE)
    expect(night.page.locator("html.theme-day")).to_have_count(1)


def test_a_minute_after_the_last_touch_it_is_night_again(night: Fridge) -> None:
    night.open()
    with night.page.expect_response(TOUCHED):
        night.page.tap(".price")
    expect(night.page.locator("#screen[data-theme=day]")).to_have_count(1)

    # The clock of the tests stands at 1000 s; the page's own minute is over too.
    night.context.last_touch_boottime_seconds = 940.0
    night.page.evaluate("document.documentElement.dataset.awakeUntilMs = 0")

    expect(night.page.locator("html.theme-night")).to_have_count(1)


def test_five_taps_in_the_corner_open_the_device_page(day: Fridge) -> None:
    day.open()
    for number in range(4):
        day.page.touchscreen.tap(*CORNER)
        if number == 0:  # the first one also opens what lies there
            day.page.wait_for_url("**/history?kiosk=1")
    assert "/device" not in day.page.url

    day.page.touchscreen.tap(*CORNER)

    day.page.wait_for_url("**/device?kiosk=1")


def test_taps_elsewhere_or_too_slow_open_nothing(day: Fridge) -> None:
    day.open("health")
    for x in (400, 790, 790, 790, 790):
        day.page.touchscreen.tap(x, 470)
    long_ago = "JSON.stringify([1, 2, 3, 4].map(() => Date.now() - 3100))"
    day.page.evaluate(f"sessionStorage.setItem('corner', {long_ago})")
    day.page.touchscreen.tap(*CORNER)
    day.page.wait_for_timeout(LEAVES_WITHIN_MS)

    assert "/health" in day.page.url


def test_nothing_is_asked_for_at_the_first_tap(day: Fridge) -> None:
    day.open("device")
    asked = day.runtime / "asked"

    day.page.get_by_role("button", name="Power off").tap()
    expect(day.page.locator("#asked")).to_contain_text("Turn the machine off?")
    day.page.get_by_role("button", name="Restart").tap()
    expect(day.page.locator("#asked")).to_contain_text("Restart the machine?")
    was_asked = asked.exists()
    day.page.get_by_role("button", name="Restart").tap()
    expect(day.page.locator("#asked")).to_contain_text("The machine is restarting")

    assert not was_asked
    assert [path.name for path in asked.iterdir()] == ["restart"]
    for path in asked.iterdir():
        path.unlink()


def test_a_refusal_is_told(day: Fridge) -> None:
    day.open("device")
    day.page.route("**/device/ask/*", lambda route: route.continue_(method="PUT"))

    for _ in range(2):
        day.page.get_by_role("button", name="Reload").tap()

    expect(day.page.locator("#asked")).to_contain_text("not allowed")
    day.page.unroute("**/device/ask/*")


def test_a_tap_never_leads_to_a_page_of_the_browsers_own(day: Fridge) -> None:
    day.open("health")
    day.server.stop()

    day.page.get_by_role("link", name="Now").tap()

    expect(day.page.locator(".no-contact")).to_be_visible()
    assert "/health" in day.page.url
    day.server.start_again()
    day.page.get_by_role("link", name="Now").tap()
    day.page.wait_for_url(day.server.url + FRIDGE)


@pytest.mark.parametrize("path", ["", "history", "device", "nothing"])
def test_no_finger_selects_enlarges_or_finds_a_menu(path: str, day: Fridge) -> None:
    day.open(path)

    found = day.page.evaluate(
        """() => {
          const words = document.querySelector("main a, main button");
          const menu = new MouseEvent("contextmenu", {bubbles: true, cancelable: true});
          words.dispatchEvent(menu);
          const root = getComputedStyle(document.documentElement);
          const style = getComputedStyle(words);
          return {
            menu: menu.defaultPrevented, cursor: style.cursor,
            select: style.userSelect, touch: root.touchAction,
            typed: document.querySelectorAll("input:not([type=hidden])").length,
            away: [...document.querySelectorAll("main [href]")]
              .map((one) => one.getAttribute("href")),
          };
        }"""
    )

    assert found["menu"]
    assert found["cursor"] == "none"
    assert found["select"] == "none"
    assert found["touch"] == "pan-x pan-y"
    assert found["typed"] == 0
    assert all(re.search(r"[?&]kiosk=1$", href) for href in found["away"])


def test_two_fingers_enlarge_nothing(day: Fridge) -> None:
    day.open("health")
    devtools = day.page.context.new_cdp_session(day.page)

    devtools.send(
        "Input.synthesizePinchGesture",
        {"x": 400, "y": 240, "scaleFactor": 2.0, "gestureSourceType": "touch"},
    )

    assert day.page.evaluate("visualViewport.scale") == 1


def test_the_page_follows_when_the_panel_is_turned(day: Fridge) -> None:
    day.open()

    for size in (PORTRAIT, (1280, 720), LANDSCAPE):
        resize(day.page, size)
        box = day.page.locator("#screen").bounding_box()
        scroll = day.page.evaluate(
            "(r => [r.scrollWidth, r.scrollHeight])(document.documentElement)"
        )

        # The frame leaves two pixels on each side for its hourly shift.
        assert box is not None
        assert (box["width"], box["height"]) == (size[0] - 4, size[1] - 4)
        assert scroll[0] <= size[0] + 2
        assert scroll[1] <= size[1] + 2
