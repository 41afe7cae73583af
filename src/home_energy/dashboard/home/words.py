"""The few words of the first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from home_energy.dashboard.figures import DASH, short_price
from home_energy.dashboard.remedies import remedies
from home_energy.domain.verdict import CheapestRun
from home_energy.settings import Settings
from home_energy.store import SourceStatus

TOKEN_PAGE = "app.amber.com.au/developers"  # noqa: S105 - where one is made
_FAILURE_WORDS = {
    "SourceAuthError": "Amber refuses the token",
    "ConfigError": "check the Amber site",
    "SourceUnavailable": "no contact with Amber",
    "RateLimited": "Amber asks to wait",
    "SourceDataError": "Amber's answer unclear",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What stands there instead of a price: what is so, and what to do."""

    title: str
    hint: str


def cheapest_words(run: CheapestRun, now_c_per_kwh: float | None, zone: tzinfo) -> str:
    """Say when the next hours are cheapest; `ahead` when now is cheaper still."""
    is_now_better = now_c_per_kwh is not None and now_c_per_kwh <= run.c_per_kwh
    start, end = run.start.astimezone(zone), run.end.astimezone(zone)
    first, last = _hour_and_minutes(start), _hour_and_minutes(end)
    if (start.hour < 12) != (end.hour < 12):
        first += f" {start:%p}".lower()
    last += f" {end:%p}".lower()
    ahead = " ahead" if is_now_better else ""
    return f"cheapest{ahead} {first}{DASH}{last}, {short_price(run.c_per_kwh)}"


def failure_words(statuses: Sequence[SourceStatus]) -> str:
    """Say why there is no newer price; a fault that a person must mend goes first.

    How power or messages do says nothing about prices.
    """
    kinds = _failure_kinds(statuses)
    for kind, words in _FAILURE_WORDS.items():
        if kind in kinds:
            return words
    return "see the health page" if kinds else "collector is silent"


def first_start_message(
    settings: Settings, statuses: Sequence[SourceStatus], *, has_network: bool = True
) -> Message:
    """Say what is missing before the first price, and what to do about it."""
    kinds = _failure_kinds(statuses)
    way = remedies(settings)
    if "SourceAuthError" in kinds:
        new_token = f"Make a new one at {TOKEN_PAGE}."
        return _message(
            "Amber refuses the token", new_token, way.put_token, way.start_anew
        )
    if "ConfigError" in kinds:
        several = "The account has several: tap here to see them."
        return _message("Which home?", several, way.name_site, way.start_anew)
    if kinds and not has_network:
        return _message("No network", way.join_network, "Prices follow by themselves.")
    if kinds:
        return _message(
            "No contact with Amber",
            "The home's network is there.",
            "It is tried again and again; prices follow by themselves.",
        )
    has_asked = any(status.is_of_prices for status in statuses)
    if not has_asked and settings.amber.token is None and not settings.amber.is_demo:
        new_token = f"Make one at {TOKEN_PAGE}."
        return _message("No Amber token", new_token, way.put_token, way.start_anew)
    return _message(
        "Waiting for the first price",
        "It takes about a minute. If it stays:",
        way.start_anew,
    )


def no_record_message(settings: Settings) -> Message:
    """Say what to do when the store is missing or cannot be read."""
    start_anew = remedies(settings).start_anew
    if not settings.home.store.exists():
        return _message(
            "No prices on record yet",
            "The collector begins the record. If it stays:",
            start_anew,
        )
    return _message(
        "The record cannot be read",
        "It is looked after at every start.",
        start_anew,
        "More is said by: home-energy doctor.",
    )


def _message(title: str, *steps: str) -> Message:
    """One line for each step."""
    return Message(title, "\n".join(steps))


def _failure_kinds(statuses: Sequence[SourceStatus]) -> set[str | None]:
    """How sources of prices fail."""
    return {
        status.failure_kind
        for status in statuses
        if status.failing_since is not None and status.is_of_prices
    }


def _hour_and_minutes(local: datetime) -> str:
    hour = f"{local.hour % 12 or 12}"
    return f"{hour}:{local.minute:02d}" if local.minute else hour
