"""Files that are not ours keep everything but what we add, and get it back."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.pi.shell import PI, shell

OF_PI_OS = (
    "console=serial0,115200 console=tty1 root=PARTUUID=4e639091-02 rootfstype=ext4 "
    "fsck.repair=yes rootwait cfg80211.ieee80211_regdom=AU"
)
OURS = (
    "cgroup_enable=memory consoleblank=0 quiet loglevel=3 logo.nologo "
    "vt.global_cursor_default=0"
)
OF_DESKTOP = f"{OF_PI_OS} quiet splash plymouth.ignore-serial-consoles"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OF_PI_OS, f"{OF_PI_OS} {OURS}"),
        (OF_DESKTOP, f"{OF_DESKTOP} {OURS.replace(' quiet', '')}"),
        (f"{OF_PI_OS} consoleblank=600", f"{OF_PI_OS} {OURS}"),
        (f"{OF_PI_OS} {OURS}", f"{OF_PI_OS} {OURS}"),
        (
            f"cgroup_enable=cpuset {OF_PI_OS}",
            f"cgroup_enable=cpuset {OF_PI_OS} {OURS}",
        ),
    ],
)
def test_kernel_line_gets_our_words_once_and_keeps_the_others(
    before: str, after: str
) -> None:
    done = shell('with_our_words "$line"', line=before)

    assert done.stdout == f"{after}\n"


@pytest.mark.parametrize(
    "before", [OF_PI_OS, OF_DESKTOP, f"{OF_PI_OS} loglevel=7", f"{OF_PI_OS} quiet"]
)
def test_kernel_line_is_as_before_when_taken_away(before: str) -> None:
    done = shell('without_our_words "$(with_our_words "$line")" "$line"', line=before)

    assert sorted(done.stdout.split()) == sorted(before.split())


def test_word_that_somebody_added_since_stays() -> None:
    now = f"{OF_PI_OS} {OURS} video=DSI-1:720x1280@60"

    done = shell('without_our_words "$now" "$before"', now=now, before=OF_PI_OS)

    assert done.stdout == f"{OF_PI_OS} video=DSI-1:720x1280@60\n"


def test_kernel_line_is_edited_in_one_line_with_a_copy_kept_once(
    tmp_path: Path,
) -> None:
    cmdline = tmp_path / "cmdline.txt"
    cmdline.write_text(OF_PI_OS)  # without an end of line, as Imager leaves it
    variables = {"CMDLINE": str(cmdline), "BEFORE": str(tmp_path / "before")}

    first = shell("edit_cmdline", **variables)
    second = shell("edit_cmdline", **variables)

    assert first.returncode == 0, first.stderr
    assert cmdline.read_text() == f"{OF_PI_OS} {OURS}\n"
    assert (tmp_path / "before/cmdline.txt").read_text() == OF_PI_OS
    assert second.stdout == ""


def test_kernel_file_of_two_lines_is_left_alone(tmp_path: Path) -> None:
    cmdline = tmp_path / "cmdline.txt"
    cmdline.write_text("one\ntwo\n")

    done = shell("edit_cmdline", CMDLINE=str(cmdline), BEFORE=str(tmp_path))

    assert cmdline.read_text() == "one\ntwo\n"
    assert "expected one line, left as it is" in done.stderr


FSTAB = """\
proc            /proc           proc    defaults          0       0
PARTUUID=4-01  /boot/firmware  vfat    defaults          0       2
# PARTUUID=4-03  /  ext4  defaults  0  1
PARTUUID=4-02  /               ext4    defaults{}  0       1
UUID=5  /srv  ext4  defaults  0  2
"""


def test_root_alone_is_mounted_without_times_of_reading() -> None:
    done = shell('with_noatime "$text"', text=FSTAB.format("").rstrip("\n"))
    again = shell('with_noatime "$text"', text=done.stdout.rstrip("\n"))
    back = shell('without_noatime "$text"', text=done.stdout.rstrip("\n"))

    assert done.stdout == FSTAB.format(",noatime")
    assert again.stdout == done.stdout
    assert back.stdout == FSTAB.format("")


def test_root_of_another_kind_stays_as_it_is() -> None:
    text = "/dev/nvme0n1p2 / btrfs defaults 0 0\n"

    done = shell('with_noatime "$text"', text=text.rstrip("\n"))

    assert done.stdout == text


EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a person may choose

HOME = """\
# mine
[home]
timezone = "Australia/Perth"  # far away

