"""How sources do, which sites they know, and the time they told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from home_energy.domain.clock import TimeAnchor
from home_energy.domain.price import Channel
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.domain.verdict import Decision, PriceLevels, Verdict, VerdictBasis
from home_energy.errors import SourceAuthError, SourceUnavailable
from home_energy.store import SourceEvent, Store
from home_energy.store.sources import EVENTS_KEPT

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_task_never_tried_has_no_status(store: Store) -> None:
    assert store.sources.status("amber", "prices") is None
    assert store.sources.statuses() == []


def test_source_leaves_once_and_returns_once(store: Store) -> None:
    sources, task = store.sources, ("amber", "prices")
    down = SourceUnavailable("not reached")

    changes = [
        sources.record_success(*task, NINE),
        sources.record_failure(*task, NINE + MINUTE, down),
        sources.record_failure(*task, NINE + 2 * MINUTE, down),
        sources.record_success(*task, NINE + 3 * MINUTE),
        sources.record_success(*task, NINE + 4 * MINUTE),
    ]

    assert changes == [False, True, False, True, False]
    assert sources.events() == [
        SourceEvent(NINE + 3 * MINUTE, *task, "returned", None),
        SourceEvent(NINE + MINUTE, *task, "left", "not reached"),
    ]


def test_status_tells_since_when_and_why(store: Store) -> None:
    sources, task = store.sources, ("amber", "prices")
    sources.record_success(*task, NINE)
    sources.record_failure(*task, NINE + MINUTE, SourceUnavailable("not reached"))
    sources.record_failure(*task, NINE + 2 * MINUTE, SourceAuthError("not accepted"))

    status = sources.status(*task)

    assert status is not None
    assert status.last_success == NINE
    assert status.failing_since == NINE + MINUTE
    assert status.last_failure == NINE + 2 * MINUTE
    assert status.failure_kind == "SourceAuthError"
    assert status.failure_message == "not accepted"


def test_success_ends_the_failing_but_keeps_its_memory(store: Store) -> None:
    sources, task = store.sources, ("amber", "prices")
    sources.record_failure(*task, NINE, SourceUnavailable("not reached"))
    sources.record_success(*task, NINE + MINUTE)

    status = sources.status(*task)

    assert status is not None
    assert status.failing_since is None
    assert status.last_failure == NINE


def test_tasks_fail_each_for_itself(store: Store) -> None:
    store.sources.record_failure("amber", "usage", NINE, SourceUnavailable("x"))

    assert store.sources.record_success("amber", "prices", NINE) is False
    assert [s.task for s in store.sources.statuses()] == ["prices", "usage"]


def test_old_events_make_room(store: Store) -> None:
    for i in range(EVENTS_KEPT // 2 + 5):
        moment = NINE + i * MINUTE
        store.sources.record_failure("amber", "prices", moment, SourceUnavailable("x"))
        store.sources.record_success("amber", "prices", moment)

    events = store.sources.events(limit=10 * EVENTS_KEPT)

    assert len(events) == EVENTS_KEPT
    assert events[0].at == NINE + (EVENTS_KEPT // 2 + 4) * MINUTE


def test_last_time_told_is_kept_to_the_fraction(store: Store) -> None:
    assert store.sources.anchor() is None
    first = TimeAnchor(NINE, 17.25, "boot 1")
    last = TimeAnchor(NINE + timedelta(seconds=0.5), 1e6 + 0.125, "boot 2")

    store.sources.save_anchor(first)
    store.sources.save_anchor(last)

    assert store.sources.anchor() == last


def _full_site(status: str) -> RetailSite:
    return RetailSite(
        site_id="S9",
        nmi="6001000001",
        status=status,
        interval_minutes=30,
        channels=(
            SiteChannel("E1", Channel.GENERAL, "A100"),
            SiteChannel("B1", Channel.FEED_IN),
        ),
        network="Jemena",
        active_from=date(2024, 2, 29),
        closed_on=date(2025, 10, 5) if status == "closed" else None,
    )


def test_site_comes_back_as_it_was_told_and_keeps_its_key(store: Store) -> None:
    store.sources.save_sites([_full_site("active")])
    key = store.sources.site_key("S9")

    store.sources.save_sites([_full_site("closed")])

    assert store.sources.sites()[-1] == _full_site("closed")
    assert store.sources.site_key("S9") == key


def test_site_that_is_no_longer_told_is_kept(store: Store) -> None:
    store.sources.save_sites([])

    assert [s.site_id for s in store.sources.sites()] == ["S1"]
    assert store.sources.site_key("S9") is None


@pytest.mark.parametrize("levels", [None, PriceLevels(20.5, 40.25)])
def test_verdict_in_force_is_the_last(
    store: Store, site_key: int, levels: PriceLevels | None
) -> None:
    assert store.verdicts.latest(site_key) is None
    basis = VerdictBasis.OWN_HISTORY
    before = Decision(Verdict.CHEAP, basis, NINE - MINUTE, NINE - MINUTE, None)
    decision = Decision(Verdict.EXPENSIVE, basis, NINE, NINE + MINUTE, levels)

    store.verdicts.save(site_key, before)
    store.verdicts.save(site_key, decision)

    assert store.verdicts.latest(site_key) == decision


def test_the_same_failure_within_five_minutes_is_not_written_again(
    store: Store,
) -> None:
    down = SourceUnavailable("not reached")
    seen = []
    for minutes in (0, 2, 4, 6):
        at = NINE + minutes * MINUTE
        store.sources.record_failure("amber", "prices now", at, down)
        status = store.sources.status("amber", "prices now")
        assert status is not None
        seen.append(status.last_failure)

    assert seen == [NINE, NINE, NINE, NINE + 6 * MINUTE]


def test_another_kind_of_failure_is_written_at_once(store: Store) -> None:
    store.sources.record_failure("amber", "usage", NINE, SourceUnavailable("x"))
    store.sources.record_failure("amber", "usage", NINE + MINUTE, SourceAuthError("y"))

    status = store.sources.status("amber", "usage")

    assert status is not None
    assert status.failure_kind == "SourceAuthError"
    assert status.failing_since == NINE
