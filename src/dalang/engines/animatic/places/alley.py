"""An alley: walls close on both sides, neon over wet ground, steam from the drains."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled, shade
from dalang.engines.animatic.air.weather import WET
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture, glow, over, picture, stamp
from dalang.engines.animatic.canvas.flat import held
from dalang.engines.animatic.canvas.noise import generator, smoothstep, tile, tile2
from dalang.engines.animatic.canvas.pigment import between
from dalang.engines.animatic.places.corridor import Corridor, Lamp, Walls, paint_walls
from dalang.engines.animatic.places.ground import TEXELS, Band, lay_band
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Thing

NARROW = 2.7
"""Metres from the middle to each wall, at least."""
ASIDE = 0.18
"""Of that, how far the camera seems to leave the middle at the most: however far it goes, the walls stay."""
CLOSEST = 0.84
"""The least that a dolly makes the walls' picture."""
TUBES: tuple[Colour, ...] = (
    (255, 54, 150),
    (40, 220, 255),
    (255, 96, 56),
    (150, 90, 255),
    (70, 255, 170),
    (255, 210, 70),
)


def neonlit(light: Light) -> Light:
    """Little of the sky's light, and the colours of the signs as far as they burn."""
    dim = scaled(light.fill, 1.16 - 0.30 * light.lamps)
    neon = 0.30 * light.lamps, 0.17 * light.lamps, 0.34 * light.lamps
    return replace(
        light, fill=(dim[0] + neon[0], dim[1] + neon[1], dim[2] + neon[2]), key=scaled(light.key, 0.85),
        sun=mix(light.sun, (255, 110, 210), light.lamps * light.stars), glow=max(light.glow, light.lamps),
    )  # fmt: skip


def paint_alley(scene: Set) -> list[Layer]:
    lens, framing, seed, shot = scene.framing.lens, scene.framing, scene.seed, scene.shot
    light, chance = neonlit(scene.light), generator(seed, "alley")
    subject = framing.ground(5.0 * lens.level)
    half = max(NARROW, 0.36 * subject)
    shrunk = CLOSEST if nearing(shot.camera) > 1 else 1.0
    narrow = shrunk * (1 - ASIDE) if framing.travel else shrunk
    aside = round(framing.path.turn + lens.width / 2 * (1 / narrow - 1)) + 4
    corridor = Corridor(lens, half, (aside, round(lens.height * 0.62 * (1 / shrunk - 1)) + 2))
    signs = () if Thing.LIGHTS in shot.without else _signs(chance, lens, half, scene.light)
    lamps = tuple(Lamp(sign.at, scaled(sign.colour, scene.light.lamps), 2.3) for sign in signs)
    night = scene.light.lamps * max(0.35, scene.light.stars)
    haze = mix(mix(scene.light.haze, scene.light.horizon, 0.5), (74, 40, 108), 0.55 * night)
    view = View(corridor, max(1.5 * subject, 6.0))
    wet = 0.55 if shot.weather in WET else 0.12 + 0.22 * night
    walls = paint_walls(generator(seed, "walls"), corridor, light, haze, lamps)
    if scene.light.lamps:
        _mirrored(walls.mirror, corridor, signs)
    layers: list[Layer] = [
        sky(scene),
        Floor(_ground(generator(seed, "ground"), lens, light, wet), walls, view),
        Sides(walls.view, view),
        *(replace(sign, view=view) for sign in signs),
    ]
    if Thing.FOG not in shot.without:
        layers.append(_steam(generator(seed, "steam"), mix(haze, (255, 255, 255), 0.25), view, half))
    return layers


