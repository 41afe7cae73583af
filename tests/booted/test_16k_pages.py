"""Pages of 16 KiB, as a Raspberry Pi 5 has them, on an emulated core of its kind.

Wheels that were built for pages of 4 KiB crash there, and only there.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.booted.arm64_install import INSIDE, PYTHON, RELEASE, Installed, installed
from tests.booted.arm64_root import why_not
from tests.booted.card import PARTS, Card, inserted
from tests.booted.elf import elf_files
from tests.booted.figures import Figures
from tests.booted.linux_16k import linux_16k
from tests.booted.machine import scratch_folder
from tests.booted.qemu import BOOT_SHELL, Machine, switched_on, waited
from tests.booted.results import WITHIN, largest_difference

QEMU = "qemu-system-aarch64"

PAGE_BYTES = 16384

CARD_SIZE = "3G"

BOTH = "home-energy-collect.service home-energy-dashboard.service"

pytestmark = pytest.mark.timeout(2400)


@pytest.fixture(scope="module")
def trixie() -> Installed:
    lacking = why_not()
    if lacking is not None:
        pytest.skip(f"left out, no arm64 root can be made here: {lacking}")
    return installed("trixie")


@pytest.fixture(scope="module")
def pi(trixie: Installed) -> Iterator[Machine]:
    """A booting machine with a Pi 5's kind of core, and the installed root as card."""
    if shutil.which(QEMU) is None:
        pytest.skip(f"left out: {QEMU} is not installed")
    linux = linux_16k()
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        card = Card(Path(folder) / "card.img")
        _make_card(trixie, card)
        command: list[str | Path] = [
            *(QEMU, "-M", "virt", "-cpu", "cortex-a76", "-smp", "2", "-m", "3072"),
            *("-kernel", linux.kernel, "-initrd", linux.first_files),
            *("-append", f"console=ttyAMA0 quiet {BOOT_SHELL}=ttyS0"),
            *("-drive", f"file={card.path},format=raw,if=virtio,cache=unsafe"),
            *("-nic", "none", "-device", "pci-serial,chardev=shell"),
        ]
        with (
            tempfile.TemporaryDirectory() as sockets,
            switched_on(command, Path(sockets)) as machine,
        ):
            yield machine


def test_machine_code_may_be_loaded_in_pages_of_16_kib(
    trixie: Installed, figures: Figures
) -> None:
    files = list(elf_files(trixie.root.path(RELEASE).resolve()))

    least = min(elf.load_align_bytes for elf in files)
    assert [elf.path.name for elf in files if elf.load_align_bytes < PAGE_BYTES] == []
    figures.note(
        f"{len(files)} files of machine code: least alignment of what is loaded",
        f"{least} bytes",
        f">= {PAGE_BYTES}",
    )


def test_collector_and_screen_start_under_a_kernel_of_a_pi(
    pi: Machine, figures: Figures
) -> None:
    asked = f"systemctl is-active {BOTH}"

    waited(lambda: _told(pi, asked).split() == ["active", "active"], 1200, asked)

    seconds = pi.seconds()
    assert pi.run("getconf PAGE_SIZE") == str(PAGE_BYTES)
    figures.note(
        "16 KiB pages, emulated Cortex-A76: from boot until collector and screen are "
        "active, hardened, seccomp and all",
        f"{seconds:.0f} s, pages of {PAGE_BYTES} bytes",
    )


def test_every_wheel_works_in_pages_of_16_kib(pi: Machine, figures: Figures) -> None:
    told = _json_of(pi, "use_wheels.py")

    wrong = {name: use for name, use in told["used"].items() if not use["is_right"]}
    assert told["page_bytes"] == PAGE_BYTES
    assert told["unknown"] == []
    assert wrong == {}
    figures.note("16 KiB pages: wheels used", f"{len(told['used'])}", "all")


def test_price_store_and_screen_work_in_pages_of_16_kib(
    pi: Machine, figures: Figures
) -> None:
    waited(lambda: "c/kWh" in _told(pi, "home-energy now"), 300, "a price")

    page = pi.run("curl -s --max-time 60 http://127.0.0.1:5050/", timeout_seconds=90)
    failed = pi.run("systemctl --failed --plain --no-legend")
    assert "c/kWh" in page
    assert failed == ""
    version = pi.run(f"{RELEASE}/venv/bin/home-energy --version", timeout_seconds=120)
    figures.note("16 KiB pages: price collected, shown by the page", version)


def test_compiled_loops_give_the_same_in_pages_of_16_kib(
    pi: Machine, figures: Figures
) -> None:
    told = _json_of(pi, "result_figures.py", "NUMBA_CACHE_DIR=/tmp/numba")

    name, apart = largest_difference(told["figures"])
    assert apart < WITHIN, name
    figures.note(
        f"16 KiB pages: {len(told['figures'])} results, largest difference from x86-64",
        f"{apart:.1e} ({name})",
        f"< {WITHIN}",
    )


def _make_card(installed_root: Installed, card: Card) -> None:
    """The root as it is, with Amber in it and the programs that are run there."""
    subprocess.run(["truncate", "-s", CARD_SIZE, card.path], check=True)
    folder = installed_root.root.folder
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", folder, card.path], check=True)
    with inserted(card) as root:
        pretended = root / "opt/pretended"
        pretended.mkdir()
        shutil.copy(PARTS / "pretended_amber.py", pretended)
        (pretended / "token").write_text("psk_pretend\n")
        units = root / "etc/systemd/system"
        shutil.copy(PARTS / "pretended-amber.service", units)
        wanted = units / "multi-user.target.wants/pretended-amber.service"
        wanted.symlink_to("../pretended-amber.service")
        with (root / "etc/home-energy/home.toml").open("a") as settings:
            settings.write('\n[amber]\nbase_url = "http://127.0.0.1:5055/v1/"\n')
        for program in INSIDE.iterdir():
            shutil.copy(program, root / "root")


def _told(pi: Machine, command: str) -> str:
    """What a command says; nothing while the machine is not that far."""
    try:
        return pi.run(command, timeout_seconds=60)
    except TimeoutError:
        return ""


def _json_of(pi: Machine, program: str, environment: str = "") -> Any:
    command = f"{environment} {PYTHON} /root/{program}"
    return json.loads(pi.run(command, timeout_seconds=900))
