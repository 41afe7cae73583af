"""History and health in the browser that hangs on the fridge, at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from home_energy.dashboard.app import create_app
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Channel, Price, Quality
from home_energy.errors import SourceAuthError, SourceUnavailable
from tests.browser.billed_home import billed_home, dear_home, without_usage
from tests.browser.panel import (
    LANDSCAPE,
    LEAST_TOUCH_PX,
    PORTRAIT,
    TURNED,
    context_options,
    resize,
    serving,
)
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price

pytestmark = pytest.mark.xdist_group("browser")

CAP_TO_FONT = 0.7
"""Height of a capital of the font to its size, both in pixels."""
LEAST_CAP_PX = {LANDSCAPE: 24, PORTRAIT: 27, TURNED: 27}
SIZES = [pytest.param(LANDSCAPE, id="landscape"), pytest.param(PORTRAIT, id="portrait")]
PANELS = (PORTRAIT, TURNED, LANDSCAPE)
"""One after another in one window: a page follows when its panel is turned."""

_LOOK_JS = """
() => {
  const boxOf = (r) => [r.left, r.top, r.right, r.bottom];
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.textContent.trim() === "" || !parent.checkVisibility()) { continue; }
    const range = document.createRange();
    range.selectNodeContents(node);
    const isCut = getComputedStyle(parent).textOverflow === "ellipsis";
    const lines = isCut ? [parent.getBoundingClientRect()] : range.getClientRects();
    for (const line of lines) {
      texts.push({
        words: node.textContent.trim(),
        size_px: parseFloat(getComputedStyle(parent).fontSize),
        box: boxOf(line),
      });
    }
  }
  // A day of the year is a place on a map: beside it lies its neighbour.
  const touched = "a[href]:not(.day), button, input:not([type=hidden]), .option";
  const links = [...document.querySelectorAll(touched)]
    .filter((link) => link.checkVisibility({ visibilityProperty: true }))
    .map((link) => boxOf(link.getBoundingClientRect()));
  const root = document.documentElement;
  const chart = document.querySelector(".chart");
  return {
    texts, links,
    chart: chart && boxOf(chart.getBoundingClientRect()),
    overflow: getComputedStyle(root).overflow,
    scroll: [root.scrollWidth, root.scrollHeight],
    font: document.fonts.check("700 20px 'Barlow Condensed'"),
  };
}
"""


def full_days(home: RecordedHome) -> None:
    """Nine days with an evening peak, a spike, a gap, and an hour not final yet."""
    home.clock.time = NOON + timedelta(hours=5)
    start, now = NOON - timedelta(days=9), home.clock.time
    rows: list[Price] = []
    for number in range((now - start) // FIVE_MINUTES + 1):
        at = start + number * FIVE_MINUTES
        is_spike = at == now - timedelta(hours=2)
        if not now - timedelta(hours=11) <= at < now - timedelta(hours=9):
            value = 1520.0 if is_spike else 20.0 + number % 288 / 10
            quality = (
                Quality.ESTIMATE if now - at <= timedelta(hours=1) else Quality.ACTUAL
            )
            rows.append(price(at, value, quality=quality))
            rows.append(price(at, value / 2 - 15, Channel.FEED_IN, quality))
    home.save(rows)
    home.is_collecting()


def full_year(home: RecordedHome) -> None:
    """A year of two kinds with the most words: no day is whole or final."""
    home.clock.time = NOON + timedelta(days=39)  # the last day of the year
    home.is_collecting()
    new_year = NOON - timedelta(days=325)
    noons = [new_year + timedelta(days=number) for number in range(365)]
    home.save([price(noon, 20.0, quality=Quality.ESTIMATE) for noon in noons])
    register = MeterRegister("powerpal", "", "import", Flow.GENERAL)
    kwh = np.where(np.arange(48) < 47, 0.25, np.nan)
    days = [
        MeterDay.of_one_quality(noon.date(), kwh, Quality.ESTIMATE) for noon in noons
    ]
    home.store.meter_days.save({register: days}, home.clock.time)


def in_trouble(home: RecordedHome) -> None:
    """Everything fails, and at length."""
    home.save([price(NOON - timedelta(hours=3), 25.0)])
    far = SourceUnavailable(
        "Amber prices/current: no whole answer within 20 s; trying again"
    )
    home.store.sources.record_failure("amber", "prices now", NOON, far)
    home.store.sources.record_failure("amber", "price history", NOON, far)
    home.store.sources.record_failure("amber", "usage", NOON, SourceAuthError("no"))


def without_store(home: RecordedHome) -> None:
    """No record at all."""
    home.store.close()
    home.path.unlink()


PAGES = [
    pytest.param(full_days, "/history", id="day"),
    pytest.param(full_days, "/history/week/2026-11-22", id="week"),
    pytest.param(full_days, "/history/day/2026-11-13", id="first day"),
    pytest.param(full_year, "/history/year/2026", id="year"),
    pytest.param(billed_home, "/bill", id="bill"),
    pytest.param(dear_home, "/bill", id="dear bill"),
    pytest.param(without_usage, "/bill", id="no usage"),
    pytest.param(full_days, "/health", id="gaps"),
    pytest.param(full_days, "/health/2", id="facts"),
    pytest.param(in_trouble, "/health", id="trouble"),
    pytest.param(in_trouble, "/health/2", id="more trouble"),
    pytest.param(without_usage, "/what-if", id="nothing to try"),
    pytest.param(without_usage, "/scenarios", id="no report"),
    pytest.param(without_store, "/history", id="history without store"),
    pytest.param(without_store, "/bill", id="bill without store"),
    pytest.param(without_store, "/health", id="health without store"),
    pytest.param(full_days, "/device", id="device"),
    pytest.param(full_days, "/nothing", id="no such page"),
]


@contextmanager
def opened(
    browser: Browser, home: RecordedHome, path: str, size: tuple[int, int]
) -> Iterator[Page]:
    """Show a page of a home while the block runs."""
    page = browser.new_page(**context_options(size))
    with serving(create_app(home.settings, home.clock)) as server:
        page.goto(server.url.rstrip("/") + path)
        page.evaluate("document.fonts.ready")
        yield page
        page.close()


@pytest.mark.parametrize(("record", "path"), PAGES)
def test_every_page_fits_and_can_be_read(
    browser: Browser,
    tmp_path: Path,
    record: Callable[[RecordedHome], None],
    path: str,
) -> None:
    home = RecordedHome(tmp_path)
    record(home)

    with opened(browser, home, f"{path}?kiosk=1", LANDSCAPE) as page:
        for size in PANELS:
            resize(page, size)
            require_readable(page, size)
            require_apart(page)


def require_readable(page: Page, size: tuple[int, int]) -> None:
    """Every letter is large enough and within the panel, every button for a finger."""
    look: dict[str, Any] = page.evaluate(_LOOK_JS)
    width, height = size
    assert look["overflow"] == "hidden"
    # The hourly shift moves everything by two pixels at most.
    assert look["scroll"][0] <= width + 2
    assert look["scroll"][1] <= height + 2
    assert look["font"]
    for text in look["texts"]:
        assert text["size_px"] * CAP_TO_FONT >= LEAST_CAP_PX[size], text
        left, top, right, bottom = text["box"]
        assert left >= -2, text
        assert right <= width + 2, text
        assert top >= -2, text
        assert bottom <= height + 2, text
    for left, top, right, bottom in look["links"]:
        assert right - left >= LEAST_TOUCH_PX[size]
        assert bottom - top >= LEAST_TOUCH_PX[size]
    if look["chart"]:
        assert look["chart"][3] - look["chart"][1] >= 0.25 * height


def test_the_lines_of_a_month_do_not_lie_on_one_another(
    browser: Browser, tmp_path: Path
) -> None:
    home = RecordedHome(tmp_path)
    billed_home(home)

    with opened(browser, home, "/bill/2026-08", LANDSCAPE) as page:
        for size in PANELS:
            resize(page, size)
            require_apart(page)


def require_apart(page: Page) -> None:
    """No words lie on others."""
    texts = page.evaluate(_LOOK_JS)["texts"]
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            across = _overlap(one["box"][0::2], other["box"][0::2])
            # A line of letters has blank above and below them.
            down = _overlap(one["box"][1::2], other["box"][1::2])
            least = 0.45 * min(one["size_px"], other["size_px"])
            assert across <= 0 or down <= least, (one["words"], other["words"])


def _overlap(one: list[float], other: list[float]) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def test_a_tap_leads_to_the_day_before_and_back(
    browser: Browser, tmp_path: Path
) -> None:
    home = RecordedHome(tmp_path)
    full_days(home)

    with opened(browser, home, "/history?kiosk=1", LANDSCAPE) as page:
        page.get_by_label("The day before").tap()
        page.wait_for_url("**/history/day/2026-11-21?kiosk=1")
        title_before = page.inner_text("h1")
        page.get_by_label("The day after").tap()
        page.wait_for_url("**/history/day/2026-11-22?kiosk=1")
        title_after = page.inner_text("h1")

    assert (title_before, title_after) == ("Sat 21 Nov", "Sun 22 Nov")


def test_the_keyboard_reaches_every_button(browser: Browser, tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    full_days(home)

    with opened(browser, home, "/history/day/2026-11-20", LANDSCAPE) as page:
        reached = []
        for _ in range(4):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.innerText.trim()"))
            reached[-1] = reached[-1] or page.evaluate(
                "document.activeElement.getAttribute('aria-label')"
            )
        page.keyboard.press("Enter")
        page.wait_for_url("**/history/week/2026-11-20")

    assert reached == ["Now", "The day before", "The day after", "Week"]


def test_gap_and_estimate_are_drawn_unlike_the_rest(
    browser: Browser, tmp_path: Path
) -> None:
    home = RecordedHome(tmp_path)
    full_days(home)

    with opened(browser, home, "/history", LANDSCAPE) as page:
        gap = page.eval_on_selector("rect.gap", "e => getComputedStyle(e).fill")
        dashes = page.eval_on_selector_all(
            ".line.is-general .edge",
            "all => all.map(e => getComputedStyle(e).strokeDasharray)",
        )
        hues = page.eval_on_selector_all(
            ".line .edge", "all => all.map(e => getComputedStyle(e).stroke)"
        )

    assert "hatch" in gap
    # Before the gap, after it up to the last hour, and the last hour.
    assert [dash == "none" for dash in dashes] == [True, True, False]
    assert len(set(hues)) == 2
