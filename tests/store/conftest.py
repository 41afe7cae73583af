"""A new store with one site."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from home_energy.domain.site import RetailSite
from home_energy.store import Store

NOBODY = 65_534


def site(site_id: str = "S1", status: str = "active") -> RetailSite:
    return RetailSite(site_id, "6001000001", status, 5, ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path)
    opened.sources.save_sites([site()])
    yield opened
    opened.close()


@pytest.fixture
def site_key(store: Store) -> int:
    key = store.sources.site_key("S1")
    assert key is not None
    return key


@pytest.fixture
def folder_of_a_user() -> Iterator[Path]:
    """A folder of somebody who is not root, while running as that somebody.

    Root may write whatever the permissions say, so a container needs this.
    """
    folder = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        shutil.rmtree(folder)
