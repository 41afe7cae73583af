"""The PIN: what it opens, for how long, and how often it may be got wrong."""

import hmac
import logging
import secrets
import threading
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr

from home_energy.domain.clock import Clock

_log = logging.getLogger(__name__)

OPEN_SECONDS = 3600.0
"""How long a PIN that was entered counts: the home's network is not encrypted. [s]"""

MOST_OPEN = 32
"""Browsers that may have it entered at once; the one that was first has to go."""

WRONG_AT_ONE_ADDRESS = 5
ADDRESS_WAITS_SECONDS = 900.0
WRONG_IN_ALL = 30
ALL_WAIT_SECONDS = 86400.0
"""Whoever has many addresses tries 30 of the 10,000 shortest PINs a day. [s]"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of entering a PIN.

    Parameters
    ----------
    key
        What the browser shows from now on; `None` where the PIN was wrong or not
        looked at.
    wait_seconds
        Until one may be entered from there again; 0 where that is now. [s]
    """

    key: str | None
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class _Opened:
    address: str
    until_boottime_seconds: float


@dataclass(frozen=True, slots=True)
class _Wrong:
    address: str
    boottime_seconds: float


class PinDoor:
    """Who entered the PIN. All of it is in memory, and gone with the program.

    Time is the machine's steady counter: a clock that is set ends no waiting.

    Parameters
    ----------
    pin
        Of the settings; without one the door stays shut.
    """

    def __init__(self, pin: SecretStr | None, clock: Clock) -> None:
        self._pin = pin
        self._clock = clock
        self._opened: dict[str, _Opened] = {}
        self._wrong: deque[_Wrong] = deque(maxlen=WRONG_IN_ALL)
        self._lock = threading.Lock()

    @property
    def has_pin(self) -> bool:
        """Whether there is a PIN at all."""
        return self._pin is not None

    def enter(self, pin: str, address: str) -> Entry:
        """Open the door to an address if the PIN is right and it need not wait."""
        with self._lock:  # many at once are not more than one after another
            wait_seconds = self._wait_seconds(address)
            if wait_seconds > 0 or self._pin is None:
                return Entry(None, wait_seconds)
            now_seconds = self._clock.boottime_seconds()
            if not _is_same(pin, self._pin.get_secret_value()):
                self._wrong.append(_Wrong(address, now_seconds))
                _log.warning("a wrong PIN was entered at %s", address)
                return Entry(None, self._wait_seconds(address))
            key = secrets.token_urlsafe(32)
            if len(self._opened) == MOST_OPEN:
                del self._opened[next(iter(self._opened))]
            self._opened[key] = _Opened(address, now_seconds + OPEN_SECONDS)
            _log.info("the PIN was entered at %s", address)
            return Entry(key, 0.0)

    def is_open(self, key: str | None, address: str) -> bool:
        """Whether the PIN was entered there, not too long ago, for this key."""
        opened = self._opened.get(key) if key else None
        if opened is None or opened.address != address:
            return False
        return self._clock.boottime_seconds() < opened.until_boottime_seconds

    def wait_seconds(self, address: str) -> float:
        """Until a PIN may be entered at an address; 0 where that is now. [s]"""
        with self._lock:
            return self._wait_seconds(address)

    def _wait_seconds(self, address: str) -> float:
        now_seconds = self._clock.boottime_seconds()
        here = [one for one in self._wrong if one.address == address]
        ends = [now_seconds]
        if len(here) >= WRONG_AT_ONE_ADDRESS:
            oldest = here[-WRONG_AT_ONE_ADDRESS]
            ends.append(oldest.boottime_seconds + ADDRESS_WAITS_SECONDS)
        if len(self._wrong) == WRONG_IN_ALL:
            ends.append(self._wrong[0].boottime_seconds + ALL_WAIT_SECONDS)
        return max(ends) - now_seconds


def _is_same(entered: str, pin: str) -> bool:
    """Compare in a time that tells neither digits nor their number."""
    digests = (sha256(text.encode()).digest() for text in (entered, pin))
    return hmac.compare_digest(*digests)
