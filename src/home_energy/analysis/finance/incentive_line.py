"""One line of what others pay, with the sum in words."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from math import isfinite

from home_energy.analysis.finance.incentive_tables import tables
from home_energy.analysis.finance.purchase import PartKind
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class IncentiveLine:
    """What one program pays, or why it pays nothing.

    Parameters
    ----------
    name
        Of the program.
    part
        What it is paid for.
    aud
        0 where nothing is paid. [AUD]
    certificates
        `None` where it is not paid in certificates.
    sentence
        How the amount came about, or why there is none.
    source, as_of
        Who says so, and when.
    """

    name: str
    part: PartKind
    aud: float
    certificates: int | None
    sentence: str
    source: str
    as_of: date


def certificate_price(certificate_aud: float | None) -> Decimal:
    """Return the price of a certificate, by default that of the tables. [AUD]

    Raises
    ------
    DataError
        If it is not above 0, or above the regulator's ceiling.
    """
    known = tables().certificate
    if certificate_aud is None:
        return known.aud
    if not (isfinite(certificate_aud) and 0 < certificate_aud <= known.ceiling_aud):
        raise DataError(
            f"certificate_aud is {certificate_aud}; it must be above 0 and at most "
            f"{known.ceiling_aud:f}, for which the regulator sells them; leave it out "
            f"for {known.aud:f}, or read it from the quote"
        )
    return exact(certificate_aud)


def exact(size: float) -> Decimal:
    """Return a size as it is written, to a millionth.

    A certificate is lost by rounding down, so 10 kWh at 9.3 must be 93 and not what
    binary fractions make of it; nobody quotes a millionth of a kilowatt.
    """
    return Decimal(f"{size:.6f}")


def whole(certificates: Decimal) -> int:
    """Round down, once, at the end."""
    return int(certificates.to_integral_value(rounding=ROUND_FLOOR))


def shown(number: Decimal) -> str:
    """Write a number without the zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
