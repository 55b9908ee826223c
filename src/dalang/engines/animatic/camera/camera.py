"""The camera: a lens over a flat ground, and where it goes during a shot."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dalang.scene.plan import Camera

PAN = 0.11
"""How far a pan turns to each side of its middle, in widths of the picture."""
ORBITED = 0.20
"""The same of a camera that goes round its subject."""
WALLED = 0.30
"""The same in a room, where nothing far sweeps by."""
DOLLY = 0.30
"""How much of the distance to the subject a dolly covers."""
BACKING = 0.45
"""Of a dolly's way, that a crane goes back as it rises."""
TRUCK = 0.16
"""Of the distance to a subject that stays where it is, that a tracking camera goes past it to each side."""
RAMP = 0.24
"""Part of a shot in which a move gathers speed, and as much in which it loses it."""


@dataclass(frozen=True)
class Lens:
    """Pinhole over the ground plane: metres in, pixels out. x is right, z is away from the camera."""

    width: int
    height: int
    focal: float
    """Pixels."""
    horizon: int
    """Row of the horizon."""
    eye: float
    """Height of the camera over the ground, metres."""
    upright: float = 1.0
    """Of its height, that is seen of what stands upright: less from above."""
    raised: float = 1.0
    """How many times higher the eye is than at eye level."""

    @property
    def level(self) -> float:
        """Metres over the ground of an eye at eye level: what is built to a subject's measure goes by it."""
        return self.eye / self.raised

    def scale(self, distance: float) -> float:
        """Pixels a metre at `distance` metres."""
        return self.focal / distance

    def row(self, distance: float) -> float:
        """Row of the ground at `distance` metres."""
        return self.horizon + self.eye * self.focal / distance

    @property
    def nearest(self) -> float:
        """Distance of the ground at the bottom of the picture, metres."""
        return self.eye * self.focal / (self.height - self.horizon)

    @property
    def middle(self) -> float:
        return self.width / 2


@dataclass(frozen=True)
class Pose:
    """Where the camera is: metres to the right, metres forward, and how far it is turned, in pixels."""

    x: float
    z: float
    turn: float
    up: float = 0.0
    """Metres that it has risen over its lens's eye."""
    aside: float = 0.0
    """Pixels that its frame lies to the right of its place on the picture."""
    down: float = 0.0
    """Pixels that it lies lower."""
    roll: float = 0.0
    """Degrees that it is turned clockwise about its middle."""


@dataclass(frozen=True)
class Sway:
    """A camera on a shoulder: slow drift to the sides and with the breath, and a little roll."""

    phases: tuple[float, float, float, float]
    """Radians, by which one shoulder differs from another."""
    reach: float
    """Pixels that it drifts."""
    step: float = 0.0
    """Pixels that it goes up and down with the steps of one who runs."""

    def pose(self, time: float) -> Pose:
        slow, slower, breath, roll = self.phases
        aside = 0.7 * math.sin(1.25 * time + slow) + 0.3 * math.sin(2.9 * time + slower)
        down = 0.55 * math.sin(0.95 * time + slower) + 0.45 * math.sin(1.9 * time + breath)
        bounce = self.step * math.sin(11.0 * time + breath)
        return Pose(
            0.0, 0.0, 0.0,
            aside=self.reach * aside, down=self.reach * 0.8 * down + bounce,
            roll=0.28 * math.sin(0.8 * time + roll) + 0.10 * math.sin(2.2 * time + slow),
        )  # fmt: skip


@dataclass(frozen=True)
class Path:
    """The way of the camera through a shot of `duration` seconds."""

    move: Camera
    duration: float
    turn: float
    """Pixels a pan turns to each side."""
    reach: float
    """Metres a dolly travels."""
    follow: float = 0.0
    """Metres a second to the right, to keep beside a moving subject."""
    pivot: float = 0.0
    """Metres that the camera goes aside for a pixel of turning, to keep its subject where it is."""
    truck: float = 0.0
    """Metres a tracking camera goes to each side of a subject that stays where it is."""
    rise: float = 0.0
    """Metres a crane rises."""
    over: float = 0.0
    """Pixels that the frame goes up over the picture from its place, at the most."""
    under: float = 0.0
    """Pixels that it goes down."""
    sway: Sway | None = None

    @property
    def travel(self) -> float:
        """Metres the camera goes aside during the shot."""
        return abs(self.follow) * self.duration + 2 * (self.turn * self.pivot + abs(self.truck))

    def pose(self, time: float) -> Pose:
        moved = MOVES[self.move](self, eased(time / self.duration), time)
        follow = self.follow * (time - self.duration / 2)
        return Pose(moved.x + follow, moved.z, moved.turn, moved.up, moved.aside, moved.down, moved.roll)


def _static(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, 0.0, 0.0)


def _pan_left(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, 0.0, (1 - 2 * part) * path.turn)


def _pan_right(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, 0.0, (2 * part - 1) * path.turn)


def _dolly_in(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, (part - 0.5) * path.reach, 0.0)


def _dolly_out(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, (0.5 - part) * path.reach, 0.0)


def _tilt_up(path: Path, part: float, time: float) -> Pose:
    return Pose(0.0, 0.0, 0.0, down=path.under - (path.under + path.over) * part)


def _tilt_down(path: Path, part: float, time: float) -> Pose:
    return _tilt_up(path, 1 - part, time)


def _crane_up(path: Path, part: float, time: float) -> Pose:
    back = (0.5 - part) * path.reach * BACKING
    return Pose(0.0, back, 0.0, up=path.rise * part, down=path.under * part)


def _crane_down(path: Path, part: float, time: float) -> Pose:
    return _crane_up(path, 1 - part, time)


def _tracking(path: Path, part: float, time: float) -> Pose:
    return Pose((2 * part - 1) * path.truck, 0.0, 0.0)


def _orbit(path: Path, part: float, time: float) -> Pose:
    turn = (2 * part - 1) * path.turn
    return Pose(-turn * path.pivot, 0.0, turn)


def _handheld(path: Path, part: float, time: float) -> Pose:
    return path.sway.pose(time) if path.sway else Pose(0.0, 0.0, 0.0)


MOVES: dict[Camera, Callable[[Path, float, float], Pose]] = {
    Camera.STATIC: _static,
    Camera.PAN_LEFT: _pan_left,
    Camera.PAN_RIGHT: _pan_right,
    Camera.TILT_UP: _tilt_up,
    Camera.TILT_DOWN: _tilt_down,
    Camera.DOLLY_IN: _dolly_in,
    Camera.DOLLY_OUT: _dolly_out,
    Camera.TRACKING: _tracking,
    Camera.ORBIT: _orbit,
    Camera.CRANE_UP: _crane_up,
    Camera.CRANE_DOWN: _crane_down,
    Camera.HANDHELD: _handheld,
}
"""(the way, the eased part of it that is done, seconds) to where the camera is, but for what follows a subject."""


def eased(part: float) -> float:
    """The part of a move that is done: it gathers speed, goes evenly, and comes to rest."""
    part = min(max(part, 0.0), 1.0)
    if part > 0.5:
        return 1 - eased(1 - part)
    gathering = part * part / (2 * RAMP) if part < RAMP else part - RAMP / 2
    return gathering / (1 - RAMP)
