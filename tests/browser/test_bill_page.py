"""The bill in the browser that hangs on the fridge: read at two metres, and touched."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.billed_home import billed_home, dear_home
from tests.browser.colour import mean_luminance
from tests.browser.looking import glyph_height
from tests.browser.panel import LANDSCAPE, LEAST_TOUCH_PX, PORTRAIT
from tests.browser.test_pages import (
    CAP_TO_FONT,
    LEAST_CAP_PX,
    SIZES,
    opened,
)
from tests.dashboard.recorded_home import NOON, RecordedHome

pytestmark = pytest.mark.xdist_group("browser")

LEAST_TOTAL_PX = {LANDSCAPE: 85, PORTRAIT: 96}
"""Twenty minutes of arc at two metres."""
NIGHT_LUMINANCE = 0.05

_BOXES_JS = """
(all) => all.map((one) => {
  const r = one.getBoundingClientRect();
  return [r.width, r.height];
})
"""
_SIZES_JS = """
(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))
"""


@pytest.mark.parametrize("size", SIZES)
def test_the_total_is_read_at_two_metres(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = RecordedHome(tmp_path)
    billed_home(home)

    with opened(browser, home, "/bill", size) as page:
        height = glyph_height(page, ".total")

    assert height is not None
    assert height >= LEAST_TOTAL_PX[size]


@pytest.mark.parametrize("size", SIZES)
def test_every_month_can_be_touched_and_has_a_bar(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = RecordedHome(tmp_path)
    dear_home(home)

    with opened(browser, home, "/bill", size) as page:
        months = page.eval_on_selector_all(".month", _BOXES_JS)
        bars = page.eval_on_selector_all(".stack", _BOXES_JS)

    assert len(months) == len(bars) == 4
    for width, height in months:
        assert width >= LEAST_TOUCH_PX[size]
        assert height >= LEAST_TOUCH_PX[size]
    assert min(height for _, height in bars) >= 0.1 * size[1]


@pytest.mark.parametrize("size", SIZES)
def test_a_tap_on_a_month_leads_to_lines_that_scroll(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = RecordedHome(tmp_path)
    billed_home(home)

    with opened(browser, home, "/bill?kiosk=1", size) as page:
        page.get_by_label("August 2026").tap()
        page.wait_for_url("**/bill/2026-08?kiosk=1")
        wide = page.evaluate(
            "document.querySelector('.printed').scrollWidth - "
            "document.querySelector('.printed').clientWidth"
        )
        sizes = page.eval_on_selector_all(".printed *", _SIZES_JS)
        last = page.locator(".printed .record").last
        last.scroll_into_view_if_needed()
        box = last.bounding_box()
        total = page.inner_text("tfoot")

    assert wide <= 0
    assert min(sizes) * CAP_TO_FONT >= LEAST_CAP_PX[size]
    assert box is not None
    assert box["y"] + box["height"] <= size[1] + 2
    assert "$" in total


@pytest.mark.parametrize("size", SIZES)
def test_the_night_is_dark(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = RecordedHome(tmp_path)
    home.clock.time = NOON + timedelta(hours=10)
    billed_home(home)

    with opened(browser, home, "/bill", size) as page:
        brightness = mean_luminance(
            Image.open(BytesIO(page.screenshot())).convert("RGB")
        )

    assert brightness <= NIGHT_LUMINANCE
