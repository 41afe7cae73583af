"""What others pay of panels and a battery, by the day of installation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from home_energy.analysis.finance.battery_certificates import battery_line
from home_energy.analysis.finance.incentive_line import (
    IncentiveLine,
    certificate_price,
)
from home_energy.analysis.finance.incentive_tables import tables
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import PartKind
from home_energy.analysis.finance.solar_certificates import solar_line
from home_energy.analysis.finance.state_claims import claimed_lines, unclaimed_hints
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class Incentives:
    """What others pay.

    Parameters
    ----------
    lines
        One for panels, one for a battery, one for each claim; those that pay nothing
        say why.
    notes
        On what the lines rest, and what they leave out.
    """

    lines: tuple[IncentiveLine, ...]
    notes: tuple[str, ...]

    @property
    def total_aud(self) -> float:
        """All lines together. [AUD]"""
        return sum(line.aud for line in self.lines)

    def aud_for(self, part: PartKind) -> float:
        """What is paid for one part. [AUD]"""
        return sum(line.aud for line in self.lines if line.part is part)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """By how much one incentive differs on a later day.

    Parameters
    ----------
    aud
        Later less now: below 0 where waiting costs. [AUD]
    """

    name: str
    aud: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a later installation changes of the incentives, and of nothing else.

    Parameters
    ----------
    installed, later
        Both days.
    lines
        In the order of `Incentives.lines`.
    """

    installed: date
    later: date
    lines: tuple[WaitingLine, ...]

    @property
    def total_aud(self) -> float:
        """Later less now: below 0 where waiting costs. [AUD]"""
        return sum(line.aud for line in self.lines)

    @property
    def sentence(self) -> str:
        """All in one sentence."""
        days = f"Installing on {self.later} instead of {self.installed}"
        if self.total_aud == 0:
            return f"{days} changes no rebate."
        verb = "costs" if self.total_aud < 0 else "gains"
        return f"{days} {verb} ${abs(self.total_aud):,.2f} of rebate."


def incentives_for(
    installation: Installation,
    place: Place,
    certificate_aud: float | None = None,
    claims: Sequence[str] = (),
) -> Incentives:
    """Return what others pay of an installation.

    Parameters
    ----------
    certificate_aud
        What one certificate brings; by default that of the tables. [AUD]
    claims
        Programs of states for which the household says it is eligible.

    Raises
    ------
    DataError
        If the day lies before the tables, the price cannot be, or panels have no zone.
    ConfigError
        If a claim is unknown or cannot be made.
    """
    _refuse_too_early(installation.installed)
    price_aud = certificate_price(certificate_aud)
    lines: list[IncentiveLine] = []
    if installation.kw_dc > 0:
        lines.append(solar_line(installation, place, price_aud))
    if installation.battery_usable_kwh > 0:
        lines.append(battery_line(installation, price_aud))
    lines.extend(claimed_lines(installation, place, claims))
    notes = (
        *_notes(lines, installation, price_aud if certificate_aud is None else None),
        *unclaimed_hints(installation, place, claims),
    )
    return Incentives(lines=tuple(lines), notes=notes)


def what_waiting_changes(
    installation: Installation,
    later: date,
    place: Place,
    certificate_aud: float | None = None,
    claims: Sequence[str] = (),
) -> Waiting:
    """Compare the incentives of a day with those of a later one.

    The price of a certificate is held; nobody knows how it moves.

    Raises
    ------
    DataError
        If the day is not later, and as `incentives_for` does.
    ConfigError
        As `incentives_for` does.
    """
    if later <= installation.installed:
        raise DataError(
            f"waiting until {later}: it must be after {installation.installed}, the "
            f"day of installation; give a later day"
        )
    now = incentives_for(installation, place, certificate_aud, claims)
    then = incentives_for(
        replace(installation, installed=later), place, certificate_aud, claims
    )
    pairs = zip(now.lines, then.lines, strict=True)
    lines = tuple(_compared(before, after) for before, after in pairs)
    return Waiting(installation.installed, later, lines)


def _refuse_too_early(installed: date) -> None:
    first = tables().solar.deeming[0].since
    if installed < first:
        raise DataError(
            f"installation of {installed}: incentives are known from {first} on; type "
            f"what was paid as part of the price"
        )


def _notes(
    lines: Sequence[IncentiveLine],
    installation: Installation,
    default_price_aud: Decimal | None,
) -> Iterator[str]:
    known = tables()
    if default_price_aud is not None and any(line.certificates for line in lines):
        yield (
            f"A certificate is taken at ${default_price_aud:.2f} "
            f"({known.certificate.as_of}): {known.certificate.source}."
        )
    for line in lines:
        if line.certificates:
            rules = known.solar if line.part is PartKind.SOLAR else known.battery
            yield f"{line.name} not checked here: {rules.conditions}"
    if installation.installed > known.searched and lines:
        yield f"The tables are as they stood on {known.searched}; laws change."


def _compared(before: IncentiveLine, after: IncentiveLine) -> WaitingLine:
    change_aud = after.aud - before.aud
    sentence = f"{before.name}: {_change(change_aud)}."
    if before.sentence != after.sentence:
        sentence += f" Now: {before.sentence} Later: {after.sentence}"
    return WaitingLine(before.name, change_aud, sentence)


def _change(aud: float) -> str:
    if aud == 0:
        return "the same amount"
    return f"${abs(aud):,.2f} {'less' if aud < 0 else 'more'}"
