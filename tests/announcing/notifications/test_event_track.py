"""An event is on when it held long enough, and over when it was gone long enough."""

from datetime import timedelta

from tests.announcing.notifications.moments import MINUTE, NOON

from home_energy.announcing.notifications.event_track import EventTrack
from home_energy.announcing.notifications.events import EventRule, Sight
from home_energy.domain.notice import EventKind, ToldEvent

AT_ONCE = EventRule(timedelta(0), 10 * MINUTE)
LATER = EventRule(15 * MINUTE, 10 * MINUTE)
ON, OFF, UNSAID = Sight(holds=True), Sight(holds=False), Sight(None)


def states(track: EventTrack, *sights: Sight) -> list[bool]:
    """Whether it is on after each sight, five minutes apart."""
    found = []
    for number, sight in enumerate(sights):
        track.see(sight, NOON + number * 5 * MINUTE)
        found.append(track.is_on)
    return found


def test_a_flip_is_not_the_end() -> None:
    track = EventTrack(AT_ONCE)

    assert states(track, ON, OFF, ON, OFF, ON) == [True] * 5
    assert track.since == NOON


def test_what_is_gone_for_ten_minutes_is_over_since_it_went() -> None:
    track = EventTrack(AT_ONCE)

    assert states(track, ON, OFF, OFF, OFF) == [True, True, True, False]
    assert track.since == NOON + 5 * MINUTE


def test_what_cannot_be_said_changes_nothing() -> None:
    track = EventTrack(AT_ONCE)

    assert states(track, UNSAID, ON, OFF, UNSAID, UNSAID) == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_a_rule_may_ask_for_longer() -> None:
    assert states(EventTrack(LATER), ON, ON, ON, ON) == [False, False, False, True]
    assert states(EventTrack(LATER), ON, ON, ON, OFF, ON) == [False] * 5


def test_what_began_before_it_was_seen_counts_from_then() -> None:
    track = EventTrack(LATER)
    track.see(Sight(holds=True, since=NOON - 14 * MINUTE), NOON)

    assert not track.is_on

    track.see(Sight(holds=True, since=NOON - 14 * MINUTE), NOON + MINUTE)

    assert track.is_on
    assert track.since == NOON - 14 * MINUTE


def test_what_was_told_before_a_restart_goes_on() -> None:
    told = ToldEvent(EventKind.SPIKE, is_on=True, since=NOON - MINUTE, told_at=NOON)
    track = EventTrack(AT_ONCE, told)

    assert states(track, ON, OFF, OFF, OFF) == [True, True, True, False]


def test_a_clock_that_is_set_back_does_not_hold_an_event_up() -> None:
    track = EventTrack(AT_ONCE)
    track.see(ON, NOON + timedelta(days=365))
    track.see(OFF, NOON + timedelta(days=365))

    track.see(OFF, NOON)
    track.see(OFF, NOON + 10 * MINUTE)

    assert not track.is_on
