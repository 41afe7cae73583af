"""The report's page from disk: on the fridge, on a laptop by night, on paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from home_energy.analysis.report.charts_look import Theme, template
from home_energy.analysis.report.page import write_page
from tests.analysis.report.composed_report import composed_report
from tests.browser.panel import LANDSCAPE, context_options

pytestmark = pytest.mark.xdist_group("browser")

PHONE, LAPTOP = (390, 844), (1440, 900)
A4_PX = 703
"""Width of A4 between margins of 12 mm, at 96 pixels an inch."""

_TEXTS_JS = """
() => [...document.querySelectorAll("figure")].map((figure) => {
  const boxOf = (e) => {
    const r = e.getBoundingClientRect();
    return [r.left, r.top, r.right, r.bottom];
  };
  const texts = [...figure.querySelectorAll("svg text")];
  return {
    chart: figure.dataset.chart,
    box: boxOf(figure.querySelector(".plot")),
    texts: texts.map((text) => [text.textContent, boxOf(text)])
      .filter(([words, r]) => words.trim() !== "" && r[2] > r[0]),
  };
})
"""


@dataclass
class Opened:
    """The page as it was opened, what it asked for, and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def opened(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    file = tmp_path_factory.mktemp("report") / "report.html"
    write_page(composed_report(), file)
    opened = Opened(browser.new_page(**context_options(LANDSCAPE)))
    opened.page.on("console", opened.note)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.goto(file.as_uri())
    opened.page.wait_for_selector("html[data-drawn=all]")
    yield opened
    opened.page.close()


def show(page: Page, size: tuple[int, int], **media: Any) -> None:
    """The page at a size and on a medium; its charts follow in their own time."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(**media)


def wait_for_ink(page: Page, theme: Theme) -> None:
    """Wait until the last chart is drawn in the ink of a theme, or fail."""
    page.wait_for_function(
        """ink => [...document.querySelectorAll(".plot")].at(-1)
          .layout.template.layout.font.color === ink""",
        arg=template(theme)["layout"]["font"]["color"],
    )


def test_it_opens_from_disk_asks_nobody_and_draws_every_chart(opened: Opened) -> None:
    charts = opened.page.locator("figure")
    drawn = opened.page.locator("figure:has(.plot svg.main-svg)")

    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert charts.count() == drawn.count() == 23


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(LANDSCAPE, id="fridge"),
        pytest.param(LAPTOP, id="laptop"),
        pytest.param(PHONE, id="phone"),
    ],
)
def test_no_word_of_a_chart_is_cut_off_or_lies_on_another(
    opened: Opened, size: tuple[int, int]
) -> None:
    show(opened.page, size, color_scheme="light")
    opened.page.reload()
    opened.page.wait_for_selector("html[data-drawn=all]")

    charts = opened.page.evaluate(_TEXTS_JS)
    wide = opened.page.evaluate("document.documentElement.scrollWidth")

    assert wide <= size[0]
    for chart in charts:
        left, top, right, bottom = chart["box"]
        for words, box in chart["texts"]:
            assert box[0] >= left - 1, (chart["chart"], words)
            assert box[1] >= top - 1, (chart["chart"], words)
            assert box[2] <= right + 1, (chart["chart"], words)
            assert box[3] <= bottom + 1, (chart["chart"], words)
        assert _on_one_another(chart["texts"]) == [], chart["chart"]


def _on_one_another(texts: list[tuple[str, list[float]]]) -> list[tuple[str, str]]:
    """Words whose letters touch; a line has blank above and below them."""
    return [
        (one, other)
        for number, (one, a) in enumerate(texts)
        for other, b in texts[number + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1
        and min(a[3], b[3]) - max(a[1], b[1]) > 5
    ]


def test_charts_have_the_inks_of_the_night_and_of_paper(opened: Opened) -> None:
    seen: list[tuple[str, str, Theme]] = [
        ("screen", "dark", "dark"),
        ("print", "dark", "light"),
        ("screen", "dark", "dark"),
        ("screen", "light", "light"),
    ]
    for media, color_scheme, theme in seen:
        show(opened.page, LANDSCAPE, color_scheme=color_scheme, media=media)
        wait_for_ink(opened.page, theme)


def test_on_paper_no_chart_is_cut_in_two_and_tables_repeat_their_heads(
    opened: Opened,
) -> None:
    show(opened.page, LAPTOP, media="print")

    style = opened.page.evaluate(
        """() => ({
          figures: [...document.querySelectorAll("figure")].map((figure) => [
            getComputedStyle(figure).breakInside,
            figure.getBoundingClientRect().width,
          ]),
          heads: [...document.querySelectorAll("thead")].map(
            (head) => getComputedStyle(head).display),
          nav: getComputedStyle(document.querySelector("nav")).display,
        })"""
    )
    show(opened.page, LANDSCAPE, media="screen")

    assert all(kept == "avoid" for kept, _ in style["figures"])
    assert all(width <= A4_PX for _, width in style["figures"])
    assert set(style["heads"]) == {"table-header-group"}
    assert style["nav"] == "none"


def test_a_page_printed_at_once_has_all_its_charts(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    write_page(composed_report(), file)
    page = browser.new_page(**context_options(LAPTOP))

    # Where a browser waits with the next chart, the print does not.
    page.add_init_script("window.setTimeout = () => 0;")
    page.goto(file.as_uri())
    before = page.locator("figure:has(.plot svg.main-svg)").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    after = page.locator("figure:has(.plot svg.main-svg)").count()
    page.close()

    assert (before, after) == (1, 23)
