"""What a picture of the panel shows, as far as can be told from its colours."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BROWSERS_OWN = ((255, 255, 255), (32, 33, 36), (31, 31, 31), (60, 60, 60))
"""Grounds of Chromium's own pages, by day and by night; ours has none of them."""

BLOCK_PIXELS = 16
OTHER_LEVELS = 24
"""So much the mean of a block differs where something else stands. [of 255]"""


def pixels(png: bytes) -> NDArray[np.int16]:
    """Red, green and blue of a picture. (height, width, 3)"""
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"), dtype=np.int16)


def share_of_the_browsers_own(png: bytes) -> float:
    """Share of a picture in the colours of the browser's own pages."""
    seen = pixels(png)
    own = np.zeros(seen.shape[:2], dtype=bool)
    for colour in BROWSERS_OWN:
        own |= (seen == colour).all(axis=2)
    return float(own.mean())


def share_that_differs(one: bytes, other: bytes) -> float:
    """Share of blocks in which two pictures of one size show something else."""
    difference = np.abs(pixels(one) - pixels(other)).mean(axis=2)
    rows, columns = (size // BLOCK_PIXELS for size in difference.shape)
    cut = difference[: rows * BLOCK_PIXELS, : columns * BLOCK_PIXELS]
    blocks = cut.reshape(rows, BLOCK_PIXELS, columns, BLOCK_PIXELS).mean(axis=(1, 3))
    return float((blocks > OTHER_LEVELS).mean())


def size(png: bytes) -> tuple[int, int]:
    """Width and height. [pixels]"""
    height, width, _ = pixels(png).shape
    return width, height


def share_of_lone_edge(png: bytes) -> float:
    """Share of the last rows and columns that is black: what no window covers."""
    seen = pixels(png)
    edge = np.concatenate([seen[-8:].reshape(-1, 3), seen[:, -8:].reshape(-1, 3)])
    return float((edge == 0).all(axis=1).mean())
