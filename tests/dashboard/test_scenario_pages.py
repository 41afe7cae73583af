"""The scenario pages: the last report as it was left, and nothing that it lacks."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from home_energy.analysis.report.charts import scenario_charts
from home_energy.dashboard.app import create_app
from home_energy.settings import ReportSettings
from tests.dashboard.recorded_home import NOON, RecordedHome

MADE = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""Past midnight in Sydney: the 21st."""

DURATION = {"share_of_time_fraction": [0.0, 0.5, 1.0], "saving_aud": [0.0, 9.0, 10.0]}
SUNNY: dict[str, Any] = {
    "scenario": "sunny",
    "title": "Panels & a battery",
    "chosen_strategy": "forecast",
    "car": None,
    "runs": [
        {
            "strategy": "forecast",
            "is_upper_bound": False,
            "saving_aud": 1_310.5,
            "saving_range_aud": {"p10": 1_120.4, "p50": 1_300.0, "p90": 1_479.6},
            "dollars": None,
            "money": {
                "net_aud": 11_400.4,
                "incentives_aud": 3_200.0,
                "npv_aud": 2_100.4,
                "simple_payback_years": 8.23,
                "doubt": {
                    "npv_aud": {"p10": -900.4, "p50": 2_000.0, "p90": 4_249.0},
                    "simple_payback_years": {"p10": 7.1, "p50": 8.3, "p90": None},
                },
            },
        },
        {
            "strategy": "perfect_foresight",
            "is_upper_bound": True,
            "saving_aud": 1_700.0,
            "dollars": None,
            "money": None,
        },
    ],
    "shapes": {"forecast": {"savings_duration": DURATION}},
}
ROW = {
    "is_hypothetical": False,
    "cost_aud": 819.9,
    "saving_aud": 1_310.5,
    "saving_range_aud": {"p10": 1_120.4, "p50": 1_300.0, "p90": 1_479.6},
    "npv_aud": 2_100.4,
    "simple_payback_years": 8.23,
}
REPORT: dict[str, Any] = {
    "schema": 1,
    "period": {"first_day": "2025-01-01", "last_day": "2025-12-31"},
    "comparison": [
        {
            **ROW,
            "scenario": "as-it-is",
            "title": "The home as it is",
            "strategy": None,
            "cost_aud": 2_130.4,
            "saving_aud": 0.0,
            "npv_aud": None,
        },
        {**ROW, "scenario": "sunny", "title": "Panels & a battery", "strategy": "x"},
        {
            **ROW,
            "scenario": "loss",
            "title": "A loss",
            "strategy": "x",
            "saving_aud": -99.6,
            "saving_range_aud": None,
            "npv_aud": None,
        },
    ],
    "scenarios": [SUNNY, {**SUNNY, "scenario": "loss", "title": "A loss"}],
    "not_run": [{"file": "car.toml", "title": "A car", "reason": "there is no car"}],
}


class ReportedHome(RecordedHome):
    """A home whose report lies beside its store."""

    @property
    def settings(self) -> Any:
        report = ReportSettings(folder=self.folder / "report")
        return super().settings.model_copy(update={"report": report})

    def report(self, text: str, made: datetime = MADE) -> None:
        folder = self.folder / "report"
        folder.mkdir(exist_ok=True)
        path = folder / "report.json"
        path.write_text(text)
        os.utime(path, (made.timestamp(), made.timestamp()))


@pytest.fixture
def home(tmp_path: Path) -> ReportedHome:
    return ReportedHome(tmp_path)


@pytest.fixture
def client(home: ReportedHome) -> FlaskClient:
    home.report(json.dumps(REPORT))
    return create_app(home.settings, home.clock).test_client()


def shown(client: FlaskClient, path: str = "/scenarios") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def words(text: str) -> str:
    """What is read, without marks."""
    body = re.sub(
        r"<script.*?</script>",
        " ",
        text.split('<main class="sheet">')[1],
        flags=re.DOTALL,
    )
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_every_scenario_stands_in_the_list(client: FlaskClient) -> None:
    text = shown(client, "/scenarios?kiosk=1")

    assert words(text).endswith(
        "The home as it is costs $2,130 a year "
        "Panels & a battery saves $1,311 a year ($1,120 to $1,480), pays back in 8.2 "
        "years "
        "A loss costs more $100 a year "
        "A car There is no car "
        "Report of 2025, made 21 Nov 2026"
    )
    assert re.findall(r'class="row" href="([^"]*)"', text) == [
        "/scenarios/sunny?kiosk=1",
        "/scenarios/loss?kiosk=1",
    ]


