"""Certificates that new panels are given, and what they bring."""

from datetime import date
from decimal import Decimal

from home_energy.analysis.finance.incentive_line import (
    IncentiveLine,
    exact,
    shown,
    whole,
)
from home_energy.analysis.finance.incentive_tables import rule_on, tables
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import PartKind
from home_energy.errors import DataError


def deeming_years(installed: date) -> int:
    """Return for how many years panels of that day are given certificates.

    Raises
    ------
    DataError
        After the scheme, and before the tables begin.
    """
    found = rule_on(tables().solar.deeming, installed)
    if found is None:
        raise DataError(f"solar certificates: {_outside(installed)}; give another day")
    return found.years


def solar_line(
    installation: Installation, place: Place, price_aud: Decimal
) -> IncentiveLine:
    """Return what the certificates of new panels bring.

    Certificates = kW x rating of the zone x years, rounded down.

    Parameters
    ----------
    price_aud
        Of one certificate. [AUD]

    Raises
    ------
    DataError
        If the place has no zone.
    """
    rules = tables().solar
    kw = exact(installation.kw_dc)
    found = rule_on(rules.deeming, installation.installed)
    if found is None:
        return _line(0, Decimal(0), f"None: {_outside(installation.installed)}.")
    if kw > rules.most_kw:
        return _line(
            0,
            Decimal(0),
            f"None: {shown(kw)} kW are more than the {shown(rules.most_kw)} kW for "
            f"which there are certificates.",
        )
    zone = place.zone()
    rating = rules.ratings[zone - 1]
    unrounded = kw * rating * found.years
    count = whole(unrounded)
    return _line(
        count,
        price_aud,
        f"{shown(kw)} kW x {rating} (zone {zone}) x {found.years} years = "
        f"{shown(unrounded)}, so {count} certificates at ${price_aud:.2f}: "
        f"${count * price_aud:,.2f}.",
    )


def _outside(installed: date) -> str:
    deeming = tables().solar.deeming
    return (
        f"{installed} is in no table of certificates for panels; they reach from "
        f"{deeming[0].since} to {deeming[-1].until}, when the scheme ends"
    )


def _line(count: int, price_aud: Decimal, sentence: str) -> IncentiveLine:
    rules = tables().solar
    return IncentiveLine(
        name=rules.name,
        part=PartKind.SOLAR,
        aud=float(count * price_aud),
        certificates=count,
        sentence=sentence,
        source=rules.source,
        as_of=rules.as_of,
    )
