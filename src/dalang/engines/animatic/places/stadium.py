"""A stadium seen from the grass: a goal, a running track, boards, and stands full of people who never sit still."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled, shade
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.composite import Picture, add, glow, over, picture, slide
from dalang.engines.animatic.canvas.flat import Flat
from dalang.engines.animatic.canvas.noise import Field, generator, smoothstep, tile2
from dalang.engines.animatic.places.ground import TEXELS, Plain, lay_band, plain_haze
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Thing

NEAREST = 40.0
"""Metres to the stands, at least."""
STRIPE = 5.5
"""Metres a mown stripe is wide."""
GOAL = (7.32, 2.44)
BAR = 0.12
"""Metres a line of the pitch and a post of the goal are wide."""
TEAMS: tuple[tuple[Colour, Colour], ...] = (
    ((206, 40, 44), (240, 236, 230)), ((38, 84, 190), (236, 238, 244)),
    ((244, 190, 40), (34, 96, 62)), ((226, 104, 36), (40, 44, 60)),
)  # fmt: skip
CLOTHES: tuple[Colour, ...] = ((226, 226, 228), (52, 58, 74), (96, 110, 140), (190, 164, 120), (146, 52, 64))
SKINS: tuple[Colour, ...] = ((236, 194, 162), (206, 156, 116), (150, 104, 74), (104, 72, 54))
GRASSES: tuple[tuple[Colour, Colour], ...] = (((58, 118, 46), (86, 150, 58)), ((48, 110, 54), (74, 144, 70)))
CONCRETE: Colour = (150, 152, 160)
TARTAN: Colour = (176, 78, 58)
BOARDS: tuple[Colour, ...] = (
    (240, 240, 244),
    (30, 64, 160),
    (214, 44, 48),
    (24, 24, 30),
    (250, 206, 52),
    (22, 130, 96),
)
TIERS = ((0.17, 0.50), (0.585, 0.90))
"""From and to what part of the stand's height, from its top, people sit."""
MASTS = (0.17, 0.83)
"""In parts of the frame's width."""
FLASH = 0.14
"""Seconds that a flash in the stands lasts."""


def floodlit(light: Light) -> Light:
    """The same under floodlights, as far as they burn."""
    part = min(1.0, light.lamps * 1.1)
    return replace(light, key=mix(light.key, (0.66, 0.72, 0.74), part), fill=mix(light.fill, (0.38, 0.41, 0.45), part))


def paint_stadium(scene: Set) -> list[Layer]:
    lens, framing, seed, without = scene.framing.lens, scene.framing, scene.seed, scene.shot.without
    light, chance = floodlit(scene.light), generator(seed, "stadium")
    subject = framing.ground(5.0 * lens.eye)
    away = max(NEAREST, subject * 4.0)
    distance = framing.remote(away)
    goal = max(away * 0.42, subject * 1.8)
    bowl = Bowl(lens, lens.width + 2 * framing.margin(distance), lens.row(away))
    return [
        sky(scene),
        _masts(lens, scene.light, bowl, distance),
        _pitch(generator(seed, "pitch"), lens, light, goal, away),
        _stands(chance, bowl, light, distance, Thing.LIGHTS not in without),
        _goal(chance, lens, light, goal, nearing(scene.shot.camera)),
    ]


@dataclass(frozen=True)
class Bowl:
    """The shape of the stands in the picture: they come nearer toward the sides."""

    lens: Lens
    columns: int
    foot: float
    """Row of their foot in the middle."""

    @property
    def top(self) -> int:
        """Row at which the view begins."""
        return round(self.lens.height * 0.06)

    @property
    def rows(self) -> int:
        return round(self.foot + self.lens.height * 0.05) - self.top

    def aside(self) -> Field:
        """Of each column, -1..1 within the frame."""
        return np.asarray((np.arange(self.columns) - self.columns / 2) / (self.lens.width / 2), np.float32)[None, :]

    def part(self) -> Field:
        """Of the stand's height at each pixel, from its top at 0 to its foot at 1."""
        bend = np.clip(np.abs(self.aside()), 0, 1.6) ** 2
        high = self.lens.height * (0.205 - 0.085 * bend)
        foot = self.foot + self.lens.height * 0.016 * bend
        row = (np.arange(self.rows, dtype=np.float32) + self.top)[:, None]
        return np.asarray((row - high) / (foot - high), np.float32)


