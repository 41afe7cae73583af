"""What the API answers of running costs; see `models`."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, FiniteFloat

from home_energy.analysis.running_costs.day_cost import CostSource
from home_energy.dashboard.api.models import Answer


class DayCostRow(Answer):
    """One day of the home's clock, as far as it is known."""

    day: date
    """The day."""
    cost_aud: FiniteFloat | None
    """Energy of the known part and the day's fixed charges; null where nothing of the
    day is known. [AUD]"""
    energy_aud: FiniteFloat | None
    """What was bought less what was sold in the known part; null where nothing of the
    day is known. [AUD]"""
    supply_aud: FiniteFloat
    """Fixed charges of the whole day. [AUD]"""
    import_kwh: FiniteFloat
    """Bought in the known part. [kWh]"""
    export_kwh: FiniteFloat
    """Sold in the known part. [kWh]"""
    known_seconds: FiniteFloat
    """Time for which both energy and its price are known. [s]"""
    passed_seconds: FiniteFloat
    """Time of the day that is over. [s]"""
    source: CostSource
    """What the energy is known from."""


class MonthCostRow(Answer):
    """The meter's month so far; its days begin at midnight UTC+10."""

    first_day: date
    """First day of the month."""
    cost_aud: FiniteFloat | None
    """Energy of the known days and of the day so far, and fixed charges of every day
    that has begun; null where nothing is known of any day. [AUD]"""
    billed_day_count: int
    """Days over that are billed from usage on record."""
    measured_day_count: int
    """Days over that are known from live power alone."""
    missing_day_count: int
    """Days over of which only fixed charges are counted."""
    projected_aud: FiniteFloat | None
    """What the whole month will come to, if its other days cost what the last ones
    did; null where too few days are known. [AUD]"""
    refusal: str | None
    """Why the usage on record of this month cannot be billed."""


class TypicalCostRow(Answer):
    """What an hour at this time of day usually costs: not what it costs now."""

    aud_per_hour: FiniteFloat
    """Median over the days; negative when it earns. [AUD/h]"""
    day_count: int
    """Days that it is the median of."""
    last_day: date
    """Newest of them."""


class TrendRow(Answer):
    """Five minutes that are over."""

    start_utc: AwareDatetime
    """Start of the five minutes. [UTC]"""
    grid_watts: FiniteFloat | None
    """Mean power of the grid, positive when bought; null where it is not known. [W]"""
    cost_aud_per_hour: FiniteFloat | None
    """What an hour of it costs, negative when it earns; null where power or price is
    not known. [AUD/h]"""
    import_c_per_kwh: FiniteFloat | None
    """Price of what is bought; null where it is not known. [c/kWh]"""


class DemandRow(Answer):
    """How near the home is to a new peak that its tariff charges demand for.

    What is missing can only make a peak higher, and head-room less.
    """

    charge_name: str
    """As the bill prints it."""
    is_in_window: bool
    """Whether the demand window is open."""
    window_start_utc: AwareDatetime | None
    """Of the window that is open, else of the next; null where the month of the bill
    has none left. [UTC]"""
    window_end_utc: AwareDatetime | None
    """Its end. [UTC]"""
    interval_end_utc: AwareDatetime | None
    """End of the interval that is being measured; null where none is. [UTC]"""
    peak_kw: FiniteFloat | None
    """Highest mean power so far; 0 before the first interval is over, null where none
    of those that are is on record. [kW]"""
    peak_start_utc: AwareDatetime | None
    """Start of the interval of the peak. [UTC]"""
    minimum_kw: FiniteFloat
    """Charged even with a lower peak. [kW]"""
    measured_over: Literal["month", "season"]
    """For how long a peak counts."""
    current_kw: FiniteFloat | None
    """Mean power so far of the interval that is being measured; null where none is, or
    nothing of it is known. [kW]"""
    now_kw: FiniteFloat | None
    """Power of now; null while it is not fresh. [kW]"""
    head_room_kw: FiniteFloat | None
    """What the rest of the interval may average before it makes a new peak; negative
    where it has made one. [kW]"""
    left_kw: FiniteFloat | None
    """What may be switched on besides, and left on; negative where less must run.
    [kW]"""
    aud_per_kw: FiniteFloat
    """What each kW above the peak adds to the bills of the month or season. [AUD/kW]"""
    is_close: bool
    """Whether the interval will end above nine tenths of the peak, at the power of
    now."""
    missing_minutes: int
    """Of the windows that are over, how much is not on record. [minutes]"""
    is_current_partial: bool
    """Whether some of the running interval is not known."""
    amber_says_window: bool | None
    """Whether Amber calls this moment a demand window; null where it says nothing."""
    said: str
    """The same in a line, on the home's clock."""
    doubts: list[str]
    """What makes it less than sure."""


class CostsAnswer(Answer):
    """What the home's electricity has cost so far."""

    time_utc: AwareDatetime | None
    """The time, in whole seconds; null while no clock can be trusted, and then there
    are no costs either. [UTC]"""
    is_demo: bool
    """Whether the prices are invented: they do not come from the retailer."""
    today: DayCostRow | None
    """The day so far, from live power; null without any source of it."""
    yesterday: DayCostRow | None
    """The day before; null where too little of it is known."""
    month: MonthCostRow | None
    """The month so far; null where it cannot be billed."""
    fault: str | None
    """Why something is missing that can be mended."""
    typical: TypicalCostRow | None
    """This time of day in the last four weeks; null where too few days are on
    record."""
    trend: list[TrendRow]
    """The last six hours, in order."""
    demand: DemandRow | None
    """Demand that the tariff charges; null where it charges none in this month."""
