"""How much memory a user's programs hold.

The firmware of a Pi may have turned off the limits that systemd would set; a browser
that grows for weeks is then noticed only here.
"""

from pathlib import Path


def held_bytes(user_id: int, proc: Path = Path("/proc")) -> int:
    """Memory that cannot be given back without swapping, of all programs of a user.

    Parameters
    ----------
    proc
        Where the kernel tells of its processes.
    """
    return sum(_held_by(process, user_id) for process in proc.glob("[0-9]*"))


def _held_by(process: Path, user_id: int) -> int:
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    if told.get("Uid", "").split()[:1] != [str(user_id)]:
        return 0
    kilobytes = told.get("RssAnon", "0 kB").split()[0]
    return 1024 * int(kilobytes)
