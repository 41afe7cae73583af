"""The record of cars: each drive and charge once, the later word, holes stay."""

from datetime import UTC, datetime, timedelta

from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.store import DaySaveResult, Store
from home_energy.store.car_history import RecordedCar

NOON = datetime(2025, 3, 3, 1, 0, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOME = Place("Home", None, -33.87, 151.21)
SHOP = Place(None, None, -33.9, 151.1)
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
COMMUTE = Drive(NOON, NOON + 30 * MINUTE, 21.5, 3.2, 0.8, 0.75, 24.5, HOME, SHOP)
NIGHT = Charge(
    NOON + 600 * MINUTE, NOON + 720 * MINUTE, 12.0, 13.1, 0.5, 0.7, is_fast=False
)


def _history(*drives: Drive, charges: tuple[Charge, ...] = ()) -> CarHistory:
    return CarHistory("tessie", "123456", drives, charges)


def _on_record(store: Store) -> CarHistory:
    return store.car_history.history("tessie", "123456", *ALWAYS)


def test_a_history_comes_back_as_it_was_saved(store: Store) -> None:
    history = _history(COMMUTE, charges=(NIGHT,))

    result = store.car_history.save(history)

    assert result == DaySaveResult(new_count=2)
    assert _on_record(store) == history


def test_what_is_not_told_stays_open(store: Store) -> None:
    bare = _history(
        Drive(NOON, NOON + MINUTE, 1.0), charges=(Charge(NOON, NOON + MINUTE, 0.5),)
    )

    store.car_history.save(bare)

    assert _on_record(store) == bare


def test_twice_is_once(store: Store) -> None:
    store.car_history.save(_history(COMMUTE, charges=(NIGHT,)))

    again = store.car_history.save(_history(COMMUTE, charges=(NIGHT,)))

    assert again == DaySaveResult(unchanged_count=2)
    assert _on_record(store) == _history(COMMUTE, charges=(NIGHT,))


def test_the_later_word_stands_and_a_hole_replaces_nothing(store: Store) -> None:
    store.car_history.save(_history(COMMUTE))

    result = store.car_history.save(_history(Drive(NOON, NOON + 31 * MINUTE, 22.0)))

    assert result == DaySaveResult(changed_count=1)
    assert _on_record(store).drives == (
        Drive(NOON, NOON + 31 * MINUTE, 22.0, 3.2, 0.8, 0.75, 24.5, HOME, SHOP),
    )


def test_an_export_in_whole_minutes_adds_no_second_row(store: Store) -> None:
    store.car_history.save(_history(COMMUTE))
    to_the_minute = Drive(NOON - 7 * SECOND, NOON - 7 * SECOND + 30 * MINUTE, 21.5)

    result = store.car_history.save(_history(to_the_minute))

    assert result == DaySaveResult(unchanged_count=1)
    assert _on_record(store).drives == (COMMUTE,)


def test_seconds_take_the_place_of_whole_minutes(store: Store) -> None:
    store.car_history.save(
        _history(Drive(NOON - 7 * SECOND, NOON - 7 * SECOND + 30 * MINUTE, 21.5))
    )

    result = store.car_history.save(_history(COMMUTE))

    assert result == DaySaveResult(changed_count=1)
    assert _on_record(store).drives == (COMMUTE,)


def test_two_short_drives_within_a_minute_are_two(store: Store) -> None:
    forward = Drive(NOON, NOON + 10 * SECOND, 0.01)
    back = Drive(NOON + 20 * SECOND, NOON + 30 * SECOND, 0.01)

    store.car_history.save(_history(forward, back))

    assert _on_record(store).drives == (forward, back)


def test_a_period_holds_what_touches_it(store: Store) -> None:
    hours = [
        Drive(NOON + i * 60 * MINUTE, NOON + i * 60 * MINUTE + 30 * MINUTE, float(i))
        for i in range(4)
    ]
    store.car_history.save(_history(*hours))
    table = store.car_history

    def kms(start: datetime, end: datetime) -> list[float]:
        return [d.km for d in table.history("tessie", "123456", start, end).drives]

    # From within drive 1 to the start of drive 3, which is not in it.
    assert kms(NOON + 75 * MINUTE, NOON + 180 * MINUTE) == [1.0, 2.0]
    # Drive 1 ended where this begins.
    assert kms(NOON + 90 * MINUTE, NOON + 180 * MINUTE) == [2.0]


def test_cars_are_listed_by_who_told(store: Store) -> None:
    store.car_history.save(_history(COMMUTE, charges=(NIGHT,)))
    store.car_history.save(CarHistory("teslamate", "1", (COMMUTE,)))
    store.car_history.save(CarHistory("teslafi", ""))

    assert store.car_history.histories() == [
        RecordedCar("teslamate", "1", NOON, NOON + 30 * MINUTE),
        RecordedCar("tessie", "123456", NOON, NOON + 720 * MINUTE),
    ]


def test_cars_do_not_mix(store: Store) -> None:
    store.car_history.save(_history(COMMUTE))

    other = store.car_history.history("tessie", "", *ALWAYS)

    assert other == CarHistory("tessie", "")
