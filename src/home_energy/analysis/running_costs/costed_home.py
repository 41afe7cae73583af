"""What is asked of the record and the settings to say what power costs."""

from dataclasses import dataclass

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.home_on_record import HomeOnRecord, home_on_record
from home_energy.domain.home_power import StreamRule, grid_parts
from home_energy.domain.price import Channel
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class CostedHome:
    """One home: its record, its tariff, and whose word counts for its power."""

    store: Store
    settings: Settings
    on_record: HomeOnRecord
    plan: Plan
    rule: StreamRule

    @property
    def site_key(self) -> int | None:
        """Site whose prices the retailer told; `None` in a home of files."""
        return self.on_record.recorded.site_key

    @property
    def has_grid_power(self) -> bool:
        """Whether the sources that were set up tell the grid."""
        return bool(grid_parts(self.rule))


def costed_home(store: Store, settings: Settings) -> CostedHome:
    """Read what is asked of the settings.

    Raises
    ------
    ConfigError
        If the tariff is unknown or at fault, or nothing says which site is the home's.
    StoreError
        If the store cannot be read.
    """
    on_record = home_on_record(store, settings)
    key = on_record.recorded.site_key
    channels = [] if key is None else store.prices.channels(key)
    return CostedHome(
        store=store,
        settings=settings,
        on_record=on_record,
        plan=find_plan(settings.bill.tariff, settings.tariff_folder),
        rule=settings.power.stream_rule(
            is_exporting_home=Channel.FEED_IN in channels,
        ),
    )
