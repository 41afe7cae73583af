"""Every program of ours is killed or stopped; somebody starts it anew, and soon."""

import time
from collections.abc import Callable, Iterator

import pytest
from tests.booted.card import Card, scratch_copy
from tests.booted.figures import Figures
from tests.booted.guest import Guest, booted
from tests.booted.machine import BUILD
from tests.booted.pictures import share_that_differs
from tests.booted.processes import browser_pid, pids_of

COLLECT = "home-energy-collect"
DASHBOARD = "home-energy-dashboard"
KIOSK = "home-energy-kiosk"
IN_A_ROW = 20
PAGE_WITHIN_SECONDS = 60.0
SURE_TO_BE_DEAD_SECONDS = 1.0
MOST_THAT_DIFFERS = 0.03
"""The time of day on the page; a bubble of the browser covers more."""

PRICE_LASTS_SECONDS, SPARE_SECONDS = 300, 60


@pytest.fixture(scope="module")
def guest(card: Card) -> Iterator[Guest]:
    with scratch_copy(card) as copy, booted(copy) as running:
        running.wait_for_beat()
        running.wait_until_settled()
        yield running


@pytest.mark.parametrize(
    ("what", "pid"),
    [
        ("guard", lambda guest: int(guest.unit(KIOSK, "MainPID"))),
        ("compositor", lambda guest: pids_of(guest, KIOSK, "cage\0-d")[-1]),
        ("browser", browser_pid),
        ("renderer", lambda guest: pids_of(guest, KIOSK, "--type=renderer")[-1]),
    ],
)
def test_page_comes_back_when_a_program_of_the_kiosk_is_killed(
    guest: Guest, figures: Figures, what: str, pid: Callable[[Guest], int]
) -> None:
    _at_rest(guest)

    began = time.monotonic()
    guest.run("kill", "-9", str(pid(guest)))
    seconds = guest.wait_for_beat(90, began + SURE_TO_BE_DEAD_SECONDS)

    seconds += SURE_TO_BE_DEAD_SECONDS
    figures.note(f"kill -9 {what}: page beats", f"{seconds:.1f} s", "< 60 s")
    assert seconds < PAGE_WITHIN_SECONDS


def test_page_comes_back_when_its_renderer_hangs(
    guest: Guest, figures: Figures
) -> None:
    _at_rest(guest)

    began = time.monotonic()
    for renderer in pids_of(guest, KIOSK, "--type=renderer"):
        guest.run("kill", "-STOP", str(renderer))
    seconds = guest.wait_for_beat(90, began + SURE_TO_BE_DEAD_SECONDS)

    seconds += SURE_TO_BE_DEAD_SECONDS
    figures.note("SIGSTOP renderer: page beats", f"{seconds:.1f} s", "< 60 s")
    assert seconds < PAGE_WITHIN_SECONDS


def test_killed_dashboard_serves_again(guest: Guest, figures: Figures) -> None:
    _at_rest(guest)

    old = guest.unit(DASHBOARD, "MainPID")
    began = time.monotonic()
    guest.run("kill", "-9", old)
    guest.wait_until(lambda: guest.health() is not None)
    served_seconds = time.monotonic() - began
    beat_seconds = guest.wait_for_beat(90, began)

    figures.note("kill -9 dashboard: serves", f"{served_seconds:.1f} s")
    figures.note("kill -9 dashboard: page beats", f"{beat_seconds:.1f} s", "< 60 s")
    assert guest.unit(DASHBOARD, "MainPID") != old
    assert beat_seconds < PAGE_WITHIN_SECONDS


def test_killed_collector_collects_again(guest: Guest, figures: Figures) -> None:
    _at_rest(guest)

    seconds = _renewed_after(guest, COLLECT, "-9")

    figures.note("kill -9 collector: collects", f"{seconds:.1f} s")
    assert seconds < PAGE_WITHIN_SECONDS


