"""Newest readings of emoncms' feeds, asked for one after the other."""

from collections.abc import Callable, Sequence

from home_energy.errors import SourceDataError
from home_energy.ingestion.power.polled_power import PolledAnswer
from home_energy.ingestion.sources.emoncms import Feed
from home_energy.ingestion.sources.emoncms_service import EmoncmsClient


def asking_emoncms(
    client: EmoncmsClient, feeds: Sequence[Feed]
) -> Callable[[], PolledAnswer]:
    """Return what asks every feed once.

    A feed that says nothing usable is told beside the others; where emoncms does not
    answer at all, or not to this key, the rest is not asked.
    """

    def ask() -> PolledAnswer:
        samples, problems = [], []
        for feed in feeds:
            try:
                samples.append(client.newest(feed))
            except SourceDataError as error:
                problems.append(str(error))
        return PolledAnswer(tuple(samples), tuple(problems))

    return ask
