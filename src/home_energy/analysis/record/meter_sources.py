"""Every register on record, whoever counted: from files, and from the retailer."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.day_placing import place_energy
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.register_flows import assign_flows
from home_energy.domain.series import EnergySeries
from home_energy.domain.site import RetailSite
from home_energy.domain.time_grid import TimeGrid, nem_date
from home_energy.errors import ConfigError
from home_energy.store import Store

SHORTEST_STEP = timedelta(minutes=5)
"""Shorter intervals are summed to these."""
_INSTANT = timedelta(microseconds=1)

_ReadDays = Callable[[MeterRegister, date, date], list[MeterDay]]


@dataclass(frozen=True, slots=True)
class RecordedRegister:
    """A register, and how its days are read.

    Parameters
    ----------
    register
        With what it counts, where its source or the household says so.
    days
        Days on record from the first to the last, both included.
    """

    register: MeterRegister
    days: Callable[[date, date], list[MeterDay]]

    def days_of(self, grid: TimeGrid) -> list[MeterDay]:
        """NEM days that reach into the period of an axis."""
        if grid.count == 0:
            return []
        return self.days(nem_date(grid.start), nem_date(grid.end - _INSTANT))

    def energy(self, grid: TimeGrid) -> tuple[EnergySeries, NDArray[np.uint8]]:
        """Energy and its quality on an axis."""
        return place_energy(self.days_of(grid), grid)


@dataclass(frozen=True, slots=True)
class RecordedHome:
    """Whose record is read, and what the registers of its meter count.

    Parameters
    ----------
    site_key
        Site whose prices and usage the retailer told; `None` in a home of files.
    chosen_flows
        The household's choice by register name.
    site_flows
        What the retailer says of the site, by register name.
    """

    site_key: int | None
    chosen_flows: Mapping[str, Flow]
    site_flows: Mapping[str, Flow]


def recorded_home(
    store: Store, site: RetailSite | None, chosen_flows: Mapping[str, Flow]
) -> RecordedHome:
    """Home of a site on record, or without one."""
    if site is None:
        return RecordedHome(None, chosen_flows, {})
    return RecordedHome(
        store.sources.site_key(site.site_id),
        chosen_flows,
        {one.register: Flow(one.channel.value) for one in site.channels},
    )


def recorded_registers(store: Store, home: RecordedHome) -> list[RecordedRegister]:
    """Every register on record, in order of source, NMI and name.

    A register whose meaning is open has no flow: nothing is asked here.
    """
    found: list[tuple[MeterRegister, _ReadDays]] = [
        (one, store.meter_days.days) for one in store.meter_days.registers()
    ]
    if home.site_key is not None:
        of_site: _ReadDays = partial(store.readings.days, home.site_key)
        found += [(one, of_site) for one in store.readings.registers(home.site_key)]
    flows = _known_flows([one for one, _ in found], home)
    return sorted(
        (
            RecordedRegister(replace(one, flow=flows.get(one)), partial(read, one))
            for one, read in found
        ),
        key=lambda one: _order(one.register),
    )


def _known_flows(
    registers: Sequence[MeterRegister], home: RecordedHome
) -> dict[MeterRegister, Flow]:
    """Flows of the meters whose every register has a meaning, and what is said."""
    known = {one: one.flow for one in registers if one.flow is not None}
    meters = {(one.source, one.nmi) for one in registers}
    for meter in meters:
        mine = [one for one in registers if (one.source, one.nmi) == meter]
        with suppress(ConfigError):  # a bill asks; coverage tells what is there
            known |= assign_flows(mine, home.chosen_flows, home.site_flows)
    return known


def _order(register: MeterRegister) -> tuple[str, str, str]:
    return register.source, register.nmi, register.name
