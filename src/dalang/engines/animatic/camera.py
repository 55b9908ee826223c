"""The camera: a lens over a flat ground, and where it goes during a shot."""

from __future__ import annotations

from dataclasses import dataclass

from dalang.scene.plan import Camera

PAN = 0.11
"""How far a pan turns to each side of its middle, in widths of the picture."""
DOLLY = 0.30
"""How much of the distance to the subject a dolly covers."""


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

    def pose(self, time: float) -> Pose:
        part = _eased(time / self.duration)
        side = {Camera.PAN_LEFT: 1 - 2 * part, Camera.PAN_RIGHT: 2 * part - 1}
        forward = {Camera.DOLLY_IN: part - 0.5, Camera.DOLLY_OUT: 0.5 - part}
        return Pose(
            x=self.follow * (time - self.duration / 2),
            z=forward[self.move] * self.reach if self.move in forward else 0.0,
            turn=side[self.move] * self.turn if self.move in side else 0.0,
        )


def _eased(part: float) -> float:
    """Start and stop softly: half straight line, half smoothstep, so that short shots do not rush their middle."""
    part = min(max(part, 0.0), 1.0)
    return 0.5 * part + 0.5 * part * part * (3 - 2 * part)
