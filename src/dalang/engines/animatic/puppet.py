"""People, and animals in clothes: a packed head joined to a modelled body that acts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from dalang.engines.animatic.bones import Build, Figure
from dalang.engines.animatic.clay import Stuff, hull, shadow
from dalang.engines.animatic.composite import Picture, lay
from dalang.engines.animatic.heads import Head, behind, load_head, speaking, turned
from dalang.engines.animatic.mannequin import AHEAD, Mannequin, View, looking
from dalang.engines.animatic.millinery import FINE, HOODS, Block, wear
from dalang.engines.animatic.skeleton import MOTIONS, joints
from dalang.engines.animatic.sprite import Sprite
from dalang.engines.animatic.tailor import Dresser, Outfit, outfit
from dalang.engines.animatic.wardrobes import Looks, looks
from dalang.scene.performer import Action, Direction, Performer
from dalang.scene.subject import PACE
from dalang.scene.subjects import SUBJECTS

TALL = 440
"""Pixels of a standing body, bare headed."""
MOUTHS = 3
"""How far open a speaking mouth is drawn."""
FACES = {Direction.TOWARDS: 90.0, Direction.AWAY: -90.0, Direction.UP: -90.0, Direction.DOWN: 90.0}
"""Degrees that one is turned to the camera; others are seen from three quarters."""


FLAT = frozenset({Action.SLEEP, Action.SWIM, Action.FLY, Action.FALL, Action.CRAWL})
"""In which a body lies along the ground."""


@dataclass(frozen=True)
class Mask:
    """A head in its hat, from one side, with one face: what is put on the neck."""

    art: Picture
    x: float
    """Pixels of the place that sits on the neck."""
    y: float


def person(performer: Performer) -> Sprite:
    """The picture of `performer`, playing its action. KeyError: no subject, or no garment, has that name."""
    subject, action = SUBJECTS[performer.subject], performer.action
    look = looks(performer)
    dressed = outfit(performer.wears, look.wears)
    motion = MOTIONS[action]
    head = load_head(look.head)
    troupe = Masks(head, dressed, look.build)
    scale = TALL / look.build.height
    cells = [_cell(performer, look, dressed, troupe, k / motion.frames, scale) for k in range(motion.frames)]
    frames, hands = _trimmed(np.stack([cell[0] for cell in cells]), [cell[1] for cell in cells])
    pace = subject.speed * PACE.get(action, 1.0)
    stride = motion.stride * look.build.height if pace else 0.0
    shown = msgspec.structs.replace(
        subject,
        height=frames.shape[1] / scale,
        stride=stride,
        loop=stride / subject.speed if stride else motion.seconds,
        faces="right",
    )
    return Sprite(shown, frames, acts=True, hands=hands)


@dataclass(frozen=True)
class Masks:
    """The heads of one performer, each made when it is first needed."""

    head: Head
    outfit: Outfit
    build: Build
    made: dict[tuple[int, bool, int], Mask]

    def __init__(self, head: Head, outfit: Outfit, build: Build) -> None:
        object.__setattr__(self, "head", head)
        object.__setattr__(self, "outfit", outfit)
        object.__setattr__(self, "build", build)
        object.__setattr__(self, "made", {})

    def mask(self, turn: float, shut: bool, mouth: int) -> Mask:
        """`turn` is that of a `View`."""
        way = round(math.cos(math.radians(turn)) * 4)
        way = -9 if turn < -50 and abs(way) < 3 else way
        key = way, shut, mouth
        if key not in self.made:
            self.made[key] = self._make(*key)
        return self.made[key]

    def _make(self, way: int, shut: bool, mouth: int) -> Mask:
        head, f = self.head, self.head.features
        fronted = way != -9
        face = head.closed if shut else head.open
        if mouth:
            face = speaking(face, f, mouth / (MOUTHS - 1))
        art = turned(face, f, way / 4) if fronted else behind(head)
        high = self.build.head * TALL * FINE
        scale = high / head.rows
        size = (round(art.shape[1] * scale), round(art.shape[0] * scale))
        small = cv2.resize(art, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        room = int(high * 0.9)
        canvas = np.zeros((size[1] + room + int(high * 0.3), size[0] + 2 * room, 4), np.uint8)
        canvas[room : room + size[1], room : room + size[0]] = small
        block = Block(canvas, f, room, room, size[0], size[1], way / 4 if fronted else 0.0, fronted)
        self._dress(block)
        x, y = block.at(f.middle + 0.02 * block.turn, f.chin)
        return Mask(canvas, x, y)

    def _dress(self, block: Block) -> None:
        hats = [piece for piece in self.outfit.pieces if piece.cloth.slot in ("face", "head")]
        hats = sorted(hats, key=lambda piece: piece.cloth.slot != "face")
        if not any(piece.cloth.slot == "head" for piece in hats):
            hats += [piece for piece in self.outfit.clothes if piece.cloth.name in HOODS][-1:]
        for piece in hats:
            wear(block, piece, piece.cloth.name in self.outfit.own)


def _cell(
    performer: Performer, look: Looks, dressed: Outfit, masks: Masks, phase: float, scale: float
) -> tuple[Picture, tuple[tuple[float, float], tuple[float, float]]]:
    """One frame on a canvas large enough for any pose, and where its hands are."""
    wide, high = (2.5, 1.45) if performer.action in FLAT else (1.6, 1.95 if performer.action is Action.JUMP else 1.5)
    wide, high = int(TALL * wide), int(TALL * high)
    view = _view(performer, phase, scale, wide / 2, high - TALL * 0.12)
    canvas = np.zeros((high, wide, 4), np.uint8)
    body = Mannequin(look.build, joints(performer.action, look.build, phase), view)
    dresser = Dresser(canvas, body, dressed, masks.head.skin)
    if look.tail and view.turn > -30:
        dresser.tail(*look.tail)
    _draw(dresser, masks, performer.action, phase)
    near, far = body.figure.hands
    return canvas, (view.spot(near), view.spot(far))


def _view(performer: Performer, phase: float, scale: float, x: float, floor: float) -> View:
    if performer.action is Action.TURN:
        turn = (AHEAD + 360 * phase + 180) % 360 - 180
        return looking(turn, scale, x, floor, spun=True)
    turn = AHEAD if performer.action in FLAT or performer.direction is None else FACES.get(performer.direction, AHEAD)
    if performer.action in (Action.TALK, Action.WAVE, Action.STAND, Action.DANCE) and turn == AHEAD:
        turn = 48.0
    return looking(turn, scale, x, floor)


def _draw(dresser: Dresser, masks: Masks, action: Action, phase: float) -> None:
    """The whole body, what is far first."""
    body, f = dresser.body, dresser.body.figure
    fronted = body.view.turn > -30
    arms = body.far_first(f.shoulders)
    if action is Action.SIT:
        _stool(dresser)
    if fronted:
        dresser.cape()
        dresser.pack(fronted=False)
    if abs(body.view.turn) < 60 and fronted:
        dresser.arm(arms[0])
        early, late = (), arms[1:]
    else:
        early, late = (), arms
    for side in body.far_first(f.ankles):
        dresser.leg(side)
    for side in early:
        dresser.arm(side)
    dresser.neck()
    dresser.trunk()
    if fronted:
        dresser.pack(fronted=True)
    dresser.about_neck()
    if not fronted:
        for side in late:
            dresser.arm(side, 0.25)
        dresser.cape()
        dresser.pack(fronted=False)
    _put_head(dresser, masks, action, phase)
    if fronted:
        for side in late:
            dresser.arm(side, 0.3)


def _put_head(dresser: Dresser, masks: Masks, action: Action, phase: float) -> None:
    view, f = dresser.body.view, dresser.body.figure
    shut = action is Action.SLEEP or action in (Action.STAND, Action.SIT) and 0.46 < phase < 0.51
    mouth = 0
    if action is Action.TALK:
        mouth = round((MOUTHS - 1) * max(0.0, math.sin(phase * 2 * math.pi * 5) * math.cos(phase * 2 * math.pi)))
    elif action is Action.EAT and phase > 0.3:
        mouth = round(0.5 + 0.5 * math.sin(phase * 2 * math.pi * 5)) if phase > 0.5 else 1
    mask = masks.mask(view.turn, shut, mouth)
    roll = f.roll * view.along * (1 if view.facing >= 0 else 1) - f.tilt * view.aside + f.tilt * 0.25
    x, y = view.spot(f.skull + (f.skull - f.chest) * 0.1)
    dip = (0.10 + 0.05) * dresser.body.build.head * dresser.unit
    angle = math.radians(roll)
    x, y = x - math.sin(angle) * dip + 0.06 * view.facing * dip, y + math.cos(angle) * dip
    move = cv2.getRotationMatrix2D((mask.x, mask.y), -roll, 1 / FINE)
    move[:, 2] += x - mask.x, y - mask.y
    _stamp(dresser.canvas, mask.art, move)


def _stamp(canvas: Picture, art: Picture, move: np.ndarray) -> None:
    """`art` moved onto `canvas`, with a soft shade under it."""
    rows, columns = art.shape[:2]
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]], np.float64) @ move.T
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int), canvas.shape[1::-1])
    if right <= left or bottom <= top:
        return
    moved = move.copy()
    moved[:, 2] -= left, top
    drawn = np.asarray(cv2.warpAffine(art, moved, (int(right - left), int(bottom - top)), flags=cv2.INTER_LINEAR), np.uint8)
    under = canvas[top:bottom, left:right]
    shadow(under, cv2.extractChannel(drawn, 3), 9.0, 0.3)
    lay(canvas, drawn, int(left), int(top))


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


Hands = tuple[tuple[float, float], tuple[float, float]]


def _trimmed(stack: np.ndarray, hands: list[Hands]) -> tuple[np.ndarray, tuple[Hands, ...]]:
    """The frames cut to what they show, their middle kept; hands as shares of width and height."""
    seen = stack[..., 3].max(axis=0) > 8
    down, across = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    middle = stack.shape[2] // 2
    half = max(middle - across[0], across[-1] + 1 - middle)
    top, bottom, left, right = down[0], down[-1] + 1, middle - half, middle + half
    cut = np.ascontiguousarray(stack[:, top:bottom, left:right])

    def share(spot: tuple[float, float]) -> tuple[float, float]:
        return (spot[0] - left) / (right - left), (spot[1] - top) / (bottom - top)

    return cut, tuple((share(near), share(far)) for near, far in hands)


__all__ = ["Figure", "person"]
