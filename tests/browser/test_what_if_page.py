"""The sliders in the browser on the fridge, over a month that is run anew."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from home_energy.analysis.scenario.result import scenario_result
from home_energy.analysis.scenario.run import run_scenario
from home_energy.analysis.scenario.scenario_file import load_scenario
from home_energy.dashboard.app import create_app
from tests.browser.colour import contrast, mean_luminance, parse
from tests.browser.panel import (
    LANDSCAPE,
    LEAST_TOUCH_PX,
    PORTRAIT,
    Server,
    context_options,
    serving,
)
from tests.browser.test_bill_page import NIGHT_LUMINANCE
from tests.browser.test_pages import SIZES, require_readable
from tests.browser.tried_home import TriedHome, use

pytestmark = pytest.mark.xdist_group("browser")

LAPTOP = (1440, 900)
BOUND = (
    "what-if?solar_kw=20&battery_kwh=40"
    "&strategy=perfect_foresight&tariff=amber-like-nsw"
)
PATIENCE_MS = 90_000
"""Machine code that no test before needed is compiled meanwhile."""
ANSWER = "**/what-if/answer?*"
MONEY = re.compile(r"\$\d")


@dataclass
class Tried:
    """A home whose sliders are ready, and the application that shows them."""

    home: TriedHome
    app: Flask


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    home = TriedHome(tmp_path_factory.mktemp("tried"))
    use(home)
    app = create_app(home.settings, home.clock)
    reading = app.extensions["home_energy"].what_if.wait(120.0)
    assert reading.what_if is not None, reading.said
    yield Tried(home, app)
    home.store.close()


@contextmanager
def opened(
    browser: Browser,
    tried: Tried,
    size: tuple[int, int] = LANDSCAPE,
    path: str = "what-if",
    **options: Any,
) -> Iterator[tuple[Page, Server]]:
    """Show the page while the block runs; whatever it complains of is an error."""
    page = browser.new_page(**context_options(size), **options)
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with serving(tried.app) as server:
        page.goto(server.url + path)
        page.evaluate("document.fonts.ready")
        yield page, server
        page.close()
    assert not faults


def settled(page: Page) -> Locator:
    """The answer, when it is that of where the sliders stand."""
    answer = page.locator("#answer[aria-busy=false]")
    answer.wait_for()
    return answer


def move(page: Page, name: str, value: float) -> None:
    """Put a slider somewhere, as a finger does: its event comes with it."""
    page.locator(f"[name={name}]").fill(str(value))


@dataclass
class Held:
    """Questions of a page that wait for their answers, until it is let go."""

    routes: list[Route] = field(default_factory=list)
    is_over: bool = False

    def let_go(self) -> None:
        self.is_over = True
        for route in self.routes:
            route.continue_()


def hold_answers(page: Page) -> Held:
    """Leave every question of the page unanswered from now on."""
    held = Held()

    def hold(route: Route) -> None:
        if held.is_over:
            route.continue_()
        else:
            held.routes.append(route)

    page.route(ANSWER, hold)
    return held


def test_the_figures_are_those_of_the_command(
    browser: Browser, tried: Tried, tmp_path: Path
) -> None:
    with opened(browser, tried) as (page, _):
        move(page, "solar_kw", 4.2)
        move(page, "battery_kwh", 9.5)
        page.get_by_label(re.compile("^Tariff")).click()
        page.get_by_text("Made up, the same all day").click()
        answer = settled(page)
        figure = answer.locator(".figure").inner_text()
        left, price = answer.locator(".left"), answer.get_by_text("price $")
        told = (figure, left.inner_text(), price.inner_text())
        page.get_by_role("button", name="Why").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="scenario file").click()
        file = tmp_path / "what-if.toml"
        download.value.save_as(file)

    scenario, sha256 = load_scenario(file)
    done = run_scenario(
        tried.home.store, tried.home.settings, scenario, lambda _words: None
    )
    result = scenario_result(done, sha256)
    (run,) = [one for one in result["runs"] if one["strategy"] == "self_consumption"]
    baseline_aud = run["saving_aud"] + run["cost_aud"]
    assert told == (
        f"${run['saving_aud']:,.0f}",
        f"${run['cost_aud']:,.0f} left of ${baseline_aud:,.0f}",
        f"price ${run['money']['net_aud']:,.0f} after rebates",
    )


@pytest.mark.parametrize("size", SIZES)
def test_a_finger_drags_a_slider_by_its_line(
    browser: Browser, tried: Tried, size: tuple[int, int]
) -> None:
    with opened(browser, tried, size) as (page, _):
        before = settled(page).locator(".figure").inner_text()
        slider = page.locator("[name=battery_kwh]")
        box = slider.bounding_box()
        assert box is not None
        # Along the upper edge of the cell, where its name stands.
        y = box["y"] + 0.15 * box["height"]
        page.mouse.move(box["x"] + 0.5 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.15 * box["width"], y, steps=4)
        page.mouse.up()
        value = float(slider.input_value())
        output = page.locator("label:has([name=battery_kwh]) output").inner_text()
        after = settled(page).locator(".figure").inner_text()

    # 40 kWh over the line; a knob's half is at each of its ends.
    assert value == pytest.approx(5.0, abs=2.5)
    assert output == f"{value:.1f} kWh"
    assert after != before


@pytest.mark.parametrize("path", ["what-if", BOUND])
@pytest.mark.parametrize("size", SIZES)
def test_everything_fits_and_can_be_touched(
    browser: Browser, tried: Tried, size: tuple[int, int], path: str
) -> None:
    with opened(browser, tried, size, path) as (page, _):
        settled(page)
        require_readable(page, size)
        boxes = [one.bounding_box() for one in page.locator("input[type=range]").all()]
        page.get_by_label(re.compile("^Run by")).click()
        boxes += [one.bounding_box() for one in page.locator(".option:visible").all()]
        plot = page.locator(".savings .plot").bounding_box()

    assert len(boxes) == 3 + 6
    for box in boxes:
        assert box is not None
        assert box["width"] >= LEAST_TOUCH_PX[size]
        assert box["height"] >= LEAST_TOUCH_PX[size]
        assert box["y"] + box["height"] <= size[1] + 2
    assert plot is not None
    assert plot["height"] >= 40


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, LAPTOP])
def test_nothing_lies_over_the_sliders(
    browser: Browser, tried: Tried, size: tuple[int, int]
) -> None:
    with opened(browser, tried, size, BOUND) as (page, _):
        settled(page)
        boxes = [
            page.locator(one).bounding_box()
            for one in (".top", ".answer-place", ".controls")
        ]
        lowest = page.evaluate(
            "Math.max(...[...document.querySelectorAll('#answer *')]"
            ".map((one) => one.getBoundingClientRect().bottom))"
        )

    top, answer, controls = boxes
    assert top is not None
    assert answer is not None
    assert controls is not None
    assert top["y"] + top["height"] <= answer["y"]
    assert lowest <= controls["y"] + 4
    assert controls["y"] + controls["height"] <= size[1] + 2


def test_an_old_figure_is_not_shown_for_a_new_place(
    browser: Browser, tried: Tried
) -> None:
    with opened(browser, tried) as (page, _):
        before = settled(page).locator(".figure").inner_text()
        held = hold_answers(page)

        move(page, "battery_kwh", 2)
        page.wait_for_function("document.querySelector('#answer.is-pending')")
        ink, ground = (
            parse(page.eval_on_selector(one, f"e => getComputedStyle(e).{name}"))
            for one, name in (("#answer .figure", "color"), ("body", "backgroundColor"))
        )
        figure = page.locator("#answer .figure")
        expect(figure).to_have_count(1)
        expect(figure).to_be_hidden()
        is_busy = page.locator("#answer").get_attribute("aria-busy")
        held.let_go()
        after = settled(page).locator(".figure").inner_text()

    assert contrast(ink, ground) < 2
    assert is_busy == "true"
    assert after != before


def test_an_answer_that_was_overtaken_is_dropped(
    browser: Browser, tried: Tried
) -> None:
    with opened(browser, tried) as (page, _):
        settled(page)
        held = hold_answers(page)
        move(page, "battery_kwh", 2)
        page.wait_for_timeout(700)  # too long for the page: it asks anew
        move(page, "battery_kwh", 20)
        expect(page.locator("#answer.is-pending")).to_have_count(1)
        page.wait_for_timeout(50)
        *older, newer = held.routes
        newer.continue_()
        figure = settled(page).locator(".figure").inner_text()
        for late in older:
            late.fulfill(body='<section id="answer">$9</section>')
        page.wait_for_timeout(100)
        at_last = page.locator("#answer .figure").inner_text()

    assert ["battery_kwh=2&" in one.request.url for one in older] == [True]
    assert "battery_kwh=20&" in newer.request.url
    assert at_last == figure


def test_while_one_question_is_asked_no_other_is(
    browser: Browser, tried: Tried
) -> None:
    with opened(browser, tried) as (page, _):
        settled(page)
        held = hold_answers(page)
        page.clock.install()
        page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # no rest is over
        for kwh in (3, 4, 5, 6):
            move(page, "battery_kwh", kwh)
        asked_at_once = len(held.routes)
        page.clock.resume()
        held.let_go()
        settled(page)
        output = page.locator("label:has([name=battery_kwh]) output").inner_text()

    assert asked_at_once == 1
    assert output == "6.0 kWh"


def test_without_a_server_the_figures_go_and_come_back_by_themselves(
    browser: Browser, tried: Tried
) -> None:
    with opened(browser, tried) as (page, server):
        before = settled(page).locator(".figure").inner_text()
        server.stop()
        move(page, "battery_kwh", 3)
        lost = page.locator("#answer.is-lost")
        expect(lost).to_contain_text("The server does not answer")
        words = lost.inner_text()

        server.start_again()
        after = page.locator("#answer[aria-busy=false] .figure").inner_text()

    assert not MONEY.search(words)
    assert MONEY.match(after)
    assert after != before


def test_a_server_that_fails_shows_no_figure(browser: Browser, tried: Tried) -> None:
    with opened(browser, tried) as (page, _):
        settled(page)
        page.route(ANSWER, lambda route: route.fulfill(status=500, body="no"))
        move(page, "solar_kw", 3)
        lost = page.locator("#answer.is-lost")
        expect(lost).to_be_visible()

        assert not MONEY.search(lost.inner_text())


def test_without_a_script_it_is_a_form(browser: Browser, tried: Tried) -> None:
    with opened(browser, tried, java_script_enabled=False) as (page, _):
        move(page, "solar_kw", 4.2)
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**solar_kw=4.2**")
        query = urlsplit(page.url).query
        figure = page.locator("#answer .figure").inner_text()
    with opened(browser, tried, path=f"what-if?{query}") as (page, _):
        with_script = settled(page).locator(".figure").inner_text()

    assert figure == with_script


def test_the_address_follows_the_sliders(browser: Browser, tried: Tried) -> None:
    with opened(browser, tried, path="what-if?kiosk=1") as (page, _):
        move(page, "solar_kw", 3.3)
        page.locator("[name=solar_kw]").dispatch_event("change")
        figure = settled(page).locator(".figure").inner_text()
        page.reload()

        assert "solar_kw=3.3&" in page.url
        assert "kiosk=1" in page.url
        assert settled(page).locator(".figure").inner_text() == figure


def test_the_night_is_dark(browser: Browser, tried: Tried) -> None:
    noon = tried.home.clock.time
    tried.home.clock.time = noon + timedelta(hours=10)
    with opened(browser, tried) as (page, _):
        settled(page)
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    tried.home.clock.time = noon

    assert mean_luminance(shot) <= NIGHT_LUMINANCE
