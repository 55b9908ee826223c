"""People, and animals in clothes: a packed head joined to a modelled body that acts."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.bodies.bones import Build
from dalang.engines.animatic.bodies.clay import Stuff, hull, shadow
from dalang.engines.animatic.bodies.heads import load_head
from dalang.engines.animatic.bodies.mannequin import AHEAD, Mannequin, View, looking
from dalang.engines.animatic.bodies.masks import MOUTHS, Masks
from dalang.engines.animatic.bodies.skeleton import MOTIONS, joints
from dalang.engines.animatic.bodies.tailor import Dresser, Outfit, outfit
from dalang.engines.animatic.bodies.wardrobes import Looks, looks
from dalang.engines.animatic.canvas.abreast import abreast
from dalang.engines.animatic.canvas.composite import Picture, lay
from dalang.engines.animatic.figures.block import FINE
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Direction, Performer
from dalang.scene.subjects import SUBJECTS

TALL, FINE_TALL = 440, 640
"""Pixels of a standing body, bare headed; and for a close shot."""
FACING = {Direction.TOWARDS: 90.0, Direction.AWAY: -90.0}
"""Degrees that one is turned to the camera; others are seen from three quarters."""
OPEN = 48.0
"""The same of one who stays where it is."""
ON_THE_SPOT = frozenset({Action.STAND, Action.TALK, Action.WAVE, Action.DANCE})
FLAT = frozenset({Action.SLEEP, Action.SWIM, Action.FLY, Action.FALL, Action.CRAWL})
"""In which a body lies along the ground."""
SIDEWAYS = FLAT | {Action.RIDE}
"""Seen from the side wherever it goes: one who rides as the mount, which has no other picture."""
HELD = FLAT - {Action.FALL, Action.CRAWL}
"""In which the picture's middle is the body's, not its heels'."""
CHIN = 0.15
"""How far a chin comes down over the neck, share of the head."""

Hands = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Puppet:
    """A performer made up and dressed."""

    performer: Performer
    look: Looks
    outfit: Outfit
    masks: Masks
    tall: int
    stool: bool = True
    """Whether one who sits brings what to sit on."""

    def frame(self, phase: float) -> tuple[Picture, Hands]:
        """The picture at `phase`, 0..1 of a loop, on a canvas with room for the action; and where its hands are."""
        action, build = self.performer.action, self.look.build
        wide, high = (2.5, 1.45) if action in FLAT else (1.6, 1.95 if action is Action.JUMP else 1.5)
        canvas = np.zeros((int(self.tall * high), int(self.tall * wide), 4), np.uint8)
        view = _view(self.performer, phase, build, self.tall, canvas)
        if action in HELD:
            view = replace(view, x=view.x - joints(action, build, 0.0).pelvis[0] * view.along * view.scale)
        body = Mannequin(build, joints(action, build, phase), view)
        dresser = Dresser(canvas, body, self.outfit, self.masks.head.skin)
        if action is Action.SIT and self.stool:
            _stool(dresser)
        _draw_behind(dresser, self.look)
        _draw_body(dresser)
        _put_head(dresser, self.masks, action, phase)
        _draw_before(dresser)
        near, far = body.figure.hands
        return canvas, (body.view.spot(near), body.view.spot(far))


def made_up(performer: Performer, tall: int = TALL, *, stool: bool = True) -> Puppet:
    """`performer` with head, build and clothes. KeyError: no subject, or no garment, has that name."""
    look = looks(performer)
    dressed = outfit(performer.wears, look.wears)
    return Puppet(performer, look, dressed, Masks(load_head(look.head), dressed, look.build.head * tall), tall, stool)


@functools.lru_cache(3)
def person(performer: Performer, *, fine: bool = False, stool: bool = True) -> Sprite:
    """The picture of `performer`, playing its action; it is kept for the next shot, where it may play on.

    `stool`: whether one who sits brings what to sit on.

    KeyError: no subject, or no garment, has that name.
    """
    puppet, motion = made_up(performer, FINE_TALL if fine else TALL, stool=stool), MOTIONS[performer.action]
    build, subject = puppet.look.build, SUBJECTS[performer.subject]
    shots = abreast(functools.partial(puppet.frame, k / motion.frames) for k in range(motion.frames))
    frames, hands = _trimmed([shot[0] for shot in shots], [shot[1] for shot in shots])
    stride = motion.stride * build.height if subject.speed else 0.0
    shown = msgspec.structs.replace(
        subject,
        height=frames.shape[1] * build.height / puppet.tall,
        stride=stride,
        loop=stride / subject.speed if stride else motion.seconds,
        faces="right",
    )
    return Sprite(shown, frames, acts=True, blends=motion.slow, fine=fine, hands=hands)


def _view(performer: Performer, phase: float, build: Build, tall: int, canvas: Picture) -> View:
    x, floor, scale = canvas.shape[1] / 2, canvas.shape[0] - tall * 0.12, tall / build.height
    if performer.action is Action.TURN:
        return looking((AHEAD + 360 * phase + 180) % 360 - 180, scale, x, floor, spun=True)
    if performer.action not in SIDEWAYS and performer.direction in FACING:
        return looking(FACING[performer.direction], scale, x, floor)
    return looking(OPEN if performer.action in ON_THE_SPOT else AHEAD, scale, x, floor)


