"""A small home whose meters told five-minute means."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.dashboard.recorded_home import FIVE_MINUTES, RecordedHome

from home_energy.domain.power import PowerMean, PowerSamples, Stream
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings


def meters(*told: tuple[str, Stream], summed: tuple[Stream, ...] = ()) -> PowerSettings:
    """Settings of a home with these sources, in order."""
    return PowerSettings(
        mqtt=MqttSettings(host="192.168.1.10"),
        topics=tuple(
            TopicSettings(topic=f"home/{source}/{stream}", name=source, stream=stream)
            for source, stream in told
        ),
        summed=summed,
    )


GRID_METER = meters(("meter", Stream.GRID))


def mean(
    start: datetime,
    watts: float,
    source: str = "meter",
    stream: Stream = Stream.GRID,
    covered_seconds: float = 300.0,
) -> PowerMean:
    return PowerMean(source, stream, start, watts, 30, covered_seconds)


def measure(home: RecordedHome, start: datetime, watts: Sequence[float]) -> None:
    """The meter of the grid told these means, one after the other."""
    means = [mean(start + n * FIVE_MINUTES, each) for n, each in enumerate(watts)]
    home.store.power.keep(
        (one, PowerSamples(one.source, one.stream, one.start, (), ())) for one in means
    )


def measure_steadily(
    home: RecordedHome, start: datetime, end: datetime, watts: float
) -> None:
    """The same power from one time to another."""
    measure(home, start, [watts] * ((end - start) // timedelta(minutes=5)))
