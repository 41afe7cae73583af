"""Where each bar of the coming hours stands, in per cent of its picture.

In per cent the same picture fits every screen. Prices below zero hang below the axis;
one beyond the ceiling is cut there and carries its figure, so that a single spike does
not flatten the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import median

from home_energy.dashboard.figures import short_price
from home_energy.dashboard.home.coming import HALF_HOUR, HalfHour
from home_energy.dashboard.local_words import hour_words
from home_energy.domain.verdict import CheapestRun, PriceLevels

HEADROOM_PERCENT = 28.0
"""Kept free above the ceiling for the figures."""

FILLED_FRACTION = 0.72
"""Share of its half-hour's width that a bar fills."""

BAND_FRACTION = 0.14
LEAST_HEIGHT_PERCENT = 1.0
LEAST_CEILING_C_PER_KWH = 30.0
CEILING_MEDIANS = 2.5
UNSURE_SPREAD_FRACTION = 0.5
UNSURE_SPREAD_C_PER_KWH = 10.0
LABEL_HALF_HOURS = 4
"""Least distance of two figures, so that they never touch."""

LETTER_PERCENT = 1.75
"""Mean width of a letter of the caption."""

TICK_HOURS = 3
EDGE_PERCENT = 7.0
"""Half the width of the widest text: closer to an edge it would leave the picture."""


@dataclass(frozen=True, slots=True)
class Box:
    """Rectangle in the picture, from its top left corner. [%]"""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A few letters at a place; `anchor` is SVG's start, middle or end. x, y in %."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """One half-hour.

    Parameters
    ----------
    box
        From the axis to the price.
    kind
        `cheap`, `normal`, `expensive` or `spike`; `plain` where no level is known.
    band
        From the low to the high end of the forecast, where it has them.
    is_cut
        Whether the price lies beyond the ceiling.
    is_unsure
        Whether the band is wide.
    """

    box: Box
    kind: str
    band: Box | None
    is_cut: bool
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """The whole picture; `holes` are half-hours of which nothing is known.

    `covered` are figures of the headroom where a caption in it would hide them.
    """

    bars: tuple[Bar, ...]
    holes: tuple[Box, ...]
    labels: tuple[Label, ...]
    covered: tuple[Label, ...]
    ticks: tuple[Label, ...]
    cheapest: Box | None
    axis_y: float


@dataclass(frozen=True, slots=True)
class _Scale:
    """Price to height: the axis is at zero."""

    floor_c_per_kwh: float
    ceiling_c_per_kwh: float

    def y(self, c_per_kwh: float) -> float:
        """Distance from the top of the picture. [%]"""
        inside = min(max(c_per_kwh, self.floor_c_per_kwh), self.ceiling_c_per_kwh)
        span = self.ceiling_c_per_kwh - self.floor_c_per_kwh
        share = (self.ceiling_c_per_kwh - inside) / span
        return HEADROOM_PERCENT + share * (100 - HEADROOM_PERCENT)


@dataclass(frozen=True, slots=True)
class _Picture:
    """How one half-hour becomes a bar; `pitch` is its width. [%]"""

    scale: _Scale
    levels: PriceLevels | None
    pitch: float

    def bar(self, i: int, half_hour: HalfHour, c_per_kwh: float) -> Bar:
        """Bar of the half-hour number `i`, whose price is known."""
        low, high = half_hour.low_c_per_kwh, half_hour.high_c_per_kwh
        band, is_unsure = None, False
        if low is not None and high is not None and high >= low:
            band = self._box(i, low, high, BAND_FRACTION)
            part = UNSURE_SPREAD_FRACTION * abs(c_per_kwh)
            is_unsure = high - low > max(UNSURE_SPREAD_C_PER_KWH, part)
        return Bar(
            box=self._box(i, 0, c_per_kwh, FILLED_FRACTION),
            kind=_kind(half_hour, c_per_kwh, self.levels),
            band=band,
            is_cut=c_per_kwh > self.scale.ceiling_c_per_kwh,
            is_unsure=is_unsure,
        )

    def hole(self, i: int) -> Box:
        """Mark on the axis where nothing is known."""
        return self._box(i, 0, 0, FILLED_FRACTION)

    def _box(self, i: int, one: float, other: float, share: float) -> Box:
        """From one price to another, over a share of the half-hour's width."""
        top, bottom = sorted((self.scale.y(one), self.scale.y(other)))
        x = (i + (1 - share) / 2) * self.pitch
        height = max(bottom - top, LEAST_HEIGHT_PERCENT)
        return Box(x, top, share * self.pitch, height)


