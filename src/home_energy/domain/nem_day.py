"""What a value of one day of the market has: where the day begins and ends."""

from datetime import date, datetime, timedelta

from home_energy.domain.time_grid import nem_day_start


class NemDay:
    """Base of values that tell of one NEM day, 24 hours from midnight in NEM time."""

    __slots__ = ()

    day: date

    @property
    def start(self) -> datetime:
        """Start of the first interval. [aware UTC]"""
        return nem_day_start(self.day)

    @property
    def end(self) -> datetime:
        """First instant after the day. [aware UTC]"""
        return self.start + timedelta(days=1)
