"""What is said of damage, of a check that failed, and of backups."""

from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.dashboard.health.findings import findings
from home_energy.store.upkeep import LastRun, SetAside, UpkeepState, keep_up, mend
from tests.dashboard.recorded_home import NOON, RecordedHome
from tests.dashboard.test_health import WORKING, codes, facts, health_of, moment
from tests.store.upkeep.damage import spoil_head

DAY = timedelta(days=1)
ASIDE = Path("/var/lib/home-energy/home.sqlite.damaged-20261121T154000Z")


def quiet(_: str) -> None:
    """Nobody is told."""


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def set_aside(days_ago: float, **known: object) -> SetAside:
    return SetAside(ASIDE, NOON - days_ago * DAY, **known)  # type: ignore[arg-type]


def upkeep(
    days_ago: float | None, last_run: LastRun | None = None, idle_days: float = 0
) -> UpkeepState:
    newest = None if days_ago is None else NOON - days_ago * DAY
    return UpkeepState(newest, NOON - idle_days * DAY, last_run)


def test_damaged_record_is_told_with_what_took_its_place() -> None:
    aside = set_aside(1, fault="malformed", replaced_by=NOON - 2.5 * DAY)

    (found,) = findings(moment(WORKING), facts(set_aside=(aside,)))

    # NOON is Sunday's in Sydney: 2.5 days before, Friday begins.
    assert (found.code, found.severity) == ("record_set_aside", "warning")
    assert found.what == (
        "The record was damaged: the backup of Fri 20 Nov, 12:00 am took its place"
    )
    assert "Found yesterday 12:00 pm." in found.do
    assert str(ASIDE) in found.do


def test_without_a_backup_a_new_record_is_told() -> None:
    (found,) = findings(moment(WORKING), facts(set_aside=(set_aside(1),)))

    assert found.what == (
        "The record was damaged: a new record has begun, for there was no good backup"
    )


@pytest.mark.parametrize(("days", "severity"), [(13.9, "warning"), (14.1, "note")])
def test_damage_is_news_for_two_weeks(days: float, severity: str) -> None:
    known = facts(set_aside=(set_aside(days),))

    assert codes(moment(WORKING), known) == [("record_set_aside", severity)]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, []),
        (upkeep(0.4), []),
        (upkeep(2.9), []),
        (upkeep(3.1), [("backup_old", "warning")]),
        (upkeep(None, idle_days=1), []),
        (upkeep(None, idle_days=3.1), [("backup_old", "warning")]),
    ],
)
def test_backup_of_more_than_three_days_ago_is_told(
    state: UpkeepState | None, expected: list[tuple[str, str]]
) -> None:
    assert codes(moment(WORKING), facts(upkeep=state)) == expected


def test_old_backup_is_not_told_by_a_clock_that_nobody_vouches_for() -> None:
    known = facts(upkeep=upkeep(30))

    assert "backup_old" not in [code for code, _ in codes(moment(time=None), known)]


def test_upkeep_that_failed_says_why() -> None:
    run = LastRun(NOON - DAY, "home.sqlite: no room to copy it")

    (found,) = findings(moment(WORKING), facts(upkeep=upkeep(2, run)))

    assert (found.code, found.severity) == ("upkeep_failed", "warning")
    assert found.what == (
        "The upkeep of yesterday 12:00 pm has failed, so there is no backup of it"
    )
    assert found.do == "home.sqlite: no room to copy it."


def test_damage_found_at_night_is_a_problem_until_it_is_mended() -> None:
    run = LastRun(NOON - DAY, "it is malformed", is_damaged=True)
    state = upkeep(2, run)

    before = codes(moment(WORKING), facts(upkeep=state))
    mended = facts(upkeep=state, set_aside=(set_aside(0.9),))

    assert before == [("record_damaged", "problem")]
    assert codes(moment(WORKING), mended) == [("record_set_aside", "warning")]


def test_page_and_api_tell_of_a_record_that_was_mended(home: RecordedHome) -> None:
    keep_up(home.path, NOON - 5 * DAY, quiet)
    home.store.close()
    spoil_head(home.path)
    mend(home.path, NOON - DAY, quiet)

    _, body = health_of(home)

    told = {finding["code"]: finding["what"] for finding in body["findings"]}
    assert "Tue 17 Nov, 12:00 pm took its place" in told["record_set_aside"]
    assert told["backup_old"] == "The newest backup is of Tue 17 Nov, 12:00 pm"


def test_record_that_cannot_be_read_is_mended_at_the_start_where_backups_are() -> None:
    here = facts(store_error="home.sqlite: not readable", upkeep=upkeep(0))
    elsewhere = facts(store_error="home.sqlite: not readable")

    assert findings(None, here)[0].do == (
        "If it stays for minutes, restart the machine. home.sqlite: not readable."
    )
    assert findings(None, elsewhere)[0].do == "home.sqlite: not readable."
