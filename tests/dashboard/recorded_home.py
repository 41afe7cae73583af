"""A small home on record, at a time that stands still, for tests of pages and API."""

import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from home_energy.dashboard.app import create_app
from home_energy.dashboard.home.beside import Beside
from home_energy.dashboard.now import Now
from home_energy.domain.clock import Clock
from home_energy.domain.power import PowerNow
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.shadow_day import ShadowDay
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.settings import (
    AMBER_BASE_URL,
    AmberSettings,
    BillSettings,
    HomeSettings,
    Settings,
    ShadowSettings,
)
from home_energy.settings.advice import AdviceSettings
from home_energy.settings.power import PowerSettings
from home_energy.store import Store
from home_energy.store.present_power import present_power

SITE = RetailSite(
    site_id="01TESTHOME",
    nmi="4102000000X",
    status="active",
    interval_minutes=5,
    channels=(
        SiteChannel("E1", Channel.GENERAL, "EA025"),
        SiteChannel("B1", Channel.FEED_IN),
    ),
)
NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""Noon in Sydney, on a Sunday."""
CANARY_TOKEN = "psk_canary_0123456789"
FIVE_MINUTES = timedelta(minutes=5)


@dataclass
class StandingClock(Clock):
    """A clock that says what it is told to."""

    time: datetime = NOON
    synchronised: bool = True
    boot_id: str = "this boot"

    def now(self) -> datetime:
        return self.time

    def boottime_seconds(self) -> float:
        return 1000.0

    def is_synchronised(self) -> bool:
        return self.synchronised

    def wait(self, seconds: float, stop: threading.Event) -> None:
        raise AssertionError(seconds, stop)


def price(
    start: datetime,
    c_per_kwh: float,
    channel: Channel = Channel.GENERAL,
    quality: Quality = Quality.ACTUAL,
    minutes: int = 5,
) -> Price:
    return Price(
        channel=channel,
        start=start,
        duration_minutes=minutes,
        c_per_kwh=c_per_kwh,
        quality=quality,
        spot_c_per_kwh=c_per_kwh / 2,
        context=PriceContext(descriptor="neutral", spike_status="none"),
    )


def price_run(
    start: datetime,
    values_c_per_kwh: list[float],
    channel: Channel = Channel.GENERAL,
    quality: Quality = Quality.ACTUAL,
) -> list[Price]:
    return [
        price(start + i * FIVE_MINUTES, value, channel, quality)
        for i, value in enumerate(values_c_per_kwh)
    ]


@dataclass(frozen=True)
class KnownBeside:
    """What stands beside the price, as a test says it."""

    beside: Beside

    def read(self, store: Store, settings: Settings, now: Now) -> Beside:
        del store, settings, now
        return self.beside


@dataclass
class RecordedHome:
    """A store to fill and an application that shows it."""

    folder: Path
    clock: StandingClock = field(default_factory=StandingClock)
    base_url: str = AMBER_BASE_URL
    has_site: bool = True
    tariff: str = "amber"
    shadow: tuple[str, ...] = ()
    power: PowerSettings = field(default_factory=PowerSettings)
    advice: AdviceSettings = field(default_factory=AdviceSettings)
    beside: Beside | None = None
    token: SecretStr | None = field(default_factory=lambda: SecretStr(CANARY_TOKEN))
    settings_folder: Path | None = None

    def __post_init__(self) -> None:
        self.path = self.folder / "home.sqlite"
        self.store = Store.open(self.path)
        if self.has_site:
            self.store.sources.save_sites([SITE])

    @property
    def site_key(self) -> int:
        key = self.store.sources.site_key(SITE.site_id)
        assert key is not None
        return key

    @property
    def settings(self) -> Settings:
        return Settings(
            home=HomeSettings(timezone="Australia/Sydney", store=self.path),
            amber=AmberSettings(token=self.token, base_url=self.base_url),
            bill=BillSettings(tariff=self.tariff),
            shadow=ShadowSettings(products=self.shadow),
            power=self.power,
            advice=self.advice,
        ).read_from(self.settings_folder or self.folder)

    def save(self, prices: list[Price], known_at: datetime | None = None) -> None:
        self.store.prices.save(self.site_key, prices, known_at or self.clock.time)

    def books(self, savings_aud: list[float], last_day: date) -> None:
        """The first shadow battery has so much saved on days up to one."""
        for number, saving_aud in enumerate(reversed(savings_aud)):
            self.store.shadow_days.book(
                ShadowDay(
                    product=self.shadow[0],
                    day=last_day - timedelta(days=number),
                    bill_saving_aud=saving_aud,
                    stored_gain_aud=0.0,
                    wear_aud=0.0,
                    start_stored_kwh=0.0,
                    end_stored_kwh=0.0,
                    end_worth_aud=0.0,
                    issued_fraction=0.5,
                    quality=Quality.ACTUAL,
                    is_after_hole=False,
                    fingerprint="made up",
                )
            )

    def is_collecting(self) -> None:
        """The collector has just asked, with success."""
        self.store.sources.record_success("amber", "prices now", self.clock.time)

    def tells(self, told: Sequence[PowerNow]) -> None:
        """Sources of power have just told so much."""
        present = present_power(self.path)
        present.write(told)
        weakref.finalize(self, present.path.unlink, missing_ok=True)

    def app(self) -> Flask:
        app = create_app(self.settings, self.clock)
        app.testing = True
        if self.beside is not None:
            app.extensions["home_energy"].beside = KnownBeside(self.beside)
        return app

    def client(self) -> FlaskClient:
        return self.app().test_client()
