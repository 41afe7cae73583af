"""The home in figures for Prometheus: what is not known is absent, never 0."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from home_energy import __version__
from home_energy.dashboard.health.machine_watch import WatchedMachine
from home_energy.dashboard.now import Now
from home_energy.domain.freshness import Freshness, PriceAge
from home_energy.domain.home_power import PowerFreshness
from home_energy.domain.notice import TASK_NOTIFY
from home_energy.domain.price import Channel
from home_energy.domain.verdict import Verdict

_PREFIX = "home_energy_"
_Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """What the store gave.

    Parameters
    ----------
    now
        This moment.
    schema_number
        Of the store's layout.
    """

    now: Now
    schema_number: int


class HomeFigures(Collector):
    """Every figure of one moment, for one answer.

    Parameters
    ----------
    record
        What the store gave; `None` when it cannot be read.
    is_demo
        Whether all of it is made up.
    machine
        What this runs on; `None` where that is nobody's concern.
    """

    def __init__(
        self,
        record: Record | None,
        *,
        is_demo: bool,
        machine: WatchedMachine | None = None,
    ) -> None:
        self._record = record
        self._is_demo = is_demo
        self._machine = machine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Families that have anything to say."""
        families = [
            _family(
                "build_info",
                "The program's version",
                [({"version": __version__}, 1.0)],
            ),
            _single("demo", "1 if home and prices are made up", self._is_demo),
            _single("store_readable", "1 if the record can be read", self._record),
        ]
        if self._machine is not None:
            families += _machine(self._machine)
        if self._record is not None:
            now = self._record.now
            number = float(self._record.schema_number)
            families += [
                _family(
                    "store_schema_number",
                    "Number of the layout of the record",
                    [({}, number)],
                ),
                _single("time_trusted", "1 if the time can be trusted", now.time),
                *_prices(now),
                *_power(now),
                *_sources(now),
            ]
        yield from (family for family in families if family.samples)


def _prices(now: Now) -> list[GaugeMetricFamily]:
    ages: dict[Channel, PriceAge] = {Channel.GENERAL: now.import_age}
    ages |= {channel: newest.age for channel, newest in now.channels.items()}
    fresh = {
        channel: newest.price
        for channel, newest in now.channels.items()
        if newest.age.may_advise
    }
    general = fresh.get(Channel.GENERAL)
    return [
        _family(
            "price_aud_per_kwh",
            "Price now by channel with GST on import; positive: on feed_in the home "
            "is paid, else it pays; absent while it is not fresh",
            [
                ({"channel": channel.value}, price.c_per_kwh / 100)
                for channel, price in fresh.items()
            ],
        ),
        _family(
            "price_age_seconds",
            "Time since the newest price ceased to be good; 0 while it is",
            [
                ({"channel": channel.value}, age.age_seconds)
                for channel, age in ages.items()
                if age.age_seconds is not None
            ],
        ),
        _family(
            "price_freshness",
            "1 for the step on the ladder of freshness, 0 for every other",
            [
                ({"channel": channel.value, "freshness": word}, value)
                for channel, age in ages.items()
                for word, value in _one_of(Freshness, age.freshness)
            ],
        ),
        _family(
            "verdict",
            "1 for the verdict on the import price now, 0 for every other",
            [
                ({"verdict": word}, value)
                for word, value in _one_of(Verdict, now.decision.verdict)
            ]
            if now.decision
            else [],
        ),
        _family(
            "price_spike",
            "1 if the import price now is a spike",
            [({}, float(general.context.is_spike))] if general else [],
        ),
    ]


def _power(now: Now) -> list[GaugeMetricFamily]:
    streams = now.power.streams
    ages = {stream: power.age(now.time) for stream, power in streams.items()}
    cost_aud_per_hour = now.power.cost_aud_per_hour
    return [
        _family(
            "power_watts",
            "Power now: grid positive when bought, battery when it gives; absent "
            "while it is not fresh",
            [
                ({"stream": stream.value}, power.watts)
                for stream, power in streams.items()
                if power.freshness(now.time) is PowerFreshness.FRESH
            ],
        ),
        _family(
            "power_age_seconds",
            "Time since the newest power was measured",
            [
                ({"stream": stream.value}, age.total_seconds())
                for stream, age in ages.items()
                if age is not None
            ],
        ),
        _family(
            "cost_aud_per_hour",
            "What an hour of the power now costs, negative when it earns; absent "
            "unless power and price are fresh",
            [] if cost_aud_per_hour is None else [({}, cost_aud_per_hour)],
        ),
    ]


def _sources(now: Now) -> list[GaugeMetricFamily]:
    seen = [
        moment.timestamp()
        for status in now.statuses
        for moment in (status.last_success, status.last_failure)
        if moment is not None and status.task != TASK_NOTIFY
    ]
    return [
        _family(
            "source_up",
            "1 if the task of the source worked when it was last tried",
            [
                (
                    {"source": status.source, "task": status.task},
                    float(status.failing_since is None),
                )
                for status in now.statuses
            ],
        ),
        _family(
            "source_last_success_timestamp_seconds",
            "When the task of the source worked last, as Unix time",
            [
                (
                    {"source": status.source, "task": status.task},
                    status.last_success.timestamp(),
                )
                for status in now.statuses
                if status.last_success is not None
            ],
        ),
        _family(
            "collector_last_seen_timestamp_seconds",
            "When the collector asked any source last, as Unix time",
            [({}, max(seen))] if seen else [],
        ),
    ]


def _machine(watched: WatchedMachine) -> list[GaugeMetricFamily]:
    machine = watched.machine
    return [
        _known(
            "machine_temperature_celsius",
            "Of the processor",
            machine.board.temperature_c,
        ),
        _known(
            "machine_undervoltage",
            "1 if the supply gives too little voltage now",
            machine.is_undervolted,
        ),
        _known(
            "machine_memory_available_bytes",
            "Memory that programs may still take",
            machine.board.memory.available_bytes,
        ),
        _known(
            "machine_disk_written_bytes",
            "Written by everything to the disk of the system since the start",
            machine.card.written_bytes,
        ),
    ]


def _known(name: str, said: str, value: float | None) -> GaugeMetricFamily:
    return _family(name, said, [] if value is None else [({}, float(value))])


def _one_of(words: type[StrEnum], chosen: StrEnum) -> list[tuple[str, float]]:
    return [(word.value, float(word is chosen)) for word in words]


def _single(name: str, said: str, holds: object) -> GaugeMetricFamily:
    return _family(name, said, [({}, float(bool(holds)))])


def _family(
    name: str, said: str, samples: list[tuple[_Labels, float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(_PREFIX + name, said)
    for labels, value in samples:
        family.add_sample(family.name, dict(labels), value)
    return family
