"""The shell scripts themselves, and what they may be asked."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.pi.shell import PI, ROOT, shell

ENTRIES = ("install.sh", "update.sh", "rollback.sh", "asked.sh", "home-energy")


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("there is no shellcheck here")

    done = subprocess.run(
        ["shellcheck", "-x", *(f"pi/{name}" for name in ENTRIES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_called_may_be_executed(name: str) -> None:
    assert stat.S_IMODE((PI / name).stat().st_mode) & 0o555 == 0o555


@pytest.mark.parametrize("name", ["install.sh", "update.sh", "rollback.sh"])
def test_help_asks_for_nothing(name: str) -> None:
    done = subprocess.run(
        ["bash", PI / name, "--help"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert done.stdout.startswith("sudo ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--rotate 45", "--rotate 45: expected 0, 90, 180 or 270"),
        ("--nonsense", "--nonsense: there is no such option"),
        ("--purge-data", "--purge-data: only with --uninstall"),
        ("--pin-file /dev/null", "--pin-file: only with --lan"),
        ("--token-file /does/not/exist", "/does/not/exist: cannot be read"),
        ("--token-file", "--token-file needs a file"),
    ],
)
def test_option_that_cannot_be_meant_is_refused(options: str, said: str) -> None:
    done = _installer(f"read_options {options}")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"home-energy: {said}"


@pytest.mark.parametrize(
    ("architecture", "system", "said"),
    [
        ("armhf", "debian trixie", "this system is 32-bit (armhf)"),
        ("riscv64", "debian trixie", "architecture riscv64: expected arm64"),
        ("arm64", "ubuntu noble", "ubuntu noble: expected Raspberry Pi OS or Debian"),
        ("arm64", "raspbian bullseye", "raspbian bullseye: expected Raspberry Pi OS"),
    ],
)
def test_unfit_system_is_named(
    architecture: str, system: str, said: str, tmp_path: Path
) -> None:
    name, release = system.split()
    os_release = tmp_path / "os-release"
    os_release.write_text(f'ID={name}\nVERSION_CODENAME="{release}"\n')

    done = _installer(
        f"dpkg() {{ echo {architecture}; }}; OS_RELEASE={os_release}; look_at_machine"
    )

    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("release", ["bookworm", "trixie"])
def test_raspberry_pi_os_is_fit(release: str, tmp_path: Path) -> None:
    os_release = tmp_path / "os-release"
    os_release.write_text(f"ID=debian\nVERSION_CODENAME={release}\n")

    done = _installer(
        f"dpkg() {{ echo arm64; }}; OS_RELEASE={os_release}; look_at_machine"
    )

    assert done.returncode == 0, done.stderr


def test_old_python_is_named() -> None:
    done = _installer(
        'python3() { [ "$1" = -c ] && return 1; echo Python 3.9.2; }; require_python'
    )

    assert done.returncode == 1
    assert "Python 3.9.2: 3.11 or newer is needed" in done.stderr


def test_too_small_a_card_is_named() -> None:
    done = shell("df() { printf 'Avail\\n 900\\n'; }; require_room 1500")

    assert done.returncode == 1
    assert "the card has 900 MB free, 1500 are needed" in done.stderr


def test_failed_step_says_what_it_was_and_that_it_may_be_run_again() -> None:
    done = shell(
        "trap say_where_it_stopped EXIT; advice='Look at the network'; "
        "change 'install packages: git' false"
    )

    assert done.returncode == 1
    assert done.stderr == (
        "home-energy: this did not work: install packages: git. Look at the network. "
        "Nothing is half done: run it again and it goes on.\n"
    )


def test_dry_run_says_and_does_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"

    done = shell(f"dry_run=yes; put_text {file} text; change 'do more' touch {file}")

    assert done.stdout == f"would write {file}\nwould do more\n"
    assert not file.exists()


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text\n")
    os.utime(file, (1, 1))

    done = shell(f"put_text {file} text; put_file {file} {file}; drop {file}.not")

    assert done.stdout == ""
    assert file.stat().st_mtime == 1


def test_packages_name_the_browser_of_each_system() -> None:
    script = f"""
        dpkg-query() {{ return 1; }}
        apt-cache() {{
            if [ "$2" = $THERE ]; then echo '  Candidate: 1.0'
            else echo '  Candidate: (none)'; fi; }}
        for THERE in chromium chromium-browser; do
            available_of 'chromium-browser|chromium'
        done
        with_kiosk=; missing_packages {ROOT} | tr '\\n' ' '
    """

    done = shell(script)

    assert done.stdout.split() == [
        *("chromium", "chromium-browser"),
        *("python3", "python3-venv", "git", "ca-certificates", "sqlite3"),
        "unattended-upgrades",
    ]


def _installer(script: str) -> subprocess.CompletedProcess[str]:
    """Run functions of install.sh itself, without its last line that runs it all."""
    source = (PI / "install.sh").read_text().replace('main "$@"\n', "")
    source = source.replace('$(readlink -f "${BASH_SOURCE[0]}")', f"{PI}/install.sh")
    return subprocess.run(
        ["bash", "-c", source + script], capture_output=True, text=True, check=False
    )
