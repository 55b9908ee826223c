"""Trunks that go up out of the picture: single ones that stand about, far to near."""

from __future__ import annotations

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, hazed, rgb, shade
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.canvas.composite import Picture, over, picture
from dalang.engines.animatic.canvas.noise import Field, Values, generator, line, smoothstep, tile2
from dalang.engines.animatic.places.grove import Prop, shadow
from dalang.engines.animatic.places.props import Sun

BARK: Colour = (104, 84, 66)
MOSS: Colour = (92, 124, 52)
RIME: Colour = (236, 242, 250)
SPARE = 1.35
"""Heights of the frame over its foot that a trunk is painted, so that a dolly never sees its end."""


def paint_trunk(rng: np.random.Generator, light: Light, sun: Sun, wide: int, rows: int, coat: Colour) -> Picture:
    """A trunk `wide` pixels through, with `coat` (moss or snow) on one side and about its foot."""
    columns = round(wide * 2.2)
    y = np.arange(rows, dtype=np.float32)[:, None]
    up = (rows - y) / wide
    flare = 1 + 0.85 * np.exp(-up * 1.5) - 0.012 * np.minimum(up, 20)
    edge = 1 + 0.07 * (line(rng, rows, 9, 4)[:, None] - 0.5)
    lean = (line(rng, rows, 2, 2)[:, None] - 0.5) * wide * 0.35
    across = (np.arange(columns, dtype=np.float32)[None, :] - columns / 2 - lean) / (wide / 2 * flare * edge)
    grain = _grain(rng, across, y / wide)
    bent = np.clip(across, -1, 1) + (grain - 0.5) * 0.55
    round_ = np.sqrt(np.clip(1 - bent * bent, 0, 1))
    facing = np.clip(bent * sun[0] * 1.15 + round_ * 0.34, 0, 1)
    worn = rng.choice([-1, 1]) * across * 0.8 + 0.9 * np.exp(-up * 0.9) + (grain - 0.5) * 1.3
    albedo = _between(BARK, coat, smoothstep(0.35, 0.85, worn) * 0.85) * (0.55 + 0.75 * grain[..., None])
    dark = 0.62 + 0.38 * round_
    colour = shade(light, albedo, facing) * dark[..., None]
    return picture(colour, np.clip((1 - np.abs(across)) * wide / 2 * flare + 0.5, 0, 1))


def _grain(rng: np.random.Generator, across: Values, along: Values) -> Field:
    """Furrows that run up the bark, closer together toward its rim, 0..1."""
    bark = tile2(rng, (256, 256), (4, 16), 4, 0.62)
    turn = np.arcsin(np.clip(across, -0.999, 0.999)) / np.pi * 150 + 128
    high = np.mod(along * 44 * np.ones_like(across), 255)
    return np.asarray(cv2.remap(bark, turn.astype(np.float32), high.astype(np.float32), cv2.INTER_LINEAR), np.float32)


def _between(one: Colour, other: Colour, part: Field) -> Field:
    return np.asarray(rgb(one) + (rgb(other) - rgb(one)) * part[..., None], np.float32)


def stand_trunks(
    seed: int, lens: Lens, light: Light, sun: Sun, first: float, size: float, coat: Colour, count: int
) -> list[Prop]:
    """`count` trunks from `first` metres on, by turns on either side, the furthest first; `size` scales them."""
    trunks = []
    for number in range(count):
        rng = generator(seed, f"trunk {number}")
        z = first * (6.5 ** (number / count)) * rng.uniform(1.0, 1.12)
        wide = max(5, round(rng.uniform(0.34, 0.62) * size * lens.scale(z)))
        rows = round(lens.row(z) * SPARE)
        view = _mist(paint_trunk(rng, light, sun, wide, rows, coat), light, z)
        foot = shadow(wide * 3.2, lens, light)
        whole = np.zeros((rows + foot.shape[0] // 2, max(view.shape[1], foot.shape[1]), 4), np.uint8)
        over(whole, foot, (whole.shape[1] - foot.shape[1]) // 2, whole.shape[0] - foot.shape[0])
        over(whole, view, (whole.shape[1] - view.shape[1]) // 2, 0)
        period = lens.width * 1.5 / lens.scale(z)
        x = (1 if number % 2 else -1) * rng.uniform(0.13, 0.34) * period
        trunks.append(Prop(whole, whole.shape[0] - rows, x, z, period, lens))
    return trunks[::-1]


def _mist(view: Picture, light: Light, distance: float) -> Picture:
    """Seen through `distance` metres of the wood's air."""
    cover = view[..., 3:].astype(np.float32) / 255
    clear = hazed(light, np.zeros(3, np.float32), distance)[0] / light.haze[0]
    colour = view[..., :3] * (1 - clear) + rgb(light.haze) * clear * cover
    return np.dstack([colour.astype(np.uint8), view[..., 3]])
