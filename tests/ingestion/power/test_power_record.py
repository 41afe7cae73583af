"""What meters told is shown at once, and kept when five minutes are over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.power import PowerMean, Stream
from home_energy.errors import StoreError
from home_energy.ingestion.power.inbox import (
    Counted,
    Heard,
    PowerInbox,
    Trouble,
    Works,
)
from home_energy.ingestion.power.power_record import PowerRecord
from home_energy.store import Store
from home_energy.store.present_power import PresentPower

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)
FIVE = timedelta(minutes=5)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Home:
    """A record with its inbox, its store, and the file that the screen reads."""

    def __init__(self, folder: Path) -> None:
        self.inbox = PowerInbox()
        self.store = Store.open(folder / "home.sqlite")
        self.present = PresentPower(folder / "power.json")
        self.record = PowerRecord(self.inbox, self.store, self.present)

    def hear(self, seconds: float, watts: float) -> None:
        self.inbox.put(Heard("emon", Stream.GRID, after(seconds), watts, HOLD))

    def means(self) -> list[PowerMean]:
        return self.store.power.between(NOON, NOON + timedelta(hours=1))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.store.close()


def test_power_is_shown_before_it_is_kept(home: Home) -> None:
    home.hear(0, 600.0)
    home.hear(10, 1200.0)

    home.record.take(after(20))
    home.record.keep(after(20))

    (now,) = home.present.read()
    assert now.watts == pytest.approx(900.0)  # 10 s of each
    assert now.as_of == after(10)
    assert home.means() == []


def test_five_minutes_that_are_over_are_kept_once(home: Home) -> None:
    for seconds in range(0, 330, 15):
        home.hear(seconds, 400.0)

    for _ in range(2):
        home.record.take(after(330))
        home.record.keep(after(330))

    assert home.means() == [PowerMean("emon", Stream.GRID, NOON, 400.0, 20, 300.0)]
    (samples,) = home.store.power.samples_between(NOON, NOON + FIVE)
    assert samples.offset_seconds == tuple(range(0, 300, 15))


def test_a_silent_source_is_shown_with_its_own_time(home: Home) -> None:
    home.hear(0, 600.0)
    home.record.take(after(5))

    home.record.take(after(3600))

    (now,) = home.present.read()
    assert (now.watts, now.as_of) == (600.0, NOON)


def test_a_counter_makes_power_of_its_steps(home: Home) -> None:
    minute = timedelta(seconds=90)
    for seconds, wh in ((0, 1000.0), (60, 1010.0), (120, 1025.0)):
        home.inbox.put(Counted("meter", Stream.LOAD, after(seconds), wh, minute))

    home.record.take(after(121))

    (now,) = home.present.read()
    assert now.watts == pytest.approx(900.0)  # 15 Wh in the last minute


def test_what_a_full_disk_refused_is_kept_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.hear(0, 600.0)
    home.record.take(after(300))

    def full(_: object) -> None:
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(home.store.power, "keep", full)
        with pytest.raises(StoreError):
            home.record.keep(after(300))
    home.record.keep(after(310))

    assert [mean.mean_watts for mean in home.means()] == [600.0]


def test_the_last_minutes_before_an_end_are_kept_and_joined_by_the_next_run(
    home: Home,
) -> None:
    for seconds in (0, 20, 40):
        home.hear(seconds, 600.0)
    home.record.take(after(60))
    home.record.keep(after(60), is_last=True)

    anew = PowerRecord(home.inbox, home.store, home.present)
    for seconds in range(180, 300, 20):
        home.hear(seconds, 300.0)
    anew.take(after(301))
    anew.keep(after(301))

    # 60 s of 600 W, two minutes of nobody listening, 120 s of 300 W.
    assert home.means() == [PowerMean("emon", Stream.GRID, NOON, 400.0, 9, 180.0)]


def test_what_was_dated_by_a_wrong_clock_is_forgotten(home: Home) -> None:
    home.hear(0, 600.0)
    home.record.take(after(5))

    home.record.begin_anew()
    home.record.keep(after(600))

    assert home.means() == []


def test_troubles_are_noted_for_the_health_page_until_it_works(home: Home) -> None:
    home.inbox.put(Trouble("mqtt", "no broker answers"))
    home.record.take(NOON)
    home.record.keep(NOON)
    status = home.store.sources.status("mqtt", "power")
    assert status is not None
    assert (status.failing_since, status.failure_message) == (NOON, "no broker answers")

    home.inbox.put(Works("mqtt"))
    home.record.take(after(60))
    home.record.keep(after(60))

    status = home.store.sources.status("mqtt", "power")
    assert status is not None
    assert status.failing_since is None


def test_a_power_that_no_home_has_is_a_trouble_and_no_number(home: Home) -> None:
    home.hear(0, 5e6)

    home.record.take(after(1))
    home.record.keep(after(1))

    assert home.present.read() == []
    status = home.store.sources.status("emon", "power")
    assert status is not None
    assert status.failing_since == after(1)


def test_without_memory_to_write_to_the_record_goes_on(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.record = PowerRecord(
        home.inbox, home.store, PresentPower(tmp_path / "no such folder" / "x.json")
    )
    home.hear(0, 600.0)

    home.record.take(after(300))
    home.record.keep(after(300))

    assert len(home.means()) == 1


def test_samples_stay_for_two_days(home: Home) -> None:
    home.hear(0, 600.0)
    home.record.take(after(300))
    home.record.keep(after(300))
    home.hear(2 * 86_400 + 300, 600.0)

    home.record.take(after(2 * 86_400 + 900))
    home.record.keep(after(2 * 86_400 + 900))

    assert home.store.power.samples_between(NOON, NOON + FIVE) == []
    assert len(home.means()) == 1
