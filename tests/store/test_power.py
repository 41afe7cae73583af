"""Power that is kept, and power that is now."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.power import PowerMean, PowerNow, PowerSamples, Stream
from home_energy.errors import StoreError
from home_energy.store import Store
from home_energy.store.present_power import PresentPower, present_power_path

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def mean(watts: float, count: int, seconds: float, start: datetime = NOON) -> PowerMean:
    return PowerMean("emon", Stream.GRID, start, watts, count, seconds)


def samples(offset: int, watts: float, start: datetime = NOON) -> PowerSamples:
    return PowerSamples("emon", Stream.GRID, start, (offset,), (watts,))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "home.sqlite")


def test_means_and_samples_come_back_as_they_were_kept(store: Store) -> None:
    later = PowerMean("pw", Stream.BATTERY, NOON + FIVE, -500.5, 30, 300.0)
    drawn = PowerSamples("pw", Stream.BATTERY, NOON + FIVE, (0, 299), (-1000.0, -1.0))

    store.power.keep([(mean(720.0, 15, 150.0), samples(3, 720.0)), (later, drawn)])

    assert store.power.between(NOON, NOON + FIVE) == [mean(720.0, 15, 150.0)]
    assert store.power.between(NOON + FIVE, NOON + 2 * FIVE) == [later]
    assert store.power.samples_between(NOON, NOON + 2 * FIVE) == [
        samples(3, 720.0),
        drawn,
    ]
    assert store.power.first_start() == NOON


def test_two_parts_of_five_minutes_are_one_mean(store: Store) -> None:
    store.power.keep([(mean(600.0, 10, 100.0), samples(0, 600.0))])

    store.power.keep([(mean(300.0, 20, 200.0), samples(120, 300.0))])

    # 100 s of 600 W and 200 s of 300 W.
    assert store.power.between(NOON, NOON + FIVE) == [mean(400.0, 30, 300.0)]
    (kept,) = store.power.samples_between(NOON, NOON + FIVE)
    assert (kept.offset_seconds, kept.watts) == ((0, 120), (600.0, 300.0))


@pytest.mark.parametrize(("second", "stands"), [(150.0, 200.0), (250.0, 250.0)])
def test_of_parts_that_overlap_the_longer_stands(
    store: Store, second: float, stands: float
) -> None:
    store.power.keep([(mean(600.0, 10, 200.0), samples(0, 600.0))])

    store.power.keep([(mean(300.0, 20, second), samples(0, 300.0))])

    assert store.power.between(NOON, NOON + FIVE)[0].covered_seconds == stands


def test_samples_are_forgotten_and_means_stay(store: Store) -> None:
    for start in (NOON, NOON + FIVE):
        store.power.keep([(mean(1.0, 1, 30.0, start), samples(0, 1.0, start))])

    assert store.power.forget_samples_before(NOON + FIVE) == 1

    assert len(store.power.samples_between(NOON, NOON + 2 * FIVE)) == 1
    assert len(store.power.between(NOON, NOON + 2 * FIVE)) == 2


def test_the_power_of_now_is_read_as_it_was_written(tmp_path: Path) -> None:
    present = PresentPower(tmp_path / "power.json")
    now = PowerNow("emon", Stream.SOLAR, 1234.5, NOON, 42.0, timedelta(seconds=30))

    assert present.read() == []
    present.write([now])

    assert present.read() == [now]
    assert [path.name for path in tmp_path.iterdir()] == ["power.json"]


@pytest.mark.parametrize("text", ["", "{}x", '[{"source": 1}]', "[1]"])
def test_what_is_no_power_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "power.json").write_text(text)

    with pytest.raises(StoreError, match="delete it"):
        PresentPower(tmp_path / "power.json").read()


def test_homes_of_one_machine_are_told_apart(tmp_path: Path) -> None:
    one = present_power_path(tmp_path / "a.sqlite", {})
    other = present_power_path(tmp_path / "b.sqlite", {})
    service = present_power_path(tmp_path / "a.sqlite", {"RUNTIME_DIRECTORY": "/run/x"})

    assert one != other
    assert service.parent == Path("/run/x")


def test_what_is_on_record_stands_against_history(store: Store) -> None:
    store.power.keep([(mean(600.0, 10, 100.0), samples(0, 600.0))])
    told = [mean(50.0, 1, 300.0), mean(70.0, 1, 300.0, NOON + FIVE)]

    kept = [store.power.keep_missing(told), store.power.keep_missing(told)]

    assert kept == [1, 0]
    assert store.power.between(NOON, NOON + 2 * FIVE) == [
        mean(600.0, 10, 100.0),
        mean(70.0, 1, 300.0, NOON + FIVE),
    ]


def test_means_are_counted_by_source_and_stream(store: Store) -> None:
    others = [
        PowerMean("powerwall", Stream.GRID, NOON, 1.0, 1, 300.0),
        PowerMean("emon", Stream.SOLAR, NOON, 1.0, 1, 300.0),
    ]
    told = [mean(1.0, 1, 300.0, NOON + n * FIVE) for n in range(4)]
    store.power.keep_missing([*others, *told])

    of_all = store.power.mean_count("emon", Stream.GRID, NOON, NOON + 3 * FIVE)
    later = store.power.mean_count("emon", Stream.GRID, NOON + FIVE, NOON + 3 * FIVE)

    assert (of_all, later) == (3, 2)
    assert store.power.mean_count("nobody", Stream.GRID, NOON, NOON + FIVE) == 0
