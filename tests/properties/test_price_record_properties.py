"""What holds of the record of prices for any saves in any order."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.sample_prices import FIVE_MINUTES, NOON, sample_price

from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.site import RetailSite
from home_energy.domain.time_grid import NEM_TIME
from home_energy.store import Store
from home_energy.store.prices import PriceTable

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
GENERAL = Channel.GENERAL


@dataclass
class _Record:
    """One store for many examples, each with a site of its own."""

    store: Store
    sites: int = 0

    @property
    def prices(self) -> PriceTable:
        return self.store.prices

    def new_site(self) -> int:
        self.sites += 1
        site_id = f"S{self.sites}"
        self.store.sources.save_sites(
            [RetailSite(site_id, "6001000001", "active", 5, ())]
        )
        key = self.store.sources.site_key(site_id)
        assert key is not None
        return key


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Record]:
    store = Store.open(tmp_path_factory.mktemp("record") / "home.sqlite")
    # Thousands of saves, and no power to be cut in between.
    store._database.execute("PRAGMA synchronous=OFF")
    yield _Record(store)
    store.close()


@dataclass(frozen=True)
class _Telling:
    """One answer of the source: some intervals with one quality at one instant."""

    known_at_s: int
    quality: Quality
    intervals: tuple[int, ...]

    @property
    def known_at(self) -> datetime:
        return NOON + timedelta(seconds=self.known_at_s)

    @property
    def prices(self) -> list[Price]:
        # Each answer has a value of its own, so that it can be told whose stands.
        return [
            sample_price(float(self.known_at_s), NOON + i * FIVE_MINUTES, self.quality)
            for i in self.intervals
        ]


_TELLINGS = st.lists(
    st.builds(
        _Telling,
        known_at_s=st.integers(0, 10_000),
        quality=st.sampled_from(list(Quality)),
        intervals=st.lists(st.integers(0, 5), min_size=1, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda telling: telling.known_at_s,
)


def _expected(tellings: list[_Telling]) -> list[tuple[datetime, float, Quality]]:
    """Best quality, then latest: worked out anew, interval by interval."""
    best = {}
    for i in range(6):
        told = [t for t in tellings if i in t.intervals]
        if told:
            best[i] = max(told, key=lambda t: (t.quality, t.known_at_s))
    return [
        (NOON + i * FIVE_MINUTES, float(t.known_at_s), t.quality)
        for i, t in sorted(best.items())
    ]


@settings(deadline=None, max_examples=60)
@given(tellings=_TELLINGS, data=st.data())
def test_record_does_not_depend_on_the_order_of_saves(
    record: _Record, tellings: list[_Telling], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(tellings))
    repeats = data.draw(st.lists(st.sampled_from(tellings), max_size=5))
    quality: dict[datetime, Quality] = {}
    key = record.new_site()
    for telling in [*order, *repeats]:
        record.prices.save(key, telling.prices, telling.known_at)
        for price in record.prices.between(key, GENERAL, NOON, NOON + DAY):
            assert price.quality >= quality.get(price.start, Quality.FORECAST)
            quality[price.start] = price.quality

    found = record.prices.between(key, GENERAL, NOON, NOON + DAY)
    newest = record.prices.latest(key, GENERAL)

    assert [(p.start, p.c_per_kwh, p.quality) for p in found] == _expected(tellings)
    assert newest is not None
    assert (newest[1] - NOON).total_seconds() == newest[0].c_per_kwh


@settings(deadline=None, max_examples=60)
@given(tellings=_TELLINGS)
def test_every_value_that_ever_stood_is_on_record(
    record: _Record, tellings: list[_Telling]
) -> None:
    stood: set[tuple[datetime, float]] = set()
    key = record.new_site()
    for telling in tellings:
        record.prices.save(key, telling.prices, telling.known_at)
        for price in record.prices.between(key, GENERAL, NOON, NOON + DAY):
            stood.add((price.start, price.c_per_kwh))

    replaced = record.prices.revisions(key, NOON, NOON + DAY)
    standing = record.prices.between(key, GENERAL, NOON, NOON + DAY)

    kept = {(start, value) for _, start, value, _, _ in replaced}
    assert kept | {(p.start, p.c_per_kwh) for p in standing} == stood


_INTERVALS = st.lists(
    st.tuples(
        st.integers(-20, 80),  # start, in five minutes from noon
        st.sampled_from([5, 5, 5, 15, 30, 60]),
        st.sampled_from([Quality.ESTIMATE, Quality.ACTUAL]),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(intervals=_INTERVALS, length=st.integers(0, 300))
def test_coverage_equals_counting_minutes(
    record: _Record, intervals: list[tuple[int, int, Quality]], length: int
) -> None:
    prices = [
        sample_price(1.0, NOON + at * FIVE_MINUTES, quality, minutes)
        for at, minutes, quality in intervals
    ]
    key = record.new_site()
    record.prices.save(key, prices, NOON)

    found = record.prices.coverage(key, GENERAL, NOON, NOON + length * MINUTE)

    minutes = [NOON + i * MINUTE for i in range(length)]
    known = [m for m in minutes if any(p.start <= m < p.end for p in prices)]
    final = [p for p in prices if p.quality is Quality.ACTUAL]
    unsure = [m for m in known if not any(p.start <= m < p.end for p in final)]
    missing = {m for gap in found.gaps for m in minutes if gap.start <= m < gap.end}
    assert found.covered_minutes == len(known)
    assert found.estimated_minutes == len(unsure)
    assert missing == set(minutes) - set(known)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_final_minutes_of_a_day_equal_counting_minutes(
    record: _Record, seed: int
) -> None:
    chance = random.Random(seed)
    prices = [
        sample_price(
            1.0,
            NOON + chance.randrange(0, 300) * timedelta(minutes=30),
            chance.choice([Quality.ESTIMATE, Quality.ACTUAL]),
            chance.choice([5, 30]),
        )
        for _ in range(60)
    ]
    key = record.new_site()
    record.prices.save(key, prices, NOON)

    found = record.prices.final_minutes_by_day(key, GENERAL, NOON, NOON + 7 * DAY)
    kept = record.prices.between(key, GENERAL, NOON, NOON + 7 * DAY)

    final = {
        price.start + i * MINUTE
        for price in kept
        if price.quality is Quality.ACTUAL
        for i in range(price.duration_minutes)
    }
    expected: dict[date, int] = {}
    for minute in final:
        day = minute.astimezone(NEM_TIME).date()
        expected[day] = expected.get(day, 0) + 1
    assert found == expected
