"""The cost pages in the browser that hangs on the fridge."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from home_energy.dashboard.app import create_app
from tests.browser.colour import mean_luminance
from tests.browser.looking import glyph_height
from tests.browser.panel import (
    LANDSCAPE,
    PORTRAIT,
    context_options,
    resize,
    serving,
)
from tests.browser.test_pages import PANELS, opened, require_apart, require_readable
from tests.dashboard.costed_home import (
    EVENING,
    costed_home,
    demand_home,
    night_home,
    silent_home,
    tell_power,
)
from tests.dashboard.recorded_home import RecordedHome

pytestmark = pytest.mark.xdist_group("browser")

LEAST_RATE_PX = {LANDSCAPE: 85, PORTRAIT: 96}
"""Twenty minutes of arc at two metres."""
NIGHT_LUMINANCE = 0.05


def go(page: Page, path: str) -> None:
    """Follow a path on the server that the page is on."""
    page.evaluate(f"location.assign({path!r})")
    page.wait_for_url(f"**{path}")
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize(
    ("record", "paths"),
    [
        pytest.param(
            costed_home, ("/costs/advice", "/costs/so-far", "/costs"), id="costed"
        ),
        pytest.param(silent_home, ("/costs",), id="silent"),
        pytest.param(demand_home, ("/costs/so-far", "/costs"), id="demand"),
    ],
)
def test_every_cost_page_fits_and_can_be_read(
    browser: Browser,
    tmp_path: Path,
    record: Callable[[RecordedHome], None],
    paths: tuple[str, ...],
) -> None:
    home = RecordedHome(tmp_path)
    record(home)

    with opened(browser, home, "/health", LANDSCAPE) as page:
        for path in paths:
            go(page, path)
            for size in PANELS:
                resize(page, size)
                require_readable(page, size)
                require_apart(page)
        heights = {}
        for size in LEAST_RATE_PX:
            resize(page, size)
            heights[size] = glyph_height(page, ".rate .figure") or 0

    assert all(heights[size] >= least for size, least in LEAST_RATE_PX.items())


def test_the_page_of_now_keeps_up_and_says_when_it_cannot(
    browser: Browser, tmp_path: Path
) -> None:
    home = RecordedHome(tmp_path)
    costed_home(home)
    tell_power(home, EVENING)

    app = create_app(home.settings, home.clock)
    app.config["COST_POLL_SECONDS"] = 0.05
    page = browser.new_page(**context_options(LANDSCAPE))

    with serving(app) as server:
        page.goto(f"{server.url}costs")
        before = page.locator(".stream dd").first.inner_text()
        home.clock.time = EVENING + timedelta(seconds=9)
        page.get_by_text("9 s ago").first.wait_for()
        server.stop()
        page.get_by_text("No contact").wait_for()
        page.close()

    assert before == "0 s ago"


def test_the_night_is_dark(browser: Browser, tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    night_home(home)

    with opened(browser, home, "/costs", LANDSCAPE) as page:
        picture = page.screenshot()

    brightness = mean_luminance(Image.open(BytesIO(picture)).convert("RGB"))
    assert brightness <= NIGHT_LUMINANCE
