"""The record of rooftop solar: by region and day, once, the later word."""

from datetime import UTC, date, datetime

import numpy as np

from home_energy.domain.rooftop import RooftopDay
from home_energy.store import DaySaveResult, Store

DAY = date(2025, 3, 1)
KNOWN = datetime(2025, 4, 1, tzinfo=UTC)
NAN = float("nan")


def _day(*mw: float, region: str = "VIC1") -> RooftopDay:
    return RooftopDay(region, DAY, np.array([*mw, *[0.0] * (48 - len(mw))]))


def test_a_day_comes_back_as_it_was_saved(store: Store) -> None:
    result = store.rooftop_days.save([_day(1.5, NAN)], KNOWN)

    (found,) = store.rooftop_days.days("VIC1", DAY, DAY)
    assert result == DaySaveResult(new_count=47)
    assert (found.region, found.day) == ("VIC1", DAY)
    assert np.array_equal(found.mw, [1.5, NAN, *[0.0] * 46], equal_nan=True)
    assert store.rooftop_days.regions() == ["VIC1"]
    assert store.rooftop_days.days("NSW1", DAY, DAY) == []


def test_twice_is_once_and_the_later_word_stands(store: Store) -> None:
    store.rooftop_days.save([_day(1.5, NAN, 3.0)], KNOWN)

    result = store.rooftop_days.save([_day(2.0, 7.0, NAN)], KNOWN)

    (found,) = store.rooftop_days.days("VIC1", DAY, DAY)
    assert result == DaySaveResult(new_count=1, changed_count=1, unchanged_count=45)
    assert list(found.mw[:3]) == [2.0, 7.0, 3.0]
