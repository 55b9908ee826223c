"""Where the camera stands for a shot, and how it keeps its subject in the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from dalang.engines.animatic.angle import AIMS, horizons
from dalang.engines.animatic.camera import DOLLY, PAN, Lens, Path
from dalang.engines.animatic.sprite import Sprite
from dalang.scene.performer import Action
from dalang.scene.plan import FLOATING, Camera, Place, Shot, View
from dalang.scene.subject import Subject

SHARPEST = 1.6
"""Pictures of subjects are drawn at most this many times their own size."""
WIDEST = 0.42
"""Of the frame's width, that a subject may take."""
DRIFT = 0.16
"""Of the frame's width, that a subject crosses in a shot; the camera keeps up with the rest."""
ADVANCE = 4.0
"""Metres that a dolly travels without a subject."""
ALOFT = 40.0
"""Metres over the clouds, at the least; and how far a dolly goes among them without a subject."""
SWEPT = 0.8
"""Of the frame's width, that clouds under the camera may go by in a shot at its lower edge."""
DRIFTING = 0.35
"""Of its own height, that what can neither fly nor swim drifts in a second."""
EYE = 1.6
"""Metres over the ground, without a subject."""
LEVEL = 0.26
"""Of the frame's height, that a subject's feet are under the horizon for a camera at eye level."""
VIEWS = {View.WIDE: (0.85, 0.6), View.MEDIUM: (1.0, 1.0), View.CLOSE: (1.3, 1.6)}
"""Of the usual focal length, and of the usual size of the subject; without a subject, the lens alone must tell."""
BACKGROUND = 0.5
"""Of the frame's width, that the most distant wood may shift in a shot."""


@dataclass(frozen=True)
class Stand:
    """A subject's place: it moves along x, at one distance."""

    distance: float
    """Metres from the camera in the middle of the shot."""
    scale: float
    """Drawn size over painted size, at that distance."""
    heading: int
    """1 to the right, -1 to the left."""
    pace: float
    """Metres a second."""
    start: float
    """x in metres at the shot's beginning."""
    height: float
    """Metres of its lowest point over the ground, or under water if negative."""

    def x(self, time: float) -> float:
        return self.start + self.heading * self.pace * time


@dataclass(frozen=True)
class Framing:
    lens: Lens
    path: Path
    stand: Stand | None
    level: float
    """Metres over the ground, where the eye would be at eye level."""

    @property
    def size(self) -> float:
        """How much to scale natural things about a subject: near a cat, trees may not tower out of the picture."""
        return float(np.clip((self.level / 1.1) ** 0.55, 0.34, 2.0))

    @property
    def travel(self) -> float:
        """Metres the camera goes aside during the shot."""
        return self.path.travel

    def margin(self, distance: float) -> int:
        """Pixels by which a view at `distance` metres must be wider than the frame, on each side."""
        return int(self.path.turn + self.lens.focal * self.travel / 2 / distance) + 8

    def remote(self, distance: float) -> float:
        """`distance`, or more where the camera travels so far that a view would have to be very wide."""
        return max(distance, self.lens.focal * self.travel / (BACKGROUND * self.lens.width))


PANNED = {Camera.PAN_LEFT: -1, Camera.PAN_RIGHT: 1}
"""Which way a subject goes that a pan follows; against it, the pan would read as going the other way."""


def frame_shot(rng: np.random.Generator, shot: Shot, width: int, height: int, sprite: Sprite | None) -> Framing:
    """Choose lens, distance and the camera's way. Raises nothing; every subject fits."""
    longer, larger = VIEWS[shot.view]
    focal = 0.85 * (longer if sprite else longer**2) * max(width, height)
    aim, horizon = AIMS[shot.angle], int(height * rng.uniform(*horizons(shot.angle, shot.place)))
    turn = PAN * width if shot.camera in (Camera.PAN_LEFT, Camera.PAN_RIGHT) else 0.0
    if sprite is None:
        above, advance = (ALOFT, ALOFT) if shot.place is Place.SKY else (EYE, ADVANCE)
        level = above * float(rng.uniform(0.8, 1.3))
        lens = Lens(width, height, focal, horizon, level * aim.raised, aim.upright)
        return Framing(lens, Path(shot.camera, shot.duration, turn, advance), None, level)
    pixels = drawn_height(width, height, sprite, shot.camera) * larger * aim.larger * float(rng.uniform(0.88, 1.0))
    distance = focal * sprite.subject.height / pixels
    foot = rng.uniform(*aim.foot) * height - horizon
    lens = Lens(width, height, focal, horizon, _eye(shot.action, foot * distance / focal), aim.upright)
    pace = _pace(shot, sprite.subject)
    crossing = min(pace, DRIFT * width / shot.duration * distance / focal)
    either = int(rng.choice([-1, 1]))
    heading = PANNED.get(shot.camera, either)
    aside = float(rng.uniform(-0.05, 0.05)) * width * distance / focal
    follow = heading * (pace - crossing)
    start = aside - heading * crossing * shot.duration / 2 - follow * shot.duration / 2
    stand = Stand(distance, pixels / sprite.frames.shape[1], heading, pace, start, 0.0)
    path = Path(shot.camera, shot.duration, turn, DOLLY * distance, follow)
    if shot.place is Place.SKY:
        swept = abs(follow) * shot.duration * (height - horizon) / (SWEPT * width)
        lens = replace(lens, eye=max(ALOFT, swept))
    if shot.action is Action.FLY or shot.place in FLOATING:
        stand = _lifted(stand, lens, pixels, float(rng.uniform(0.30, 0.40)))
    return Framing(lens, path, stand, _eye(shot.action, LEVEL * height * aim.larger * distance / focal))


def _pace(shot: Shot, subject: Subject) -> float:
    """Metres a second; nobody walks, or drives, where there is nothing to stand on."""
    drifts = shot.place in FLOATING and subject.medium == "ground" and shot.action is not Action.STAND
    return DRIFTING * subject.height if drifts else subject.pace(shot.action)


def nearing(camera: Camera) -> float:
    """How much larger than in its middle a shot shows its subject at the most."""
    return 1 / (1 - DOLLY / 2) if camera in (Camera.DOLLY_IN, Camera.DOLLY_OUT) else 1.0


def drawn_height(width: int, height: int, sprite: Sprite, camera: Camera) -> float:
    """Pixels: larger for larger things, within the frame and the picture's sharpness, a dolly included."""
    _, rows, columns, _ = sprite.frames.shape
    share = float(np.clip(0.345 + 0.035 * math.log2(sprite.subject.height / 0.5), 0.30, 0.45))
    near = nearing(camera)
    size = min(share * min(height, 1.5 * width), SHARPEST * rows / near, WIDEST * width * rows / columns)
    return float(size)


def _eye(action: Action, level: float) -> float:
    """Height of the eye, from that which puts the subject's foot at its row; over what flies, the land lies open."""
    return max(level, 2.6) if action is Action.FLY else level


def _lifted(stand: Stand, lens: Lens, pixels: float, middle: float) -> Stand:
    """`stand` so high that its middle is at the part `middle` of the frame's height."""
    per_metre = lens.scale(stand.distance)
    height = (lens.row(stand.distance) - middle * lens.height - pixels / 2) / per_metre
    return Stand(stand.distance, stand.scale, stand.heading, stand.pace, stand.start, height)
