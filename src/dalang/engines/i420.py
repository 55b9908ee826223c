"""Pictures as the encoder takes them: a luma plane over two chroma planes of half the sides."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.errors import InternalError

Picture = NDArray[np.uint8]
"""BGR, shape (height, width, 3)."""

Planes = tuple[Frame, Frame, Frame]
"""Y, U and V; the latter two of half the sides."""


def planar(picture: Picture) -> Frame:
    """`picture` as a frame. Its sides must be even."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)


def planes(frame: Frame) -> Planes:
    """Views of the Y, U and V planes of `frame`; writing to them writes to it."""
    rows, width = frame.shape
    height = rows * 2 // 3
    blue, red = frame[height:].reshape(2, height // 2, width // 2)
    return frame[:height], blue, red


def read_picture(path: str, width: int, height: int) -> Picture:
    """The picture preparation left at `path`. Raises InternalError where it is missing or of another size."""
    picture = cv2.imread(path, cv2.IMREAD_COLOR)
    if picture is None or picture.shape != (height, width, 3):
        raise InternalError("The prepared picture is missing or not of the video's size.")
    return np.asarray(picture, np.uint8)
