"""Where the record came from: one row for each file that was read into it."""

import json
from datetime import UTC, datetime

from home_energy.domain.import_record import ImportRecord
from home_energy.store.database import Database, Row
from home_energy.store.utc_seconds import from_utc_s, to_utc_s


class ImportTable:
    """Provenance of every imported file in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, record: ImportRecord) -> bool:
        """Keep where values came from; return whether the file was new.

        A file that is there already keeps its first entry.
        """
        changed = self._database.execute(
            "INSERT OR IGNORE INTO import_record VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.kind,
                record.sha256,
                record.file_name,
                record.source,
                record.byte_count,
                int(record.imported_at.timestamp()),
                record.row_count,
                record.value_count,
                record.new_count,
                record.changed_count,
                to_utc_s(record.first),
                to_utc_s(record.last),
                json.dumps(record.problems),
            ),
        )
        return changed > 0

    def all(self) -> list[ImportRecord]:
        """Every imported file, in order of import and name."""
        rows = self._database.rows(
            "SELECT kind, source, file_name, sha256, byte_count, imported_at_utc_s, "
            "row_count, value_count, new_count, changed_count, first_utc_s, "
            "last_utc_s, problems_json FROM import_record "
            "ORDER BY imported_at_utc_s, kind, file_name"
        )
        return [_to_record(row) for row in rows]


def _to_record(row: Row) -> ImportRecord:
    kind, source, file_name, sha256, byte_count, imported_s = row[:6]
    row_count, value_count, new_count, changed_count, first_s, last_s, problems = row[
        6:
    ]
    return ImportRecord(
        kind=kind,
        source=source,
        file_name=file_name,
        sha256=sha256,
        byte_count=byte_count,
        imported_at=datetime.fromtimestamp(imported_s, UTC),
        row_count=row_count,
        value_count=value_count,
        new_count=new_count,
        changed_count=changed_count,
        first=from_utc_s(first_s),
        last=from_utc_s(last_s),
        problems=tuple(json.loads(problems)),
    )
