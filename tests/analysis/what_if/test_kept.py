"""What is kept is made once, by whoever asks first, and bounded."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from home_energy.analysis.what_if.kept import Kept


def test_who_asks_while_it_is_made_waits_for_it() -> None:
    made, begun, may_end = [], Event(), Event()

    def slow(key: str) -> str:
        made.append(key)
        begun.set()
        may_end.wait(10)
        return key.upper()

    kept = Kept(slow, most=4)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(kept.get, "a")
        begun.wait(10)
        others = [threads.submit(kept.get, "a") for _ in range(3)]
        may_end.set()
        found = [one.result(10) for one in (first, *others)]

    assert found == ["A"] * 4
    assert made == ["a"]


def test_a_failure_is_tried_again() -> None:
    asked: list[str] = []

    def make(key: str) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise ValueError("not yet")
        return "there"

    kept = Kept(make, most=4)

    with pytest.raises(ValueError, match="not yet"):
        kept.get("a")
    assert "a" not in kept
    assert kept.get("a") == "there"


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key

    kept = Kept(make, most=2)
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key)

    # "b" went when "c" came, for "a" had been asked for since.
    assert made == ["a", "b", "c", "b"]
