"""A machine with a panel of 800 x 480, a finger and a hardware watchdog, under qemu.

Its card is that of the other guests with Debian's kernel on it, without what lets those
draw into memory. Amber is not in the guest, whose clock is wrong: it answers on this
machine's loopback, which is all that the guest can reach.
"""

import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from tests.booted.card import CANARY, Card
from tests.booted.panel_card import AMBER_PORT, FAR_SIDE, PanelCard
from tests.booted.qemu import BOOT_SHELL, Machine, switched_on

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.clock import SystemClock

QEMU = "qemu-system-x86_64"

WIDTH, HEIGHT = 800, 480


@contextmanager
def far_amber(port: int) -> Iterator[None]:
    """Let Amber answer, with this machine's time."""
    market = SyntheticMarket(SyntheticHome())
    app = create_amber_app(market, SystemClock(), token=CANARY)
    with serving(app, port):
        yield


def free_port() -> int:
    """Port of this machine's loopback on which nobody answers yet."""
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@cache
def acceleration(kernel: Path) -> tuple[str, ...]:
    """KVM where it starts this kernel, which `/dev/kvm` does not tell; else qemu's.

    qemu plays wide vectors dearly: a processor without them is the faster one there.
    """
    slow = ("-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "Nehalem")
    fast = ("-accel", "kvm", "-cpu", "host,-arch-capabilities")
    return fast if Path("/dev/kvm").exists() and _starts(fast, kernel) else slow


def _starts(processor: Sequence[str], kernel: Path) -> bool:
    """Whether a kernel comes so far as to miss its disk, and to give up."""
    command: list[str | Path] = [
        QEMU,
        *processor,
        "-m",
        "512",
        "-no-reboot",
        "-kernel",
        kernel,
    ]
    with tempfile.TemporaryDirectory() as folder:
        try:
            with switched_on(
                [*command, "-append", "panic=-1"], Path(folder)
            ) as machine:
                for _second in range(20):
                    if machine.process.poll() is not None:
                        return True
                    if machine.ask("query-status")["status"] != "running":
                        return False
                    time.sleep(1)
        except (AssertionError, OSError, ValueError):
            return False
    return False


@contextmanager
def panel(
    made: PanelCard, card: Card, amber_port: int, *options: str
) -> Iterator[Machine]:
    """Switch on a machine with a panel.

    Parameters
    ----------
    made
        Whose kernel is started.
    card
        What it runs from, and writes to.
    amber_port
        On this machine's loopback; somebody may answer there later.
    options
        Such as the clock that it starts with.
    """
    said = f"root=/dev/vda rw console=ttyS0 quiet {BOOT_SHELL}=ttyS1"
    reach = f"{sys.executable} {Path(__file__).with_name('reach.py')} {amber_port}"
    user = f"user,id=n,restrict=on,guestfwd=tcp:{FAR_SIDE}:{AMBER_PORT}-cmd:{reach}"
    command: list[str | Path] = [
        *(QEMU, *acceleration(made.kernel), "-smp", "2", "-m", "3072"),
        *("-kernel", made.kernel, "-initrd", made.initial_files, "-append", said),
        *("-drive", f"file={card.path},format=raw,if=virtio,cache=writeback"),
        *("-netdev", user, "-device", "virtio-net-pci,netdev=n"),
        *("-vga", "none", "-device", f"virtio-gpu-pci,xres={WIDTH},yres={HEIGHT}"),
        *("-device", "virtio-tablet-pci", "-device", "i6300esb"),
        *("-action", "watchdog=reset", *options),
        *("-device", "isa-serial,chardev=shell"),
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        switched_on(command, Path(folder)) as machine,
    ):
        yield machine
