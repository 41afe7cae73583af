"""Access to Amber: section `[amber]`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from home_energy.settings.address import safe_or_own_address
from home_energy.settings.section import Section

AMBER_BASE_URL = "https://api.amber.com.au/v1/"
AMBER_HOST = "api.amber.com.au"


def _base_url(url: str) -> str:
    safe_or_own_address(url, AMBER_BASE_URL, "the token")
    return url if url.endswith("/") else url + "/"


class AmberSettings(Section):
    """Access to Amber."""

    token: SecretStr | None = None
    site_id: str | None = None
    base_url: Annotated[str, AfterValidator(_base_url)] = AMBER_BASE_URL

    @property
    def is_demo(self) -> bool:
        """Whether prices come from elsewhere than Amber: every page must say so."""
        return urlsplit(self.base_url).hostname != AMBER_HOST
