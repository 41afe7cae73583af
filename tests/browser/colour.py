"""Luminance and contrast as WCAG 2.2 defines them, and how others see colours."""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Rgb = tuple[int, int, int]

# Severity 1.0, on linear RGB. G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE Trans. Visualization and Computer Graphics 15(6), 2009, Table 1.
PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
TYPICAL = np.eye(3)


def linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Channels from 0 to 255 as light, from 0 to 1."""
    share = srgb / 255
    low, high = share / 12.92, ((share + 0.055) / 1.055) ** 2.4
    light: NDArray[np.float64] = np.where(share <= 0.04045, low, high)
    return light


def luminance(colour: Rgb, sight: NDArray[np.float64] = TYPICAL) -> float:
    """Relative luminance of a colour as somebody sees it, 0 to 1."""
    seen = np.clip(sight @ linear(np.array(colour, dtype=np.float64)), 0, 1)
    return float(seen @ [0.2126, 0.7152, 0.0722])


def mean_luminance(picture: Image.Image) -> float:
    """Mean relative luminance of all pixels, 0 to 1."""
    light = linear(np.asarray(picture, dtype=np.float64))
    return float((light @ [0.2126, 0.7152, 0.0722]).mean())


def contrast(one: Rgb, other: Rgb, sight: NDArray[np.float64] = TYPICAL) -> float:
    """Contrast ratio, 1 to 21."""
    dark, bright = sorted((luminance(one, sight), luminance(other, sight)))
    return (bright + 0.05) / (dark + 0.05)


def parse(css: str) -> Rgb:
    """Colour of a computed style, such as `rgb(1, 2, 3)`."""
    red, green, blue, *_ = (round(float(n)) for n in re.findall(r"[\d.]+", css))
    return red, green, blue


def two_main_colours(picture: Image.Image) -> tuple[Rgb, Rgb]:
    """Ground and ink: the two colours that fill most pixels."""
    pixels = np.asarray(picture).reshape(-1, 3)
    (ground, _), (ink, _) = Counter(map(tuple, pixels.tolist())).most_common(2)
    return ground, ink
