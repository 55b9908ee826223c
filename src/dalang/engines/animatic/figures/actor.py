"""A figure before the camera: its picture for each moment, with its shadow or its reflection."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture, stamp, warp
from dalang.engines.animatic.figures.acting import STILL, Motion, acting, waddle
from dalang.engines.animatic.figures.bonds import ROLLING
from dalang.engines.animatic.figures.costume import Costume
from dalang.engines.animatic.figures.figure import Part, taking
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.figures.waterline import foam_ring, rippled
from dalang.engines.animatic.places.grove import shadow
from dalang.scene.performer import Action

DRAUGHT = {"duck": 0.16, "swan": 0.14, "fish": 0.30, "shark": 0.44, "dolphin": 0.20, "whale": 0.22, "sailboat": 0.07}
"""Part of a subject's height under water, where it is not its action's."""
DRAUGHTS = {Action.SWIM: 0.42, Action.SAIL: 0.05}
STRIDES = {Action.WALK: 1.0, Action.RUN: 1.8, Action.CRAWL: 0.5}
"""How strongly a picture rocks that has no legs to go with."""
STEP = 0.42
"""Of one's height, from step to step."""
LEANT = 45.0
"""Degrees from which one lies rather than stands."""
UPHELD = frozenset({"umbrella", "beach-umbrella", "bouquet", "rose", "red-tulip", "candle"})
"""What is held by its lower end."""
HELD_CLOSE = 0.4
"""Of its width, that one in another's arms is nearer to him than to his hands."""
BLEND = 1 / 20
"""Seconds a frame may stand before it is blended with the next."""
CHANGE = 0.1
"""Seconds from one action to the next: longer, and one is seen to be two."""
HANDING = 0.9
"""Seconds in which a thing goes from hand to hand."""


