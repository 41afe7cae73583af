"""A whole machine with a panel, a finger and a watchdog: from the power switch on.

Dear, so few: what a guest without a kernel of its own cannot show.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.booted.card import Card, inserted
from tests.booted.figures import Figures
from tests.booted.machine import BUILD
from tests.booted.panel_card import PanelCard, made_panel_card, own_panel_card
from tests.booted.panel_machine import (
    HEIGHT,
    QEMU,
    WIDTH,
    acceleration,
    far_amber,
    free_port,
    panel,
)
from tests.booted.pictures import share_of_the_browsers_own, share_that_differs, size
from tests.booted.qemu import Machine, waited
from tests.booted.record import Key, Rows, Truth, fill_record, lost, read_card, twice

PICTURES = BUILD / "pictures"

SETTINGS = "etc/home-energy/home.toml"

ALWAYS_NIGHT = '\n[dashboard]\nnight_start = "00:00"\nnight_end = "23:59"\n'

BOOT_SECONDS = 600
"""An emulated processor on a busy machine; what it took is noted."""

PRICE = (0.3, 0.4)
"""Share of width and height: where the price stands, which leads to /health."""

MOST_OF_THE_BROWSERS_OWN = 0.2

HEAR_BRIGHTNESS = """
import os, socket
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("/run/home-energy/backlight.sock")
os.chmod("/run/home-energy/backlight.sock", 0o666)
while True:
    with open("/run/brightness", "a") as told:
        told.write(heard.recv(64).decode() + "\\n")
