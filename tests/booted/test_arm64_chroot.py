"""The installer and what it installs on arm64: Trixie's Python 3.13, Bookworm's 3.11.

In a chroot, where no unit is started: what a Pi's owner would run by hand.
"""

from collections.abc import Iterator

import pytest
from tests.booted.arm64_install import (
    RELEASE,
    TOKEN,
    Installed,
    install,
    installed,
    told_by,
)
from tests.booted.arm64_root import COMPILERS, why_not
from tests.booted.elf import AARCH64, elf_files
from tests.booted.figures import Figures
from tests.booted.results import WITHIN, largest_difference

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock

PYTHONS = {"trixie": "3.13", "bookworm": "3.11"}

pytestmark = pytest.mark.timeout(2400)


@pytest.fixture(scope="module", params=PYTHONS)
def debian(request: pytest.FixtureRequest) -> Installed:
    lacking = why_not()
    if lacking is not None:
        pytest.skip(f"left out, no arm64 root can be made here: {lacking}")
    return installed(request.param)


@pytest.fixture
def amber() -> Iterator[str]:
    """Amber on this machine's loopback, which the chroot shares."""
    market = SyntheticMarket(SyntheticHome())
    with serving(create_amber_app(market, SystemClock(), token=TOKEN)) as address:
        yield f"{address}/v1/"


def test_the_installer_needs_no_compiler(debian: Installed, figures: Figures) -> None:
    found = debian.root.run("which", *COMPILERS).stdout.split()

    version = debian.root.check(f"{RELEASE}/venv/bin/home-energy", "--version").strip()
    files = list(elf_files(debian.root.path(RELEASE).resolve()))
    name = debian.root.folder.name
    assert found == []
    assert files
    assert {elf.machine for elf in files} == {AARCH64}
    figures.note(
        f"{name} arm64: pi/install.sh under qemu-user, no compiler, {len(files)} files "
        f"of machine code from wheels; {version}",
        f"{debian.told.seconds:.0f} s",
    )


def test_every_wheel_works_with_the_systems_own_python(
    debian: Installed, figures: Figures
) -> None:
    told = told_by(debian.root, "use_wheels.py")

    name = debian.root.folder.name
    wrong = {name: use for name, use in told["used"].items() if not use["is_right"]}
    assert told["unknown"] == []
    assert wrong == {}
    assert told["python"].startswith(PYTHONS[name])
    figures.note(f"{name} arm64: wheels used", f"{len(told['used'])}", "all")


def test_results_are_those_of_another_kind_of_machine(
    debian: Installed, figures: Figures
) -> None:
    told = told_by(debian.root, "result_figures.py", NUMBA_CACHE_DIR="/tmp/numba")  # noqa: S108

    name, apart = largest_difference(told["figures"])
    assert told["machine"] == "aarch64"
    assert apart < WITHIN, name
    figures.note(
        f"{debian.root.folder.name} arm64: largest difference of "
        f"{len(told['figures'])} results from x86-64",
        f"{apart:.1e} ({name})",
        f"< {WITHIN}",
    )


def test_doctor_is_content_once_there_is_a_record(
    debian: Installed, amber: str, figures: Figures
) -> None:
    script = f"""
printf '\\n[amber]\\nbase_url = "{amber}"\\n' >>/etc/home-energy/home.toml
timeout 600 home-energy collect >/tmp/collected 2>&1 &
until home-energy now >/tmp/now 2>&1; do sleep 5; done
kill $!
wait
cat /tmp/now
home-energy doctor
"""

    done = debian.root.run("sh", "-c", script, is_thrown_away=True)

    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout
    assert TOKEN not in done.stdout
    figures.note(
        f"{debian.root.folder.name} arm64: collect, then doctor",
        f"{done.stdout.count('ok ')} ok, 0 FAIL",
        "exit 0",
    )


def test_a_second_installation_changes_nothing(
    debian: Installed, figures: Figures
) -> None:
    before = _files(debian)

    told = install(debian.root)

    assert "nothing to change" in told.printed
    assert _files(debian) == before
    figures.note(
        f"{debian.root.folder.name} arm64: pi/install.sh again, under qemu-user",
        f"{told.seconds:.0f} s",
    )


def test_a_dry_run_says_so_and_does_nothing(debian: Installed) -> None:
    before = _files(debian)

    done = debian.root.run(*_INSTALL, "--dry-run", "--kiosk")

    assert done.returncode == 0, done.stdout
    # The browser's packages are not there yet: that they exist is asked below.
    assert "install packages" in done.stdout
    assert _files(debian) == before


def test_the_browsers_packages_exist_for_this_system(debian: Installed) -> None:
    done = debian.root.run(
        *("sh", "-c", "apt-get -qq update && apt-get -s -q install " + _KIOSK_PACKAGES),
        is_thrown_away=True,
    )

    assert done.returncode == 0, done.stdout
    assert "Inst chromium" in done.stdout


def test_uninstalling_leaves_nothing_but_settings_and_record(debian: Installed) -> None:
    script = f"""
{" ".join(_INSTALL)} --uninstall >/tmp/told 2>&1 || {{ cat /tmp/told; exit 1; }}
find /etc /opt /usr /var -name '*home-energy*'
find /etc/home-energy -type f
"""

    done = debian.root.run("sh", "-c", script, is_thrown_away=True)

    assert done.returncode == 0, done.stdout
    assert sorted(done.stdout.split()) == [
        "/etc/home-energy",
        "/etc/home-energy/amber-token",
        "/etc/home-energy/home.toml",
        "/var/lib/home-energy",
    ]


_INSTALL = ("bash", "/root/home-energy/pi/install.sh")

_KIOSK_PACKAGES = "cage seatd chromium wlr-randr fonts-dejavu-core"


def _files(debian: Installed) -> dict[str, float]:
    """When each file was written that an installation has to do with."""
    return {
        str(path): path.lstat().st_mtime
        for top in (
            "/opt/home-energy",
            "/etc",
            "/usr/local/bin",
            "/var/lib/home-energy",
        )
        for path in debian.root.path(top).rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
