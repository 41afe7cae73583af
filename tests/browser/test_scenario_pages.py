"""The scenarios of a report in the browser on the fridge: every chart is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from home_energy.dashboard.app import create_app
from tests.browser.colour import mean_luminance
from tests.browser.panel import (
    LANDSCAPE,
    LEAST_TOUCH_PX,
    PORTRAIT,
    context_options,
    serving,
)
from tests.browser.reported_home import report
from tests.browser.test_bill_page import NIGHT_LUMINANCE
from tests.browser.test_pages import SIZES, require_readable
from tests.browser.tried_home import TriedHome, use

pytestmark = pytest.mark.xdist_group("browser")

CHARTS_OF_SOLAR = [
    "chart-energy-mix",
    "chart-typical-days",
    "chart-savings-duration",
    "chart-dollars",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TriedHome]:
    home = TriedHome(tmp_path_factory.mktemp("reported"))
    use(home)
    report(home, date(2026, 12, 24), date(2027, 1, 19))
    yield home
    home.store.close()


@contextmanager
def opened(
    browser: Browser, home: TriedHome, size: tuple[int, int], path: str
) -> Iterator[Page]:
    """Show a page while the block runs; it asks nobody else and has no complaint."""
    page = browser.new_page(**context_options(size))
    page.set_default_timeout(20_000)
    asked: list[str] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        complaints.append(message.text)

    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", note)
    with serving(create_app(home.settings, home.clock)) as server:
        page.goto(server.url + path)
        page.evaluate("document.fonts.ready")
        yield page
        page.close()
    assert not complaints
    assert all(url.startswith((server.url, "data:", "blob:")) for url in asked)


@pytest.mark.parametrize("size", SIZES)
def test_every_scenario_can_be_read_and_touched(
    browser: Browser, home: TriedHome, size: tuple[int, int]
) -> None:
    with opened(browser, home, size, "scenarios") as page:
        rows = [one.bounding_box() for one in page.locator("a.row").all()]
        scroll = page.evaluate(
            "(e => e.scrollWidth - e.clientWidth)(document.querySelector('.list'))"
        )
        page.locator("a.row").first.tap()
        page.wait_for_url("**/scenarios/*")
        page.get_by_role("link", name="Scenarios").tap()
        page.wait_for_url("**/scenarios")

    assert len(rows) == 2
    for box in rows:
        assert box is not None
        assert box["height"] >= LEAST_TOUCH_PX[size]
    assert scroll == 0


@pytest.mark.parametrize("size", SIZES)
def test_every_chart_is_drawn_within_the_panel(
    browser: Browser, home: TriedHome, size: tuple[int, int]
) -> None:
    with opened(browser, home, size, "scenarios/solar") as page:
        names, drawn = [], []
        for card in page.locator(".chart-card").all():
            card.scroll_into_view_if_needed()
            plot = card.locator(".plot")
            plot.locator(".main-svg").first.wait_for()
            names.append(plot.get_attribute("id"))
            drawn.append(plot.locator(".main-svg").first.bounding_box())
        wide = page.evaluate(
            "(e => e.scrollWidth - e.clientWidth)(document.querySelector('.scenario'))"
        )

    assert set(CHARTS_OF_SOLAR) <= set(names)
    for box in drawn:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["width"] > 0.8 * size[0]
    assert wide == 0


def test_a_tap_leads_to_the_first_chart(browser: Browser, home: TriedHome) -> None:
    with opened(browser, home, LANDSCAPE, "scenarios/solar?kiosk=1") as page:
        first = page.locator(".chart-card").first
        page.get_by_role("button", name="The next chart").tap()
        page.get_by_role("button", name="The next chart").tap()
        expect(first.locator(".main-svg").first).to_be_in_viewport()


@pytest.mark.parametrize("size", SIZES)
def test_the_summary_can_be_read(
    browser: Browser, home: TriedHome, size: tuple[int, int]
) -> None:
    with opened(browser, home, size, "scenarios/solar-and-battery") as page:
        page.evaluate(
            "document.querySelectorAll('.chart-card, .ways').forEach(e => e.remove())"
        )
        require_readable(page, size)


def test_the_night_is_dark(browser: Browser, home: TriedHome) -> None:
    noon = home.clock.time
    home.clock.time = noon + timedelta(hours=10)
    with opened(browser, home, PORTRAIT, "scenarios/solar") as page:
        card = page.locator(".chart-card").first
        card.evaluate("one => one.scrollIntoView()")
        card.locator(".main-svg").first.wait_for()
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    home.clock.time = noon

    assert mean_luminance(shot) <= NIGHT_LUMINANCE
