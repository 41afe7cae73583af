"""Who tells the home to others, as the household set it up."""

from home_energy.announcing.home_assistant.speaker import home_assistant_speaker
from home_energy.announcing.notifications.notifier import named_notifier
from home_energy.announcing.speaker import Speaker
from home_energy.settings import Settings


def named_speakers(settings: Settings) -> list[Speaker]:
    """Speakers that the household named; none of them has spoken yet.

    Raises
    ------
    ConfigError
        If one cannot be what it is set for.
    """
    found = (home_assistant_speaker(settings), named_notifier(settings))
    return [speaker for speaker in found if speaker is not None]
