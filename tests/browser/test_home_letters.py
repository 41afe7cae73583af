"""Large enough at three metres, nothing cut off, nothing on top of another."""

from itertools import combinations

import pytest

from tests.browser.conftest import LookAt
from tests.browser.looking import CAP_TO_FONT, Text
from tests.browser.panel import LANDSCAPE, LEAST_TOUCH_PX, PORTRAIT
from tests.browser.scenes import SCENES, TEST_SCENES

pytestmark = pytest.mark.xdist_group("browser")

ALL = [*SCENES, *TEST_SCENES]
WITH_NUMBER = [
    name
    for name in ALL
    if name not in ("old", "checking-time") and not name.startswith("first-start")
]
WITHOUT_VERDICT = (
    "stale",
    "price-stale",
    "stale at noon",
    "autumn clock change",
    "no verdict",
)
WITH_VERDICT = [name for name in WITH_NUMBER if name not in WITHOUT_VERDICT]
WITH_COST = [
    "importing",
    "exporting",
    "night-importing",
    "night-exporting",
    "advice",
    "demand-window",
    "demand-close",
    "108, cost",
    "-12.3 estimate, paid",
    "demo spike, cost",
    "1940 estimate, cost",
    "export costs",
    "cost without feed-in",
]
WITH_SENTENCE = [
    "advice",
    "demand-window",
    "demand-close",
    "long advice",
    "new peak",
]
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=str)

# Heights of capitals in pixels for 20' of arc at 3 m and 2 m and 16' at 2 m and 0.7 m,
# at 186.6 and 209.8 pixels to the inch.
LEAST_HERO_PX = {LANDSCAPE: 128, PORTRAIT: 144}
LEAST_VERDICT_PX = {LANDSCAPE: 85, PORTRAIT: 96}
LEAST_AS_OF_PX = {LANDSCAPE: 68, PORTRAIT: 77}
LEAST_PX = {LANDSCAPE: 24, PORTRAIT: 27}
LEAST_BAR_PX = 12
COST_LINES = ("hourly-number", "above", "below")


@SIZES
@pytest.mark.parametrize("scene", WITH_NUMBER)
def test_number_is_legible_from_three_metres(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    assert look(scene, size).glyph_px[".number"] >= LEAST_HERO_PX[size]


@SIZES
@pytest.mark.parametrize("scene", WITH_VERDICT)
def test_verdict_is_legible_from_two_metres(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    assert look(scene, size).glyph_px[".word"] >= LEAST_VERDICT_PX[size]


@SIZES
@pytest.mark.parametrize("scene", WITH_COST)
def test_cost_of_an_hour_is_legible_from_two_metres(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    assert look(scene, size).glyph_px[".hourly-number"] >= LEAST_VERDICT_PX[size]


@SIZES
@pytest.mark.parametrize("scene", ["typical", "typical earning, shadow"])
def test_typical_cost_is_never_as_large_as_that_of_now(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    usual_px = look(scene, size).glyph_px[".hourly-number"]

    assert usual_px <= 0.75 * look("importing", size).glyph_px[".hourly-number"]


@pytest.mark.parametrize("scene", WITH_SENTENCE)
def test_what_to_do_is_one_line_on_the_smaller_screen(scene: str, look: LookAt) -> None:
    texts = [t for t in look(scene, LANDSCAPE).texts if "sentence" in t.name]

    assert [len(text.rects) for text in texts] == [1]


@SIZES
@pytest.mark.parametrize("scene", ["stale", "stale at noon", "autumn clock change"])
def test_age_is_legible_from_two_metres_when_it_matters(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    assert look(scene, size).glyph_px[".price > .band"] >= LEAST_AS_OF_PX[size]


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_every_other_letter_is_legible_at_the_fridge(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    small = [
        text
        for text in look(scene, size).texts
        if text.size * CAP_TO_FONT < LEAST_PX[size]
    ]

    assert small == []


@SIZES
def test_a_capital_is_as_high_as_the_small_sizes_assume(
    size: tuple[int, int], look: LookAt
) -> None:
    seen = look("expensive", size)
    word = next(text for text in seen.texts if text.name == "word")

    # A flat capital, E; one pixel for the edge that anti-aliasing moves.
    assert seen.glyph_px[".word"] == pytest.approx(word.size * CAP_TO_FONT, abs=1)


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_nothing_is_cut_off(scene: str, size: tuple[int, int], look: LookAt) -> None:
    seen = look(scene, size)

    assert seen.scroll == [*size]
    assert [text for text in seen.texts if not _is_inside(text)] == []


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_no_words_lie_on_others(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    boxes = [(text.text, box) for text in look(scene, size).texts for box in text.rects]

    clashes = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 1
        and min(a[3], b[3]) - max(a[1], b[1]) > 1
    ]

    assert clashes == []


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_number_verdict_and_age_stay_on_one_line(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    large = ("number", "word", "band", "note", "clock", "updated", *COST_LINES)
    texts = [text for text in look(scene, size).texts if text.name in large]

    assert [text.text for text in texts if len(text.rects) != 1] == []


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_few_words_in_few_groups(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    seen = look(scene, size)

    # A word has letters only; figures such as 9:37, 6c or 3pm are read as numbers.
    words = [w for w in seen.words if w.strip(",:").replace("/", "").isalpha()]
    assert len(words) <= 25
    assert len(seen.groups) <= 5


@SIZES
@pytest.mark.parametrize("scene", ["normal", "cheap", "expensive", "importing"])
def test_an_ordinary_moment_takes_few_words_with_its_figures(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    words = [w for w in look(scene, size).words if any(c.isalnum() for c in w)]

    assert len(words) <= 25


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_a_finger_finds_every_target(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    for width, height in look(scene, size).links:
        assert min(width, height) >= LEAST_TOUCH_PX[size]


@SIZES
@pytest.mark.parametrize("scene", ["normal", "spike", "negative", "night"])
def test_bars_are_wide_enough_and_stay_in_the_picture(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    bars = look(scene, size).bars

    assert 12 <= len(bars) <= 24
    for left, top, right, bottom in bars:
        assert right - left >= LEAST_BAR_PX
        assert left >= 0
        assert top >= 0
        assert right <= size[0]
        assert bottom <= size[1]


def _is_inside(text: Text) -> bool:
    left, top, right, bottom = text.cell
    return all(
        box[0] >= left - 0.5
        and box[1] >= top - 0.5
        and box[2] <= right + 0.5
        and box[3] <= bottom + 0.5
        for box in text.rects
    )