def _draw_behind(dresser: Dresser, look: Looks) -> None:
    """What the body covers: tail, cape, pack, and the far arm of one who is seen from the side."""
    view, f = dresser.body.view, dresser.body.figure
    if view.turn <= -30:
        return
    if look.tail:
        dresser.tail(*look.tail)
    dresser.cape()
    dresser.pack(fronted=False)
    if abs(view.turn) <= 60:
        dresser.arm(dresser.body.far_first(f.shoulders)[0])


def _draw_body(dresser: Dresser) -> None:
    """Legs, trunk and what hangs on it; from behind, also what is on the back."""
    body, f = dresser.body, dresser.body.figure
    for side in body.far_first(f.ankles):
        dresser.leg(side)
    dresser.neck()
    dresser.trunk()
    if body.view.turn > -30:
        dresser.pack(fronted=True)
        dresser.about_neck()
        return
    dresser.about_neck()
    for side in body.far_first(f.shoulders):
        dresser.arm(side, 0.25)
    dresser.cape()
    dresser.pack(fronted=False)


def _draw_before(dresser: Dresser) -> None:
    """The near arm, or both of one who comes nearer."""
    body = dresser.body
    if body.view.turn > -30:
        for side in body.far_first(body.figure.shoulders)[0 if abs(body.view.turn) > 60 else 1 :]:
            dresser.arm(side, 0.3)


def _put_head(dresser: Dresser, masks: Masks, action: Action, phase: float) -> None:
    view, f = dresser.body.view, dresser.body.figure
    shut = action is Action.SLEEP or (action in (Action.STAND, Action.SIT) and 0.46 < phase < 0.51)
    mask = masks.mask(view.turn, shut, _mouth(action, phase))
    roll = f.roll * view.along - f.tilt * view.aside + f.tilt * 0.25
    dip = CHIN * dresser.body.build.head * dresser.unit
    x, y = view.spot(f.skull + (f.skull - f.chest) * 0.1)
    x += dip * (0.06 * view.facing - math.sin(math.radians(roll)))
    y += dip * math.cos(math.radians(roll))
    move = cv2.getRotationMatrix2D((mask.x, mask.y), -roll, 1 / FINE)
    move[:, 2] += np.subtract((x, y), (mask.x, mask.y))
    _stamp(dresser.canvas, mask.art, np.asarray(move, np.float64))


def _mouth(action: Action, phase: float) -> int:
    """How far it is open, of `MOUTHS`."""
    if action is Action.TALK:
        said = math.sin(phase * 10 * math.pi) * (0.7 + 0.3 * math.cos(phase * 4 * math.pi))
        return round((MOUTHS - 1) * max(0.0, said))
    if action is Action.EAT and phase > 0.26:
        return round(0.5 + 0.5 * math.sin(phase * 10 * math.pi)) if phase > 0.42 else 1
    return 0


def _stamp(canvas: Picture, art: Picture, move: NDArray[np.float64]) -> None:
    """`art` moved onto `canvas`, a soft shade under it."""
    rows, columns = art.shape[:2]
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]], np.float64) @ move.T
    left, top = (max(0, int(side)) for side in np.floor(corners.min(axis=0)))
    right, bottom = (int(side) for side in np.minimum(np.ceil(corners.max(axis=0)), canvas.shape[1::-1]))
    if right <= left or bottom <= top:
        return
    moved = move - [[0, 0, left], [0, 0, top]]
    drawn = np.asarray(cv2.warpAffine(art, moved, (right - left, bottom - top), flags=cv2.INTER_LINEAR), np.uint8)
    shadow(canvas[top:bottom, left:right], np.ascontiguousarray(drawn[..., 3]), 9.0, 0.3)
    lay(canvas, drawn, left, top)


def _stool(dresser: Dresser) -> None:
    """What one sits on: a wooden stool."""
    body, f = dresser.body, dresser.body.figure
    tall = body.build.height
    seat = f.pelvis - np.array([-0.015, 0.070, 0.0]) * tall
    wood = Stuff((176, 122, 78), 0.3)
    for z in (-0.07, 0.07):
        for x in (-0.055, 0.075):
            top = seat + np.array([x * 0.8, -0.01, z]) * tall
            foot = np.array([top[0] + x * 0.35 * tall, 0.01 * tall, top[2]])
            dresser.part([hull(body.circle(top, 0.011), body.circle(foot, 0.010))], wood, 0.012)
    x, y, r = body.circle(seat, 0.016)
    half = 0.105 * dresser.unit
    dresser.part([hull((x - half, y, r), (x + half, y, r), (x, y - r * 0.8, r), (x, y + r * 0.8, r))], wood, 0.02)


def _trimmed(canvases: list[Picture], hands: list[Hands]) -> tuple[NDArray[np.uint8], tuple[Hands, ...]]:
    """The frames cut to what they show, their middle kept; hands as shares of width and height."""
    boxes = np.array([cv2.boundingRect(canvas[..., 3]) for canvas in canvases])
    lefts, tops, wides, highs = boxes.T
    middle = canvases[0].shape[1] // 2
    half = int(max(middle - lefts.min(), (lefts + wides).max() - middle))
    top, bottom, left, right = int(tops.min()), int((tops + highs).max()), middle - half, middle + half
    frames = np.empty((len(canvases), bottom - top, right - left, 4), np.uint8)
    for frame, canvas in zip(frames, canvases, strict=True):
        frame[:] = canvas[top:bottom, left:right]

    def share(spot: tuple[float, float]) -> tuple[float, float]:
        return (spot[0] - left) / (right - left), (spot[1] - top) / (bottom - top)

    return frames, tuple((share(near), share(far)) for near, far in hands)
