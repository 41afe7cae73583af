"""What the programs of a unit use, as the kernel counts it."""

from tests.booted.guest import Guest

UNITS = ("home-energy-collect", "home-energy-dashboard", "home-energy-kiosk")

TICKS_PER_SECOND = 100


def pids(guest: Guest, unit: str) -> list[int]:
    """Processes of a unit, as the guest counts them, the oldest first."""
    group = guest.unit(unit, "ControlGroup")
    listed = guest.shell(f"cat $(find /sys/fs/cgroup{group} -name cgroup.procs)")
    return sorted(int(pid) for pid in listed.split())


def pids_of(guest: Guest, unit: str, words: str) -> list[int]:
    """Processes of a unit whose command has these words."""
    commands = {pid: _command(guest, pid) for pid in pids(guest, unit)}
    return [pid for pid, command in commands.items() if words in command]


def browser_pid(guest: Guest) -> int:
    """Process that began the browser's others."""
    (pid,) = (
        pid
        for pid in pids_of(guest, "home-energy-kiosk", "--user-data-dir=")
        if "chromium" in _command(guest, pid).split("\0")[0]
        and "--type=" not in _command(guest, pid)
    )
    return pid


def _command(guest: Guest, pid: int) -> str:
    """Command of a process, its words parted by NUL; empty where it has ended."""
    return guest.try_run("cat", f"/proc/{pid}/cmdline").stdout.decode()


def cpu_seconds(guest: Guest, unit: str) -> float:
    """What its programs that run have computed so far. [s]"""
    ticks = 0
    for pid in pids(guest, unit):
        _, _, told = guest.run("cat", f"/proc/{pid}/stat").rpartition(") ")
        user, system = told.split()[11:13]
        ticks += int(user) + int(system)
    return ticks / TICKS_PER_SECOND


def pss_kb(guest: Guest, unit: str) -> int:
    """Memory of its programs; what they share with others in parts. [kB]"""
    return _summed(guest, unit, "smaps_rollup", "Pss:")


def written_bytes(guest: Guest, unit: str) -> int:
    """What its programs that run have caused to be written to a disk."""
    return _summed(guest, unit, "io", "write_bytes:")


def _summed(guest: Guest, unit: str, file: str, name: str) -> int:
    total = 0
    for pid in pids(guest, unit):
        for line in guest.run("cat", f"/proc/{pid}/{file}").splitlines():
            if line.startswith(name):
                total += int(line.split()[1])
    return total
