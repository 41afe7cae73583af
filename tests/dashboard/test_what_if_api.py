"""The sliders as JSON: made ready in the background, exact, and told when they fail."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from home_energy.analysis.what_if import question as what_if_question
from home_energy.analysis.what_if import sliders as what_if_sliders
from home_energy.analysis.what_if.question import WhatIfQuestion
from home_energy.analysis.what_if.what_if import open_what_if
from home_energy.dashboard.api import query
from home_energy.dashboard.api.what_if_keeper import WhatIfKeeper
from home_energy.dashboard.app import create_app
from home_energy.settings import Settings
from home_energy.store import Store
from tests.analysis.sweep.swept_homes import swept_home
from tests.dashboard.recorded_home import StandingClock

THIRTY_DAYS = date(2025, 7, 23)
LONG_SECONDS = 120


class MovedClock(StandingClock):
    """A clock whose machine runs on when it is told to."""

    running_seconds: float = 1000.0

    def boottime_seconds(self) -> float:
        return self.running_seconds


def clock_of(day: date) -> MovedClock:
    return MovedClock(time=datetime(day.year, day.month, day.day, 3, tzinfo=UTC))


def home_of(folder: Path, last: date = THIRTY_DAYS) -> Settings:
    store, settings = swept_home(folder, last)
    store.close()
    home = settings.home.model_copy(update={"postcode": "3000"})
    return settings.model_copy(update={"home": home})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return home_of(tmp_path_factory.mktemp("tried"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    app = create_app(settings, clock_of(date(2026, 11, 22)))
    app.testing = True
    keeper: WhatIfKeeper = app.extensions["home_energy"].what_if
    assert keeper.wait(LONG_SECONDS).what_if is not None
    return app.test_client()


def test_a_question_is_answered_as_the_analysis_does(
    settings: Settings, client: FlaskClient
) -> None:
    asked = {"solar_kw": "6.6", "battery_kwh": "13.5", "strategy": "smart_cycles"}

    told = client.get("/api/v1/what-if", query_string=asked).get_json()

    with closing(Store.open_read_only(settings.home.store)) as store:
        tried = open_what_if(store, settings, date(2026, 11, 22))
    question = WhatIfQuestion("flat", "smart_cycles", 6.6, 13.5)
    assert told == tried.answer(question)


def test_the_address_of_an_answers_file_gives_it(client: FlaskClient) -> None:
    asked = "/api/v1/what-if?solar_kw=3.3&tariff=market"
    href = client.get(asked).get_json()["scenario_href"]

    file = client.get(href)

    assert file.content_type == "application/toml; charset=utf-8"
    assert 'tariff = "market"' in file.text
    assert "kw_dc = 3.3" in file.text
    assert 'filename="what-if.toml"' in file.headers["Content-Disposition"]


def test_an_answer_that_is_at_hand_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/what-if?solar_kw=1")

    again = client.get(
        "/api/v1/what-if?solar_kw=1", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304


def test_sizes_are_taken_to_a_tenth(client: FlaskClient) -> None:
    told = client.get("/api/v1/what-if?solar_kw=3.14159&battery_kwh=1e-9").get_json()

    assert told["question"]["solar_kw"] == 3.1
    assert told["question"]["battery_kwh"] == 0.0


@pytest.mark.parametrize(
    ("asked", "parameter", "said"),
    [
        ("solar_kw=20.1", "solar_kw", "less than or equal to 20"),
        ("battery_kwh=nan", "battery_kwh", "finite number"),
        ("car_km_per_year=7", "car_km_per_year", "expected one of 0, 5000, 10000"),
        ("strategy=timer", "strategy", "expected one of self_consumption, smart_"),
        ("tariff=flatt", "tariff", "found 'flatt'; expected one of flat, "),
        ("tarif=flat", "tarif", "unknown; did you mean tariff?"),
    ],
)
@pytest.mark.parametrize("address", ["/api/v1/what-if", "/what-if/scenario.toml"])
def test_a_value_that_cannot_be_is_a_problem_with_words(
    client: FlaskClient, address: str, asked: str, parameter: str, said: str
) -> None:
    problem = client.get(f"{address}?{asked}")

    assert problem.status_code == 422
    assert problem.content_type == "application/problem+json"
    (fault,) = problem.get_json()["faults"]
    assert fault["parameter"] == parameter
    assert said in fault["message"]


def test_until_it_is_ready_sliders_say_what_is_done(settings: Settings) -> None:
    client = create_app(settings, clock_of(date(2026, 11, 22))).test_client()

    sliders = client.get("/api/v1/what-if/sliders")

    assert sliders.status_code == 200
    told = sliders.get_json()
    assert told["is_ready"] is False
    assert told["said"]
    assert told["solar_kw"] is None


def test_a_record_that_is_too_short_is_said_and_tried_again_a_minute_later(
    tmp_path: Path,
) -> None:
    settings = home_of(tmp_path, date(2025, 7, 7))
    clock = clock_of(date(2026, 11, 22))
    app = create_app(settings, clock)
    keeper: WhatIfKeeper = app.extensions["home_energy"].what_if
    keeper.wait(LONG_SECONDS)
    client = app.test_client()

    problem = client.get("/api/v1/what-if")

    assert problem.status_code == 503
    assert problem.headers["Retry-After"] == "2"
    assert "no 28 days in a row" in problem.get_json()["detail"]
    assert "tried again in a minute" in problem.get_json()["detail"]
    first = keeper._thread
    clock.running_seconds += 59
    keeper.look()
    assert keeper._thread is first
    clock.running_seconds += 2
    keeper.look()
    assert keeper._thread is not first


def test_what_nobody_foresaw_is_said_without_its_inside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = WhatIfKeeper(settings, clock_of(date(2026, 11, 22)))
    monkeypatch.setattr(keeper, "_open", lambda: 1 / 0)

    told = keeper.wait(LONG_SECONDS)

    assert told.what_if is None
    assert told.said.startswith(
        "the sliders could not be made ready (ZeroDivisionError)"
    )


def test_a_new_day_makes_the_sliders_anew(settings: Settings) -> None:
    clock = clock_of(date(2026, 11, 22))
    keeper = WhatIfKeeper(settings, clock)
    first = keeper.wait(LONG_SECONDS).what_if
    same = keeper.wait(LONG_SECONDS).what_if

    clock.time += timedelta(days=1)
    second = keeper.wait(LONG_SECONDS).what_if

    assert first is not None
    assert same is first
    assert second is not None
    assert second is not first
    assert second.today == date(2026, 11, 23)


def test_the_document_knows_what_the_analysis_knows() -> None:
    names = tuple(one.name for one in what_if_question.STRATEGIES)

    assert tuple(query.StrategyWord) == names
    assert query.CAR_KM_PER_YEAR == what_if_question.CAR_KM_PER_YEAR
    assert query.MOST_SOLAR_KW == what_if_sliders.MOST_SOLAR_KW
    assert query.MOST_BATTERY_KWH == what_if_sliders.MOST_BATTERY_KWH
