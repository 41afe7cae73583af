"""A pass of the shadow battery: every complete day that is not booked yet is booked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from home_energy.analysis.shadow.record import (
    RecordedDay,
    ShadowRecord,
    read_shadow_record,
)
from home_energy.analysis.shadow.run import (
    CONTEXT_DAYS,
    BatteryBefore,
    DayHome,
    run_day,
)
from home_energy.analysis.simulation.catalogue import battery_named, catalogue
from home_energy.analysis.simulation.outlook import IssuedPrices
from home_energy.domain.battery import Battery
from home_energy.domain.shadow_day import ShadowDay
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.toml_faults import suggestion

LOOK_BACK = timedelta(days=365)
"""How far before its first pass a battery's days are booked."""

_DAY = timedelta(days=1)

OnProgress = Callable[[str, date], None]
"""Called with the product and the day that is run next."""


@dataclass(frozen=True, slots=True)
class ProductPass:
    """What a pass did to the days of one battery.

    Parameters
    ----------
    booked
        Days that were booked, in order.
    anew_from
        First day that had been booked already and was booked anew, because its
        readings, prices or figures of the battery had changed, or a day before it had
        become complete; `None` where every booked day stands.
    forgotten_count
        How many booked days that took with it.
    """

    product: str
    booked: tuple[ShadowDay, ...]
    anew_from: date | None
    forgotten_count: int

    @property
    def said(self) -> str:
        """In words."""
        count = len(self.booked)
        words = f"{self.product}: {count} {'day' if count == 1 else 'days'} booked"
        if count:
            words += f" up to {self.booked[-1].day}"
        if self.anew_from is not None:
            return (
                f"{words}; from {self.anew_from} on {self.forgotten_count} had been "
                "booked before, and what they rest on has changed"
            )
        return words if count else f"{self.product}: nothing new to book"


def run_shadow_pass(
    store: Store,
    settings: Settings,
    today: date,
    on_progress: OnProgress = lambda _product, _day: None,
) -> list[ProductPass]:
    """Book every complete day before today of every chosen battery, in order.

    Each day is a transaction of its own, so a pass that is cut short has booked what
    it had, and the next one goes on there. What is booked stands as long as its
    fingerprint holds; where it does not, everything from that day on is booked anew.

    Raises
    ------
    ConfigError
        If a product is unknown, or a figure of it that a run needs; or as
        `read_shadow_record`.
    DataError
        If there is no usage on record.
    """
    batteries = chosen_batteries(settings)
    if not batteries:
        return []
    booked = {product: store.shadow_days.days(product) for product in batteries}
    firsts = [days[0].day for days in booked.values() if days]
    first = min([*firsts, today - LOOK_BACK])
    record = read_shadow_record(store, settings, first, today - _DAY)
    return [
        _Bookkeeper(record, product, battery, on_progress).run(booked[product])
        for product, battery in batteries.items()
    ]


def chosen_batteries(settings: Settings) -> dict[str, Battery]:
    """Batteries that the household chose, by their names in the catalogue.

    Raises
    ------
    ConfigError
        If one is not in it, or a figure that a run needs is unknown.
    """
    found = {}
    for product in settings.shadow.products:
        if product not in catalogue():
            raise ConfigError(
                f"home.toml: shadow.products has {product!r}, which is no battery of "
                f"the catalogue; expected some of {', '.join(catalogue())}"
                f"{suggestion(product, catalogue())}"
            )
        try:
            found[product] = battery_named(product, {})
        except ConfigError as error:
            raise ConfigError(
                f"home.toml: shadow.products has {product!r}, of which too little is "
                f"known ({error}); expected a battery with all of its figures; choose "
                "another"
            ) from error
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Bookkeeper:
    """Books the days of one battery."""

    record: ShadowRecord
    product: str
    battery: Battery
    on_progress: OnProgress

    def run(self, booked: Sequence[ShadowDay]) -> ProductPass:
        """Book what is missing, and anew what has changed."""
        days = self.record.days
        prints = [day.fingerprint(self.battery) for day in days]
        kept = _kept_count(booked, days, prints)
        anew_from = None
        if kept < len(booked):
            next_days = [one.day for one in days[kept : kept + 1]]
            anew_from = min([booked[kept].day, *next_days])
            self.record.store.shadow_days.leave_out_from(self.product, anew_from)
        last = booked[kept - 1] if kept else None
        done = []
        forecasts = self.record.issued([one.day for one in days[kept:]])
        for number, issued in enumerate(forecasts, start=kept):
            self.on_progress(self.product, days[number].day)
            last = self._run_day(self._home(number, issued), last, prints[number])
            self.record.store.shadow_days.book(last)
            done.append(last)
        forgotten_count = len(booked) - kept
        return ProductPass(self.product, tuple(done), anew_from, forgotten_count)

    def _home(self, number: int, issued: IssuedPrices | None) -> DayHome:
        days = self.record.days
        today = days[number]
        earlier = days[max(number - CONTEXT_DAYS, 0) : number]
        return DayHome(
            [one for one in earlier if (today.day - one.day).days <= CONTEXT_DAYS],
            today,
            issued,
            self.record.published_after(today.day),
        )

    def _run_day(
        self, home: DayHome, last: ShadowDay | None, fingerprint: str
    ) -> ShadowDay:
        """Run the day after the last one booked, or the first after a hole."""
        day, before = home.day.day, BatteryBefore()
        is_after_hole = last is not None and day - last.day > _DAY
        if last is not None and not is_after_hole:
            before = BatteryBefore(last.end_stored_kwh, last.end_worth_aud)
        run = run_day(home, self.battery, before)
        return ShadowDay(
            product=self.product,
            day=day,
            bill_saving_aud=run.bill_saving_aud,
            stored_gain_aud=run.end.worth_aud - before.worth_aud,
            wear_aud=run.wear_aud,
            start_stored_kwh=before.stored_kwh,
            end_stored_kwh=run.end.stored_kwh,
            end_worth_aud=run.end.worth_aud,
            issued_fraction=run.issued_fraction,
            quality=home.day.quality,
            is_after_hole=is_after_hole,
            fingerprint=fingerprint,
        )


def _kept_count(
    booked: Sequence[ShadowDay], days: Sequence[RecordedDay], prints: Sequence[str]
) -> int:
    """How many booked days still stand: those before the first that differs."""
    for number, (one, day, fingerprint) in enumerate(
        zip(booked, days, prints, strict=False)
    ):
        if (one.day, one.fingerprint) != (day.day, fingerprint):
            return number
    return min(len(booked), len(days))
