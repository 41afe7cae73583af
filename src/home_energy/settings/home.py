"""What the household said of the home itself: section `[home]`."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from home_energy.domain.spot import REGIONS
from home_energy.errors import ConfigError
from home_energy.settings.section import Section


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"unknown time zone {name!r}; expected one like Australia/Sydney"
        raise ValueError(message) from error
    return name


def _known_region(name: str) -> str:
    if name not in REGIONS:
        raise ValueError(f"unknown region; expected one of {', '.join(REGIONS)}")
    return name


_REGION_OF_ZONE = {
    "Australia/Sydney": "NSW1",
    "Australia/Melbourne": "VIC1",
    "Australia/Brisbane": "QLD1",
    "Australia/Adelaide": "SA1",
    "Australia/Hobart": "TAS1",
}


class HomeSettings(Section):
    """The home itself.

    Parameters
    ----------
    nmi
        National Metering Identifier; files of another meter are refused.
    market_region
        Region of the electricity market; `None` follows from the time zone.
    latitude_deg, longitude_deg
        Where the home is, for the sun and the weather; a hundredth of a degree is
        enough. South is negative. [degrees]
    postcode
        For rebates, where a scenario does not say its own.
    """

    timezone: Annotated[str, AfterValidator(_known_zone)] = "Australia/Sydney"
    store: Annotated[Path, AfterValidator(Path.expanduser)] = Path("data/home.sqlite")
    nmi: Annotated[str, Field(pattern="^[A-Za-z0-9]{10,11}$")] | None = None
    market_region: Annotated[str, AfterValidator(_known_region)] | None = None
    latitude_deg: Annotated[float, Field(ge=-44, le=-10)] | None = None  # of Australia
    longitude_deg: Annotated[float, Field(ge=112, le=154)] | None = None
    postcode: Annotated[str, Field(pattern="^[0-9]{4}$")] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Local time on the screen."""
        return ZoneInfo(self.timezone)

    @property
    def region(self) -> str:
        """Region of the electricity market in which the home lies."""
        found = self.market_region or _REGION_OF_ZONE.get(self.timezone)
        if found is None:
            raise ConfigError(
                f"home.toml: the market's region does not follow from the time zone "
                f"{self.timezone}; set home.market_region to one of "
                + ", ".join(REGIONS)
            )
        return found

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude. [degrees]"""
        if self.latitude_deg is None or self.longitude_deg is None:
            raise ConfigError(
                "home.toml: where the home is was not said; set home.latitude_deg and "
                "home.longitude_deg, such as -33.87 and 151.21; a hundredth of a "
                "degree is enough"
            )
        return self.latitude_deg, self.longitude_deg
