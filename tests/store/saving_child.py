"""A process that saves until it is killed and says what was acknowledged.

Run as a script with the path of a store and the number of the first row.
"""

import itertools
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from home_energy.domain.forecast import Forecast
from home_energy.domain.price import Channel, Price, Quality
from home_energy.store import Store
from tests.domain.sample_prices import FIVE_MINUTES, forecast_of

START = datetime(2025, 1, 1, tzinfo=UTC)


def row(number: int) -> Price:
    start = START + number * FIVE_MINUTES
    return Price(Channel.GENERAL, start, 5, number / 8, Quality.ACTUAL)


def issue(number: int) -> Forecast:
    issued_at = START + number * FIVE_MINUTES
    points = forecast_of([number / 8] * 8, issued_at + FIVE_MINUTES).points
    return Forecast(Channel.GENERAL, issued_at, points)


def save_for_ever(path: Path, first: int) -> None:
    store = Store.open(path)
    for number in itertools.count(first):
        price = row(number)
        with store.transaction():
            store.prices.save(1, [price], price.end)
            store.forecasts.save(1, [issue(number)])
        if number % 20 == 0:  # some die while packing
            store.forecasts.pack_finished_blocks(1, price.end + timedelta(days=1))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    save_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
