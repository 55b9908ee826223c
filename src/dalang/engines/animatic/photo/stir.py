"""What stirs of its own in a still picture: water that ripples, clouds that drift, leaves that sway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.photo.relief import Plane, Relief

RIPPLE = 0.0042
"""How far water goes to and fro, in half widths, where it is nearest."""
CLOUDS = 0.006
"""Half widths a second that clouds go, at the most."""
SWAY = 0.0022
"""Half widths that leaves go."""
FARTHEST = 0.05
"""Half widths after which clouds are held: what their place leaves behind is only stretched."""


@dataclass(frozen=True)
class Stir:
    """Motion of cells in time, for one picture."""

    relief: Relief
    phases: Plane
    """Radians by cell, smooth: neighbours sway together."""
    wind: float
    """1 to the right, -1 to the left."""

    @property
    def is_still(self) -> bool:
        return not (self.relief.water.any() or self.relief.sky.any() or self.relief.leaves.any())

    def at(self, time: float) -> tuple[Plane, Plane]:
        """How far each cell looks aside and down, in half widths, `time` seconds after the picture."""
        relief, begun = self.relief, min(1.0, time)
        rows = np.linspace(0, 1, relief.near.shape[0], dtype=np.float32)[:, None]
        wave = np.sin(rows * 95 - time * 2.6 + self.phases) + 0.6 * np.sin(rows * 41 + time * 1.7 - 2 * self.phases)
        lift = np.sin(rows * 60 + time * 1.9 + 2 * self.phases)
        depth = (RIPPLE * begun * rows**2 * relief.water).astype(np.float32)
        sway = SWAY * begun * relief.leaves * np.sin(time * 2.1 + 3 * self.phases)
        drift = -self.wind * FARTHEST * (1 - np.exp(-time * CLOUDS / FARTHEST)) * relief.sky
        return (
            np.asarray(depth * wave + sway + drift, np.float32),
            np.asarray(0.5 * depth * lift + 0.4 * sway, np.float32),
        )


def stir(relief: Relief, random: np.random.Generator) -> Stir:
    rows, columns = relief.near.shape
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]
    turns = random.uniform(0, 2 * np.pi, 3)
    phases = 1.3 * np.sin(x * 0.21 + turns[0]) + 0.9 * np.sin(x * 0.083 + y * 0.13 + turns[1]) + turns[2]
    return Stir(relief, np.asarray(phases, np.float32), float(random.choice((-1.0, 1.0))))