def draw_bars(
    half_hours: Sequence[HalfHour],
    levels: PriceLevels | None,
    cheapest: CheapestRun | None,
    zone: tzinfo,
) -> Bars | None:
    """Draw the coming half-hours; `None` when nothing is known of any.

    Parameters
    ----------
    half_hours
        In order, without a gap between them.
    levels
        Where cheap ends and expensive begins; `None` leaves the bars plain.
    cheapest
        Stretch to be marked.
    zone
        Local time of the axis.
    """
    known = [h.c_per_kwh for h in half_hours if h.c_per_kwh is not None]
    if not known:
        return None
    picture = _Picture(_scale(known), levels, 100 / len(half_hours))
    numbered = list(enumerate(half_hours))
    return Bars(
        bars=tuple(
            picture.bar(i, half_hour, half_hour.c_per_kwh)
            for i, half_hour in numbered
            if half_hour.c_per_kwh is not None
        ),
        holes=tuple(picture.hole(i) for i, h in numbered if h.c_per_kwh is None),
        labels=tuple(_labels(half_hours, picture)),
        covered=(),
        ticks=tuple(_ticks(half_hours, picture.pitch, zone)),
        cheapest=_cheapest_box(half_hours, cheapest),
        axis_y=picture.scale.y(0),
    )


def make_room(labels: Sequence[Label], caption: str) -> tuple[tuple[Label, ...], bool]:
    """Find the end of the headroom where the caption hides the least.

    Parameters
    ----------
    labels
        Figures in the headroom, the most important one first.
    caption
        Words that stand in the headroom too, at its left or right end.

    Returns
    -------
    tuple
        The figures that stay clear of the caption, and whether it goes to the right.
    """
    width = (len(caption) + 3) * LETTER_PERCENT
    left = tuple(label for label in labels if label.x - EDGE_PERCENT >= width)
    right = tuple(label for label in labels if label.x + EDGE_PERCENT <= 100 - width)
    is_right = bool(right) and right[0] == labels[0] and left[:1] != right[:1]
    return (right, True) if is_right else (left, False)


def _scale(known_c_per_kwh: Sequence[float]) -> _Scale:
    usual = max(LEAST_CEILING_C_PER_KWH, CEILING_MEDIANS * median(known_c_per_kwh))
    ceiling = min(usual, max(*known_c_per_kwh, 1.0, 0.0))
    floor = max(min(*known_c_per_kwh, 0.0, 0.0), -ceiling)
    return _Scale(floor, ceiling)


def _kind(half_hour: HalfHour, c_per_kwh: float, levels: PriceLevels | None) -> str:
    if half_hour.is_spike_possible:
        return "spike"
    if levels is None:
        return "plain"
    if c_per_kwh <= levels.cheap_below_c_per_kwh:
        return "cheap"
    return "expensive" if c_per_kwh >= levels.expensive_above_c_per_kwh else "normal"


def _labels(half_hours: Sequence[HalfHour], picture: _Picture) -> list[Label]:
    """Figures of the highest bar and of those that are cut, the higher ones first."""
    known = [
        (h.c_per_kwh, i) for i, h in enumerate(half_hours) if h.c_per_kwh is not None
    ]
    placed: list[int] = []
    labels = []
    for c_per_kwh, i in sorted(known, key=lambda pair: (-pair[0], pair[1])):
        if placed and c_per_kwh <= picture.scale.ceiling_c_per_kwh:
            break
        if all(abs(i - other) >= LABEL_HALF_HOURS for other in placed):
            placed.append(i)
            x, anchor = _inside((i + 0.5) * picture.pitch)
            y = picture.scale.y(c_per_kwh)
            labels.append(Label(x, y, short_price(c_per_kwh), anchor))
    return labels


def _inside(x: float) -> tuple[float, str]:
    """Place of a text so that it does not leave the picture."""
    if x < EDGE_PERCENT:
        return 0.0, "start"
    return (100.0, "end") if x > 100 - EDGE_PERCENT else (x, "middle")


def _ticks(half_hours: Sequence[HalfHour], pitch: float, zone: tzinfo) -> list[Label]:
    ticks = []
    for i, half_hour in enumerate(half_hours):
        local = half_hour.start.astimezone(zone)
        x = i * pitch
        if (
            local.minute == 0
            and local.hour % TICK_HOURS == 0
            and EDGE_PERCENT <= x <= 100 - EDGE_PERCENT
        ):
            ticks.append(Label(x, 0, hour_words(half_hour.start, zone)))
    return ticks


def _cheapest_box(
    half_hours: Sequence[HalfHour], cheapest: CheapestRun | None
) -> Box | None:
    if cheapest is None:
        return None
    left, right = _place(half_hours, cheapest.start), _place(half_hours, cheapest.end)
    if right <= left:
        return None
    return Box(left, HEADROOM_PERCENT, right - left, 100 - HEADROOM_PERCENT)


def _place(half_hours: Sequence[HalfHour], moment: datetime) -> float:
    """Distance of an instant from the left edge, within the picture. [%]"""
    share = (moment - half_hours[0].start) / (len(half_hours) * HALF_HOUR)
    return min(max(share, 0.0), 1.0) * 100
