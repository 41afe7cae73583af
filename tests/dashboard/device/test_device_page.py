"""The device page: what is known of the machine, and what may be asked of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from home_energy import __version__
from home_energy.dashboard.device import view
from home_energy.dashboard.device.addresses import address_words
from home_energy.dashboard.health.machine_watch import MachineWatch
from tests.browser.scenes import SCENES, record
from tests.dashboard.recorded_home import RecordedHome


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordedHome]:
    """12:37 pm on 24 November 2026 in Sydney, with a price that is up to date."""
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{runtime}:{tmp_path}")
    monkeypatch.setattr(view, "own_address", lambda: "192.168.1.20")
    home = record(tmp_path, SCENES["cheap"])
    yield home
    home.store.close()


def facts(home: RecordedHome) -> dict[str, str]:
    text = home.client().get("/device").text
    return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text))


def test_it_tells_what_is_known(home: RecordedHome) -> None:
    known = facts(home)

    assert known["Version"].startswith(__version__)
    # The clock of the tests stands at 1000 seconds since the machine's start.
    assert known["Running"].startswith("0 min, the machine 17 min")
    assert known["Prices"] == "up to date"
    assert known["Collector"] == "not stopped since the start"
    assert known["Clock"] == "from the network"
    assert known["Address"] == "192.168.1.20, only this screen looks"


def test_on_a_pi_it_tells_which_one_and_how_warm(
    home: RecordedHome, tmp_path: Path
) -> None:
    board = tmp_path / "root" / "proc" / "device-tree"
    heat = tmp_path / "root" / "sys" / "class" / "thermal" / "thermal_zone0"
    for folder in (board, heat):
        folder.mkdir(parents=True)
    (board / "model").write_text("Raspberry Pi 5 Model B Rev 1.0\0")
    (heat / "type").write_text("cpu-thermal\n")
    (heat / "temp").write_text("51850\n")
    app = home.app()
    app.extensions["home_energy"].machine = MachineWatch(home.clock, tmp_path / "root")

    text = app.test_client().get("/device").text

    assert f"{__version__} on a Raspberry Pi 5 Model B Rev 1.0" in text
    assert "the machine 17 min, 52 °C" in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        # 1 am UTC on 24 November 2026 is noon in Sydney.
        ("watchdog killed ABRT 1795482000\n", "hung, 12:00 pm"),
        ("exit-code exited 4 1795482000\n", "failed, exit code 4, 12:00 pm"),
        ("signal killed KILL 1795482000\n", "killed, KILL, 12:00 pm"),
        ("oom-kill killed KILL 1795482000\n", "took too much memory, 12:00 pm"),
        ("success exited 0 1795395600\n", "ended as planned, yesterday 12:00 pm"),
        ("new-word exited 0 1795482000\n", "new-word, 12:00 pm"),
        ("watchdog killed", "not stopped since the start"),
        ("watchdog killed ABRT 99999999999999999999\n", "not stopped since the start"),
    ],
)
def test_why_a_program_stopped_last_is_told(
    line: str, words: str, home: RecordedHome, tmp_path: Path
) -> None:
    (tmp_path / "run" / "home-energy-kiosk.stopped").write_text(line)

    assert facts(home)["Browser"] == words


@pytest.mark.parametrize(
    ("host", "address", "words"),
    [
        ("127.0.0.1", "192.168.1.20", "192.168.1.20, only this screen looks"),
        ("localhost", None, "no network, only this screen looks"),
        ("0.0.0.0", "192.168.1.20", "http://192.168.1.20:5050"),  # noqa: S104
        ("0.0.0.0", None, "no network"),  # noqa: S104
        ("192.168.7.7", "192.168.1.20", "http://192.168.7.7:5050"),
    ],
)
def test_it_tells_where_the_screen_can_be_seen(
    host: str, address: str | None, words: str
) -> None:
    assert address_words(host, 5050, address) == words


def test_without_a_record_the_rest_is_told(home: RecordedHome) -> None:
    home.store.close()
    home.path.unlink()

    known = facts(home)

    assert known["Prices"] == "none on record"
    assert known["Version"].startswith(__version__)


@pytest.mark.parametrize("action", ["reload", "restart", "power-off"])
def test_what_is_asked_for_lies_in_the_folder_of_wishes(
    action: str, home: RecordedHome, tmp_path: Path
) -> None:
    answer = home.client().post(f"/device/ask/{action}")

    assert answer.status_code == 202
    asked = tmp_path / "run" / "asked" / action
    assert asked.read_bytes() == b""


@pytest.mark.parametrize("path", ["/device/ask/format", "/device/ask/..%2Freload"])
def test_nothing_else_can_be_asked_for(
    path: str, home: RecordedHome, tmp_path: Path
) -> None:
    assert home.client().post(path).status_code == 404

    assert not (tmp_path / "run" / "asked").exists()


def test_looking_asks_for_nothing(home: RecordedHome) -> None:
    assert home.client().get("/device/ask/restart").status_code == 405


def test_where_nobody_would_act_there_is_no_button(
    home: RecordedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUNTIME_DIRECTORY")
    client = home.client()

    assert "data-ask" not in client.get("/device").text
    assert "not watched over here" in client.get("/device").text
    assert client.post("/device/ask/restart").status_code == 404


def test_a_folder_that_takes_no_word_is_said(
    home: RecordedHome, tmp_path: Path
) -> None:
    (tmp_path / "run" / "asked").touch()  # a file where the folder should be

    answer = home.client().post("/device/ask/restart")

    assert answer.status_code == 503
    assert "No word can be left for the machine." in answer.text
