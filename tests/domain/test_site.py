"""Which of an account's sites is followed."""

import pytest

from home_energy.domain.site import RetailSite, choose_site
from home_energy.errors import ConfigError


def _site(site_id: str, status: str = "active") -> RetailSite:
    return RetailSite(site_id, "6001000001", status, 5, ())


def test_only_active_site_is_followed() -> None:
    sites = [_site("OLD", "closed"), _site("NEW"), _site("SOON", "pending")]

    assert choose_site(sites, None).site_id == "NEW"


def test_wanted_site_is_followed_even_when_closed() -> None:
    sites = [_site("OLD", "closed"), _site("NEW")]

    assert choose_site(sites, "OLD").site_id == "OLD"


@pytest.mark.parametrize(
    ("sites", "wanted_id", "said"),
    [
        ([_site("NEW")], "OTHER", "site OTHER .* not among .* NEW \\(active\\)"),
        ([_site("A"), _site("B")], None, "2 active sites: A .*, B .*AMBER_SITE_ID"),
        ([_site("OLD", "closed")], None, "no active site: OLD \\(closed\\)"),
        ([], None, "no active site: none"),
        ([], "OTHER", "not among this account's sites: none"),
    ],
)
def test_doubt_is_said_with_what_to_do(
    sites: list[RetailSite], wanted_id: str | None, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        choose_site(sites, wanted_id)
