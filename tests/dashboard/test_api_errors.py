"""Errors, caching and the things the API does not do."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from home_energy.dashboard.api.openapi import document
from home_energy.errors import StoreError
from home_energy.store import Store
from home_energy.store.sources import SourceTable
from tests.dashboard.recorded_home import NOON, RecordedHome, price

PATHS = ("now", "prices", "forecasts", "costs", "shadow", "health", "openapi.json")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedHome:
    usage = shutil._ntuple_diskusage(16_000_000_000, 8_000_000_000, 8_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 25.5)])
    return home


@pytest.fixture
def client(home: RecordedHome) -> FlaskClient:
    return home.client()


def fault(answer: TestResponse) -> tuple[str, str]:
    """The only fault of a refused query."""
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    (found,) = answer.get_json()["faults"]
    return found["parameter"], found["message"]


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(f"/api/v1/{path}")
    again = client.get(
        f"/api/v1/{path}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_what_has_changed_is_sent(home: RecordedHome, client: FlaskClient) -> None:
    first = client.get("/api/v1/now")
    home.clock.time = NOON.replace(second=1)

    again = client.get("/api/v1/now", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert again.get_json()["time_utc"] == "2026-11-22T01:00:01Z"


@pytest.mark.parametrize("path", PATHS)
def test_the_api_only_reads(client: FlaskClient, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = client.open(f"/api/v1/{path}", method=method)

        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_parameter_is_refused(client: FlaskClient, path: str) -> None:
    parameter, message = fault(client.get(f"/api/v1/{path}?chanel=general"))

    assert parameter == "chanel"
    expected = {
        "prices": "unknown; did you mean channel?",
        "forecasts": "unknown; did you mean channel?",
    }
    assert message == expected.get(path, "nothing may be asked")


def test_a_parameter_unlike_any_gets_the_list(client: FlaskClient) -> None:
    _, message = fault(client.get("/api/v1/prices?page=2"))

    assert message == "unknown; known are channel, start, end"


def test_a_parameter_given_twice_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/prices?channel=general&channel=feed_in")

    assert fault(answer) == ("channel", "given twice; give it once")


def test_every_fault_is_told_at_once(client: FlaskClient) -> None:
    answer = client.get("/api/v1/prices?channel=solar&start=yesterday")

    faults = answer.get_json()["faults"]
    assert [row["parameter"] for row in faults] == ["channel", "start"]
    assert faults[0]["message"] == ("expected one of general, controlled_load, feed_in")


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-22",
        "2026-11-22T00:00:00",
        "1795309200",
        "",
        "2026-13-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_time_without_offset_or_sense_is_refused(
    client: FlaskClient, start: str
) -> None:
    answer = client.get("/api/v1/prices", query_string={"start": start})

    assert fault(answer)[0] == "start"


def test_a_plus_that_became_a_space_is_explained(client: FlaskClient) -> None:
    _, message = fault(client.get("/api/v1/prices?start=2026-11-22T00:00:00+11:00"))

    assert message.endswith("in an address a + is written %2B")


@pytest.mark.parametrize(
    ("path", "longest", "too_long"),
    [
        ("prices", "2026-12-24T00:00:00Z", "2026-12-24T00:00:01Z"),
        ("forecasts", "2026-11-23T00:00:00Z", "2026-11-23T00:00:01Z"),
    ],
)
def test_a_period_that_is_too_long_is_refused(
    client: FlaskClient, path: str, longest: str, too_long: str
) -> None:
    # 22 November and 32 days is 24 December; and 24 hours is 23 November.
    query = {"start": "2026-11-22T00:00:00Z"}

    kept = client.get(f"/api/v1/{path}", query_string=query | {"end": longest})
    refused = client.get(f"/api/v1/{path}", query_string=query | {"end": too_long})

    assert kept.status_code == 200
    assert "ask in parts" in fault(refused)[1]


def test_an_empty_period_is_refused(client: FlaskClient) -> None:
    moment = "2026-11-22T00:00:00Z"

    answer = client.get("/api/v1/prices", query_string={"start": moment, "end": moment})

    assert fault(answer)[0] == "start"


def test_an_instant_and_a_period_exclude_each_other(client: FlaskClient) -> None:
    moment = "2026-11-22T00:00:00Z"

    answer = client.get(
        "/api/v1/forecasts", query_string={"start": moment, "at": moment}
    )

    assert fault(answer)[0] == "at"


def test_an_address_that_is_not_there_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/price")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 404


def test_a_page_that_is_not_there_is_not_a_problem_document(
    client: FlaskClient,
) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.content_type != "application/problem+json"


@pytest.mark.parametrize("path", ["now", "prices", "forecasts"])
def test_a_store_that_cannot_be_read_is_503_and_says_what_to_do(
    home: RecordedHome, path: str
) -> None:
    home.store.close()
    home.path.unlink()

    answer = home.client().get(f"/api/v1/{path}")

    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "30"
    assert (
        "`home-energy collect` or `home-energy import` makes it"
        in answer.get_json()["detail"]
    )


def test_a_store_that_returns_is_read_again(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.store.close()
    away = home.path.rename(tmp_path / "away.sqlite")
    client = home.client()

    before = client.get("/api/v1/now").status_code
    away.rename(home.path)

    assert (before, client.get("/api/v1/now").status_code) == (503, 200)


@pytest.mark.parametrize("path", ["/api/v1/now", "/api/v1/health", "/history"])
def test_every_request_opens_the_store_anew_also_after_a_failure(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    opened: list[Path] = []
    open_read_only = Store.open_read_only

    def open_and_count(path: Path) -> Store:
        opened.append(path)
        return open_read_only(path)

    monkeypatch.setattr(Store, "open_read_only", open_and_count)
    works = client.get(path).status_code, client.get(path).status_code
    opened_while_it_works = len(opened)

    with monkeypatch.context() as failing:
        failing.setattr(SourceTable, "statuses", _fail)
        fails = client.get(path).status_code

    assert (works, fails, client.get(path).status_code) == ((200, 200), 503, 200)
    assert opened_while_it_works == 2
    assert len(opened) >= 4  # a page that says what failed looks once more itself


def _fail(_table: SourceTable) -> None:
    raise StoreError("home.sqlite: the disk is gone; put it back")


@pytest.mark.parametrize("path", ["now", "prices"])
def test_a_number_that_is_none_is_never_answered(home: RecordedHome, path: str) -> None:
    with closing(sqlite3.connect(home.path, isolation_level=None)) as connection:
        connection.execute("UPDATE price SET c_per_kwh = 9e999")  # becomes infinite
    client = home.client()
    client.application.testing = False  # as it runs at home: errors become answers

    answer = client.get(f"/api/v1/{path}")

    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "inf" not in answer.get_data(as_text=True)


def test_every_field_and_parameter_is_described() -> None:
    described = document()
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description"), name
        for field_name, field in schema.get("properties", {}).items():
            assert field.get("description") or "$ref" in field, f"{name}.{field_name}"
    for path, methods in described["paths"].items():
        for parameter in methods["get"]["parameters"]:
            assert parameter.get("description") or "$ref" in parameter, path


def test_every_number_has_its_unit_in_its_name() -> None:
    units = (
        "_c_per_kwh",
        "_minutes",
        "_seconds",
        "_fraction",
        "_bytes",
        "_aud",
        "_kw",
        "_kwh",
        "_years",
        "_per_year",
        "_count",
        "_watts",
        "_per_hour",
    )
    no_unit = {"tariff_block", "schema_number", "status"}
    # A slider and a range have the unit of the field that holds them.
    no_unit |= {"least", "most", "step", "start", "p10", "p50", "p90"}
    for name, schema in document()["components"]["schemas"].items():
        for field_name, field in schema.get("properties", {}).items():
            kinds = {field.get("type")} | {
                k.get("type") for k in field.get("anyOf", [])
            }
            if kinds & {"number", "integer"}:
                is_unit = field_name in ("c_per_kwh", "watts")
                named = is_unit or field_name.endswith(units)
                assert named or field_name in no_unit, f"{name}.{field_name}"


def test_every_route_of_the_api_is_documented(home: RecordedHome) -> None:
    rules = home.client().application.url_map.iter_rules()
    served = {str(rule) for rule in rules if str(rule).startswith("/api/")}

    assert served == set(document()["paths"])
