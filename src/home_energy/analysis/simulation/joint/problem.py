"""Two storages behind one meter, a home battery and a car: what is given, what is due.

In each interval, with every energy on the AC side,

    solar - held back + import + discharge + car discharge + unserved
        = load + charge + car charge + export

and in the cells of the battery (S) and of the car (Z)

    S after = S before + charge * efficiency - discharge / efficiency
    Z after = Z before + charge * efficiency - discharge / efficiency - trip + public

where public charging is at most the trip. Everything is boxed: held back by the sun,
unserved by the load, the rest by the limits given. Paid for are import less export,
load not met, wear, public charging, and once at each boundary each kWh by which the car
is short of what is wanted there; what is stored at the end has its worth.
"""

from typing import NamedTuple

from home_energy.domain.series import FloatArray


class StorageFigures(NamedTuple):
    """One storage; energies in the cells."""

    capacity_kwh: float
    charge_efficiency: float
    discharge_efficiency: float
    charge_wear_c_per_kwh: float
    """Per kWh into the cells."""
    discharge_wear_c_per_kwh: float
    """Per kWh out of the cells, not for driving."""
    start_kwh: float
    end_least_kwh: float
    end_most_kwh: float
    end_worth_c_per_kwh: float
    """Of each kWh stored at the end."""


class JointSteps(NamedTuple):
    """What is given in each interval. (T,) but `ready_kwh`, contiguous float64"""

    buy_c_per_kwh: FloatArray
    sell_c_per_kwh: FloatArray
    load_kwh: FloatArray
    solar_kwh: FloatArray
    charge_limit_kwh: FloatArray
    """Of the battery, AC side, as the next."""
    discharge_limit_kwh: FloatArray
    car_charge_limit_kwh: FloatArray
    """AC side; 0 while the car is away or unplugged, as the next."""
    car_discharge_limit_kwh: FloatArray
    import_limit_kwh: FloatArray
    export_limit_kwh: FloatArray
    trip_kwh: FloatArray
    """Out of the car's cells in the interval in which a trip departs, else 0; never
    above the car's capacity."""
    ready_kwh: FloatArray
    """Wanted in the car at each boundary, 0 where nothing is; at boundary 0, what is
    short is a constant. (T + 1,)"""


class JointPrices(NamedTuple):
    """Prices that do not change."""

    unserved_c_per_kwh: float
    """Load not met; above any price."""
    public_c_per_kwh: float
    """A kWh into the car's cells charged elsewhere, on a trip."""
    short_c_per_kwh: float
    """A kWh by which the car is short of what is wanted, once at each boundary."""


JointProblem = tuple[JointSteps, StorageFigures, StorageFigures, JointPrices]
"""With the battery's figures first."""
