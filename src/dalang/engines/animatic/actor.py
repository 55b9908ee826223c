"""The subject: its frame for each moment, in the light of the set, with its shadow or its reflection."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.acting import STILL, Motion, acting, waddle
from dalang.engines.animatic.camera import Lens, Pose
from dalang.engines.animatic.composite import Picture, picture, stamp, warp
from dalang.engines.animatic.grove import shadow
from dalang.engines.animatic.light import Light, rgb
from dalang.engines.animatic.sprite import Sprite
from dalang.engines.animatic.stand import Stand
from dalang.scene.performer import Action

DRAUGHT = {"duck": 0.16, "swan": 0.14, "fish": 0.30, "shark": 0.44, "dolphin": 0.20, "whale": 0.22, "sailboat": 0.07}
"""Part of a subject's height under water, where it is not its action's."""
DRAUGHTS = {Action.SWIM: 0.42, Action.SAIL: 0.05}
HUE = 0.4
"""How much of the light's tint a subject is spared, so that it keeps its own colours at night."""
STRIDES = {Action.WALK: 1.0, Action.RUN: 1.8, Action.CRAWL: 0.5}
"""How strongly a picture rocks that has no legs to go with."""
STEP = 0.42
"""Of one's height, from step to step."""
LEANT = 45.0
"""Degrees from which one lies rather than stands."""
BLEND = 1 / 20
"""Seconds a frame may stand before it is blended with the next."""


@dataclass(frozen=True)
class Costume:
    """A sprite's frames, turned, enlarged and lit for a shot; each is made when it is first needed."""

    sprite: Sprite
    light: Light
    mirrored: bool
    scale: float
    sun_side: float
    worn: dict[int, Picture] = field(default_factory=dict)

    def frame(self, number: int) -> Picture:
        if number not in self.worn:
            self.worn[number] = self._dressed(self.sprite.frames[number])
        return self.worn[number]

    def _dressed(self, art: Picture) -> Picture:
        turned = np.ascontiguousarray(art[:, ::-1]) if self.mirrored else art
        size = (round(art.shape[1] * self.scale), round(art.shape[0] * self.scale))
        way = cv2.INTER_CUBIC if self.scale > 1 else cv2.INTER_AREA
        big = np.asarray(cv2.resize(turned, size, interpolation=way), np.float32)
        if self.scale > 1.1:
            big += (big - cv2.GaussianBlur(big, (0, 0), self.scale)) * 0.6
        return relit(big, self.light, self.sun_side)


def relit(art: np.ndarray, light: Light, side: float) -> Picture:
    """`art` (premultiplied, float) in the light of the set, with a rim of sun on its `side` (-1 left, 1 right)."""
    cover = np.clip(art[..., 3:], 0, 255)
    rows = art.shape[0]
    tint = rgb(light.fill) + 0.62 * rgb(light.key)
    grey = float(tint.mean())
    tint = (tint + (grey - tint) * HUE) * (1 + 1.1 * max(0.0, 0.66 - grey))
    fall = np.linspace(1.06, 0.80, rows, dtype=np.float32)[:, None, None]
    reach = rows / 50
    blurred = cv2.GaussianBlur(cover[..., 0], (0, 0), reach)
    rim = _edge(cover, blurred, side, reach)
    away = 0.5 - 0.5 * side * np.linspace(-1, 1, art.shape[1], dtype=np.float32)[None, :, None]
    colour = art[..., :3] * tint * fall * (1 - light.slope * away)
    colour += rim * rgb(light.sun) * 0.42 * light.glow * light.rim
    if light.kick:
        colour += _edge(cover, blurred, -side, reach) * rgb(light.kick) * 0.8
    return np.dstack([np.clip(np.minimum(colour, cover * 1.02), 0, 255), cover]).astype(np.uint8)


def _edge(cover: np.ndarray, blurred: np.ndarray, side: float, reach: float) -> np.ndarray:
    """Where what `cover` covers ends on its `side`, 0..1."""
    move = np.array([[1, 0, -side * reach * 1.4], [0, 1, reach]], np.float32)
    shifted = cv2.warpAffine(blurred, move, (cover.shape[1], cover.shape[0]))
    return np.asarray(np.clip(cover[..., 0] - shifted, 0, 255)[..., None] * cover / 255**2)


