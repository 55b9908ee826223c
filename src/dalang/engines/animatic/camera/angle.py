"""Angles: from how high the camera looks, as where the horizon and the subject's feet come to lie in the frame."""

from __future__ import annotations

from dataclasses import dataclass

from dalang.scene.plan import Angle, Place


@dataclass(frozen=True)
class Aim:
    """How a frame is composed from one height."""

    horizon: tuple[float, float]
    """Where it can lie, in parts of the frame's height; under 0, the camera looks under it."""
    foot: tuple[float, float]
    """The same of what the subject stands on."""
    larger: float = 1.0
    """Of the usual size of the subject."""
    raised: float = 1.0
    """Of the usual height of the eye, where no subject gives it."""
    upright: float = 1.0
    """Of its height, that the camera sees of what stands upright."""


AIMS = {
    Angle.EYE: Aim((0.56, 0.62), (0.835, 0.865)),
    Angle.LOW: Aim((0.79, 0.84), (0.90, 0.93), larger=1.3, raised=0.30),
    Angle.HIGH: Aim((0.10, 0.16), (0.76, 0.80), larger=0.92, raised=2.6, upright=0.92),
    Angle.OVERHEAD: Aim((-0.42, -0.36), (0.66, 0.70), larger=0.95, raised=4.5, upright=0.72),
}
LEVELS = {
    (Angle.EYE, Place.SKY): (0.76, 0.82),
    (Angle.EYE, Place.UNDERWATER): (0.62, 0.68),
    (Angle.HIGH, Place.CASTLE): (0.32, 0.36),
}
"""Where the horizon can lie, where it is not as over open land."""


def horizons(angle: Angle, place: Place) -> tuple[float, float]:
    """Where the horizon can lie, in parts of the frame's height."""
    return LEVELS[angle, place] if (angle, place) in LEVELS else AIMS[angle].horizon
