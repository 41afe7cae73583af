"""Boots on bad days: a late program, no token, bad settings, no network, no room."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.booted.card import AMBER, Card, inserted
from tests.booted.figures import Figures
from tests.booted.guest import Guest, booted
from tests.booted.machine import BUILD
from tests.booted.pictures import share_of_the_browsers_own

SETTINGS = "etc/home-energy/home.toml"
TOKEN = "etc/home-energy/amber-token"
LATE_SECONDS = 30
LIVE_WITHIN_SECONDS = 60.0
CACHED_WITHIN_SECONDS = 15.0
LOOK_SECONDS = 75.0
PICTURE_EVERY_SECONDS = 2.0
MOST_OF_THE_BROWSERS_OWN = 0.2
"""A flash of white while a page is exchanged would be all of it."""

FULL = "disk_nearly_full"

COLLECT, DASHBOARD = "home-energy-collect", "home-energy-dashboard"


def test_a_late_program_is_waited_for_and_never_an_error_shown(
    own_card: Card, figures: Figures
) -> None:
    with inserted(own_card) as root:
        _drop_in(
            root, DASHBOARD, f"[Service]\nExecStartPre=/bin/sleep {LATE_SECONDS}\n"
        )

    with booted(own_card) as guest:
        shares, live_seconds = [], None
        while live_seconds is None and guest.up_seconds < LATE_SECONDS + 90:
            shares += _looked_at(guest, "late")
            if (guest.health() or {}).get("page_beats"):
                live_seconds = guest.up_seconds
        first_seconds = min(at for at, _ in shares)

    assert live_seconds is not None
    figures.note(
        f"program {LATE_SECONDS} s late: page live after it began",
        f"{live_seconds - LATE_SECONDS:.1f} s",
        "<= 60 s",
    )
    figures.note(
        f"the same: first picture at {first_seconds:.0f} s, {len(shares)} pictures, "
        "most of one in a browser's own colours",
        f"{max(share for _, share in shares):.0%}",
        "no error page",
    )
    assert live_seconds - LATE_SECONDS <= LIVE_WITHIN_SECONDS
    assert max(share for _, share in shares) < MOST_OF_THE_BROWSERS_OWN
    assert first_seconds < LATE_SECONDS


def test_without_a_token_the_page_says_so(own_card: Card, figures: Figures) -> None:
    with inserted(own_card) as root:
        (root / TOKEN).write_text("")
        _name_the_real_amber(root)

    with booted(own_card) as guest:
        guest.wait_for_beat()
        beat_seconds = guest.up_seconds
        _wait_for_words(guest, "/", "No Amber token")
        guest.wait_until(lambda: guest.up_seconds > LOOK_SECONDS)
        starts = int(guest.unit(COLLECT, "NRestarts"))
        own = share_of_the_browsers_own(_kept(guest, "no-token"))

    figures.note("without a token: page beat", f"{beat_seconds:.1f} s", "< 30 s")
    figures.note(
        f"the same: collector started anew in {LOOK_SECONDS:.0f} s", f"{starts}", "<= 3"
    )
    assert starts <= 3
    assert own < MOST_OF_THE_BROWSERS_OWN


def test_a_token_that_is_not_there_does_not_keep_the_page_away(
    own_card: Card, figures: Figures
) -> None:
    with inserted(own_card) as root:
        (root / TOKEN).unlink()
        _name_the_real_amber(root)

    with booted(own_card) as guest:
        guest.wait_for_beat()
        beat_seconds = guest.up_seconds
        _wait_for_words(guest, "/", "No Amber token")

    figures.note("token file gone: page beat", f"{beat_seconds:.1f} s", "< 30 s")


def test_settings_that_cannot_be_read_are_named_on_the_screen(
    own_card: Card, figures: Figures
) -> None:
    with inserted(own_card) as root:
        good = (root / SETTINGS).read_text()
        (root / SETTINGS).write_text(good.replace("[home]", "[hoem]"))

    with booted(own_card) as guest:
        guest.wait_until(lambda: guest.ask("/")[0] == 503, what="the fault's page")
        assert b"hoem" in guest.ask("/")[1]
        shares = []
        while guest.up_seconds < LOOK_SECONDS:
            shares += _looked_at(guest, "bad-settings")
        restarts = int(guest.unit(DASHBOARD, "NRestarts"))
        (guest.folder / SETTINGS).write_text(good)
        mended_seconds = guest.wait_for_beat(120)

    figures.note(
        f"settings with a fault: {len(shares)} pictures in {LOOK_SECONDS:.0f} s over "
        f"{restarts} new starts, most of one in a browser's own colours",
        f"{max(share for _, share in shares):.0%}",
        "no error page",
    )
    figures.note("settings mended: page beat", f"{mended_seconds:.1f} s")
    assert max(share for _, share in shares) < MOST_OF_THE_BROWSERS_OWN


def test_without_any_network_what_is_on_record_is_shown_soon(
    own_card: Card, figures: Figures
) -> None:
    with booted(own_card) as guest:
        guest.wait_for_beat()
        guest.wait_until(lambda: _now(guest)["current"] is not None, what="a price")
        price = _now(guest)["current"]["c_per_kwh"]
        card, _ = guest.cut_power(own_card.path.with_name("without-network.img"))
    with inserted(card) as root:
        (
            root / "etc/systemd/system/multi-user.target.wants/pretended-amber.service"
        ).unlink()

    with booted(card) as guest:
        guest.wait_for_beat()
        beat_seconds = guest.up_seconds
        now = _now(guest)
        _kept(guest, "no-network")
        waiting = guest.run("systemctl", "list-jobs", "--no-pager")
        online = guest.unit("network-online.target", "ActiveState")

    figures.note("no network, a record: page beat", f"{beat_seconds:.1f} s", "< 15 s")
    figures.note(
        "the same: what the page has",
        f"last known {now['last_known']['c_per_kwh']:.1f} c/kWh, price now "
        f"{now['current']}, {now['freshness']}, age {now['age_seconds']}",
        "the last price, none for now",
    )
    assert beat_seconds < CACHED_WITHIN_SECONDS
    assert now["current"] is None
    assert now["last_known"]["c_per_kwh"] == price
    assert "network-online" not in waiting
    assert online == "inactive"


def test_full_card_stops_nothing_and_is_told(own_card: Card, figures: Figures) -> None:
    with (
        _small_file_system(own_card.path.parent) as small,
        booted(own_card, f"--bind={small}:/var/lib/home-energy") as guest,
    ):
        guest.run("chown", "home-energy:", "/var/lib/home-energy")
        guest.wait_for_beat()
        guest.wait_until(lambda: _now(guest)["current"] is not None, what="a price")
        assert FULL not in guest.ask("/api/v1/health")[1].decode()
        guest.shell("dd if=/dev/zero of=/var/lib/home-energy/full bs=64k || true")
        told_seconds = _wait_for_words(guest, "/api/v1/health", FULL)
        guest.wait_until(
            lambda: "is full" in guest.shell("journalctl -u home-energy-collect"),
            what="a write that failed",
        )
        guest.wait_for_beat()
        served, _ = guest.ask("/")
        _kept(guest, "disk-full")
        restarts = guest.unit(COLLECT, "NRestarts")
        guest.shell("rm /var/lib/home-energy/full")
        before = _rows(guest)
        recovered_seconds = guest.wait_until(
            lambda: _rows(guest) > before, what="a new row", within_seconds=150
        )

    figures.note("card full: page serves and says so after", f"{told_seconds:.1f} s")
    figures.note("card full: collector started anew", restarts)
    figures.note(
        "card freed: a new row after", f"{recovered_seconds:.1f} s", "by itself"
    )
    assert served == 200


def _drop_in(root: Path, unit: str, text: str) -> None:
    folder = root / f"etc/systemd/system/{unit}.service.d"
    folder.mkdir(exist_ok=True)
    (folder / "of-this-test.conf").write_text(text)


def _looked_at(guest: Guest, name: str) -> list[tuple[float, float]]:
    """One picture, when it was taken and how much is the browser's own; or none yet."""
    time.sleep(PICTURE_EVERY_SECONDS)
    try:
        png = guest.picture()
    except AssertionError:  # the compositor does not run yet
        return []
    share = share_of_the_browsers_own(png)
    if share > MOST_OF_THE_BROWSERS_OWN:
        (BUILD / f"{name}-{guest.up_seconds:.0f}s.png").write_bytes(png)
    return [(guest.up_seconds, share)]