@dataclass(frozen=True)
class Stands:
    """The stands, with three pictures of those who have just moved, which come and go by turns."""

    view: Picture
    stirs: tuple[Picture, Picture, Picture]
    flashes: tuple[tuple[float, float, int], ...]
    """Seconds from one to the next of its kind; column in the view; row in the view."""
    star: Picture
    top: int
    distance: float
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        width = self.lens.width
        at = (self.view.shape[1] - width) / 2 + pose.turn + self.lens.focal * pose.x / self.distance
        over(canvas, slide(self.view, at, width), 0, self.top)
        one, other, third = (0.5 + 0.5 * math.sin(time * pace + pace) for pace in (2.9, 3.7, 4.6))
        moved = cv2.addWeighted(self.stirs[0], one, self.stirs[1], other, 0)
        add(canvas, slide(np.asarray(cv2.scaleAdd(self.stirs[2], third, moved), np.uint8), at, width), 0, self.top)
        for number, (every, column, row) in enumerate(self.flashes):
            if (time + number * 0.37) % every < FLASH:
                half = self.star.shape[0] // 2
                add(canvas, self.star, round(column - at) - half, self.top + row - half)


def _stands(rng: np.random.Generator, bowl: Bowl, light: Light, distance: float, lamps: bool) -> Stands:
    part, lens = bowl.part(), bowl.lens
    size = max(3.0, lens.height / 720 * 7.2)
    tall = lens.height * 0.40
    seat_x = (np.arange(bowl.columns, dtype=np.float32) / size)[None, :]
    seat_y = part * (tall / size / 1.15)
    crowd, people = _crowd(rng, seat_x, seat_y, TEAMS[rng.integers(len(TEAMS))])
    colour = _walls(part, bowl)
    seated = np.zeros(part.shape, np.float32)
    for top, foot in TIERS:
        inside = (part > top) & (part < foot)
        deep = smoothstep(top - 0.06, foot, part[inside])
        colour[inside] = crowd[inside] * (0.46 + 0.40 * deep)[:, None]
        seated[inside] = deep
    _boards(rng, colour, part, bowl, size)
    lit = colour * (rgb(light.fill) + 0.62 * rgb(light.key))
    if lamps and light.lamps > 0:
        under = slice(0, int(bowl.rows * 0.6))
        burning = _lamps(bowl, part[under], size)[..., None] * rgb((255, 250, 236)) * min(1.0, light.lamps * 1.2)
        lit[under] = np.maximum(lit[under], burning)
    cover = np.clip(part * tall + 0.5, 0, 1) * np.clip((1 - part) * tall + 0.5, 0, 1)
    stirs = _stirs(rng, seat_x, seat_y, people * seated, light)
    spots = tuple(_flash(rng, bowl) for _ in range(14)) if lamps and light.stars > 0.5 else ()
    star = glow(max(3, round(size * 1.5)), (255, 255, 255), 3.0)
    return Stands(picture(lit, cover), stirs, spots, star, bowl.top, distance, lens)


SEATS = (64, 512)
"""Rows and seats after which the same people sit again."""


def _seats(x: Field, y: Field) -> NDArray[np.int32]:
    """Whose seat each pixel shows, as an index into a table of SEATS."""
    row = np.floor(y).astype(np.int32) & (SEATS[0] - 1)
    seat = np.floor(x + 0.5 * (row & 1)).astype(np.int32) & (SEATS[1] - 1)
    return np.asarray(row * SEATS[1] + seat, np.int32)


