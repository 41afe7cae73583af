"""What the screen says in each state, and what it keeps to itself."""

import pytest

from tests.browser.conftest import LookAt
from tests.browser.panel import LANDSCAPE, PORTRAIT
from tests.browser.scenes import SCENES, TEST_SCENES

pytestmark = pytest.mark.xdist_group("browser")

ALL = [*SCENES, *TEST_SCENES]
SIZES = pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=str)
VERDICTS = {"CHEAP", "NORMAL", "EXPENSIVE"}


@pytest.mark.parametrize(
    ("scene", "figure"),
    [
        ("34.2", "34.2c/kWh"),
        ("normal", "~24.6c/kWh"),
        ("negative", "−12.3c/kWh"),  # noqa: RUF001
        ("108", "$1.08/kWh"),
        ("spike", "$19.42/kWh"),
        ("1234", "$12.34/kWh"),
        ("1940", "$19.40/kWh"),
        ("1940 estimate", "~$19.4/kWh"),
        ("-110", "−$1.10/kWh"),  # noqa: RUF001
    ],
)
def test_number_reads(scene: str, figure: str, look: LookAt) -> None:
    parts = ("tilde", "sign", "dollar", "number", "unit")

    texts = [t.text for t in look(scene, LANDSCAPE).texts if t.name in parts]

    assert "".join(texts) == figure


def test_negative_price_says_paid(look: LookAt) -> None:
    assert "you are paid to use power" in look("negative", LANDSCAPE).all_text


def test_export_that_costs_says_so(look: LookAt) -> None:
    assert "export costs 8.4c" in look("negative", LANDSCAPE).all_text


def test_fresh_price_says_when_it_was_learnt(look: LookAt) -> None:
    assert "9:37 am updated 9:35" in look("normal", LANDSCAPE).all_text


def test_price_on_its_way_says_updating(look: LookAt) -> None:
    words = look("updating", LANDSCAPE).words

    assert "updating" in words
    assert "NORMAL" in words


def test_fresh_price_without_a_verdict_is_given_none(look: LookAt) -> None:
    seen = look("no verdict", LANDSCAPE)

    assert "24.6" in seen.all_text
    assert not VERDICTS & set(seen.words)


def test_stale_price_keeps_its_time_and_loses_its_verdict(look: LookAt) -> None:
    seen = look("stale", LANDSCAPE)

    # Known for 2:30 to 2:35 pm; it is 2:47 pm.
    assert "as of 2:35 pm" in seen.all_text
    assert "8.4" in seen.all_text
    assert "no contact with Amber" in seen.all_text
    assert "forecast:" in seen.words
    assert not VERDICTS & set(seen.words)
    assert "sell" not in seen.words


def test_stale_time_in_an_hour_that_occurs_twice_names_its_zone(look: LookAt) -> None:
    assert "as of 2:30 am AEST" in look("autumn clock change", LANDSCAPE).all_text


def test_old_price_is_a_dash_and_the_last_value_small(look: LookAt) -> None:
    seen = look("old", LANDSCAPE)
    number = next(text for text in seen.texts if text.name == "number")
    note = next(text for text in seen.texts if text.name == "note")

    assert number.text == "–"  # noqa: RUF001
    # Known for 1:50 to 1:55 pm; it is 2:47 pm.
    assert note.text == "last 8.4c, 1:55 pm"
    assert not VERDICTS & set(seen.words)


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        # 1.95 kW at 24.6 c, 3.14 kW sold at 5.1 c, 11.426 kW at $1.08.
        ("importing", "cost now $ 0.48 /hour, 1.9 kW"),
        ("exporting", "earning now $ 0.16 /hour, 3.1 kW"),
        ("night-exporting", "earning now $ 0.13 /hour, 2.6 kW"),
        ("108, cost", "cost now $ 12.3 /hour, 11.4 kW"),
        ("-12.3 estimate, paid", "earning now $ 3.20 /hour, 26.0 kW"),
        ("export costs", "export costs $ 0.34 /hour 2 min ago"),
        ("power-stale", "was using 1.9 kW as of 9:23 am"),
        ("power-failing", "fails, was using 1.9 kW as of 9:31 am"),
        ("power-old", "meter silent – since 8:42 am"),  # noqa: RUF001
        ("typical", "typical $ 0.31 /hour at this time"),
    ],
)
def test_cost_of_an_hour_reads(scene: str, words: str, look: LookAt) -> None:
    parts = ("above", "money", "hourly-number", "hourly-unit", "below")

    texts = [t.text for t in look(scene, LANDSCAPE).texts if t.name in parts]

    assert " ".join(texts) == words


