"""Two schedules, cut where they meet, and the cheaper parts of them."""

import numpy as np

from home_energy.analysis.simulation.joint.paths import JointPaths, cheaper_parts


def _paths(stored: list[float], car: list[float], costs: list[float]) -> JointPaths:
    return JointPaths(*(np.array(values) for values in (stored, car, costs)))


def _lists(paths: JointPaths) -> list[list[float]]:
    return [
        values.tolist()
        for values in (paths.stored_kwh, paths.car_stored_kwh, paths.costs_c)
    ]


def test_each_part_is_taken_where_it_is_cheaper() -> None:
    one = _paths([0, 1, 2, 3, 2], [5, 5, 4, 5, 5], [1, 1, 9, 9])
    other = _paths([0, 0, 2, 2, 2], [5, 5, 4, 4, 5], [2, 2, 1, 1])

    # Before 0, 2 (2 and 4) and 4 intervals both hold the same.
    best = cheaper_parts(one, other)

    assert _lists(best) == [[0, 1, 2, 2, 2], [5, 5, 4, 4, 5], [1, 1, 1, 1]]


def test_they_do_not_meet_where_the_car_holds_something_else() -> None:
    one = _paths([0, 1, 2], [5, 5, 5], [1, 9])
    other = _paths([0, 1, 2], [5, 4, 5], [9, 2])

    best = cheaper_parts(one, other)

    assert _lists(best) == _lists(one)


def test_a_part_that_cannot_be_done_is_not_taken() -> None:
    one = _paths([0, 1, 2], [5, 5, 5], [np.inf, 1])
    other = _paths([0, 1, 2], [5, 5, 5], [50, np.inf])

    best = cheaper_parts(one, other)

    assert best.cost_c == 51
