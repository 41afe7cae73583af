"""What the home used, as the record has it."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.scenario.recorded_home_days import (
    DAY,
    HOME,
    KNOWN_AT,
    NMI,
    HomeStore,
    day_grid,
    half_hours,
    meter,
)

from home_energy.analysis.record.meter_sources import RecordedHome
from home_energy.analysis.usage.home_on_record import HomeOnRecord, home_on_record
from home_energy.analysis.usage.recorded_energy import read_recorded_energy
from home_energy.domain.meter import MeterReading
from home_energy.domain.meter_day import NO_QUALITY, Flow, MeterRegister
from home_energy.domain.price import Channel, Quality
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.domain.time_grid import nem_day_start
from home_energy.errors import ConfigError, DataError
from home_energy.settings import AmberSettings, HomeSettings, MeterSettings, Settings
from home_energy.store import Store


def save_amber(store: Store, kwh: list[float], register: str = "E1") -> int:
    """Half-hours of Amber's usage from the start of the day; returns the site."""
    channels = (SiteChannel(register, Channel.GENERAL),)
    store.sources.save_sites([RetailSite("s1", NMI + "9", "active", 30, channels)])
    key = store.sources.site_key("s1")
    assert key is not None
    step = timedelta(minutes=30)
    readings = [
        MeterReading(
            Channel.GENERAL,
            register,
            nem_day_start(DAY) + number * step,
            30,
            value,
            Quality.ACTUAL,
        )
        for number, value in enumerate(kwh)
    ]
    store.readings.save(key, "amber", readings, KNOWN_AT)
    return key


def test_half_hours_are_shared_evenly_over_five_minutes(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))

    found = read_recorded_energy(home.store, HOME, day_grid(5))

    # 0.6 kWh over six intervals
    assert found.metered.general_kwh == pytest.approx(np.full(288, 0.1))


def test_a_home_without_an_export_register_exports_nothing(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert Flow.FEED_IN not in found.flows
    assert found.metered.feed_in_kwh.tolist() == [0.0] * 48
    assert found.metered.controlled_load_kwh is None


def test_an_export_register_without_values_is_a_gap(tmp_path: Path) -> None:
    exported = half_hours(0.2)
    exported[10:14] = np.nan
    home = HomeStore(tmp_path)
    home.add(meter("E1"), half_hours(0.6)).add(meter("B1"), exported)

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert found.flows[Flow.FEED_IN].missing_count == 4
    assert np.isnan(found.metered.feed_in_kwh[10:14]).all()
    assert found.flows[Flow.FEED_IN].quality[10] == NO_QUALITY


def test_several_export_registers_sum(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))
    home.add(meter("B1"), half_hours(0.2)).add(meter("B2"), half_hours(0.3))

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert found.metered.feed_in_kwh == pytest.approx(half_hours(0.5))


def test_one_of_two_export_registers_missing_makes_the_sum_missing(
    tmp_path: Path,
) -> None:
    second = half_hours(0.3)
    second[7] = np.nan
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))
    home.add(meter("B1"), half_hours(0.2)).add(meter("B2"), second)

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert np.flatnonzero(np.isnan(found.metered.feed_in_kwh)).tolist() == [7]


def test_an_exchanged_meter_ends_one_register_and_begins_another(
    tmp_path: Path,
) -> None:
    home = HomeStore(tmp_path)
    for days in range(2):
        home.add(meter("E1"), half_hours(0.6), DAY + timedelta(days=days))
    home.add(meter("B1"), half_hours(0.2))
    home.add(meter("B2"), half_hours(0.3), DAY + timedelta(days=1))

    found = read_recorded_energy(home.store, HOME, day_grid(days=2))

    expected = np.r_[half_hours(0.2), half_hours(0.3)]
    assert found.metered.feed_in_kwh == pytest.approx(expected)