@dataclass(frozen=True)
class Place:
    """Where a picture is drawn: its bottom middle in pixels, and how much larger than itself."""

    x: float
    foot: float
    grown: float
    tall: float
    """Of its height, besides."""


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
    hands: tuple[tuple[Actor, float], ...] = ()
    """In whose hands it is, and from when on, in seconds."""
    mount: Actor | None = None
    takes: dict[Action, Actor] = field(default_factory=dict)
    """The same figure in other actions, each made when it is first needed."""

    @property
    def sprite(self) -> Sprite:
        return self.costume.sprite

    @property
    def z(self) -> float:
        """Metres from the camera, half through the shot."""
        return self.stand.distance

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        """In the action of this moment; one goes over into the next within CHANGE."""
        action = self.doing(time)
        before = self.doing(time - CHANGE)
        if action is before:
            self.take(action).show(canvas, pose, time)
            return
        part = sum(self.doing(time - CHANGE * k / 8) is action for k in range(1, 9)) / 8
        self.take(before).show(canvas, pose, time, min(1.0, 2 - 2 * part))
        self.take(action).show(canvas, pose, time, min(1.0, 2 * part))

    def doing(self, time: float) -> Action:
        """Its action, where its pictures show it: who has arrived stands, who talks does so with its lines."""
        figure, way = self.stand.figure, self.stand.way
        action = figure.performer.action
        if not figure.sprite.acts or self.stand.carried:
            return action
        if self.stand.busy and self.stand.busy[0] <= time < self.stand.busy[1]:
            return Action.WORK
        arrived = way.rest is not None and not way.moving(max(0.0, time))
        if arrived or action in (Action.TALK, Action.STAND):
            return Action.TALK if self.speaks(time) else Action.STAND
        return action

    def take(self, action: Action) -> Actor:
        """The figure in `action`, where it now is."""
        if action is self.stand.figure.performer.action:
            return self
        if action not in self.takes:
            figure = taking(self.stand.figure, action)
            rows, own = figure.sprite.frames.shape[1], self.sprite.frames.shape[1]
            scale = self.stand.scale * (figure.height / rows) / (self.stand.figure.height / own)
            costume = replace(self.costume, sprite=figure.sprite, scale=self.costume.scale * scale / self.stand.scale)
            stand = replace(self.stand, figure=figure, scale=scale)
            self.takes[action] = replace(self, stand=stand, costume=replace(costume, worn={}))
        return self.takes[action]

    def show(self, canvas: Picture, pose: Pose, time: float, share: float = 1.0) -> None:
        """Draw it as it is; `share`: how far it is there."""
        view, place = self._view(time), self._place(pose, time)
        if share < 1.0:
            view = np.asarray(cv2.convertScaleAbs(view, alpha=share), np.uint8)
        if self.afloat and self.shade is not None:
            self._float(self.shade, canvas, view, place, time)
            return
        motion = self.motion(time)
        near = self._near(pose, time)
        if self.shade is not None:
            self._shadow(self.shade, canvas, place.x, self._row(pose, time), near, motion)
        if motion is STILL:
            stamp(canvas, view, place.x, place.foot, place.grown, tall=place.tall)
        else:
            warp(canvas, view, placed(motion, view, place, self.stand.heading))

    def _near(self, pose: Pose, time: float) -> float:
        """How much nearer it is than half through the shot."""
        return self.stand.distance / (self.stand.way.at(time).z - pose.z)

    def _row(self, pose: Pose, time: float) -> float:
        """Of the ground under it, in pixels."""
        distance = self.stand.way.at(time).z - pose.z
        return self.lens.row(distance) + self._sunk(pose, distance)

    def _place(self, pose: Pose, time: float) -> Place:
        mark, near = self.stand.way.at(time), self._near(pose, time)
        grown = near * self.stand.scale / self.costume.scale
        rows = self.sprite.frames.shape[1] * self.costume.scale
        if self.hands:
            x, y = self._held(pose, time)
            hangs = self.sprite.subject.medium == "air" or self.sprite.subject.name in UPHELD
            if self.stand.figure.part is Part.PLAYER:
                x -= self.stand.heading * HELD_CLOSE * self.sprite.frames.shape[2] * self.costume.scale * grown
            return Place(x, y + (0.0 if hangs else 0.5 * rows * grown), grown, self.lens.upright)
        row, x = self._row(pose, time), self.column(pose, time)
        if self.afloat:
            return Place(x, row + self._swell(time) * rows * grown, grown, 1.0)
        lift = (mark.height + self._bob(time)) * self.lens.scale(mark.z - pose.z)
        return Place(x, row + 0.015 * rows * grown - lift, grown, self._breath(time) * self.lens.upright)

    def _held(self, pose: Pose, time: float) -> tuple[float, float]:
        """The hand that has it; between two while it is handed over."""
        number = max(k for k, (_, since) in enumerate(self.hands) if since <= time or k == 0)
        by, since = self.hands[number]
        x, y = by.hand(pose, time)
        if not number or time >= since + HANDING:
            return x, y
        part = (time - since) / HANDING
        part = part * part * (3 - 2 * part)
        from_x, from_y = self.hands[number - 1][0].hand(pose, time)
        return from_x + (x - from_x) * part, from_y + (y - from_y) * part

    def hand(self, pose: Pose, time: float) -> tuple[float, float]:
        """Pixels of the hand that is foremost: it holds something."""
        taken = self.take(self.doing(time))
        place, hands = taken._place(pose, time), taken.sprite.hands
        at = taken.phase(time) * len(hands)
        first, second = (hands[(math.floor(at) + k) % len(hands)] for k in (0, 1))
        part = at - math.floor(at)
        number = max((0, 1), key=lambda side: sum(one[side][0] for one in hands))
        across, down = (first[number][k] * (1 - part) + second[number][k] * part for k in (0, 1))
        rows, columns = (size * taken.costume.scale * place.grown for size in taken.sprite.frames.shape[1:3])
        side = -1 if taken.costume.mirrored else 1
        return place.x + side * (across - 0.5) * columns, place.foot - (1 - down) * rows * place.tall

    def motion(self, time: float) -> Motion:
        """How the whole picture is moved to show what its performer does."""
        figure = self.stand.figure
        if figure.sprite.acts or self.stand.carried:
            return STILL
        action = figure.performer.action
        if figure.sprite.subject.name in ROLLING:
            turned = self.stand.way.covered(time) / (math.pi * figure.height)
            return Motion(angle=360.0 * turned, pivot=0.5)
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
        if self.sprite.loop / count < BLEND or not part or not self.sprite.blends:
            return first
        second = self.costume.frame((math.floor(at) + 1) % count)
        return np.asarray(cv2.addWeighted(first, 1 - part, second, part, 0), np.uint8)

    def _bob(self, time: float) -> float:
        """Metres that something in the air rises and falls; a rider goes with his mount."""
        if self.mount is not None:
            return self.mount._bob(time) + self.mount.motion(time).dy * self.mount.stand.figure.height
        if not self.stand.height or self.stand.carried:
            return 0.0
        return 0.05 * self.stand.figure.height * math.sin(time * 1.9 + 6.3 * self.stand.figure.start)

    def _breath(self, time: float) -> float:
        """One who stands still breathes."""
        resting = self.sprite.subject.stride and not self.stand.way.moving(time)
        return 1 + 0.009 * math.sin(time * 2.5 + 6.3 * self.stand.figure.start) if resting else 1.0

    def _swell(self, time: float) -> float:
        return 0.012 * math.sin(time * 1.7) + 0.006 * math.sin(time * 2.9 + 1)

    def _float(self, ring: Picture, canvas: Picture, view: Picture, place: Place, time: float) -> None:
        x, row, grown = place.x, place.foot, place.grown
        part = DRAUGHT.get(self.sprite.subject.name, DRAUGHTS.get(self.stand.figure.performer.action, 0.05))
        dry = view[: round(view.shape[0] * (1 - part))]
        mirror = rippled(dry[::-1], time)
        stamp(canvas, mirror, x, row + mirror.shape[0] * grown * 0.82, grown)
        near = grown * self.costume.scale / self.stand.scale
        stamp(canvas, ring, x, row + ring.shape[0] * near * 0.45, near * (1 + 0.03 * math.sin(time * 2.1)))
        stamp(canvas, dry, x, row, grown)
        lip = ring[ring.shape[0] // 2 :]
        stamp(canvas, lip, x, row + ring.shape[0] * near * 0.42, near * (1 + 0.03 * math.sin(time * 2.1 + 2)))


def placed(motion: Motion, view: Picture, place: Place, heading: int) -> NDArray[np.float32]:
    """Where the pixels of `view` go, which would be at `place`, as `motion` has it."""
    rows, columns = view.shape[:2]
    high, angle = rows * place.grown * place.tall, math.radians(heading * motion.angle)
    wide, stretched = place.grown * motion.wide, place.grown * place.tall * motion.tall
    sine, cosine = math.sin(angle), math.cos(angle)
    pivot = high * motion.pivot
    at_x = place.x + heading * motion.dx * high - sine * pivot
    at_y = place.foot - motion.dy * high + (cosine - 1) * pivot
    linear = np.array([[wide * cosine, -stretched * sine], [wide * sine, stretched * cosine]])
    corner = np.array([at_x, at_y]) - linear @ np.array([columns / 2, rows])
    return np.column_stack([linear, corner]).astype(np.float32)


def cast(stand: Stand, costume: Costume, lens: Lens, light: Light, *, afloat: bool, free: bool = False) -> Actor:
    """Put a figure on its stand; `free`: over no ground that takes a shadow."""
    width = stand.figure.sprite.frames.shape[2] * stand.scale * (0.8 if not stand.height else 0.55)
    if free or stand.carried:
        return Actor(stand, lens, costume, None, afloat=False)
    shade = foam_ring(width * 0.9, light) if afloat else shadow(width, lens, light)
    return Actor(stand, lens, costume, shade, afloat)