@dataclass(frozen=True)
class View:
    """How the walls' picture lies on the canvas: larger as the camera nears, wider on the side that it leaves."""

    corridor: Corridor
    depth: float
    """Metres away, of what grows as it should."""

    def sizes(self, pose: Pose) -> tuple[float, float, float]:
        """How much larger: in height, and in width to the left and to the right of the vanishing point."""
        grown = 1 / (1 - pose.z / self.depth)
        aside = held(pose.x / self.corridor.half, ASIDE)
        return grown, grown * (1 + aside), grown * (1 - aside)

    def vanishing(self, pose: Pose) -> tuple[float, float]:
        return self.corridor.lens.middle - pose.turn, float(self.corridor.lens.horizon)

    def place(self, at: tuple[float, float, float], pose: Pose) -> tuple[float, float, float]:
        """Column and row of a point, and how much larger it is seen than in the middle of the shot."""
        lens, sizes, (column, row) = self.corridor.lens, self.sizes(pose), self.vanishing(pose)
        wide = sizes[1] if at[0] < 0 else sizes[2]
        per_metre = lens.focal / at[2]
        return column + at[0] * per_metre * wide, row + (lens.eye - at[1]) * per_metre * sizes[0], sizes[0]


@dataclass(frozen=True)
class Sides:
    walls: Picture
    view: View

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        margin, lens = self.view.corridor.margin, self.view.corridor.lens
        if self.view.sizes(pose) == (1, 1, 1) and pose.turn == 0:
            over(canvas, self.walls, -margin[0], -margin[1])
            return
        tall, left, right = self.view.sizes(pose)
        column, split = lens.middle - pose.turn, min(max(round(lens.middle - pose.turn), 0), lens.width)
        middle, horizon = self.view.corridor.vanishing
        for size, start, stop in ((left, 0, split), (right, split, lens.width)):
            if stop > start:
                move = np.array(
                    [[size, 0, column - start - middle * size], [0, tall, lens.horizon - horizon * tall]], np.float32
                )
                drawn = cv2.warpAffine(self.walls, move, (stop - start, lens.height), flags=cv2.INTER_LINEAR)
                over(canvas, np.asarray(drawn, np.uint8), start, 0)


