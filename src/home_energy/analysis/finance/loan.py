"""Money that is borrowed for a purchase, and paid back by the year."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.series import FloatArray
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan with equal repayments at the end of each year.

    Parameters
    ----------
    share_fraction
        Of what the household pays for the purchase.
    rate_fraction_per_year
        Interest as the bank says it, so nominal.
    years
        Until it is paid back, whole years.

    Raises
    ------
    DataError
        With every fault at once.
    """

    share_fraction: float
    rate_fraction_per_year: float
    years: int

    def __post_init__(self) -> None:
        """Refuse a loan that cannot be."""
        faults = []
        if not 0 <= self.share_fraction <= 1:
            faults.append(f"share_fraction must be 0 to 1, got {self.share_fraction}")
        if not 0 <= self.rate_fraction_per_year < 1:
            faults.append(
                f"rate_fraction_per_year must be 0 or more and below 1, got "
                f"{self.rate_fraction_per_year}"
            )
        if self.years < 1:
            faults.append(f"years must be 1 or more, got {self.years}")
        if faults:
            raise DataError(f"loan: {'; '.join(faults)}; take them from its offer")

    @property
    def repayment_fraction_per_year(self) -> float:
        """Yearly repayment of one dollar borrowed: 1 / (sum of (1+r)^-k to the end)."""
        return 1 / self._worth_of_repayments(self.years)

    def flow_per_aud(self, horizon_years: int) -> FloatArray:
        """What one dollar of the purchase's price borrows and pays back.

        What is still owed when the horizon ends is paid back then.

        Returns
        -------
        FloatArray
            Nominal, at the end of each year, year 0 first. (Y+1,) [AUD/AUD]
        """
        flow = np.zeros(horizon_years + 1)
        flow[0] = 1.0
        flow[1 : self.years + 1] = -self.repayment_fraction_per_year
        flow[-1] -= self._owed_after(horizon_years)
        return self.share_fraction * flow

    def _owed_after(self, years: int) -> float:
        """Value of the repayments that are still to come. [AUD/AUD]"""
        left = max(self.years - years, 0)
        return self.repayment_fraction_per_year * self._worth_of_repayments(left)

    def _worth_of_repayments(self, years: int) -> float:
        """Worth of a dollar at the end of each year, at the loan's rate. [AUD]"""
        growth = 1 + self.rate_fraction_per_year
        return float(np.sum(growth ** -np.arange(1.0, years + 1)))