def _kept(guest: Guest, name: str) -> bytes:
    png = guest.picture()
    (BUILD / f"{name}.png").write_bytes(png)
    return png


def _wait_for_words(guest: Guest, page: str, words: str) -> float:
    return guest.wait_until(
        lambda: words.encode() in guest.ask(page)[1],
        within_seconds=90,
        what=f"{words!r} on {page}",
    )


def _name_the_real_amber(root: Path) -> None:
    """Follow Amber itself, which a guest cannot reach: the demo asks for no token."""
    settings = root / SETTINGS
    settings.write_text(settings.read_text().replace(AMBER, ""))


def _now(guest: Guest) -> dict[str, Any]:
    """Import's part of `/api/v1/now`."""
    told = json.loads(guest.ask("/api/v1/now")[1])
    general: dict[str, Any] = told["general"]
    return general


def _rows(guest: Guest) -> int:
    counted = guest.run(
        *("sqlite3", "-readonly", "/var/lib/home-energy/home.sqlite"),
        "SELECT count(*) + (SELECT count(*) FROM reading) FROM price",
    )
    return int(counted)


@contextmanager
def _small_file_system(folder: Path) -> Iterator[Path]:
    """A card for the record alone, soon filled, and in memory where there is enough."""
    image, place = folder / "small.img", folder / "small"
    place.mkdir()
    commands: tuple[list[str | Path], ...] = (
        ["truncate", "-s", "1200M", image],
        ["mkfs.ext4", "-q", "-F", "-m", "0", image],
        ["mount", "-o", "loop", image, place],
    )
    for command in commands:
        subprocess.run(command, check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)