def _people(rng: np.random.Generator, team: tuple[Colour, Colour]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Shirts and faces by seat; some seats are empty."""
    count = SEATS[0] * SEATS[1]
    kind = rng.random(count)
    shirts = np.where((kind < 0.42)[:, None], rgb(team[0]), rgb(team[1]))
    dressed = kind > 0.62
    shirts[dressed] = np.array(CLOTHES, np.float32)[rng.integers(len(CLOTHES), size=int(dressed.sum()))]
    shirts *= rng.uniform(0.72, 1.05, (count, 1)).astype(np.float32)
    faces = np.array(SKINS, np.float32)[rng.integers(len(SKINS), size=count)]
    shirts[kind < 0.05] = faces[kind < 0.05] = (66, 72, 92)
    return np.asarray(shirts, np.float32), faces


def _crowd(
    rng: np.random.Generator, x: Field, y: Field, team: tuple[Colour, Colour]
) -> tuple[NDArray[np.float32], Field]:
    """The colours of people and aisles, and where people are."""
    shirts, faces = _people(rng, team)
    owner, v = _seats(x, y), y - np.floor(y)
    along = x + np.float32(0.5) * (np.floor(y).astype(np.int32) & 1)
    u = along - np.floor(along) - np.float32(0.5)
    head = (u / 0.24) ** 2 + ((v - 0.30) / 0.26) ** 2 < 1
    body = (np.abs(u) < 0.44) & (v > 0.46) & ~head
    colour = np.full((*v.shape, 3), (56, 56, 68), np.float32)
    colour[body] = shirts[owner[body]]
    colour[head] = faces[owner[head]]
    aisle = np.broadcast_to(np.abs(np.mod(x - 4, 34) - 17) < 0.9, v.shape)
    colour[aisle] = rgb((168, 166, 164)) * np.where(np.mod(v[aisle], 0.5) < 0.16, 0.6, 1.0)[:, None]
    return colour, np.asarray((head | body) & ~aisle, np.float32)


def _walls(part: Field, bowl: Bowl) -> NDArray[np.float32]:
    """Roof, the front of the upper tier, and the wall at the foot."""
    colour = np.full((*part.shape, 3), CONCRETE, np.float32)
    beams = np.abs(np.mod(np.arange(bowl.columns, dtype=np.float32) * 60 / bowl.lens.width, 1) - 0.5) * 0.09 + 0.05
    colour[part < TIERS[0][0]] = (19, 20, 25)
    colour[(np.abs(part - beams[None, :]) < 0.008) & (part < TIERS[0][0])] = (46, 49, 60)
    edge = part < 0.045
    colour[edge] = rgb((226, 228, 234)) * (0.75 + 0.25 * smoothstep(0.115, 0.0, part[edge]))[:, None]
    for low, high, shown in ((TIERS[0][1], TIERS[1][0], (92, 98, 116)), (0.503, 0.527, (184, 196, 230)),
                             (0.54, 0.575, (46, 49, 58))):  # fmt: skip
        colour[(part > low) & (part < high)] = shown
    return colour


def _boards(rng: np.random.Generator, colour: NDArray[np.float32], part: Field, bowl: Bowl, size: float) -> None:
    """Boards with marks, no letters, along the foot."""
    wide = round(size * 22)
    for start in range(0, bowl.columns, wide):
        ground, mark = (BOARDS[number] for number in rng.permutation(len(BOARDS))[:2])
        columns = slice(start, min(bowl.columns, start + wide - 2))
        strip = part[:, columns]
        u = (np.arange(strip.shape[1], dtype=np.float32)[None, :] - wide * 0.3) / wide
        v = (strip - 0.96) * 2.2
        shape = (np.abs(u) * 2 + np.abs(v) < 0.07) | ((u > 0.12) & (u < 0.52) & (np.abs(v) < 0.018))
        face = np.where(shape[..., None], rgb(mark), rgb(ground)) * (0.95 if start else 1.0)
        colour[:, columns] = np.where((strip > 0.925)[..., None], face, colour[:, columns])


def _lamps(bowl: Bowl, part: Field, size: float) -> Field:
    """A row of lamps under the roof's edge."""
    across = np.abs(np.mod(np.arange(bowl.columns) / (size * 2.4), 1) - 0.5)[None, :]
    light = np.exp(-((across / 0.30) ** 2) - ((part - 0.085) / 0.018) ** 2)
    return np.asarray(light + 0.30 * np.exp(-np.abs(part - 0.09) / 0.05), np.float32)


def _stirs(
    rng: np.random.Generator, x: Field, y: Field, there: Field, light: Light
) -> tuple[Picture, Picture, Picture]:
    """Three pictures of the light on those who have just moved; many move a little, few much."""
    owner, mask = _seats(x, y), cv2.cvtColor((there * 255).astype(np.uint8), cv2.COLOR_GRAY2RGBA)
    strength = np.append((rgb(light.fill) + 0.62 * rgb(light.key)) * 130, 0)
    first, second, third = (_stir(rng, owner, mask, strength) for _ in range(3))
    return first, second, third


def _stir(
    rng: np.random.Generator, owner: NDArray[np.int32], mask: np.ndarray, strength: NDArray[np.floating]
) -> Picture:
    table = np.clip((rng.random(SEATS[0] * SEATS[1]) ** 5)[:, None] * strength, 0, 255).astype(np.uint8)
    return np.asarray(cv2.multiply(table[owner], mask, scale=1 / 255), np.uint8)


def _flash(rng: np.random.Generator, bowl: Bowl) -> tuple[float, float, int]:
    return float(rng.uniform(1.6, 4.2)), float(rng.uniform(0, bowl.columns)), int(rng.uniform(0.38, 0.85) * bowl.rows)


@dataclass(frozen=True)
class Masts:
    """Floodlights on their masts behind the stands."""

    views: tuple[tuple[Picture, float], ...]
    halo: Picture
    burn: bool
    row: int
    distance: float
    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        aside = pose.turn + self.lens.focal * pose.x / self.distance
        for view, place in self.views:
            x = round(self.lens.width * place - aside)
            over(canvas, view, x - view.shape[1] // 2, self.row)
            if self.burn:
                half = self.halo.shape[0] // 2
                add(canvas, self.halo, x - half, self.row + view.shape[1] // 4 - half)


def _masts(lens: Lens, light: Light, bowl: Bowl, distance: float) -> Masts:
    wide = round(0.105 * min(lens.width, lens.height * 1.4))
    row = round(lens.height * 0.045)
    high = max(wide, round(bowl.foot - lens.height * 0.2) - row)
    view, burn = np.zeros((high, wide, 4), np.uint8), light.lamps > 0
    steel = (*scaled((96, 100, 110), 0.25 + float(np.mean(light.fill))), 255)
    for x in (0.44, 0.56):
        cv2.line(
            view,
            (round(wide * x), wide // 3),
            (round(wide * (x * 2 - 0.5)), high),
            steel,
            max(1, wide // 40),
            cv2.LINE_AA,
        )
    cv2.rectangle(view, (0, 0), (wide - 1, wide // 2), steel, -1)
    lamp = (255, 255, 250, 255) if burn else (*mix(light.sky, (230, 232, 236), 0.5), 255)
    for y in range(3):
        for x in range(6):
            centre = round(wide * (x + 0.5) / 6), round(wide / 2 * (y + 0.5) / 3)
            cv2.circle(view, centre, max(1, round(wide * 0.062)), lamp, -1, cv2.LINE_AA)
    strength = min(1.0, light.lamps * (0.5 + 0.5 * light.stars))
    halo = glow(round(wide * 2.4), scaled((210, 226, 255), 0.85 * strength), 2.6)
    return Masts(tuple((view, place) for place in MASTS), halo, burn, row, distance, lens)


def _pitch(rng: np.random.Generator, lens: Lens, light: Light, goal: float, away: float) -> Plain:
    below = lens.height - lens.horizon
    grass = GRASSES[rng.integers(len(GRASSES))]
    near, far = (2 * STRIPE, 16.0), (2 * STRIPE, 2.0 * away)
    split = round(np.clip(lens.eye * lens.focal / 11.0, below * 0.12, below * 0.5))
    top = max(0, round(lens.row(away * 1.2)) - lens.horizon)
    distant = _turf(rng, grass, far)
    _mark(distant, far[1], goal, away)
    bands = (
        lay_band(lens, picture(shade(light, distant, 0.7)), far, top, min(below, split + below // 12), 0),
        lay_band(lens, picture(shade(light, _turf(rng, grass, near), 0.7)), near, split, below, below // 12),
    )
    return Plain(bands, *plain_haze(lens, light, edge=0.0), lens, top)


def _turf(rng: np.random.Generator, grass: tuple[Colour, Colour], metres: tuple[float, float]) -> NDArray[np.float32]:
    x = (np.arange(TEXELS, dtype=np.float32) + 0.5)[None, :] * metres[0] / TEXELS
    dark = smoothstep(-0.05, 0.05, np.asarray(np.sin(x * np.pi / STRIPE), np.float32))
    blades = tile2(rng, (TEXELS, TEXELS), (256, 512), 2, 1.0)
    worn = tile2(rng, (TEXELS, TEXELS), (8, 4), 4)
    tone = (0.84 + 0.22 * blades + 0.14 * worn)[..., None]
    return np.asarray((rgb(grass[0]) + (rgb(grass[1]) - rgb(grass[0])) * dark[..., None]) * tone, np.float32)


def _mark(ground: NDArray[np.float32], deep: float, goal: float, away: float) -> None:
    """The lines of the goal and of its area, and the running track behind them."""
    z = (np.arange(TEXELS, dtype=np.float32) + 0.5) * deep / TEXELS
    half = max(BAR, 0.7 * deep / TEXELS)
    for line in (goal, goal - min(5.5, goal * 0.3)):
        ground[np.abs(z - line) < half] = (236, 240, 234)
    first = goal + (away - goal) * 0.42
    tone = ground[z > first].mean(axis=2, keepdims=True) / 110
    ground[z > first] = rgb(TARTAN) * (0.6 + 0.4 * tone)
    lane = (away - first) / 6
    ground[(z > first - half) & (np.mod(z - first + half, lane) < 1.4 * half) & (z < away)] = (230, 222, 214)


def _goal(rng: np.random.Generator, lens: Lens, light: Light, z: float, grown: float) -> Flat:
    """Drawn twice as large, then averaged down."""
    scale = lens.scale(z) * grown * 2
    wide, high = round((GOAL[0] + 0.6) * scale), round((GOAL[1] + 0.2) * scale)
    view = np.zeros((high, wide, 4), np.uint8)
    white = rgb((246, 248, 250)) * (rgb(light.fill) + 0.62 * rgb(light.key))
    net = (*(np.clip(white, 0, 255) * 0.30).tolist(), 76)
    left, right, bar = 0.3 * scale, wide - 0.3 * scale, high - GOAL[1] * scale
    inset, step = 0.55 * scale, 0.16 * scale
    for number in range(int((right - left) / step) + 1):
        x = left + number * step
        back = left + inset + (x - left) * (1 - 2 * inset / (right - left))
        cv2.line(view, (round(x), round(bar)), (round(back), high - round(0.1 * scale)), net, 1, cv2.LINE_AA)
    for number in range(int(GOAL[1] * scale / step) + 1):
        y, part = bar + number * step, number * step / (GOAL[1] * scale)
        cv2.line(
            view, (round(left + inset * part), round(y)), (round(right - inset * part), round(y)), net, 1, cv2.LINE_AA
        )
    post, thick = (*np.clip(white, 0, 255).tolist(), 255), max(2, round(BAR * scale))
    for start, end in (((left, bar), (left, high)), ((right, bar), (right, high)), ((left, bar), (right, bar))):
        cv2.line(view, (round(start[0]), round(start[1])), (round(end[0]), round(end[1])), post, thick)
    small = np.asarray(cv2.resize(view, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    aside = float(rng.choice([-1, 1]) * rng.uniform(0.16, 0.26)) * lens.width / lens.scale(z)
    return Flat(small, aside, z, 0.0, lens, grown)
