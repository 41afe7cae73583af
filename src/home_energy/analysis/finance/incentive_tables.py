"""What `incentives.toml` holds: rules by date, each with its source."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from home_energy.analysis.finance.installation import State
from home_energy.toml_faults import read_toml

TABLES = Path(__file__).with_name("incentives.toml")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(_Table):
    """A figure of the tables.

    Parameters
    ----------
    source
        Who says so.
    as_of
        Of the source where it bears a date, else when it was read.
    """

    source: str = Field(min_length=1)
    as_of: date


class Dated(Sourced):
    """A rule that holds for a while.

    Parameters
    ----------
    since, until
        First and last day of installation, both included; no last day where nobody has
        said one.
    """

    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is for what is installed that day."""
        return self.since <= day and (self.until is None or day <= self.until)


class CertificatePrice(Sourced):
    """What a certificate brings unless the quote says otherwise. [AUD]"""

    aud: Decimal
    ceiling_aud: Decimal


class Deeming(Dated):
    """For how many years panels are given certificates."""

    years: int


class SolarRules(Sourced):
    """Certificates for panels.

    Parameters
    ----------
    ratings
        Certificates per kW and year of zones 1 to 4.
    """

    name: str
    most_kw: Decimal
    conditions: str
    ratings: tuple[Decimal, Decimal, Decimal, Decimal]
    deeming: tuple[Deeming, ...]

    @model_validator(mode="after")
    def _years_follow_each_other(self) -> Self:
        refuse_gaps(self.deeming)
        return self


class Factor(Dated):
    """Certificates per usable kWh."""

    certificates_per_kwh: Decimal


class Tier(_Table):
    """What share of the factor counts up to a size, from the tier before on."""

    to_kwh: Decimal
    share: Decimal


class Taper(Dated):
    """Tiers by usable size; what lies above the last counts for nothing."""

    tiers: tuple[Tier, ...]


class BatteryRules(Sourced):
    """The Cheaper Home Batteries Program."""

    name: str
    least_nominal_kwh: Decimal
    most_nominal_kwh: Decimal
    conditions: str
    factors: tuple[Factor, ...]
    tapers: tuple[Taper, ...]

    @model_validator(mode="after")
    def _periods_follow_each_other(self) -> Self:
        refuse_gaps(self.factors)
        refuse_gaps(self.tapers)
        return self


class KwStep(_Table):
    """Amount from a size on."""

    from_kw: float
    aud: float


class ClaimPeriod(Dated):
    """What a state's program pays for a while: one kind of amount.

    Parameters
    ----------
    aud
        One amount for all. [AUD]
    aud_per_kwh, counted_kwh
        Per usable kWh, of at most so many. [AUD/kWh], [kWh]
    aud_by_kw
        By the size of new panels, smallest first.
    loan_aud
        Not paid but lent, at most. [AUD]
    least_kwh, most_kwh
        Usable sizes between which it is paid, both included. [kWh]
    conditions
        What the household must fulfil; nothing here can check it.
    """

    aud: float | None = None
    aud_per_kwh: float | None = None
    counted_kwh: float | None = None
    aud_by_kw: tuple[KwStep, ...] | None = None
    loan_aud: float | None = None
    least_kwh: float | None = None
    most_kwh: float | None = None
    conditions: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        kinds = (self.aud, self.aud_per_kwh, self.aud_by_kw, self.loan_aud)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("one of aud, aud_per_kwh, aud_by_kw and loan_aud")
        if (self.aud_per_kwh is None) != (self.counted_kwh is None):
            raise ValueError("aud_per_kwh and counted_kwh belong together")
        return self


class Claim(_Table):
    """A program of a state, counted where a household says it is eligible.

    Parameters
    ----------
    part
        What must be bought for it.
    group
        Of which a household can have one.
    """

    name: str
    state: State
    part: Literal["solar", "battery"]
    group: str | None = None
    periods: tuple[ClaimPeriod, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _periods_follow_each_other(self) -> Self:
        refuse_gaps(self.periods)
        return self


class IncentiveTables(_Table):
    """The whole of `incentives.toml`.

    Parameters
    ----------
    searched
        When sources were looked for last.
    claims
        By the name that a household writes.
    """

    searched: date
    certificate: CertificatePrice
    solar: SolarRules
    battery: BatteryRules
    claims: Mapping[str, Claim]


Rule = TypeVar("Rule", bound=Dated)


def rule_on(rules: Sequence[Rule], day: date) -> Rule | None:
    """Return the rule for what is installed that day, if there is one."""
    return next((rule for rule in rules if rule.holds_on(day)), None)


def refuse_gaps(rules: Sequence[Dated]) -> None:
    """Refuse rules of which one does not begin the day after the one before ended."""
    for before, after in pairwise(rules):
        if before.until is None or after.since - before.until != timedelta(days=1):
            raise ValueError(f"{after.since} does not follow {before.until}")


@cache
def tables() -> IncentiveTables:
    """Return what sources say of incentives."""
    return IncentiveTables.model_validate(read_toml(TABLES, "install again"))
