"""Heads of animals, that the packages show from before: turned aside on their necks, with open and with closed eyes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.bodies.gait import Pose
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field
from dalang.scene.performer import Colour

FORESHORTENED = 0.34
"""Of half a head's width, by which a face turned fully aside is off its middle."""


@dataclass(frozen=True)
class Face:
    """Where the features of a head's picture are, in parts of its width and height."""

    eyes: tuple[tuple[float, float], ...] = ()
    eye: float = 0.06
    """Half the height of an eye, in parts of the picture's."""
    lid: tuple[int, int, int] | None = None
    """Colour of the closed eye's line; None: dark."""
    dye: Colour | None = None
    """In what its picture is dyed, which is another animal's."""
    profile: bool = False
    """The picture is of the side: it does not turn."""
    within: tuple[tuple[float, float, float, float], ...] = ()
    """Ellipses (middle, radii) that keep what is shown, in parts of the picture; none: all of it is."""
    fade: float = 0.0
    """Part of the width over which the right edge goes over into the neck, below `free`."""
    free: float = 0.36
    """Part of the height in which ears and antlers keep their edge."""
    hem: float = 0.0
    """Part of the height over which the lower edge goes over into the neck."""
    box: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom of the head where the picture is of the whole animal."""


class Looks:
    """A head at its drawn size, turned and with open or closed eyes as poses ask; each look is made once."""

    def __init__(self, picture: Picture, face: Face, rows: int) -> None:
        """`rows`: its height."""
        head = cut(picture, face)
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


def cut(picture: Picture, face: Face) -> Picture:
    """What of `picture` is the head, its edges softened where it meets the neck."""
    if face.box:
        rows, columns = picture.shape[:2]
        left, top, right, bottom = face.box
        picture = picture[round(top * rows) : round(bottom * rows), round(left * columns) : round(right * columns)]
    rows, columns = picture.shape[:2]
    keep = np.full((rows, columns), 255, np.uint8)
    if face.within:
        keep[:] = 0
        for x, y, wide, high in face.within:
            centre, radii = (round(x * columns), round(y * rows)), (round(wide * columns), round(high * rows))
            cv2.ellipse(keep, centre, radii, 0, 0, 360, 255, -1, cv2.LINE_AA)
    if face.fade:
        keep[round(face.free * rows) :] = (keep[round(face.free * rows) :] * _ramp(columns, face.fade)).astype(np.uint8)
    if face.hem:
        keep = (keep * _ramp(rows, face.hem)[:, None]).astype(np.uint8)
    return np.asarray(cv2.multiply(picture, cv2.merge([keep] * 4), scale=1 / 255), np.uint8)


def _ramp(length: int, part: float) -> Field:
    """1, but eased to 0 over the last `part`."""
    left = np.clip((1 - np.linspace(0, 1, length, dtype=np.float32)) / part, 0, 1)
    return np.asarray(left * left * (3 - 2 * left), np.float32)


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


CAT = Face(
    ((0.405, 0.566),), eye=0.075, box=(0.0, 0.03, 0.40, 0.56), profile=True, fade=0.25, free=0.46, hem=0.3,
)  # fmt: skip
FACES = {
    "fox": Face(((0.347, 0.588), (0.641, 0.590))),
    "wolf": Face(((0.353, 0.479), (0.641, 0.479))),
    "bear": Face(((0.349, 0.464), (0.631, 0.461))),
    "polar-bear": Face(((0.352, 0.459), (0.635, 0.460))),
    "panda": Face(((0.353, 0.462), (0.636, 0.463)), lid=(196, 180, 214)),
    "lion": Face(((0.354, 0.447), (0.634, 0.446))),
    "lioness": Face(
        ((0.354, 0.447), (0.634, 0.446)),
        within=(
            (0.5, 0.46, 0.39, 0.22),
            (0.5, 0.36, 0.29, 0.21),
            (0.5, 0.65, 0.215, 0.235),
            (0.29, 0.175, 0.095, 0.10),
            (0.71, 0.175, 0.095, 0.10),
        ),
    ),
    "panther": Face(
        ((0.354, 0.447), (0.634, 0.446)),
        lid=(150, 146, 160),
        dye=Colour.BLACK,
        within=(
            (0.5, 0.46, 0.39, 0.22),
            (0.5, 0.36, 0.29, 0.21),
            (0.5, 0.65, 0.215, 0.235),
            (0.29, 0.175, 0.095, 0.10),
            (0.71, 0.175, 0.095, 0.10),
        ),
    ),
    "arctic-fox": Face(((0.347, 0.588), (0.641, 0.590)), dye=Colour.WHITE),
    "red-panda": Face(((0.344, 0.553), (0.643, 0.553)), lid=(214, 210, 220), dye=Colour.ORANGE),
    "koala": Face(((0.278, 0.546), (0.703, 0.542))),
    "monkey": Face(((0.391, 0.399), (0.591, 0.397))),
    "hamster": Face(((0.351, 0.608), (0.633, 0.606))),
    "frog": Face(((0.256, 0.209), (0.731, 0.210)), eye=0.13),
    "boar": Face(((0.391, 0.465),), profile=True, fade=0.25),
    "moose": Face(((0.347, 0.571),), profile=True, fade=0.25),
    "unicorn": Face(((0.335, 0.430),), profile=True, fade=0.12, hem=0.16),
    "horse": Face(((0.342, 0.375),), profile=True, fade=0.12, hem=0.16),
    "cat": CAT,
    "black-cat": CAT,
    "dog": Face(((0.384, 0.365), (0.601, 0.363))),
    "tiger": Face(((0.352, 0.463), (0.636, 0.463))),
    "leopard": Face(((0.43, 0.54),), eye=0.1, box=(0.0, 0.0, 0.36, 0.50), profile=True, fade=0.25, hem=0.25),
    "sloth": Face(
        ((0.29, 0.54), (0.70, 0.54)), eye=0.07, box=(0.0, 0.22, 0.44, 0.70), within=((0.48, 0.53, 0.49, 0.45),)
    ),
    "mouse": Face(((0.352, 0.686), (0.633, 0.685))),
    "raccoon": Face(((0.344, 0.553), (0.643, 0.553)), lid=(214, 210, 220)),
}
"""Of the heads, by subject."""
