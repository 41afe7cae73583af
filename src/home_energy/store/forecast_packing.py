"""Forecasts of some hours, packed without loss into a few kilobytes.

Consecutive issues mostly agree, so a block is, for each channel, a matrix of issues
by target intervals for each column, stored as steps from the issue before. A target
that an issue does not mention repeats the value before it (a step of zero) and is
marked absent in a bit mask. All prices follow the wholesale price, each with a slope
of its own (losses, GST), so the price of the first channel is stored as what its steps
differ from those of its wholesale part, times that slope; and the later channels as
what they differ from the first, where they share its targets. Numbers are integers of
1e-5 c/kWh, the five decimals that Amber publishes, and slopes are whole numbers too,
so what comes out is what went in.

Layout: one version byte, then the xz stream, with its own checksum, of ``header
length | header JSON | arrays``. Arrays are little-endian and byte-transposed, which
compresses better; xz makes a quarter less of it than zlib.
"""

import json
import lzma
import math
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.errors import DataError, StoreError

_VERSION = 1
_UNITS_PER_C = 100_000
_LIMIT_C_PER_KWH = 2**31 / _UNITS_PER_C  # 21,474 c; the market's cap is near 2,300 c
_COLUMNS = (
    "c_per_kwh",
    "predicted_c_per_kwh",
    "low_c_per_kwh",
    "high_c_per_kwh",
    "spot_c_per_kwh",
    "spot_min_c_per_kwh",
    "spot_max_c_per_kwh",
)

# The dictionary bounds the memory: about 12 MB while packing, 1 MB while unpacking.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 2**20}]

_DAMAGE = (
    lzma.LZMAError,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    OverflowError,
)

_PRICE, _SPOT = _COLUMNS.index("c_per_kwh"), _COLUMNS.index("spot_c_per_kwh")
_SLOPE_ONE = 2**24
_STEEPEST = 64.0  # times a step of 32 bits this still fits into 64

_Integers = NDArray[np.uint32]
_Mask = NDArray[np.bool_]
_Target = tuple[int, int]  # start_utc_s, duration_minutes


@dataclass(frozen=True, slots=True)
class _Table:
    """One channel: values and presence, (columns, issues, targets), and spikes."""

    targets: list[_Target]
    values: _Integers
    present: _Mask
    spikes: _Mask  # (issues, targets)


@dataclass(frozen=True, slots=True)
class _Block:
    """Opened block: tables of channels and the numbers of the issues they have."""

    issued_s: list[int]
    channels: list[tuple[Channel, list[int], _Table]]

    def forecasts(self, issues: Sequence[int]) -> list[Forecast]:
        """Forecasts of the numbered issues, in order of issue, then channel."""
        return [
            Forecast(
                channel=channel,
                issued_at=datetime.fromtimestamp(self.issued_s[issue], UTC),
                points=_points(table, issue),
            )
            for issue in issues
            for channel, own_issues, table in self.channels
            if issue in own_issues
        ]


def issued_second(forecast: Forecast) -> int:
    """First whole second at which a forecast was known: never before it was."""
    return math.ceil(forecast.issued_at.timestamp())


def pack(forecasts: Sequence[Forecast]) -> bytes:
    """Pack forecasts of any channels and issue times into one block.

    Raises
    ------
    DataError
        If a channel comes twice in one issue, or a price is not a number that can be
        kept.
    """
    _refuse_repeats(forecasts)
    issued_s = sorted({issued_second(f) for f in forecasts})
    channels = sorted({f.channel for f in forecasts}, key=list(Channel).index)
    header: dict[str, Any] = {"issued_utc_s": issued_s, "channels": []}
    arrays: list[bytes] = []
    first: _Table | None = None
    for channel in channels:
        mine = [f for f in forecasts if f.channel == channel]
        table = _tabulate(mine, issued_s)
        is_relative = first is not None and first.targets == table.targets
        slopes, packed = _to_bytes(table, first if is_relative else None)
        header["channels"].append(
            {
                "channel": channel.value,
                "issued": sorted(issued_s.index(issued_second(f)) for f in mine),
                "targets": table.targets,
                "is_relative": is_relative,
                "slopes": slopes,
            }
        )
        arrays += packed
        first = first or table
    head = json.dumps(header, separators=(",", ":")).encode()
    body = struct.pack("<I", len(head)) + head + b"".join(arrays)
    return bytes([_VERSION]) + lzma.compress(
        body, check=lzma.CHECK_CRC32, filters=_FILTERS
    )


