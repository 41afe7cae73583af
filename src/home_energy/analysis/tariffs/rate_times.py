"""When each rate of a plan holds, and whether every half-hour has exactly one."""

import calendar
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.tariffs.calendar_axis import HALF_HOURS_PER_DAY
from home_energy.analysis.tariffs.plan import (
    DAY_KINDS,
    EnergyRate,
    Plan,
    PlanPeriod,
    Window,
    hours_of,
)
from home_energy.errors import ConfigError

BoolArray = NDArray[np.bool_]
Table = NDArray[np.int64]

_SHAPE = (len(DAY_KINDS), 12, HALF_HOURS_PER_DAY)


def times_of(window: Window) -> BoolArray:
    """Whether a window holds. (kind of day, month, half-hour)

    A window over midnight belongs, before and after, to the day and month in which
    each half-hour itself lies.
    """
    days = np.array([not window.days or kind in window.days for kind in DAY_KINDS])
    months = np.isin(np.arange(1, 13), window.months or range(1, 13))
    hours = np.zeros(HALF_HOURS_PER_DAY, dtype=np.bool_)
    for text in window.hours:
        first, stop = hours_of(text)
        if first < stop:
            hours[first:stop] = True
        else:
            hours[first:] = True
            hours[:stop] = True
    if not window.hours:
        hours[:] = True
    holds = np.zeros(_SHAPE, dtype=np.bool_)
    holds[np.ix_(days, months, hours)] = True
    return holds


def names_of(rates: Iterable[EnergyRate]) -> tuple[str, ...]:
    """Names of rates, each once: rates of one name are one rate at several times."""
    return tuple(dict.fromkeys(rate.name for rate in rates))


def rate_table(rates: Sequence[EnergyRate]) -> Table:
    """Which of `names_of(rates)` holds, from 0; -1 for none. (kind, month, half-hour)

    A rate without windows holds where no other does.
    """
    names = names_of(rates)
    table = np.full(_SHAPE, -1, dtype=np.int64)
    for rate in rates:
        if rate.is_rest:
            table[:] = names.index(rate.name)
    for rate in rates:
        if not rate.is_rest:
            table[times_of(rate)] = names.index(rate.name)
    return table


def require_sound(plan: Plan) -> None:
    """Refuse a plan in which some half-hour has no rate, or two."""
    faults = plan_faults(plan)
    if faults:
        raise ConfigError(
            f"tariff {plan.name}: {'; '.join(faults)}; correct the plan's file"
        )


def plan_faults(plan: Plan) -> list[str]:
    """What is wrong with a plan although each of its keys is right."""
    has_holidays = plan.public_holidays is not None
    kinds = len(DAY_KINDS) if has_holidays else len(DAY_KINDS) - 1
    faults = []
    for number, period in enumerate(plan.period, start=1):
        where = f"period[{number}]"
        for key, rates in _channels(period):
            faults += [f"{where}.{key}: {fault}" for fault in _faults(rates, kinds)]
        faults += [f"{where}.{fault}" for fault in _same_demands(period)]
        if not has_holidays:
            faults += [f"{where}.{fault}" for fault in _lone_holidays(period)]
    return faults


def _channels(
    period: PlanPeriod,
) -> list[tuple[str, list[EnergyRate]]]:
    general: list[EnergyRate] = [r for r in period.usage if r.channel == "general"]
    controlled: list[EnergyRate] = [
        r for r in period.usage if r.channel == "controlled_load"
    ]
    feed_in: list[EnergyRate] = list(period.feed_in)
    found = [("usage (general)", general)]
    if controlled:
        found.append(("usage (controlled_load)", controlled))
    if feed_in:
        found.append(("feed_in", feed_in))
    return found


def _faults(rates: Sequence[EnergyRate], kinds: int) -> list[str]:
    faults = []
    rests = [rate.name for rate in rates if rate.is_rest]
    if len(rests) > 1:
        faults.append(
            f"{' and '.join(rests)} have no days, months or hours; only one rate can "
            "be the rest"
        )
    for name in names_of(rates):
        same = [rate for rate in rates if rate.name == name]
        if any(_price(rate) != _price(same[0]) for rate in same):
            faults.append(
                f"rates called {name} have different prices; rates of one name are "
                "one line on the bill, so give them two names"
            )
    return faults + _overlap_or_hole(rates, kinds)


def _price(rate: EnergyRate) -> tuple[object, ...]:
    return rate.c_per_kwh, rate.blocks, rate.block_period, rate.spot, rate.amber


def _overlap_or_hole(rates: Sequence[EnergyRate], kinds: int) -> list[str]:
    names = names_of(rates)
    covers = np.zeros((len(names), *_SHAPE), dtype=np.bool_)
    for rate in rates:
        if not rate.is_rest:
            covers[names.index(rate.name)] |= times_of(rate)
    taken_by = covers[:, :kinds].sum(axis=0)
    faults = []
    if np.any(taken_by > 1):
        place = tuple(np.argwhere(taken_by > 1)[0])
        both = [name for name, cover in zip(names, covers, strict=True) if cover[place]]
        faults.append(f"{_in_words(place)} is covered by {' and by '.join(both)}")
    if np.any(taken_by == 0) and not any(rate.is_rest for rate in rates):
        place = tuple(np.argwhere(taken_by == 0)[0])
        faults.append(
            f"{_in_words(place)} is covered by no rate; a rate without days, months "
            "and hours would take the rest"
        )
    return faults


def _in_words(place: tuple[int, ...]) -> str:
    """`weekday, January, 15:00-15:30`."""
    kind, month, half_hour = place
    first, last = (f"{n // 2:02}:{n % 2 * 30:02}" for n in (half_hour, half_hour + 1))
    return f"{DAY_KINDS[kind]}, {calendar.month_name[month + 1]}, {first}-{last}"


def _same_demands(period: PlanPeriod) -> list[str]:
    """Charges that could not be told apart when a season is looked back on."""
    names = [charge.name for charge in period.demand]
    return [
        f"demand: two charges are called {name}; give them two names"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _lone_holidays(period: PlanPeriod) -> list[str]:
    """Windows that name holidays in a plan that knows none."""
    parts: list[tuple[str, Sequence[Window]]] = [
        ("usage", period.usage),
        ("feed_in", period.feed_in),
        ("export_allowance", period.export_allowance),
        ("demand", period.demand),
    ]
    return [
        f"{key}[{number}].days: holiday, but the plan has no public_holidays; name "
        'the state, such as public_holidays = "NSW"'
        for key, windows in parts
        for number, window in enumerate(windows, start=1)
        if "holiday" in window.days
    ]
