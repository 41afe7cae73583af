"""Access to Amber: section `[amber]`."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from home_energy.settings.section import Section

AMBER_BASE_URL = "https://api.amber.com.au/v1/"
AMBER_HOST = "api.amber.com.au"


def _safe_url(url: str) -> str:
    """Refuse an address to which the token would travel readable by anyone."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"expected an address like {AMBER_BASE_URL}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a name or password does not belong in an address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "http:// would send the token in plain text; use https://, or an address "
            "of this machine such as http://127.0.0.1"
        )
    return url if url.endswith("/") else url + "/"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class AmberSettings(Section):
    """Access to Amber."""

    token: SecretStr | None = None
    site_id: str | None = None
    base_url: Annotated[str, AfterValidator(_safe_url)] = AMBER_BASE_URL

    @property
    def is_demo(self) -> bool:
        """Whether prices come from elsewhere than Amber: every page must say so."""
        return urlsplit(self.base_url).hostname != AMBER_HOST
