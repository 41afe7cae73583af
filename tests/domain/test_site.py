"""Which of an account's sites is followed."""

import pytest

from home_energy.domain.site import IMPORTED, RetailSite, choose_site, home_site
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


def test_a_site_that_only_files_told_of_is_read_until_amber_tells_of_one() -> None:
    of_files = _site("imported", IMPORTED)

    assert home_site([of_files], None) == of_files
    assert home_site([_site("OLD", "closed")], None).site_id == "OLD"
    assert home_site([of_files, _site("NEW")], None).site_id == "NEW"
    assert home_site([of_files, _site("OLD", "closed")], "OLD").site_id == "OLD"


def test_a_site_of_files_can_be_named_while_it_is_alone() -> None:
    sites = [_site("WANTED", IMPORTED)]

    assert home_site(sites, "WANTED").site_id == "WANTED"
    with pytest.raises(ConfigError, match=r"site OTHER .* not among"):
        home_site(sites, "OTHER")


def test_a_site_of_files_does_not_hide_doubt_about_those_of_amber() -> None:
    with pytest.raises(ConfigError, match="2 active sites"):
        home_site([_site("A"), _site("imported", IMPORTED), _site("B")], None)
    with pytest.raises(ConfigError, match="no active site: none"):
        home_site([], None)