@dataclass(frozen=True)
class Actor:
    stand: Stand
    lens: Lens
    costume: Costume
    shade: Picture | None
    """Its shadow on the ground, or the ring of foam where it leaves the water; None where it hangs free."""
    afloat: bool
    """On water: it sinks in a little, and the water shows it again."""
    lines: tuple[tuple[float, float], ...] = ()
    """When it speaks: seconds, from and to."""

    @property
    def sprite(self) -> Sprite:
        return self.costume.sprite

    @property
    def z(self) -> float:
        """Metres from the camera, half through the shot."""
        return self.stand.distance

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        view, mark = self._view(time), self.stand.way.at(time)
        distance = mark.z - pose.z
        near = self.stand.distance / distance
        grown = near * self.stand.scale / self.costume.scale
        x = self.column(pose, time)
        row = self.lens.row(distance) + self._sunk(pose, distance)
        if self.afloat and self.shade is not None:
            self._float(self.shade, canvas, view, x, row + self._swell(time) * view.shape[0] * grown, grown, time)
            return
        motion = self.motion(time)
        if self.shade is not None:
            self._shadow(self.shade, canvas, x, row, near, motion)
        foot = row + 0.015 * view.shape[0] * grown - (mark.height + self._bob(time)) * self.lens.scale(distance)
        tall = self._breath(time) * self.lens.upright
        if motion is STILL:
            stamp(canvas, view, x, foot, grown, tall=tall)
        else:
            warp(canvas, view, placed(motion, view, x, foot, grown, tall, self.stand.heading))

    def motion(self, time: float) -> Motion:
        """How the whole picture is moved to show what its performer does."""
        figure = self.stand.figure
        if figure.sprite.acts or self.stand.carried:
            return STILL
        action = figure.performer.action
        if self.stand.way.moving(time) and action in STRIDES:
            covered = self.stand.way.covered(time)
            return waddle(covered / (STEP * figure.height) + figure.start, STRIDES[action]) if self._legless else STILL
        return acting(action, time + 2 * figure.start, speaking=self.speaks(time), upright=figure.upright)

    @property
    def _legless(self) -> bool:
        """Whether it walks though its picture has no step."""
        subject = self.sprite.subject
        return not subject.stride and subject.kind != "vehicles" and len(self.sprite.frames) == 1

    def speaks(self, time: float) -> bool:
        """Whether one of its lines is being said."""
        return any(start <= time < end for start, end in self.lines)

    def _shadow(self, shade: Picture, canvas: Picture, x: float, row: float, near: float, motion: Motion) -> None:
        """Under the body: smaller under one who leaves the ground, longer under one who lies."""
        lying = abs(math.sin(math.radians(motion.angle))) if abs(motion.angle) > LEANT else 0.0
        figure, forward = self.stand.figure, self.stand.heading * math.copysign(1, motion.angle)
        long = 1 + lying * max(0.0, figure.height / figure.width - 1)
        size = near * long / (1 + (0.0 if lying else 1.2 * max(0.0, motion.dy)))
        aside = (lying * forward / 2 + self.stand.heading * motion.dx) * figure.height
        at = x + aside * self.stand.scale * near * figure.sprite.frames.shape[1] / figure.height
        stamp(canvas, shade, at, row + shade.shape[0] * size * 0.5, size)

    def _sunk(self, pose: Pose, distance: float) -> float:
        """Rows that it comes to stand lower as the camera rises; what flies is not left under the frame."""
        return pose.up * self.lens.scale(distance) if not self.stand.aloft else pose.down if pose.up else 0.0

    def column(self, pose: Pose, time: float) -> float:
        """Of the subject's middle, in pixels."""
        mark = self.stand.way.at(time)
        return self.lens.middle + (mark.x - pose.x) * self.lens.scale(mark.z - pose.z) - pose.turn

    def phase(self, time: float) -> float:
        """Loops done: by ground covered, so that feet stay where they are set, or by the clock.

        One who stops does so on its first frame, as it stands.
        """
        figure, way = self.stand.figure, self.stand.way
        subject = figure.sprite.subject
        if not subject.stride:
            return time / subject.loop + figure.start
        stride = subject.stride * figure.height / subject.height
        if self.stand.carried or not way.length:
            return 0.0
        start = -way.rest / stride if way.rest is not None else figure.start
        return way.covered(time) / stride + start

    def _view(self, time: float) -> Picture:
        count = len(self.sprite.frames)
        at = (self.phase(time) + 1e-6) * count
        first = self.costume.frame(math.floor(at) % count)
        part = round((at - math.floor(at)) * 16) / 16
        if self.sprite.loop / count < BLEND or not part:
            return first
        second = self.costume.frame((math.floor(at) + 1) % count)
        return np.asarray(cv2.addWeighted(first, 1 - part, second, part, 0), np.uint8)

    def _bob(self, time: float) -> float:
        """Metres that something in the air rises and falls."""
        if not self.stand.height or self.stand.carried:
            return 0.0
        return 0.05 * self.stand.figure.height * math.sin(time * 1.9 + 6.3 * self.stand.figure.start)

    def _breath(self, time: float) -> float:
        """One who stands still breathes."""
        resting = self.sprite.subject.stride and not self.stand.way.moving(time)
        return 1 + 0.009 * math.sin(time * 2.5 + 6.3 * self.stand.figure.start) if resting else 1.0

    def _swell(self, time: float) -> float:
        return 0.012 * math.sin(time * 1.7) + 0.006 * math.sin(time * 2.9 + 1)

    def _float(
        self, ring: Picture, canvas: Picture, view: Picture, x: float, row: float, grown: float, time: float
    ) -> None:
        part = DRAUGHT.get(self.sprite.subject.name, DRAUGHTS.get(self.stand.figure.performer.action, 0.05))
        dry = view[: round(view.shape[0] * (1 - part))]
        mirror = rippled(dry[::-1], time)
        stamp(canvas, mirror, x, row + mirror.shape[0] * grown * 0.82, grown)
        near = grown * self.costume.scale / self.stand.scale
        stamp(canvas, ring, x, row + ring.shape[0] * near * 0.45, near * (1 + 0.03 * math.sin(time * 2.1)))
        stamp(canvas, dry, x, row, grown)
        lip = ring[ring.shape[0] // 2 :]
        stamp(canvas, lip, x, row + ring.shape[0] * near * 0.42, near * (1 + 0.03 * math.sin(time * 2.1 + 2)))


def rippled(view: Picture, time: float) -> Picture:
    """A reflection on moving water: faint, flattened, and broken into lines that sway."""
    rows, columns = view.shape[:2]
    down = np.arange(rows, dtype=np.float32)[:, None]
    sway = np.sin(down * 0.24 - time * 4.2) * (1.5 + down * 0.03) + np.sin(down * 0.11 + time * 2.3) * 2
    at_x = np.arange(columns, dtype=np.float32)[None, :] + sway
    at_y = np.clip(down * 1.22 + 1.6 * np.sin(down * 0.3 - time * 5), 0, rows - 1) * np.ones_like(at_x)
    bent = cv2.remap(np.ascontiguousarray(view), at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR)
    fade = np.linspace(0.62, 0.10, rows, dtype=np.float32)[:, None, None]
    return np.asarray(bent * fade, np.uint8)


def placed(
    motion: Motion, view: Picture, x: float, foot: float, grown: float, tall: float, heading: int
) -> NDArray[np.float32]:
    """Where the pixels of `view` go, whose foot would be at `x`, `foot`, as `motion` has it."""
    rows, columns = view.shape[:2]
    high, angle = rows * grown * tall, math.radians(heading * motion.angle)
    wide, stretched = grown * motion.wide, grown * tall * motion.tall
    sine, cosine = math.sin(angle), math.cos(angle)
    pivot = high * motion.pivot
    at_x = x + heading * motion.dx * high - sine * pivot
    at_y = foot - motion.dy * high + (cosine - 1) * pivot
    linear = np.array([[wide * cosine, -stretched * sine], [wide * sine, stretched * cosine]])
    corner = np.array([at_x, at_y]) - linear @ np.array([columns / 2, rows])
    return np.column_stack([linear, corner]).astype(np.float32)


def dressed(stand: Stand, light: Light, side: float, largest: float) -> Costume:
    """What those wear who play the same performer. `side` is where the sun is; see `cast` for `largest`."""
    sprite = stand.figure.sprite
    facing = 1 if sprite.subject.faces == "right" else -1
    return Costume(sprite, light, facing != stand.heading, stand.scale * largest, side)


def cast(stand: Stand, costume: Costume, lens: Lens, light: Light, *, afloat: bool, free: bool = False) -> Actor:
    """Put a figure on its stand; `free`: over no ground that takes a shadow."""
    width = stand.figure.sprite.frames.shape[2] * stand.scale * (0.8 if not stand.height else 0.55)
    if free or stand.carried:
        return Actor(stand, lens, costume, None, afloat=False)
    shade = foam_ring(width * 0.9, light) if afloat else shadow(width, lens, light)
    return Actor(stand, lens, costume, shade, afloat)


def foam_ring(width: float, light: Light) -> Picture:
    """Where water meets what floats in it, seen from low over the water; `width` pixels wide."""
    wide, high = max(6, round(width)), max(5, round(width * 0.13))
    x, y = np.linspace(-1, 1, wide)[None, :], np.linspace(-1, 1, high)[:, None]
    away = np.hypot(x, y)
    ragged = 0.05 * np.sin(x * 19) + 0.03 * np.sin(x * 43 + 1)
    cover = 0.75 * np.exp(-(((away - 0.84 + ragged) / 0.10) ** 2)) + 0.22 * np.clip(1 - away, 0, 1)
    white = np.clip(rgb((250, 252, 255)) * (rgb(light.fill) + 0.6 * rgb(light.key)), 0, 255)
    return picture(np.broadcast_to(white, (high, wide, 3)), np.clip(cover, 0, 1))
