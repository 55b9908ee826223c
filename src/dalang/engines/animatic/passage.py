"""From one picture to another: a camera that moves into the first and comes to rest on the second.

Both are bent by the same smooth depth as a single picture is (`photo`). What is far changes first, what is near last.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.animatic.noise import smoothstep
from dalang.engines.animatic.photo import Move, Plane, camera_move, ease, look, nearness, paths
from dalang.engines.i420 import planar, planes, read_picture
from dalang.scene.unwanted import unwanted

MEETING = (0.25, 0.75)
"""The part of the time in which one picture gives way to the other."""

SOFT = 0.55
"""The part of the meeting that one point takes to change."""


def frames(first_path: str, last_path: str, request: RenderRequest, report: Report) -> Iterator[Frame]:
    """`request.frame_count` frames; the first is the one picture, the last the other, exactly.

    Raises InternalError where a picture cannot be read or is not of the video's size, and what `report` raises.
    """
    first, last = (planar(read_picture(path, request.width, request.height)) for path in (first_path, last_path))
    move = camera_move(request.seed, unwanted(request.negative_prompt).cameras)
    leaving, arriving = _looks(request, move), _looks(request, _opposite(move))
    orders = [order(*(side // part for side in (request.width, request.height))) for part in (1, 2, 2)]
    for number in range(request.frame_count - 1):
        report(number / request.frame_count)
        time = number / (request.frame_count - 1)
        changed = (time - MEETING[0]) / (MEETING[1] - MEETING[0])
        before = look(first, leaving, ease(time)) if number and changed < 1 else first
        after = look(last, arriving, 1 - ease(time)) if changed > 0 else last
        yield before if changed <= 0 else after if changed >= 1 else blend(before, after, orders, changed)
    yield last


def _looks(request: RenderRequest, move: Move) -> list[tuple[np.ndarray, np.ndarray]]:
    return [paths(request.width // part, request.height // part, move) for part in (1, 2, 2)]


def _opposite(move: Move) -> Move:
    """Drifting on as `move` does when it is run backwards."""
    return Move(move.push, (-move.drift[0], -move.drift[1]), move.fixed)


def order(width: int, height: int) -> Plane:
    """When each point of a plane begins to change, 0..1 - SOFT of the meeting: the far ones first."""
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    near = nearness((2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1)
    return np.asarray((near - near.min()) / (near.max() - near.min()) * (1 - SOFT), np.float32)


def blend(before: Frame, after: Frame, orders: list[Plane], changed: float) -> Frame:
    """Frame in which the part `changed` of the meeting is over."""
    frame = np.empty_like(before)
    for one, other, target, starts in zip(planes(before), planes(after), planes(frame), orders, strict=True):
        share = smoothstep(0.0, SOFT, changed - starts)
        target[:] = cv2.blendLinear(one, other, 1 - share, share)
    return frame
