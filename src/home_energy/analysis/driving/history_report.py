"""What was odd in a car's history, and what was done about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """Counts of a history, for a result to tell.

    Parameters
    ----------
    used_drive_count, used_km
        Drives in a trip; joined ones count as one. [km]
    empty_count
        Left out: without a kilometre or without a minute.
    repeated_count, repeated_km
        Left out: within the time of another one. [km]
    joined_count
        Began before the one before had ended, and are one with it.
    missing_count
        Drives that must have been, as the car was found elsewhere than it was left.
    unfinished_count, unfinished_km
        Trips at the end from which nobody has come back, left out. [km]
    estimated_count, estimated_kwh
        Drives without energy on record, and what the consumption makes of them.
    gained_count
        Trips that gave more than they took; they count as taking nothing.
    public_count, public_kwh
        Charges elsewhere. [kWh into the cells]
    placeless_count
        Charges of which the place is not told: elsewhere if on a trip, else at home.
    contradictions
        Charges that cannot have been where drives say the car was, each in words.
    """

    used_drive_count: int
    used_km: float
    empty_count: int
    repeated_count: int
    repeated_km: float
    joined_count: int
    missing_count: int
    unfinished_count: int
    unfinished_km: float
    estimated_count: int
    estimated_kwh: float
    gained_count: int
    public_count: int
    public_kwh: float
    placeless_count: int
    contradictions: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd, a sentence for each kind."""
        kinds = {
            "drives without a kilometre or a minute, left out": self.empty_count,
            f"drives within the time of another, {self.repeated_km:.1f} km, left out": (
                self.repeated_count
            ),
            "drives that overlap the one before, joined to it": self.joined_count,
            "drives that are missing, as the car was found elsewhere than it was left; "
            "what they took is in no trip": self.missing_count,
            f"trips not finished at the end, {self.unfinished_km:.1f} km, left out": (
                self.unfinished_count
            ),
            f"drives without energy on record, taken as {self.estimated_kwh:.1f} kWh "
            "by the consumption": self.estimated_count,
            "trips that gave more than they took, taken as 0 kWh": self.gained_count,
            "charges without a place: elsewhere if on a trip, else at home": (
                self.placeless_count
            ),
        }
        counted = [f"{words}: {count}" for words, count in kinds.items() if count]
        return (*counted, *self.contradictions)
