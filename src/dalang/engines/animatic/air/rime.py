"""Snow that lies thinly, on ground that people walk on."""

from __future__ import annotations

import numpy as np

from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.canvas.noise import Field, smoothstep, tile2
from dalang.engines.animatic.canvas.pigment import toward

WHITE = (232, 239, 250)


def rimed(rng: np.random.Generator, light: Light, albedo: Field) -> Field:
    """Ground `albedo`, a square tile without a seam, with snow in drifts between which it shows."""
    if not light.snow:
        return albedo
    side = albedo.shape[0]
    lying = smoothstep(0.24, 0.52, tile2(rng, (side, side), (32, 8), 5, 0.55)) * 0.82 * light.snow
    return toward(albedo, WHITE, lying)
