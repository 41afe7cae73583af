"""Updates in a booted guest: a good one stays, a broken one goes back by itself."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.booted.card import CLONE, INSIDE, Card, scratch_copy
from tests.booted.figures import Figures
from tests.booted.guest import NAMESPACES, Guest, booted
from tests.booted.record import STORE, Rows, fill_record, lost, opened

BACK_WITHIN_SECONDS = 120.0
UPDATE = "/opt/home-energy/current/pi/update.sh"
ROLLBACK = "/opt/home-energy/current/pi/rollback.sh"
UNFINISHED = "opt/home-energy/unfinished"
SOURCE = f"{CLONE}/src/home_energy"

BAD_IMPORT = f"echo 'raise ImportError(\"broken\")' >> {SOURCE}/ingestion/collector.py"
NEW_STEP = f"""
cat >> {SOURCE}/store/migrations.py <<'PY'
def m9999_tried(database: Database) -> None:
    database.execute(TRIED)
MIGRATIONS = (*MIGRATIONS, m9999_tried)
PY
"""
GOOD_STEP = NEW_STEP.replace("TRIED", "'CREATE TABLE tried (x)'")
BAD_STEP = NEW_STEP.replace("TRIED", "'CREATE TABLE price (x)'")
HANG = (
    f"sed -i 's/^    manager = ServiceManager.from_environment()$/&"
    f"\\n    time.sleep(9999)/' {SOURCE}/cli/live.py"
)
HARMLESS = f"echo '# tried' >> {SOURCE}/__init__.py"

BROKEN_BEFORE = {"bad-import": BAD_IMPORT, "bad-step": BAD_STEP}
SAYS = ("looking what", "make release", "trying release", "stopping", "switching")


@dataclass(frozen=True, slots=True)
class Done:
    """What an update came to."""

    code: int
    said: str
    seconds: float


@pytest.fixture(scope="module")
def updated_card(card: Card) -> Iterator[Card]:
    """Card with a record of two years, whose clone has every version to try."""
    with scratch_copy(card) as copy:
        fill_record(copy)
        with booted(copy) as guest:
            _make_versions(guest)
            guest.wait_for_beat()
            _power_off(guest)
        yield copy


@pytest.fixture(scope="module")
def guest(updated_card: Card) -> Iterator[Guest]:
    """A guest that runs, and goes from version to version."""
    with scratch_copy(updated_card) as copy, booted(copy) as running:
        running.wait_for_beat()
        yield running


@pytest.mark.parametrize("version", BROKEN_BEFORE)
def test_what_is_broken_before_it_runs_changes_nothing(
    guest: Guest, version: str, figures: Figures
) -> None:
    release, pid = _release(guest), guest.unit("home-energy-collect", "MainPID")
    seen = _rows(guest)

    done = _update(guest, version)

    figures.note(f"update to {version}", f"refused after {done.seconds:.0f} s")
    assert done.code == 1, done.said
    assert "broken" in done.said or "already exists" in done.said
    assert _release(guest) == release
    assert guest.unit("home-energy-collect", "MainPID") == pid
    assert lost(seen, _rows(guest)) == []


def test_what_hangs_at_its_start_goes_back_with_the_record(
    guest: Guest, figures: Figures
) -> None:
    release, layout = _release(guest), _layout(guest)
    files = _files(guest, release)
    seen = _rows(guest)

    done = _update(guest, "hang")

    back_seconds = done.seconds - _said_after(done, "stopping the services")
    figures.note(
        "update that hangs, stopped to old one well", f"{back_seconds:.0f} s", "< 120 s"
    )
    assert done.code == 1, done.said
    assert "home-energy-collect.service is activating" in done.said
    assert "putting back the record" in done.said
    assert back_seconds < BACK_WITHIN_SECONDS
    assert _release(guest) == release
    assert _health_release(guest) == release
    assert _layout(guest) == layout
    assert lost(seen, _rows(guest)) == []
    assert _files(guest, release) == files
    assert not (guest.folder / UNFINISHED).exists()


def test_good_one_stays_and_can_be_gone_back_from(
    guest: Guest, figures: Figures
) -> None:
    release = _release(guest)
    seen = _rows(guest)

    done = _update(guest, "good")
    new_kb = _own_kb(guest, _release(guest))
    new, layout = _release(guest), _layout(guest)
    found = _rows(guest)
    refused = guest.try_run(ROLLBACK)
    back = guest.try_run(ROLLBACK, "--restore-record")

    figures.note("update, from word to done", f"{done.seconds:.0f} s")
    figures.note("room of one more release", f"{new_kb / 1024:.0f} MB")
    assert done.code == 0, done.said
    assert new != release
    assert layout > _layout(guest)
    assert lost(seen, found) == []
    assert refused.returncode == 1
    assert b"--restore-record" in refused.stderr
    assert back.returncode == 0, back.stdout + back.stderr
    assert _release(guest) == release == _health_release(guest)
    assert lost(seen, _rows(guest)) == []


def test_only_the_running_one_and_two_more_are_kept(guest: Guest) -> None:
    for version in ("good", "better", "best"):
        done = _update(guest, version)
        assert done.code == 0, done.said

    kept = guest.run("ls", "/opt/home-energy/releases").split()

    assert len(kept) == 3
    assert _release(guest) in kept
    assert (
        guest.shell("cd /opt/home-energy; basename $(readlink previous)").strip()
        in kept
    )


def test_unknown_version_is_answered_with_what_there_is(guest: Guest) -> None:
    done = guest.try_run(UPDATE, "v99.9")

    assert done.returncode == 1
    assert b"there is no such version" in done.stderr
    assert b"better" in done.stderr


def test_second_update_at_once_is_refused(guest: Guest) -> None:
    with _begin(guest, "hang") as first:
        _wait_for_word(first, SAYS[0])

        second = guest.try_run(UPDATE, "better")

        guest.try_run("pkill", "-f", UPDATE)
    assert second.returncode == 1
    assert b"another install or update is running" in second.stderr


@pytest.mark.parametrize("word", SAYS)
def test_power_cut_leaves_a_whole_release(
    updated_card: Card, word: str, tmp_path: Path, figures: Figures
) -> None:
    with scratch_copy(updated_card) as copy:
        with booted(copy) as guest:
            guest.wait_for_beat()
            old, seen = _release(guest), _rows(guest)
            with _begin(guest, "good") as running:
                _wait_for_word(running, word)
                after, fsck = guest.cut_power(tmp_path / "cut.img")
        with booted(after) as guest:
            beat_seconds = guest.wait_for_beat()
            guest.wait_until(
                lambda: not (guest.folder / UNFINISHED).exists(), what="its end"
            )
            release = _release(guest)
            is_new = release != old
            found = _rows(guest)
            answers = _health_release(guest)

    which = "new" if is_new else "old"
    found_words = f"{which} release, page after {beat_seconds:.0f} s, {fsck}"
    figures.note(f"power cut at '{word}'", found_words)
    assert answers == release
    assert lost(seen, found) == []


def test_power_cut_while_a_broken_one_is_watched_goes_back_after_the_start(
    updated_card: Card, tmp_path: Path, figures: Figures
) -> None:
    with scratch_copy(updated_card) as copy:
        with booted(copy) as guest:
            guest.wait_for_beat()
            old, layout, seen = _release(guest), _layout(guest), _rows(guest)
            with _begin(guest, "hang") as running:
                _wait_for_word(running, "looking whether")
                after, _ = guest.cut_power(tmp_path / "cut.img")
        with booted(after) as guest:
            began_seconds = time.monotonic()
            guest.wait_until(
                lambda: _release(guest) == old == _health_release(guest),
                within_seconds=BACK_WITHIN_SECONDS,
                what="the old release",
            )
            back_seconds = time.monotonic() - began_seconds
            found, layout_then = _rows(guest), _layout(guest)

    figures.note(
        "power cut under a broken release, start to old one", f"{back_seconds:.0f} s"
    )
    assert layout_then == layout
    assert lost(seen, found) == []


def _make_versions(guest: Guest) -> None:
    git = f"git -C {CLONE} -c user.name=t -c user.email=t@example.org"
    guest.shell(f"{git} tag base")
    for name, edits in {
        "bad-import": BAD_IMPORT,
        "bad-step": BAD_STEP,
        "hang": GOOD_STEP + HANG,
        "good": GOOD_STEP,
        "better": GOOD_STEP + HARMLESS,
        "best": GOOD_STEP + HARMLESS + "\n" + HARMLESS,
    }.items():
        guest.shell(
            f"{git} checkout -q base\n{edits}\n{git} commit -qam {name}\n"
            f"{git} diff --quiet base && exit 1\n{git} tag {name}"
        )
    guest.shell(f"{git} checkout -q base")


def _begin(guest: Guest, version: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            *("nsenter", "-t", str(guest.leader), *NAMESPACES, *INSIDE),
            *(UPDATE, version),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _update(guest: Guest, version: str) -> Done:
    began = time.monotonic()
    with _begin(guest, version) as running:
        assert running.stdout is not None
        said = [f"{time.monotonic() - began:6.1f} {line}" for line in running.stdout]
        code = running.wait()
    return Done(code, "".join(said), time.monotonic() - began)


def _said_after(done: Done, words: str) -> float:
    line = next(line for line in done.said.splitlines() if words in line)
    return float(line.split()[0])


def _wait_for_word(running: "subprocess.Popen[str]", word: str) -> None:
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if word in line:
            return
    raise AssertionError(f"it ended without '{word}':\n{said}")


def _power_off(guest: Guest) -> None:
    guest.try_run("systemctl", "stop", "home-energy-*", "pretended-amber")
    guest.run("sync")


def _release(guest: Guest) -> str:
    return (guest.folder / "opt/home-energy/current").readlink().name


def _health_release(guest: Guest) -> str:
    return str((guest.health() or {}).get("release"))


def _rows(guest: Guest) -> Rows:
    rows = Rows()
    with closing(opened(guest.folder / STORE)) as connection:
        rows.take(connection)
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
    assert integrity == "ok"
    return rows


def _layout(guest: Guest) -> int:
    with closing(opened(guest.folder / STORE)) as connection:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def _files(guest: Guest, release: str) -> str:
    """Fingerprint of all files of a release: links to them may not change it."""
    return guest.shell(
        f"cd /opt/home-energy/releases/{release} && "
        "find . -type f -print0 | sort -z | xargs -0 sha1sum | sha1sum"
    )


def _own_kb(guest: Guest, release: str) -> int:
    """Room of what a release does not share with another."""
    own = f"find /opt/home-energy/releases/{release} -links 1 -printf '%k\\n'"
    return int(guest.shell(f"{own} | awk '{{ sum += $1 }} END {{ print sum }}'"))
