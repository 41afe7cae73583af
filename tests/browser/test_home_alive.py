"""The page proves that it lives, and says so itself when it has lost the server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from home_energy.dashboard.app import create_app
from tests.browser.looking import glyph_height
from tests.browser.panel import (
    BEAT,
    FRIDGE,
    LANDSCAPE,
    Server,
    context_options,
    serving,
)
from tests.browser.scenes import SCENES, record
from tests.dashboard.recorded_home import RecordedHome

pytestmark = pytest.mark.xdist_group("browser")

POLL_SECONDS = 0.2


@dataclass
class Fridge:
    """A home, the server that shows it and the page on the door."""

    home: RecordedHome
    server: Server
    page: Page


@pytest.fixture
def fridge(browser: Browser, tmp_path: Path) -> Iterator[Fridge]:
    home = record(tmp_path, SCENES["cheap"])
    app = create_app(home.settings, home.clock)
    app.config["SCREEN_POLL_SECONDS"] = POLL_SECONDS
    page = browser.new_page(**context_options(LANDSCAPE))
    with serving(app) as server:
        with page.expect_response(BEAT):
            page.goto(server.url + FRIDGE)
        yield Fridge(home, server, page)
        page.close()
    home.store.close()


def test_page_without_a_server_says_so_and_takes_its_verdict_back(
    fridge: Fridge,
) -> None:
    fridge.server.stop()

    screen = fridge.page.locator("#screen")
    expect(screen).to_contain_text("since 12:37 pm")
    expect(screen).to_contain_text("screen offline: no contact")
    expect(screen).to_contain_text("forecast: cheapest")
    expect(screen).not_to_have_class(re.compile("verdict-cheap"))
    expect(fridge.page.locator(".word")).to_be_hidden()
    expect(fridge.page.locator(".feed-in")).to_be_hidden()
    expect(fridge.page.locator(".number")).to_have_text("7.2")


def test_loss_of_contact_is_legible_from_two_metres(fridge: Fridge) -> None:
    fridge.server.stop()
    expect(fridge.page.locator(".is-offline")).to_be_visible()

    height_px = glyph_height(fridge.page, ".offline .band")
    cut_off_px = fridge.page.evaluate(
        "(p => p.scrollWidth - p.clientWidth)(document.querySelector('.price'))"
    )

    assert height_px is not None
    assert height_px >= 68
    assert cut_off_px == 0


def test_page_recovers_by_itself(fridge: Fridge) -> None:
    fridge.server.stop()
    expect(fridge.page.locator(".is-offline")).to_be_visible()

    fridge.server.start_again()

    expect(fridge.page.locator(".word")).to_have_text("CHEAP")
    expect(fridge.page.locator(".is-offline")).to_have_count(0)


def test_number_becomes_a_dash_when_contact_stays_lost(
    browser: Browser, tmp_path: Path
) -> None:
    # The price is good until 12:40; a page loaded at 1:09:59 pm may show it for one
    # second more, for then it is thirty minutes old.
    home = record(tmp_path, SCENES["cheap"])
    home.clock.time += timedelta(minutes=32, seconds=58)
    app = create_app(home.settings, home.clock)
    app.config["SCREEN_POLL_SECONDS"] = POLL_SECONDS
    page = browser.new_page(**context_options(LANDSCAPE))
    with serving(app) as server:
        with page.expect_response(BEAT):
            page.goto(server.url + FRIDGE)
        expect(page.locator(".number")).to_have_text("7.2")

        server.stop()

        expect(page.locator(".is-offline .number")).to_have_text("–")  # noqa: RUF001
    page.close()
    home.store.close()


def test_clock_follows_the_server_not_the_browser(fridge: Fridge) -> None:
    expect(fridge.page.locator(".clock")).to_have_text("12:37 pm")

    fridge.home.clock.time += timedelta(minutes=1)

    expect(fridge.page.locator(".clock")).to_have_text("12:38 pm")


def test_page_shows_a_price_growing_old_without_being_reloaded(fridge: Fridge) -> None:
    fridge.home.clock.time += timedelta(minutes=12)
    expect(fridge.page.locator(".band").first).to_have_text("as of 12:40 pm")

    fridge.home.clock.time += timedelta(minutes=25)
    expect(fridge.page.locator(".number")).to_have_text("–")  # noqa: RUF001


def test_page_turns_dark_at_night_without_being_reloaded(fridge: Fridge) -> None:
    fridge.home.clock.time += timedelta(hours=10)

    expect(fridge.page.locator("html.theme-night")).to_have_count(1)


def test_server_that_fails_is_no_contact(fridge: Fridge) -> None:
    fridge.page.route("**/screen*", lambda route: route.fulfill(status=500))

    expect(fridge.page.locator(".is-offline")).to_be_visible()


def test_page_loads_itself_anew_in_the_night(fridge: Fridge) -> None:
    # 12:37 pm and 14 h 53 min is 3:30 am.
    fridge.page.clock.install()
    fridge.page.reload()
    fridge.home.clock.time += timedelta(hours=14, minutes=53)

    with fridge.page.expect_event("framenavigated"):
        fridge.page.clock.fast_forward("11:00")

    expect(fridge.page.locator(".clock")).to_have_text("3:30 am")


def test_fridge_has_no_cursor_and_every_page_of_it_lives(fridge: Fridge) -> None:
    context = fridge.server.app.extensions["home_energy"]
    cursor = fridge.page.evaluate("getComputedStyle(document.body).cursor")
    assert cursor == "none"
    before = context.heartbeat_count
    assert before >= 1

    with fridge.page.expect_response(BEAT):
        fridge.page.tap(".coming")
        fridge.page.wait_for_url("**/history?kiosk=1")

    assert context.heartbeat_count > before


@pytest.mark.parametrize(
    ("selector", "path"),
    [(".coming", "/history"), (".price", "/health"), (".cost", "/costs")],
)
def test_a_tap_opens_what_lies_behind(fridge: Fridge, selector: str, path: str) -> None:
    fridge.page.tap(selector)

    fridge.page.wait_for_url(f"**{path}*")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (1440, 900)], ids=str)
def test_other_windows_are_filled_without_scrolling(
    fridge: Fridge, size: tuple[int, int]
) -> None:
    fridge.page.set_viewport_size({"width": size[0], "height": size[1]})

    scroll = fridge.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert scroll == [*size]
