"""A day's values as bytes, and days as numbers."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.series import FloatArray

_EPOCH = date(1970, 1, 1)
_DOUBLE = np.dtype("<f8")


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Inverse of `day_number`."""
    return _EPOCH + timedelta(days=number)


def pack_values(values: FloatArray) -> bytes:
    """Doubles, least significant byte first; NaN stays NaN."""
    return values.astype(_DOUBLE, copy=False).tobytes()


def unpack_values(packed: bytes) -> FloatArray:
    """Inverse of `pack_values`; read-only."""
    return np.frombuffer(packed, dtype=_DOUBLE)


def pack_qualities(qualities: NDArray[np.uint8]) -> bytes:
    """One byte for each interval, or one for all when they are equal."""
    first = qualities[:1]
    return (first if bool(np.all(qualities == first)) else qualities).tobytes()


def unpack_qualities(packed: bytes, count: int) -> NDArray[np.uint8]:
    """Inverse of `pack_qualities`."""
    qualities = np.frombuffer(packed, dtype=np.uint8)
    return np.repeat(qualities, count) if qualities.size == 1 else qualities
