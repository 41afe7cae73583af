"""A scenario's purchase: its parts at their prices, less what others pay of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from home_energy.analysis.finance.cost_curves import cost_curve, inverter_replacement
from home_energy.analysis.finance.incentives import Incentives, incentives_for
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import (
    PartKind,
    PricedPart,
    Purchase,
    Replacement,
)
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.domain.battery import Battery
from home_energy.errors import ConfigError

QUOTE = "the quote"
"""Source of a price that the scenario's file states."""


@dataclass(frozen=True, slots=True)
class NewDevices:
    """What a run has that the home as it is has not.

    Parameters
    ----------
    kw_dc
        Panels; 0 for none. [kW]
    battery
        `None` without one.
    had_solar
        Whether the home has panels already.
    has_car
        Whether there is a car, and so perhaps a charger to buy.
    is_hypothetical
        Whether nobody is known to offer what is asked of car and charger, so that
        nothing has to have a price.
    """

    kw_dc: float
    battery: Battery | None
    had_solar: bool
    has_car: bool = False
    is_hypothetical: bool = False

    @property
    def are_any(self) -> bool:
        """Whether there is anything to judge."""
        return self.kw_dc > 0 or self.battery is not None or self.has_car


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase with the lines of what others pay.

    Parameters
    ----------
    purchase
        Net of them part by part.
    incentives
        Line by line, with the sums in words.
    installation, place
        What they were asked for.
    """

    purchase: Purchase
    incentives: Incentives
    installation: Installation
    place: Place


def bought(name: str, choice: PurchaseBlock, devices: NewDevices) -> Bought:
    """Price a run's devices.

    Parameters
    ----------
    name
        What the purchase is called.

    Raises
    ------
    ConfigError
        If a part has neither a quote nor a cost curve, or a claim cannot be made.
    DataError
        If the day lies before the tables of incentives, or the purchase cannot be.
    """
    installation, place = _installation(choice, devices), _place(choice)
    incentives = incentives_for(
        installation, place, choice.certificate_aud, choice.claims
    )
    parts = tuple(
        _with_incentives(part, incentives, choice) for part in _parts(choice, devices)
    )
    battery = devices.battery
    purchase = Purchase(
        name=name,
        parts=parts,
        installed_on=choice.installed,
        battery_usable_kwh=None if battery is None else battery.usable_kwh,
        warranty_years=None if battery is None else battery.warranty_years,
        warranty_throughput_kwh=(
            None if battery is None else battery.warranty_throughput_kwh
        ),
        replacement=_replacement(choice) if devices.kw_dc > 0 else None,
        maintenance_aud_per_year=choice.maintenance_aud_per_year,
        salvage_aud=choice.salvage_aud,
    )
    return Bought(purchase, incentives, installation, place)


def can_be_priced(choice: PurchaseBlock, devices: NewDevices) -> bool:
    """Whether a run's devices have a price of their own.

    Panels alone have none where one price is for panels and battery together.
    """
    is_half = devices.battery is None and choice.solar_and_battery_aud is not None
    return devices.are_any and not is_half


def _installation(choice: PurchaseBlock, devices: NewDevices) -> Installation:
    battery = devices.battery
    return Installation(
        installed=choice.installed,
        kw_dc=devices.kw_dc,
        battery_usable_kwh=0.0 if battery is None else battery.usable_kwh,
        battery_nominal_kwh=None if battery is None else choice.battery_nominal_kwh,
        has_solar=devices.had_solar,
        is_vpp_capable=choice.is_vpp_capable,
        has_claimed_battery=choice.has_claimed_battery,
    )


def _place(choice: PurchaseBlock) -> Place:
    return Place(choice.postcode, choice.solar_zone, choice.state)


def _parts(choice: PurchaseBlock, devices: NewDevices) -> Iterator[PricedPart]:
    if choice.solar_and_battery_aud is not None:
        kinds = (PartKind.SOLAR, PartKind.BATTERY)
        yield PricedPart(kinds, choice.solar_and_battery_aud, QUOTE)
    else:
        if devices.kw_dc > 0:
            yield _part(PartKind.SOLAR, choice.solar_aud, devices.kw_dc)
        if devices.battery is not None:
            size_kwh = devices.battery.usable_kwh
            yield _part(PartKind.BATTERY, choice.battery_aud, size_kwh)
    if choice.charger_aud is not None:
        yield PricedPart((PartKind.CHARGER,), choice.charger_aud, QUOTE)
    elif devices.is_hypothetical:
        nobody = "nobody is known to offer it"
        yield PricedPart((PartKind.CHARGER,), 0.0, nobody)
    elif devices.kw_dc == 0 and devices.battery is None:
        raise ConfigError(
            "purchase: a car's charger has no cost curve, and nothing else is bought; "
            "give purchase.charger_aud from a quote"
        )
    if choice.other_aud is not None:
        yield PricedPart((PartKind.OTHER,), choice.other_aud, QUOTE)


def _part(kind: PartKind, quoted_aud: float | None, size: float) -> PricedPart:
    if quoted_aud is None:
        return cost_curve(kind).part(size)
    return PricedPart((kind,), quoted_aud, QUOTE)


def _with_incentives(
    part: PricedPart, incentives: Incentives, choice: PurchaseBlock
) -> PricedPart:
    """A part with what others pay of it; certificates that are off are added again."""
    lines = [line for line in incentives.lines if line.part in part.kinds]
    price_aud = part.price_aud
    if choice.certificates_are_off and part.source == QUOTE:
        price_aud += sum(line.aud for line in lines if line.certificates is not None)
    return replace(
        part, price_aud=price_aud, incentives_aud=sum(line.aud for line in lines)
    )


def _replacement(choice: PurchaseBlock) -> Replacement:
    known = inverter_replacement()
    price_aud, years = choice.inverter_replacement_aud, choice.inverter_life_years
    return Replacement(
        known.after_years if years is None else years,
        known.price_aud if price_aud is None else price_aud,
    )
