"""Power as meters tell it, smoothed by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from home_energy.domain.power import PowerMean, PowerSample, Stream
from home_energy.domain.power_track import PowerTrack
from home_energy.errors import DataError

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOLD = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def sample(seconds: float, watts: float) -> PowerSample:
    return PowerSample(Stream.GRID, after(seconds), watts)


def track() -> PowerTrack:
    return PowerTrack("emon", Stream.GRID, HOLD)


@pytest.mark.parametrize("watts", [float("nan"), float("inf"), 200_001.0, -3e9])
def test_what_no_home_can_use_is_refused(watts: float) -> None:
    with pytest.raises(DataError, match="check the unit of its source"):
        sample(0, watts)


def test_a_local_time_is_refused() -> None:
    with pytest.raises(DataError, match="aware UTC"):
        PowerSample(Stream.LOAD, datetime(2026, 11, 22, 12, 0), 1.0)  # noqa: DTZ001


def test_each_sample_stands_until_the_next() -> None:
    one = track()
    for seconds, watts in ((0, 600.0), (10, 1200.0), (40, 0.0)):
        one.add(sample(seconds, watts))

    now = one.now(after(50), MINUTE)

    # 10 s of 600 W, 30 s of 1,200 W, 10 s of 0 W: 42,000 Ws in 50 s.
    assert now is not None
    assert now.watts == pytest.approx(840.0)
    assert now.window_seconds == 50
    assert now.as_of == after(40)


def test_a_sample_stands_no_longer_than_the_pace_allows() -> None:
    one = track()
    one.add(sample(0, 600.0))
    one.add(sample(45, 1200.0))  # 15 s of silence before it

    now = one.now(after(60), MINUTE)

    # 30 s of 600 W and 15 s of 1,200 W.
    assert now is not None
    assert now.watts == pytest.approx(800.0)
    assert now.window_seconds == 45


def test_a_silent_meter_says_nothing_rather_than_zero() -> None:
    one = track()
    one.add(sample(0, 600.0))

    assert one.now(after(30), MINUTE) is not None
    assert one.now(after(61), MINUTE) is None
    assert one.newest_at == after(0)


def test_what_is_older_than_the_last_is_not_taken() -> None:
    one = track()
    one.add(sample(10, 600.0))

    assert not one.add(sample(10, 900.0))
    assert not one.add(sample(5, 900.0))
    assert one.add(sample(10.001, 900.0))


def test_a_flood_costs_no_memory_and_keeps_its_mean() -> None:
    one = track()
    for number in range(1000):  # ten seconds, a hundred a second, 100 W and 300 W
        one.add(sample(number / 100, 100.0 + 200.0 * (number % 2)))

    now = one.now(after(10), timedelta(seconds=10))

    assert len(one._pieces) == 10
    assert now is not None
    assert now.watts == pytest.approx(200.0)


def test_a_flood_of_counts_costs_no_memory_and_loses_no_step() -> None:
    one = track()

    # Ten readings a second of 0.1 Wh each: 1 Wh a second is 3600 W, for 10 s.
    for tenth in range(101):
        one.count(after(tenth / 10), 5000.0 + tenth / 10)
    (told,) = one.take_means(after(300))

    mean, _ = told
    assert len(one._pieces) == 10
    assert mean.mean_watts == pytest.approx(3600.0)
    assert mean.covered_seconds == pytest.approx(10.0)


def test_a_counters_step_is_spread_over_its_time() -> None:
    one = track()
    # 10 Wh in 20 s is 1,800 W; then nothing in 20 s.
    assert not one.count(after(0), 5000.0)
    assert one.count(after(20), 5010.0)
    assert one.count(after(40), 5010.0)

    now = one.now(after(45), MINUTE)

    assert now is not None
    assert now.watts == pytest.approx(900.0)
    assert now.window_seconds == 40
    assert now.as_of == after(40)


@pytest.mark.parametrize(
    ("seconds", "wh"),
    [
        pytest.param(20, 3.0, id="began anew"),
        pytest.param(31, 5010.0, id="silent for longer than the pace"),
        pytest.param(0, 5010.0, id="no newer"),
    ],
)
def test_a_counter_that_tells_no_power(seconds: float, wh: float) -> None:
    one = track()
    one.count(after(0), 5000.0)

    assert not one.count(after(seconds), wh)
    assert one.now(after(35), MINUTE) is None


def test_a_counter_goes_on_from_where_it_began_anew() -> None:
    one = track()
    one.count(after(0), 5000.0)
    one.count(after(20), 3.0)

    assert one.count(after(30), 8.0)

    now = one.now(after(30), timedelta(seconds=10))
    assert now is not None
    assert now.watts == pytest.approx(1800.0)  # 5 Wh in 10 s


def test_five_minutes_have_a_mean_with_its_cover() -> None:
    one = track()
    for seconds in range(0, 300, 20):
        one.add(sample(seconds, 1000.0 if seconds < 150 else 400.0))
    one.add(sample(310, 0.0))

    means = [mean for mean, _ in one.take_means(after(311))]

    # 160 s of 1,000 W up to the sample of 160 s, 140 s of 400 W.
    assert means == [PowerMean("emon", Stream.GRID, NOON, 720.0, 15, 300.0)]
    assert one.take_means(after(599)) == []


def test_five_minutes_of_silence_have_no_mean() -> None:
    one = track()
    one.add(sample(290, 500.0))  # stands to 320 s
    one.take_means(after(300))
    one.add(sample(905, 700.0))

    means = [mean for mean, _ in one.take_means(after(1200))]

    # The first five minutes were taken; the second hold 20 s, the third nothing.
    assert [(mean.start, mean.covered_seconds) for mean in means] == [
        (after(300), 20.0),
        (after(900), 30.0),
    ]
    assert [mean.sample_count for mean in means] == [0, 1]


def test_what_is_in_the_record_is_forgotten() -> None:
    one = track()
    for seconds in range(0, 3600, 10):
        one.add(sample(seconds, 500.0))
        one.take_means(after(seconds))

    assert len(one._pieces) <= 92  # a quarter of an hour


def test_samples_on_record_lie_ten_seconds_apart_at_their_mean() -> None:
    one = track()
    for seconds, watts in ((0, 100.0), (4, 200.0), (9, 600.0), (10, 50.0), (31, 70.0)):
        one.add(sample(seconds, watts))

    ((mean, samples),) = one.take_means(after(300))

    assert samples.offset_seconds == (0, 10, 31)
    assert samples.watts == pytest.approx((300.0, 50.0, 70.0))
    assert mean.sample_count == 5
