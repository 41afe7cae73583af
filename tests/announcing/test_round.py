"""A thread that reads the moment and lets everybody speak, whatever becomes of one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price

from home_energy.analysis.advice.best_start import Call
from home_energy.announcing.round import Announcer
from home_energy.announcing.speaker import Moment
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.settings.advice import AdviceSettings, ApplianceSettings

HALF_HOUR = timedelta(minutes=30)
PUMP = ApplianceSettings(name="Pump", kw=2.0, minutes=30)  # 1 kWh


@dataclass
class Listener:
    """Remembers what it was told, after doing something."""

    then: Callable[[], None] = lambda: None
    heard: list[Moment] = field(default_factory=list)
    is_closed: bool = False

    def speak(self, moment: Moment) -> None:
        self.heard.append(moment)
        self.then()

    def close(self) -> None:
        self.is_closed = True


class Hoarse(Listener):
    """Fails whenever it is to speak."""

    def speak(self, moment: Moment) -> None:
        raise RuntimeError("the voice is gone", moment.at)


def announcer(
    home: RecordedHome, *speakers: Listener, advised: bool = False
) -> Announcer:
    advice = AdviceSettings(appliances=(PUMP,) if advised else ())
    settings = home.settings.model_copy(update={"advice": advice})
    return Announcer(settings, home.clock, speakers, every_seconds=0.01)


def priced_home(folder: Path) -> RecordedHome:
    """50 c now, 10 c from half past on."""
    home = RecordedHome(folder)
    home.save([price(NOON, 50.0)])
    points = [
        ForecastPoint(NOON + FIVE_MINUTES, 25, 50.0),
        *(
            ForecastPoint(NOON + n * timedelta(minutes=30), 30, 10.0)
            for n in range(1, 9)
        ),
    ]
    forecast = Forecast(Channel.GENERAL, NOON, tuple(points))
    home.store.forecasts.save(home.site_key, [forecast])
    return home


def test_every_speaker_hears_the_moment_of_the_screen(tmp_path: Path) -> None:
    home, first, second = priced_home(tmp_path), Listener(), Listener()

    announcer(home, first, second).round()

    assert first.heard == second.heard
    (moment,) = first.heard
    assert moment.at == NOON
    assert moment.now.channels[Channel.GENERAL].price.c_per_kwh == 50.0


def test_a_speaker_that_fails_holds_up_nobody_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failing, other = Hoarse(), Listener()
    rounds = announcer(priced_home(tmp_path), failing, other)

    for _ in range(3):
        rounds.round()

    assert len(other.heard) == 3
    assert caplog.text.count("RuntimeError: (") == 1


def test_without_a_trusted_time_nothing_is_of_now(tmp_path: Path) -> None:
    home, listener = priced_home(tmp_path), Listener()
    home.clock.synchronised = False

    announcer(home, listener, advised=True).round()

    (moment,) = listener.heard
    assert moment.at is None
    assert moment.advices == ()
    assert moment.demand is None
    assert home.store.advice.starting_between(home.site_key, NOON, NOON) == []


def test_advice_is_given_kept_and_told_for_a_minute(tmp_path: Path) -> None:
    home, listener = priced_home(tmp_path), Listener()
    rounds = announcer(home, listener, advised=True)

    rounds.round()
    home.clock.time = NOON + timedelta(seconds=59)
    rounds.round()
    home.clock.time = NOON + timedelta(seconds=60)
    rounds.round()

    calls = [moment.advices[0].best for moment in listener.heard]
    assert [best.at for best in calls] == [NOON, NOON, NOON + timedelta(seconds=60)]
    assert {best.call for best in calls} == {Call.WAIT}
    # The cheapest half-hour starts at half past, and is kept once.
    (kept,) = home.store.advice.starting_between(
        home.site_key, NOON, NOON + timedelta(days=1)
    )
    assert kept.start == NOON + HALF_HOUR


def test_advice_is_given_where_nobody_speaks(tmp_path: Path) -> None:
    home = priced_home(tmp_path)

    announcer(home, advised=True).round()

    end = NOON + timedelta(days=1)
    assert len(home.store.advice.starting_between(home.site_key, NOON, end)) == 1


def test_a_store_that_comes_later_is_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home, listener = priced_home(tmp_path), Listener()
    home.store.close()
    away = home.path.rename(tmp_path / "away.sqlite")
    rounds = announcer(home, listener)

    rounds.round()
    rounds.round()
    away.rename(home.path)
    rounds.round()

    assert len(listener.heard) == 1
    assert caplog.text.count("there is no store yet") == 1


def test_the_end_comes_within_a_second_and_closes_the_speakers(tmp_path: Path) -> None:
    listener = Listener()

    with announcer(priced_home(tmp_path), listener).running():
        while len(listener.heard) < 3:
            time.sleep(0.005)

    assert listener.is_closed


def test_a_speaker_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    released = threading.Event()

    def hang() -> None:
        released.wait(30)

    listener = Listener(then=hang)

    began = time.monotonic()
    with announcer(priced_home(tmp_path), listener).running():
        while not listener.heard:
            time.sleep(0.005)
    took_seconds = time.monotonic() - began
    released.set()

    assert took_seconds < 10  # a bound far from the 30 s of the speaker