@dataclass(frozen=True)
class Floor:
    """Wet ground: its fourth channel says how much of the walls' mirror it shows."""

    band: Band
    walls: Walls
    view: View

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        rows = canvas[self.view.corridor.lens.horizon :]
        self.band.draw(rows, pose)
        shine = cv2.cvtColor(cv2.extractChannel(rows, 3), cv2.COLOR_GRAY2RGBA)
        mirror = self._mirror(pose, len(rows))
        cv2.multiply(rows, cv2.bitwise_not(cv2.addWeighted(shine, 0.6, shine, 0.0, 0.0)), dst=rows, scale=1 / 255)
        cv2.add(rows, cv2.multiply(mirror, shine, scale=1 / 255), dst=rows)

    def _mirror(self, pose: Pose, rows: int) -> Picture:
        tall, left, right = self.view.sizes(pose)
        lens, middle = self.view.corridor.lens, self.view.corridor.vanishing[0]
        column = lens.middle - pose.turn
        split = min(max(round(column), 0), lens.width)
        out = np.empty((rows, lens.width, 4), np.uint8)
        for size, start, stop in ((left, 0, split), (right, split, lens.width)):
            if stop > start:
                move = np.array([[size * 2, 0, column - start - middle * size], [0, tall * 2, 0]], np.float32)
                out[:, start:stop] = cv2.warpAffine(
                    self.walls.mirror,
                    move,
                    (stop - start, rows),
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
        return out


def _ground(rng: np.random.Generator, lens: Lens, light: Light, wet: float) -> Band:
    """Asphalt with a gutter along its middle, patches, and puddles."""
    size = max(0.25, lens.level / 1.6)
    grit = tile(rng, TEXELS, 256, 3, 0.9)
    patch = tile2(rng, (TEXELS, TEXELS), (16, 4), 4)
    puddle = smoothstep(0.52, 0.60, tile2(rng, (TEXELS, TEXELS), (32, 4), 4, 0.45))
    x = np.linspace(-1, 1, TEXELS, dtype=np.float32)[None, :]
    gutter = np.exp(-((x / 0.03) ** 2))
    tone = (0.60 + 0.45 * grit + 0.35 * patch) * (1 - 0.45 * puddle) * (1 - 0.4 * gutter)
    colour = shade(light, between((0, 0, 0), (78, 78, 86), tone), 0.35)
    texture = picture(colour)
    texture[..., 3] = np.clip(255 * (wet * (0.75 + 0.5 * patch) + (0.80 - 0.4 * wet) * puddle), 0, 255).astype(np.uint8)
    return lay_band(lens, texture, (6.4 * size, 25.6 * size), 0, lens.height - lens.horizon, 0)


@dataclass(frozen=True)
class Sign:
    """A sign that hangs out from a wall: marks of neon, no letters."""

    at: tuple[float, float, float]
    """Metres, of the middle of its foot."""
    colour: Colour
    burning: Picture
    dark: Picture
    halo: Picture
    strength: float
    nervous: float
    """How it flickers: 0 not at all, else its own rhythm."""
    view: View | None = None

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        assert self.view is not None
        column, row, grown = self.view.place(self.at, pose)
        on = self.strength > 0 and self._on(time)
        stamp(canvas, self.burning if on else self.dark, column, row, grown)
        if on:
            middle = row - self.burning.shape[0] * grown / 2
            stamp(canvas, self.halo, column, middle + self.halo.shape[0] * grown / 2, grown, lit=True)

    def _on(self, time: float) -> bool:
        return not self.nervous or math.sin(time * 21 * self.nervous) + math.sin(time * 33.7 + self.nervous) > -1.1


def _signs(rng: np.random.Generator, lens: Lens, half: float, light: Light) -> tuple[Sign, ...]:
    """Along both walls by turns, the furthest first."""
    found = []
    for number, z in enumerate(np.geomspace(26, 6.2, 9)):
        side = 1 if number % 2 else -1
        wide, high = float(rng.uniform(0.5, 0.95)), float(rng.uniform(0.9, 2.3))
        colour = TUBES[int(rng.integers(len(TUBES)))]
        at = (side * (half - 0.12 - wide / 2), float(rng.uniform(2.5, 3.4 + 0.10 * z)), float(z))
        per_metre = lens.focal / z
        shape = max(5, round(wide * per_metre)), max(8, round(high * per_metre))
        kind, accent = int(rng.integers(4)), TUBES[int(rng.integers(len(TUBES)))]
        burning, dark = _sign(shape, colour, accent, kind, 1.0), _sign(shape, colour, accent, kind, 0.30)
        halo = glow(round(max(shape) * 1.15), scaled(colour, 0.50 * light.lamps), 2.2)
        nervous = float(rng.uniform(0.8, 1.2)) if number in (4, 7) else 0.0
        found.append(Sign(at, colour, burning, dark, halo, light.lamps, nervous))
    return tuple(found)


def _mirrored(mirror: Picture, corridor: Corridor, signs: tuple[Sign, ...]) -> None:
    """Draw burning signs into what wet ground shows: drawn out as far as the wall's foot, and soft."""
    lens = corridor.lens
    for sign in signs:
        x, y, z = sign.at
        per_metre, high = lens.focal / z, sign.burning.shape[0]
        long = high + (y - 0.4) * per_metre
        column, row = corridor.vanishing[0] + x * per_metre, (lens.eye + y) * per_metre + high
        soft = cv2.blur(np.ascontiguousarray(sign.burning[::-1]), (3, max(3, high // 4)))
        fade = 0.60 * np.sin(np.linspace(0, 3.14, high, dtype=np.float32))[:, None, None] ** 0.7
        stamp(mirror, np.asarray(soft * fade, np.uint8), column / 2, row / 2, 0.5, tall=long / high, lit=True)
        round_glow = sign.halo.shape[0]
        stamp(mirror, sign.halo, column / 2, (row + long * 0.4) / 2, 0.5, tall=long * 1.8 / round_glow, lit=True)


def _sign(shape: tuple[int, int], colour: Colour, accent: Colour, kind: int, bright: float) -> Picture:
    """Drawn at three times its size, then averaged down."""
    wide, high = shape[0] * 3, shape[1] * 3
    view = np.zeros((high, wide, 4), np.uint8)
    view[:] = (*(round(10 + 0.10 * c * bright) for c in colour), 255)
    tube, other = max(2, wide // 16), (*(round(c * bright) for c in mix(accent, (255, 255, 255), 0.25)), 255)
    ink = (*(round(c * bright) for c in mix(colour, (255, 255, 255), 0.30)), 255)
    inset = round(wide * 0.09)
    cv2.rectangle(view, (inset, inset), (wide - inset, high - inset), ink, tube, cv2.LINE_AA)
    step = wide * 0.72
    for number in range(max(1, int((high - 2 * inset) / step))):
        x, y = wide // 2, round(inset + step * (number + 0.5) + ((high - 2 * inset) % step) / 2)
        _mark(view, (x, y), round(wide * 0.22), (kind + number) % 4, other, tube)
    small = cv2.resize(view, shape, interpolation=cv2.INTER_AREA)
    reach = max(3, shape[0] // 7)
    soft = cv2.blur(cv2.blur(small, (reach, reach)), (reach, reach))
    lit = np.asarray(cv2.addWeighted(small, 1.0, soft, 0.55 * bright, 0), np.uint8)
    lit[..., 3] = 255
    return lit


def _mark(view: Picture, at: tuple[int, int], size: int, kind: int, ink: tuple[int, ...], tube: int) -> None:
    x, y = at
    if kind == 0:
        cv2.circle(view, at, size, ink, tube, cv2.LINE_AA)
        cv2.circle(view, at, max(1, size // 3), ink, -1, cv2.LINE_AA)
    elif kind == 1:
        for row in (-1, 0, 1):
            points = [(x + step * size // 2, y + row * size * 3 // 4 + (step % 2) * size // 3) for step in range(-2, 3)]
            cv2.polylines(view, [np.array(points, np.int32)], False, ink, tube, cv2.LINE_AA)
    else:
        low = y + size if kind == 2 else y + size * 3 // 4
        points = [(x, y - size), (x + size, y), (x, low), (x - size, y)] if kind == 2 else [
            (x, y - size), (x + size, low), (x - size, low)
        ]  # fmt: skip
        cv2.polylines(view, [np.array(points, np.int32)], True, ink, tube, cv2.LINE_AA)


@dataclass(frozen=True)
class Steam:
    """Puffs that rise from drains, grow and thin out."""

    puffs: tuple[tuple[tuple[float, float, float], float, float], ...]
    """Each: the drain it leaves (metres), seconds of its life, its phase."""
    looks: tuple[Picture, ...]
    """From thick to thin."""
    view: View

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        for (x, _, z), life, phase in self.puffs:
            age = (time / life + phase) % 1
            drift = 0.35 * math.sin(phase * 40 + time * 0.8) * age
            column, row, _ = self.view.place((x + drift, 0.1 + 2.6 * age, z), pose)
            look = self.looks[min(len(self.looks) - 1, int(abs(2 * age - 0.7) * len(self.looks)))]
            metres = 0.5 + 1.9 * age
            size = metres * self.view.corridor.lens.focal / z / look.shape[0]
            stamp(canvas, look, column, row + look.shape[0] * size / 2, size)


def _steam(rng: np.random.Generator, colour: Colour, view: View, half: float) -> Steam:
    axis = np.linspace(-1, 1, 96, dtype=np.float32)
    round_fall = np.clip(1 - np.hypot(axis[:, None], axis[None, :]), 0, 1)
    body = round_fall * np.clip(tile(rng, 128, 4, 4)[:96, :96] * 1.6 - 0.2, 0, 1)
    paper = rgb(colour) * np.ones((96, 96, 1), np.float32)
    looks = tuple(picture(paper, body * thick) for thick in np.linspace(0.62, 0.0, 24))
    drains = [(float(rng.choice([-1, 1]) * rng.uniform(0.35, 0.8)) * half, 0.0, float(z)) for z in (8.5, 13.0, 19.0)]
    puffs = tuple((drain, float(rng.uniform(3.4, 4.6)), k / 4) for drain in reversed(drains) for k in range(4))
    return Steam(puffs, looks, view)
