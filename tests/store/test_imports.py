"""Where the record came from: one entry for each file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from home_energy.domain.import_record import ImportRecord
from home_energy.store import Store

AT = datetime(2025, 4, 1, 2, 3, 4, tzinfo=UTC)
RECORD = ImportRecord(
    kind="aemo",
    source="aemo",
    file_name="year.zip/PRICE_AND_DEMAND_202503_VIC1.csv",
    sha256="ab" * 32,
    byte_count=403_022,
    imported_at=AT,
    row_count=8_928,
    value_count=8_927,
    new_count=8_900,
    changed_count=3,
    first=datetime(2025, 2, 28, 14, tzinfo=UTC),
    last=datetime(2025, 3, 31, 14, tzinfo=UTC),
    problems=("a.csv:7: odd", "a.csv:9: odder \u2013 'quoted'"),
)


def test_an_entry_comes_back_as_it_was_saved(store: Store) -> None:
    assert store.imports.save(RECORD)

    assert store.imports.all() == [RECORD]


def test_a_file_keeps_its_first_entry(store: Store) -> None:
    store.imports.save(RECORD)

    is_new = store.imports.save(
        replace(RECORD, imported_at=AT + timedelta(days=1), new_count=0)
    )

    assert not is_new
    assert store.imports.all() == [RECORD]


def test_a_file_with_no_value_has_no_period(store: Store) -> None:
    empty = replace(RECORD, value_count=0, first=None, last=None, problems=())

    store.imports.save(empty)

    assert store.imports.all() == [empty]


def test_members_of_one_archive_and_other_sources_have_their_own(store: Store) -> None:
    records = [
        replace(RECORD, file_name="year.zip/a.csv"),
        replace(RECORD, file_name="year.zip/b.csv"),
        replace(RECORD, kind="table", source="table:jemena"),
        replace(RECORD, sha256="cd" * 32, imported_at=AT + timedelta(seconds=1)),
    ]

    for record in reversed(records):
        assert store.imports.save(record)

    # In order of import, then kind and name.
    assert store.imports.all() == records
