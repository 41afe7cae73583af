"""Batteries by name: figures with sources, and what is asked for."""

from datetime import date

import pytest

from home_energy.analysis.simulation.catalogue import battery_named, catalogue
from home_energy.errors import ConfigError, DataError

OWN = {
    "usable_kwh": 9.6,
    "charge_kw": 4.0,
    "discharge_kw": 5.0,
    "charge_efficiency_fraction": 0.95,
    "discharge_efficiency_fraction": 0.94,
}


@pytest.mark.parametrize("product", sorted(catalogue()))
def test_every_figure_has_a_source_and_a_date(product: str) -> None:
    figures = catalogue()[product].figures

    for figure in figures.values():
        assert len(figure.source) > 5
        assert date(2016, 1, 1) < figure.date <= date(2026, 12, 31)


# What two independent sources say alike.
@pytest.mark.parametrize(
    ("product", "key", "value"),
    [
        ("powerwall-3", "usable_kwh", 13.5),
        ("powerwall-3", "charge_kw", 5.0),
        ("powerwall-3", "warranty_years", 10),
        ("powerwall-3", "warranty_throughput_kwh", 37800),  # 2.8 MWh x 13.5
        ("powerwall-2", "usable_kwh", 13.5),
        ("powerwall-2", "discharge_kw", 5.0),
        ("powerwall-2", "round_trip_fraction", 0.9),
        ("powerwall-2", "warranty_years", 10),
        ("enphase-iq-10", "warranty_years", 10),
        ("enphase-iq-10", "warranty_throughput_kwh", 28224),  # 2.8 MWh x 10.08
        ("sungrow-sbr096", "usable_kwh", 9.6),
        ("sungrow-sbr256", "usable_kwh", 25.6),
    ],
)
def test_figures_that_two_sources_agree_on(
    product: str, key: str, value: float
) -> None:
    assert catalogue()[product].figures[key].value == value


def test_charge_power_is_not_discharge_power() -> None:
    # Pitfall 6: a Powerwall 3 gives 10 kW and takes 5.
    battery = battery_named("powerwall-3", {})

    assert battery.charge_kw == 5
    assert battery.discharge_kw == 10


def test_efficiency_is_ac_to_ac_each_way_its_square_root() -> None:
    # Pitfall 7: 89 % there and back, 94.34 % each way (0.9434 squared is 0.8900),
    # not the 97.5 % of the inverter alone.
    battery = battery_named("powerwall-3", {})

    assert battery.charge_efficiency_fraction == pytest.approx(0.9434, abs=5e-5)
    assert battery.discharge_efficiency_fraction == pytest.approx(0.9434, abs=5e-5)
    assert battery.round_trip_fraction == pytest.approx(0.89)


@pytest.mark.parametrize("product", sorted(catalogue()))
def test_no_battery_alone_gives_back_more_than_the_dearest_inverter_could(
    product: str,
) -> None:
    # Pitfall 7: 95 % and more is what makers say of the battery without its inverter.
    figure = catalogue()[product].round_trip_fraction

    assert figure is None or 0.8 <= figure.value <= 0.92


def test_own_figures_stand_before_the_catalogues() -> None:
    battery = battery_named("powerwall-3", {"discharge_kw": 5.0, "may_export": False})

    assert battery.discharge_kw == 5
    assert battery.charge_kw == 5
    assert not battery.may_export


def test_a_needed_figure_that_is_unknown_is_asked_for_by_name() -> None:
    with pytest.raises(ConfigError) as told:
        battery_named("sungrow-sbr128", {"charge_efficiency_fraction": 0.95})

    said = str(told.value)
    assert "Sungrow SBR128" in said
    assert "charge_kw, discharge_kw, discharge_efficiency_fraction" in said
    assert "[battery]" in said
    assert "charge_kw = 5" in said


def test_a_product_with_its_gaps_filled_runs() -> None:
    own = {key: value for key, value in OWN.items() if key != "usable_kwh"}

    assert battery_named("sungrow-sbr128", own).usable_kwh == 12.8


def test_a_battery_outside_the_catalogue_is_its_own_figures() -> None:
    assert battery_named(None, OWN).discharge_efficiency_fraction == 0.94


def test_an_unknown_product_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match="did you mean powerwall-3"):
        battery_named("powerwal-3", {})


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(DataError, match="usable_kwh must be more than 0"):
        battery_named(None, {**OWN, "usable_kwh": 0})
