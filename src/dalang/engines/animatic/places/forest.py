"""Inside a wood: trunks behind trunks up to a bright mist, leaves overhead, beams of sun or fireflies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air import foliage
from dalang.engines.animatic.air.foliage import turned
from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, over, picture, slide
from dalang.engines.animatic.canvas.noise import Values, generator, smoothstep
from dalang.engines.animatic.places.beams import paint_beams, paint_motes
from dalang.engines.animatic.places.ground import paint_plain
from dalang.engines.animatic.places.grove import Prop, paint_stock, set_out
from dalang.engines.animatic.places.land import Land
from dalang.engines.animatic.places.props import BUSH, ROCK, SNOW_KINDS, wanted
from dalang.engines.animatic.places.trunks import BARK, MOSS, RIME, stand_trunks
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Season, Thing, Time, Weather

DEPTHS = (70.0, 38.0)
"""Metres, for eyes at a man's height, to the walls of trees behind the single trunks."""
LEAVES: tuple[Colour, ...] = ((64, 112, 36), (92, 144, 44), (128, 166, 52), (52, 96, 44))
NEEDLES: tuple[Colour, ...] = ((46, 82, 66), (62, 98, 78), (218, 228, 238), (196, 210, 226))


@dataclass(frozen=True)
class Boughs:
    """Leaves close overhead, that sway; they come round again after `period` pixels."""

    view: Picture
    period: int
    distance: float
    """Metres."""
    lens: Lens
    wind: float

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        sway = 0.004 * self.wind * self.lens.width * (math.sin(time * 1.1) + 0.5 * math.sin(time * 2.3 + 1))
        at = (pose.x * self.lens.scale(self.distance) + pose.turn + sway) % self.period
        over(
            canvas, slide(self.view, at, self.lens.width), 0, round(0.006 * self.lens.height * math.sin(time * 0.9)) - 8
        )


def forest(scene: Set) -> list[Layer]:
    """All of it but the subject and the small plants about its feet."""
    lens, framing = scene.framing.lens, scene.framing
    snowy = scene.snowy
    light = wooded(scene.light, framing.size, 0.0 if snowy else 1.0)
    plain = paint_plain(generator(scene.seed, "ground"), lens, light, scene.ground, float(scene.sun[1]) * 0.8)
    if Thing.TREES in scene.shot.without:
        return [sky(scene), plain, *_undergrowth(scene, light)]
    leaves = NEEDLES if snowy else _crowns(light.season)
    far, near = (framing.remote(depth * framing.size) for depth in DEPTHS)
    walls: list[Layer] = [
        _wall(scene, light, leaves, far, True),
        plain,
        _wall(scene, light, leaves, near, False),
    ]
    trunks = stand_trunks(scene.seed, lens, light, scene.sun, _first(scene), framing.size, RIME if snowy else MOSS, 9)
    standing = sorted([*trunks, *_undergrowth(scene, light)], key=lambda prop: -prop.z)
    return [*walls, *standing, _boughs(scene, light, leaves), *_air(scene)]


def _crowns(season: Season | None) -> tuple[Colour, ...]:
    if season is Season.AUTUMN:
        return foliage.LEAVES[season]
    r_g_b = turned(season, np.array(LEAVES, np.float32)).tolist()
    return tuple((r, g, b) for r, g, b in r_g_b)


def wooded(light: Light, size: float, leafy: float) -> Light:
    """The light in a wood: less of it, and a bright mist where the wood ends, green by so much as it is `leafy`."""
    glade = mix(light.haze, light.sun, 0.30 * min(1.0, light.glow) * (1 - 0.7 * light.stars))
    day = float(rgb(light.fill).mean())
    green: Colour = (240, 196, 120) if light.season is Season.AUTUMN else (196, 214, 120)
    mist = mix(glade, scaled(green, 0.35 + 1.1 * day), 0.30 * leafy * (1 - light.stars))
    return replace(
        light,
        haze=scaled(mist, 0.92),
        visibility=min(52.0 * size, 0.45 * light.visibility),
        key=scaled(light.key, 0.86),
    )


