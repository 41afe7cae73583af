"""What an ELF file is made for: read from its head, with no tool but Python."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

AARCH64, X86_64 = 183, 62
"""`e_machine`."""

_LOAD = 1
"""`p_type` of a part that is put into memory."""

_HEAD = struct.Struct("<16sHHIQQQIHHHHHH")
"""`Elf64_Ehdr` of a little-endian machine."""

_PART = struct.Struct("<IIQQQQQQ")
"""`Elf64_Phdr`."""


@dataclass(frozen=True, slots=True)
class Elf:
    """One file of machine code.

    Parameters
    ----------
    path
        The file.
    machine
        `AARCH64` or another.
    load_align_bytes
        Least alignment of what is put into memory: no page may be larger.
    """

    path: Path
    machine: int
    load_align_bytes: int


def elf_files(folder: Path) -> Iterator[Elf]:
    """Every ELF file below a folder that has something to load, once."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        elf = read_elf(path)
        if elf is not None:
            yield elf


def read_elf(path: Path) -> Elf | None:
    """Read one file; `None` where it is something else, or loads nothing."""
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        if head[:6] != b"\x7fELF\x02\x01" or len(head) < _HEAD.size:
            return None
        _ident, _type, machine, _v, _entry, offset, *rest = _HEAD.unpack(head)
        _sections, _flags, _size, part_bytes, part_count, *_ = rest
        file.seek(offset)
        parts = file.read(part_bytes * part_count)
    aligned = [
        _PART.unpack_from(parts, part_bytes * n)[7]
        for n in range(part_count)
        if _PART.unpack_from(parts, part_bytes * n)[0] == _LOAD
    ]
    return Elf(path, machine, min(aligned)) if aligned else None
