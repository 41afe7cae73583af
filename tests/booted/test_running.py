"""A Pi on an ordinary day: units, secrets, pictures, memory, and what it writes."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.booted.card import CANARY, Card, scratch_copy
from tests.booted.figures import Figures
from tests.booted.guest import Guest, booted
from tests.booted.machine import BUILD
from tests.booted.pictures import share_of_lone_edge, size
from tests.booted.processes import (
    UNITS,
    cpu_seconds,
    pids,
    pids_of,
    pss_kb,
    written_bytes,
)
from tests.booted.record import fill_record

BEAT_WITHIN_SECONDS = 30.0
MOST_EXPOSURE = 1.5
KIOSK = "home-energy-kiosk"
WATCHED_SECONDS = 300.0
"""One whole turn of the price: the collector writes once in it."""
MOST_MB_PER_DAY = 100.0
SECTOR_BYTES = 512

OUR_UNITS = "/etc/systemd/system/home-energy-*.{service,timer,path}"
PAGES = ("/", "/?kiosk=1", "/health", "/device", "/metrics", "/api/v1/health")
KEPT = (
    "/var/lib/home-energy /var/cache/home-energy /run/home-energy "
    "/run/home-energy-kiosk /var/log /tmp"
)
PLACES = (
    "journalctl --no-pager -o export",
    "cat /proc/[0-9]*/cmdline",
    "cat /proc/[0-9]*/environ",
    "systemctl show '*'",
    "zcat -f /var/lib/home-energy/backups/*",
    f"find {KEPT} -xdev -type f -print0 | xargs -0 cat",
)
CANARY_FILE = "/opt/pretended/token"

NIGHT = '\n[dashboard]\nnight_start = "00:01"\nnight_end = "00:00"\n'


@pytest.fixture(scope="module")
def guest(card: Card, figures: Figures) -> Iterator[Guest]:
    """A guest that has run for years: its record is full."""
    with scratch_copy(card) as copy:
        fill_record(copy)
        with booted(copy) as running:
            running.wait_for_beat()
            figures.note(
                "boot to page beat, two years on record",
                f"{running.up_seconds:.1f} s",
                "< 30 s",
            )
            running.wait_until(lambda: _price(running) is not None, what="a price")
            figures.note("boot to a price on the page", f"{running.up_seconds:.1f} s")
            yield running


def test_boot_leaves_nothing_failed(guest: Guest, figures: Figures) -> None:
    settled = guest.wait_until_settled()

    failed = guest.run("systemctl", "--failed", "--no-legend", "--plain")
    startup = guest.run("systemd-analyze", "time").splitlines()[0]
    figures.note("systemctl is-system-running", settled, "running")
    figures.note("systemd-analyze time", startup)
    assert settled == "running"
    assert failed == ""


def test_units_are_understood_without_a_word(guest: Guest) -> None:
    done = guest.try_run("bash", "-c", f"systemd-analyze verify --man=no {OUR_UNITS}")

    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize("unit", ["home-energy-collect", "home-energy-dashboard"])
def test_services_are_hardly_exposed(guest: Guest, figures: Figures, unit: str) -> None:
    told = guest.run("systemd-analyze", "security", "--no-pager", f"{unit}.service")

    (score,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", told)
    figures.note(f"systemd-analyze security {unit}", score, f"<= {MOST_EXPOSURE}")
    assert float(score) <= MOST_EXPOSURE


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/home-energy", "/etc/home-energy/home.toml"),
        *("/etc/home-energy/amber-token", "/var/lib/home-energy"),
        *("/var/lib/home-energy/home.sqlite", "/run/home-energy"),
        "/run/credentials/home-energy-collect.service",
    ],
)
def test_browsers_user_can_read_nothing_of_ours(guest: Guest, path: str) -> None:
    there = guest.try_run("test", "-e", path)
    as_browser = guest.try_run(
        *("setpriv", f"--reuid={KIOSK}", f"--regid={KIOSK}", "--init-groups"),
        *("sh", "-c", f"ls {path} && cat {path}"),
    )

    assert there.returncode == 0
    assert b"denied" in as_browser.stderr
    assert as_browser.stdout == b""


def test_browsers_user_cannot_look_into_other_programs(guest: Guest) -> None:
    (pid, *_) = pids(guest, "home-energy-collect")

    for name in (
        *(f"/proc/{pid}/{one}" for one in ("fd/", "cwd/", "root/etc/home-energy")),
        *(
            f"/proc/{pid}/{one} >&2; cat /proc/{pid}/{one}"
            for one in ("environ", "mem")
        ),
    ):
        looked = guest.try_run(
            *("setpriv", f"--reuid={KIOSK}", f"--regid={KIOSK}", "--init-groups"),
            *(
                "ls" if name.endswith(("fd", "/", "energy")) else "cat",
                f"/proc/{pid}/{name}",
            ),
        )
        assert looked.returncode != 0, name
        assert looked.stdout == b""


def test_browser_locks_its_renderers_in(guest: Guest) -> None:
    all_of_it = {
        pid: guest.run("cat", f"/proc/{pid}/cmdline") for pid in pids(guest, KIOSK)
    }
    renderers = [pid for pid, words in all_of_it.items() if "--type=renderer" in words]
    (browser,) = [
        pid
        for pid, words in all_of_it.items()
        if "chromium" in words.split("\0")[0]
        and "--type=" not in words
        and "crashpad" not in words
    ]

    assert renderers
    assert pids_of(guest, KIOSK, "--no-sandbox") == []
    for pid in renderers:
        status = guest.run("cat", f"/proc/{pid}/status")
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status
        for kind in ("user", "pid", "net"):
            own = guest.run("readlink", f"/proc/{pid}/ns/{kind}")
            assert own != guest.run("readlink", f"/proc/{browser}/ns/{kind}")


def test_token_is_nowhere_but_in_its_file(guest: Guest) -> None:
    guest.run("/usr/local/bin/home-energy", "upkeep", timeout_seconds=300)
    for page in PAGES:
        assert CANARY.encode() not in guest.ask(page)[1], page

    found = {
        # The pattern comes from a file: among arguments it would find itself.
        place: guest.shell(
            f"({place}) 2>/dev/null | grep -ac -f {CANARY_FILE} || true"
        ).strip()
        for place in PLACES
    }
    backups = guest.run("ls", "/var/lib/home-energy/backups")

    assert found == dict.fromkeys(PLACES, "0")
    assert backups != ""


def test_an_ordinary_time_costs_little(guest: Guest, figures: Figures) -> None:
    guest.run("sync")
    cpu_before = {unit: cpu_seconds(guest, unit) for unit in UNITS}
    before = {unit: written_bytes(guest, unit) for unit in UNITS}
    card_before = _card_written_bytes(guest)
    began = time.monotonic()
    time.sleep(WATCHED_SECONDS)
    guest.run("sync")
    passed_seconds = time.monotonic() - began
    a_day = 86_400 / passed_seconds / 1e6
    card_mb = (_card_written_bytes(guest) - card_before) * a_day

    for unit in UNITS:
        share = (cpu_seconds(guest, unit) - cpu_before[unit]) / passed_seconds
        grown_mb = (written_bytes(guest, unit) - before[unit]) * a_day
        figures.note(
            f"{unit}: CPU and writing over {passed_seconds:.0f} s, memory (Pss)",
            f"{share:.1%} of a core, {grown_mb:.1f} MB a day, "
            f"{pss_kb(guest, unit) / 1024:.0f} MB",
        )
    figures.note(
        f"whole card: written over {passed_seconds:.0f} s, as much all day",
        f"{card_mb:.0f} MB a day",
        f"<= {MOST_MB_PER_DAY:.0f} MB",
    )
    assert card_mb <= MOST_MB_PER_DAY


def test_browser_writes_nothing_to_the_card(guest: Guest, figures: Figures) -> None:
    written = written_bytes(guest, KIOSK)
    files = guest.run("find", "/", "-xdev", "-user", KIOSK)

    figures.note(
        f"browser: written in {guest.up_seconds:.0f} s", f"{written} bytes", "0"
    )
    assert written == 0
    assert files == ""


def test_what_lies_on_the_card(guest: Guest, figures: Figures) -> None:
    for path in (
        "/",
        "/opt/home-energy",
        "/var/lib/home-energy",
        "/var/cache/home-energy",
    ):
        size_mb = guest.run("du", "-sxm", path).split()[0]
        figures.note(f"on the card: {path}", f"{size_mb} MB")
    packages = guest.run("dpkg-query", "-f", ".\n", "-W").count(".")
    figures.note("packages of Debian", str(packages))


@pytest.mark.parametrize(
    ("mode", "transform", "shown"),
    [
        ("800x480", "normal", (800, 480)),
        ("720x1280", "normal", (720, 1280)),
        ("720x1280", "90", (1280, 720)),
        ("800x480", "180", (800, 480)),
        ("800x480", "270", (480, 800)),
    ],
)
@pytest.mark.parametrize("time_of_day", ["day", "night"])
def test_page_fills_the_panel_however_it_is_turned(
    guest: Guest, time_of_day: str, mode: str, transform: str, shown: tuple[int, int]
) -> None:
    _make_it(guest, time_of_day)

    guest.show(mode, transform)
    guest.wait_for_beat()
    png = guest.picture()

    (BUILD / f"kiosk-{mode}-{transform}-{time_of_day}.png").write_bytes(png)
    assert size(png) == shown
    assert share_of_lone_edge(png) < 0.5


def _make_it(guest: Guest, time_of_day: str) -> None:
    """Let it be day or night on the screen, by the settings."""
    settings = guest.folder / "etc/home-energy/home.toml"
    text = settings.read_text()
    wanted = text.replace(NIGHT, "") + (NIGHT if time_of_day == "night" else "")
    if wanted != text:
        settings.write_text(wanted)
        guest.run("systemctl", "restart", "home-energy-dashboard")
        guest.wait_until_served()
        guest.run("systemctl", "restart", KIOSK)
        guest.wait_for_beat()


def _price(guest: Guest) -> float | None:
    status, body = guest.ask("/api/v1/now")
    if status != 200:
        return None
    current = json.loads(body)["general"]["current"]
    return None if current is None else float(current["c_per_kwh"])


def _card_written_bytes(guest: Guest) -> int:
    """What the whole guest has brought to its card, from outside."""
    (device,) = {
        line.split()[2]
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
        if line.split()[4] == str(guest.folder)
    }
    stat = Path(f"/sys/dev/block/{device}/stat").read_text().split()
    return int(stat[6]) * SECTOR_BYTES
