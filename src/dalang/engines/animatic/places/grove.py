"""Props set out over the ground: a wood far off, painted as one view, and single ones nearer by, far to near."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import islice

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, hazed
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.abreast import abreast
from dalang.engines.animatic.canvas.composite import Picture, over, picture, stamp
from dalang.engines.animatic.places.land import Land
from dalang.engines.animatic.places.props import Kind, Sun
from dalang.scene.plan import Thing

WOOD = 150.0
"""Metres to the near edge of a far wood."""
LOW = 0.36
"""Metres under which a prop throws no shadow worth drawing."""
SEEN = 0.5
"""Pixels that a top must go aside for anybody to see it."""
SHADE = 0.42
"""How dark a shadow is where it is darkest."""


@dataclass(frozen=True)
class Prop:
    """One thing on the ground. Things come round again once they are well out of the picture."""

    view: Picture
    """With its shadow, at its size for a camera that has not moved forward."""
    below: int
    """Rows of the view that lie nearer than its foot."""
    x: float
    z: float
    period: float
    """Metres after which it stands again."""
    lens: Lens
    give: float = 0.0
    """Of its height, that its top goes aside in the wind."""

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        distance = self.z - pose.z
        per_metre = self.lens.scale(distance)
        turn = pose.turn / per_metre
        aside = np.mod(self.x - pose.x - turn + self.period / 2, self.period) - self.period / 2
        column = self.lens.middle + aside * per_metre
        row = self.lens.row(distance) + pose.up * per_metre
        grown = self.z / distance
        lean = self.give * self.view.shape[0] * grown
        lean = lean * gust(time, self.x) if lean > SEEN else 0.0
        stamp(canvas, self.view, column, row + 1 + self.below * grown, grown, tall=self.lens.upright, lean=lean)


GIVE = {Thing.TREES: 0.007, Thing.BUSHES: 0.008, Thing.GRASS: 0.05, Thing.FLOWERS: 0.06}
"""Of its height, that the top of what grows goes aside in a breeze."""


def gust(time: float, place: float) -> float:
    """How far the wind bends what stands at x = `place` metres, about 0.5: waves of it go over the ground."""
    return 0.45 + 0.40 * math.sin(1.5 * time - 0.5 * place) + 0.25 * math.sin(3.7 * time - 1.3 * place)


def shadow(width: float, lens: Lens, light: Light) -> Picture:
    """A soft pool of shade on the ground, `width` pixels wide."""
    wide = max(4, round(width))
    high = max(3, round(width * 0.16))
    axis_x, axis_y = np.linspace(-1, 1, wide), np.linspace(-1, 1, high)
    fall = np.clip(1 - np.hypot(axis_x[None, :], axis_y[:, None]), 0, 1)
    strength = SHADE * (0.6 + 0.4 * light.glow)
    dark = np.zeros((high, wide, 3), np.float32)
    return picture(dark, np.asarray(np.clip(fall * 2.2, 0, 1) * strength, np.float32))


@dataclass(frozen=True)
class Stock:
    """Painted variants of the kinds of a set, at their largest."""

    kinds: tuple[Kind, ...]
    views: tuple[tuple[Picture, ...], ...]
    shares: tuple[float, ...]


def paint_stock(rng: np.random.Generator, kinds: tuple[Kind, ...], light: Light, sun: Sun, rows: int) -> Stock:
    """`rows` is the height in pixels at which a tall kind is painted."""
    each = [kind for kind in kinds for _ in range(kind.variants)]
    sources = zip(each, rng.spawn(len(each)), strict=True)
    painted = iter(abreast(partial(_painted, kind, source, light, sun, rows) for kind, source in sources))
    views = tuple(tuple(islice(painted, kind.variants)) for kind in kinds)
    total = sum(kind.share for kind in kinds)
    return Stock(kinds, views, tuple(kind.share / total for kind in kinds))


def _painted(kind: Kind, rng: np.random.Generator, light: Light, sun: Sun, rows: int) -> Picture:
    return kind.paint(rng, light, sun, rows if kind.height[1] > 2 else rows // 2)


def _pick(rng: np.random.Generator, stock: Stock) -> tuple[Picture, float, Thing]:
    """A view, the metres it is high, and what it is."""
    number = int(rng.choice(len(stock.kinds), p=stock.shares))
    views = stock.views[number]
    kind = stock.kinds[number]
    return views[rng.integers(len(views))], float(rng.uniform(*kind.height)), kind.thing


def set_out(
    rng: np.random.Generator, stock: Stock, lens: Lens, light: Light, first: float, last: float,
    size: float, count: int,
) -> list[Prop]:  # fmt: skip
    """`count` props `first` to `last` metres away, `size` times their natural height, the furthest first."""
    props = []
    for number in range(count):
        z = first * ((last / first) ** ((number + rng.random() * 0.8) / count))
        view, metres, thing = _pick(rng, stock)
        high = metres * size * lens.scale(z)
        if high < 6:
            continue
        scaled = _tinted(sized(view, high), light, z)
        period = (lens.width * 1.5 + 2 * scaled.shape[1]) / lens.scale(z)
        x = rng.uniform(-0.5, 0.5) * period
        whole = _grounded(scaled, shadow(scaled.shape[1] * 0.9, lens, light)) if metres > LOW else scaled
        give = GIVE[thing] * light.wind if thing in GIVE else 0.0
        props.append(Prop(whole, whole.shape[0] - scaled.shape[0], x, z, period, lens, give))
    return sorted(props, key=lambda prop: -prop.z)


def _grounded(view: Picture, shade: Picture) -> Picture:
    """`view` on its shadow, which reaches below its foot."""
    whole = np.zeros((view.shape[0] + shade.shape[0] // 2, view.shape[1], 4), np.uint8)
    over(whole, shade, (view.shape[1] - shade.shape[1]) // 2, whole.shape[0] - shade.shape[0])
    over(whole, view, 0, 0)
    return whole


def far_wood(
    rng: np.random.Generator, stock: Stock, lens: Lens, light: Light, distance: float, margin: int, count: int
) -> Land:
    """Many small props on the horizon, in clumps, as one view that moves as if `distance` metres away."""
    width, top = lens.width + 2 * margin, lens.horizon - int(10 * lens.scale(WOOD)) - 2
    view = np.zeros((lens.horizon - top + int(lens.height * 0.03), width, 4), np.uint8)
    clumps = rng.uniform(0, width, 6)
    for number in range(count):
        part = number / count
        z = WOOD * (1.8 - 0.8 * part)
        kind, metres, _ = _pick(rng, stock)
        small = _tinted(sized(kind, max(4.0, metres * lens.scale(z))), light, z * 4)
        x = float(rng.choice(clumps) + rng.normal(0, width * 0.07))
        foot = lens.horizon - top + round(lens.height * 0.018 * part)
        over(view, small, round(x - small.shape[1] / 2), foot - small.shape[0])
    return Land(view, top, distance, lens)


def sized(view: Picture, high: float) -> Picture:
    scale = high / view.shape[0]
    size = (max(2, round(view.shape[1] * scale)), max(2, round(high)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(view, size, interpolation=way), np.uint8)


def _tinted(view: Picture, light: Light, distance: float) -> Picture:
    """Seen through `distance` metres of haze; premultiplied, the haze covers what the thing covers."""
    veil = float(hazed(light, np.zeros(3, np.float32), distance)[0] / light.haze[0])
    *parts, cover = cv2.split(view)
    seen = [
        cv2.addWeighted(part, 1 - veil, cover, veil * haze / 255, 0)
        for part, haze in zip(parts, light.haze, strict=True)
    ]
    return np.asarray(cv2.merge([*seen, cover]), np.uint8)
