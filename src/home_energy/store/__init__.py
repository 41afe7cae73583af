"""The record: prices, forecasts as issued, meter, spot, weather, cars, sources."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from home_energy.errors import StoreError
from home_energy.store.advice import AdviceTable
from home_energy.store.car_history import CarHistoryTable
from home_energy.store.database import Database
from home_energy.store.day_merging import DaySaveResult
from home_energy.store.forecasts import ForecastTable
from home_energy.store.imports import ImportTable
from home_energy.store.market_forecasts import MarketForecastTable
from home_energy.store.meter_days import MeterDayTable
from home_energy.store.migrations import (
    migrate,
    pending,
    require_known_schema,
    schema_number,
)
from home_energy.store.notifications import NotificationTable
from home_energy.store.power import PowerTable
from home_energy.store.prices import PriceTable, SaveResult
from home_energy.store.readings import ReadingTable
from home_energy.store.rooftop_days import RooftopDayTable
from home_energy.store.shadow_days import ShadowDayTable
from home_energy.store.sources import SourceEvent, SourceStatus, SourceTable
from home_energy.store.spot_days import SpotDayTable
from home_energy.store.verdicts import VerdictTable
from home_energy.store.weather_days import WeatherDayTable

__all__ = ["DaySaveResult", "SaveResult", "SourceEvent", "SourceStatus", "Store"]


class Store:
    """One home's record in one SQLite file.

    Use one object in one thread; any number of objects may share the file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.prices = PriceTable(database)
        self.forecasts = ForecastTable(database)
        self.readings = ReadingTable(database)
        self.meter_days = MeterDayTable(database)
        self.spot_days = SpotDayTable(database)
        self.weather_days = WeatherDayTable(database)
        self.rooftop_days = RooftopDayTable(database)
        self.market_forecasts = MarketForecastTable(database)
        self.car_history = CarHistoryTable(database)
        self.shadow_days = ShadowDayTable(database)
        self.advice = AdviceTable(database)
        self.power = PowerTable(database)
        self.notifications = NotificationTable(database)
        self.imports = ImportTable(database)
        self.sources = SourceTable(database)
        self.verdicts = VerdictTable(database)

    @property
    def path(self) -> Path:
        """File that holds it."""
        return self._database.path

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open for writing; make the file and bring its schema up to date.

        Raises
        ------
        StoreError
            If the file cannot be opened or belongs to a newer program.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path.parent}: the folder for the store cannot be made ({error}); "
                "choose another with `store` in home.toml"
            ) from error
        database = Database(path)
        try:
            require_known_schema(database)
            database.use_write_ahead_log()
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def open_read_only(cls, path: Path) -> "Store":
        """Open for reading a store that is there and up to date.

        Raises
        ------
        StoreError
            If there is no store yet, or its schema is older or newer than expected.
        """
        if not _exists(path):
            raise StoreError(
                f"{path}: there is no store yet; `home-energy collect` or "
                "`home-energy import` makes it"
            )
        database = Database(path, read_only=True)
        try:
            _require_up_to_date(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it."""
        with self._database.transaction():
            yield

    def schema_number(self) -> int:
        """Number of the layout of this file."""
        return schema_number(self._database)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One state of the record for every read of the block, whoever writes."""
        with self._database.snapshot():
            yield

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def _require_up_to_date(database: Database) -> None:
    if pending(database):
        raise StoreError(
            f"{database.path}: the store is from an older version; "
            "run `home-energy migrate`"
        )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be looked for ({error}); check that its folder may be read"
        ) from error