def _first(scene: Set) -> float:
    """Metres to the nearest trunk: behind the subject, and never so near that it is a wall."""
    return max(4.6 * scene.framing.size, scene.framing.ground(0.0) * 1.3)


def _undergrowth(scene: Set, light: Light) -> list[Prop]:
    snowy = scene.snowy
    kinds = wanted(SNOW_KINDS if snowy else (BUSH, ROCK), scene.shot.without)
    if not kinds:
        return []
    lens, first = scene.framing.lens, _first(scene) * (2.2 if snowy else 1.05)
    stock = paint_stock(generator(scene.seed, "stock"), kinds, light, scene.sun, int(lens.height * 0.34))
    rng = generator(scene.seed, "props")
    return set_out(rng, stock, lens, light, first, first * 5, scene.framing.size * (0.8 if snowy else 0.62), 14)


def _wall(scene: Set, light: Light, leaves: tuple[Colour, ...], distance: float, backdrop: bool) -> Land:
    """Many trunks and their leaves as one view; the furthest is the backdrop, which hides the frame over its foot."""
    rng, lens = generator(scene.seed, f"wall {backdrop}"), scene.framing.lens
    margin = scene.framing.margin(distance)
    depth = (DEPTHS[0] if backdrop else DEPTHS[1]) * scene.framing.size
    foot = int(lens.row(depth)) + 1
    columns = lens.width + 2 * margin
    view = np.zeros((foot + lens.height // 40, columns, 4), np.uint8)
    if backdrop:
        view = _glade(lens, light, columns, view.shape[0], scene.sun_x + margin)
    for part in (0.0, 0.5, 1.0) if backdrop else (0.8,):
        veil = 0.80 - 0.36 * part if backdrop else 0.30
        _trunks(rng, view, lens, light, veil, foot, 0.26 * lens.scale(depth) * scene.framing.size)
        _leaves(rng, view, lens, light, leaves, veil, foot, 1.0 if backdrop else 1.7)
    return Land(view, 0, distance, lens)


def _glade(lens: Lens, light: Light, columns: int, rows: int, sun_x: float) -> Picture:
    """The brightness behind the last trees: most over the ground and under the sun."""
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    low = smoothstep(-0.1, 0.95, y) * (0.55 + 0.45 * np.exp(-(((x - sun_x) / (0.5 * lens.width)) ** 2)))
    top = scaled(mix(light.haze, scaled((70, 110, 60), 1 - light.stars), 0.5), 0.5)
    colour = rgb(top) + (rgb(mix(light.haze, light.sun, 0.25)) - rgb(top)) * low[..., None]
    return picture(np.asarray(colour, np.float32))


def _trunks(
    rng: np.random.Generator, view: Picture, lens: Lens, light: Light, veil: float, foot: int, wide: float
) -> None:
    lit = rgb(light.fill) + 0.3 * rgb(light.key)
    for _ in range(max(6, round(view.shape[1] / lens.width * 13))):
        x, thick = float(rng.uniform(0, view.shape[1])), wide * rng.uniform(0.5, 1.5)
        bark = rgb(BARK) * lit * rng.uniform(0.6, 0.95)
        colour = bark + (rgb(light.haze) - bark) * veil
        lean, low = rng.normal(0, 0.03) * foot, foot - rng.uniform(0, 0.02) * lens.height
        spots = [
            (x - thick * 0.8, low),
            (x + thick * 0.8, low),
            (x + lean + thick * 0.4, -2),
            (x + lean - thick * 0.4, -2),
        ]
        cv2.fillPoly(view, [np.round(np.array(spots) * 16).astype(np.int32)], (*colour.tolist(), 255), cv2.LINE_AA, 4)


def _leaves(
    rng: np.random.Generator, view: Picture, lens: Lens, light: Light, leaves: tuple[Colour, ...],
    veil: float, foot: int, size: float,
) -> None:  # fmt: skip
    """Crowns that hang from the top of the frame, and brush along the foot."""
    lit = rgb(light.fill) + 0.55 * rgb(light.key)
    crowns, unit, count = round(view.shape[1] / lens.width * 26), lens.height / 720 * size, 34
    for number in range(crowns * 2):
        low = number % 3 == 0
        spread = rng.uniform(30, 70) * unit
        x, y = rng.uniform(0, view.shape[1]), lens.horizon * rng.triangular(0.0, 0.0, 0.62)
        turn, out = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count)) * spread * 1.5
        across, down = np.cos(turn) * out, np.sin(turn) * out * (0.30 if low else 0.46)
        tint = rgb(leaves[rng.integers(len(leaves))]) * lit
        bright = rng.uniform(0.6, 0.95, count) + np.linspace(0, 0.25, count) - 0.005 * down / unit
        clear = tint * bright[:, None]
        rows = foot - 6 * unit - np.abs(down) if low else y + down
        _dabs(rng, view, x + across, rows, 4.2 * unit, clear + (rgb(light.haze) - clear) * veil)