def test_one_scenario_by_its_chosen_strategy(client: FlaskClient) -> None:
    assert words(shown(client, "/scenarios/sunny")).startswith(
        "Scenarios Panels & a battery "
        "saves a year $1,311 $1,120 to $1,480 "
        "pays back in 8.2 years (7–never) "  # noqa: RUF001
        "price $11,400 after rebates "
        "gain $2,100 (−$900 to $4,249) "  # noqa: RUF001
        "Report of 2025, made 21 Nov 2026 "
        "planned by forecast $1,311 ($1,120 to $1,480) "
        "upper bound: knows the whole year at most $1,700 "
    )


def test_what_nobody_offers_has_no_price(home: ReportedHome) -> None:
    run = {**SUNNY["runs"][0], "money": {"net_aud": None, "simple_payback_years": 3.0}}
    scenario = {**SUNNY, "runs": [run]}
    home.report(json.dumps({**REPORT, "scenarios": [scenario]}))

    text = words(
        shown(create_app(home.settings, home.clock).test_client(), "/scenarios/sunny")
    )

    assert "pays back" not in text
    assert "price" not in text


@pytest.mark.parametrize(("hours", "theme"), [(0, "light"), (10, "dark")])
def test_the_charts_are_those_of_the_report(
    home: ReportedHome, client: FlaskClient, hours: int, theme: Any
) -> None:
    home.clock.time = NOON + timedelta(hours=hours)

    text = client.get("/scenarios/sunny").get_data(as_text=True)

    found = re.findall(
        r'<script type="application/json" data-chart="([^"]*)">(.*?)</script>', text
    )
    expected = scenario_charts(SUNNY, "forecast", theme)
    assert [name for name, _ in found] == ["chart-savings-duration"]
    assert [json.loads(figure) for _, figure in found] == [
        json.loads(json.dumps(chart.figure)) for chart in expected
    ]
    assert expected[0].said in unescape(text)


def test_a_scenario_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/scenarios/rainy").status_code == 404


def test_before_the_first_report_the_command_is_said(home: ReportedHome) -> None:
    client = create_app(home.settings, home.clock).test_client()

    text = shown(client)

    assert "There is no report yet" in text
    assert "home-energy report --last-12-months" in text
    assert client.get("/scenarios/sunny").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as a report (JSONDecodeError)"),
        ('{"schema": 2}', "found a report of layout 2, expected 1"),
        ("[]", "found a report of layout None, expected 1"),
    ],
)
def test_a_report_that_is_none_says_how_to_make_one(
    home: ReportedHome, text: str, said: str
) -> None:
    home.report(text)
    client = create_app(home.settings, home.clock).test_client()

    for path in ("/scenarios", "/scenarios/sunny"):
        found = words(shown(client, path))

        assert said in found
        assert "`home-energy report --last-12-months`" in found


def test_a_new_report_is_shown_at_once(home: ReportedHome, client: FlaskClient) -> None:
    before = shown(client)
    text = json.dumps(REPORT).replace("Panels & a battery", "Panels & a bateria!")
    home.report(text, MADE + timedelta(days=1))

    after = shown(client)

    assert "Panels & a battery" in before
    assert "Panels & a bateria!" in after
    assert "made 22 Nov 2026" in after


def test_plotly_is_of_the_wheel_and_kept_for_ever(client: FlaskClient) -> None:
    text = client.get("/scenarios/sunny").get_data(as_text=True)
    address = f"/scenarios/plotly/{version('plotly')}.js"

    script = client.get(address)

    assert f'<script src="{address}" defer>' in text
    assert script.content_type == "text/javascript; charset=utf-8"
    assert script.get_data(as_text=True).startswith("/**\n* plotly.js v")
    assert "immutable" in script.headers["Cache-Control"]
    assert "max-age=31536000" in script.headers["Cache-Control"]
    assert client.get("/scenarios/plotly/0.0.js").status_code == 404


def test_styles_are_let_in_on_these_pages_alone(client: FlaskClient) -> None:
    policies = {
        path: client.get(path).headers["Content-Security-Policy"]
        for path in ("/scenarios/sunny", "/what-if", "/")
    }

    charts = policies.pop("/scenarios/sunny")
    assert charts.startswith("default-src 'none';")
    assert "style-src 'self' 'unsafe-inline'" in charts
    assert "script-src 'self';" in charts
    assert all("unsafe" not in policy for policy in policies.values())
