"""Heads of animals, that the packages show from before: turned aside on their necks, with open and with closed eyes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.composite import Picture
from dalang.engines.animatic.gait import Pose

FORESHORTENED = 0.30
"""Of half a head's width, by which a face turned fully aside is off its middle."""


@dataclass(frozen=True)
class Face:
    """Where the features of a head's picture are, in parts of its width and height."""

    eyes: tuple[tuple[float, float], ...] = ()
    eye: float = 0.06
    """Half the height of an eye, in parts of the picture's."""
    lid: tuple[int, int, int] | None = None
    """Colour of the closed eye's line; None: dark."""
    profile: bool = False
    """The picture is of the side: it does not turn."""


class Looks:
    """A head at its drawn size, turned and with open or closed eyes as poses ask; each look is made once."""

    def __init__(self, head: Picture, face: Face, rows: int) -> None:
        """`rows`: its height."""
        size = round(head.shape[1] * rows / head.shape[0]), rows
        self._face = face
        self._eyes = [
            np.asarray(cv2.resize(eyes, size, interpolation=cv2.INTER_AREA), np.uint8)
            for eyes in (head, asleep(head, face))
        ]
        self._made: dict[tuple[bool, int], Picture] = {}

    def bowed(self, pose: Pose, middle: tuple[float, float]) -> tuple[Picture, tuple[int, int]]:
        """The head in `pose` about `middle` (pixels right and down), and where its upper left corner lies."""
        head = self._look(pose)
        rows, columns = head.shape[:2]
        side = math.ceil(math.hypot(rows, columns) / 2)
        left, top = math.floor(middle[0]) - side, math.floor(middle[1]) - side
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), pose.nod, 1.0)
        turn[:, 2] += middle[0] - left - columns / 2, middle[1] - top - rows / 2
        bowed = cv2.warpAffine(head, turn, (2 * side + 2, 2 * side + 2), flags=cv2.INTER_LINEAR)
        return np.asarray(bowed, np.uint8), (left, top)

    def _look(self, pose: Pose) -> Picture:
        key = pose.shut, 0 if self._face.profile else round(pose.turn * 24)
        if key not in self._made:
            self._made[key] = turned(self._eyes[pose.shut], key[1] / 24)
        return self._made[key]


def turned(head: Picture, amount: float) -> Picture:
    """`head` looking to the left by `amount`, 0..1; its outline stays."""
    rows, columns = head.shape[:2]
    u, v = np.linspace(-1, 1, columns, dtype=np.float32)[None, :], np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    shift = amount * FORESHORTENED * (1 - u * u) * (1 - 0.7 * v * v)
    x = (u + shift + 1) * np.float32((columns - 1) / 2)
    y = np.broadcast_to((v + 1) * np.float32((rows - 1) / 2), x.shape)
    return np.asarray(cv2.remap(head, x, np.ascontiguousarray(y), cv2.INTER_LINEAR), np.uint8)


def asleep(head: Picture, face: Face) -> Picture:
    """`head` with closed eyes."""
    rows, columns = head.shape[:2]
    out = head.copy()
    for x, y in face.eyes:
        centre, half = (round(x * columns), round(y * rows)), face.eye * rows
        _shut(out, centre, half, face.lid or (58, 46, 56))
    return out


def _shut(head: Picture, centre: tuple[int, int], half: float, lid: tuple[int, int, int]) -> None:
    reach = round(half * 2.2)
    x, y = centre
    window = head[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
    middle = min(x, reach), min(y, reach)
    eye = np.zeros(window.shape[:2], np.uint8)
    cv2.ellipse(eye, middle, (round(half * 0.85), round(half * 1.3)), 0, 0, 360, 255, -1)
    skin = cv2.inpaint(np.ascontiguousarray(window[..., :3]), eye, 3, cv2.INPAINT_TELEA)
    window[..., :3] = np.minimum(skin, window[..., 3:])
    size = round(half * 0.95), round(half * 0.5)
    cv2.ellipse(window, middle, size, 0, 15, 165, (*lid, 255), max(2, round(half * 0.32)), cv2.LINE_AA)


FACES = {
    "fox": Face(((0.347, 0.588), (0.641, 0.590))),
    "wolf": Face(((0.353, 0.479), (0.641, 0.479))),
    "bear": Face(((0.349, 0.464), (0.631, 0.461))),
    "polar-bear": Face(((0.352, 0.459), (0.635, 0.460))),
    "panda": Face(((0.353, 0.462), (0.636, 0.463)), lid=(196, 180, 214)),
    "lion": Face(((0.354, 0.447), (0.634, 0.446))),
    "raccoon": Face(((0.344, 0.553), (0.643, 0.553)), lid=(214, 210, 220)),
}
"""Of the heads, by subject."""
