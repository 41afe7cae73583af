"""`import emoncms` as a person runs it."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.cli.conftest import Home
from tests.ingestion.emoncms_feeds import KEY, FakeEmoncms, steady

START = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)  # noon in Melbourne
FEEDS = (
    '[power.emoncms]\nurl = "http://emonpi.local/"\n'
    "[power.emoncms.feeds]\ngrid = 1\nsolar = -2\n"
)


@pytest.fixture
def emoncms(monkeypatch: pytest.MonkeyPatch) -> FakeEmoncms:
    """Stands in for the emonPi: a day of a house, and an hour of its panels."""
    day = steady(START, 500.0, timedelta(days=1))
    hour = steady(START, -900.0, timedelta(hours=1))
    fake = FakeEmoncms({1: day, 2: hour})
    carrier = httpx.MockTransport(fake.reply)
    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda: client(transport=carrier))
    return fake


def configure(
    home: Home, toml: str = FEEDS, dotenv: str = f"EMONCMS_KEY={KEY}"
) -> None:
    toml_file = home.folder / "config" / "home.toml"
    toml_file.write_text(toml_file.read_text() + toml)
    (home.folder / "config" / ".env").write_text(f"{dotenv}\n")


@pytest.mark.usefixtures("emoncms")
def test_history_goes_on_record_and_twice_is_once(home: Home) -> None:
    configure(home)
    days = ("--since", "2026-01-15", "--until", "2026-01-15")

    first = home.run("import", "emoncms", *days)
    again = home.run("import", "emoncms", *days, "--json")

    assert first.returncode == 0, first.stderr
    # From noon, the first reading, to midnight: 12 hours of 12 steps.
    assert "emoncms feed 1 (grid): 144 new means of five minutes" in first.stdout
    assert "2026-01-15 12:00 to 2026-01-16 00:00 (Australia/Melbourne time)" in (
        first.stdout
    )
    # An hour of panels, eleven of nothing.
    assert "emoncms feed 2 (solar): 12 new means" in first.stdout
    assert "! five minutes without a reading: 132" in first.stdout
    grid, solar = json.loads(again.stdout)["feeds"]
    assert (grid["new_count"], grid["known_count"]) == (0, 144)
    assert (solar["known_count"], solar["hole_count"]) == (12, 132)
    assert KEY not in first.stdout + first.stderr + again.stdout + again.stderr


def test_without_an_emoncms_it_says_where_to_name_one(home: Home) -> None:
    found = home.run("import", "emoncms")

    assert found.returncode == 2
    assert "[power.emoncms] with url and feeds expected" in found.stderr


@pytest.mark.usefixtures("emoncms")
def test_a_wrong_key_is_said_in_one_line(home: Home) -> None:
    configure(home, dotenv="EMONCMS_KEY=wrong")

    found = home.run("import", "emoncms", "--since", "2026-01-15")

    assert found.returncode == 3
    assert "does not accept the key (401)" in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert "wrong" not in found.stderr


def test_a_period_that_ends_before_it_begins_is_refused(
    home: Home, emoncms: FakeEmoncms
) -> None:
    configure(home)

    found = home.run(
        "import", "emoncms", "--since", "2026-01-16", "--until", "2026-01-15"
    )

    assert found.returncode == 4
    assert "--since 2026-01-16: expected a day not after --until" in found.stderr
    assert emoncms.asked == []


def test_what_an_emonpi_may_not_have_written_yet_is_not_asked_for(
    home: Home, emoncms: FakeEmoncms
) -> None:
    configure(home, FEEDS.replace("solar = -2\n", ""))
    now = datetime.now(UTC)
    emoncms.feeds[1] = steady(now - timedelta(hours=2), 500.0, timedelta(hours=3))

    found = home.run("import", "emoncms", "--json")

    (grid,) = json.loads(found.stdout)["feeds"]
    end = datetime.fromisoformat(grid["end_utc"])
    # A quarter of an hour ago, down to five whole minutes.
    assert timedelta(minutes=15) <= datetime.now(UTC) - end < timedelta(minutes=22)
