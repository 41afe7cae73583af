"""The home as the retailer knows it."""

from dataclasses import dataclass
from datetime import date

from home_energy.domain.price import Channel


@dataclass(frozen=True, slots=True)
class SiteChannel:
    """One register of the site's meter and the network tariff on it."""

    register: str
    channel: Channel
    network_tariff: str | None = None


@dataclass(frozen=True, slots=True)
class RetailSite:
    """A supply address with the retailer.

    Parameters
    ----------
    site_id
        The retailer's name for it.
    nmi
        National Metering Identifier, 10 or 11 characters.
    status
        `active`, `pending` or `closed`, or a word the retailer added since.
    interval_minutes
        Length of the billing interval. [minutes]
    """

    site_id: str
    nmi: str
    status: str
    interval_minutes: int
    channels: tuple[SiteChannel, ...]
    network: str | None = None
    active_from: date | None = None
    closed_on: date | None = None
