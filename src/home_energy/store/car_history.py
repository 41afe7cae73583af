"""The record of cars: one row for each drive and each charge, by who told of it."""

import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from home_energy.domain.car_history import CarHistory, Charge, Drive, Place
from home_energy.store.database import Database, Row
from home_energy.store.day_merging import DaySaveResult

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class RecordedCar:
    """A car of which a source told.

    Parameters
    ----------
    source, car
        As in `CarHistory`.
    first, last
        Start of its first and end of its last drive or charge. [aware UTC]
    """

    source: str
    car: str
    first: datetime
    last: datetime


class _Kind(NamedTuple):
    """Where drives or charges are kept: the key, both ends, and these columns."""

    table: str
    columns: tuple[str, ...]

    @property
    def names(self) -> str:
        return ", ".join(("start_utc_s", "end_utc_s", *self.columns))


_DRIVES = _Kind(
    "car_drive",
    (
        "km",
        "energy_kwh",
        "start_level_fraction",
        "end_level_fraction",
        "outside_c",
        "start_place_json",
        "end_place_json",
    ),
)
_CHARGES = _Kind(
    "car_charge",
    (
        "added_kwh",
        "drawn_kwh",
        "start_level_fraction",
        "end_level_fraction",
        "is_fast",
        "place_json",
    ),
)


