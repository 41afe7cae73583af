"""Prices as numbers on the screen."""

from dataclasses import dataclass

from home_energy.domain.price import Price, Quality

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class PriceFigure:
    """The number on the screen.

    Parameters
    ----------
    digits
        Such as `34.2`.
    is_paid
        Whether the figure is below zero: a sign stands before it.
    is_dollars
        Whether it is in dollars, not cents.
    is_estimate
        Whether `~` stands before it.
    """

    digits: str
    is_paid: bool
    is_dollars: bool
    is_estimate: bool

    @property
    def sign(self) -> str:
        """Minus, or nothing."""
        return MINUS if self.is_paid else ""

    @property
    def dollar(self) -> str:
        """Dollar sign, or nothing."""
        return "$" if self.is_dollars else ""

    @property
    def unit(self) -> str:
        """What stands behind it."""
        return "/kWh" if self.is_dollars else "c/kWh"

    @property
    def text(self) -> str:
        """The whole of it, such as `34.2`, `~$1.9`, `$19.42`."""
        return f"{'~' * self.is_estimate}{self.sign}{self.dollar}{self.digits}"

    @property
    def size(self) -> int:
        """How many broad letters must fit beside each other."""
        return len(self.text.replace(".", ""))


def price_figure(price: Price) -> PriceFigure:
    """Figure of a price: cents with a tenth, from 100 c on dollars.

    An estimate in dollars is told to ten cents: it is not known better.
    """
    cents = round(price.c_per_kwh, 1)
    is_dollars = abs(cents) >= 100
    is_estimate = price.quality < Quality.ACTUAL
    if is_dollars:
        digits = f"{abs(price.c_per_kwh) / 100:.{1 if is_estimate else 2}f}"
    else:
        digits = f"{abs(cents):.1f}"
    return PriceFigure(digits, cents < 0, is_dollars, is_estimate)


def short_price(c_per_kwh: float) -> str:
    """Price in as few letters as tell it: `8c`, `-3c`, from 100 c on `$1.9`, `$15`."""
    if abs(round(c_per_kwh)) < 100:
        cents = round(c_per_kwh)
        return f"{MINUS if cents < 0 else ''}{abs(cents)}c"
    dollars = abs(c_per_kwh) / 100
    digits = 0 if dollars >= 9.95 else 1
    return f"{MINUS if c_per_kwh < 0 else ''}${dollars:.{digits}f}"


def hourly_dollars(aud_per_hour: float) -> str:
    """Size of a cost of an hour in at most three figures: `0.48`, `12.3`, `843`.

    Its sign is said in words beside it.
    """
    dollars = abs(aud_per_hour)
    if dollars < 9.995:
        return f"{dollars:.2f}"
    if dollars < 99.95:
        return f"{dollars:.1f}"
    return f"{dollars:.0f}" if dollars < 999.5 else f"{dollars / 1000:.1f}k"


def kilowatts(watts: float) -> str:
    """Size of a power in kilowatts: `0.4`, `12.3`, `104`. Its sign is said in words."""
    kw = abs(watts) / 1000
    return f"{kw:.1f}" if kw < 99.95 else f"{kw:.0f}"
