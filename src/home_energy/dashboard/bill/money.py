"""Sums of money as they stand on the screen."""

from decimal import ROUND_HALF_UP, Decimal

from home_energy.dashboard.local_words import MINUS

_MOST_WITH_CENTS_AUD = 1000


def aud_words(amount_aud: Decimal) -> str:
    """Amount to the cent: `$87.40`, in the household's favour with a minus."""
    return f"{_sign(amount_aud)}${abs(amount_aud):,.2f}"


def short_aud_words(amount_aud: Decimal) -> str:
    """Amount to the cent as long as it is below $1,000, else in dollars."""
    if abs(amount_aud) >= _MOST_WITH_CENTS_AUD:
        return whole_aud_words(amount_aud)
    return aud_words(amount_aud)


def whole_aud_words(amount_aud: Decimal) -> str:
    """Amount in whole dollars: `$131`, `$1,204`."""
    dollars = amount_aud.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{_sign(dollars)}${abs(dollars):,}"


def bar_aud_words(amount_aud: Decimal) -> str:
    """Amount in as few letters as tell it: `$131`, `$1.2k`."""
    words = whole_aud_words(amount_aud)
    if len(words.lstrip(MINUS)) <= len("$999"):
        return words
    return f"{_sign(amount_aud)}${abs(amount_aud) / 1000:.1f}k"


def _sign(amount_aud: Decimal) -> str:
    return MINUS if amount_aud < 0 else ""
