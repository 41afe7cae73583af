"""Costs of an hour and of a day as they stand on these pages."""

import re

from home_energy.dashboard.bill.money import (
    aud_words,
    short_aud_words,
    whole_aud_words,
)
from home_energy.domain.bill import to_cents


def amount_words(amount_aud: float) -> str:
    """Amount to the cent: `$3.12`, in the household's favour with a minus."""
    return aud_words(to_cents(amount_aud))


def sum_words(amount_aud: float) -> str:
    """The same where it stands large: from $1,000 on in dollars."""
    return short_aud_words(to_cents(amount_aud))


def about_words(amount_aud: float) -> str:
    """Amount in whole dollars: `$131`."""
    return whole_aud_words(to_cents(amount_aud))


def is_earning(aud_per_hour: float) -> bool:
    """Whether it is at least a cent in the household's favour."""
    return to_cents(aud_per_hour) < 0


def energy_words(import_kwh: float, export_kwh: float) -> str:
    """`12.4 kWh in, 3.1 out`; the latter where any of it is."""
    bought, sold = f"{import_kwh:.1f} kWh in", f"{export_kwh:.1f}"
    return bought if sold == "0.0" else f"{bought}, {sold} out"


def kept_together(words: str) -> str:
    """Words in which no line ends between a number and its unit."""
    return re.sub(r"(?<=\d) (?=(?:c|am|pm|kW)\b)", "\N{NO-BREAK SPACE}", words)