def test_gross_meters_are_netted_within_each_interval_of_the_source(
    tmp_path: Path,
) -> None:
    load, generation = half_hours(0.4), half_hours(0.1)
    generation[20] = 1.0
    home = HomeStore(tmp_path)
    home.add(meter("GC", "table:gross", Flow.LOAD), load)
    solar = meter("GG", "table:gross", Flow.GENERATION)
    home.add(solar, generation, quality=Quality.ESTIMATE)

    found = read_recorded_energy(home.store, HOME, day_grid(60))

    # Hour 10: 1.0 - 0.4 = 0.6 sold in its first half, 0.4 - 0.1 = 0.3 bought in its
    # second; other hours: 2 x 0.3 = 0.6 bought.
    assert found.metered.feed_in_kwh[10] == pytest.approx(0.6)
    assert found.metered.general_kwh[10] == pytest.approx(0.3)
    assert found.metered.general_kwh[9] == pytest.approx(0.6)
    assert found.flows[Flow.LOAD].kwh[10] == pytest.approx(0.8)
    assert found.flows[Flow.GENERAL].estimated_count == 24  # as sure as its parts
    assert set(found.billed_flows) == {Flow.GENERAL, Flow.FEED_IN}


def test_netting_needs_both_gross_meters_to_be_known(tmp_path: Path) -> None:
    generation = half_hours(0.1)
    generation[5] = np.nan
    home = HomeStore(tmp_path)
    home.add(meter("GC", "table:gross", Flow.LOAD), half_hours(0.4))
    home.add(meter("GG", "table:gross", Flow.GENERATION), generation)

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert np.flatnonzero(found.flows[Flow.GENERAL].is_missing).tolist() == [5]
    assert np.flatnonzero(found.flows[Flow.FEED_IN].is_missing).tolist() == [5]
    assert found.flows[Flow.LOAD].missing_count == 0


def test_what_the_file_lacks_is_taken_from_the_retailer(tmp_path: Path) -> None:
    filed = half_hours(0.6)
    filed[2:4] = np.nan
    home = HomeStore(tmp_path).add(meter("E1"), filed)
    key = save_amber(home.store, [0.6, 0.65, 0.7, 0.8])

    known = HomeOnRecord(RecordedHome(key, {}, {}), NMI)

    found = read_recorded_energy(home.store, known, day_grid())

    assert found.sources == ("nem12", "amber")
    assert found.metered.general_kwh[:5].tolist() == [0.6, 0.6, 0.7, 0.8, 0.6]
    assert found.flows[Flow.GENERAL].source_index[:5].tolist() == [0, 0, 1, 1, 0]
    # 46 and 2 of 48
    shares = found.source_shares(Flow.GENERAL)
    assert shares == pytest.approx({"nem12": 46 / 48, "amber": 2 / 48})


def test_intervals_in_which_sources_differ_are_counted(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))
    key = save_amber(home.store, [0.6, 0.601, 0.602, 0.5])
    known = HomeOnRecord(RecordedHome(key, {}, {}), NMI)

    found = read_recorded_energy(home.store, known, day_grid(5))

    (overlap,) = found.overlaps
    assert (overlap.used, overlap.other) == ("nem12", "amber")
    assert overlap.interval_minutes == 30
    assert overlap.compared_count == 4
    assert overlap.differing_count == 2  # 0.002 more and 0.1 less
    # 0 + 0.001 + 0.002 - 0.1
    assert overlap.difference_kwh == pytest.approx(-0.097)
    assert found.metered.general_kwh == pytest.approx(np.full(288, 0.1))


def test_sources_of_other_lengths_are_compared_over_the_longer(tmp_path: Path) -> None:
    uneven = np.tile([0.3, 0.0, 0.0, 0.3, 0.0, 0.0], 48)
    home = HomeStore(tmp_path).add(meter("E1"), uneven)
    key = save_amber(home.store, [0.6] * 48)
    known = HomeOnRecord(RecordedHome(key, {}, {}), NMI)

    found = read_recorded_energy(home.store, known, day_grid(5))

    assert found.overlaps[0].compared_count == 48
    assert found.overlaps[0].differing_count == 0


def test_a_pulse_counter_is_not_used_unless_chosen(tmp_path: Path) -> None:
    pulses = MeterRegister("powerpal", "", "pulses", Flow.GENERAL)
    filed = half_hours(0.6)
    filed[:2] = np.nan
    home = HomeStore(tmp_path)
    home.add(meter("E1"), filed).add(pulses, half_hours(0.5))

    usual = read_recorded_energy(home.store, HOME, day_grid())
    chosen = read_recorded_energy(home.store, HOME, day_grid(), ("powerpal",))

    assert usual.flows[Flow.GENERAL].missing_count == 2
    assert chosen.metered.general_kwh.tolist() == [0.5] * 48


