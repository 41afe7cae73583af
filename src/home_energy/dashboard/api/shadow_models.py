"""What the API answers of batteries that are not there; see `models`."""

from datetime import date

from pydantic import AwareDatetime, FiniteFloat

from home_energy.dashboard.api.models import Answer, QualityWord


class ShadowDayRow(Answer):
    """One day with a battery, in the market's time: 24 hours from midnight UTC+10."""

    day: date
    """The day."""
    saving_aud: FiniteFloat
    """What the battery would have saved: less on the bill, and worth more in the
    cells at the end than at the start. Negative where it would have cost. [AUD]"""
    bill_saving_aud: FiniteFloat
    """Of that, on the bill. [AUD]"""
    stored_gain_aud: FiniteFloat
    """Of that, in the cells. [AUD]"""
    wear_aud: FiniteFloat
    """Cost of using it, on no bill and in no saving. [AUD]"""
    start_stored_kwh: FiniteFloat
    """Held above the reserve at the start. [kWh]"""
    end_stored_kwh: FiniteFloat
    """Held above the reserve at the end. [kWh]"""
    issued_fraction: FiniteFloat | None
    """Share of the planned hours that forecasts told of as they had been issued, 0 to
    1; null where prices are published beforehand."""
    quality: QualityWord
    """Lowest of the day's readings."""
    is_after_hole: bool
    """Whether days before it are missing: the battery began at its reserve."""


class ShadowProduct(Answer):
    """One battery on all days that are booked."""

    product: str
    """Name in the catalogue."""
    said: str | None
    """All of it in a sentence; null before the first day."""
    first_day: date | None
    """First booked day; null before it."""
    last_day: date | None
    """Last booked day; null before the first."""
    day_count: int
    """Booked days."""
    hole_count: int
    """Stretches of missing days between them."""
    saving_aud: FiniteFloat | None
    """Sum of all days; null before the first. [AUD]"""
    wear_aud: FiniteFloat | None
    """Sum of all days; null before the first. [AUD]"""
    days: list[ShadowDayRow]
    """The newest days, the last one last, up to 31."""


class ShadowPassRow(Answer):
    """The last pass over the record."""

    ended_utc: AwareDatetime
    """When it came to its end. [UTC]"""
    said: str
    """What it did, or why it failed."""
    is_failure: bool
    """Whether it failed."""


class ShadowAnswer(Answer):
    """What batteries that are not there would have saved."""

    is_demo: bool
    """Whether the prices are invented: they do not come from the retailer."""
    products: list[ShadowProduct]
    """In the order of the settings; empty when none is chosen."""
    last_pass: ShadowPassRow | None
    """The last pass; null before the first."""
