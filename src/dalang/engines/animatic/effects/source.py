"""Where something burns or smokes: a point on the ground that the camera passes, and how it flickers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.effects.site import Site


@dataclass(frozen=True)
class Source:
    lens: Lens
    x: float
    """Metres to the right."""
    distance: float
    row: float
    """Of its foot, for a camera that has not moved."""
    size: float
    """Metres that it is high."""

    def place(self, pose: Pose) -> tuple[float, float, float]:
        """Column and row of its foot, and pixels a metre there."""
        distance = max(self.distance - pose.z, 0.2 * self.distance)
        per_metre, grown = self.lens.scale(distance), self.distance / distance
        column = self.lens.middle + (self.x - pose.x) * per_metre - pose.turn
        return column, self.lens.horizon + (self.row - self.lens.horizon) * grown + pose.up * per_metre, per_metre


def source(site: Site, size: float) -> Source:
    """Beside the subject, `size` times as high as what stands there is measured by."""
    return Source(site.lens, site.x, site.distance, site.row, size * site.size)


def flicker(time: float, seed: int = 0) -> float:
    """Brightness of a flame, about 1, without a period that is seen."""
    waves = 0.5 * math.sin(7.3 * time + seed) + 0.3 * math.sin(12.7 * time + 2.1 * seed) + 0.2 * math.sin(3.1 * time)
    return 1 + 0.10 * waves
