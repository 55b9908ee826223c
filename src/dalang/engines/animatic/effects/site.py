"""Where effects stand: what their painters need to know of a set, or of a photograph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.scenery import Layer


@dataclass(frozen=True)
class Site:
    seed: int
    lens: Lens
    light: Light
    duration: float
    """Seconds."""
    sun_x: float
    """Column of the sun."""
    x: float
    """Metres to the right, of the ground beside the subject."""
    distance: float
    """Metres to it."""
    size: float
    """Metres: what stands there is measured by the subject."""
    grounded: bool = True
    """Whether there is ground to stand on."""
    indoors: bool = False

    @property
    def unit(self) -> float:
        """Pixels that are one in a frame of 720 rows."""
        return min(self.lens.width * 9 / 16, self.lens.height) / 720

    @property
    def row(self) -> float:
        """Of the ground beside the subject; where there is none, low in the picture."""
        return self.lens.row(self.distance) if self.grounded else 0.78 * self.lens.height


@dataclass(frozen=True)
class Depths:
    """Layers of one effect, by what they lie before."""

    aloft: tuple[Layer, ...] = ()
    """Before the sky alone."""
    behind: tuple[Layer, ...] = ()
    """Before the set, behind the subject."""
    before: tuple[Layer, ...] = ()
    """Between the subject and the camera."""


Painter = Callable[[Site], Depths]
