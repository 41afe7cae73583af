"""What the browser on the fridge shows before the program answers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import home_energy
from tests.browser.panel import (
    BEAT,
    LANDSCAPE,
    PORTRAIT,
    context_options,
    serving,
)
from tests.browser.scenes import SCENES, record

pytestmark = pytest.mark.xdist_group("browser")

BOOT = Path(__file__).parents[2] / "pi" / "kiosk" / "boot.html"
NOBODY = f"{BOOT.as_uri()}?port=9"
PACKAGE = Path(home_energy.__file__).parent
TOKENS = re.compile(r"(--(?:paper|rule|ink|ink-soft)): (#\w+);")
_FACTS_JS = """
() => [...document.querySelectorAll("h1, p")]
  .filter((one) => one.checkVisibility())
  .map((one) => {
    const r = one.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(one).fontSize);
    return [r.left, r.top, r.right, r.bottom, 0.7 * size];
  })
"""


@pytest.fixture(scope="module")
def waiting(browser: Browser) -> Iterator[Page]:
    """The page at noon, where no program answers."""
    page = browser.new_page(**context_options(LANDSCAPE))
    page.clock.install(time="2026-11-24T12:00:00")
    page.goto(NOBODY)
    yield page
    page.close()


def test_it_gives_way_to_the_price_when_the_program_answers(
    browser: Browser, tmp_path: Path
) -> None:
    home = record(tmp_path, SCENES["cheap"])
    page = browser.new_page(**context_options(LANDSCAPE))
    with serving(home.app()) as server:
        server.stop()
        page.goto(f"{BOOT.as_uri()}?port={server.port}")
        expect(page.locator("h1").first).to_have_text("Starting")

        with page.expect_response(BEAT):
            server.start_again()

        page.close()
    home.store.close()


def test_after_a_minute_it_says_what_to_do_and_stays_legible(waiting: Page) -> None:
    expect(waiting.locator("#starting")).to_be_visible()
    starting = waiting.evaluate(_FACTS_JS)

    waiting.clock.fast_forward("01:01")

    expect(waiting.locator("#failing")).to_contain_text("pull the plug")
    expect(waiting.locator("#starting")).to_be_hidden()
    for width, height in (LANDSCAPE, PORTRAIT):
        waiting.set_viewport_size({"width": width, "height": height})
        for left, top, right, bottom, _ in waiting.evaluate(_FACTS_JS):
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height
    # A capital of a usual font is 0.7 of its size: 24 px at 800x480.
    assert min(cap_px for *_, cap_px in starting) >= 24


@pytest.mark.parametrize(
    ("time", "theme"),
    [("06:29", "night"), ("06:30", "day"), ("20:59", "day"), ("21:00", "night")],
)
def test_it_is_dark_at_night(time: str, theme: str, waiting: Page) -> None:
    waiting.clock.set_fixed_time(f"2026-11-24T{time}:00")
    waiting.reload()

    expect(waiting.locator("html")).to_have_class(f"theme-{theme}")


def test_its_colours_are_those_of_the_screen() -> None:
    css = (PACKAGE / "dashboard" / "static" / "screen.css").read_text()
    of_screen = set(TOKENS.findall(css))

    of_boot = TOKENS.findall(BOOT.read_text())

    assert len(of_boot) == 8
    assert set(of_boot) <= of_screen


def test_it_asks_nobody_but_this_machine() -> None:
    text = BOOT.read_text()

    assert re.findall(r"\w+://[^/$]*", text) == ["http://127.0.0.1:"]
    assert not re.search(r"(?:src|href)=", text)
