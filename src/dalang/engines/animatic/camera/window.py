"""The frame on a picture that is painted larger than it, where the camera looks up, down or about within a shot."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines.animatic.air.light import LAMPLIGHT
from dalang.engines.animatic.camera.camera import ORBITED, TRUCK, WALLED, Lens, Path, Pose, Sway
from dalang.engines.animatic.camera.framing import Framing
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.stand import Stand
from dalang.scene.performer import Action
from dalang.scene.plan import Camera, Place, Shot

OVER, UNDER = 0.36, 0.12
"""How far a tilt goes up and down from where the frame would rest, in its heights."""
HIGHEST, LOWEST = 0.03, 0.86
"""Of the frame's height, where a tilt may leave the subject's head."""
SUNK = 0.15
"""How far the frame goes down as a crane rises."""
RISE = 0.45
"""Of the eye's height, that a crane rises."""
AWAY = 2.2
"""How far away is what a camera looks at without a subject, in heights of its eye."""
SWAY = 0.010
"""Of the frame's shorter side, that a camera held in the hand drifts."""
RUNNING = 1.8
"""How much more it does beside one who runs."""
STEPS = 0.35
"""Of the drift, that it goes up and down with his steps."""
LEAST = 16
"""Rows over the horizon that painters are always given."""
WHOLE = 8
"""Sides grow by whole eights, since some painters work at parts of the size."""


@dataclass(frozen=True)
class Window:
    """Where the frame rests on the picture, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def through(self, canvas: Picture, pose: Pose) -> Picture:
        """What of `canvas` the frame shows."""
        x, y = self.left + pose.aside, self.top + pose.down
        if pose.roll:
            return self._rolled(canvas, x, y, math.radians(pose.roll))
        return _between(_between(canvas, y, self.height, 0), x, self.width, 1)

    def _rolled(self, canvas: Picture, x: float, y: float, angle: float) -> Picture:
        turned, still = math.sin(angle), math.cos(angle)
        across, down = self.width / 2, self.height / 2
        left, top = x + across * (1 - still) + turned * down, y + down * (1 - still) - turned * across
        move = np.array([[still, -turned, left], [turned, still, top]], np.float32)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(canvas, move, (self.width, self.height), flags=flags), np.uint8)


def _between(source: Picture, at: float, count: int, axis: int) -> Picture:
    """`count` rows (axis 0) or columns (1) of `source` from `at` on, between whole ones too; `at` is kept inside."""
    at = min(max(at, 0.0), float(source.shape[axis] - count))
    whole = math.floor(at)
    part = round((at - whole) * 32) / 32
    first = _run(source, whole, count, axis)
    if not part:
        return first
    return np.asarray(cv2.addWeighted(first, 1 - part, _run(source, whole + 1, count, axis), part, 0), np.uint8)


def _run(source: Picture, start: int, count: int, axis: int) -> Picture:
    return source[start : start + count] if axis == 0 else source[:, start : start + count]


@dataclass(frozen=True)
class Rise:
    """The ground under a camera that has risen: what of the picture is under the horizon, stretched away from it."""

    lens: Lens

    def draw(self, canvas: Picture, pose: Pose, time: float) -> None:
        if not pose.up:
            return
        ground = canvas[self.lens.horizon :]
        move = np.array([[1, 0, 0], [0, 1 + pose.up / self.lens.eye, 0]], np.float32)
        ground[:] = cv2.warpAffine(ground, move, ground.shape[1::-1], flags=cv2.INTER_LINEAR)


def opened(framing: Framing, shot: Shot, seed: int) -> tuple[Framing, Window]:
    """`framing` of a picture as much larger than the frame as its camera needs, and where the frame rests on it."""
    lens = framing.lens
    path = _moving(framing, shot, seed)
    sides, steps = (path.sway.reach, path.sway.step) if path.sway else (0.0, 0.0)
    tip = 0.008 * max(lens.width, lens.height) if path.sway else 0.0
    side = _whole(sides + tip)
    above = _whole(max(path.over + sides + steps + tip, LEAST - lens.horizon))
    below = _whole(path.under + sides + steps + tip)
    larger = replace(
        lens,
        width=lens.width + 2 * side,
        height=lens.height + above + below,
        horizon=lens.horizon + above,
        raised=lens.eye / framing.level,
    )
    return replace(framing, lens=larger, path=path), Window(side, above, lens.width, lens.height)


def _whole(pixels: float) -> int:
    return WHOLE * math.ceil(max(0.0, pixels) / WHOLE)


def _moving(framing: Framing, shot: Shot, seed: int) -> Path:
    """The path of `framing` with what its move alone needs."""
    path, lens = framing.path, framing.lens
    if shot.camera in (Camera.TILT_UP, Camera.TILT_DOWN):
        over, under = _tilt(framing)
        return replace(path, over=over * lens.height, under=under * lens.height)
    if shot.camera in (Camera.CRANE_UP, Camera.CRANE_DOWN):
        return replace(path, under=SUNK * lens.height, rise=_rise(shot.place, framing))
    if shot.camera is Camera.HANDHELD:
        return replace(path, sway=_sway(lens, shot.action, seed))
    away = framing.stand.distance if framing.stand else AWAY * framing.level
    if shot.camera is Camera.ORBIT:
        return replace(
            path, turn=(WALLED if shot.place in LAMPLIGHT else ORBITED) * lens.width, pivot=away / lens.focal
        )
    if shot.camera is Camera.TRACKING:
        return _beside(path, framing.stand, away)
    return path


def _tilt(framing: Framing) -> tuple[float, float]:
    """How far the frame goes up and down, in its heights: as far as the subject's head stays in it."""
    if framing.stand is None:
        return OVER, UNDER
    lens, stand = framing.lens, framing.stand
    tall = stand.figure.height * lens.upright + stand.height
    head = (lens.row(stand.distance) - tall * lens.scale(stand.distance)) / lens.height
    return max(0.0, min(OVER, LOWEST - head)), max(0.0, min(UNDER, head - HIGHEST))


def _beside(path: Path, stand: Stand | None, away: float) -> Path:
    """At the pace of what moves; past what does not."""
    if stand and stand.pace:
        return replace(path, follow=stand.heading * stand.pace)
    return replace(path, truck=TRUCK * away * (stand.heading if stand else 1))


def _rise(place: Place, framing: Framing) -> float:
    """Metres; no more than leaves the subject in the frame that goes down after it."""
    lens, stand = framing.lens, framing.stand
    # Hardly anything under the stars could come nearer.
    rise = (0.02 if place is Place.SPACE else RISE) * lens.eye
    return rise if stand is None or stand.aloft else min(rise, SUNK * lens.height / lens.scale(stand.distance))


def _sway(lens: Lens, action: Action, seed: int) -> Sway:
    phases = generator(seed, "hand").uniform(0, 2 * math.pi, 4)
    reach = SWAY * min(lens.width, lens.height) * (RUNNING if action is Action.RUN else 1.0)
    return Sway(
        (float(phases[0]), float(phases[1]), float(phases[2]), float(phases[3])),
        reach,
        STEPS * reach if action is Action.RUN else 0.0,
    )
