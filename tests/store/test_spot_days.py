"""The record of wholesale prices: once, the later word, never less than was known."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from home_energy.domain.spot import SpotDay
from home_energy.store import DaySaveResult, Store
from tests.domain.sample_days import DAY, NAN, spot_day

KNOWN = datetime(2025, 4, 1, tzinfo=UTC)
LATER = KNOWN + timedelta(days=1)
NEXT_DAY = date(2025, 3, 2)


def _on_record(store: Store, region: str = "VIC1") -> list[SpotDay]:
    return store.spot_days.days(region, DAY, NEXT_DAY)


def _first(store: Store, count: int) -> list[float]:
    (day,) = _on_record(store)
    return list(day.rrp_aud_per_mwh_ex_gst[:count])


def test_a_day_comes_back_as_it_was_saved(store: Store) -> None:
    day = spot_day(-1000.0, 17_500.0, NAN, 0.01, rest_rrp=77.88594568112633)

    result = store.spot_days.save([day], KNOWN)

    assert result == DaySaveResult(new_count=287)
    (found,) = _on_record(store)
    assert (found.region, found.day, found.interval_minutes) == ("VIC1", DAY, 5)
    assert np.array_equal(
        found.rrp_aud_per_mwh_ex_gst, day.rrp_aud_per_mwh_ex_gst, equal_nan=True
    )


def test_twice_is_once(store: Store) -> None:
    store.spot_days.save([spot_day(10.0, NAN, 20.0)], KNOWN)

    again = store.spot_days.save([spot_day(10.0, NAN, 20.0)], LATER)

    assert again == DaySaveResult(unchanged_count=2)


def test_the_later_word_stands_and_the_earlier_is_kept(
    store: Store, path: Path
) -> None:
    store.spot_days.save([spot_day(10.0, 20.0)], KNOWN)

    result = store.spot_days.save([spot_day(11.0, 20.0)], LATER)

    assert result == DaySaveResult(changed_count=1, unchanged_count=1)
    assert _first(store, 2) == [11.0, 20.0]
    with closing(sqlite3.connect(path)) as connection:
        ((replaced_at_s, packed),) = connection.execute(
            "SELECT replaced_at_utc_s, rrp_aud_per_mwh_ex_gst FROM spot_day_revision"
        ).fetchall()
    assert replaced_at_s == int(LATER.timestamp())
    assert list(np.frombuffer(packed)[:2]) == [10.0, 20.0]


def test_two_files_that_share_a_day_make_it_whole(store: Store) -> None:
    # The last interval of a month is stamped with the first midnight of the next.
    store.spot_days.save([spot_day(10.0, NAN, 30.0)], KNOWN)

    result = store.spot_days.save([spot_day(NAN, 20.0)], LATER)

    assert result == DaySaveResult(new_count=1)
    assert _first(store, 3) == [10.0, 20.0, 30.0]


def test_regions_and_lengths_stand_side_by_side(store: Store) -> None:
    days = [
        spot_day(1.0, minutes=30),
        spot_day(2.0),
        spot_day(3.0, region="NSW1"),
        spot_day(4.0, day=NEXT_DAY),
    ]

    store.spot_days.save(days, KNOWN)

    found = [
        (d.day, d.interval_minutes, d.rrp_aud_per_mwh_ex_gst[0])
        for d in _on_record(store)
    ]
    assert found == [(DAY, 5, 2.0), (DAY, 30, 1.0), (NEXT_DAY, 5, 4.0)]
    assert store.spot_days.regions() == ["NSW1", "VIC1"]
    assert store.spot_days.span("VIC1") == (DAY, NEXT_DAY)
    assert store.spot_days.span("TAS1") is None
    assert _on_record(store, "TAS1") == []
