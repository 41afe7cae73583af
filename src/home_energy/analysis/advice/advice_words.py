"""Advice in the words of the household."""

from datetime import tzinfo

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.best_start import BestStart, Call, NoAdvice
from home_energy.analysis.advice.everyday import EverydayCost
from home_energy.analysis.advice.scoreboard import LOOK_BACK, Score
from home_energy.domain.bill import to_cents
from home_energy.domain.clock_words import clock_words

_MINUS = "\N{MINUS SIGN}"


def advice_sentence(advice: ApplianceAdvice, zone: tzinfo) -> str:
    """`Dishwasher: wait until 1:15 pm, save 34 c`."""
    return f"{advice.best.appliance.name}: {advice_words(advice, zone)}"


def advice_words(advice: ApplianceAdvice, zone: tzinfo) -> str:
    """`wait until 1:15 pm, save 34 c`, `now is best`, or why there is no advice."""
    if advice.is_withheld:
        score = advice.score
        return f"no advice, right only {score.hit_count} of {score.scored_count} times"
    best = advice.best
    if best.call is Call.NOW:
        return "now is best"
    if best.call is Call.NONE or best.start is None or best.saving_aud is None:
        return f"no advice, {_why(best)}"
    at = clock_words(best.start, zone)
    return f"wait until {at}, save {cents_words(best.saving_aud)}"


def score_words(score: Score) -> str:
    """`right 9 of 12 times in 30 days, 21 c saved each time on average`."""
    if score.mean_real_saving_aud is None:
        return f"no advice to judge in {LOOK_BACK.days} days"
    mean_aud = score.mean_real_saving_aud
    verb = "lost" if _whole_cents(mean_aud) < 0 else "saved"
    return (
        f"right {score.hit_count} of {score.scored_count} times in {LOOK_BACK.days} "
        f"days, {cents_words(abs(mean_aud))} {verb} each time on average"
    )


def everyday_words(cost: EverydayCost, zone: tzinfo) -> str:
    """`Kettle 6 c now, 2 c at 1:00 pm`; the latter only where it is less."""
    now = f"{cost.name} {cents_words(cost.now_aud)} now"
    if cost.cheapest_aud is None or cost.cheapest_start is None:
        return now
    if _whole_cents(cost.cheapest_aud) >= _whole_cents(cost.now_aud):
        return now
    at = clock_words(cost.cheapest_start, zone)
    return f"{now}, {cents_words(cost.cheapest_aud)} at {at}"


def cents_words(amount_aud: float) -> str:
    """Amount in whole cents, `34 c`, and from 100 c on `$1.20`."""
    cents = _whole_cents(amount_aud)
    sign, size = _MINUS if cents < 0 else "", abs(cents)
    return f"{sign}${size / 100:.2f}" if size >= 100 else f"{sign}{size} c"


def _whole_cents(amount_aud: float) -> int:
    return int(to_cents(amount_aud) * 100)


def _why(best: BestStart) -> str:
    if best.why is NoAdvice.LITTLE and best.saving_aud is not None:
        return f"waiting saves only {cents_words(best.saving_aud)}"
    if best.why is NoAdvice.UNSURE:
        return "the forecast is too unsure"
    return "the forecast does not reach that far"
