"""Misbehaviour on demand: what a service does on its bad days, from a seed.

A fault touches one answer, never the truth: the next honest answer carries the right
values. At most one fault is drawn for an answer. `late_confirmation` alone belongs to
an interval and not to an answer: an interval drawn late stays late in every answer.
"""

import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from types import MappingProxyType

from home_energy.demo.market import Row, stable_share
from home_energy.errors import DataError

REFUSALS = ("quota_429", "gateway_429", "http_500", "http_502")
"""The answer is an error, before the home is asked."""

ROW_FAULTS = (
    *("missing", "duplicated", "empty", "actual_only", "unknown_word", "nulls"),
    "closed_only",
)
"""The answer's rows are not as they should be."""

KNOWN_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "quota_429": "429 as if the window were spent, with RateLimit headers",
        "gateway_429": "429 of the gateway: 31 bytes, no RateLimit headers",
        "http_500": "500 with a JSON message",
        "http_502": "502 with an HTML page",
        "hang": "the answer is held for some real seconds, then honest",
        "truncated": "200 whose JSON stops in the middle",
        "closed_only": "the list of sites holds closed sites only",
        "late_confirmation": "an interval's price stays an estimate for minutes",
        "missing": "some rows are left out of one answer",
        "duplicated": "some rows come twice in one answer",
        "empty": "200 with []",
        "actual_only": "only ActualInterval rows, as when AEMO is down",
        "unknown_word": "words that the contract does not know",
        "nulls": "absent keys come as null",
    }
)
"""Every fault by name, with what it does."""

DEFAULT_RATE = 0.05
"""Share of answers that a fault touches unless the list says otherwise."""

MOST_LATE_MINUTES = 40
"""Longest possible lateness; the answers look back an hour for the unconfirmed."""

_SITES_ONLY = frozenset({"closed_only"})
_PRICES_ONLY = frozenset({"actual_only"})
_OPTIONAL_KEYS = ("tariffInformation", "advancedPrice", "range")


class Faults:
    """Which faults happen, how often, and the dice.

    Parameters
    ----------
    rates
        Share of answers (of intervals, for `late_confirmation`) by fault, 0 to 1.
    seed
        Decides the draws, in order of the answers.
    hang_seconds
        How long `hang` holds an answer. [real s]
    late_minutes
        Longest lateness of a confirmation, to 40. [minutes]

    Attributes
    ----------
    is_on
        May be switched at any time; off means honest.
    """

    def __init__(
        self,
        rates: Mapping[str, float] | None = None,
        *,
        seed: int = 0,
        hang_seconds: float = 30.0,
        late_minutes: float = 10.0,
    ) -> None:
        self.rates = dict(rates or {})
        _check(self.rates)
        if not 0 <= late_minutes <= MOST_LATE_MINUTES:
            raise DataError(
                f"late_minutes must be 0 to {MOST_LATE_MINUTES}, got {late_minutes}"
            )
        self.is_on = True
        self.hang_seconds = hang_seconds
        self._late_minutes = late_minutes
        self._seed = seed
        self._dice = random.Random(seed)  # noqa: S311  # a demonstration, no secret
        self._lock = threading.Lock()
        self._released = threading.Event()

    def draw(self, endpoint: str) -> str | None:
        """Name of the fault that touches the next answer, if any.

        Parameters
        ----------
        endpoint
            `sites`, `prices`, `usage` or `renewables`.
        """
        if not self.is_on:
            return None
        with self._lock:
            share = self._dice.random()
        for name, rate in self.rates.items():
            if not _can_touch(name, endpoint):
                continue
            if share < rate:
                return name
            share -= rate
        return None

    def lateness(self, start: datetime) -> timedelta:
        """Extra delay of the confirmation of the interval from `start`."""
        rate = self.rates.get("late_confirmation", 0.0) if self.is_on else 0.0
        if rate == 0.0 or stable_share(self._seed, "late", start.timestamp()) >= rate:
            return timedelta(0)
        share = stable_share(self._seed, "how late", start.timestamp())
        return timedelta(minutes=1 + share * (self._late_minutes - 1))

    def hang(self) -> None:
        """Hold the calling thread, until `release` at the latest."""
        self._released.wait(self.hang_seconds)

    def release(self) -> None:
        """Let every held answer go, and hold no more."""
        self._released.set()

    def spoil(self, name: str, rows: list[Row]) -> list[Row]:
        """Rows of an answer after one of `ROW_FAULTS`; the given rows stay as they are.

        Parameters
        ----------
        name
            The fault.
        rows
            The honest answer.
        """
        with self._lock:
            dice = random.Random(self._dice.random())  # noqa: S311
        return _SPOILERS[name](rows, dice)


