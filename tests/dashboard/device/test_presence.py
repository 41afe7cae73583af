"""The page on the fridge beats, and its touches are noted; those of a phone are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from home_energy.dashboard.context import HomeContext
from tests.dashboard.recorded_home import RecordedHome

PHONE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[RecordedHome]:
    home = RecordedHome(tmp_path)
    yield home
    home.store.close()


@pytest.fixture
def client(home: RecordedHome) -> FlaskClient:
    return home.client()


def context_of(client: FlaskClient) -> HomeContext:
    context: HomeContext = client.application.extensions["home_energy"]
    return context


def test_a_beat_of_the_fridge_is_counted(client: FlaskClient) -> None:
    context = context_of(client)
    assert context.last_heartbeat_boottime_seconds is None

    answers = [client.post("/heartbeat?kiosk=1") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert context.heartbeat_count == 2
    assert context.last_heartbeat_boottime_seconds == 1000.0


def test_a_beat_of_a_phone_or_of_another_page_counts_for_nothing(
    client: FlaskClient,
) -> None:
    client.post("/heartbeat")
    client.post("/heartbeat?kiosk=1", environ_base=PHONE)
    client.post("/touched?kiosk=1", environ_base=PHONE)

    assert context_of(client).heartbeat_count == 0
    assert context_of(client).last_touch_boottime_seconds is None


@pytest.mark.parametrize("path", ["/", "/history", "/health", "/what-if", "/nothing"])
def test_every_page_beats_on_the_fridge_and_nowhere_else(
    path: str, client: FlaskClient
) -> None:
    fridge, phone = (client.get(path + query).text for query in ("?kiosk=1", ""))

    assert 'data-heartbeat="/heartbeat?kiosk=1"' in fridge
    assert "kiosk.js" in fridge
    assert "heartbeat" not in phone
    assert "kiosk.js" not in phone


def test_a_page_that_fails_leads_back_by_itself(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    client.application.testing = False  # a person sees the page, not the error
    monkeypatch.setattr("home_energy.dashboard.frame._best_time", fail)

    failed = client.get("/health?kiosk=1")
    refused = client.put("/health?kiosk=1")

    assert [failed.status_code, refused.status_code] == [500, 405]
    assert "GET" in refused.headers["Allow"]
    for answer in (failed, refused):
        assert 'data-home="/?kiosk=1"' in answer.text
        assert 'data-away-ms="15000"' in answer.text
        assert 'data-heartbeat="/heartbeat?kiosk=1"' in answer.text
