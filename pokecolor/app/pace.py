"""How fast the model paints, measured as it does."""

from __future__ import annotations

NEW = 0.3
"""The weight of a new measure in the moving average."""


class Pace:
    """Moving averages of the seconds that a sampling step of one picture takes, and that a picture
    takes beside its steps."""

    def __init__(self) -> None:
        self._step: float | None = None
        self._rest = 0.0

    def measure(self, seconds: float, steps_seconds: float, steps: int, pictures: int) -> None:
        """Take in pictures that were painted and finished together.

        Args:
            seconds: all of it.
            steps_seconds: of these, from the start to the last step.
            steps: of each picture.
            pictures: how many.
        """
        rest = (seconds - steps_seconds) / pictures
        known = self._step is not None
        self.measure_step(steps_seconds / (steps * pictures))
        self._rest = self._rest + NEW * (rest - self._rest) if known else rest

    def measure_step(self, seconds: float) -> None:
        """Take in a step of one picture."""
        self._step = seconds if self._step is None else self._step + NEW * (seconds - self._step)

    def estimate(self, steps: float, pictures: float) -> float | None:
        """Seconds that so many steps, of all pictures together, will take; None if none was."""
        return None if self._step is None else steps * self._step + pictures * self._rest
