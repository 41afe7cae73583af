"""Who is told of what, and when: once, outside quiet hours, never too often."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from tests.announcing.notifications.moments import (
    GUARD,
    MINUTE,
    NOON,
    in_demo,
    moment,
    price,
)

from home_energy.announcing.notifications.courier import Courier, Outcome
from home_energy.announcing.notifications.notice import Notice
from home_energy.announcing.notifications.notifier import Notifier, named_notifier
from home_energy.announcing.speaker import Moment
from home_energy.domain.notice import EventKind
from home_energy.domain.price import Channel
from home_energy.errors import SourceUnavailable
from home_energy.settings import HomeSettings, Settings
from home_energy.settings.announcing import NotificationSettings, NtfySettings
from home_energy.store import SourceStatus, Store

FIVE = 5 * MINUTE
HOUR = timedelta(hours=1)
SPIKE = 1520.0
NTFY = NtfySettings(topic="a-topic")


class Postman(Courier):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.outcome: Outcome | None = None
        self.is_closed = False

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)

    def take_outcome(self) -> Outcome | None:
        return self.outcome

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Told:
    """A notifier, and what it said."""

    folder: Path
    chosen: NotificationSettings = field(
        default_factory=lambda: NotificationSettings(ntfy=NTFY)
    )
    postman: Postman = field(default_factory=Postman)

    def __post_init__(self) -> None:
        home = HomeSettings(
            timezone="Australia/Sydney", store=self.folder / "home.sqlite"
        )
        self.settings = Settings(home=home, notifications=self.chosen)
        self.restart()

    def restart(self) -> None:
        self.notifier = Notifier(self.settings, [self.postman])

    def hears(self, *moments: Moment) -> list[tuple[str, str]]:
        """What is said of moments, one after the other."""
        before = len(self.postman.notices)
        for one in moments:
            self.notifier.speak(one)
        return [(one.about, one.state) for one in self.postman.notices[before:]]

    @property
    def last(self) -> Notice:
        return self.postman.notices[-1]


def prices(start: datetime, *c_per_kwh: float) -> Sequence[Moment]:
    """One moment after the other, five minutes apart."""
    return [
        moment(at, price(at, c, is_spike=c >= SPIKE))
        for at, c in ((start + n * FIVE, c) for n, c in enumerate(c_per_kwh))
    ]


def quiet(start: str, end: str, *, spike: bool = False) -> NotificationSettings:
    return NotificationSettings(
        ntfy=NTFY,
        quiet_from=time.fromisoformat(start),
        quiet_until=time.fromisoformat(end),
        spike_in_quiet_hours=spike,
    )


def test_a_spike_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    told = Told(tmp_path)

    said = told.hears(*prices(NOON, 30, SPIKE, SPIKE, SPIKE, 30, 30, 30, 30, 30))

    assert said == [("spike", "on"), ("spike", "over")]


def test_the_words_of_a_spike_say_what_it_costs_since_when(tmp_path: Path) -> None:
    told, at = Told(tmp_path), NOON + FIVE
    feed_in = price(at, 1210.0, channel=Channel.FEED_IN)

    told.hears(moment(at, price(at, 1520.0, is_spike=True), feed_in))

    assert told.last.title == "Price spike"
    assert told.last.message == (
        "$15.20/kWh now, a spike since 12:05 pm. Use less if you can. "
        "Feed-in pays $12.10/kWh."
    )
    assert told.last.is_urgent


def test_the_words_of_its_end_say_what_it_costs_now(tmp_path: Path) -> None:
    told = Told(tmp_path)

    told.hears(*prices(NOON, SPIKE, 30, 30, 28.44))

    assert told.last.title == "Spike over"
    assert told.last.message == "28.4c/kWh now; no spike since 12:05 pm."


def test_a_price_that_flips_around_zero_is_told_once(tmp_path: Path) -> None:
    told = Told(tmp_path)

    said = told.hears(*prices(NOON, *[-0.3, 1.2] * 24))  # four hours

    assert said == [("negative-price", "on")]


def test_no_more_is_told_within_an_hour_than_was_chosen(tmp_path: Path) -> None:
    chosen = NotificationSettings(ntfy=NTFY, most_per_hour=3)
    told = Told(tmp_path, chosen)

    # 15 minutes negative, 15 not: told at 0, 25 (over), 30; over again at 55 waits
    # until the first is an hour old, at 60, where it is negative again: nothing new.
    said = told.hears(*prices(NOON, *([-3.0] * 3 + [5.0] * 3) * 2))

    assert said == [
        ("negative-price", "on"),
        ("negative-price", "over"),
        ("negative-price", "on"),
    ]


def test_a_stale_price_is_neither_spike_nor_its_end(tmp_path: Path) -> None:
    told = Told(tmp_path)
    spike = price(NOON, 1520.0, is_spike=True)
    later = [moment(NOON + n * MINUTE, spike) for n in range(12, 19)]

    assert told.hears(*later) == []  # silent for 14 minutes at most by then

    told.hears(
        moment(NOON + 25 * MINUTE, price(NOON + 25 * MINUTE, 9.0, is_spike=True))
    )
    old = price(NOON + 25 * MINUTE, 9.0, is_spike=True)
    gone = [moment(NOON + n * MINUTE, old) for n in range(37, 60)]

    assert ("spike", "over") not in told.hears(*gone)


def test_prices_that_stay_away_are_told_and_that_they_return(tmp_path: Path) -> None:
    told = Told(tmp_path)
    last = price(NOON)

    # Good until 12:05, so silent for fifteen minutes at 12:20.
    assert told.hears(moment(NOON + 19 * MINUTE, last)) == []
    assert told.hears(moment(NOON + 20 * MINUTE, last)) == [("price-silent", "on")]
    assert told.last.message.startswith("No price since 12:05 pm.")
    assert told.hears(moment(NOON + 55 * MINUTE, last)) == []

    back = NOON + HOUR
    said = told.hears(*prices(back, 30, 30, 30))

    assert said == [("price-silent", "over")]
    assert told.last.message == "30.0c/kWh now; prices come again since 1:00 pm."


def test_nearing_the_peak_is_told_once_and_its_end_never(tmp_path: Path) -> None:
    told = Told(tmp_path)
    near = [moment(NOON + n * MINUTE, demand=GUARD) for n in range(30)]
    far = [moment(NOON + n * MINUTE) for n in range(30, 90)]

    assert told.hears(*near, *far) == [("demand", "on")]
    assert told.last.title == "Near a new peak"
    assert told.last.message == (
        "Demand window until 6:00 pm: the rest of this interval may average 0.2 kW, "
        "beyond it $12.50 more per kW this month."
    )


def test_a_kettle_is_no_new_peak(tmp_path: Path) -> None:
    told = Told(tmp_path)

    near = [moment(NOON + n * MINUTE, demand=GUARD) for n in range(5)]

    assert told.hears(*near) == []


def test_without_a_trusted_time_nothing_is_told(tmp_path: Path) -> None:
    told = Told(tmp_path)

    assert told.hears(moment(None, price(NOON, 1520.0, is_spike=True))) == []
    assert not (tmp_path / "home.sqlite").exists()


def test_only_what_was_chosen_is_told(tmp_path: Path) -> None:
    told = Told(tmp_path, NotificationSettings(ntfy=NTFY, tell=(EventKind.SPIKE,)))

    assert told.hears(*prices(NOON, -5, -5, SPIKE)) == [("spike", "on")]


# Restarts


def test_a_restart_repeats_nothing_and_tells_the_end(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.hears(*prices(NOON, SPIKE, SPIKE))

    told.restart()

    assert told.hears(*prices(NOON + 2 * FIVE, SPIKE, 30, 30, 30)) == [
        ("spike", "over")
    ]
    told.restart()
    assert told.hears(*prices(NOON + HOUR, 30, 30, 30)) == []


def test_restarts_do_not_make_the_hour_longer(tmp_path: Path) -> None:
    told = Told(tmp_path, NotificationSettings(ntfy=NTFY, most_per_hour=1))
    told.hears(*prices(NOON, SPIKE))

    told.restart()

    assert told.hears(*prices(NOON + FIVE, -5, -5)) == []
    assert told.hears(*prices(NOON + HOUR, -5)) == [("spike", "over")]


# Quiet hours

EVENING = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)  # 10:00 pm in Sydney
MORNING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 7:00 am
NIGHT = quiet("21:30", "07:00")


def test_what_holds_when_quiet_hours_end_is_told_then(tmp_path: Path) -> None:
    told = Told(tmp_path, NIGHT)

    assert told.hears(*prices(EVENING, *[-2.0] * 107)) == []  # until 6:55 am
    assert told.hears(*prices(MORNING, -2.0)) == [("negative-price", "on")]
    assert "since yesterday 10:00 pm" in told.last.message


def test_what_is_over_by_then_is_never_told(tmp_path: Path) -> None:
    told = Told(tmp_path, NIGHT)

    told.hears(*prices(EVENING, SPIKE, 30, 30, 30))

    assert told.hears(*prices(MORNING, 30, 30)) == []


def test_a_spike_is_told_at_night_if_so_chosen_but_its_end_can_wait(
    tmp_path: Path,
) -> None:
    told = Told(tmp_path, quiet("21:30", "07:00", spike=True))

    assert told.hears(*prices(EVENING, -2.0, SPIKE)) == [("spike", "on")]
    assert told.hears(*prices(EVENING + 2 * FIVE, 30, 30, 30, 30)) == []
    assert told.hears(*prices(MORNING, 30)) == [("spike", "over")]


@pytest.mark.parametrize(
    ("at", "is_quiet"),
    [
        # 3 October 2026, 9:30 pm AEST is 11:30 UTC: the clocks go forward that night.
        (datetime(2026, 10, 3, 11, 25, tzinfo=UTC), False),
        (datetime(2026, 10, 3, 11, 30, tzinfo=UTC), True),
        # 7:00 am AEDT is 20:00 UTC, an hour of the night is skipped.
        (datetime(2026, 10, 3, 19, 55, tzinfo=UTC), True),
        (datetime(2026, 10, 3, 20, 0, tzinfo=UTC), False),
        # 5 April 2026: the clocks go back; 7:00 am AEST is 21:00 UTC.
        (datetime(2026, 4, 4, 10, 30, tzinfo=UTC), True),  # 9:30 pm AEDT
        (datetime(2026, 4, 4, 20, 55, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 21, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall(
    tmp_path: Path, at: datetime, *, is_quiet: bool
) -> None:
    told = Told(tmp_path, NIGHT)

    assert (told.hears(*prices(at, SPIKE)) == []) is is_quiet


def test_quiet_hours_may_end_in_an_hour_that_does_not_exist(tmp_path: Path) -> None:
    told = Told(tmp_path, quiet("21:30", "02:30"))
    # 2 am AEST on 4 October 2026 becomes 3 am AEDT, at 16:00 UTC.
    before = datetime(2026, 10, 3, 15, 55, tzinfo=UTC)

    assert told.hears(*prices(before, SPIKE)) == []
    assert told.hears(*prices(before + FIVE, SPIKE)) == [("spike", "on")]


def test_quiet_hours_may_lie_within_a_day(tmp_path: Path) -> None:
    told = Told(tmp_path, quiet("11:00", "13:00"))

    assert told.hears(*prices(NOON, SPIKE)) == []
    assert told.hears(*prices(NOON + HOUR, SPIKE)) == [("spike", "on")]


# What comes of it


def status(told: Told) -> SourceStatus | None:
    with closing(Store.open(told.settings.home.store)) as store:
        return store.sources.status("ntfy", "notify")


def test_what_came_of_a_message_is_noted(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.postman.outcome = Outcome("ntfy", SourceUnavailable("nobody there"))
    told.hears(moment(NOON, price(NOON)))

    failed = status(told)
    assert failed is not None
    assert failed.failing_since == NOON
    assert failed.failure_kind == "SourceUnavailable"

    told.postman.outcome = Outcome("ntfy", None)
    told.hears(moment(NOON + MINUTE, price(NOON)))

    works = status(told)
    assert works is not None
    assert works.failing_since is None


def test_a_demo_is_called_one(tmp_path: Path) -> None:
    told = Told(tmp_path)

    told.hears(in_demo(moment(NOON, price(NOON, 1520.0, is_spike=True))))

    assert told.last.title == "DEMO: Price spike"
    assert told.last.is_demo


def test_the_end_lets_the_couriers_go(tmp_path: Path) -> None:
    told = Told(tmp_path)

    told.notifier.close()

    assert told.postman.is_closed


def test_a_home_that_names_no_place_has_no_notifier() -> None:
    assert named_notifier(Settings()) is None
    silent = NotificationSettings(ntfy=NTFY, tell=())
    assert named_notifier(Settings(notifications=silent)) is None
    assert named_notifier(Settings(notifications=NotificationSettings(ntfy=NTFY)))
