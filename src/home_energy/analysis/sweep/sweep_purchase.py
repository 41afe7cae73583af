"""What devices of every size cost: a price by size, where a quote is of one size."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.scenario_part import NotNegative
from home_energy.analysis.scenario.year_point import YearPoint

_OF_ONE_SIZE = (
    "solar_aud",
    "battery_aud",
    "solar_and_battery_aud",
    "battery_nominal_kwh",
)


class SweepPurchase(PurchaseBlock):
    """A purchase of any size; what has no price here has that of the cost curves.

    Parameters
    ----------
    solar_fixed_aud, solar_aud_per_kw
        Panels before incentives. [AUD], [AUD/kW]
    battery_fixed_aud, battery_aud_per_kwh
        A battery before incentives, by its usable energy. [AUD], [AUD/kWh]
    product_aud
        Batteries of the catalogue by their names, before the line above. [AUD]
    """

    solar_fixed_aud: NotNegative | None = None
    solar_aud_per_kw: NotNegative | None = None
    battery_fixed_aud: NotNegative | None = None
    battery_aud_per_kwh: NotNegative | None = None
    product_aud: Mapping[str, NotNegative] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_no_size(self) -> Self:
        wrong = [name for name in _OF_ONE_SIZE if getattr(self, name) is not None]
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: of one size; give solar_aud_per_kw, "
                "battery_aud_per_kwh or product_aud, with what is fixed beside"
            )
        return self

    def at(self, point: YearPoint, battery_usable_kwh: float) -> PurchaseBlock:
        """The purchase of one choice, as a scenario writes it.

        Parameters
        ----------
        battery_usable_kwh
            Of the choice, as new; 0 for none. [kWh]
        """
        figures = {name: getattr(self, name) for name in PurchaseBlock.model_fields}
        if point.solar_kw > 0:
            by_kw = (self.solar_fixed_aud, self.solar_aud_per_kw)
            figures["solar_aud"] = _price_aud(by_kw, point.solar_kw)
        if battery_usable_kwh > 0:
            by_kwh = (self.battery_fixed_aud, self.battery_aud_per_kwh)
            quoted_aud = self.product_aud.get(point.battery_product or "")
            if quoted_aud is None:
                quoted_aud = _price_aud(by_kwh, battery_usable_kwh)
            figures["battery_aud"] = quoted_aud
        return PurchaseBlock.model_construct(**figures)


def _price_aud(
    fixed_and_each_aud: tuple[float | None, float | None], size: float
) -> float | None:
    """A price by size; `None` where none is typed. [AUD]"""
    if fixed_and_each_aud == (None, None):
        return None
    fixed_aud, each_aud = (amount or 0.0 for amount in fixed_and_each_aud)
    return fixed_aud + each_aud * size
