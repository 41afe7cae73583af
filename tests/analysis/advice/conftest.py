"""A new store with one site."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from home_energy.domain.site import RetailSite
from home_energy.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home.sqlite")) as opened:
        opened.sources.save_sites([RetailSite("S1", "6001000001", "active", 5, ())])
        yield opened


@pytest.fixture
def site_key(store: Store) -> int:
    key = store.sources.site_key("S1")
    assert key is not None
    return key
