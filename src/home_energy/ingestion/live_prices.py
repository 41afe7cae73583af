"""One question for the price now: what is kept of its answer, and the verdict on it."""

from datetime import datetime, timedelta

from home_energy.domain.price import Channel, Price
from home_energy.domain.time_grid import floor_to_step
from home_energy.domain.verdict import HISTORY, PriceLevels, decide, price_levels
from home_energy.errors import SourceUnavailable
from home_energy.ingestion.market_schedule import TICK, PollState, is_settled
from home_energy.ingestion.source_notes import SourceNotes
from home_energy.ingestion.sources.amber import AmberClient, CurrentPrices
from home_energy.store import Store

TASK_PRICES = "prices now"

LEAST_PREVIOUS, MOST_PREVIOUS = 12, 288
FOLLOWING_INTERVALS = 288
KEEP_FORECAST_BY = timedelta(seconds=80)
"""A forecast is kept with the confirmed price, or this long into the tick."""

PRICE_DUE_AFTER = timedelta(seconds=20)
"""In the first seconds of a tick Amber may still lack its price: no failure yet."""

LEVELS_EVERY = timedelta(hours=1)
STATUS_EVERY = timedelta(minutes=5)
_ZERO = timedelta(0)


class LivePrices:
    """Asks for the price now and keeps what the answer brings."""

    def __init__(self, client: AmberClient, store: Store, notes: SourceNotes) -> None:
        self._client = client
        self._store = store
        self._notes = notes
        self._forecast_tick: datetime | None = None
        self._noted_at: datetime | None = None
        self._levels: tuple[datetime, PriceLevels] | None = None

    def ask(self, site_id: str, site_key: int, now: datetime) -> PollState:
        """Ask once and keep the answer in one transaction, then judge it.

        Raises
        ------
        SourceError
            If there is no usable answer, or none with a price for now in it; the
            prices that did come are kept.
        """
        noted_at, self._noted_at = self._noted_at, None  # a failure makes it due
        answer = self._client.current_prices(
            site_id,
            previous=self._previous_wanted(site_key, now),
            following=FOLLOWING_INTERVALS,
        )
        current = _current_price(answer)
        at = answer.answered_at
        settled = current is not None and is_settled(current, at)
        is_note_due = noted_at is None or not _ZERO <= at - noted_at < STATUS_EVERY
        with self._store.transaction():
            saved = self._store.prices.save(site_key, answer.prices, at)
            has_forecast = self._keep_forecast(site_key, answer, settled=settled)
            has_changed = has_forecast or saved.inserted + saved.revised > 0
            is_noted = current is not None and (has_changed or is_note_due)
            if is_noted:
                self._notes.success(TASK_PRICES, at)
        # Only now is it on record; before, the disk could still have been full.
        tick = floor_to_step(at, TICK)
        self._forecast_tick = tick if has_forecast else self._forecast_tick
        self._noted_at = at if is_noted else noted_at
        if current is None and at - tick >= PRICE_DUE_AFTER:
            raise SourceUnavailable(
                "Amber answered without a current price; it may be down, trying again"
            )
        if current is not None and has_changed:
            self._judge(site_key, answer)
        return PollState(at, settled)

    def _previous_wanted(self, site_key: int, now: datetime) -> int:
        """Intervals to ask for so that an outage of up to a day closes at once."""
        newest = self._store.prices.latest(site_key, Channel.GENERAL)
        if newest is None:
            return LEAST_PREVIOUS
        price, _ = newest
        missing = (now - price.start) // timedelta(minutes=price.duration_minutes)
        return min(max(missing + 1, LEAST_PREVIOUS), MOST_PREVIOUS)

    def _keep_forecast(
        self, site_key: int, answer: CurrentPrices, *, settled: bool
    ) -> bool:
        """Keep one forecast in each tick; return whether this is the one."""
        tick = floor_to_step(answer.answered_at, TICK)
        is_late = answer.answered_at - tick >= KEEP_FORECAST_BY
        # The first after a start is kept at once: the screen may have none.
        is_due = settled or is_late or self._forecast_tick is None
        is_wanted = is_due and tick != self._forecast_tick
        if not is_wanted or not answer.forecasts:
            return False
        self._store.forecasts.save(site_key, answer.forecasts)
        return True

    def _judge(self, site_key: int, answer: CurrentPrices) -> None:
        newest = self._store.prices.latest(site_key, Channel.GENERAL)
        if newest is None:
            return
        price, _ = newest
        general = (f for f in answer.forecasts if f.channel is Channel.GENERAL)
        decision = decide(
            self._store.verdicts.latest(site_key),
            price,
            answer.answered_at,
            self._recent_levels(site_key, answer.answered_at),
            next(general, None),
        )
        if decision is not None:
            self._store.verdicts.save(site_key, decision)

    def _recent_levels(self, site_key: int, now: datetime) -> PriceLevels | None:
        """Levels of the last month, worked out anew each hour."""
        hour = floor_to_step(now, LEVELS_EVERY)
        if self._levels is None or self._levels[0] != hour:
            recent = self._store.prices.values_between(
                site_key, Channel.GENERAL, now - HISTORY, now
            )
            levels = price_levels(recent)
            self._levels = None if levels is None else (hour, levels)
        return None if self._levels is None else self._levels[1]


def _current_price(answer: CurrentPrices) -> Price | None:
    """Import price of the interval in which the answer was given."""
    for price in answer.prices:
        is_now = price.start <= answer.answered_at < price.end
        if price.channel is Channel.GENERAL and is_now:
            return price
    return None
