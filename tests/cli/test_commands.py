"""The commands as a person types them, against a local Amber over real HTTP."""

import json
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import TOKEN, AmberServer, CommandLine

Wait = Callable[[Callable[[], bool]], None]


def price_count(store: Path) -> int:
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as connection:
        try:
            count: int = connection.execute("SELECT count(*) FROM price").fetchone()[0]
        except sqlite3.OperationalError:  # not made yet
            return 0
        return count


def collect_some(
    command_line: CommandLine, amber_server: AmberServer, wait_until: Wait
) -> str:
    """Run the collector until a week of three channels is there; return its log."""
    command_line.configure(amber_server.address)
    collector = command_line.start("collect")
    wait_until(lambda: price_count(command_line.folder / "home.sqlite") > 6000)
    collector.send_signal(signal.SIGTERM)
    log, _ = collector.communicate(timeout=10)
    assert collector.returncode == 0
    return log


def test_a_collected_home_tells_its_price_and_is_found_healthy(
    command_line: CommandLine, amber_server: AmberServer, wait_until: Wait
) -> None:
    log = collect_some(command_line, amber_server, wait_until)

    now = command_line.run("now")
    now_json = command_line.run("now", "--json")
    doctor = command_line.run("doctor", "--json")

    assert "price history" in log
    assert now.returncode == 0, now.stderr
    assert "c/kWh until" in now.stdout
    assert "DEMO" in now.stdout
    answer = json.loads(now_json.stdout)
    assert answer["general"]["freshness"] == "fresh"
    names = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    assert names["configuration"]["is_ok"]
    assert names["amber"]["is_ok"]
    assert names["clock"]["is_ok"]
    shown = log + now.stdout + now_json.stdout + doctor.stdout + doctor.stderr
    assert TOKEN not in shown


def test_coverage_is_whole_for_days_that_were_imported(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)

    imported = command_line.run(
        "import", "amber", "--start", "2026-03-01", "--end", "2026-03-03"
    )
    covered = command_line.run(
        "coverage", "--json", "--start", "2026-03-01", "--end", "2026-03-04"
    )

    assert imported.returncode == 0, imported.stderr
    # 3 days x 3 channels x 288 prices; usage of March is beyond the 90 days.
    assert "2,592 rows" in imported.stdout
    channels = json.loads(covered.stdout)["channels"]
    assert [c["covered_percent"] for c in channels] == [75.0, 75.0, 75.0]
    assert [c["gaps"] for c in channels] == [
        [{"start_utc": "2026-03-03T14:00:00Z", "end_utc": "2026-03-04T14:00:00Z"}]
    ] * 3


def test_sigterm_ends_the_collector_within_two_seconds_in_the_middle_of_a_hang(
    command_line: CommandLine, amber_server: AmberServer, wait_until: Wait
) -> None:
    command_line.configure(amber_server.address)
    collector = command_line.start("collect")
    store = command_line.folder / "home.sqlite"
    wait_until(lambda: price_count(store) > 0)
    amber_server.faults.is_on = True  # every answer from now on hangs for 30 s
    rows_before = -1

    def is_hanging() -> bool:
        nonlocal rows_before
        before, rows_before = rows_before, price_count(store)
        time.sleep(1.0)
        return before == rows_before

    wait_until(is_hanging)
    asked_at = time.monotonic()
    collector.send_signal(signal.SIGTERM)
    collector.communicate(timeout=10)

    assert collector.returncode == 0
    assert time.monotonic() - asked_at < 2.0  # the promise itself, not a timing
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_a_second_collector_on_one_store_is_refused(
    command_line: CommandLine, amber_server: AmberServer, wait_until: Wait
) -> None:
    command_line.configure(amber_server.address)
    first = command_line.start("collect")
    wait_until(lambda: price_count(command_line.folder / "home.sqlite") > 0)

    second = command_line.run("collect")

    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=10)
    assert second.returncode == 1
    assert "another collector is running" in second.stderr


def test_serve_shows_a_page_and_names_a_port_in_use(
    command_line: CommandLine, amber_server: AmberServer
) -> None:
    command_line.configure(amber_server.address)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])

        refused = command_line.run("serve", "--port", port)

    assert refused.returncode == 2
    assert f"port {port}" in refused.stderr
    assert "PORT" in refused.stderr


def test_a_replay_with_faults_ends_with_a_record_that_agrees_with_the_file(
    command_line: CommandLine, recording: Path
) -> None:
    compare = (
        *("--config", "demo-home/config", "coverage", "--json"),
        *("--against", str(recording)),
    )

    replay = command_line.run(
        *("demo", "--replay", str(recording), "--start", "2026-03-03"),
        *("--days", "1", "--faults", "all=0.02"),
    )
    faithful = json.loads(command_line.run(*compare).stdout)["against"]
    change_first_price(command_line.folder / "demo-home" / "replay.sqlite")
    changed = json.loads(command_line.run(*compare).stdout)["against"]

    assert replay.returncode == 0, replay.stderr
    # From the first row to the end of the calm day: 4 days, 48 half-hours, 2 channels.
    assert faithful["file_intervals"] >= 4 * 48 * 2
    assert faithful["equal"] == faithful["file_intervals"]
    assert faithful["covered_percent"] == 100.0
    assert changed["different"] == 1
    assert changed["first_faults"][0]["channel"] == "general"


def change_first_price(store: Path) -> None:
    """Change one price by more than the comparison forgives."""
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(
            "UPDATE price SET c_per_kwh = c_per_kwh + 1e-8 WHERE channel = 1 "
            "AND start_utc_s = (SELECT min(start_utc_s) FROM price)"
        )
