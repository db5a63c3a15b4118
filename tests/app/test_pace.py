import pytest

from pokecolor.app.pace import Pace


def test_nothing_is_known_before_something_was_measured():
    assert Pace().estimate(10, 1) is None


def test_steps_and_what_comes_beside_them_are_told_apart():
    pace = Pace()
    for _ in range(40):  # four pictures of ten steps at once: 8 s of steps, 2 s beside
        pace.measure(10.0, 8.0, steps=10, pictures=4)
    assert pace.estimate(10, 1) == pytest.approx(8 / 4 + 2 / 4, rel=0.01)
    assert pace.estimate(0, 2) == pytest.approx(1.0, rel=0.01)


def test_a_machine_that_slows_down_is_followed():
    pace = Pace()
    pace.measure_step(1.0)
    for _ in range(20):
        pace.measure_step(3.0)
    assert pace.estimate(2, 0) == pytest.approx(6.0, rel=0.02)
