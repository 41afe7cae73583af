"""The past of the synthetic home: what its files would hold, had it files.

The household's meter and the market's operator publish days as files; the demo home has
none, so the same days are put on record here: three registers of the meter, the
wholesale price, and the rooftop solar of the home's region.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from home_energy.demo.retail_plan import CONTROLLED_LOAD, FEED_IN, GENERAL
from home_energy.demo.synthetic_home import INVERTER_KW, SyntheticHome
from home_energy.demo.synthetic_market import NMI, REGISTERS
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.rooftop import RooftopDay
from home_energy.domain.series import FloatArray
from home_energy.domain.spot import SPOT_C_PER_KWH_PER_RRP, SpotDay
from home_energy.store import Store

FIRST_DAY = date(2025, 1, 1)
"""The calendar year that reports are made of begins here."""

REGION = "VIC1"
METER_SOURCE = "nem12"

REGIONAL_ROOFS_MW = 5000.0
"""Of all roofs together when each gives its inverter's power. Assumed."""

_HALF_HOURS_PER_DAY, _HALF_HOURS_PER_HOUR = 48, 2


def keep_past_days(
    store: Store, home: SyntheticHome, days: Sequence[date], known_at: datetime
) -> None:
    """Put days of the home on record; twice is once.

    Parameters
    ----------
    days
        Over in the market's time.
    known_at
        When the files would have come in.
    """
    made = [(day, home.day(day)) for day in days]
    metered: dict[MeterRegister, list[MeterDay]] = {
        _register(GENERAL, Flow.GENERAL): [
            _metered(day, one.grid_import_kwh) for day, one in made
        ],
        _register(CONTROLLED_LOAD, Flow.CONTROLLED_LOAD): [
            _metered(day, one.hot_water_kwh) for day, one in made
        ],
        _register(FEED_IN, Flow.FEED_IN): [
            _metered(day, one.grid_export_kwh) for day, one in made
        ],
    }
    spot = [
        SpotDay(REGION, day, 5, one.spot_c_per_kwh / SPOT_C_PER_KWH_PER_RRP)
        for day, one in made
    ]
    roofs = [RooftopDay(REGION, day, _regional_mw(one.solar_kwh)) for day, one in made]
    store.meter_days.save(metered, known_at)
    store.spot_days.save(spot, known_at)
    store.rooftop_days.save(roofs, known_at)


def days_until(today: date) -> list[date]:
    """Every day from the first of the past to the one before `today`."""
    return [
        FIRST_DAY + timedelta(days=number) for number in range((today - FIRST_DAY).days)
    ]


def _register(channel: str, flow: Flow) -> MeterRegister:
    return MeterRegister(METER_SOURCE, NMI, REGISTERS[channel], flow)


def _metered(day: date, kwh: FloatArray) -> MeterDay:
    return MeterDay.of_one_quality(day, kwh, Quality.ACTUAL)


def _regional_mw(solar_kwh: FloatArray) -> FloatArray:
    """All roofs of the region under the home's sky. (48,) [MW]"""
    half_hours_kwh = solar_kwh.reshape(_HALF_HOURS_PER_DAY, -1).sum(axis=1)
    share: FloatArray = half_hours_kwh * _HALF_HOURS_PER_HOUR / INVERTER_KW
    return share * REGIONAL_ROOFS_MW
