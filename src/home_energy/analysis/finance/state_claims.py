"""What states add for households that say they are eligible."""

from collections.abc import Iterator, Sequence
from datetime import date

from home_energy.analysis.finance.incentive_line import IncentiveLine
from home_energy.analysis.finance.incentive_tables import (
    Claim,
    ClaimPeriod,
    rule_on,
    tables,
)
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import PartKind
from home_energy.errors import ConfigError
from home_energy.toml_faults import suggestion


def claimed_lines(
    installation: Installation, place: Place, claims: Sequence[str]
) -> Iterator[IncentiveLine]:
    """Give one line for each claim, with why where nothing is paid.

    Raises
    ------
    ConfigError
        If a claim is unknown, named twice, of another state, or excluded by another.
    """
    for number, name in enumerate(claims):
        claim = _claim_named(name)
        _refuse_other_state(name, claim, place)
        _refuse_second(name, claim, claims[:number])
        yield _line(claim, installation)


def unclaimed_hints(
    installation: Installation, place: Place, claims: Sequence[str]
) -> Iterator[str]:
    """Tell which programs of the state are not counted because nobody claimed them."""
    groups = {_claim_named(name).group for name in claims} - {None}
    for name, claim in tables().claims.items():
        period = rule_on(claim.periods, installation.installed)
        if (
            claim.state == place.state
            and name not in claims
            and claim.group not in groups
            and period is not None
            and _has_part(claim, installation)
        ):
            yield (
                f'Not counted: {claim.name}, {period.conditions}. Write "{name}" under '
                f"claims if you are eligible."
            )


def _claim_named(name: str) -> Claim:
    known = tables().claims
    if name not in known:
        raise ConfigError(
            f"claims: no incentive is called {name!r}; take a known one"
            f"{suggestion(name, known)}"
        )
    return known[name]


def _refuse_other_state(name: str, claim: Claim, place: Place) -> None:
    if place.state not in (None, claim.state):
        raise ConfigError(
            f"claims: {name} is of {claim.state}, but the home is in {place.state}; "
            f"leave it out, or correct the state"
        )


def _refuse_second(name: str, claim: Claim, before: Sequence[str]) -> None:
    for other in before:
        group = _claim_named(other).group
        if other == name or (group is not None and group == claim.group):
            raise ConfigError(
                f"claims: {name} cannot be had beside {other}, only one of them; leave "
                f"one out"
            )


def _line(claim: Claim, installation: Installation) -> IncentiveLine:
    period = rule_on(claim.periods, installation.installed)
    part = PartKind(claim.part)
    if period is None:
        last = claim.periods[-1]
        sentence = f"None: {_outside(claim.periods, installation.installed)}."
        return IncentiveLine(
            claim.name, part, 0.0, None, sentence, last.source, last.as_of
        )
    reason = _reason_against(claim, period, installation)
    if reason is not None:
        aud, sentence = 0.0, f"None: {reason}."
    elif period.loan_aud is not None:
        aud = 0.0
        sentence = (
            f"A loan of up to ${period.loan_aud:,.0f}, {period.conditions}. It is no "
            f"rebate: give it as the loan of the purchase."
        )
    else:
        aud, sum_in_words = _amount(period, installation)
        sentence = f"{sum_in_words}, {period.conditions}."
    return IncentiveLine(
        claim.name, part, aud, None, sentence, period.source, period.as_of
    )


def _outside(periods: Sequence[ClaimPeriod], installed: date) -> str:
    first, last = periods[0].since, periods[-1].until
    if installed < first:
        return f"installed on {installed}, and it begins on {first}"
    return f"installed on {installed}, and it ended on {last}"


def _has_part(claim: Claim, installation: Installation) -> bool:
    if claim.part == "solar":
        return installation.kw_dc > 0
    return installation.battery_usable_kwh > 0


def _reason_against(
    claim: Claim, period: ClaimPeriod, installation: Installation
) -> str | None:
    if not _has_part(claim, installation):
        return f"no new {claim.part} is bought"
    if period.aud_by_kw is not None:
        least_kw = period.aud_by_kw[0].from_kw
        if installation.kw_dc < least_kw:
            return f"{installation.kw_dc:g} kW are less than {least_kw:g} kW"
    size_kwh = installation.battery_usable_kwh
    if period.least_kwh is not None and size_kwh < period.least_kwh:
        return f"{size_kwh:g} kWh usable are less than {period.least_kwh:g} kWh"
    if period.most_kwh is not None and size_kwh > period.most_kwh:
        return f"{size_kwh:g} kWh usable are more than {period.most_kwh:g} kWh"
    return None


def _amount(period: ClaimPeriod, installation: Installation) -> tuple[float, str]:
    """Amount and the sum in words. [AUD]"""
    if period.aud_per_kwh is not None and period.counted_kwh is not None:
        counted_kwh = min(installation.battery_usable_kwh, period.counted_kwh)
        aud = counted_kwh * period.aud_per_kwh
        return aud, f"{counted_kwh:g} kWh x ${period.aud_per_kwh:g} = ${aud:,.2f}"
    if period.aud_by_kw is not None:
        reached = [
            step for step in period.aud_by_kw if step.from_kw <= installation.kw_dc
        ]
        step = reached[-1]
        return step.aud, f"${step.aud:,.2f} from {step.from_kw:g} kW on"
    aud = period.aud or 0.0
    return aud, f"${aud:,.2f}"
