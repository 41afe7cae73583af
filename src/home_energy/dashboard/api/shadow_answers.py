"""From booked days to answers of the API. Nothing is computed here."""

from datetime import date

from home_energy.dashboard.api.models import QualityWord
from home_energy.dashboard.api.shadow_models import (
    ShadowAnswer,
    ShadowDayRow,
    ShadowPassRow,
    ShadowProduct,
)
from home_energy.dashboard.shadow_words import shadow_sentence
from home_energy.domain.shadow_day import ShadowDay
from home_energy.settings import Settings
from home_energy.store import Store

MOST_DAYS = 31


def shadow_answer(store: Store, settings: Settings, today: date) -> ShadowAnswer:
    """Every chosen battery, and how the last pass went."""
    with store.snapshot():
        last = store.shadow_days.last_pass()
        return ShadowAnswer(
            is_demo=settings.amber.is_demo,
            products=[
                _product(store, product, today) for product in settings.shadow.products
            ],
            last_pass=None
            if last is None
            else ShadowPassRow(
                ended_utc=last.ended_at, said=last.said, is_failure=last.is_failure
            ),
        )


def _product(store: Store, product: str, today: date) -> ShadowProduct:
    found = store.shadow_days.sum_of(product)
    days = store.shadow_days.days(product)[-MOST_DAYS:]
    return ShadowProduct(
        product=product,
        said=None if found is None else shadow_sentence(found, today),
        first_day=None if found is None else found.first_day,
        last_day=None if found is None else found.last_day,
        day_count=0 if found is None else found.day_count,
        hole_count=0 if found is None else found.hole_count,
        saving_aud=None if found is None else found.saving_aud,
        wear_aud=None if found is None else found.wear_aud,
        days=[_day(day) for day in days],
    )


def _day(day: ShadowDay) -> ShadowDayRow:
    return ShadowDayRow(
        day=day.day,
        saving_aud=day.saving_aud,
        bill_saving_aud=day.bill_saving_aud,
        stored_gain_aud=day.stored_gain_aud,
        wear_aud=day.wear_aud,
        start_stored_kwh=day.start_stored_kwh,
        end_stored_kwh=day.end_stored_kwh,
        issued_fraction=day.issued_fraction,
        quality=QualityWord(day.quality.name.lower()),
        is_after_hole=day.is_after_hole,
    )