def _dabs(rng: np.random.Generator, view: Picture, x: Values, y: Values, size: float, colours: Values) -> None:
    """One leaf at each point."""
    long, turns = size * rng.uniform(0.7, 1.6, len(x)), rng.uniform(0, 180, len(x)).tolist()
    places = np.round(np.stack([x, y, long, long * 0.45]).T * 16).astype(np.int64).tolist()
    for (column, row, half, thin), turn, tone in zip(places, turns, np.clip(colours, 0, 255).tolist(), strict=True):
        cv2.ellipse(view, (column, row), (half, thin), turn, 0, 360, (*tone, 255), -1, cv2.LINE_AA, 4)


def _boughs(scene: Set, light: Light, leaves: tuple[Colour, ...]) -> Boughs:
    """Dark against the light, in bunches, deepest at the sides of each bough."""
    rng, lens = generator(scene.seed, "boughs"), scene.framing.lens
    period, rows, unit = lens.width * 3 // 2, int(lens.height * 0.30), lens.height / 720
    view = np.zeros((rows, period, 4), np.uint8)
    lit = rgb(light.fill) * 0.62 + 0.22 * rgb(light.key)
    for bunch in range(30):
        x, reach = period * (bunch + rng.random()) / 30, rng.uniform(0.2, 0.9) ** 1.5 * rows * 0.62
        tint, across = rgb(leaves[rng.integers(len(leaves))]) * lit, rng.normal(0, 46 * unit, 52)
        down = np.minimum(np.abs(rng.normal(0, 0.5, 52)), 1.2) * reach
        down *= 1 - np.minimum(0.8, np.abs(across) / (150 * unit))
        bright = rng.uniform(0.5, 0.9, 52) + 0.7 * light.glow * (np.arange(52) > 46)
        _dabs(rng, view, np.mod(x + across, period), down, 10 * unit, tint * bright[:, None])
    distance = _first(scene) * 0.9
    return Boughs(np.tile(view, (1, 2, 1))[:, : period + lens.width + 4], period, distance, lens, min(2.5, light.wind))


def _air(scene: Set) -> list[Layer]:
    """Beams and dust in a clear day's sun, fireflies on a clear night."""
    lens, light, unit = scene.framing.lens, scene.light, scene.framing.lens.height / 720
    rng, shot = generator(scene.seed, "motes"), scene.shot
    if shot.weather is not Weather.CLEAR:
        return []
    night = shot.time is Time.NIGHT
    strength = (0.26 if night else 0.46) * light.glow
    layers: list[Layer] = [paint_beams(scene.seed, lens, light, scene.sun_x, strength)] if strength else []
    if not night:
        return [*layers, paint_motes(rng, lens, scaled(light.sun, 0.75), 46, 5 * unit, 0.6)]
    return (
        layers
        if Thing.INSECTS in shot.without
        else [*layers, paint_motes(rng, lens, (224, 255, 110), 26, 11 * unit, 1.0)]
    )