class CarHistoryTable:
    """Drives and charges of every car in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, history: CarHistory) -> DaySaveResult:
        """Keep drives and charges, each by its start. Twice is once.

        A source's later word stands; what it leaves open replaces nothing. One that
        tells whole minutes does not add a second row to one that told seconds.

        Returns
        -------
        DaySaveResult
            Counts of drives and charges.
        """
        result = DaySaveResult()
        with self._database.transaction():
            key = self._car_key(history.source, history.car)
            for drive in history.drives:
                result += self._save_row(_DRIVES, key, _from_drive(drive))
            for charge in history.charges:
                result += self._save_row(_CHARGES, key, _from_charge(charge))
        return result

    def histories(self) -> list[RecordedCar]:
        """Every car with anything on record, by source and name."""
        rows = self._database.rows(
            "SELECT source, car, min(start_utc_s), max(end_utc_s) FROM car JOIN ("
            "SELECT car_key, start_utc_s, end_utc_s FROM car_drive UNION ALL "
            "SELECT car_key, start_utc_s, end_utc_s FROM car_charge) "
            "USING (car_key) GROUP BY car_key ORDER BY source, car"
        )
        return [
            RecordedCar(source, car, _moment(first), _moment(last))
            for source, car, first, last in rows
        ]

    def history(
        self, source: str, car: str, start: datetime, end: datetime
    ) -> CarHistory:
        """Drives and charges that touch a period, in order; empty of an unknown car.

        Parameters
        ----------
        start, end
            Half-open; what began before and had not ended is in it. [aware UTC]
        """
        return CarHistory(
            source,
            car,
            tuple(map(_to_drive, self._rows(_DRIVES, (source, car), start, end))),
            tuple(map(_to_charge, self._rows(_CHARGES, (source, car), start, end))),
        )

    def _rows(
        self, kind: _Kind, who: tuple[str, str], start: datetime, end: datetime
    ) -> list[Row]:
        sql = (
            f"SELECT {kind.names} FROM {kind.table} "  # noqa: S608 - our own names
            "JOIN car USING (car_key) WHERE source = ? AND car = ? "
            "AND start_utc_s < ? AND (end_utc_s > ? OR start_utc_s >= ?) "
            "ORDER BY start_utc_s"
        )
        since_s = start.timestamp()
        return self._database.rows(sql, (*who, end.timestamp(), since_s, since_s))

    def _car_key(self, source: str, car: str) -> int:
        self._database.execute(
            "INSERT OR IGNORE INTO car (source, car) VALUES (?, ?)", (source, car)
        )
        row = self._database.row(
            "SELECT car_key FROM car WHERE source = ? AND car = ?", (source, car)
        )
        return int((row or (0,))[0])

    def _save_row(self, kind: _Kind, key: int, new: Row) -> DaySaveResult:
        old = self._told_before(kind, key, new)
        if old is None:
            self._insert(kind, key, new)
            return DaySaveResult(new_count=1)
        is_coarser = _is_in_minutes(new) and not _is_in_minutes(old)
        times = old[:2] if is_coarser else new[:2]
        kept = (
            *times,
            *(b if b is not None else a for a, b in zip(old[2:], new[2:], strict=True)),
        )
        if kept == old:
            return DaySaveResult(unchanged_count=1)
        sql = f"DELETE FROM {kind.table} "  # noqa: S608 - our own names
        self._database.execute(
            sql + "WHERE car_key = ? AND start_utc_s = ?", (key, old[0])
        )
        self._insert(kind, key, kept)
        return DaySaveResult(changed_count=1)

    def _told_before(self, kind: _Kind, key: int, new: Row) -> Row | None:
        """Return the row on record that tells of the same drive or charge."""
        start_s, end_s = new[:2]
        rows = self._database.rows(
            f"SELECT {kind.names} FROM {kind.table} "  # noqa: S608 - our own names
            "WHERE car_key = ? AND start_utc_s BETWEEN ? AND ? "
            "ORDER BY abs(start_utc_s - ?)",
            (key, start_s - _MINUTE_S, start_s + _MINUTE_S, start_s),
        )
        for row in rows:
            is_near = abs(row[1] - end_s) <= _MINUTE_S
            is_twin = is_near and _is_in_minutes(row) != _is_in_minutes(new)
            if row[0] == start_s or is_twin:
                return row
        return None

    def _insert(self, kind: _Kind, key: int, row: Row) -> None:
        places = ", ".join("?" * (len(row) + 1))
        self._database.execute(
            f"INSERT INTO {kind.table} (car_key, {kind.names}) "  # noqa: S608
            f"VALUES ({places})",
            (key, *row),
        )


def _is_in_minutes(row: Row) -> bool:
    """Whether both ends are whole minutes, as some exports tell no more."""
    return not (int(row[0]) % _MINUTE_S or int(row[1]) % _MINUTE_S)


def _from_drive(drive: Drive) -> Row:
    return (
        int(drive.start.timestamp()),
        int(drive.end.timestamp()),
        drive.km,
        drive.energy_kwh,
        drive.start_level_fraction,
        drive.end_level_fraction,
        drive.outside_c,
        _from_place(drive.start_place),
        _from_place(drive.end_place),
    )


def _to_drive(row: Row) -> Drive:
    start_s, end_s, km, energy_kwh, start_level, end_level, outside_c, *places = row
    return Drive(
        _moment(start_s),
        _moment(end_s),
        km,
        energy_kwh,
        start_level,
        end_level,
        outside_c,
        *map(_to_place, places),
    )


def _from_charge(charge: Charge) -> Row:
    return (
        int(charge.start.timestamp()),
        int(charge.end.timestamp()),
        charge.added_kwh,
        charge.drawn_kwh,
        charge.start_level_fraction,
        charge.end_level_fraction,
        None if charge.is_fast is None else int(charge.is_fast),
        _from_place(charge.place),
    )


def _to_charge(row: Row) -> Charge:
    start_s, end_s, added_kwh, drawn_kwh, start_level, end_level, is_fast, place = row
    return Charge(
        _moment(start_s),
        _moment(end_s),
        added_kwh,
        drawn_kwh,
        start_level,
        end_level,
        None if is_fast is None else bool(is_fast),
        _to_place(place),
    )


def _from_place(place: Place) -> str | None:
    return None if place == Place() else json.dumps(astuple(place))


def _to_place(text: str | None) -> Place:
    return Place() if text is None else Place(*json.loads(text))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
