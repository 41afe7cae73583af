"""Every dependency has a wheel for a Pi, of exactly the version that is locked."""

import shutil
import subprocess

import pytest
from tests.booted.figures import Figures
from tests.booted.machine import ROOT

PLATFORM = "aarch64-unknown-linux-gnu"
"""For uv: glibc 2.28, which Bookworm's 2.36 and Trixie's 2.41 are newer than."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_nothing_that_is_locked_lacks_a_wheel_for_a_pi(
    python: str, figures: Figures
) -> None:
    if shutil.which("uv") is None:
        pytest.skip("left out: uv is not installed")
    locked = ROOT / "pi" / "requirements.txt"
    options = (
        f"--only-binary :all: --python-platform {PLATFORM} --python-version {python}"
    )

    done = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--no-header", locked, *options.split()],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    count = sum("==" in line for line in done.stdout.splitlines())
    figures.note(f"wheels for arm64, Python {python}", f"{count} of {count}", "all")