def unpack(packed: bytes) -> list[Forecast]:
    """Forecasts of a block, in order of issue, then channel.

    Raises
    ------
    StoreError
        If the bytes are not a block of a known version.
    """
    with _own_errors():
        block = _open(packed)
        return block.forecasts(range(len(block.issued_s)))


def unpack_newest(packed: bytes, at_utc_s: int) -> list[Forecast]:
    """Newest issue of a block that was known at an instant; empty when none was.

    Raises
    ------
    StoreError
        If the bytes are not a block of a known version.
    """
    with _own_errors():
        block = _open(packed)
        known = [i for i, at_s in enumerate(block.issued_s) if at_s <= at_utc_s]
        return block.forecasts(known[-1:])


def unpack_newest_at_each(packed: bytes, at_utc_s: Sequence[int]) -> list[Forecast]:
    """Issues of a block that were the newest at any of some instants, each once.

    Raises
    ------
    StoreError
        If the bytes are not a block of a known version.
    """
    with _own_errors():
        block = _open(packed)
        newest = {bisect_right(block.issued_s, at_s) - 1 for at_s in at_utc_s}
        return block.forecasts(sorted(newest - {-1}))


def _open(packed: bytes) -> _Block:
    if not packed or packed[0] != _VERSION:
        raise StoreError(
            f"a packed forecast has version {packed[:1].hex() or 'none'}, this program "
            f"knows {_VERSION}; update home-energy"
        )
    body = lzma.decompress(packed[1:])
    (head_length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + head_length])
    issued_s: list[int] = header["issued_utc_s"]
    offset = 4 + head_length
    first: _Table | None = None
    channels: list[tuple[Channel, list[int], _Table]] = []
    for entry in header["channels"]:
        base = first if entry["is_relative"] else None
        table, offset = _from_bytes(body, offset, len(issued_s), entry, base)
        channels.append((Channel(entry["channel"]), entry["issued"], table))
        first = first or table
    return _Block(issued_s, channels)


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise StoreError(
            f"a packed forecast cannot be read ({type(error).__name__}: {error}); "
            "the file was damaged: restore a backup"
        ) from error


def _refuse_repeats(forecasts: Sequence[Forecast]) -> None:
    counts = Counter((issued_second(f), f.channel) for f in forecasts)
    for (issued_s, channel), count in counts.items():
        if count > 1:
            issued_at = datetime.fromtimestamp(issued_s, UTC)
            raise DataError(
                f"{count} forecasts for {channel} issued at {issued_at}; one issue has "
                "one forecast for each channel"
            )


def _tabulate(forecasts: Sequence[Forecast], issued_s: list[int]) -> _Table:
    targets = sorted(
        {
            (int(point.start.timestamp()), point.duration_minutes)
            for forecast in forecasts
            for point in forecast.points
        }
    )
    place = {target: i for i, target in enumerate(targets)}
    shape = (len(_COLUMNS), len(issued_s), len(targets))
    values = np.full(shape, np.nan)
    spikes = np.zeros(shape[1:], dtype=np.bool_)
    for forecast in forecasts:
        row = issued_s.index(issued_second(forecast))
        for point in forecast.points:
            if math.isnan(point.c_per_kwh):
                raise DataError(
                    f"a forecast for {point.start} is not a number; an unknown price "
                    "is an absent point"
                )
            column = place[int(point.start.timestamp()), point.duration_minutes]
            values[:, row, column] = [
                np.nan if (value := getattr(point, name)) is None else value
                for name in _COLUMNS
            ]
            spikes[row, column] = point.is_spike_possible
    return _Table(targets, *_to_integers(values), spikes)


def _to_integers(values: NDArray[np.float64]) -> tuple[_Integers, _Mask]:
    """Integers with absent values filled from the issue before, and presence."""
    present = ~np.isnan(values)
    if np.nanmax(np.abs(values), initial=0.0) >= _LIMIT_C_PER_KWH:
        raise DataError(
            f"a forecast of {np.nanmax(np.abs(values)):.0f} c/kWh is beyond "
            f"{_LIMIT_C_PER_KWH:.0f} c/kWh, the most that can be kept"
        )
    scaled = np.rint(np.where(present, values, 0.0) * _UNITS_PER_C).astype(np.int64)
    issue_number = np.arange(values.shape[1])[None, :, None]
    last_present = np.maximum.accumulate(np.where(present, issue_number, 0), axis=1)
    filled = np.take_along_axis(scaled, last_present, axis=1)
    return (filled & 0xFFFFFFFF).astype(np.uint32), present


