"""What was made once and is kept, up to so many: whoever asks first makes it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by key, for many threads: the others wait for who makes one.

    Parameters
    ----------
    make
        Makes the value of a key. What it raises is raised for all who wait, and tried
        anew by the next who asks.
    most
        How many are kept; those not asked for the longest go first.
    """

    def __init__(self, make: Callable[[Key], Value], most: int) -> None:
        self._make = make
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[Key, Future[Value]] = OrderedDict()

    def get(self, key: Key) -> Value:
        """The value of a key, made now if nobody asked before."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            else:
                mine = self._known[key] = Future()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return self._made(key, mine) if found is None else found.result()

    def _made(self, key: Key, mine: "Future[Value]") -> Value:
        try:
            value = self._make(key)
        except BaseException as error:
            with self._lock:
                if self._known.get(key) is mine:
                    del self._known[key]
            mine.set_exception(error)
            raise
        mine.set_result(value)
        return value

    def __contains__(self, key: object) -> bool:
        """Whether a value was made, or is being made."""
        with self._lock:
            return key in self._known
