"""A demand window in the words of the household, for screens and notifications."""

from datetime import tzinfo

from home_energy.analysis.advice.advice_words import cents_words
from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.domain.clock_words import clock_words

FEWEST_MISSING_MINUTES = 30
"""Less than one interval of most charges is not worth a sentence. [minutes]"""


def demand_words(guard: DemandGuard, zone: tzinfo) -> str:
    """`demand window until 9:00 pm: 1.2 kW left, beyond it $4.10 more per kW ...`.

    What is left may be switched on and left on; see `DemandGuard.left_kw`.
    """
    if guard.window_start is None or guard.window_end is None:
        return f"no demand window left this month{_peak_words(guard)}"
    ends = clock_words(guard.window_end, zone)
    if not guard.is_in_window:
        day = f"{guard.window_start.astimezone(zone):%A}"
        begins = clock_words(guard.window_start, zone)
        return f"next demand window {day} {begins} to {ends}{_peak_words(guard)}"
    price = f"{cents_words(guard.aud_per_kw)} more per kW this {guard.measured_over}"
    return f"demand window until {ends}: {_room_words(guard)}, beyond it {price}"


def demand_doubts(guard: DemandGuard) -> tuple[str, ...]:
    """What makes the guard less than sure, one sentence each."""
    doubts = []
    if guard.missing_minutes >= FEWEST_MISSING_MINUTES:
        doubts.append(
            f"{guard.missing_minutes / 60:.1f} hours of this {guard.measured_over}'s "
            "demand windows are not on record: the peak may be higher"
        )
    if guard.is_current_partial:
        doubts.append(
            "some of this interval was not measured: less may be left than is said"
        )
    says = guard.amber_says_window
    if says is not None and says is not guard.is_in_window:
        amber = "calls" if says else "does not call"
        doubts.append(
            f"Amber {amber} this moment a demand window, your tariff's file says "
            "otherwise: compare the hours of the charge with your bill"
        )
    return tuple(doubts)


def _room_words(guard: DemandGuard) -> str:
    most = "at most " * guard.is_current_partial
    if guard.charged_kw is None:
        return "the peak so far is not on record"
    if guard.head_room_kw is None:
        return f"the peak is {guard.charged_kw:.1f} kW"
    if guard.head_room_kw < 0:
        return f"a new peak above {guard.charged_kw:.1f} kW is made"
    if guard.left_kw is None:
        return (
            f"the rest of this interval may average {most}{guard.head_room_kw:.1f} kW"
        )
    if guard.left_kw < 0:
        return f"{-guard.left_kw:.1f} kW too much run"
    return f"{most}{guard.left_kw:.1f} kW left"


def _peak_words(guard: DemandGuard) -> str:
    if guard.peak_kw is None or guard.peak_at is None:
        return ""
    return f", peak so far {guard.peak_kw:.1f} kW"
