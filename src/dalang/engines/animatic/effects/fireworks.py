"""Fireworks: a rocket climbs, bursts into a ball of stars that fall and go out, and another follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, add
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.scene.fireworks import bursts

HALF = 2
"""Drawn at this part of its size."""
CLIMB = 0.8
"""Seconds from the ground to the burst."""
BURN = 2.0
"""Seconds that stars burn."""
COLOURS: tuple[Colour, ...] = (
    (255, 64, 52), (255, 190, 60), (60, 190, 255), (90, 255, 96), (226, 80, 255), (255, 120, 170),
)  # fmt: skip
DRAG = 2.1
FALL = 0.085
"""Of the frame's height, a second squared."""


@dataclass(frozen=True)
class Burst:
    at: float
    """Seconds into the shot when it bursts; some have burst before."""
    x: float
    y: float
    """Columns and rows."""
    ways: NDArray[np.float64]
    """Where its stars fly, the frame's heights a second, shape (n, 2)."""
    colour: Colour
    willow: bool
    """Its stars burn longer and fall further."""


@dataclass(frozen=True)
class Fireworks:
    bursts: tuple[Burst, ...]
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        wide, high = self.lens.width // HALF, max(4, self.lens.horizon // HALF)
        small = np.zeros((high, wide, 4), np.uint8)
        for burst in self.bursts:
            if -CLIMB < time - burst.at < 0:
                self._rocket(small, burst, time - burst.at, pose)
            elif 0 <= time - burst.at < BURN:
                self._stars(small, burst, time - burst.at, pose)
        tiny = cv2.resize(small, (max(2, wide // 4), max(2, high // 4)), interpolation=cv2.INTER_AREA)
        halo = cv2.resize(cv2.GaussianBlur(tiny, (0, 0), 3.5), (wide, high), interpolation=cv2.INTER_LINEAR)
        lit = cv2.add(small, cv2.convertScaleAbs(halo, alpha=3.4))
        whole = cv2.resize(lit, (self.lens.width, self.lens.horizon), interpolation=cv2.INTER_LINEAR)
        add(canvas, np.asarray(whole, np.uint8), 0, 0)

    def _rocket(self, small: Picture, burst: Burst, age: float, pose: Pose) -> None:
        part = 1 + age / CLIMB
        rise = self.lens.horizon - (self.lens.horizon - burst.y) * (1 - (1 - part) ** 2)
        x, y = (burst.x - pose.turn) / HALF, rise / HALF
        for step in range(6):
            tone = 200 * (1 - step / 6)
            spot = round((x + 0.4 * step * (-1) ** step) * 8), round((y + step * 3) * 8)
            cv2.circle(small, spot, 8, (tone, tone * 0.8, tone * 0.5, 0), -1, cv2.LINE_AA, 3)

    def _stars(self, small: Picture, burst: Burst, age: float, pose: Pose) -> None:
        """Each as the streak that it has flown in the last moment."""
        unit = self.lens.height / HALF
        life = 1 - age / BURN
        fade = life**1.2 if burst.willow else life**0.8
        ends = [self._flown(burst, max(0.0, age - back)) * unit for back in (0.0, 0.22 if burst.willow else 0.13)]
        middle = np.array([(burst.x - pose.turn) / HALF, burst.y / HALF])
        flash = max(0.0, 1 - age * 5)
        twinkle = (
            0.65 + 0.35 * np.sin(age * 31 + np.arange(len(burst.ways)) * 2.4) if age > 0.7 else np.ones(len(burst.ways))
        )
        heads, tails = (np.round((middle + end) * 8).astype(int).tolist() for end in ends)
        for head, tail, bright in zip(heads, tails, (fade * twinkle).tolist(), strict=True):
            tone = tuple(min(255.0, (c + (255 - c) * flash) * bright) for c in burst.colour)
            cv2.line(small, tail, head, (*tone, 0), max(1, round(unit / 170)), cv2.LINE_AA, 3)

    def _flown(self, burst: Burst, age: float) -> NDArray[np.float64]:
        out: NDArray[np.float64] = burst.ways * ((1 - math.exp(-DRAG * age)) / DRAG)
        out[:, 1] += FALL * (1.5 if burst.willow else 1.0) * age * age / 2
        return out


def fireworks(site: Site) -> Depths:
    rng, lens = generator(site.seed, "fireworks"), site.lens
    found = tuple(_burst(rng, lens, at) for at in bursts(site.seed, site.duration))
    return Depths(aloft=(Fireworks(found, lens),))


def _burst(rng: np.random.Generator, lens: Lens, at: float) -> Burst:
    count, willow = int(rng.integers(70, 104)), bool(rng.random() < 0.25)
    turn, high = rng.uniform(0, 2 * np.pi, count), rng.uniform(-1, 1, count)
    ball = np.stack([np.cos(turn) * np.sqrt(1 - high**2), high], 1)
    power = float(rng.uniform(0.44, 0.78)) * rng.uniform(0.80, 1.0, (count, 1))
    colour: Colour = (255, 214, 130) if willow else COLOURS[int(rng.integers(len(COLOURS)))]
    x, y = lens.width * float(rng.uniform(0.12, 0.88)), lens.horizon * float(rng.uniform(0.18, 0.55))
    return Burst(at, x, y, ball * power, colour, willow)
