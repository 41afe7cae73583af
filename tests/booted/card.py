"""The card that a guest boots from: Debian, and what pi/install.sh makes of it.

The root of Debian and the wheels come from their registries once; the installer itself
runs without any network. A card is kept by what it was made from: the trees of the
repository's HEAD that the installer uses, and the parts that only a guest has.
"""

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.booted.machine import BUILD, ROOT, scratch_folder

PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "libnss-systemd"),
    *("systemd-timesyncd", "udev", "kmod", "iproute2", "procps", "ca-certificates"),
    *("python3", "python3-venv", "git", "curl", "sqlite3", "unattended-upgrades"),
    *("cage", "seatd", "chromium", "wlr-randr", "fonts-dejavu-core", "grim"),
)
"""What Raspberry Pi OS Lite has, what the installer would bring, and `grim`."""

SUITE = "trixie"
MIRROR = "http://deb.debian.org/debian"
TRIXIE = BUILD / f"{SUITE}-amd64-{zlib.crc32(' '.join(PACKAGES).encode()):08x}.tar"
WHEELS = BUILD / "wheels-amd64"
WHEELS_INSIDE = "/wheels"

CARD_SIZE = "4500M"
MACHINE_ID = "0123456789abcdef0123456789abcdef"  # without one the first boot asks
CLONE = "/root/home-energy"
"""Where the repository lies inside, as a person would have cloned it."""

CANARY = "psk_canary_5f1d7c0e9a8b4c3d"
"""The token: not to be found anywhere but in its file."""

AMBER = 'base_url = "http://127.0.0.1:5055/v1/"'

MADE_FROM = ("src", "pi", "pyproject.toml")
PARTS = Path(__file__).parent / "parts"
KEPT_CARDS = 3

INSIDE = (
    "env",
    "-i",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LC_ALL=C.UTF-8",
)


@dataclass(frozen=True, slots=True)
class Card:
    """An image with one ext4 file system."""

    path: Path


def made_card() -> Card:
    """Card of HEAD, made now if there is none. Not to be written: copy it."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "card.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = BUILD / f"card-{_made_from()}.img"
        if not path.exists():
            new = path.with_suffix(".new")
            with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
                _make(Path(folder) / "card.img")
                copy_sparse(Path(folder) / "card.img", new)
            new.rename(path)
        path.touch()
        by_age = sorted(BUILD.glob("card-*.img"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-KEPT_CARDS]:
            old.unlink()
    return Card(path)


@contextmanager
def scratch_copy(card: Card) -> Iterator[Card]:
    """Copy of a card that may be written, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="card-", dir=scratch_folder()) as folder:
        copy = Path(folder) / "card.img"
        copy_sparse(card.path, copy)
        yield Card(copy)


def copy_sparse(source: Path, target: Path) -> None:
    """Copy an image as it is at this moment, holes and all."""
    subprocess.run(["cp", "--sparse=always", source, target], check=True)


@contextmanager
def inserted(card: Card) -> Iterator[Path]:
    """Mount a card and give the folder: what the guest sees as `/`."""
    with tempfile.TemporaryDirectory(prefix="inserted-") as folder:
        root = Path(folder)
        with mounted("-o", "loop,noatime", str(card.path), root):
            yield root


@contextmanager
def mounted(*options: str | Path) -> Iterator[None]:
    """Mount something, the place last, and take it away whatever happens."""
    place = options[-1]
    subprocess.run(["mount", *options], check=True)
    try:
        yield
    finally:
        taken = subprocess.run(["umount", place], capture_output=True, check=False)
        if taken.returncode != 0:  # a guest without power may hold it for a moment
            subprocess.run(["umount", "-l", place], check=False)


@contextmanager
def changed_root(root: Path, *, network: bool = False) -> Iterator[list[str]]:
    """Give the beginning of a command that runs inside of `root`."""
    (root / "wheels").mkdir(exist_ok=True)
    with ExitStack() as mounts:
        for options in (
            ("-t", "proc", "proc", root / "proc"),
            ("--bind", "/dev", root / "dev"),
            ("--bind", WHEELS, root / "wheels"),
        ):
            mounts.enter_context(mounted(*options))
        apart = [] if network else ["unshare", "-n"]
        yield [*apart, "chroot", str(root), *INSIDE]


