"""Legible by day and by night, and to eyes that see colours otherwise."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.browser.colour import (
    DEUTERANOPIA,
    PROTANOPIA,
    TYPICAL,
    Rgb,
    contrast,
    luminance,
    mean_luminance,
    parse,
    two_main_colours,
)
from tests.browser.conftest import LookAt
from tests.browser.looking import Look
from tests.browser.panel import LANDSCAPE, PORTRAIT
from tests.browser.scenes import SCENES, TEST_SCENES

pytestmark = pytest.mark.xdist_group("browser")

ALL = [*SCENES, *TEST_SCENES]
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=str)
NIGHTS = [
    "night",
    "night-cheap",
    "night-expensive",
    "night-importing",
    "night-exporting",
    "autumn clock change",
]


@pytest.mark.parametrize(
    "scene",
    ["normal", "cheap", "expensive", "spike", "negative", "night", "night-cheap",
     "night-expensive", "night-spike", "no verdict"],
)  # fmt: skip
def test_number_has_contrast_in_real_pixels(scene: str, look: LookAt) -> None:
    seen = look(scene, LANDSCAPE)
    number = next(text for text in seen.texts if text.name == "number")
    left, top, right, bottom = (round(edge) for edge in number.rects[0])

    ground, ink = two_main_colours(seen.picture.crop((left, top, right, bottom)))

    assert contrast(ground, ink) >= 7


@pytest.mark.parametrize(
    ("fresh", "stale"),
    [("no verdict", "stale"), ("night", "autumn clock change")],
    ids=["day", "night"],
)
def test_stale_number_is_dimmed(fresh: str, stale: str, look: LookAt) -> None:
    ratios = []
    for scene in (fresh, stale):
        texts = look(scene, LANDSCAPE).texts
        number = next(text for text in texts if text.name == "number")
        ratios.append(contrast(parse(number.colour), parse(number.background)))

    # Dimmed to be noticed, yet legible.
    assert ratios[0] >= 1.3 * ratios[1]
    assert ratios[1] >= 4.5


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_every_text_has_contrast(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    faint = [
        (text.text, ratio)
        for text in look(scene, size).texts
        if (ratio := contrast(parse(text.colour), parse(text.background))) < 4.5
    ]

    assert faint == []


@pytest.mark.parametrize(
    "scenes",
    [("cheap", "normal", "expensive"), ("night-cheap", "night", "night-expensive")],
    ids=["day", "night"],
)
@pytest.mark.parametrize(
    "sight", [TYPICAL, PROTANOPIA, DEUTERANOPIA], ids=["grey", "protan", "deutan"]
)
def test_verdicts_differ_in_brightness_alone(
    scenes: tuple[str, ...], sight: NDArray[np.float64], look: LookAt
) -> None:
    fills = [_verdict_colour(look(scene, LANDSCAPE)) for scene in scenes]

    fills.sort(key=lambda fill: luminance(fill, sight))

    assert contrast(fills[0], fills[1], sight) >= 1.5
    assert contrast(fills[1], fills[2], sight) >= 1.5


@SIZES
@pytest.mark.parametrize("scene", NIGHTS)
def test_night_is_dark(scene: str, size: tuple[int, int], look: LookAt) -> None:
    seen = look(scene, size)

    assert "theme-night" in seen.theme
    assert mean_luminance(seen.picture) <= 0.05
    assert np.asarray(seen.picture).max() < 250


@SIZES
def test_a_spike_at_night_may_be_brighter(size: tuple[int, int], look: LookAt) -> None:
    assert mean_luminance(look("night-spike", size).picture) <= 0.30


def test_purple_is_kept_for_spikes(look: LookAt) -> None:
    purple = _verdict_colour(look("spike", LANDSCAPE))

    for scene in ("cheap", "normal", "expensive", "negative", "stale", "old"):
        colours = look(scene, LANDSCAPE).picture.getcolors(1 << 24)
        assert colours is not None
        assert purple not in [colour for _, colour in colours]


def test_feed_in_never_takes_an_import_colour(look: LookAt) -> None:
    verdicts = ("cheap", "normal", "expensive", "spike")
    imports = {_verdict_colour(look(scene, LANDSCAPE)) for scene in verdicts}

    for scene in verdicts:
        texts = look(scene, LANDSCAPE).texts
        sell = next(text for text in texts if text.text == "sell")
        assert parse(sell.background) not in imports


@pytest.mark.parametrize("scene", ["exporting", "night-exporting"])
def test_earning_has_the_colour_of_feed_in_and_costing_has_not(
    scene: str, look: LookAt
) -> None:
    importing = "night-importing" if "night" in scene else "importing"
    earned, sell = (_ground_of(look(scene, LANDSCAPE), n) for n in ("amount", "sell"))
    paid = _ground_of(look(importing, LANDSCAPE), "amount")

    assert earned == sell
    assert paid != sell


def test_stale_power_is_dimmed_and_a_close_peak_stands_out(look: LookAt) -> None:
    stale, now = (
        contrast(parse(text.colour), parse(text.background))
        for scene in ("power-stale", "importing")
        for text in look(scene, LANDSCAPE).texts
        if text.name == "hourly-number"
    )
    grounds = {
        text.background
        for scene in ("demand-window", "demand-close")
        for text in look(scene, LANDSCAPE).texts
        if "sentence" in text.name
    }

    assert now >= 1.3 * stale
    assert len(grounds) == 2


def _ground_of(seen: Look, what: str) -> Rgb:
    """Ground of the cost's number, or of a text."""
    name = "hourly-number" if what == "amount" else None
    text = next(t for t in seen.texts if t.name == name or t.text == what)
    return parse(text.background)


def _verdict_colour(seen: Look) -> Rgb:
    """Fill behind the word by day; at night, where no field is lit, the word."""
    word = next(text for text in seen.texts if text.name == "word")
    return parse(word.colour if "theme-night" in seen.theme else word.background)
