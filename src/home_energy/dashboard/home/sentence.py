"""The one sentence of the first page on what to do.

By priority: an open demand window, then the advice that saves the most, then what a
battery would have saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.advice_words import advice_sentence, cents_words
from home_energy.analysis.advice.best_start import Call
from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.domain.clock_words import clock_words

NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST_SENTENCE = 50
"""Letters that stand beside each other on the smallest screen."""


class SentenceKind(StrEnum):
    """What a sentence is about, and so how it looks and what it gives way to."""

    DEMAND = "demand"
    CLOSE = "close"
    """Close to a peak that costs more, or beyond it."""
    ADVICE = "advice"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to do, in one line."""

    kind: SentenceKind
    text: str


def demand_sentence(
    guard: DemandGuard | None, now: datetime, zone: tzinfo
) -> Sentence | None:
    """Head-room of the demand window that is open now; `None` outside of one."""
    if guard is None or not guard.is_in_window or guard.window_end is None:
        return None
    if now >= guard.window_end:
        return None
    until = f"Demand until {_short(clock_words(guard.window_end, zone))}"
    each = f"{cents_words(guard.aud_per_kw)}/kW"
    is_over = _is_below_zero(guard.left_kw) or _is_below_zero(guard.head_room_kw)
    kind = SentenceKind.DEMAND
    if guard.charged_kw and (guard.is_close or is_over):
        kind = SentenceKind.CLOSE
    return Sentence(kind, f"{until}: {_room_words(guard)}{each}")


def _room_words(guard: DemandGuard) -> str:
    """What is left before a new peak, up to its price; before any peak nothing is."""
    if not guard.charged_kw:
        return "each peak "
    if guard.head_room_kw is None:
        return f"above {guard.charged_kw:.1f} kW "
    if guard.head_room_kw < 0:
        return "new peak, "
    most = "at most " * guard.is_current_partial
    if guard.left_kw is None:
        below_kw = min(guard.head_room_kw, guard.charged_kw)
        return f"stay below {below_kw:.1f} kW, "
    if guard.left_kw < 0:
        return f"{-guard.left_kw:.1f} kW too much, "
    return f"{most}{guard.left_kw:.1f} kW left, then "


def _is_below_zero(kw: float | None) -> bool:
    return kw is not None and kw < 0


def advice_line(
    advices: Sequence[ApplianceAdvice], now: datetime, zone: tzinfo
) -> Sentence | None:
    """Advice to wait that saves the most; `None` where none is given."""
    given = [
        (advice.best.saving_aud, advice)
        for advice in advices
        if advice.best.call is Call.WAIT
        and not advice.is_withheld
        and advice.best.start is not None
        and advice.best.start > now
        and advice.best.saving_aud is not None
    ]
    if not given:
        return None
    saving_aud, best = max(given, key=lambda pair: pair[0])
    text = _short(advice_sentence(best, zone))
    if len(text) > LONGEST_SENTENCE and best.best.start is not None:
        start = _short(clock_words(best.best.start, zone))
        text = f"{best.best.appliance.name}: {start}, save {cents_words(saving_aud)}"
    return Sentence(SentenceKind.ADVICE, text)


def _short(words: str) -> str:
    """A full hour without its minutes; no line ends before its am or pm."""
    words = words.replace(":00 ", " ")
    return words.replace(" am", f"{NO_BREAK}am").replace(" pm", f"{NO_BREAK}pm")
