"""What comes over a still picture in its first seconds: the light of another hour, weather, the look of a style.

The clip begins with the picture as it is. What falls far off falls behind the subject, what is near before it; fog is
the thicker the farther it has to be looked through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.animatic.air.air import overlays
from dalang.engines.animatic.air.light import rgb
from dalang.engines.animatic.air.lighting import light_of
from dalang.engines.animatic.camera.camera import Lens, Pose
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import smoothstep
from dalang.engines.animatic.grading.grade import Grade, grade_for
from dalang.engines.animatic.photo.relief import FARTHEST, Plane, Relief
from dalang.engines.animatic.scenery import Layer
from dalang.engines.i420 import planes
from dalang.scene.plan import Shot, Time, Weather

ARRIVES = 1.6
"""Seconds until all of it is there."""
STILL = Pose(0.0, 0.0, 0.0)
THICK = 0.82
"""Part of a colour that fog has taken where the picture is farthest."""

Hour = tuple[float, int, int]
"""Part of the luma that is left; what is added to blue and to red difference."""

HOURS: dict[Time, Hour] = {Time.DAWN: (0.94, -5, 6), Time.DUSK: (0.80, -8, 10), Time.NIGHT: (0.50, 13, -6)}
"""What an hour does to a picture of any other."""
CLOSED: dict[Weather, Hour] = {
    Weather.RAIN: (0.82, 3, -3),
    Weather.STORM: (0.62, 5, -4),
    Weather.SNOW: (0.96, 3, -2),
    Weather.CLOUDY: (0.88, 2, -2),
}


@dataclass(frozen=True)
class Veil:
    tables: tuple[NDArray[np.uint8], ...]
    """What luma and chroma become by the hour and the weather; none where they stay."""
    fog: tuple[Picture, Picture] | None
    """What is left of the picture's light, and what is added to it."""
    behind: tuple[Layer, ...]
    before: tuple[Layer, ...]
    subject: NDArray[np.uint8]
    """0 or 255 by pixel of luma."""
    grade: Grade

    @property
    def is_nothing(self) -> bool:
        return not (self.tables or self.fog or self.behind or self.before or self.grade.tones or self.grade.looks)

    def over(self, frame: Frame, time: float) -> Frame:
        """`frame` under the veil, `time` seconds after the picture."""
        if self.is_nothing:
            return frame
        drawn = self._lit(frame)
        if self.fog or self.behind or self.before:
            drawn = self._weathered(drawn, time)
        drawn = self.grade.apply(drawn, time)
        there = float(smoothstep(0.0, ARRIVES, np.array([time]))[0])
        return drawn if there >= 1 else np.asarray(cv2.addWeighted(frame, 1 - there, drawn, there, 0), np.uint8)

    def _lit(self, frame: Frame) -> Frame:
        out = frame.copy()
        for plane, table in zip(planes(out), self.tables, strict=False):
            plane[:] = cv2.LUT(plane, table)
        return out

    def _weathered(self, frame: Frame, time: float) -> Frame:
        canvas = np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2RGBA_I420), np.uint8)
        if self.fog:
            cv2.multiply(canvas, self.fog[0], dst=canvas, scale=1 / 255)
            cv2.add(canvas, self.fog[1], dst=canvas)
        if self.behind:
            subject = canvas.copy()
            for layer in self.behind:
                layer.draw(canvas, STILL, time)
            cv2.copyTo(subject, self.subject, canvas)
        for layer in self.before:
            layer.draw(canvas, STILL, time)
        return np.asarray(cv2.cvtColor(canvas, cv2.COLOR_RGBA2YUV_I420), np.uint8)


def veil_of(shot: Shot, relief: Relief, width: int, height: int, seed: int) -> Veil:
    """What `shot` asks to come over a picture of `relief`."""
    lens = Lens(width, height, 0.85 * max(width, height), round(0.5 * height), 1.6)
    light = light_of(shot)
    air = overlays(shot, lens, light, seed)
    mask = cv2.resize(relief.subject, (width, height), interpolation=cv2.INTER_LINEAR) > 0.7
    return Veil(
        tables=_tables([HOURS.get(shot.time), CLOSED.get(shot.weather)]),
        fog=_fog(relief.near, rgb(light.haze), width, height) if shot.weather is Weather.FOG else None,
        behind=air.behind,
        before=air.before,
        subject=mask.astype(np.uint8) * 255,
        grade=grade_for(shot, width, height, seed),
    )


def _tables(hours: Sequence[Hour | None]) -> tuple[NDArray[np.uint8], ...]:
    told = [hour for hour in hours if hour]
    if not told:
        return ()
    left = float(np.prod([luma for luma, _, _ in told]))
    level = np.arange(256, dtype=np.float32)
    luma = 16 + (level - 16) * left * (0.75 + 0.25 * level / 235)
    chroma = (128 + (level - 128) * (0.6 + 0.4 * left) + sum(hour[part] for hour in told) for part in (1, 2))
    return tuple(np.clip(table, 16, 240).astype(np.uint8) for table in (luma, *chroma))


def _fog(near: Plane, haze: NDArray[np.float32], width: int, height: int) -> tuple[Picture, Picture]:
    depth = cv2.resize((1 - near) / (1 - FARTHEST), (width, height), interpolation=cv2.INTER_LINEAR)
    part = np.clip(THICK * depth, 0.06, THICK)[..., None]
    four = np.append(haze, 0).astype(np.float32)
    return (255 * (1 - part) * np.ones(4, np.float32)).astype(np.uint8), (part * four).astype(np.uint8)
