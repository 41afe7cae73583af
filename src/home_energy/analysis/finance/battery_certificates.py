"""Certificates that a new battery is given, and what they bring."""

from collections.abc import Iterator
from decimal import Decimal

from home_energy.analysis.finance.incentive_line import (
    IncentiveLine,
    exact,
    shown,
    whole,
)
from home_energy.analysis.finance.incentive_tables import (
    BatteryRules,
    Sourced,
    Tier,
    rule_on,
    tables,
)
from home_energy.analysis.finance.installation import Installation
from home_energy.analysis.finance.purchase import PartKind


def battery_line(installation: Installation, price_aud: Decimal) -> IncentiveLine:
    """Return what the certificates of a new battery bring.

    Certificates = usable kWh, weighed tier by tier, x factor of the half-year, rounded
    down once.

    Parameters
    ----------
    price_aud
        Of one certificate. [AUD]
    """
    rules = tables().battery
    factor = rule_on(rules.factors, installation.installed)
    taper = rule_on(rules.tapers, installation.installed)
    reasons = tuple(_reasons_against(installation, rules))
    if factor is None or taper is None or reasons:
        return _line(0, Decimal(0), f"None: {'; '.join(reasons)}.", rules)
    usable_kwh = exact(installation.battery_usable_kwh)
    parts = tuple(_weighed(usable_kwh, taper.tiers))
    counted_kwh = sum((kwh * share for kwh, share in parts), Decimal(0))
    unrounded = counted_kwh * factor.certificates_per_kwh
    count = whole(unrounded)
    sizes = " + ".join(_in_words(kwh, share) for kwh, share in parts)
    if len(parts) > 1:
        sizes = f"({sizes})"
    sentence = (
        f"{sizes} x {factor.certificates_per_kwh} = {shown(unrounded)}, so {count} "
        f"certificates at ${price_aud:.2f}: ${count * price_aud:,.2f}."
    )
    if usable_kwh > taper.tiers[-1].to_kwh:
        sentence += (
            f" Of {shown(usable_kwh)} kWh only the first "
            f"{shown(taper.tiers[-1].to_kwh)} count."
        )
    return _line(count, price_aud, sentence, factor)


def _reasons_against(installation: Installation, rules: BatteryRules) -> Iterator[str]:
    first, last = rules.factors[0].since, rules.factors[-1].until
    if installation.installed < first:
        yield (
            f"certified on {installation.installed}, and the program begins with "
            f"certificates of compliance of {first}"
        )
    elif rule_on(rules.factors, installation.installed) is None:
        yield f"certified on {installation.installed}, and the program ends on {last}"
    if not (installation.has_solar or installation.kw_dc > 0):
        yield "there are no solar panels, old or new"
    if not installation.is_vpp_capable:
        yield "the battery could not join a virtual power plant"
    if installation.has_claimed_battery:
        yield "the program pays once for the same premises, and has paid"
    yield from _reasons_of_size(installation, rules)


def _reasons_of_size(installation: Installation, rules: BatteryRules) -> Iterator[str]:
    nominal_kwh = installation.battery_nominal_kwh
    size_kwh = exact(
        installation.battery_usable_kwh if nominal_kwh is None else nominal_kwh
    )
    kind = "usable" if nominal_kwh is None else "nominal"
    if size_kwh < rules.least_nominal_kwh:
        yield (
            f"{shown(size_kwh)} kWh {kind} are less than the "
            f"{shown(rules.least_nominal_kwh)} kWh nominal that it takes"
            + ("; give the nominal if it is more" if nominal_kwh is None else "")
        )
    if size_kwh > rules.most_nominal_kwh:
        yield (
            f"{shown(size_kwh)} kWh {kind} are more than the "
            f"{shown(rules.most_nominal_kwh)} kWh nominal that are allowed"
        )


def _weighed(
    usable_kwh: Decimal, tiers: tuple[Tier, ...]
) -> Iterator[tuple[Decimal, Decimal]]:
    """Give the energy in every tier that it reaches, and the share that counts."""
    from_kwh = Decimal(0)
    for tier in tiers:
        in_tier_kwh = min(usable_kwh, tier.to_kwh) - from_kwh
        if in_tier_kwh > 0:
            yield in_tier_kwh, tier.share
        from_kwh = tier.to_kwh


def _in_words(kwh: Decimal, share: Decimal) -> str:
    return f"{shown(kwh)} kWh" + ("" if share == 1 else f" x {share:.0%}")


def _line(
    count: int, price_aud: Decimal, sentence: str, sourced: Sourced
) -> IncentiveLine:
    return IncentiveLine(
        name=tables().battery.name,
        part=PartKind.BATTERY,
        aud=float(count * price_aud),
        certificates=count,
        sentence=sentence,
        source=sourced.source,
        as_of=sourced.as_of,
    )
