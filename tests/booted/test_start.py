"""What a person sees who plugs the Pi in."""

from tests.booted.card import Card
from tests.booted.figures import Figures
from tests.booted.guest import booted

BEAT_WITHIN_SECONDS = 30.0


def test_page_beats_soon_after_power_comes(own_card: Card, figures: Figures) -> None:
    with booted(own_card) as guest:
        guest.wait_for_beat(BEAT_WITHIN_SECONDS)
        beat_seconds = guest.up_seconds
        settled = guest.wait_until_settled()

    figures.note("first boot to page beat", f"{beat_seconds:.1f} s", "< 30 s")
    assert settled == "running"
