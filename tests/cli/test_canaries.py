"""No secret leaves `.env`: not into a log, an answer, a process's arguments, a backup.

One home with a secret of every kind, whose services refuse or do not answer, is
collected, shown, examined and backed up by the real commands. Then every word that came
of it is looked through.
"""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import TOKEN, AmberServer, CommandLine
from tests.cli.dead_hosts import DEAD

from home_energy.dashboard.app import create_app
from home_energy.domain.clock import SystemClock
from home_energy.settings import load_settings

Wait = Callable[[Callable[[], bool]], None]

PIN = "481516234299"
SECRETS = {
    "AMBER_TOKEN": TOKEN,
    "DASHBOARD_PIN": PIN,
    "EMONCMS_KEY": "emoncms0canary0key",
    "MQTT_PASSWORD": "mqtt-canary-password",
    "MQTT_USERNAME": "mqtt-canary-name",
    "NTFY_TOKEN": "tk_ntfy_canary",
    "POWERWALL_PASSWORD": "powerwall-canary",
    "TESSIE_TOKEN": "tessie-canary-token",
    "TESSIE_VIN": "LRW3F7EK8CANARY42",
}
WEBHOOK_KEY = "webhook-canary-key"
WRONG_TOKEN = "psk_wrong_canary"
CANARIES = (*SECRETS.values(), WEBHOOK_KEY, WRONG_TOKEN)


@dataclass
class Shown:
    """All that anybody could see, by where it was seen."""

    places: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, text: str | bytes) -> None:
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        self.places[place] = self.places.get(place, "") + text

    def add_run(self, name: str, done: subprocess.CompletedProcess[str]) -> None:
        self.add(name, f"{done.returncode}\n{done.stdout}\n{done.stderr}")

    def leaks(self) -> set[tuple[str, str]]:
        return {
            (canary, place)
            for place, text in self.places.items()
            for canary in CANARIES
            if canary in text
        }


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port on which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def write_secrets(command_line: CommandLine, webhook: str) -> None:
    lines = [f"{name}={secret}" for name, secret in SECRETS.items()]
    lines.append(f"NOTIFY_WEBHOOK_URL={webhook}/hook/{WEBHOOK_KEY}?key={WEBHOOK_KEY}")
    (command_line.config / ".env").write_text("\n".join(lines) + "\n")


def look_at_process(shown: Shown, name: str, service: subprocess.Popen[str]) -> None:
    """Its arguments and environment, and those of what it started, as in `ps`."""
    pids = [str(service.pid)]
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += (task / "children").read_text().split()
        for what in ("cmdline", "environ"):
            shown.add(f"{what} of {name}", Path(f"/proc/{pid}/{what}").read_bytes())


def every_address(command_line: CommandLine) -> list[str]:
    """Every route that can be asked, and some that cannot."""
    app = create_app(load_settings(command_line.config, {}), SystemClock())
    filled = {
        str(rule).replace("<asked_version>", version("plotly"))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    paths = {re.sub(r"<any\((\w+)[^>]*>", r"\1", path) for path in filled}
    paths = {re.sub(r"<[^>]*>", "2026", path) for path in paths}
    return sorted({*paths, "/nothing", "/api/v1/prices?start=x", "/health/99"})


def look_at_answers(shown: Shown, command_line: CommandLine, url: str) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        for path in every_address(command_line):
            answer = client.get(path)
            shown.add(f"GET {path}", f"{answer.headers}\n{answer.text}")
        for pin in ("0000", PIN):
            proxied = {"X-Forwarded-For": "192.168.1.20"}
            answer = client.post("/pin", data={"pin": pin}, headers=proxied)
            shown.add("POST /pin", f"{answer.status_code} {answer.headers}\n")
            shown.add("POST /pin", answer.text)


def look_at_faults(shown: Shown, command_line: CommandLine) -> None:
    """What is said, with the whole trace, where a secret is wrong or out of place."""
    wrong = command_line.folder / "wrong"
    wrong.mkdir()
    home_toml = (command_line.config / "home.toml").read_text()
    (wrong / "home.toml").write_text(home_toml)
    (wrong / ".env").write_text(f"AMBER_TOKEN={WRONG_TOKEN}\n")
    days = ("--start", "2026-03-01", "--end", "2026-03-02")
    asked = ("--config", "wrong", "--debug", "import", "amber", *days)
    shown.add_run("refused", command_line.run(*asked))
    (wrong / "home.toml").write_text(
        f'[amber]\nbase_url = "https://{TOKEN}@example.org/"\n'
        f"[dashboard]\npin = {PIN}\n"
        f'[power.mqtt]\npassword = "{SECRETS["MQTT_PASSWORD"]}"\n'
    )
    misplaced = command_line.run("--config", "wrong", "--debug", "serve")
    shown.add_run("misplaced", misplaced)
    (wrong / "home.toml").unlink()
    (wrong / ".env").unlink()


def test_no_secret_leaves_its_file(
    command_line: CommandLine,
    amber_server: AmberServer,
    dead_port: int,
    wait_until: Wait,
) -> None:
    shown = Shown()
    command_line.configure(amber_server.address)
    home_toml = command_line.config / "home.toml"
    home_toml.write_text(home_toml.read_text() + DEAD.format(port=dead_port))
    write_secrets(command_line, amber_server.address)  # which answers it with 404
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    port = url.rpartition(":")[2]
    everywhere = "0.0.0.0"  # noqa: S104
    services = {
        "collect": command_line.start("collect"),
        "serve": command_line.start("serve", "--host", everywhere, "--port", port),
    }

    wait_until(lambda: has_price(url))
    for name, service in services.items():
        look_at_process(shown, name, service)
    look_at_answers(shown, command_line, url)
    look_at_faults(shown, command_line)
    for words in (
        ("doctor",),
        ("--debug", "notify", "--test"),
        ("upkeep", "--backup-to", "backup.sqlite"),
    ):
        shown.add_run(" ".join(words), command_line.run(*words))
    for name, service in services.items():
        service.send_signal(signal.SIGTERM)
        shown.add(name, service.communicate(timeout=20)[0])
    for file in command_line.folder.rglob("*"):
        if file.is_file() and file.name != ".env":
            name = str(file.relative_to(command_line.folder))
            shown.add(name, file.read_bytes())

    assert shown.leaks() == set()
    said = shown.places
    assert "python" in said["cmdline of serve"]
    assert "PATH=" in said["environ of collect"]
    assert "a wrong PIN was entered at 127.0.0.1" in said["serve"]
    assert "without encryption" in said["serve"]
    assert "HttpOnly" in said["POST /pin"]
    assert "Traceback" in said["refused"]
    assert "does not belong in home.toml" in said["misplaced"]
    assert "404" in said["--debug notify --test"]
    assert said["backup.sqlite"].startswith("SQLite format 3")
    assert len(said["home.sqlite"]) > 100_000


def has_price(url: str) -> bool:
    try:
        answer = httpx.get(f"{url}/api/v1/now", timeout=20)
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and answer.json()["general"] is not None
