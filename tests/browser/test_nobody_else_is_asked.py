"""No page of ours asks anybody but this machine, whichever page it is.

The page of the report is opened from disk, see `test_report_page`.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page

from home_energy.dashboard.api.what_if_keeper import WhatIfKeeper
from home_energy.dashboard.app import create_app
from home_energy.settings import ReportSettings
from tests.analysis.report.composed_report import composed_report
from tests.analysis.sweep.swept_homes import swept_home
from tests.browser.panel import LANDSCAPE, context_options, serving
from tests.dashboard.recorded_home import NOON, RecordedHome, StandingClock, price_run

pytestmark = pytest.mark.xdist_group("browser")

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "src" / "home_energy" / "dashboard"
WRITTEN_BY_US = sorted(
    path
    for folder in (DASHBOARD, ROOT / "pi" / "kiosk")
    for path in folder.rglob("*")
    if path.suffix in (".html", ".css", ".js", ".svg")
)
SCENARIO = "solar-battery"
EXAMPLES = {
    "/bill/<month_text>": ["/bill/2026-11"],
    "/costs/advice/<int:number>": ["/costs/advice/1"],
    "/health/<int:number>": ["/health/1", "/health/2"],
    "/history/<any(day, week):view>/<day_text>": [
        "/history/day/2026-11-22",
        "/history/week/2026-11-22",
    ],
    "/history/year/<int:year>": ["/history/year/2026"],
    "/scenarios/<name>": [f"/scenarios/{SCENARIO}", "/scenarios/nothing"],
    "/scenarios/plotly/<asked_version>.js": [
        f"/scenarios/plotly/{version('plotly')}.js"
    ],
    "/static/<path:filename>": ["/static/page.js"],
}
"""Of every route with a part that varies."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application of which every page has something to show."""
    home = RecordedHome(tmp_path_factory.mktemp("home"))
    home.save(price_run(NOON - timedelta(hours=2), [20.0 + i for i in range(25)]))
    home.is_collecting()
    report = ReportSettings(folder=home.folder / "report")
    report.folder.mkdir()
    (report.folder / "report.json").write_text(json.dumps(composed_report()))
    settings = home.settings.model_copy(update={"report": report})
    app = create_app(settings.read_from(home.folder), home.clock)
    store, tried = swept_home(tmp_path_factory.mktemp("tried"), date(2025, 7, 23))
    store.close()
    app.extensions["home_energy"].what_if = WhatIfKeeper(tried, StandingClock())
    assert app.extensions["home_energy"].what_if.wait(60.0).what_if is not None
    yield app
    home.store.close()


def paths_of(app: Flask) -> list[str]:
    """Every address that can be opened, with an example of each part that varies."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = {path for rule in rules for path in EXAMPLES.get(str(rule), [str(rule)])}
    unknown = [path for path in paths if "<" in path]
    assert not unknown, f"say in EXAMPLES what stands for the parts of {unknown}"
    return sorted(paths)


def test_every_page_asks_this_machine_alone(browser: Browser, app: Flask) -> None:
    context = browser.new_context(**context_options(LANDSCAPE), accept_downloads=True)
    asked: list[str] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.location['url']}: {message.text}")

    context.on("request", lambda request: asked.append(request.url))
    context.on("console", note)
    page = context.new_page()
    page.on("websocket", lambda socket: asked.append(socket.url))
    with serving(app) as server:
        for path in paths_of(app):
            open_fully(page, server.url.rstrip("/") + path)
        page.goto(f"{(ROOT / 'pi/kiosk/boot.html').as_uri()}?port={server.port}")
        page.wait_for_url(f"{server.url}?kiosk=1")
        context.close()
    ours = (server.url, "data:", "blob:", ROOT.as_uri())

    assert len(asked) > 100
    assert [url for url in asked if not url.startswith(ours)] == []
    assert [said for said in complaints if "404" not in said] == []


def open_fully(page: Page, url: str) -> None:
    """Open a page and draw all of its charts; what is a file is only fetched."""
    if url.endswith((".js", ".toml")):
        page.evaluate("url => fetch(url)", url)
        return
    page.goto(url)
    for card in page.locator(".chart-card").all():
        card.scroll_into_view_if_needed()
        card.locator(".main-svg").first.wait_for()


def test_nothing_written_names_another_host() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), urlsplit(url).hostname)
        for path in WRITTEN_BY_US
        for url in re.findall(
            r"(?:https?|wss?):?//[^\s\"'`)<>]*", path.read_text(encoding="utf-8")
        )
    }

    name_of_a_format = ("src/home_energy/dashboard/static/icon.svg", "www.w3.org")
    boot_page = ("pi/kiosk/boot.html", "127.0.0.1")
    assert found == {name_of_a_format, boot_page}