@SIZES
@pytest.mark.parametrize(
    "scene", ["power-stale", "power-old", "power-failing", "price-stale", "stale"]
)
def test_no_cost_of_an_hour_where_power_or_price_is_stale(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    seen = look(scene, size)

    assert "$" not in seen.words
    assert "/hour" not in seen.all_text


@SIZES
def test_stale_price_leaves_the_power_of_now(
    size: tuple[int, int], look: LookAt
) -> None:
    assert "no contact with Amber using 1.9 kW" in look("price-stale", size).all_text


@SIZES
@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("advice", "Dishwasher: wait until 2 am, save 43 c"),
        ("demand-window", "Demand until 9 pm: 1.9 kW left, then $12.40/kW"),
        ("demand-close", "Demand until 9 pm: 0.3 kW left, then $12.40/kW"),
        ("new peak", "Demand until 9 pm: new peak, $12.40/kW"),
    ],
)
def test_what_to_do_reads(
    scene: str, words: str, size: tuple[int, int], look: LookAt
) -> None:
    assert words in look(scene, size).all_text


def test_portrait_says_what_to_do_and_when_it_is_cheapest(look: LookAt) -> None:
    assert "cheapest" not in look("advice", LANDSCAPE).words
    assert "cheapest 2–3 am" in look("advice", PORTRAIT).all_text  # noqa: RUF001


def test_untrusted_time_shows_no_age_and_no_next(look: LookAt) -> None:
    seen = look("checking-time", LANDSCAPE)

    assert "checking time" in seen.all_text
    assert "24.6" not in seen.words
    assert seen.bars == []
    assert not {"updated", "cheapest", "as", "kW"} & set(seen.words)


def test_first_start_says_what_is_awaited(look: LookAt) -> None:
    seen = look("first-start", LANDSCAPE)

    assert "Waiting for the first price" in seen.all_text
    assert not any(character in seen.all_text for character in ("0c", "0.0"))


def test_hole_in_the_forecast_stays_a_hole(look: LookAt) -> None:
    # Four half-hours of twenty-four are unknown, from 2 to 4 pm.
    assert len(look("normal", LANDSCAPE).bars) == 24
    assert len(look("forecast with a hole", LANDSCAPE).bars) == 20


def test_spike_is_cut_and_told(look: LookAt) -> None:
    seen = look("spike", LANDSCAPE)
    heights = [bottom - top for _, top, _, bottom in seen.bars]

    assert "$15" in seen.words
    assert "price spike" in seen.all_text
    # A dozen cents beside fifteen dollars still stand a third as high as they.
    assert min(heights) > max(heights) / 5


def test_prices_below_zero_hang_from_the_axis(look: LookAt) -> None:
    bars = look("negative", LANDSCAPE).bars

    # The first half-hour costs, the next four pay: they begin where it ends.
    assert bars[1][1] == pytest.approx(bars[0][3], abs=1)
    assert bars[1][3] > bars[0][3]


@SIZES
@pytest.mark.parametrize("scene", ALL)
def test_demo_is_marked_and_only_demo(
    scene: str, size: tuple[int, int], look: LookAt
) -> None:
    is_marked = any(text.text == "DEMO" for text in look(scene, size).texts)

    assert is_marked == scene.startswith("demo")


@pytest.mark.parametrize("scene", ALL)
def test_page_stays_at_home_and_does_not_complain(scene: str, look: LookAt) -> None:
    seen = look(scene, LANDSCAPE)

    assert seen.requests
    assert [
        url for url in seen.requests if not url.startswith("http://127.0.0.1:")
    ] == []
    assert seen.complaints == []
