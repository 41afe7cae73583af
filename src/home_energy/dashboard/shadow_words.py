"""What a battery that is not there would have saved, in a sentence."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from home_energy.domain.bill import to_cents
from home_energy.domain.shadow_day import ShadowSum

_DAY = timedelta(days=1)
_FIRST_WHOLE_AUD = 10
"""Sums from here on are told in whole dollars."""
_SHORT_WORD = 3
"""Letters of a maker's or a model's name up to which it stands in capitals."""


def product_words(product: str) -> str:
    """Name of the catalogue as it is spoken: `Powerwall 3`, `Sungrow SBR096`."""
    return " ".join(
        word.upper()
        if len(word) <= _SHORT_WORD or any(letter.isdigit() for letter in word)
        else word.capitalize()
        for word in product.split("-")
    )


def shadow_sentence(found: ShadowSum, today: date) -> str:
    """Say it whole: `A Powerwall 3 would have saved $3.12 yesterday, ...`.

    Days longer ago than the day before yesterday are told in their sum alone.
    """
    last_day = last_day_words(found, today)
    whole = since_words(found, today)
    if last_day is None:
        until = f"{found.last_day.day} {found.last_day:%B}"
        if found.last_day.year != today.year:
            until += f" {found.last_day.year}"
        return f"{_subject(found.product)} would have {whole}, until {until}"
    if found.first_day == found.last_day:
        return f"{_subject(found.product)} would have {last_day}"
    return f"{_subject(found.product)} would have {last_day}{_joined(found, today)}"


def last_day_words(found: ShadowSum, today: date) -> str | None:
    """`saved $3.12 yesterday`, `cost $0.40 more on Friday`; `None` if too long ago."""
    age = today - found.last_day
    if not _DAY <= age <= 2 * _DAY:
        return None
    when = "yesterday" if age == _DAY else f"on {found.last_day:%A}"
    return f"{_saved(to_cents(found.last_saving_aud))} {when}"


def since_words(found: ShadowSum, today: date) -> str:
    """`saved $214 since March`, with the year where it is not this one."""
    month = f"{found.first_day:%B}"
    if found.first_day.year != today.year:
        month += f" {found.first_day.year}"
    return f"{_saved(_told(found.saving_aud))} since {month}"


def _joined(found: ShadowSum, today: date) -> str:
    """Second half of the sentence; its verb stands only where it is another one."""
    last_aud, whole_aud = to_cents(found.last_saving_aud), _told(found.saving_aud)
    words = since_words(found, today)
    if last_aud > 0 and whole_aud > 0:
        return f", {words.removeprefix('saved ')}"
    if last_aud < 0 and whole_aud < 0:
        return f", {words.removeprefix('cost ')}"
    return f", but {words}"


def _saved(amount_aud: Decimal) -> str:
    if not amount_aud:
        return "saved nothing"
    if amount_aud < 0:
        return f"cost ${-amount_aud:,} more"
    return f"saved ${amount_aud:,}"


def _told(amount_aud: float) -> Decimal:
    """To the cent, a larger sum to the dollar."""
    cents = to_cents(amount_aud)
    if abs(cents) < _FIRST_WHOLE_AUD:
        return cents
    return cents.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _subject(product: str) -> str:
    words = product_words(product)
    return f"{'An' if words[0] in 'AEIOU' else 'A'} {words}"
