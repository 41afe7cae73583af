"""Price rows as they stand at an instant: actual, current, forecast.

An interval is told in four stages: forecast before it begins, estimate until its price
is confirmed, confirmed while it runs, actual after its end. An interval that has ended
unconfirmed is left out until it is confirmed, as Amber's `previous` rows are at times.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from home_energy.demo.market import Market, Row
from home_energy.domain.time_grid import floor_to_step, nem_day_start

UNSETTLED = timedelta(hours=1)
"""Intervals that began longer ago are confirmed, whatever their delay."""

_RENEWABLE_TYPE = {
    "ActualInterval": "ActualRenewable",
    "CurrentInterval": "CurrentRenewable",
    "ForecastInterval": "ForecastRenewable",
}

_RENEWABLE_WORDS = (
    (20.0, "worst"),
    (35.0, "notGreat"),
    (50.0, "ok"),
    (65.0, "great"),
)
"""Upper limits of Amber's words for the share of renewables; limits assumed. [%]"""


@dataclass(frozen=True, slots=True)
class View:
    """A market seen at one instant.

    Parameters
    ----------
    market
        Who is asked.
    now
        The instant. [aware UTC]
    minutes
        Length of the rows. [minutes]
    lateness
        Extra delay of an interval's confirmation, by its start.
    """

    market: Market
    now: datetime
    minutes: int
    lateness: Callable[[datetime], timedelta]

    @property
    def step(self) -> timedelta:
        """Length of the rows."""
        return timedelta(minutes=self.minutes)

    @property
    def running(self) -> datetime:
        """Start of the interval that runs now. [aware UTC]"""
        return floor_to_step(self.now, self.step)

    def is_confirmed(self, start: datetime) -> bool:
        """Whether the interval from `start` has its final price now."""
        confirmed_at = self.market.confirmed_at(start, self.minutes)
        return confirmed_at + self.lateness(start) <= self.now


def current_rows(view: View, previous: int, following: int) -> list[Row]:
    """Rows of `/prices/current`: so many before and after the running interval."""
    first = view.running - previous * view.step
    rows: list[Row] = []
    for channel in view.market.channels:
        rows += _actual_rows(view, channel, first, view.running)
        rows += _running_row(view, channel)
        if following:
            rows += view.market.forecast_rows(channel, view.now, view.minutes)[
                :following
            ]
    return rows


def day_rows(view: View, first: date, last: date) -> list[Row]:
    """Rows of `/prices`: NEM days `first` to `last`, both inclusive."""
    start, end = nem_day_start(first), nem_day_start(last + timedelta(days=1))
    dates = first.isoformat(), last.isoformat()
    rows: list[Row] = []
    for channel in view.market.channels:
        rows += _actual_rows(view, channel, start, min(end, view.running))
        if end > view.running:
            coming = _running_row(view, channel)
            coming += view.market.forecast_rows(channel, view.now, view.minutes)
            rows += [row for row in coming if dates[0] <= row["date"] <= dates[1]]
    return rows


def renewable_rows(view: View, previous: int, following: int) -> list[Row]:
    """Rows of `/state/<state>/renewables/current`, from those of the first channel."""
    channel = view.market.channels[0]
    own = [
        row
        for row in current_rows(view, previous, following)
        if row["channelType"] == channel
    ]
    keys = ("duration", "date", "startTime", "endTime", "nemTime", "renewables")
    return [
        {"type": _RENEWABLE_TYPE[row["type"]]}
        | {key: row[key] for key in keys}
        | {"descriptor": _renewable_word(row["renewables"])}
        for row in own
    ]


def _actual_rows(view: View, channel: str, start: datetime, end: datetime) -> list[Row]:
    """Rows of ended intervals from `start` to `end` whose price is confirmed."""
    settled = min(end, floor_to_step(view.now - UNSETTLED, view.step))
    rows = list(view.market.final_rows(channel, start, settled, view.minutes))
    for moment in _starts(view, max(start, settled), end):
        if view.is_confirmed(moment):
            rows += view.market.final_rows(
                channel, moment, moment + view.step, view.minutes
            )
    return rows


def _starts(view: View, start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += view.step


def _running_row(view: View, channel: str) -> list[Row]:
    """Row of the running interval, confirmed or estimated; none if nothing is known."""
    start, end = view.running, view.running + view.step
    if view.is_confirmed(start):
        final = view.market.final_rows(channel, start, end, view.minutes)
        if final:
            return [final[0] | {"type": "CurrentInterval", "estimate": False}]
    estimate = view.market.estimate_row(channel, start, view.minutes, view.now)
    return [] if estimate is None else [estimate]


def _renewable_word(percent: float) -> str:
    return next((word for limit, word in _RENEWABLE_WORDS if percent < limit), "best")
