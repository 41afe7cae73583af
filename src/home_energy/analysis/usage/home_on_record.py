"""Which of the registers on record are this home's, and what they count."""

from dataclasses import dataclass

from home_energy.analysis.record.meter_sources import (
    RecordedHome,
    RecordedRegister,
    recorded_home,
    recorded_registers,
)
from home_energy.domain.meter_day import Flow, bare_nmi
from home_energy.domain.register_flows import assign_flows
from home_energy.domain.site import home_site
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True)
class HomeOnRecord:
    """What says which registers belong to the home and what they count.

    Parameters
    ----------
    recorded
        Its site, if any, and what is said of its registers.
    nmi
        The home's meter; `None` where neither the household nor the retailer says.
    """

    recorded: RecordedHome
    nmi: str | None


def home_on_record(store: Store, settings: Settings) -> HomeOnRecord:
    """The home of these settings, as far as this store knows it.

    Raises
    ------
    ConfigError
        If the store knows several sites and the settings choose none of them.
    """
    sites = store.sources.sites()
    site = home_site(sites, settings.amber.site_id) if sites else None
    return HomeOnRecord(
        recorded=recorded_home(store, site, settings.meter.flows),
        nmi=settings.home.nmi or (site.nmi if site else None) or None,
    )


def home_registers(
    store: Store, home: HomeOnRecord
) -> list[tuple[RecordedRegister, Flow]]:
    """Every register of the home and what it counts, in order of source and name.

    A register of a file that names no meter is the home's.

    Raises
    ------
    ConfigError
        If the meaning of a register is open, or the record holds several meters and
        nothing says which is the home's.
    DataError
        If nothing of this home is on record.
    """
    known = recorded_registers(store, home.recorded)
    _require_one_meter(known, home)
    found = [one for one in known if _is_of(home, one.register.nmi)]
    if not found:
        others = _meters(known)
        raise DataError(
            "the record holds no meter data"
            + (f" of the home's meter {home.nmi}, only of {others}" if others else "")
            + "; expected a file of it or the retailer's usage; import one with "
            "`home-energy import`, or correct home.nmi in home.toml"
        )
    flows = assign_flows(
        [one.register for one in found],
        home.recorded.chosen_flows,
        home.recorded.site_flows,
    )
    return [(one, flows[one.register]) for one in found]


def _is_of(home: HomeOnRecord, nmi: str) -> bool:
    return not nmi or home.nmi is None or bare_nmi(nmi) == bare_nmi(home.nmi)


def _meters(known: list[RecordedRegister]) -> str:
    return ", ".join(sorted({bare_nmi(one.register.nmi) for one in known} - {""}))


def _require_one_meter(known: list[RecordedRegister], home: HomeOnRecord) -> None:
    meters = _meters(known)
    if home.nmi is None and "," in meters:
        raise ConfigError(
            f"the record holds several meters: {meters}; expected one home; say which "
            "is the home's with `nmi` under [home] in home.toml"
        )
