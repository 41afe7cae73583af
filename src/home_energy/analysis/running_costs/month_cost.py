"""What a month has cost so far, and what it will come to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month of the meter that is not over.

    Parameters
    ----------
    first_day
        Of the month, as the meter counts days: in UTC+10 all year.
    cost_aud
        Energy of the known days, and fixed charges of every day that has begun;
        `None` where it cannot be told. [AUD]
    billed_day_count
        Days billed from usage on record.
    measured_day_count
        Days, and the day so far, known from live power alone.
    missing_day_count
        Days that are over and of which nothing is counted but fixed charges.
    projected_aud
        What the whole month will come to; `None` where too few days are known. [AUD]
    refusal
        Why there is no figure.
    """

    first_day: date
    cost_aud: float | None
    billed_day_count: int
    measured_day_count: int
    missing_day_count: int
    projected_aud: float | None
    refusal: str | None = None
