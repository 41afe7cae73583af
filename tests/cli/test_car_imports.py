"""A car's history as a person brings it: from files of three apps, and from Tessie."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from tests.cli.conftest import Home
from tests.ingestion.car_exports import EXPORTS, TESSIE_ANSWERS, VIN

TOKEN = "canary-5f3e-token"
TESLAFI = str(EXPORTS / "TeslaFi42025.csv")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[httpx.Request]]:
    """Stands in for Tessie: its recorded answers, and what was asked."""
    requests: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        name = request.url.path.rpartition("/")[2]
        content = (TESSIE_ANSWERS / f"{name}.json").read_bytes()
        return httpx.Response(200, content=content)

    client = httpx.Client(transport=httpx.MockTransport(reply))
    monkeypatch.setattr(httpx, "Client", lambda: client)
    yield requests
    client.close()


@pytest.fixture
def car_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("TESSIE_TOKEN", "TESSIE_VIN"):
        monkeypatch.delenv(name, raising=False)
    return home


def _dump(home: Home) -> str:
    store = home.folder / "home.sqlite"
    if not store.exists():
        return ""
    with closing(sqlite3.connect(store)) as connection:
        return "\n".join(connection.iterdump())


def test_three_apps_go_on_record_and_coverage_lists_them(car_home: Home) -> None:
    answers = [str(TESSIE_ANSWERS / f"{kind}.json") for kind in ("drives", "charges")]

    tessie = car_home.run("import", "tessie", *answers, "--units", "km", "--car", VIN)
    teslamate = car_home.run(
        "import",
        "teslamate",
        str(EXPORTS / "teslamate_drives.csv"),
        str(EXPORTS / "teslamate_charges.csv"),
    )
    teslafi = car_home.run("import", "teslafi", TESLAFI)
    again = car_home.run("import", "teslafi", TESLAFI)
    coverage = car_home.run("coverage", "--json")

    assert tessie.stdout.splitlines()[:2] == [
        "drives.json",
        "  tessie: 8 rows, 7 values: 7 new, 0 changed",
    ]
    assert "  teslamate: 8 rows, 6 values: 6 new, 0 changed" in teslamate.stdout
    assert "  teslafi: 40 rows, 5 values: 5 new, 0 changed" in teslafi.stdout
    assert "0 new, 0 changed, 5 unchanged" in again.stdout
    cars = json.loads(coverage.stdout)["cars"]
    assert [(one["source"], one["car"]) for one in cars] == [
        ("teslafi", "ST0042"),
        ("teslamate", "1"),
        ("tessie", "ST0042"),
    ]
    # Composed so that 67 % were left and 88 % found, and no charge tells why.
    assert cars[2] == {
        "source": "tessie",
        "car": "ST0042",
        "first_utc": "2025-04-03T21:02:11Z",
        "last_utc": "2025-04-07T23:02:00Z",
        "drive_count": 7,
        "km": pytest.approx(150.4, abs=1e-9),  # 14.2+14.4+79.3+14.2+14.1+14.2+0
        "without_energy_count": 1,
        "charge_count": 2,
        "added_kwh": pytest.approx(43.9, abs=1e-9),  # 15.5 + 28.4
        "missing_charge_count": 1,
    }
    assert VIN not in _dump(car_home)


def test_coverage_says_it_in_words(car_home: Home) -> None:
    car_home.run("import", "teslafi", TESLAFI, "--car", "Red")

    done = car_home.run("coverage", "--year", "2025")

    assert done.returncode == 0, done.stderr
    assert "Cars" in done.stdout
    assert "- teslafi Red: 3 of 3 drives without energy" in done.stdout
    assert "- teslafi Red: charges missing: 1" in done.stdout


def test_the_past_is_asked_for_by_local_days(
    car_home: Home, asked: list[httpx.Request]
) -> None:
    (car_home.folder / "config" / ".env").write_text(
        f"TESSIE_TOKEN={TOKEN}\nTESSIE_VIN={VIN}\n"
    )

    done = car_home.run(
        "import", "tessie", "--from", "2025-04-04", "--to", "2025-04-05"
    )

    assert done.returncode == 0, done.stderr
    assert [request.url.path for request in asked] == [
        f"/{VIN}/drives",
        f"/{VIN}/charges",
    ]
    # Melbourne's 4 April begins at 13:00 UTC on the 3rd: two of the drives, and both
    # of the charges that have energy, began on the two days.
    assert (
        "Tessie drives ST0042 2025-04-03 13:00 to 2025-04-05 13:00 UTC" in done.stdout
    )
    assert "  tessie: 2 rows, 2 values: 2 new" in done.stdout
    told = done.stdout + done.stderr + _dump(car_home)
    assert TOKEN not in told
    assert VIN not in told


def test_files_go_to_the_car_of_the_settings(car_home: Home) -> None:
    (car_home.folder / "config" / ".env").write_text(f"TESSIE_VIN={VIN}\n")

    car_home.run("import", "tessie", str(EXPORTS / "tessie_drives.csv"))
    coverage = car_home.run("coverage", "--json")

    (car,) = json.loads(coverage.stdout)["cars"]
    assert car["car"] == "ST0042"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tessie",), 4, "found neither"),
        (("tessie", "x.csv", "--from", "2025-01-01"), 4, "found both"),
        (("tessie", "--to", "2025-01-01"), 2, "no TESSIE_TOKEN"),
        (("tessie", "--from", "2025-01-01"), 2, "no TESSIE_TOKEN in config/.env"),
        (("tessie", "--from", "2025-01-01", "--json"), 4, "are for FILES"),
        (
            ("tessie", TESLAFI, "--units", "miles"),
            4,
            "--units miles: expected km or mi",
        ),
        (("tessie", TESLAFI, "--timezone", "Sydney"), 4, "no such zone"),
        (("tessie", TESLAFI), 4, "no export of Tessie's that is read"),
        (("teslamate", TESLAFI), 4, "docs/sources/teslamate.md"),
        (("teslafi", str(EXPORTS / "tessie_drives.csv")), 4, "Download TeslaFi Data"),
        (("teslafi", "absent.csv"), 4, "there is no such file"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    car_home: Home, words: tuple[str, ...], code: int, said: str
) -> None:
    done = car_home.run("import", *words)

    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert _dump(car_home) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2025-04-05", "--to", "2025-04-04"), "expected a day before"),
        (("--from", "2999-01-01"), "expected a day before"),
        (("--to", "2025-04-04"), "--from YYYY-MM-DD is missing"),
    ],
)
def test_days_that_are_none_are_not_asked_for(
    car_home: Home, asked: list[httpx.Request], words: tuple[str, ...], said: str
) -> None:
    (car_home.folder / "config" / ".env").write_text(
        f"TESSIE_TOKEN={TOKEN}\nTESSIE_VIN={VIN}\n"
    )

    done = car_home.run("import", "tessie", *words)

    assert done.returncode == 4
    assert said in done.stderr
    assert not asked


def test_a_dry_run_keeps_nothing(car_home: Home) -> None:
    done = car_home.run("import", "teslafi", TESLAFI, "--dry-run")

    assert "5 new" in done.stdout
    assert _dump(car_home) == ""
