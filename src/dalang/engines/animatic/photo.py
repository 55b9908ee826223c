"""Image-to-video: a still picture, and a camera that moves into it.

The picture is bent by a smooth depth (the middle and the foot near, the sides and the top far), so that near parts
pass faster than far ones. Each frame looks up the picture at `pixel + eased time * path`, with paths laid out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.animatic.interest import interest
from dalang.engines.i420 import planar, planes, read_picture
from dalang.scene.plan import Camera
from dalang.scene.unwanted import unwanted

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

MOVING = frozenset(Camera) - {Camera.STATIC}

RAMP = 0.25
"""Part of the time spent getting up to speed, and again slowing down."""


@dataclass(frozen=True)
class Move:
    """Where the camera has gone at the end, in half widths and half heights of the picture."""

    push: float
    drift: tuple[float, float]
    fixed: bool = False
    """Whether the border stays where it is, so that a drift without a push shows nothing beyond it."""


@dataclass(frozen=True)
class Crop:
    """The part of the picture that a take shows: its corner and its side, in parts of the picture's."""

    left: float
    top: float
    side: float


WHOLE = Crop(0.0, 0.0, 1.0)
CROPS = ((1.0, 0.0), (0.52, 0.0), (0.8, -0.1), (0.6, 0.12), (0.4, 0.0))
"""How successive takes of one picture show it: side of the part, and how far its middle stands aside of the subject."""

CENTRE = (0.5, 0.5)
BELOW = 0.04
"""How far a framing's middle stands under the subject's, in sides: what interests most is often a face."""

LAST_STEP = 0.999
"""Of a frame; a cut between two frames falls before the later one."""


def frames(image_path: str, request: RenderRequest, report: Report, lengths: Sequence[float] = ()) -> Iterator[Frame]:
    """The picture itself, then the move into it: `request.frame_count` frames.

    `lengths`, in seconds, are those of its takes: the picture is cut to, again and again, in another framing.
    Raises InternalError where the picture cannot be read or is not of the video's size, and what `report` raises.
    """
    still = planar(read_picture(image_path, request.width, request.height))
    yield still
    subject = interest(still) if len(lengths) > 1 else CENTRE
    cameras = unwanted(request.negative_prompt).cameras
    starts = take_starts(lengths or [request.duration], request)
    for number, (start, end) in enumerate(pairwise([*starts, request.frame_count])):
        move, crop = camera_move(request.seed + number, cameras), framed(subject, number)
        looks = [paths(request.width // part, request.height // part, move, crop) for part in (1, 2, 2)]
        for frame in range(max(start, 1), end):
            report(frame / request.frame_count)
            yield look(still, looks, ease((frame - start) / max(1, end - start - 1)))


def framed(subject: tuple[float, float], take: int) -> Crop:
    """The part of the picture that the take of that number shows; all of it in the first."""
    side, aside = CROPS[take % len(CROPS)]
    middle = subject[0] + aside, subject[1] + BELOW * side
    left, top = (min(max(part - side / 2, 0.0), 1 - side) for part in middle)
    return Crop(left, top, side) if side < 1 else WHOLE


def take_starts(lengths: Sequence[float], request: RenderRequest) -> list[int]:
    """The first frame of each take: the first one that is not before the take's start."""
    starts = [0.0, *accumulate(lengths)][: len(lengths)]
    return [min(request.frame_count, int(start * request.fps + LAST_STEP)) for start in starts]


def look(still: Frame, looks: Sequence[tuple[Field, Field]], way: float) -> Frame:
    """`still` as seen when the camera has gone the part `way` of its move."""
    frame = np.empty_like(still)
    for source, target, (start, path) in zip(planes(still), planes(frame), looks, strict=True):
        places = np.asarray(cv2.scaleAdd(path, way, start))
        cv2.remap(source, places, NO_MAP, cv2.INTER_CUBIC, target, cv2.BORDER_REPLICATE)
    return frame


def camera_move(seed: int, unwanted: frozenset[Camera] = frozenset()) -> Move:
    """A push in with a slight drift, mostly sideways, of the seed's own direction.

    Without a push where zooming is unwanted, without any motion where all motion is.
    """
    random = np.random.default_rng(seed)
    side = random.choice((-1.0, 1.0)) * random.uniform(0.6, 1.0)
    move = Move(PUSH * random.uniform(0.85, 1.0), (DRIFT * side, DRIFT * 0.4 * random.uniform(-1, 1)))
    if Camera.DOLLY_IN not in unwanted:
        return move
    return Move(0.0, (0.0, 0.0) if unwanted >= MOVING else move.drift, fixed=True)


def ease(time: float) -> float:
    """Way at `time`, both 0..1, of a camera whose speed rises evenly, stays, and falls evenly."""
    top_speed = 1 / (1 - RAMP)
    if time < RAMP:
        return top_speed * time * time / (2 * RAMP)
    if time > 1 - RAMP:
        return 1 - ease(1 - time)
    return top_speed * (time - RAMP / 2)


def paths(width: int, height: int, move: Move, crop: Crop = WHOLE) -> tuple[Field, Field]:
    """Where each pixel of a plane looks at the start, in pixels, and how far that wanders until the end."""
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = (2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1
    near = nearness(x, y)
    if move.fixed:
        near = near * (1 - x**2) * (1 - y**2)
    across = near * ((FOCUS[0] - x) * move.push + move.drift[0]) * width / 2
    down = near * ((FOCUS[1] - y) * move.push + move.drift[1]) * height / 2
    start, path = np.dstack((columns, rows)), np.dstack((across, down)).astype(np.float32)
    return (start, path) if crop is WHOLE else (_cropped(start, crop, width, height), path * np.float32(crop.side))


def _cropped(start: Field, crop: Crop, width: int, height: int) -> Field:
    """`start` within `crop`, by the middles of pixels."""
    corner = np.array([crop.left * width, crop.top * height], np.float32)
    return np.asarray((start + 0.5) * np.float32(crop.side) - 0.5 + corner, np.float32)


def nearness(x: Plane, y: Plane) -> Plane:
    """How near the scene is at points of -1..1, from FARTHEST to 1: the sides and the top are far."""
    far = 0.4 * x * x + 0.6 * ((1 - y) / 2) ** 2
    return 1 - (1 - FARTHEST) * far