def _made_from() -> str:
    trees = _git("rev-parse", *(f"HEAD:{name}" for name in MADE_FROM))
    parts = [one.read_bytes() for one in sorted(PARTS.iterdir())]
    parts.append(Path(__file__).read_bytes())
    return hashlib.sha256(b"".join([trees.encode(), *parts])).hexdigest()[:12]


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-C", ROOT, *words], check=True, capture_output=True, text=True
    )
    return done.stdout


def _make(path: Path) -> None:
    _make_debian()
    subprocess.run(["truncate", "-s", CARD_SIZE, path], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", path], check=True)
    with inserted(Card(path)) as root:
        subprocess.run(
            ["tar", "-C", root, "-xf", TRIXIE, "--exclude=./dev/*"], check=True
        )
        _prepare(root)
        _fetch_wheels(root)
        (root / "etc/pip.conf").write_text(
            f"[global]\nno-index = true\nfind-links = {WHEELS_INSIDE}\n"
        )
        with changed_root(root) as inside:
            _install(root, inside)
            _add_parts(root, inside)


def _make_debian() -> None:
    if TRIXIE.exists():
        return
    new = TRIXIE.with_suffix(".new")
    packages = f"--include={','.join(PACKAGES)}"
    subprocess.run(
        [
            "mmdebstrap",
            "--format=tar",
            "--variant=minbase",
            packages,
            SUITE,
            new,
            MIRROR,
        ],
        check=True,
    )
    new.rename(TRIXIE)


def _prepare(root: Path) -> None:
    """Bring what a fresh card has that a bare Debian lacks, and the repository."""
    (root / "etc/machine-id").write_text(f"{MACHINE_ID}\n")
    certificates = "etc/ssl/certs/ca-certificates.crt"
    shutil.copy(f"/{certificates}", root / certificates)
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", ROOT, root / CLONE[1:]], check=True
    )


def _fetch_wheels(root: Path) -> None:
    """Bring the wheels of the requirements, as this root's own Python wants them."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    wanted = (root / CLONE[1:] / "pi/requirements.txt").read_bytes()
    complete = WHEELS / hashlib.sha256(wanted).hexdigest()
    if complete.exists():
        return
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    with changed_root(root, network=True) as inside:
        for command in (
            ["python3", "-m", "venv", "/tmp/fetching"],  # noqa: S108 - inside
            [
                *("/tmp/fetching/bin/pip", "download", "--quiet"),  # noqa: S108
                *("--only-binary=:all:", "--require-hashes", "--dest", WHEELS_INSIDE),
                *("--requirement", f"{CLONE}/pi/requirements.txt"),
            ],
            ["rm", "-r", "/tmp/fetching"],  # noqa: S108
        ):
            subprocess.run([*inside, *command], check=True)
    complete.touch()


def _install(root: Path, inside: Sequence[str]) -> None:
    """Run the installer as a person would, with a token in a file."""
    token = root / "root/token"
    token.write_text(f"{CANARY}\n")
    installer = ["bash", f"{CLONE}/pi/install.sh", "--token-file", "/root/token"]
    subprocess.run([*inside, *installer], check=True)
    token.unlink()


def _add_parts(root: Path, inside: Sequence[str]) -> None:
    """Add what only the guest has: Amber, pretended, and a screen in memory."""
    pretended = root / "opt/pretended"
    pretended.mkdir()
    shutil.copy(PARTS / "pretended_amber.py", pretended)
    (pretended / "token").write_text(f"{CANARY}\n")
    (pretended / "token").chmod(0o600)
    units = root / "etc/systemd/system"
    shutil.copy(PARTS / "pretended-amber.service", units)
    drop_in = units / "home-energy-kiosk.service.d"
    drop_in.mkdir()
    shutil.copy(PARTS / "headless.conf", drop_in)
    with (root / "etc/home-energy/home.toml").open("a") as settings:
        settings.write(f"\n[amber]\n{AMBER}\n")
    subprocess.run(
        [*inside, "systemctl", "enable", "--quiet", "pretended-amber.service"],
        check=True,
    )
