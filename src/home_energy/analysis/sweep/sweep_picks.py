"""Which choices of a sweep stand out, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.scenario.run import NO_BATTERY
from home_energy.domain.series import FloatArray

Row = Mapping[str, float | str | bool | None]
"""One choice of a sweep with its figures; see `sweep_result`."""

LEAST_FRONTIER = 3
"""Choices that a knee needs: two ends, and one between them."""


@dataclass(frozen=True, slots=True)
class Picks:
    """Numbers of the choices that stand out; `None` where none does.

    Parameters
    ----------
    cheapest
        Costs least in the year: bill and wear, less what is left in the stores.
    most_self_sufficient
        Whose load is served by the home's own sun for the greatest share; of equals
        the cheapest.
    knee
        Where more money begins to bring less than it does on the whole; see `knee`.
    most_worth
        Of the highest net present value.
    fastest_payback
        Of the shortest simple payback.
    """

    cheapest: int
    most_self_sufficient: int | None
    knee: int | None
    most_worth: int | None
    fastest_payback: int | None

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of all that stand out, each once, rising."""
        every = (getattr(self, name) for name in self.__slots__)
        return tuple(sorted({one for one in every if one is not None}))


def picks(rows: Sequence[Row], outlay_aud: Sequence[float]) -> Picks:
    """Choices that stand out.

    What nobody can do without knowing the year beforehand is no choice: the upper bound
    is looked at only where a sweep has nothing else.

    Parameters
    ----------
    outlay_aud
        What each choice costs to buy. [AUD]
    """
    real = [n for n, row in enumerate(rows) if not row["is_upper_bound"]]
    among = real if any(_is_decided(rows[n]) for n in real) else range(len(rows))

    def best(name: str, sign: float) -> int | None:
        known = [n for n in among if rows[n].get(name) is not None]
        return min(known, key=_by(rows, name, sign), default=None)

    numbers = np.array(among)
    found = knee(
        np.array([outlay_aud[n] for n in among]),
        np.array([_figure(rows[n], "saving_aud") for n in among]),
    )
    return Picks(
        cheapest=min(among, key=_by(rows, "cost_aud", 1)),
        most_self_sufficient=best("self_sufficiency_fraction", -1),
        knee=None if found is None else int(numbers[found]),
        most_worth=best("npv_aud", -1),
        fastest_payback=best("simple_payback_years", 1),
    )


def knee(outlay: FloatArray, gain: FloatArray) -> int | None:
    """Number of the choice at the knee of gain over outlay.

    Of all choices those count that no mixture of others beats: the upper concave hull,
    from the least outlay to the greatest gain. Along it every further dollar brings
    less. The knee is where it stops bringing more than it does on the whole way, from
    one end to the other: the hull's point farthest above the straight line between its
    ends. Scaling either axis does not move it.

    Parameters
    ----------
    outlay, gain
        Of each choice. (P,)

    Returns
    -------
    int or None
        `None` where the hull has no point between its ends.

    Notes
    -----
    The point of greatest distance from the chord is the knee of Satopaa, Albrecht,
    Irwin and Raghavan, "Finding a 'Kneedle' in a Haystack", 2011, without smoothing:
    a year is run exactly. It depends on how far the choices reach.
    """
    hull = _upper_hull(outlay, gain)
    if len(hull) < LEAST_FRONTIER:
        return None
    first, last = hull[0], hull[-1]
    slope = (gain[last] - gain[first]) / (outlay[last] - outlay[first])
    above = gain[hull] - gain[first] - slope * (outlay[hull] - outlay[first])
    return hull[int(np.argmax(above))]


def _upper_hull(outlay: FloatArray, gain: FloatArray) -> list[int]:
    """Numbers of the choices on it, by rising outlay and gain."""
    hull: list[int] = []
    for number in np.lexsort((-gain, outlay)).tolist():
        if hull and gain[number] <= gain[hull[-1]]:
            continue
        while len(hull) > 1 and _is_under(outlay, gain, (*hull[-2:], number)):
            hull.pop()
        hull.append(number)
    return hull


def _is_under(
    outlay: FloatArray, gain: FloatArray, three: tuple[int, int, int]
) -> bool:
    """Whether the second lies on or below the line from the first to the third."""
    first, second, third = three
    rise = (gain[second] - gain[first]) * (outlay[third] - outlay[first])
    return bool(rise <= (gain[third] - gain[first]) * (outlay[second] - outlay[first]))


def _by(
    rows: Sequence[Row], name: str, sign: float
) -> Callable[[int], tuple[float, float, int]]:
    """Order by a figure, of equals by cost, of equals by place."""
    return lambda n: (
        sign * _figure(rows[n], name),
        _figure(rows[n], "cost_aud"),
        n,
    )


def _figure(row: Row, name: str) -> float:
    value = row[name]
    assert isinstance(value, float | int)  # noqa: S101 - asked for where it is known
    return float(value)


def _is_decided(row: Row) -> bool:
    """Whether there was a storage to run, so that its strategy says something."""
    return row["strategy"] != NO_BATTERY
