"""The PIN on a phone in the home: another machine, and no TLS, for the browser."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.panel import LEAST_TOUCH_PX, context_options, resize, serving
from tests.browser.test_pages import PANELS, require_readable
from tests.dashboard.test_access import PIN, GuardedHome

pytestmark = pytest.mark.xdist_group("browser")

PHONE = (390, 844)
_CHANGE_JS = """
async (url) => (await fetch(url, { method: "POST", mode: "same-origin" })).status
"""
_FORM = """<!doctype html>
<meta name="viewport" content="width=device-width">
<form method="post" action="{url}/device/ask/restart"><button>Win</button></form>
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    home = GuardedHome(tmp_path)
    home.is_collecting()
    yield home.app()
    home.store.close()


def own_address() -> str:
    """Address of this machine in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = asking.getsockname()[0]
        return address


@pytest.fixture
def lan_url(app: Flask) -> Iterator[str]:
    """Where the application answers as it does a phone."""
    address = own_address()
    if address.startswith("127."):
        pytest.skip("this machine has no address but its own loopback")
    with serving(app, address) as server:
        yield server.url.rstrip("/")


def tap(page: Page, digits: str) -> None:
    for digit in digits:
        page.locator(f"[data-digit='{digit}']").tap()
    with page.expect_navigation():
        page.locator(".keypad .is-main").tap()


def test_a_phone_changes_nothing_until_the_pin_is_tapped(
    browser: Browser, lan_url: str
) -> None:
    page = browser.new_page(**context_options(PHONE))
    page.goto(f"{lan_url}/pin")

    before = page.evaluate(_CHANGE_JS, "/device/ask/nothing")
    page.locator("[data-digit='7']").tap()
    page.get_by_role("button", name="Clear").tap()
    tap(page, "0000")
    wrong = page.get_by_role("status").inner_text()
    tap(page, PIN)
    right = page.locator("h2").inner_text()
    after = page.evaluate(_CHANGE_JS, "/device/ask/nothing")
    page.close()

    assert wrong == "That was not it. Once more:"
    assert right == "It is entered"
    assert [before, after] == [403, 404]


def test_a_form_of_another_site_in_the_same_browser_changes_nothing(
    browser: Browser, lan_url: str
) -> None:
    stranger = Flask("stranger")
    stranger.add_url_rule("/", "show", lambda: _FORM.format(url=lan_url))
    page = browser.new_page(**context_options(PHONE))
    page.goto(f"{lan_url}/pin")
    tap(page, PIN)
    with serving(stranger) as server:
        page.goto(server.url)
        with page.expect_navigation() as answered:
            page.get_by_role("button").tap()
        refused, said = answered.value, page.inner_text("main")
        page.close()

    assert refused.status == 403
    assert "A page of another site asked for this" in said


def test_every_key_is_large_enough_for_a_finger(browser: Browser, lan_url: str) -> None:
    page = browser.new_page(**context_options(PANELS[0]))
    page.goto(f"{lan_url}/pin")
    page.evaluate("document.fonts.ready")

    for size in PANELS:
        resize(page, size)
        require_readable(page, size)
        boxes = [one.bounding_box() for one in page.locator(".keypad .button").all()]
        assert len(boxes) == 12
        for box in boxes:
            assert box is not None
            assert min(box["width"], box["height"]) >= LEAST_TOUCH_PX[size], size
    page.close()
