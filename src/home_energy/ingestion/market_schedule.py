"""When to ask for the price: the market has a new one every five minutes.

Amber shows an estimate at the boundary and the confirmed price some 22 s later, nine
times in ten within 29 s, rarely after minutes (`docs/sources/amber.md`). So one call
brings the estimate, a few more around the usual time the confirmed price, and then
it is quiet until the next boundary: about three calls of the fifty in five minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from home_energy.domain.price import Price, Quality
from home_energy.domain.time_grid import floor_to_step

TICK = timedelta(minutes=5)
OFFSETS_SECONDS = (2, 20, 24, 29, 36, 50, 80, 110, 140, 170, 200, 230, 260, 290)
CLOCK_GRAIN = timedelta(seconds=2)
"""Amber tells the time in whole seconds, so ours may step back by one."""
SETTLED_BY = timedelta(seconds=29)
"""A half-hour price is an estimate until its last tick: ask once after this."""


@dataclass(frozen=True, slots=True)
class PollState:
    """What the last call brought.

    Parameters
    ----------
    asked_at
        When its answer had come, by Amber's clock. [aware UTC]
    is_settled
        Whether its tick has nothing more to give.
    """

    asked_at: datetime
    is_settled: bool


def next_poll(now: datetime, last: PollState | None) -> datetime:
    """When to ask next; a time in the past means at once. [aware UTC]

    A last call in the future (the clock was set back) counts as none.
    """
    tick = floor_to_step(now, TICK)
    if last is None or last.asked_at - now > CLOCK_GRAIN:
        return now
    if last.asked_at >= tick and last.is_settled:
        return tick + TICK + timedelta(seconds=OFFSETS_SECONDS[0])
    for offset_seconds in OFFSETS_SECONDS:
        moment = tick + timedelta(seconds=offset_seconds)
        if moment > last.asked_at:
            return moment
    return tick + TICK + timedelta(seconds=OFFSETS_SECONDS[0])


def is_settled(price: Price, asked_at: datetime) -> bool:
    """Whether the tick of `asked_at` has nothing more to give for this price."""
    if price.quality >= Quality.ACTUAL:
        return True
    tick = floor_to_step(asked_at, TICK)
    is_last_tick = price.end - tick <= TICK
    return not is_last_tick and asked_at - tick >= SETTLED_BY
