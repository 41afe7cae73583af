"""One finding, and the facts that findings rest on."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from home_energy.dashboard.health.machine_watch import WatchedMachine
from home_energy.dashboard.local_words import moment_words
from home_energy.dashboard.now import Now
from home_energy.dashboard.remedies import AT_A_DESK, Remedies
from home_energy.domain.coverage import Coverage
from home_energy.domain.freshness import Freshness, PriceAge
from home_energy.domain.shadow_day import ShadowPass
from home_energy.store.upkeep import SetAside, UpkeepState


class Severity(StrEnum):
    """How much a finding matters."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTE = "note"


class HealthStatus(StrEnum):
    """Whether the program can keep its promises now."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person may want to know or do, in plain words."""

    code: str
    severity: Severity
    what: str
    where: str
    do: str


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Space on the disk that holds the store. [bytes]"""

    free_bytes: int
    total_bytes: int

    @property
    def free_fraction(self) -> float | None:
        """Free share, 0 to 1; `None` for a disk of no size."""
        return self.free_bytes / self.total_bytes if self.total_bytes else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the findings rest on, besides `Now`. Unknown is `None`.

    Parameters
    ----------
    zone
        Local time of the household.
    is_demo
        Whether prices come from elsewhere than the retailer.
    has_token
        Whether this process knows a token; the collector may know one all the same.
    is_synchronised, machine_time
        What the operating system says of its clock, and the clock. [aware UTC]
    store_error
        Why the store cannot be read.
    site_error
        Why no site can be followed, once the retailer has named its sites.
    store_bytes, schema_number
        Size of the store on the disk [bytes] and number of its layout.
    disk
        Space beside the store.
    coverages
        The last seven days of every channel with prices.
    last_reading_end
        Until when the meter is on record. [aware UTC]
    record_start
        Since when import prices are on record. [aware UTC]
    way
        How things are mended where this program was set up.
    shadow_failure
        How the last run of the shadow battery failed, if one is chosen and it did.
    machine
        The machine, looked at within the last minute.
    upkeep
        Backups and the last check; `None` where no upkeep runs.
    set_aside
        Damaged records that another has replaced, newest first.
    """

    zone: tzinfo
    is_demo: bool
    has_token: bool
    is_synchronised: bool
    machine_time: datetime
    store_error: str | None = None
    site_error: str | None = None
    store_bytes: int | None = None
    schema_number: int | None = None
    disk: DiskSpace | None = None
    coverages: tuple[Coverage, ...] = ()
    last_reading_end: datetime | None = None
    record_start: datetime | None = None
    shadow_failure: ShadowPass | None = None
    way: Remedies = AT_A_DESK
    machine: WatchedMachine | None = None
    upkeep: UpkeepState | None = None
    set_aside: tuple[SetAside, ...] = ()


def has_price_for_now(age: PriceAge) -> bool:
    """Whether there is an import price that may be shown, at least as stale."""
    return age.freshness in (Freshness.FRESH, Freshness.UPDATING, Freshness.STALE)


def since_words(moment: datetime | None, now: Now, facts: Facts) -> str:
    """Since when, as the end of a sentence; empty when that is not known."""
    if moment is None:
        return ""
    return f" since {moment_words(moment, now.time, facts.zone)}"