def _to_bytes(table: _Table, first: _Table | None) -> tuple[list[int], list[bytes]]:
    """Slopes of the columns and the arrays, relative to the first channel or not."""
    steps = _steps(table.values)
    base = _wholesale_base(steps) if first is None else _steps(first.values)
    slopes = [_slope(*pair) for pair in zip(base, steps, strict=True)]
    # Arithmetic modulo 2**32: differences never overflow and are undone exactly.
    rest = steps - _sloped(base, slopes)
    transposed = rest.astype("<u4").view(np.uint8).reshape(-1, 4).T
    return slopes, [
        np.ascontiguousarray(transposed).tobytes(),
        np.packbits(table.present).tobytes(),
        np.packbits(table.spikes).tobytes(),
    ]


def _from_bytes(
    body: bytes,
    offset: int,
    issue_count: int,
    entry: dict[str, Any],
    first: _Table | None,
) -> tuple[_Table, int]:
    targets = [(start, minutes) for start, minutes in entry["targets"]]
    shape = (len(_COLUMNS), issue_count, len(targets))
    count = shape[0] * shape[1] * shape[2]
    raw = np.frombuffer(body, np.uint8, 4 * count, offset).reshape(4, -1).T
    rest = np.ascontiguousarray(raw).view("<u4").reshape(shape).astype(np.uint32)
    # The wholesale column has no base in its own channel: its rest is its steps.
    base = _wholesale_base(rest) if first is None else _steps(first.values)
    steps = rest + _sloped(base, entry["slopes"])
    values = np.cumsum(steps, axis=1, dtype=np.uint32)
    offset += 4 * count
    present, offset = _read_bits(body, offset, shape)
    spikes, offset = _read_bits(body, offset, shape[1:])
    return _Table(targets, values, present, spikes), offset


def _steps(values: _Integers) -> _Integers:
    """What each issue differs from the one before, the first one from zero."""
    steps = values.copy()
    steps[:, 1:] -= values[:, :-1]
    return steps


def _wholesale_base(steps: _Integers) -> _Integers:
    """What a channel by itself is compared with: its price with its wholesale part."""
    base = np.zeros_like(steps)
    base[_PRICE] = steps[_SPOT]
    return base


def _slope(base: _Integers, steps: _Integers) -> int:
    """Middle ratio of two columns, in parts of `_SLOPE_ONE`; any would be lossless.

    Between neighbouring targets, where fixed charges mostly cancel; the middle one,
    because they do not always; and of differences beside which rounding is small.
    """
    x = np.diff(base).view(np.int32)
    y = np.diff(steps).view(np.int32)
    is_moving = np.abs(x.astype(np.int64)) > _UNITS_PER_C // 100
    if not is_moving.any():
        return _SLOPE_ONE
    slope = float(np.median(y[is_moving] / x[is_moving]))
    return round(max(-_STEEPEST, min(_STEEPEST, slope)) * _SLOPE_ONE)


def _sloped(base: _Integers, slopes: Sequence[int]) -> _Integers:
    by_column = np.array(slopes, dtype=np.int64)[:, None, None]
    product = base.view(np.int32).astype(np.int64) * by_column // _SLOPE_ONE
    return (product & 0xFFFFFFFF).astype(np.uint32)


def _read_bits(body: bytes, offset: int, shape: tuple[int, ...]) -> tuple[_Mask, int]:
    count = int(np.prod(shape))
    size = (count + 7) // 8
    bits = np.unpackbits(np.frombuffer(body, np.uint8, size, offset), count=count)
    return bits.reshape(shape).astype(np.bool_), offset + size


def _points(table: _Table, issue: int) -> tuple[ForecastPoint, ...]:
    # Plain lists, and values by place in the order of `_COLUMNS`: the screen waits.
    here = np.flatnonzero(table.present[0, issue])
    scaled = table.values[:, issue, here].astype(np.int32) / _UNITS_PER_C
    rows = scaled.astype(object)
    rows[~table.present[:, issue, here]] = None
    columns = (
        [table.targets[i][0] for i in here.tolist()],
        [table.targets[i][1] for i in here.tolist()],
        *rows.tolist(),
        table.spikes[issue, here].tolist(),
    )
    return tuple(
        ForecastPoint(datetime.fromtimestamp(start_s, UTC), *values)
        for start_s, *values in zip(*columns, strict=True)
    )
