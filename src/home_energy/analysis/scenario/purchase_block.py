"""What a scenario's devices are bought for, and by what that is judged."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from home_energy.analysis.finance.assumptions import Assumptions, assumptions_with
from home_energy.analysis.finance.installation import State
from home_energy.analysis.finance.loan import Loan
from home_energy.analysis.scenario.scenario_part import (
    Fraction,
    NotNegative,
    Part,
    Positive,
)
from home_energy.errors import DataError

FEBRUARY, ITS_LAST = 2, 28
"""A 29th of February has no such day a year later."""


class LoanChoice(Part):
    """Borrowed for the purchase; see `Loan`."""

    share_fraction: Fraction = 1.0
    rate_fraction_per_year: Annotated[float, Field(ge=0, lt=1)]
    years: Annotated[int, Field(ge=1)]


class AssumptionChoice(Part):
    """Figures of one's own in place of the shipped ones; see `Assumptions`."""

    horizon_years: int | None = None
    is_real: bool | None = None
    discount_fraction_per_year: float | None = None
    inflation_fraction_per_year: float | None = None
    import_price_growth_fraction_per_year: float | None = None
    feed_in_decline_fraction_per_year: float | None = None
    battery_fade_fraction_per_year: float | None = None
    solar_fade_fraction_per_year: float | None = None
    loan: LoanChoice | None = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        try:
            self.assumed()
        except DataError as error:
            raise ValueError(str(error)) from error
        return self

    def assumed(self) -> Assumptions:
        """The shipped assumptions with these in their place.

        Raises
        ------
        DataError
            If a figure is impossible, or a device would not last the horizon.
        """
        own: dict[str, Any] = self.model_dump(exclude={"loan"}, exclude_none=True)
        if self.loan is not None:
            own["loan"] = Loan(**self.loan.model_dump())
        found = assumptions_with(own)
        for device in ("battery", "solar"):
            left_fraction = getattr(found, f"{device}_capacity_fraction")[-1]
            if left_fraction <= 0:
                raise DataError(
                    f"{device}_fade_fraction_per_year leaves nothing of it within "
                    f"{found.horizon_years} years; shorten horizon_years"
                )
        return found


class PurchaseBlock(Part):
    """What is bought, for how much, when and where.

    Parameters
    ----------
    installed
        Day of the certificate of electrical compliance.
    later
        Another day that a quote is judged by; a year later unless given.
    solar_aud, battery_aud, charger_aud, other_aud
        Quoted, with GST, before incentives; panels and battery without a quote are
        priced by the dated cost curves. [AUD]
    solar_and_battery_aud
        One price for both, in place of the two. [AUD]
    certificates_are_off
        Whether the seller has taken the certificates off what is quoted.
    postcode, solar_zone, state
        Of the home; panels need one of the first two.
    battery_nominal_kwh
        On its data sheet; programs ask for it. [kWh]
    is_vpp_capable, has_claimed_battery
        See `Installation`.
    claims
        Programs of the state for which the household is eligible.
    certificate_aud
        What one certificate brings, in place of the table's. [AUD]
    inverter_replacement_aud, inverter_life_years
        Of the new panels' inverter; the cost curves' unless given. [AUD], [years]
    maintenance_aud_per_year, salvage_aud
        See `Purchase`.
    assumptions
        By what it is judged.
    """

    installed: date
    later: date | None = None
    solar_aud: NotNegative | None = None
    battery_aud: NotNegative | None = None
    solar_and_battery_aud: NotNegative | None = None
    charger_aud: NotNegative | None = None
    other_aud: NotNegative | None = None
    certificates_are_off: bool = False
    postcode: Annotated[str, Field(pattern="^[0-9]{4}$")] | None = None
    solar_zone: Annotated[int, Field(ge=1, le=4)] | None = None
    state: State | None = None
    battery_nominal_kwh: Positive | None = None
    is_vpp_capable: bool = True
    has_claimed_battery: bool = False
    claims: tuple[str, ...] = ()
    certificate_aud: Positive | None = None
    inverter_replacement_aud: NotNegative | None = None
    inverter_life_years: Annotated[int, Field(ge=1)] | None = None
    maintenance_aud_per_year: NotNegative = 0.0
    salvage_aud: NotNegative = 0.0
    assumptions: AssumptionChoice = AssumptionChoice()

    @model_validator(mode="after")
    def _one_price_for_each(self) -> Self:
        apart = (self.solar_aud, self.battery_aud)
        if self.solar_and_battery_aud is not None and apart != (None, None):
            raise ValueError(
                "solar_and_battery_aud goes without solar_aud and battery_aud"
            )
        if self.later is not None and self.later <= self.installed:
            raise ValueError("later must be after installed")
        return self

    @property
    def later_day(self) -> date:
        """The other day: as given, else a year after the installation."""
        if self.later is not None:
            return self.later
        day = self.installed
        of_month = min(day.day, ITS_LAST) if day.month == FEBRUARY else day.day
        return day.replace(year=day.year + 1, day=of_month)

    def faults(self, *, has_solar: bool, has_battery: bool, has_car: bool) -> list[str]:
        """What does not fit the scenario's devices, in words."""
        there = {"solar": has_solar, "battery": has_battery, "charger": has_car}
        told = [
            f"purchase.{name}_aud without [{block}]"
            for name, block in zip(there, ("solar", "battery", "car"), strict=True)
            if getattr(self, f"{name}_aud") is not None and not there[name]
        ]
        if self.solar_and_battery_aud is not None and not (has_solar and has_battery):
            told.append("purchase.solar_and_battery_aud without [solar] and [battery]")
        if not any(there.values()):
            told.append("[purchase] without [solar], [battery] or [car] buys nothing")
        if has_solar and self.postcode is None and self.solar_zone is None:
            told.append(
                "purchase.postcode or purchase.solar_zone is needed with [solar], or "
                "home.postcode in home.toml: certificates depend on it"
            )
        if self.battery_nominal_kwh is not None and not has_battery:
            told.append("purchase.battery_nominal_kwh without [battery]")
        inverter = (self.inverter_replacement_aud, self.inverter_life_years)
        if not has_solar and inverter != (None, None):
            told.append(
                "purchase.inverter_replacement_aud and inverter_life_years go with "
                "[solar]"
            )
        return told


def with_home_postcode(
    tree: Mapping[str, Any], home_postcode: str | None
) -> dict[str, Any]:
    """A file's values, its purchase at the home unless it says where."""
    block = tree.get("purchase")
    if home_postcode is None or not isinstance(block, dict):
        return dict(tree)
    if block.keys() & {"postcode", "solar_zone"}:
        return dict(tree)
    return {**tree, "purchase": {**block, "postcode": home_postcode}}
