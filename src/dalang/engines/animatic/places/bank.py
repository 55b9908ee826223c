"""The edge of near ground, seen against what lies behind and below it: a brink, or the bank of a river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, rgb, shade
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import smoothstep, tile2
from dalang.engines.animatic.places.grove import Stock, sized
from dalang.engines.animatic.scenery import Set

SHELF = 0.62
"""Part of a bank's height that is over the ground behind it."""


@dataclass(frozen=True)
class Bank:
    """A strip across the frame that comes round again after `period` pixels."""

    view: Picture
    period: int
    z: float
    """Metres."""
    lens: Lens
    shelf: float = SHELF

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        at = (pose.x * self.lens.scale(distance) + pose.turn) % self.period
        row = self.lens.row(distance) - self.shelf * self.view.shape[0]
        over(canvas, slide(self.view, at, self.lens.width), 0, round(row))


def ground_end(scene: Set, behind: float, beyond: float) -> float:
    """Metres to where near ground ends: `behind` times as far as the subject, `beyond` times the nearest ground seen.

    Under what flies the near ground may begin behind it; there, too, some of it shows.
    """
    nearest, stand = scene.framing.lens.nearest, scene.framing.stand
    return max(stand.distance * behind, nearest * 0.84 * beyond) if stand else nearest * beyond


@dataclass(frozen=True)
class Soil:
    """What a bank is made of."""

    dark: Colour
    bright: Colour
    lip: Colour
    """Albedo of its upper edge."""
    rough: float
    """Part of its height by which its edge goes up and down."""


def paint_bank(
    rng: np.random.Generator, lens: Lens, light: Light, soil: Soil, z: float, rows: int, facing: float
) -> Bank:
    """`rows` high; its lower part fades into the ground before it."""
    period = 2048
    rise = tile2(rng, (16, period), (1, 8), 6, 0.55)[0]
    grain = tile2(rng, (128, period), (8, 128), 4, 0.6)[np.arange(rows) * 127 // max(1, rows)]
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    crest = SHELF * 0.95 - soil.rough * rise[None, :]
    under = y - crest
    tone = np.clip(0.15 + 0.8 * grain - under * 0.3, 0, 1)[..., None]
    albedo = rgb(soil.dark) + (rgb(soil.bright) - rgb(soil.dark)) * tone
    lip = smoothstep(0.16, 0.02, under + (grain - 0.5) * 0.2)[..., None]
    albedo += (rgb(soil.lip) * (0.65 + 0.6 * grain[..., None]) - albedo) * lip
    colour = shade(light, albedo, facing)
    edge = smoothstep(0.0, 2.5 / rows, under)
    cover = edge * smoothstep(1.0, 0.72, y + (grain - 0.5) * 0.2)
    return Bank(_wound(picture(colour, cover), lens.width), period, z, lens)


def planted(rng: np.random.Generator, bank: Bank, stock: Stock, count: int, metres: float) -> Bank:
    """`bank` with `count` things on its shelf; `metres` scales them."""
    per_metre = bank.lens.scale(bank.z)
    views = [(view, kind.height) for kind, each in zip(stock.kinds, stock.views, strict=True) for view in each]
    sizes = [sized(view, float(rng.uniform(*height)) * metres * per_metre) for view, height in views for _ in range(2)]
    above = max(0, max(view.shape[0] for view in sizes) - round(bank.view.shape[0] * bank.shelf))
    whole = np.zeros((bank.view.shape[0] + above, bank.period, 4), np.uint8)
    whole[above:] = bank.view[:, : bank.period]
    foot = above + bank.view.shape[0] * bank.shelf
    for x in rng.uniform(0, bank.period, count):
        view = sizes[rng.integers(len(sizes))]
        low = round(foot + rng.uniform(-0.10, 0.12) * bank.view.shape[0]) - view.shape[0]
        for turn in (0, -bank.period):
            over(whole, view, round(x) + turn, low)
    shelf = foot / whole.shape[0]
    return Bank(_wound(whole, bank.lens.width), bank.period, bank.z, bank.lens, shelf)


def _wound(strip: Picture, width: int) -> Picture:
    """`strip` with as much of itself again after its end as a frame shows."""
    return np.tile(strip, (1, 1 + -(-(width + 4) // strip.shape[1]), 1))[:, : strip.shape[1] + width + 4]
