"""The booted guests are for `make pi-test`, which names this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.booted.card import Card, made_card, scratch_copy
from tests.booted.figures import Figures
from tests.booted.machine import what_is_missing

HERE = Path(__file__).parent


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if any("booted" in argument for argument in config.args):
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="boots guests: make pi-test"))


@pytest.fixture(scope="session")
def card() -> Card:
    """Card as the installer leaves it, with the guest's own parts: to be copied."""
    missing = what_is_missing()
    if missing is not None:
        pytest.skip(f"left out, no guest can be booted here: {missing}")
    return made_card()


@pytest.fixture
def own_card(card: Card) -> Iterator[Card]:
    """Card of one test, which may do to it what it likes."""
    with scratch_copy(card) as copy:
        yield copy


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """What was measured, printed at once and kept in build/pi/report.md."""
    collected = Figures()
    yield collected
    collected.write()
