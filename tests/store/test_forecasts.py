"""Forecasts as issued: nothing lost by packing, nothing known too early."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError, StoreError
from home_energy.store import Store
from home_energy.store.forecast_packing import pack, unpack
from home_energy.store.forecasts import BLOCK
from tests.domain.sample_prices import HALF_HOUR, half_hours

MIDNIGHT = datetime(2025, 6, 10, tzinfo=UTC)  # a block begins
TICK = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
GENERAL = Channel.GENERAL


def _issue(issued_at: datetime, *values_c_per_kwh: float | None) -> list[Forecast]:
    start = issued_at.replace(minute=0, second=0, microsecond=0) + 2 * HALF_HOUR
    points = half_hours(values_c_per_kwh or (30.0, 31.5, 29.12345), start)
    general = Forecast(GENERAL, issued_at, points)
    feed_in = tuple(replace(p, c_per_kwh=round(p.c_per_kwh / 4, 5)) for p in points)
    return [general, replace(general, channel=Channel.FEED_IN, points=feed_in)]


def _save_ticks(
    store: Store, site_key: int, count: int, start: datetime = MIDNIGHT
) -> list[list[Forecast]]:
    issues = [
        _issue(start + 24 * SECOND + i * TICK, float(i), 30.0, 31.0)
        for i in range(count)
    ]
    for issue in issues:
        store.forecasts.save(site_key, issue)
    return issues


def _counts(store: Store) -> tuple[int, int]:
    row = store._database.row(
        "SELECT (SELECT count(*) FROM forecast_issue), "
        "(SELECT count(*) FROM forecast_block)"
    )
    assert row is not None
    return row[0], row[1]


def _all(store: Store, site_key: int) -> list[Forecast]:
    day = timedelta(days=2)
    return [
        forecast
        for channel in Channel
        for forecast in store.forecasts.issued_between(
            site_key, channel, MIDNIGHT - day, MIDNIGHT + day
        )
    ]


def test_issue_comes_back_as_it_was_saved(store: Store, site_key: int) -> None:
    issue = _issue(MIDNIGHT + 24 * SECOND)

    store.forecasts.save(site_key, issue)
    store.forecasts.save(site_key, issue)  # twice is once

    assert store.forecasts.latest(site_key) == issue
    assert _counts(store) == (1, 0)


def test_no_forecast_is_an_empty_list(store: Store, site_key: int) -> None:
    store.forecasts.save(site_key, [])

    assert store.forecasts.latest(site_key) == []
    assert store.forecasts.latest(site_key, MIDNIGHT) == []
    assert _all(store, site_key) == []
    assert store.forecasts.pack_finished_blocks(site_key, MIDNIGHT) == 0


@pytest.mark.parametrize("is_packed", [False, True])
def test_latest_is_never_from_the_future(
    store: Store, site_key: int, *, is_packed: bool
) -> None:
    issues = _save_ticks(store, site_key, 80)  # 6 h 40 min: over a block's edge
    if is_packed:
        store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + 2 * BLOCK)
        assert _counts(store) == (0, 2)

    moments = [issue[0].issued_at for issue in issues]
    for issue, at in zip(issues, moments, strict=True):
        assert store.forecasts.latest(site_key, at) == issue
        assert store.forecasts.latest(site_key, at + TICK - SECOND) == issue
    for (before, _), (_, at) in itertools.pairwise(zip(issues, moments, strict=True)):
        assert store.forecasts.latest(site_key, at - SECOND) == before
    assert store.forecasts.latest(site_key, moments[0] - SECOND) == []
    assert store.forecasts.latest(site_key) == issues[-1]


def test_part_of_a_second_is_not_known_before_it_is_over(
    store: Store, site_key: int
) -> None:
    # Regression: issued at 24.7 s was on record as 24 s, and known at 24.2 s.
    issued_at = MIDNIGHT + timedelta(seconds=24.7)
    store.forecasts.save(site_key, _issue(issued_at))

    assert store.forecasts.latest(site_key, MIDNIGHT + 24.2 * SECOND) == []
    (forecast, _) = store.forecasts.latest(site_key, MIDNIGHT + 25 * SECOND)
    assert forecast.issued_at == MIDNIGHT + 25 * SECOND


def test_old_issue_saved_late_does_not_hide_a_newer_block(
    store: Store, site_key: int
) -> None:
    issues = _save_ticks(store, site_key, 72)
    store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)
    late = _issue(MIDNIGHT + 90 * SECOND, 99.0)

    store.forecasts.save(site_key, late)

    assert store.forecasts.latest(site_key) == issues[-1]
    assert store.forecasts.latest(site_key, MIDNIGHT + 91 * SECOND) == late


# Packing


def test_packing_loses_nothing_and_again_changes_nothing(
    store: Store, site_key: int
) -> None:
    _save_ticks(store, site_key, 80)
    before = _all(store, site_key)

    packed = store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)
    again = store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)

    assert (packed, again) == (72, 0)
    assert _counts(store) == (8, 1)
    assert _all(store, site_key) == before
    assert len(before) == 160


def test_block_in_progress_is_not_packed(store: Store, site_key: int) -> None:
    _save_ticks(store, site_key, 2)

    now = MIDNIGHT + BLOCK - SECOND
    assert store.forecasts.pack_finished_blocks(site_key, now) == 0
    assert store.forecasts.pack_finished_blocks(site_key, now + SECOND) == 2


def test_issue_saved_again_after_packing_stays_one(store: Store, site_key: int) -> None:
    # Regression: it was packed twice, and every reader found it twice.
    issues = _save_ticks(store, site_key, 3)
    store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)
    store.forecasts.save(site_key, issues[1])
    late = _issue(MIDNIGHT + 4 * TICK)
    store.forecasts.save(site_key, late)

    unpacked = _all(store, site_key)
    store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)

    assert _all(store, site_key) == unpacked
    assert len(unpacked) == 8  # four issues of two channels
    assert _counts(store) == (0, 1)


def test_packing_that_is_cut_short_changes_nothing(
    store: Store, site_key: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save_ticks(store, site_key, 3)
    before = _all(store, site_key)
    execute = store._database.execute

    def execute_but_die_at_delete(sql: str, parameters: tuple[object, ...] = ()) -> int:
        if sql.startswith("DELETE"):
            raise KeyboardInterrupt
        return execute(sql, parameters)

    with monkeypatch.context() as dying:
        dying.setattr(store._database, "execute", execute_but_die_at_delete)
        with pytest.raises(KeyboardInterrupt):
            store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)

    assert _counts(store) == (3, 0)
    assert _all(store, site_key) == before
    assert store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK) == 3
    assert _all(store, site_key) == before


def test_issue_saved_by_another_while_packing_is_not_lost(
    path: Path, store: Store, site_key: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Regression: rows were read before the transaction and deleted by their span.
    _save_ticks(store, site_key, 2)
    other = Store.open(path)
    late = _issue(MIDNIGHT + 3 * TICK)
    rows = store._database.rows

    def rows_and_then_another_saves(
        sql: str, parameters: tuple[object, ...] = ()
    ) -> list[tuple[object, ...]]:
        found = rows(sql, parameters)
        if "DISTINCT" in sql:
            other.forecasts.save(site_key, late)
        return found

    with monkeypatch.context() as racing:
        racing.setattr(store._database, "rows", rows_and_then_another_saves)
        store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK)

    assert store.forecasts.latest(site_key) == late
    assert len(_all(store, site_key)) == 6
    other.close()


def test_sites_are_packed_each_for_itself(store: Store, site_key: int) -> None:
    store.sources.save_sites([replace(store.sources.sites()[0], site_id="S2")])
    _save_ticks(store, site_key, 2)
    _save_ticks(store, site_key + 1, 3)

    assert store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK) == 2
    assert _counts(store) == (3, 1)
    assert len(_all(store, site_key + 1)) == 6


# What is refused


def test_issues_of_two_times_are_refused_together(store: Store, site_key: int) -> None:
    two = _issue(MIDNIGHT)[:1] + _issue(MIDNIGHT + TICK)[1:]

    with pytest.raises(DataError, match="2 times of issue"):
        store.forecasts.save(site_key, two)


def test_channel_that_comes_twice_is_refused(store: Store, site_key: int) -> None:
    one = _issue(MIDNIGHT)[0]

    with pytest.raises(DataError, match="2 forecasts for general"):
        store.forecasts.save(site_key, [one, one])


@pytest.mark.parametrize("value", [21_474.9, -21_474.9, float("inf"), float("nan")])
def test_price_that_cannot_be_kept_is_refused(value: float) -> None:
    with pytest.raises(DataError, match=r"the most that can be kept|not a number"):
        pack(_issue(MIDNIGHT, 30.0, value))


def test_market_caps_can_be_kept() -> None:
    # The cap is 20.30 $/kWh in 2025-26, 2,233 c with GST; the floor -1 $/kWh.
    issue = _issue(MIDNIGHT, 2233.0, -110.0, 21_474.0, -21_474.0)

    assert unpack(pack(issue)) == issue


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"", "has version none"),
        (lambda packed: b"\x09" + packed[1:], "has version 09"),
        (lambda packed: packed[:1], "cannot be read"),
        (lambda packed: packed[:-1], "cannot be read"),
        (lambda packed: packed[: len(packed) // 2], "cannot be read"),
        (lambda packed: packed[:1] + b"not xz" + packed[7:], "cannot be read"),
        (
            lambda packed: packed[:60] + bytes([packed[60] ^ 1]) + packed[61:],
            "cannot be read",
        ),
    ],
)
def test_damaged_block_is_a_store_error(
    store: Store, site_key: int, spoil: Callable[[bytes], bytes], said: str
) -> None:
    issue = _issue(MIDNIGHT)
    spoilt = spoil(pack(issue))

    with pytest.raises(StoreError, match=said):
        unpack(spoilt)
    store.forecasts.save(site_key, issue)
    store._database.execute("UPDATE forecast_issue SET packed = ?", (spoilt,))
    with pytest.raises(StoreError, match=said):
        store.forecasts.latest(site_key)


def test_point_without_optional_values_keeps_them_unknown() -> None:
    bare = ForecastPoint(MIDNIGHT, 30, 30.0)
    full = ForecastPoint(
        MIDNIGHT + HALF_HOUR,
        30,
        31.0,
        31.1,
        30.5,
        33.3,
        12.0,
        10.0,
        15.0,
        True,  # noqa: FBT003
    )
    forecast = Forecast(GENERAL, MIDNIGHT, (bare, full))

    assert unpack(pack([forecast])) == [forecast]


def test_forecast_without_points_is_still_an_issue() -> None:
    empty = Forecast(GENERAL, MIDNIGHT, ())

    assert unpack(pack([empty])) == [empty]
    assert unpack(pack([])) == []


@pytest.mark.parametrize("is_packed", [False, True])
def test_every_plan_gets_the_newest_issue_known_to_it(
    store: Store, site_key: int, *, is_packed: bool
) -> None:
    # Issues at 00:00:24, 00:05:24 ... 06:35:24, over the end of a block at 06:00.
    _save_ticks(store, site_key, 80)
    if is_packed:
        assert store.forecasts.pack_finished_blocks(site_key, MIDNIGHT + BLOCK) == 72
    plans = TimeGrid(MIDNIGHT, HALF_HOUR, 20)

    known = list(store.forecasts.known_at_each(site_key, plans, timedelta(hours=2)))

    # None at 00:00. At 08:30 the newest, of 06:35:24, is 1 h 54 min 36 s old, at 09:00
    # it is too old. At 06:30 it is that of 06:25:24.
    at_each = [store.forecasts.latest(site_key, start) for start in plans]
    assert known[0] == []
    assert known[1:18] == at_each[1:18]
    assert known[18:] == [[], []]
    assert known[13][0].issued_at == MIDNIGHT + 77 * TICK + 24 * SECOND
