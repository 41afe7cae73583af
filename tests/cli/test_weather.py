"""Weather as a person asks for it: from files, and from a service for a year."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import httpx
import pytest
from tests.cli.conftest import Home
from tests.ingestion.weather_answers import OPEN_METEO, epw, recorded, typical_answer

from home_energy.store import Store


class _Services:
    """Stands in for the network: one answer for each host, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.URL] = []

    def reply(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        is_pvgis = "jrc" in request.url.host
        return httpx.Response(
            200, json=typical_answer() if is_pvgis else recorded(OPEN_METEO)
        )


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Services]:
    found = _Services()
    client = httpx.Client(transport=httpx.MockTransport(found.reply))
    monkeypatch.setattr(httpx, "Client", lambda: client)
    yield found
    client.close()


def _at_melbourne(home: Home) -> None:
    with (home.folder / "config" / "home.toml").open("a") as file:
        file.write("latitude_deg = -37.81\nlongitude_deg = 144.96\n")


def test_a_year_is_asked_for_at_the_home(home: Home, services: _Services) -> None:
    _at_melbourne(home)

    done = home.run("import", "weather", "--source", "open-meteo", "--year", "2025")

    assert done.returncode == 0, done.stderr
    (url,) = services.asked
    assert (url.params["latitude"], url.params["longitude"]) == ("-37.81", "144.96")
    # The market's days from 31 December to 1 January hold the year of every zone, and
    # the first of them begins at 14:00 UTC on the 30th.
    assert url.params["start_date"] == "2024-12-30"
    assert url.params["end_date"] == "2026-01-01"
    assert "  open-meteo: 8,808 rows" in done.stdout  # 367 days x 24
    with closing(Store.open_read_only(home.folder / "home.sqlite")) as store:
        (place,) = store.weather_days.places()
        assert (place.source, place.interval_minutes) == ("open-meteo", 60)


def test_a_typical_year_is_called_one(home: Home, services: _Services) -> None:
    elsewhere = ("--latitude", "-33.87", "--longitude", "151.21")

    done = home.run("import", "weather", "--source", "pvgis", *elsewhere)

    assert done.returncode == 0, done.stderr
    assert services.asked[0].params["lat"] == "-33.87"
    assert "pvgis gives a typical year" in done.stdout
    with closing(Store.open_read_only(home.folder / "home.sqlite")) as store:
        (place,) = store.weather_days.places()
        assert (place.first, place.last) == (date(1990, 1, 1), date(1990, 12, 31))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "found neither"),
        (("x.epw", "--source", "pvgis"), "found both"),
        (("--source", "bom", "--year", "2025"), "no such source of weather"),
        (("--source", "open-meteo"), "--year is missing"),
        (("--source", "open-meteo", "--year", "1999"), "--year 1999; expected 2002"),
        (("--source", "pvgis", "--latitude", "-33"), "one of --latitude"),
        (("--source", "synthetic"), "--year is missing"),
        (
            ("--source", "synthetic", "--latitude", "-33", "--longitude", "151"),
            "one place of its own",
        ),
        (("--source", "pvgis", "--dry-run"), "--dry-run and --json are for FILES"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    home: Home, services: _Services, words: tuple[str, ...], said: str
) -> None:
    _at_melbourne(home)

    done = home.run("import", "weather", *words)

    assert done.returncode == 4
    assert said in done.stderr
    assert not services.asked
    assert not (home.folder / "home.sqlite").exists()


def test_a_home_without_a_place_says_which_setting(
    home: Home, services: _Services
) -> None:
    done = home.run("import", "weather", "--source", "open-meteo", "--year", "2025")

    assert done.returncode == 2
    assert "set home.latitude_deg and home.longitude_deg" in done.stderr
    assert not services.asked


def test_the_made_up_homes_weather_needs_neither_place_nor_network(
    home: Home, services: _Services
) -> None:
    done, again = (
        home.run("import", "weather", "--source", "synthetic", "--year", "2025")
        for _ in range(2)
    )

    assert done.returncode == 0, done.stderr
    assert not services.asked
    # 367 days x 288 intervals of 5 minutes x 5 quantities
    assert "  synthetic: 105,696 rows, 528,480 values: 528,480 new" in done.stdout
    assert "0 new, 0 changed, 528,480 unchanged" in again.stdout
    with closing(Store.open_read_only(home.folder / "home.sqlite")) as store:
        (place,) = store.weather_days.places()
        assert (place.source, place.interval_minutes) == ("synthetic", 5)
        assert (place.latitude_deg, place.longitude_deg) == (-37.8, 145.0)


def test_a_file_of_weather_is_imported_as_any_other(home: Home) -> None:
    (home.folder / "Melbourne.epw").write_text(epw())

    done = home.run("import", "weather", "Melbourne.epw")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "Melbourne.epw",
        # 8,760 hours x 5 quantities
        "  epw:Melbourne: 8,760 rows, 43,800 values: 43,800 new, 0 changed",
    ]
