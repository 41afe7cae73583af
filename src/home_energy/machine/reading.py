"""Small files of the kernel and of the system, read without a word when they fail.

What is not there, or may not be read by this user, is `None`: unknown, never a guess.
"""

from pathlib import Path


def text_of(path: Path) -> str | None:
    """Content without white space and zero bytes at its ends."""
    try:
        return path.read_text(errors="replace").strip("\0 \t\r\n")
    except OSError:
        return None


def number_of(path: Path) -> int | None:
    """Whole number that a file holds."""
    text = text_of(path)
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def lines_of(path: Path) -> tuple[str, ...] | None:
    """Lines of a file that has any number of them."""
    text = text_of(path)
    return None if text is None else tuple(text.splitlines())


def entries_of(folder: Path) -> list[Path]:
    """What a folder holds, by name; nothing where there is no such folder."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def settings_files(root: Path, name: str, folder: str) -> list[Path]:
    """Files that settings are made of, the last word last.

    A file in a folder stands for every file of its name where it counts for less [1]_.

    Parameters
    ----------
    name, folder
        File and folder of drop-ins, such as `systemd/journald.conf` and
        `systemd/journald.conf.d`.

    References
    ----------
    .. [1] systemd.conf(5), "Configuration Directories and Precedence".
    """
    drop_ins: dict[str, Path] = {}
    for above in ("usr/lib", "usr/local/lib", "run", "etc"):
        for path in entries_of(root / above / folder):
            if path.suffix == ".conf":
                drop_ins[path.name] = path
    return [root / "etc" / name, *(drop_ins[key] for key in sorted(drop_ins))]


def setting_of(files: list[Path], key: str) -> str | None:
    """Last value of `key = value` in files of that kind."""
    found = None
    for path in files:
        for line in lines_of(path) or ():
            name, is_set, value = line.partition("=")
            if is_set and name.strip() == key:
                found = value.strip()
    return found
