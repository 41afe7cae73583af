"""Which packages the system's updates leave alone."""

from pathlib import Path

from home_energy.machine.reading import text_of


def read_held_packages(root: Path) -> tuple[str, ...] | None:
    """Read the names of packages on hold; `None` where there is no dpkg."""
    record = text_of(root / "var/lib/dpkg/status")
    if record is None:
        return None
    held = []
    name = ""
    for line in record.splitlines():
        if line.startswith("Package: "):
            name = line.removeprefix("Package: ")
        elif line.startswith("Status: hold "):
            held.append(name)
    return tuple(sorted(held))
