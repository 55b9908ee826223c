"""How the pictures of a user's clip become frames of ours: turned upright, scaled, cut, in our colours."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from dalang.engines import Frame
from dalang.media.geometry import output_size

SCALING = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT

BT709, BT2020, UNTOLD = 1, (9, 10), 2
"""Matrices as ITU-T H.273 numbers them."""

HIGH_DEFINITION = 720
"""Rows from which on a picture that tells no matrix is taken to be BT.709, as players do."""


@dataclass(frozen=True)
class Framing:
    """Of one clip. Sides in pixels; `turns` are quarter turns counterclockwise."""

    width: int
    height: int
    stretch: float
    """Width of a source pixel over its height."""
    turns: int

    @classmethod
    def of(cls, picture: av.VideoFrame, pixel: float, tier: str) -> Framing:
        """That of the clip which `picture` begins, for a video of `tier`."""
        turns = round(picture.rotation / 90) % 4
        sides = upright_sides(picture, pixel, turns)
        return cls(*output_size(*sides, tier), pixel, turns)

    def frame(self, picture: av.VideoFrame) -> Frame:
        """`picture` as I420 of exactly width x height. Colours keep their primaries and transfer."""
        width, height = (self.height, self.width) if self.turns % 2 else (self.width, self.height)
        covering = _covering(round(picture.width * self.stretch), picture.height, width, height)
        whole = picture.reformat(
            *covering,
            format="yuv420p",
            src_colorspace=_matrix(picture),
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            interpolation=SCALING,
            threads=1,
        ).to_ndarray()
        return _turned(_cut(np.asarray(whole, np.uint8), covering, width, height), self.turns)


def upright_sides(picture: av.VideoFrame, pixel: float, turns: int) -> tuple[int, int]:
    width, height = round(picture.width * pixel), picture.height
    return (height, width) if turns % 2 else (width, height)


def _covering(width: int, height: int, to_width: int, to_height: int) -> tuple[int, int]:
    """Even sides in the ratio of width x height that cover the target closely."""
    factor = max(to_width / width, to_height / height)
    return max(to_width, ceil(width * factor / 2) * 2), max(to_height, ceil(height * factor / 2) * 2)


def _matrix(picture: av.VideoFrame) -> Colorspace:
    if picture.colorspace in BT2020:
        return Colorspace.BT2020
    is_untold_hd = picture.colorspace == UNTOLD and min(picture.width, picture.height) >= HIGH_DEFINITION
    return Colorspace.ITU709 if picture.colorspace == BT709 or is_untold_hd else Colorspace.ITU601


def _planes(frame: Frame, width: int, height: int) -> tuple[Frame, Frame, Frame]:
    blue, red = frame[height:].reshape(2, height // 2, width // 2)
    return frame[:height], blue, red


def _cut(frame: Frame, sides: tuple[int, int], width: int, height: int) -> list[Frame]:
    """The planes' middles."""
    left, top = (sides[0] - width) // 4 * 2, (sides[1] - height) // 4 * 2
    corners = ((top, left, 1), (top // 2, left // 2, 2), (top // 2, left // 2, 2))
    planes = zip(_planes(frame, *sides), corners, strict=True)
    return [plane[y : y + height // step, x : x + width // step] for plane, (y, x, step) in planes]


def _turned(planes: list[Frame], turns: int) -> Frame:
    parts = [np.rot90(plane, turns) for plane in planes]
    width = parts[0].shape[1]
    return np.concatenate([parts[0], *(part.reshape(-1, width) for part in parts[1:])])
