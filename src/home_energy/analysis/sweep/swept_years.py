"""Many choices of one home's year, run side by side: here or on many machines.

joblib's interface runs chunks of them: threads by default, for the compiled loops give
Python's lock up, and the workers of a Dask scheduler where one is named. A choice knows
nothing of the others and gives the same figures wherever it runs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from joblib import Parallel, delayed, parallel_config

from home_energy.analysis.scenario.year_engine import AS_NEW, Capacity, PreparedYear
from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.analysis.sweep.kept_years import KeptYears, YearKeys, Years
from home_energy.errors import ConfigError

CHUNK = 8
"""Choices that are sent and kept together; no more than these are lost per worker."""

EACH_CORE = -1
"""As many threads as there are cores."""

ANSWER_SECONDS = 20
"""How long a scheduler has to answer, and its workers to appear."""

OnDone = Callable[[int], None]
"""Called with how many choices are done."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who runs the years.

    Parameters
    ----------
    jobs
        Threads on this machine.
    dask
        Address of a Dask scheduler, `tcp://host:8786`, instead.
    """

    jobs: int = EACH_CORE
    dask: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Years that are wanted.

    Parameters
    ----------
    points
        Every choice.
    capacities
        What is left of new devices; a choice without any is run once, as it is.
    """

    points: Sequence[YearPoint]
    capacities: tuple[Capacity, ...] = (AS_NEW,)


@dataclass(frozen=True, slots=True)
class _One:
    """One choice that waits."""

    number: int
    point: YearPoint
    capacities: tuple[Capacity, ...]


def run_years(
    year: PreparedYear,
    asked: Asked,
    workers: Workers,
    kept: KeptYears,
    on_done: OnDone = lambda _count: None,
) -> list[Years]:
    """Figures of every choice at every capacity, in the order of the choices.

    Parameters
    ----------
    kept
        Years found there are not run again; others are kept as they come in.

    Raises
    ------
    ConfigError
        If the scheduler does not answer, or its client is not installed; or as
        `PreparedYear.evaluate`.
    """
    points = asked.points
    every = [
        _One(number, point, asked.capacities if _is_new(point) else (AS_NEW,))
        for number, point in enumerate(points)
    ]
    names = {}
    if kept.is_on_disk:
        keys = YearKeys(year)
        names = {one.number: keys.key(one.point, one.capacities) for one in every}
    found = {n: years for n, name in names.items() if (years := kept.get(name))}
    on_done(len(found))
    waiting = [one for one in every if one.number not in found]
    chunks = [waiting[i : i + CHUNK] for i in range(0, len(waiting), CHUNK)]
    if chunks:
        with _parallel(workers, year) as parallel:
            for done in parallel(delayed(_evaluate)(year, chunk) for chunk in chunks):
                if kept.is_on_disk:
                    kept.save([(names[n], points[n], years) for n, years in done])
                found.update(done)
                on_done(len(found))
    return [found[number] for number in range(len(points))]


def _is_new(point: YearPoint) -> bool:
    return point.has_battery or point.solar_kw > 0


def _evaluate(year: PreparedYear, chunk: list[_One]) -> list[tuple[int, Years]]:
    return [
        (one.number, tuple(year.evaluate(one.point, left) for left in one.capacities))
        for one in chunk
    ]


@contextmanager
def _parallel(workers: Workers, year: PreparedYear) -> Iterator[Parallel]:
    """Joblib on the chosen workers; chunks come back as they are done."""
    if workers.dask is None:
        yield Parallel(
            n_jobs=workers.jobs,
            backend="threading",
            batch_size=1,
            return_as="generator_unordered",
        )
        return
    client = _client_of(workers.dask)
    with client, parallel_config("dask", client=client, scatter=[year]):
        yield Parallel(batch_size=1, return_as="generator_unordered")


def _client_of(address: str) -> Any:  # noqa: ANN401 - distributed has no types
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, a second to load
    except ImportError as error:
        raise ConfigError(
            "--dask: distributed is not installed; expected the extra `dask`; install "
            "it with `pip install 'home-energy[dask]'`, here and on every worker"
        ) from error
    connect: Any = Client
    try:
        return connect(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"--dask {address}: no scheduler answers there ({error}); expected an "
            "address like tcp://host:8786; start one with `dask scheduler`"
        ) from error