def parse_faults(
    listing: str,
    *,
    seed: int = 0,
    hang_seconds: float = 30.0,
    late_minutes: float = 10.0,
) -> Faults:
    """Faults from a list such as ``http_500,missing=0.2``; ``all``; or empty.

    Parameters
    ----------
    listing
        Names between commas, each with an optional share of answers, 0 to 1.
    seed
        Decides the draws.
    hang_seconds
        How long `hang` holds an answer. [real s]
    late_minutes
        Longest lateness of a confirmation, to 40. [minutes]
    """
    rates: dict[str, float] = {}
    for word in filter(None, (part.strip() for part in listing.split(","))):
        name, _, share = word.partition("=")
        rate = _read_rate(name, share)
        names = KNOWN_FAULTS if name == "all" else (name,)
        rates |= dict.fromkeys(names, rate)
    return Faults(
        rates, seed=seed, hang_seconds=hang_seconds, late_minutes=late_minutes
    )


def _read_rate(name: str, share: str) -> float:
    try:
        return float(share) if share else DEFAULT_RATE
    except ValueError as err:
        raise DataError(
            f"fault {name}={share}: expected a share of answers from 0 to 1, "
            f"such as {name}=0.1"
        ) from err


def _check(rates: Mapping[str, float]) -> None:
    for name, rate in rates.items():
        if name not in KNOWN_FAULTS:
            near = get_close_matches(name, KNOWN_FAULTS, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(KNOWN_FAULTS)
            raise DataError(f"unknown fault {name!r}: {hint}Known: {known}, all")
        if not 0 <= rate <= 1:
            raise DataError(f"fault {name}: rate must be 0 to 1, got {rate}")
    total = sum(rate for name, rate in rates.items() if name != "late_confirmation")
    if total > 1 + 1e-9:
        raise DataError(
            f"rates of faults sum to {total:.2f}; an answer has one fault at most, so "
            "they may sum to 1 (late_confirmation aside); give smaller rates"
        )


def _can_touch(name: str, endpoint: str) -> bool:
    if name == "late_confirmation":
        return False
    if name in _SITES_ONLY:
        return endpoint == "sites"
    if name in _PRICES_ONLY:
        return endpoint == "prices"
    return endpoint != "sites" or name not in ROW_FAULTS or name == "empty"


def _miss(rows: list[Row], dice: random.Random) -> list[Row]:
    """Leave out a tenth of the rows, at least one."""
    count = max(len(rows) // 10, 1)
    lost = set(dice.sample(range(len(rows)), min(count, len(rows))))
    return [row for number, row in enumerate(rows) if number not in lost]


def _double(rows: list[Row], dice: random.Random) -> list[Row]:
    return [again for row in rows for again in [row] * (1 + (dice.random() < 0.2))]


def _word(rows: list[Row], dice: random.Random) -> list[Row]:
    """Give some rows a descriptor, a spike status or a period nobody has heard of."""
    strange = {"descriptor": "balmy", "spikeStatus": "brewing"}
    strange_period = {"tariffInformation": {"period": "twilight"}}
    return [
        row
        | {key: new for key, new in (strange | strange_period).items() if key in row}
        if dice.random() < 0.3
        else row
        for row in rows
    ]


def _null(rows: list[Row], _dice: random.Random) -> list[Row]:
    return [dict.fromkeys(_OPTIONAL_KEYS) | row for row in rows]


def _empty(_rows: list[Row], _dice: random.Random) -> list[Row]:
    return []


def _actual(rows: list[Row], _dice: random.Random) -> list[Row]:
    return [row for row in rows if row["type"] == "ActualInterval"]


def _closed(rows: list[Row], _dice: random.Random) -> list[Row]:
    return [row for row in rows if row["status"] == "closed"]


_SPOILERS: Mapping[str, Callable[[list[Row], random.Random], list[Row]]] = {
    "missing": _miss,
    "duplicated": _double,
    "empty": _empty,
    "actual_only": _actual,
    "unknown_word": _word,
    "nulls": _null,
    "closed_only": _closed,
}
