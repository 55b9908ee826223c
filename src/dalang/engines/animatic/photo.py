"""Image-to-video: a still picture, and a camera that moves into it.

The picture is bent by a smooth depth (the middle and the foot near, the sides and the top far), so that near parts
pass faster than far ones. Each frame looks up the picture at `pixel + eased time * path`, with paths laid out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.i420 import planar, planes, read_picture

Field = NDArray[np.float32]
"""A point per pixel, shape (height, width, 2), x before y."""

Plane = NDArray[np.floating]
"""One number per pixel, shape (height, width)."""

PUSH = 0.12
"""How far the camera moves in: the part of the picture's sides that has left the frame at the end."""

DRIFT = 0.035
"""How far it moves sideways, in half widths; less than what PUSH leaves beyond the frame, or the edge would show."""

FOCUS = (0.0, -0.16)
"""What it moves towards, -1..1: a little above the middle, where faces are, so that no head is cut off."""

FARTHEST = 0.7
"""Nearness of the farthest point; the nearest has 1. The nearer, the less a smooth warp betrays itself."""

NO_MAP = np.empty(0, np.float32)
"""cv2.remap's second map, when the first holds both x and y."""

RAMP = 0.25
"""Part of the time spent getting up to speed, and again slowing down."""


def frames(image_path: str, request: RenderRequest, report: Report) -> Iterator[Frame]:
    """The picture itself, then the move into it: `request.frame_count` frames.

    Raises InternalError where the picture cannot be read or is not of the video's size, and what `report` raises.
    """
    still = planar(read_picture(image_path, request.width, request.height))
    yield still
    move = camera_move(request.seed)
    luma = paths(request.width, request.height, move)
    chroma = paths(request.width // 2, request.height // 2, move)
    for number in range(1, request.frame_count):
        report(number / request.frame_count)
        frame, time = np.empty_like(still), ease(number / (request.frame_count - 1))
        for source, target, (start, path) in zip(planes(still), planes(frame), (luma, chroma, chroma), strict=True):
            places = np.asarray(cv2.scaleAdd(path, time, start))
            cv2.remap(source, places, NO_MAP, cv2.INTER_CUBIC, target, cv2.BORDER_REPLICATE)
        yield frame


@dataclass(frozen=True)
class Move:
    """Where the camera has gone at the end, in half widths and half heights of the picture."""

    push: float
    drift: tuple[float, float]


def camera_move(seed: int) -> Move:
    """A push in with a slight drift, mostly sideways, of the seed's own direction."""
    random = np.random.default_rng(seed)
    side = random.choice((-1.0, 1.0)) * random.uniform(0.6, 1.0)
    return Move(PUSH * random.uniform(0.85, 1.0), (DRIFT * side, DRIFT * 0.4 * random.uniform(-1, 1)))


def ease(time: float) -> float:
    """Way at `time`, both 0..1, of a camera whose speed rises evenly, stays, and falls evenly."""
    top_speed = 1 / (1 - RAMP)
    if time < RAMP:
        return top_speed * time * time / (2 * RAMP)
    if time > 1 - RAMP:
        return 1 - ease(1 - time)
    return top_speed * (time - RAMP / 2)


def paths(width: int, height: int, move: Move) -> tuple[Field, Field]:
    """Where each pixel of a plane looks at the start, in pixels, and how far that wanders until the end."""
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = (2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1
    near = nearness(x, y)
    across = near * ((FOCUS[0] - x) * move.push + move.drift[0]) * width / 2
    down = near * ((FOCUS[1] - y) * move.push + move.drift[1]) * height / 2
    return np.dstack((columns, rows)), np.dstack((across, down)).astype(np.float32)


def nearness(x: Plane, y: Plane) -> Plane:
    """How near the scene is at points of -1..1, from FARTHEST to 1: the sides and the top are far."""
    far = 0.4 * x * x + 0.6 * ((1 - y) / 2) ** 2
    return 1 - (1 - FARTHEST) * far
