"""Who tells the home to others, as the household set it up."""

from home_energy.announcing.speaker import Speaker
from home_energy.settings import Settings


def named_speakers(settings: Settings) -> list[Speaker]:
    """Speakers that the household named; none of them has spoken yet.

    Raises
    ------
    ConfigError
        If one cannot be what it is set for.
    """
    del settings
    return []
