"""Electric power as meters tell it: samples, counters, and what is left of both.

A sample says what flows at one instant; a counter how much has flowed so far. Neither
is stretched beyond what it can stand for: a silent meter leaves a hole, never a zero.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError

FIVE_MINUTES = timedelta(minutes=5)

MOST_WATTS = 200_000.0
"""No home's connection carries more: what says so is a fault of the meter."""


class Stream(StrEnum):
    """Where power flows, seen from the home's switchboard.

    `GRID` is positive when it is bought and negative when it is sold, `BATTERY`
    positive when it gives and negative when it is charged. `LOAD` is what the house
    uses, `SOLAR` what panels give.
    """

    GRID = "grid"
    LOAD = "load"
    SOLAR = "solar"
    BATTERY = "battery"


@dataclass(frozen=True, slots=True)
class PowerSample:
    """Power of one stream at one instant.

    Parameters
    ----------
    stream
        Where it flows.
    at
        When it was measured, or came in where the source does not say. [aware UTC]
    watts
        See `Stream` for the sign. [W]

    Raises
    ------
    DataError
        If it is no number, or more than any home's connection carries.
    """

    stream: Stream
    at: datetime
    watts: float

    def __post_init__(self) -> None:
        """Refuse what no meter of a home can mean."""
        require_utc(self.at, "a power sample")
        if not abs(self.watts) <= MOST_WATTS:
            raise DataError(
                f"{self.stream} power of {self.watts:g} W at {self.at}: expected at "
                f"most {MOST_WATTS:g} W either way; check the unit of its source"
            )


@dataclass(frozen=True, slots=True)
class PowerMean:
    """Mean power of a stream over five minutes, from what was heard in them.

    Parameters
    ----------
    source, stream
        Who told, and of what.
    start
        Of the five minutes. [aware UTC]
    mean_watts
        Over the covered part. [W]
    sample_count
        How many samples it rests on.
    covered_seconds
        For how much of the 300 s a sample stood. [s]
    """

    source: str
    stream: Stream
    start: datetime
    mean_watts: float
    sample_count: int
    covered_seconds: float


@dataclass(frozen=True, slots=True)
class PowerSamples:
    """Samples of five minutes as they came in, thicker ones merged by the second.

    Parameters
    ----------
    source, stream, start
        As in `PowerMean`.
    offset_seconds
        When each began to stand, since `start`. (N,) [s]
    watts
        What each said. (N,) [W]
    """

    source: str
    stream: Stream
    start: datetime
    offset_seconds: tuple[int, ...]
    watts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PowerNow:
    """Newest power of a stream, smoothed over a stated window.

    Parameters
    ----------
    source, stream
        Who told, and of what.
    watts
        Mean over the window. [W]
    as_of
        Newest sample. [aware UTC]
    window_seconds
        How much time the mean covers. [s]
    hold
        How long it stands at most.
    """

    source: str
    stream: Stream
    watts: float
    as_of: datetime
    window_seconds: float
    hold: timedelta
