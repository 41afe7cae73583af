"""A file's bytes as text: what no program for text wrote is named for what it is."""

from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import SourceFile

_BINARY_KINDS = (
    (b"PK\x03\x04", "an archive or a spreadsheet (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)


def text_of(file: SourceFile, expected: str) -> str:
    """Text of a file, without the mark that some editors put before it.

    Parameters
    ----------
    expected
        What the reader wants, for the message: `a CSV file of AEMO`.

    Raises
    ------
    DataError
        If the file is empty or no text in UTF-8.
    """
    content = file.content
    if not content.strip():
        raise DataError(
            f"{file.name}:1: the file is empty, {expected} was expected; download it "
            "again"
        )
    kind = next((kind for mark, kind in _BINARY_KINDS if content.startswith(mark)), "")
    if not kind and b"\0" in content:
        kind = "binary"
    if kind:
        raise DataError(
            f"{file.name}:1: the file is {kind}, {expected} was expected; take the "
            "file as it was downloaded, or save it as CSV in UTF-8"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{file.name}:{line}: byte {content[error.start]:#04x} is no UTF-8, "
            f"{expected} was expected; take the file as it was downloaded"
        ) from error
