"""Which tariffs a home may be tried on: its own first, then what fits its days."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.scenario.scenario_home import ScenarioHome
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_files import find_plan, known_plans
from home_energy.domain.spot import REGIONS
from home_energy.errors import ConfigError, HomeEnergyError
from home_energy.settings import HomeSettings, Settings


@dataclass(frozen=True, slots=True)
class OfferedTariff:
    """A tariff that the sliders know.

    Parameters
    ----------
    name
        As a scenario's file says it.
    said
        Its title.
    """

    name: str
    said: str


def offered_tariffs(read: ScenarioHome) -> tuple[OfferedTariff, ...]:
    """The home's own tariff, then others by name.

    A shipped one fits if its clock is that of the home's region, any if it holds on
    the first day and the record has the prices that it passes on.

    Raises
    ------
    ConfigError, DataError
        If the home's own cannot be read.
    """
    settings = read.settings
    own = settings.bill.tariff
    plan = find_plan(own, settings.tariff_folder)
    found = [OfferedTariff(own, plan.title)]
    for known in known_plans(settings.tariff_folder):
        if known.name == own or not known.is_usable:
            continue
        plan = find_plan(known.name, settings.tariff_folder)
        is_near = not known.is_shipped or _is_of_region(plan, settings)
        if is_near and _is_priced(read, plan):
            found.append(OfferedTariff(known.name, plan.title))
    return tuple(found)


def _is_of_region(plan: Plan, settings: Settings) -> bool:
    try:
        region = HomeSettings(timezone=plan.clock).region
    except (ConfigError, ValueError):  # a clock of no region, such as NEM
        return False
    return region in REGIONS and region == settings.home.region


def _is_priced(read: ScenarioHome, plan: Plan) -> bool:
    if plan.period[0].start > read.inputs.days.first:
        return False
    if plan.passes_on_amber:
        try:
            return read.inputs.read_amber() is not None
        except HomeEnergyError:
            return False
    return not plan.follows_market or not np.isnan(read.spot.c_per_kwh).any()
