"""Where a part of the record came from."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One file that was read into the record.

    Parameters
    ----------
    kind
        Which importer read it: `nem12`, `aemo`, `powerpal`, `table`, `amber`,
        `weather`, `tessie`, `teslamate`, `teslafi`.
    source
        Under which name its values stand in the record, such as `table:jemena`.
    file_name
        Name without its folders; of an archive `archive.zip/member.csv`.
    sha256
        Of the bytes as they lay on the disk, archive included.
    byte_count
        Length of that file. [bytes]
    imported_at
        When it was first imported. [aware UTC]
    row_count
        Rows that held values.
    value_count
        Interval values in them, missing ones left out; drives and charges of cars.
    new_count, changed_count
        Values that were not on record before, and that replaced another.
    first, last
        Start of the first and end of the last interval; `None` when there is no
        value. [aware UTC]
    problems
        What was odd and how it was taken, each with its place.
    """

    kind: str
    source: str
    file_name: str
    sha256: str
    byte_count: int
    imported_at: datetime
    row_count: int
    value_count: int
    new_count: int
    changed_count: int
    first: datetime | None
    last: datetime | None
    problems: tuple[str, ...] = ()
