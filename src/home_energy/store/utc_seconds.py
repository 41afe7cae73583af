"""Instants as the store keeps them: whole seconds since 1970, NULL for none."""

from datetime import UTC, datetime


def to_utc_s(moment: datetime | None) -> int | None:
    """Seconds since 1970, the part of a second left out."""
    return None if moment is None else int(moment.timestamp())


def from_utc_s(seconds: int | None) -> datetime | None:
    """Inverse of `to_utc_s`. [aware UTC]"""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
