"""Drives one after the other, whatever a logger wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from home_energy.domain.car_history import Drive


@dataclass(frozen=True, slots=True)
class SoundDrives:
    """Drives of which none overlaps another.

    Parameters
    ----------
    drives
        In order.
    empty
        Left out: without a kilometre or without a minute.
    repeated
        Left out: within the time of another one.
    joined_count
        Drives that began before the one before had ended: both are one, from the
        first's start to the second's end, with the kilometres and energy of both.
    """

    drives: tuple[Drive, ...]
    empty: tuple[Drive, ...]
    repeated: tuple[Drive, ...]
    joined_count: int


def sound_drives(drives: Iterable[Drive]) -> SoundDrives:
    """Put drives in order, leave out what is none, and join what overlaps."""
    ordered = sorted(drives, key=lambda d: (d.start, -d.end.timestamp()))
    empty = [drive for drive in ordered if drive.km == 0 or drive.start == drive.end]
    sound: list[Drive] = []
    repeated: list[Drive] = []
    joined_count = 0
    for drive in ordered:
        if drive.km == 0 or drive.start == drive.end:
            continue
        if not sound or sound[-1].end <= drive.start:
            sound.append(drive)
        elif drive.end <= sound[-1].end:
            repeated.append(drive)
        else:
            sound[-1] = _joined(sound[-1], drive)
            joined_count += 1
    return SoundDrives(tuple(sound), tuple(empty), tuple(repeated), joined_count)


def _joined(first: Drive, second: Drive) -> Drive:
    known = first.energy_kwh is not None and second.energy_kwh is not None
    return replace(
        first,
        end=second.end,
        km=first.km + second.km,
        energy_kwh=(first.energy_kwh or 0.0) + (second.energy_kwh or 0.0)
        if known
        else None,
        end_level_fraction=second.end_level_fraction,
        end_place=second.end_place,
    )
