"""When a browser is given up."""

from home_energy.kiosk.page_watch import Health, PageWatch

# Beats come every 5 s; a page is lost after 20 s of silence, a new browser after 120 s,
# a page whose program has come back after 45 s.
BEATING = Health(beat_age_seconds=3.0)
NEVER = Health(beat_age_seconds=None)


def test_a_page_that_beats_is_kept() -> None:
    watch = PageWatch(started_seconds=0.0)

    assert not any(watch.is_lost(float(second), BEATING) for second in range(600))


def test_a_page_that_falls_silent_is_given_up_after_twenty_seconds() -> None:
    watch = PageWatch(started_seconds=0.0)
    watch.is_lost(100.0, BEATING)

    assert not watch.is_lost(116.0, Health(beat_age_seconds=19.0))
    assert watch.is_lost(118.0, Health(beat_age_seconds=21.0))


def test_a_browser_has_time_for_its_first_beat() -> None:
    watch = PageWatch(started_seconds=10.0)

    assert not watch.is_lost(11.0, NEVER)  # from here on the program answers
    assert not watch.is_lost(129.0, NEVER)
    assert watch.is_lost(130.0, NEVER)  # 120 s after 10


def test_beats_of_the_browser_before_do_not_count_against_a_new_one() -> None:
    watch = PageWatch(started_seconds=100.0)

    # The last beat is 60 s old: it was the old browser's, 30 s before this one began.
    assert not watch.is_lost(130.0, Health(beat_age_seconds=60.0))


def test_a_page_that_died_soon_after_its_first_beat_is_not_given_more_time() -> None:
    watch = PageWatch(started_seconds=0.0)
    watch.is_lost(1.0, NEVER)
    watch.is_lost(4.0, Health(beat_age_seconds=1.0))

    assert watch.is_lost(25.0, Health(beat_age_seconds=22.0))


def test_without_an_answer_nobody_is_to_blame() -> None:
    watch = PageWatch(started_seconds=0.0)
    watch.is_lost(50.0, BEATING)

    assert not any(watch.is_lost(float(second), None) for second in range(51, 900))


def test_after_the_program_is_back_a_page_has_time_to_find_it() -> None:
    watch = PageWatch(started_seconds=0.0)
    watch.is_lost(50.0, BEATING)
    watch.is_lost(300.0, None)

    # The program was started anew, so it knows of no beat.
    assert not watch.is_lost(310.0, NEVER)
    assert not watch.is_lost(354.0, NEVER)
    assert watch.is_lost(355.0, NEVER)  # 45 s after 310
