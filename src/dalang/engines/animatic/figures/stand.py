"""A figure in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dalang.engines.animatic.figures.figure import Figure
from dalang.engines.animatic.figures.way import Way


@dataclass(frozen=True)
class Hold:
    """A figure that has another, from a time on."""

    number: int
    """Its place in the cast."""
    one: int
    """Its place among those alike."""
    since: float = 0.0
    """Seconds."""


@dataclass(frozen=True)
class Stand:
    """A figure in its place: where it goes, which way it looks, and how large the lens shows it."""

    figure: Figure
    way: Way
    heading: int
    """1 to the right, -1 to the left."""
    aloft: bool = False
    """Whether it hangs free: its heights count from where the lens has what flies."""
    holds: tuple[Hold, ...] = ()
    """Who has it in its hands, one after another."""
    mount: Hold | None = None
    """Who carries it on its back."""
    busy: tuple[float, float] | None = None
    """Seconds from and to which its hands are at work, handing something over."""
    carried: bool = False
    """Whether another holds it, or carries it."""
    distance: float = 0.0
    """Metres from the camera in the middle of the shot."""
    scale: float = 0.0
    """Drawn size over painted size, at that distance."""

    @property
    def pace(self) -> float:
        """Metres a second, over the whole shot."""
        return self.way.length / self.way.duration

    @property
    def height(self) -> float:
        """Metres of its lowest point over the ground at the beginning, or under water if negative."""
        return self.way.marks[0].height

    def x(self, time: float) -> float:
        return self.way.at(time).x

    def moved(self, x: float = 0.0, z: float = 0.0, height: float = 0.0) -> Stand:
        return replace(self, way=self.way.moved(x, z, height))