def test_a_pulse_counter_does_not_say_that_a_solar_home_exports_nothing(
    tmp_path: Path,
) -> None:
    pulses = MeterRegister("powerpal", "", "pulses", Flow.GENERAL)
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))
    home.add(meter("B1"), half_hours(0.2)).add(pulses, half_hours(0.5))

    found = read_recorded_energy(home.store, HOME, day_grid(), ("powerpal",))

    assert found.flows[Flow.FEED_IN].missing_count == 48


def test_a_pulse_counter_alone_is_named(tmp_path: Path) -> None:
    pulses = MeterRegister("powerpal", "", "pulses", Flow.GENERAL)
    home = HomeStore(tmp_path).add(pulses, half_hours(0.5))

    with pytest.raises(DataError, match="only source of energy on record is powerpal"):
        read_recorded_energy(home.store, HOME, day_grid())


def test_an_unknown_source_is_refused_with_those_known(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))

    with pytest.raises(ConfigError, match="no source nem13; expected of nem12"):
        read_recorded_energy(home.store, HOME, day_grid(), ("nem13",))


def test_load_alone_is_not_what_was_bought(tmp_path: Path) -> None:
    home = HomeStore(tmp_path)
    home.add(meter("GC", "table:gross", Flow.LOAD), half_hours(0.4))

    with pytest.raises(DataError, match="what the home bought, found only load"):
        read_recorded_energy(home.store, HOME, day_grid())


def test_an_empty_record_says_what_to_do(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")

    with pytest.raises(DataError, match="home-energy import"):
        read_recorded_energy(store, HOME, day_grid())


def test_another_homes_meter_is_not_read(tmp_path: Path) -> None:
    other = MeterRegister("nem12", "6999999999", "E1")
    home = HomeStore(tmp_path).add(other, half_hours(9.0))
    home.add(MeterRegister("nem12", NMI + "8", "E1"), half_hours(0.6))

    found = read_recorded_energy(home.store, HOME, day_grid())

    assert found.metered.general_kwh.tolist() == [0.6] * 48


def test_two_meters_and_no_word_which_is_the_homes(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))
    home.add(MeterRegister("nem12", "6999999999", "E1"), half_hours(9.0))
    unknown = HomeOnRecord(RecordedHome(None, {}, {}), None)

    with pytest.raises(ConfigError, match="6001234567, 6999999999"):
        read_recorded_energy(home.store, unknown, day_grid())


def test_estimates_and_substitutes_are_counted(tmp_path: Path) -> None:
    home = HomeStore(tmp_path)
    home.add(meter("E1"), half_hours(0.6), quality=Quality.ESTIMATE)
    next_day = DAY + timedelta(days=1)
    home.add(meter("E1"), half_hours(0.6), next_day, Quality.SUBSTITUTE)

    general = read_recorded_energy(home.store, HOME, day_grid(5, days=2)).flows[
        Flow.GENERAL
    ]

    assert general.estimated_count == 288
    assert general.substituted_count == 288
    assert general.filled_count == 0


def test_what_lies_outside_the_record_is_missing(tmp_path: Path) -> None:
    home = HomeStore(tmp_path).add(meter("E1"), half_hours(0.6))

    found = read_recorded_energy(home.store, HOME, day_grid(days=2))

    assert np.isnan(found.metered.general_kwh[48:]).all()
    assert not np.isnan(found.metered.general_kwh[:48]).any()


def test_the_home_is_the_settings_meter_and_the_retailers_site(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    key = save_amber(store, [0.6])
    settings = Settings(
        home=HomeSettings(nmi="6009876543"),
        meter=MeterSettings(flows={"E2": Flow.GENERAL}),
    )

    home = home_on_record(store, settings)

    assert home.nmi == "6009876543"
    assert home.recorded.site_key == key
    assert home.recorded.site_flows == {"E1": Flow.GENERAL}
    assert home.recorded.chosen_flows == {"E2": Flow.GENERAL}


def test_without_a_meter_in_the_settings_the_retailer_says_it(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    save_amber(store, [0.6])

    assert home_on_record(store, Settings()).nmi == NMI + "9"


def test_a_home_of_files_has_no_site(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    settings = Settings(amber=AmberSettings(site_id="s9"))

    home = home_on_record(store, settings)

    assert (home.recorded.site_key, home.nmi) == (None, None)
