"""What a register counts."""

import pytest

from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.domain.register_flows import assign_flows
from home_energy.errors import ConfigError


def nem12(name: str, nmi: str = "6001234567") -> MeterRegister:
    return MeterRegister("nem12", nmi, name)


E1, E2, B1, B2 = (nem12(name) for name in ("E1", "E2", "B1", "B2"))


def test_one_e_register_is_general_and_every_b_register_is_feed_in() -> None:
    flows = assign_flows([E1, B1, B2], {}, {})

    assert flows == {E1: Flow.GENERAL, B1: Flow.FEED_IN, B2: Flow.FEED_IN}


def test_the_only_e_register_is_general_whatever_its_number() -> None:
    assert assign_flows([E2, B1], {}, {})[E2] is Flow.GENERAL


def test_the_source_knows_better_than_the_household_and_the_retailer() -> None:
    amber = MeterRegister("amber", "6001234567", "E2", Flow.CONTROLLED_LOAD)

    flows = assign_flows([amber], {"E2": Flow.GENERAL}, {"E2": Flow.FEED_IN})

    assert flows == {amber: Flow.CONTROLLED_LOAD}


def test_the_household_knows_better_than_the_retailer() -> None:
    site = {"E1": Flow.GENERAL, "E2": Flow.CONTROLLED_LOAD}

    flows = assign_flows([E1, E2], {"E2": Flow.GENERAL}, site)

    assert flows == {E1: Flow.GENERAL, E2: Flow.GENERAL}


def test_the_retailers_word_settles_two_e_registers() -> None:
    site = {"E1": Flow.GENERAL, "E2": Flow.CONTROLLED_LOAD}

    assert assign_flows([E1, E2], {}, site) == {
        E1: Flow.GENERAL,
        E2: Flow.CONTROLLED_LOAD,
    }


def test_the_choice_for_one_of_two_leaves_the_other_general() -> None:
    flows = assign_flows([E1, E2], {"e2": Flow.CONTROLLED_LOAD}, {})

    assert flows == {E1: Flow.GENERAL, E2: Flow.CONTROLLED_LOAD}


def test_two_open_e_registers_are_refused_with_the_line_to_write() -> None:
    with pytest.raises(ConfigError) as error:
        assign_flows([E1, E2, B1], {}, {})

    assert "E1, E2 (nem12)" in str(error.value)
    assert 'flows = { E1 = "...", E2 = "..." }' in str(error.value)
    assert "[meter] in home.toml" in str(error.value)


def test_a_second_general_register_is_never_guessed() -> None:
    with pytest.raises(ConfigError, match=r"registers E2 \(nem12\)"):
        assign_flows([E1, E2], {"E1": Flow.GENERAL}, {})


def test_a_name_that_says_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="consumption"):
        assign_flows([MeterRegister("table:portal", "", "consumption")], {}, {})


def test_each_source_has_its_own_general_register() -> None:
    table = MeterRegister("table:portal", "", "E3")

    flows = assign_flows([E1, table], {}, {})

    assert flows == {E1: Flow.GENERAL, table: Flow.GENERAL}
