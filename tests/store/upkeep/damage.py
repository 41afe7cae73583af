"""Ways in which a card damages a record."""

import sqlite3
from contextlib import closing
from pathlib import Path

from home_energy.domain.price import Price
from home_energy.store import Store
from tests.store.conftest import site
from tests.store.saving_child import issue, row

ROWS = 400


def record(path: Path, rows: int = ROWS, first: int = 0) -> None:
    """Save prices and forecasts, as a collector would."""
    store = Store.open(path)
    store.sources.save_sites([site()])
    with store.transaction():
        for number in range(first, first + rows):
            price = row(number)
            store.prices.save(1, [price], price.end)
            if number % 10 == 0:
                store.forecasts.save(1, [issue(number)])
    store.close()


def prices(path: Path) -> list[Price]:
    """Every price on record."""
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM price").fetchone()
    first = row(0)
    store = Store.open_read_only(path)
    found = store.prices.between(1, first.channel, first.start, row(100_000).start)
    store.close()
    assert len(found) == count
    return found


def spoil_table(path: Path, table: str = "price") -> None:
    """Overwrite the pages of a table, as a block of the card that lost its charge."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = [
            number - 1
            for (number,) in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = ?", (table,)
            )
        ]
    with path.open("r+b") as file:
        for number in pages:
            file.seek(number * 1024)
            file.write(b"\xa5" * 1024)


def spoil_head(path: Path) -> None:
    """Overwrite the first page: then it is no database at all."""
    with path.open("r+b") as file:
        file.write(b"\xa5" * 1024)


def flip_a_bit(path: Path) -> None:
    """Change one bit in the middle of a file."""
    with path.open("r+b") as file:
        middle = path.stat().st_size // 2
        file.seek(middle)
        (byte,) = file.read(1)
        file.seek(middle)
        file.write(bytes([byte ^ 0x10]))
