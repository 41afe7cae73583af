"""One price of a Consumer Data Right plan, and the stretches of time it holds.

A stepped price lists the volume of each step, "first 50 kWh, next 50 kWh"; a tariff
lists where each step ends. `rates` follow the order of use.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from home_energy.analysis.tariffs.cdr_windows import names_holidays, shapes_of
from home_energy.analysis.tariffs.cdr_wire import Rate, TimeOfUseRate, TimeWindow
from home_energy.analysis.tariffs.plan import Block, DayKind
from home_energy.errors import DataError

Price = dict[str, Any]
"""`c_per_kwh`, or `blocks` and `block_period`, as a rate of a tariff takes them."""

_BLOCK_PERIODS = {"P1D": "day", "P1M": "month", "P1Y": "year"}
_TYPE_WORDS = {"SHOULDER1": "shoulder 1", "SHOULDER2": "shoulder 2"}


@dataclass(frozen=True, slots=True)
class Part:
    """A price of the plan as it stands there.

    Parameters
    ----------
    kind
        `PEAK` and so on; tells prices apart that are called the same.
    period
        In which steps are counted, `P1D`.
    path, windows_path
        Where its prices and its windows stand.
    """

    name: str
    kind: str | None
    rates: Sequence[Rate]
    period: str
    windows: Sequence[TimeWindow]
    path: str
    windows_path: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Kinds of day and hours that one price holds."""

    name: str
    days: tuple[DayKind, ...]
    hours: tuple[str, ...]
    price: Price


def timed_parts(rates: Sequence[TimeOfUseRate], path: str) -> list[Part]:
    """Parts of a list of `timeOfUseRates`."""
    return [
        Part(
            rate.display_name,
            rate.type,
            rate.rates,
            rate.period,
            rate.time_of_use,
            f"{path}[{i}]",
            f"{path}[{i}].timeOfUse",
        )
        for i, rate in enumerate(rates)
    ]


def stretches_of(parts: Sequence[Part]) -> list[Stretch]:
    """Every stretch of prices that share the year between them.

    Raises
    ------
    DataError
        With the path of what is not supported.
    """
    holidays = names_holidays(window for part in parts for window in part.windows)
    names = [part.name for part in parts]
    found: list[Stretch] = []
    for part in parts:
        price = price_of(part.rates, part.period, part.path)
        is_shared = names.count(part.name) > 1 and part.kind is not None
        plain = f"{part.name} {kind_words(part.kind)}" if is_shared else part.name
        name = own_name(plain, price, found)
        shapes = shapes_of(part.windows, part.windows_path, holidays=holidays)
        found += [Stretch(name, days, hours, price) for days, hours in shapes]
    return found


def own_name(name: str, price: Price, others: Iterable[Stretch]) -> str:
    """Name that no other price has: rates of one name are one line of the bill."""
    taken = {other.name for other in others if other.price != price}
    number, own = 2, name
    while own in taken:
        own, number = f"{name} {number}", number + 1
    return own


def kind_words(kind: str | None) -> str:
    """`off-peak` of `OFF_PEAK`."""
    word = kind or ""
    return _TYPE_WORDS.get(word, word.lower().replace("_", "-"))


def price_of(rates: Sequence[Rate], period: str, path: str) -> Price:
    """One price, or blocks with their period.

    Raises
    ------
    DataError
        If it is not for kilowatt-hours, or its steps are not supported.
    """
    for i, rate in enumerate(rates):
        if rate.measure_unit != "KWH":
            raise DataError(
                f"{path}.rates[{i}].measureUnit: {rate.measure_unit} is not supported; "
                "expected KWH"
            )
    *steps, last = rates
    if last.volume is not None:
        raise DataError(
            f"{path}.rates[{len(steps)}].volume: {last.volume} on the last step, so "
            "what is beyond it has no price; expected none"
        )
    if len({rate.unit_price for rate in rates}) == 1:
        return {"c_per_kwh": cents(last.unit_price)}
    if period not in _BLOCK_PERIODS:
        raise DataError(
            f"{path}.period: steps of {period!r} are not supported; expected P1D, P1M "
            "or P1Y"
        )
    return {"blocks": _blocks(rates, path), "block_period": _BLOCK_PERIODS[period]}


def _blocks(rates: Sequence[Rate], path: str) -> tuple[Block, ...]:
    blocks, end = [], Decimal(0)
    for i, rate in enumerate(rates[:-1]):
        if rate.volume is None:
            raise DataError(
                f"{path}.rates[{i}].volume: missing in a step; expected its length in "
                "kilowatt-hours"
            )
        end += rate.volume
        blocks.append(Block(up_to_kwh=float(end), c_per_kwh=cents(rate.unit_price)))
    return (*blocks, Block(c_per_kwh=cents(rates[-1].unit_price)))


def cents(dollars: Decimal) -> float:
    """Cents of an amount in dollars."""
    return float(dollars * 100)
