"""What is bought, what it costs to buy and to keep, and how long it is warranted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from home_energy.errors import DataError


class PartKind(StrEnum):
    """What can be bought."""

    SOLAR = "solar"
    BATTERY = "battery"
    CHARGER = "charger"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PricedPart:
    """One line of what is bought.

    Parameters
    ----------
    kinds
        What the line is for; several where one price buys them together.
    price_aud
        With GST, before incentives. [AUD]
    source
        Who says so: whose quote, or which cost curve.
    dated
        When it was said; `None` where nobody knows.
    incentives_aud
        What others pay of it. [AUD]
    """

    kinds: tuple[PartKind, ...]
    price_aud: float
    source: str
    dated: date | None = None
    incentives_aud: float = 0.0

    @property
    def net_aud(self) -> float:
        """What the household pays. Below 0 where incentives exceed the price. [AUD]"""
        return self.price_aud - self.incentives_aud


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part that is bought again when it is worn out.

    Parameters
    ----------
    after_years
        Its life, whole years. Every end of it within the horizon costs the price
        again, unless the horizon ends with it.
    price_aud
        In dollars of the day of installation. [AUD]
    """

    after_years: int
    price_aud: float


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase, as a quote or a cost curve describes it.

    Parameters
    ----------
    name
        What the household calls it.
    parts
        Every line of the price.
    installed_on
        Day of installation: year 0 ends with it.
    battery_usable_kwh
        Energy between empty and full when new; `None` without a battery. [kWh]
    warranty_years, warranty_throughput_kwh
        What ends the warranty, whichever comes first; `None` where nothing is known.
        Throughput is what comes out of the battery. [years], [kWh AC]
    replacement
        What is bought again, such as the inverter of solar panels.
    maintenance_aud_per_year, salvage_aud
        Spent every year, and got for what is left when the horizon ends, in dollars of
        the day of installation. [AUD]

    Raises
    ------
    DataError
        With every fault at once.
    """

    name: str
    parts: tuple[PricedPart, ...]
    installed_on: date
    battery_usable_kwh: float | None = None
    warranty_years: float | None = None
    warranty_throughput_kwh: float | None = None
    replacement: Replacement | None = None
    maintenance_aud_per_year: float = 0.0
    salvage_aud: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a purchase that cannot be."""
        faults = [*self._part_faults(), *self._amount_faults(), *self._other_faults()]
        if faults:
            raise DataError(
                f"purchase {self.name}: {'; '.join(faults)}; correct them as the quote "
                f"has them"
            )

    @property
    def price_aud(self) -> float:
        """Price of all parts before incentives. [AUD]"""
        return sum(part.price_aud for part in self.parts)

    @property
    def incentives_aud(self) -> float:
        """What others pay of it. [AUD]"""
        return sum(part.incentives_aud for part in self.parts)

    @property
    def net_aud(self) -> float:
        """What the household pays. Below 0 where incentives exceed the price. [AUD]"""
        return self.price_aud - self.incentives_aud

    @property
    def kinds(self) -> frozenset[PartKind]:
        """All that is bought."""
        return frozenset(kind for part in self.parts for kind in part.kinds)

    def _part_faults(self) -> Iterator[str]:
        if not self.parts:
            yield "parts must not be empty: nothing is bought"
        for number, part in enumerate(self.parts, start=1):
            where = f"part {number}"
            if not part.kinds:
                yield f"{where}: kinds must name what it is for"
            if not part.source:
                yield f"{where}: source must say who gave the price"
            for name in ("price_aud", "incentives_aud"):
                value = getattr(part, name)
                if not (isfinite(value) and value >= 0):
                    yield f"{where}: {name} must be 0 or more, got {value}"

    def _amount_faults(self) -> Iterator[str]:
        for name in ("maintenance_aud_per_year", "salvage_aud"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                yield f"{name} must be 0 or more, got {value}"
        for name in ("battery_usable_kwh", "warranty_years", "warranty_throughput_kwh"):
            value = getattr(self, name)
            if value is not None and not (isfinite(value) and value > 0):
                yield f"{name} must be more than 0, got {value}"
        again = self.replacement
        if again is not None and again.after_years < 1:
            yield f"replacement: after_years must be 1 or more, got {again.after_years}"
        if again is not None and not (
            isfinite(again.price_aud) and again.price_aud >= 0
        ):
            yield f"replacement: price_aud must be 0 or more, got {again.price_aud}"

    def _other_faults(self) -> Iterator[str]:
        has_battery = PartKind.BATTERY in self.kinds
        if has_battery and self.battery_usable_kwh is None:
            yield "battery_usable_kwh must be given with a battery"
        if not has_battery and self.battery_usable_kwh is not None:
            yield "battery_usable_kwh must not be given without a battery"
        if isfinite(self.price_aud) and self.salvage_aud > self.price_aud:
            yield (
                f"salvage_aud must be at most the price of {self.price_aud:g}, got "
                f"{self.salvage_aud:g}"
            )
