"""What a battery that is not there would have done to one day of the home."""

from dataclasses import dataclass
from datetime import date, datetime

from home_energy.domain.price import Quality


@dataclass(frozen=True, slots=True)
class ShadowDay:
    """One NEM day with one battery, as it was booked.

    Parameters
    ----------
    product
        Name of the battery in the catalogue.
    bill_saving_aud
        Energy cost of the day as it was less the one with the battery. [AUD]
    stored_gain_aud
        Worth of what it holds at the end less worth of what it held at the start, so
        that no day is paid for what another day stored. [AUD]
    wear_aud
        Cost of using it, on no bill and in no saving. [AUD]
    start_stored_kwh, end_stored_kwh
        Held above the reserve. [kWh in the cells]
    end_worth_aud
        Worth of what it holds at the end. [AUD]
    issued_fraction
        Share of the planned hours that forecasts told of as they had been issued;
        `None` where prices are published beforehand.
    quality
        Lowest of the day's readings.
    is_after_hole
        Whether days before it are missing: the battery began at its reserve.
    fingerprint
        Of the readings, prices and figures of the battery that the day rests on.
    """

    product: str
    day: date
    bill_saving_aud: float
    stored_gain_aud: float
    wear_aud: float
    start_stored_kwh: float
    end_stored_kwh: float
    end_worth_aud: float
    issued_fraction: float | None
    quality: Quality
    is_after_hole: bool
    fingerprint: str

    @property
    def saving_aud(self) -> float:
        """Saving of the day; negative where the battery would have cost. [AUD]"""
        return self.bill_saving_aud + self.stored_gain_aud


@dataclass(frozen=True, slots=True)
class ShadowSum:
    """All booked days of one battery.

    Parameters
    ----------
    first_day, last_day
        Booked, with what is missing between them.
    day_count, hole_count
        Days booked, and stretches of days missing between them.
    saving_aud, wear_aud
        Sums over the days. [AUD]
    last_saving_aud
        Of the last day. [AUD]
    """

    product: str
    first_day: date
    last_day: date
    day_count: int
    hole_count: int
    saving_aud: float
    wear_aud: float
    last_saving_aud: float


@dataclass(frozen=True, slots=True)
class ShadowPass:
    """The last pass over the record.

    Parameters
    ----------
    ended_at
        When it came to its end. [aware UTC]
    said
        What it did, in one sentence; of a pass that failed, why.
    is_failure
        Whether it failed.
    """

    ended_at: datetime
    said: str
    is_failure: bool