[dashboard]  # the screen
night_start = 22:00:00
host = "127.0.0.1"   # me alone
port = 5051

[report]
folder = "/var/lib/home-energy/report"
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HOME, 'host = "0.0.0.0"   # me alone'),
        (HOME.replace('host = "127.0.0.1"   # me alone\n', ""), 'host = "0.0.0.0"'),
        ("[home]\n", 'host = "0.0.0.0"'),
        ("[report]\nhost = 1\n[dashboard]\n", 'host = "0.0.0.0"'),
    ],
)
def test_screen_is_opened_and_every_other_line_stays(text: str, line: str) -> None:
    done = _with_host(text, EVERYWHERE)
    back = _with_host(done.stdout, "127.0.0.1")

    added = set(done.stdout.splitlines()) - set(text.splitlines())
    assert added - {"[dashboard]", ""} == {line}
    assert tomllib.loads(done.stdout)["dashboard"]["host"] == EVERYWHERE
    assert tomllib.loads(back.stdout)["dashboard"]["host"] == "127.0.0.1"
    kept = [each for each in text.splitlines() if not each.startswith('host = "')]
    assert [each for each in done.stdout.splitlines() if each in kept] == kept


@pytest.mark.parametrize(
    "text", ["[dashboard\n", 'dashboard = { host = "::1" }\n', "dashboard.host = 1\n"]
)
def test_settings_that_are_not_understood_are_not_changed(text: str) -> None:
    done = _with_host(text, EVERYWHERE)

    assert done.returncode == 1
    assert done.stderr.startswith("home.toml: ")


def _with_host(text: str, host: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PI / "dashboard_host.py", host],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("before", "rotate", "after"),
    [
        (None, "90", "KIOSK_ROTATE=90\n"),
        (
            "KIOSK_EXTRA=--x\nKIOSK_ROTATE=90\n",
            "180",
            "KIOSK_EXTRA=--x\nKIOSK_ROTATE=180\n",
        ),
        ("KIOSK_ROTATE=90\nKIOSK_EXTRA=--x\n", "0", "KIOSK_EXTRA=--x\n"),
        ("KIOSK_ROTATE=90\n", "0", None),
        (None, "0", None),
    ],
)
def test_rotation_is_one_line_of_the_kiosk(
    before: str | None, rotate: str, after: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "kiosk.env"
    if before is not None:
        file.write_text(before)

    # Owners are another test's: there need be no such group here.
    script = "install() { cp /dev/null ${*: -1}; }; write_rotation"
    done = shell(script, SETTINGS=str(tmp_path), rotate=rotate)

    assert done.returncode == 0, done.stderr
    assert (file.read_text() if file.exists() else None) == after


def test_token_is_in_no_word_and_one_that_looks_wrong_is_kept(tmp_path: Path) -> None:
    token = tmp_path / "given"
    token.write_text("  not-like-ambers \n")

    done = shell("keep_token", SETTINGS=str(tmp_path), token_file=str(token))

    kept = tmp_path / "amber-token"
    assert kept.read_text() == "not-like-ambers\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "does not begin with psk_" in done.stderr
    assert "not-like-ambers" not in done.stdout + done.stderr


def test_pin_that_is_no_pin_is_refused_without_being_said(tmp_path: Path) -> None:
    pin = tmp_path / "given"
    pin.write_text("12c4\n")

    done = shell("chosen_pin", SETTINGS=str(tmp_path), pin_file=str(pin))

    assert done.returncode == 1
    assert done.stderr == "home-energy: the PIN must be 4 to 12 digits\n"
