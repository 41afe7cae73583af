"""Years made of months on record, counted by hand."""

import numpy as np
import pytest

from home_energy.analysis.finance.months_on_record import (
    MonthlyBenefit,
    MonthsOnRecord,
)
from home_energy.domain.calendar_year import season_of
from home_energy.errors import AlignmentError, DataError

SUMMER = MonthsOnRecord((1, 2), (31.0, 28.0))
YEAR = MonthsOnRecord(
    tuple(range(1, 13)), tuple(map(float, (31, 28, *[31, 30] * 2, *[31, 31, 30] * 2)))
)


def benefit(*bought_aud: tuple[float, ...], ages: tuple[float, ...]) -> MonthlyBenefit:
    """Nothing but what is bought less, by age and month of `SUMMER`."""
    saved = np.zeros((len(ages), 2, 5))
    saved[:, :, 0] = bought_aud
    return MonthlyBenefit(SUMMER, np.array(ages), saved)


def test_a_month_stands_for_one_of_its_own_season_only() -> None:
    evenly = np.linspace(0, 1, 365, endpoint=False)[:, None].repeat(12, axis=1)

    donors = YEAR.donors(evenly)

    for slot in range(12):
        seasons = {season_of(number + 1) for number in donors[:, slot].tolist()}
        assert seasons == {season_of(slot + 1)}
    # December is of January's summer.
    assert set(donors[:, 0].tolist()) == {0, 1, 11}


def test_every_day_on_record_is_as_likely_as_any_other() -> None:
    # The middle of each of 59 equal parts: 31 of them are January's, 28 February's.
    evenly = (np.arange(59)[:, None].repeat(2, axis=1) + 0.5) / 59

    donors = SUMMER.donors(evenly)

    assert np.bincount(donors[:, 0]).tolist() == [31, 28]
    assert np.bincount(donors[:, 1]).tolist() == [31, 28]


def test_all_years_on_record_give_donors() -> None:
    two = MonthsOnRecord((1, 2, 1), (31.0, 28.0, 31.0))

    donors = two.donors(np.array([[0.0, 0.0], [0.4, 0.99]]))

    # Two slots only; 0.4 of 90 days is the sixth of February.
    assert donors.tolist() == [[0, 0], [1, 2]]
    # January was there twice, so it stands for 62 days of the two years.
    assert two.days_of(donors).tolist() == [[90.0, 0.0, 0.0], [0.0, 62.0, 28.0]]


def test_a_drawn_month_is_as_long_as_the_one_it_stands_for() -> None:
    donors = np.array([[0, 1], [0, 0], [1, 0]])

    days = SUMMER.days_of(donors)

    assert days.tolist() == [[31.0, 28.0], [59.0, 0.0], [28.0, 31.0]]


def test_drawn_years_save_by_the_day() -> None:
    # 310 in January is 10 a day, 140 in February 5 a day.
    whole = benefit((310.0, 140.0), ages=(0.0,))
    days = np.array([[[31.0, 28.0], [59.0, 0.0]]])

    yearly = whole.drawn(days, np.zeros((1, 2)))

    assert yearly.import_avoided_aud.tolist() == [[450.0, 590.0]]
    assert yearly.discharge_kwh.tolist() == [[0.0, 0.0]]


def test_between_ages_lies_a_straight_line() -> None:
    ageing = benefit((310.0, 140.0), (155.0, 140.0), ages=(0.0, 10.0))
    days = np.array([[[31.0, 28.0], [0.0, 59.0]]])

    yearly = ageing.drawn(days, np.array([[4.0, 4.0]]))

    # January: 310 - 0.4 x 155 = 248; February does not age: 59 days at 5.
    assert yearly.import_avoided_aud[0] == pytest.approx([248.0 + 140.0, 295.0])


def test_beyond_the_last_age_nothing_is_promised() -> None:
    ageing = benefit((310.0, 140.0), (155.0, 140.0), ages=(0.0, 10.0))
    days = np.array([[31.0, 28.0]])

    with pytest.raises(DataError, match=r"10\.5 years .* simulated to 10"):
        ageing.drawn(days, np.array([10.5]))


def test_a_season_with_one_month_has_no_luck_to_speak_of() -> None:
    assert YEAR.has_every_season
    assert not SUMMER.has_every_season
    assert not MonthsOnRecord((1, 2, 3, 4, 6, 7, 9), (30.0,) * 7).has_every_season


@pytest.mark.parametrize(
    ("calendar", "days"), [((), ()), ((13,), (31.0,)), ((1,), (0.0,))]
)
def test_months_that_cannot_be_are_refused(
    calendar: tuple[int, ...], days: tuple[float, ...]
) -> None:
    with pytest.raises(DataError, match="months on record"):
        MonthsOnRecord(calendar, days)


def test_figures_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(AlignmentError, match="shape"):
        MonthlyBenefit(SUMMER, np.zeros(1), np.zeros((1, 3, 5)))
    with pytest.raises(DataError, match="ages rise"):
        benefit((1.0, 1.0), (1.0, 1.0), ages=(5.0, 5.0))
