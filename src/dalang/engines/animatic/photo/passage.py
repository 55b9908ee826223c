"""From one picture to another: a camera that moves into the first and comes to rest on the second.

Both are bent by their own smooth depth, as a single picture is (`photo`). What is far changes first, what is near last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.animatic.camera.camera import eased
from dalang.engines.animatic.canvas.noise import generator, smoothstep
from dalang.engines.animatic.photo.move import Move, camera_move
from dalang.engines.animatic.photo.photo import Take, taken
from dalang.engines.animatic.photo.relief import Plane, Relief, relief_of
from dalang.engines.animatic.photo.stir import stir
from dalang.engines.animatic.photo.warp import WHOLE, source_of
from dalang.engines.i420 import planar, planes, read_picture
from dalang.scene.plan import Shot
from dalang.scene.unwanted import unwanted

MEETING = (0.25, 0.75)
"""The part of the time in which one picture gives way to the other."""

SOFT = 0.55
"""The part of the meeting that one point takes to change."""


def frames(first_path: str, last_path: str, request: RenderRequest, report: Report, shot: Shot) -> Iterator[Frame]:
    """`request.frame_count` frames; the first is the one picture, the last the other, exactly.

    Raises InternalError where a picture cannot be read or is not of the video's size, and what `report` raises.
    """
    first, last = (planar(read_picture(path, request.width, request.height)) for path in (first_path, last_path))
    cameras = unwanted(request.negative_prompt).cameras
    move = camera_move(shot.camera, generator(request.seed, "move 0"), cameras)
    relief = relief_of(first)
    leaving, arriving = _take(first, relief, request, move), _take(last, relief_of(last), request, _opposite(move))
    orders = [order(relief, *(side // part for side in (request.width, request.height))) for part in (1, 2, 2)]
    for number in range(request.frame_count - 1):
        report(number / request.frame_count)
        time = number / (request.frame_count - 1)
        changed = (time - MEETING[0]) / (MEETING[1] - MEETING[0])
        gone, left = number / request.fps, (request.frame_count - 1 - number) / request.fps
        before = leaving.frame(eased(time), gone, gone) if number and changed < 1 else first
        after = arriving.frame(1 - eased(time), left, left) if changed > 0 else last
        yield before if changed <= 0 else after if changed >= 1 else blend(before, after, orders, changed)
    yield last


def _take(still: Frame, relief: Relief, request: RenderRequest, move: Move) -> Take:
    return taken(source_of(still), relief, stir(relief, generator(request.seed, "stir")), request, move, WHOLE)


def _opposite(move: Move) -> Move:
    """Moving on as `move` does when it is run backwards."""
    drift, slide = ((-x, -y) for x, y in (move.drift, move.slide))
    return replace(move, drift=drift, slide=slide)


def order(relief: Relief, width: int, height: int) -> Plane:
    """When each point of a plane begins to change, 0..1 - SOFT of the meeting: the far ones first."""
    near = cv2.resize(relief.near, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray((near - near.min()) / (near.max() - near.min()) * (1 - SOFT), np.float32)


def blend(before: Frame, after: Frame, orders: list[Plane], changed: float) -> Frame:
    """Frame in which the part `changed` of the meeting is over."""
    frame = np.empty_like(before)
    for one, other, target, starts in zip(planes(before), planes(after), planes(frame), orders, strict=True):
        share = smoothstep(0.0, SOFT, changed - starts)
        target[:] = cv2.blendLinear(one, other, 1 - share, share)
    return frame
