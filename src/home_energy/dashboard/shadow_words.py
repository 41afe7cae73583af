"""What a battery that is not there would have saved, in a sentence."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from home_energy.domain.bill import to_cents
from home_energy.domain.shadow_day import ShadowSum

_DAY = timedelta(days=1)
_FIRST_WHOLE_AUD, _FIRST_WHOLE_ON_A_DAY_AUD = 10, 100
"""From here on a sum, and what a day saved, is told in whole dollars."""
_LONGEST_SUBJECT = 13
"""Letters that stand beside each other on the first page's smallest screen."""
_SHORT_WORD = 3
"""Letters of a maker's or a model's name up to which it stands in capitals."""


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """The sentence of the first page.

    Parameters
    ----------
    last_day
        `Powerwall 3 would have saved $3.12 yesterday`.
    whole
        `, $214 since March`, for screens with room for it; empty for a single day.
    """

    last_day: str
    whole: str


def product_words(product: str) -> str:
    """Name of the catalogue as it is spoken: `Powerwall 3`, `Sungrow SBR096`."""
    return " ".join(
        word.upper()
        if len(word) <= _SHORT_WORD or any(letter.isdigit() for letter in word)
        else word.capitalize()
        for word in product.split("-")
    )


def shadow_line(found: ShadowSum, today: date) -> ShadowLine | None:
    """Sentence of the first page; `None` when the last booked day is too long ago."""
    when = _when(found, today)
    if when is None:
        return None
    words = product_words(found.product)
    subject = words if len(words) <= _LONGEST_SUBJECT else "A battery"
    last_aud = _told(found.last_saving_aud, _FIRST_WHOLE_ON_A_DAY_AUD)
    verb = _verb(last_aud)
    last_day = f"{subject} would have {verb} {_amount(last_aud)}".rstrip()
    when = "yesterday" if when == "yesterday" else f"on {found.last_day:%a}"
    whole_aud, whole = _told(found.saving_aud), ""
    if found.first_day != found.last_day and verb == _verb(whole_aud):
        whole = f", {_amount(whole_aud)} since {_month(found.first_day, today)}"
    return ShadowLine(f"{last_day} {when}", whole)


def shadow_sentence(found: ShadowSum, today: date) -> str:
    """Say it whole: `A Powerwall 3 would have saved $3.12 yesterday, ...`.

    Days longer ago than the day before yesterday are told in their sum alone.
    """
    last_day = _last_day_words(found, today)
    whole = _since_words(found, today)
    if last_day is None:
        until = f"{found.last_day.day} {found.last_day:%B}"
        if found.last_day.year != today.year:
            until += f" {found.last_day.year}"
        return f"{_subject(found.product)} would have {whole}, until {until}"
    if found.first_day == found.last_day:
        return f"{_subject(found.product)} would have {last_day}"
    return f"{_subject(found.product)} would have {last_day}{_joined(found, today)}"


def _last_day_words(found: ShadowSum, today: date) -> str | None:
    """`saved $3.12 yesterday`, `cost $0.40 more on Friday`; `None` if too long ago."""
    when = _when(found, today)
    if when is None:
        return None
    return f"{_saved(_told(found.last_saving_aud, _FIRST_WHOLE_ON_A_DAY_AUD))} {when}"


def _when(found: ShadowSum, today: date) -> str | None:
    """`yesterday`, or the weekday before it."""
    age = today - found.last_day
    if not _DAY <= age <= 2 * _DAY:
        return None
    return "yesterday" if age == _DAY else f"on {found.last_day:%A}"


def _since_words(found: ShadowSum, today: date) -> str:
    """`saved $214 since March`, with the year where it is not this one."""
    month = f"{found.first_day:%B}"
    if found.first_day.year != today.year:
        month += f" {found.first_day.year}"
    return f"{_saved(_told(found.saving_aud))} since {month}"


def _joined(found: ShadowSum, today: date) -> str:
    """Second half of the sentence; its verb stands only where it is another one."""
    verb = _verb(_told(found.last_saving_aud, _FIRST_WHOLE_ON_A_DAY_AUD))
    words = _since_words(found, today)
    if verb == _verb(_told(found.saving_aud)):
        return f", {words.removeprefix(f'{verb} ')}"
    return f", but {words}"


def _month(day: date, today: date) -> str:
    """Month in few letters where its year has to stand beside it."""
    return f"{day:%B}" if day.year == today.year else f"{day:%b} {day.year}"


def _saved(amount_aud: Decimal) -> str:
    more = " more" if amount_aud < 0 else ""
    return f"{_verb(amount_aud)} {_amount(amount_aud)}".rstrip() + more


def _verb(amount_aud: Decimal) -> str:
    if not amount_aud:
        return "saved nothing"
    return "cost" if amount_aud < 0 else "saved"


def _amount(amount_aud: Decimal) -> str:
    return f"${abs(amount_aud):,}" if amount_aud else ""


def _told(amount_aud: float, first_whole_aud: int = _FIRST_WHOLE_AUD) -> Decimal:
    """To the cent, a larger sum to the dollar."""
    cents = to_cents(amount_aud)
    if abs(cents) < first_whole_aud:
        return cents
    return cents.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _subject(product: str) -> str:
    words = product_words(product)
    return f"{'An' if words[0] in 'AEIOU' else 'A'} {words}"
