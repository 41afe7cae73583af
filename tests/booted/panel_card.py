"""The card of the machine with a panel: that of the other guests, with a kernel.

What lets those draw into memory is taken off. Amber is not on it, for the guest's clock
is wrong: it is on the far side of a network on which there is nothing else.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.booted.card import Card, changed_root, copy_sparse, inserted, scratch_copy
from tests.booted.machine import BUILD

FAR_SIDE = "10.0.2.100"
"""What the guest takes for Amber's address, behind its own loopback."""

AMBER_PORT = 5055

KERNEL_PACKAGES = ("linux-image-amd64", "initramfs-tools", "zstd")

_GUEST_FILES = {
    "etc/systemd/network/10-any.network": "[Match]\nName=e*\n[Network]\nDHCP=ipv4\n",
    "etc/systemd/system/far-amber.socket": f"""\
[Socket]
ListenStream=127.0.0.1:{AMBER_PORT}
[Install]
WantedBy=sockets.target
""",
    "etc/systemd/system/far-amber.service": f"""\
[Service]
ExecStart=/usr/lib/systemd/systemd-socket-proxyd {FAR_SIDE}:{AMBER_PORT}
""",
    # It has no graphics processor, and what plays one translates its work into code of
    # the processor, as a browser does with scripts: both are dear where that code is
    # translated once more. A browser also gives its own parts up when they have not
    # spoken to each other within 15 s.
    "etc/systemd/system/home-energy-kiosk.service.d/played.conf": """\
[Service]
Environment=WLR_RENDERER=pixman
Environment="KIOSK_EXTRA=--ipc-connection-timeout=300 --disable-gpu \
--disable-software-rasterizer --js-flags=--jitless"
""",
}


_PATIENCE = ("FIRST_BEAT_SECONDS = 120.0", "FIRST_BEAT_SECONDS = 400.0")
"""What a browser has for its first beat: on a processor that a program plays, and
beside other work, it needs more than on a Pi, and would be started anew for ever."""


@dataclass(frozen=True, slots=True)
class PanelCard:
    """Card, and what the machine starts it with."""

    card: Card
    kernel: Path
    initial_files: Path


def made_panel_card(card: Card) -> PanelCard:
    """Card with a kernel, made from the other guests' card if there is none."""
    name = hashlib.sha256(Path(__file__).read_bytes() + card.path.name.encode())
    folder = BUILD / f"panel-{name.hexdigest()[:12]}"
    if not folder.exists():
        for old in BUILD.glob("panel-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="new-") as name_of_new:
            new = Path(name_of_new) / "panel"
            new.mkdir()
            _make(card, new)
            new.rename(folder)
    return PanelCard(Card(folder / "card.img"), folder / "vmlinuz", folder / "initrd")


def _make(card: Card, folder: Path) -> None:
    made = Card(folder / "card.img")
    copy_sparse(card.path, made.path)
    with inserted(made) as root:
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", root / "etc" / name)
        shutil.rmtree(root / "etc/systemd/system/home-energy-kiosk.service.d")
        for name, text in _GUEST_FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        _be_patient(root)
        with changed_root(root, network=True) as inside:
            _add_kernel([*inside])
            services = ["far-amber.socket", "systemd-networkd.service"]
            run = [*inside, "systemctl"]
            subprocess.run([*run, "enable", "--quiet", *services], check=True)
            subprocess.run([*run, "disable", "--quiet", "pretended-amber"], check=True)
        shutil.copy(next((root / "boot").glob("vmlinuz-*")), folder / "vmlinuz")
        shutil.copy(next((root / "boot").glob("initrd.img-*")), folder / "initrd")


def _be_patient(root: Path) -> None:
    packages = (root / "opt/home-energy/current/venv/lib").glob(
        "python3*/site-packages"
    )
    (watch,) = (one / "home_energy/kiosk/page_watch.py" for one in packages)
    text = watch.read_text()
    assert text.count(_PATIENCE[0]) == 1
    watch.write_text(text.replace(*_PATIENCE))


def _add_kernel(inside: Sequence[str]) -> None:
    """Debian's, which leaves watchdogs alone unless they are named."""
    named = (
        "mkdir -p /etc/initramfs-tools && echo i6300esb >>/etc/initramfs-tools/modules"
    )
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for words in (
        [*quietly, "update"],
        [*quietly, "install", "--yes", "--no-install-recommends", *KERNEL_PACKAGES],
        ["sh", "-c", named],
        ["update-initramfs", "-u"],
    ):
        done = subprocess.run(
            [*inside, *words], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{words}\n{done.stderr}"


@contextmanager
def own_panel_card(made: PanelCard) -> Iterator[Card]:
    """Card of one test, which may do to it what it likes."""
    with scratch_copy(made.card) as copy:
        yield copy
