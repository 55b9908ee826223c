"""A shot set up: its layers from far to near, and the frame at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from dalang.engines import Frame
from dalang.engines.animatic.air.air import paint_air, site_of, unlit
from dalang.engines.animatic.air.lighting import light_of
from dalang.engines.animatic.camera.camera import Lens, Path, Pose
from dalang.engines.animatic.camera.focus import focused
from dalang.engines.animatic.camera.framing import frame_shot
from dalang.engines.animatic.camera.passing import passing
from dalang.engines.animatic.camera.window import Rise, Window, opened
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.figure import figures
from dalang.engines.animatic.grading.film import Corners, corners
from dalang.engines.animatic.grading.grade import LAMPLIT, Grade, grade_for
from dalang.engines.animatic.scenery import Layer, Set
from dalang.engines.animatic.sets import SETS, foreground
from dalang.engines.i420 import planes
from dalang.scene.plan import Shot

CORNERS, CORNERS_FALL = 0.24, 1.5
"""Part of the light that the corners of the frame lose."""


@dataclass(frozen=True)
class Stage:
    lens: Lens
    """Of all that is painted, which can be more than the frame shows at a time."""
    path: Path
    window: Window
    back: tuple[Layer, ...]
    """The set, as a camera sees it that does not rise."""
    front: tuple[Layer, ...]
    """What stands in the set and before it."""
    corners: Corners
    """Share of the luma that is left, 0..255, by pixel."""
    grade: Grade

    @property
    def layers(self) -> tuple[Layer, ...]:
        return *self.back, *self.front

    def picture(self, time: float) -> Picture:
        """The picture `time` seconds into the shot, RGBA."""
        canvas = np.empty((self.lens.height, self.lens.width, 4), np.uint8)
        pose = self.path.pose(time)
        self.paint(canvas, pose, time)
        return self.window.through(canvas, pose)

    def paint(self, canvas: Picture, pose: Pose, time: float) -> None:
        """All that the lens sees, on a canvas of its size."""
        level = replace(pose, up=0.0)
        for layer in self.back:
            layer.draw(canvas, level, time)
        for layer in self.front:
            layer.draw(canvas, pose, time)

    def frame(self, time: float) -> Frame:
        """The same as planar YUV, its corners a little darker, graded."""
        time = self.grade.moment(time)
        frame = np.asarray(cv2.cvtColor(self.picture(time), cv2.COLOR_RGBA2YUV_I420), np.uint8)
        self.corners.apply(planes(frame), time)
        return self.grade.apply(frame, time)


def build_stage(shot: Shot, width: int, height: int, seed: int, since: float = 0.0) -> Stage:
    """Paint everything `shot` needs; see `plan_set`. KeyError: its subject has no picture."""
    scene = plan_set(shot, width, height, seed, since)
    lens, path = scene.framing.lens, scene.framing.path
    air = paint_air(shot, site_of(scene))
    scene = replace(scene, aloft=air.aloft)
    behind: tuple[Layer, ...] = (Rise(lens), *focused(shot, scene.framing), *air.behind)
    front = (*behind, *foreground(unlit(scene)), *passing(scene), *air.before)
    stage = Stage(
        lens,
        path,
        scene.window,
        (*SETS[shot.place](scene),),
        front,
        corners(width, height, CORNERS, CORNERS_FALL),
        Grade((), ()),
    )
    grade = grade_for(shot, width, height, seed)
    dim = grade.tones or shot.light in LAMPLIT
    return replace(stage, grade=grade.exposed(stage.frame(0.0), shot) if dim else grade)


def plan_set(shot: Shot, width: int, height: int, seed: int, since: float = 0.0) -> Set:
    """Choose by seed where the camera stands, and where the sun, the same for all shots of a clip.

    The shot's subject has been doing what it does for `since` seconds.
    """
    cast = figures(generator(seed, "cast"), shot, since)
    framing, window = opened(frame_shot(generator(seed, "stage"), shot, width, height, cast), shot, seed)
    star = framing.stand.figure.sprite if framing.stand else None
    light = light_of(shot, framing.stand.distance if framing.stand else 0.0)
    rng = generator(seed, "sun")
    side = int(rng.choice([-1, 1]))
    sun = np.array([side * 0.62, 0.3 + 0.6 * light.height, 0.25], np.float32)
    sun /= np.linalg.norm(sun)
    drawn = float(rng.uniform(0.18, 0.34))
    sun_x = window.left + width * (0.5 + side * (drawn if light.sun_aside is None else light.sun_aside))
    return Set(shot, seed, framing, window, light, sun, sun_x, star)
