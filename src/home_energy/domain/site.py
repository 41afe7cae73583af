"""The home as the retailer knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from home_energy.domain.price import Channel
from home_energy.errors import ConfigError

IMPORTED = "imported"
"""Status of a site that only files told of; Amber does not know the word."""


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
        `active`, `pending` or `closed`, a word the retailer added since, or
        `IMPORTED`.
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


def choose_site(sites: Sequence[RetailSite], wanted_id: str | None) -> RetailSite:
    """Return the site to follow: the wanted one, else the only active one.

    Raises
    ------
    ConfigError
        If the wanted site is not there, none is active, or several are.
    """
    listed = ", ".join(f"{s.site_id} ({s.status})" for s in sites) or "none"
    if wanted_id is not None:
        for site in sites:
            if site.site_id == wanted_id:
                return site
        raise ConfigError(
            f"site {wanted_id} (AMBER_SITE_ID) is not among this account's sites: "
            f"{listed}; correct it, or remove it to use the only active site"
        )
    active = [site for site in sites if site.status == "active"]
    if len(active) == 1:
        return active[0]
    if active:
        raise ConfigError(
            f"this account has {len(active)} active sites: {listed}; choose one with "
            "AMBER_SITE_ID in .env"
        )
    raise ConfigError(
        f"this account has no active site: {listed}; Amber sometimes shows only a "
        "closed site for some days; to use a closed one set AMBER_SITE_ID in .env"
    )


def home_site(sites: Sequence[RetailSite], wanted_id: str | None) -> RetailSite:
    """Return the site whose record is read: as `choose_site`, of those on record.

    The only one on record is the home's, closed or not. A site that only files told of
    is the home's until Amber itself told of one.

    Raises
    ------
    ConfigError
        As `choose_site`.
    """
    if wanted_id is None and len(sites) == 1:
        return sites[0]
    told_by_amber = [site for site in sites if site.status != IMPORTED]
    if not told_by_amber:
        for site in sites:
            if wanted_id in (None, site.site_id):
                return site
    return choose_site(told_by_amber, wanted_id)
