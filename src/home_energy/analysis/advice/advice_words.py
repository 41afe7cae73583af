"""Advice in the words of the household."""

from datetime import tzinfo

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.best_start import BestStart, Call, NoAdvice
from home_energy.analysis.advice.everyday import EverydayCost
from home_energy.analysis.advice.scoreboard import LOOK_BACK, Score
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
    if best.call is Call.NONE or best.start is None or best.saving_c is None:
        return f"no advice, {_why(best)}"
    return (
        f"wait until {clock_words(best.start, zone)}, save {cents_words(best.saving_c)}"
    )


def score_words(score: Score) -> str:
    """`right 9 of 12 times in 30 days, 21 c saved each time on average`."""
    if score.mean_real_saving_c is None:
        return f"no advice to judge in {LOOK_BACK.days} days"
    mean_c = score.mean_real_saving_c
    verb = "lost" if round(mean_c) < 0 else "saved"
    return (
        f"right {score.hit_count} of {score.scored_count} times in {LOOK_BACK.days} "
        f"days, {cents_words(abs(mean_c))} {verb} each time on average"
    )


def everyday_words(cost: EverydayCost, zone: tzinfo) -> str:
    """`Kettle 6 c now, 2 c at 1:00 pm`; the latter only where it is less."""
    now = f"{cost.name} {cents_words(cost.now_c)} now"
    if cost.cheapest_c is None or cost.cheapest_start is None:
        return now
    if round(cost.cheapest_c) >= round(cost.now_c):
        return now
    at = clock_words(cost.cheapest_start, zone)
    return f"{now}, {cents_words(cost.cheapest_c)} at {at}"


def cents_words(amount_c: float) -> str:
    """Amount in whole cents, `34 c`, and from 100 c on `$1.20`."""
    whole = round(abs(amount_c))
    sign = _MINUS if amount_c < 0 and whole else ""
    return f"{sign}${whole / 100:.2f}" if whole >= 100 else f"{sign}{whole} c"


def _why(best: BestStart) -> str:
    if best.why is NoAdvice.LITTLE and best.saving_c is not None:
        return f"waiting saves only {cents_words(best.saving_c)}"
    if best.why is NoAdvice.UNSURE:
        return "the forecast is too unsure"
    return "the forecast does not reach that far"
