"""What is installed, when and where, as far as an incentive asks for it."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal

from home_energy.analysis.finance.postcode_zones import zone_of
from home_energy.errors import DataError

State = Literal["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"]


@dataclass(frozen=True, slots=True)
class Installation:
    """New panels, a new battery, or both.

    Parameters
    ----------
    installed
        Day of the certificate of electrical compliance, in local time.
    kw_dc
        New panels; 0 for none. [kW]
    battery_usable_kwh
        New battery, energy between empty and full; 0 for none. [kWh]
    battery_nominal_kwh
        What its data sheet calls its capacity; `None` where only the usable is known.
        [kWh]
    has_solar
        Whether there are panels already. New ones count too.
    is_vpp_capable
        Whether the battery could join a virtual power plant.
    has_claimed_battery
        Whether the program paid for a battery at these premises before.

    Raises
    ------
    DataError
        If a size is negative or no number, or less is nominal than usable.
    """

    installed: date
    kw_dc: float = 0.0
    battery_usable_kwh: float = 0.0
    battery_nominal_kwh: float | None = None
    has_solar: bool = False
    is_vpp_capable: bool = True
    has_claimed_battery: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name in ("kw_dc", "battery_usable_kwh", "battery_nominal_kwh"):
            size = getattr(self, name)
            if size is not None and not (isfinite(size) and size >= 0):
                raise DataError(
                    f"installation of {self.installed}: {name} is {size}; it must be 0 "
                    f"or more; read it from the quote"
                )
        nominal_kwh = self.battery_nominal_kwh
        if nominal_kwh is not None and nominal_kwh < self.battery_usable_kwh:
            raise DataError(
                f"installation of {self.installed}: battery_nominal_kwh is "
                f"{nominal_kwh:g}, less than the {self.battery_usable_kwh:g} kWh "
                f"usable; a battery holds at least what can be used; see its data sheet"
            )


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is installed.

    Parameters
    ----------
    postcode
        Four digits.
    solar_zone
        1 to 4, where it is known without the postcode.
    state
        Only claims and hints of states ask for it.
    """

    postcode: str | None = None
    solar_zone: int | None = None
    state: State | None = None

    def zone(self) -> int:
        """Return the solar zone, 1 (sunniest) to 4.

        Raises
        ------
        DataError
            If neither is given, one cannot be, or they contradict each other.
        """
        if self.solar_zone is not None and self.solar_zone not in (1, 2, 3, 4):
            raise DataError(
                f"place: solar_zone is {self.solar_zone}; zones are 1, 2, 3 and 4; "
                f"leave it out and give the postcode"
            )
        if self.postcode is None:
            if self.solar_zone is None:
                raise DataError(
                    "place: neither postcode nor solar_zone is given, and solar "
                    "certificates depend on it; give one, such as postcode = '2000'"
                )
            return self.solar_zone
        found = zone_of(self.postcode)
        if self.solar_zone not in (None, found):
            raise DataError(
                f"place: solar_zone is {self.solar_zone}, but postcode {self.postcode} "
                f"lies in zone {found}; leave one of them out"
            )
        return found