"""

pytestmark = pytest.mark.timeout(3000)


@pytest.fixture(scope="module", autouse=True)
def _only_when_named(request: pytest.FixtureRequest) -> None:
    if not any("test_panel" in argument for argument in request.config.args):
        pytest.skip(
            "left out, it wants a quiet machine: name tests/booted/test_panel.py"
        )


@pytest.fixture(scope="module")
def made(card: Card) -> PanelCard:
    if shutil.which(QEMU) is None:
        pytest.skip(f"left out: {QEMU} is not installed")
    return made_panel_card(card)


@pytest.fixture(scope="module")
def night_card(made: PanelCard) -> Iterator[Card]:
    with own_panel_card(made) as copy:
        fill_record(copy)
        with inserted(copy) as root, (root / SETTINGS).open("a") as settings:
            settings.write(ALWAYS_NIGHT)
        yield copy


@pytest.fixture(scope="module")
def amber_port() -> Iterator[int]:
    port = free_port()
    with far_amber(port):
        yield port


@pytest.fixture(scope="module")
def machine(made: PanelCard, night_card: Card, amber_port: int) -> Iterator[Machine]:
    """One machine for the tests of this file that do not ask for their own."""
    with panel(made, night_card, amber_port) as running:
        yield running


def test_the_page_stands_on_the_panel_without_anybodys_help(
    machine: Machine, made: PanelCard, figures: Figures
) -> None:
    waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")

    seconds = machine.seconds()
    time.sleep(3)
    picture = _picture(machine, "panel")
    assert size(picture) == (WIDTH, HEIGHT)
    assert share_of_the_browsers_own(picture) < MOST_OF_THE_BROWSERS_OWN
    assert machine.run("systemctl --failed --plain --no-legend") == ""
    figures.note(
        f"panel {WIDTH} x {HEIGHT} on a KMS output, seatd, "
        f"{acceleration(made.kernel)[1]}: power switch to the page's first beat",
        f"{seconds:.0f} s; up for {_up_seconds(machine):.0f} s of its own",
    )


def test_a_touch_at_night_wakes_and_the_next_one_opens_a_page(
    machine: Machine, figures: Figures
) -> None:
    waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")
    machine.run(f"(python3 -c '{HEAR_BRIGHTNESS}' </dev/null >/dev/null 2>&1 &)")
    waited(lambda: _brightness(machine) == "5", 60, "the panel dimmed for the night")
    asleep = _picture(machine, "panel-night")

    machine.tap(*PRICE)
    woken_seconds = waited(
        lambda: _brightness(machine) == "100", 30, "the panel woken", every_seconds=0.2
    )
    time.sleep(5)
    awake = _picture(machine, "panel-woken")
    machine.tap(*PRICE)
    time.sleep(10)
    opened = _picture(machine, "panel-touched")

    assert share_that_differs(asleep, awake) > 0.3
    assert share_that_differs(awake, opened) > 0.2
    figures.note(
        "touch at night: full brightness told to the panel", f"{woken_seconds:.1f} s"
    )


@pytest.mark.parametrize("waits_for", ["kernel.panic", "the hardware's watchdog"])
def test_after_a_panic_of_the_kernel_the_page_comes_back(
    machine: Machine, figures: Figures, waits_for: str
) -> None:
    waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")
    before = machine.run("cat /proc/sys/kernel/random/boot_id")
    if waits_for != "kernel.panic":
        assert machine.run("sysctl -w kernel.panic=0").endswith("= 0")

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        machine.run("echo c >/proc/sysrq-trigger", timeout_seconds=5)
    waited(lambda: _boot(machine) not in ("", before), BOOT_SECONDS, "another boot")
    waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")

    figures.note(
        f"panic of the kernel, {waits_for} starts it anew: page's beat after",
        f"{time.monotonic() - began:.0f} s",
    )


def test_after_a_power_cut_the_page_comes_back(
    machine: Machine,
    made: PanelCard,
    night_card: Card,
    amber_port: int,
    figures: Figures,
) -> None:
    waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")

    machine.cut_power()
    before = read_card(night_card).found
    with panel(made, night_card, amber_port) as again:
        waited(lambda: _has_beaten(again), BOOT_SECONDS, "a beat of the page")
        seconds = again.seconds()
        again.cut_power()

    on_card = read_card(night_card)
    new = _not_in(before, on_card.found)
    assert on_card.integrity == "ok"
    assert lost(before, on_card.found) == []
    assert Truth().wrong(new) == []
    figures.note(
        "power cut: power switch to the page's beat; the record after it",
        f"{seconds:.0f} s; ok, {len(before.rows)} rows, 0 lost, {len(new)} new",
    )


@pytest.mark.parametrize("clock", ["2001", "2 hours slow", "2 hours fast"])
def test_a_wrong_clock_is_told_and_spoils_no_record(
    made: PanelCard, figures: Figures, clock: str
) -> None:
    port = free_port()
    with own_panel_card(made) as own, ExitStack() as later:
        fill_record(own)
        before = read_card(own).found
        base = f"base={_rtc(clock):%Y-%m-%dT%H:%M:%S}"
        with panel(made, own, port, "-rtc", base) as machine:
            waited(lambda: _has_beaten(machine), BOOT_SECONDS, "a beat of the page")
            off_seconds = float(machine.run("date +%s")) - time.time()
            asked = _now(machine)
            time.sleep(5)
            _picture(machine, f"clock-{clock.replace(' ', '-')}")
            said = machine.run("curl -s 'http://127.0.0.1:5050/?kiosk=1'")
            later.enter_context(far_amber(port))
            waited(
                lambda: _now(machine).get("current") is not None, 300, "a price of now"
            )
            time.sleep(15)
            _picture(machine, f"clock-{clock.replace(' ', '-')}-right")
            machine.cut_power()
        after = read_card(own).found

    new = _not_in(before, after)
    assert abs(off_seconds) > 3600
    assert asked["current"] is None
    assert asked["freshness"] == "checking_time"
    assert "checking time" in said
    assert new
    assert twice(after.rows) == 0
    assert Truth().wrong(new) == []
    assert -600 < after.newest_s - time.time() <= 60
    figures.note(
        f"clock {clock}, no NTP: off by {off_seconds:.0f} s, told as",
        f"'checking time'; then {len(new)} new rows, 0 twice, 0 wrong",
    )


def _not_in(before: Rows, after: Rows) -> dict[Key, tuple[float, int]]:
    return {key: row for key, row in after.rows.items() if before.rows.get(key) != row}


def _rtc(clock: str) -> datetime:
    now = datetime.now(UTC)
    return {
        "2001": datetime(2001, 1, 1, tzinfo=UTC),
        "2 hours slow": now - timedelta(hours=2),
        "2 hours fast": now + timedelta(hours=2),
    }[clock]


def _told(machine: Machine, command: str) -> str:
    """What a command says; nothing while the machine is not that far."""
    try:
        return machine.run(command, timeout_seconds=20)
    except TimeoutError:
        return ""


def _json(machine: Machine, path: str) -> dict[str, Any]:
    said = _told(machine, f"curl -s --max-time 15 http://127.0.0.1:5050{path}")
    answer: dict[str, Any] = json.loads(said) if said.startswith("{") else {}
    return answer


def _has_beaten(machine: Machine) -> bool:
    age_seconds = _json(machine, "/healthz").get("page_beat_age_seconds")
    return age_seconds is not None and age_seconds < 20


def _now(machine: Machine) -> dict[str, Any]:
    """Price of the home's general channel; empty while nobody answers."""
    general: dict[str, Any] = _json(machine, "/api/v1/now").get("general", {})
    return general


def _boot(machine: Machine) -> str:
    return _told(machine, "cat /proc/sys/kernel/random/boot_id")


def _brightness(machine: Machine) -> str:
    return _told(machine, "tail -n 1 /run/brightness")


def _up_seconds(machine: Machine) -> float:
    return float(machine.run("cat /proc/uptime").split()[0])


def _picture(machine: Machine, name: str) -> bytes:
    path = PICTURES / f"{name}.png"
    machine.picture(path)
    return path.read_bytes()