@pytest.mark.parametrize("unit", [COLLECT, DASHBOARD])
def test_hanging_service_is_started_anew(
    guest: Guest, figures: Figures, unit: str
) -> None:
    _at_rest(guest)

    seconds = _renewed_after(guest, unit, "-STOP")
    guest.wait_for_beat()

    figures.note(f"SIGSTOP {unit}: works again", f"{seconds:.1f} s", "< 90 s")
    assert seconds < 90


def test_nobody_gives_up_after_many_crashes(guest: Guest, figures: Figures) -> None:
    _at_rest(guest)

    began = time.monotonic()
    for _ in range(IN_A_ROW):
        old = {unit: guest.unit(unit, "MainPID") for unit in (COLLECT, DASHBOARD)}
        guest.run("kill", "-9", *old.values())
        guest.wait_until(
            lambda old=old: all(  # type: ignore[misc]
                guest.unit(unit, "MainPID") not in ("0", pid)
                for unit, pid in old.items()
            ),
            what="a new start of both",
        )
    took_seconds = time.monotonic() - began
    for unit in (COLLECT, DASHBOARD):
        _wait_until_active(guest, unit)
    guest.wait_for_beat()

    figures.note(
        f"{IN_A_ROW} x kill -9 of collector and dashboard in a row",
        f"both active, page beats; {took_seconds:.0f} s in all",
        "active",
    )


def test_nothing_asks_what_to_restore_after_a_crash(
    guest: Guest, figures: Figures
) -> None:
    guest.show()
    _wait_for_a_price_that_lasts(guest)
    before = guest.picture()

    profile = "/run/home-energy-kiosk/profile"
    began = time.monotonic()
    guest.run("kill", "-9", str(browser_pid(guest)))
    # What a crash and a name that another machine holds leave in a profile.
    guest.shell(
        f"mkdir -p {profile}/Default && "
        f"ln -sfn elsewhere-4711 {profile}/SingletonLock && "
        f"ln -sfn /nowhere/SingletonSocket {profile}/SingletonSocket && "
        'echo \'{"profile":{"exit_type":"Crashed","exited_cleanly":false}}\' '
        f"> {profile}/Default/Preferences"
    )
    guest.wait_for_beat(90, began + SURE_TO_BE_DEAD_SECONDS)
    guest.show()
    after = guest.picture()

    (BUILD / "before-crash.png").write_bytes(before)
    (BUILD / "after-crash.png").write_bytes(after)
    differs = share_that_differs(before, after)
    figures.note(
        "crashed profile and a foreign SingletonLock: picture that differs",
        f"{differs:.1%}",
        "no bubble",
    )
    assert differs < MOST_THAT_DIFFERS


def _at_rest(guest: Guest) -> None:
    for unit in (COLLECT, DASHBOARD, KIOSK):
        _wait_until_active(guest, unit)
    guest.wait_for_beat()


def _wait_until_active(guest: Guest, unit: str) -> None:
    guest.wait_until(
        lambda: guest.unit(unit, "ActiveState") == "active", what=f"active {unit}"
    )


def _renewed_after(guest: Guest, unit: str, signal: str) -> float:
    """Send a signal to a service; return when another stands there, ready. [s]"""
    old = guest.unit(unit, "MainPID")
    began = time.monotonic()
    guest.run("kill", signal, old)
    guest.wait_until(
        lambda: guest.unit(unit, "MainPID") not in ("0", old), what=f"another {unit}"
    )
    _wait_until_active(guest, unit)
    return time.monotonic() - began


def _wait_for_a_price_that_lasts(guest: Guest) -> None:
    """Wait until no new price will come in between two pictures."""
    guest.wait_until(
        lambda: (
            SPARE_SECONDS
            < time.time() % PRICE_LASTS_SECONDS
            < PRICE_LASTS_SECONDS - SPARE_SECONDS
        ),
        within_seconds=2 * SPARE_SECONDS + SURE_TO_BE_DEAD_SECONDS,
        what="a quiet time",
    )
    guest.wait_for_beat()
