"""Planes of a frame: where they lie, and what colours they hold."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from dalang.engines.i420 import planar, planes, read_picture
from dalang.errors import InternalError


def test_planes_are_views_of_luma_and_two_quarters() -> None:
    frame = np.zeros((48, 64), np.uint8)
    luma, blue, red = planes(frame)
    assert (luma.shape, blue.shape, red.shape) == ((32, 64), (16, 32), (16, 32))
    luma[:], blue[:], red[:] = 1, 2, 3
    assert frame.ravel().tolist() == [1] * 2048 + [2] * 512 + [3] * 512


def test_colours_are_bt601_in_limited_range() -> None:
    for bgr, yuv in (((255, 255, 255), (235, 128, 128)), ((0, 0, 255), (82, 90, 240)), ((255, 0, 0), (41, 240, 110))):
        picture = np.full((16, 16, 3), bgr, np.uint8)
        found = [int(plane[0, 0]) for plane in planes(planar(picture))]
        assert found == pytest.approx(yuv, abs=1), "the rounded matrix of ITU-R BT.601"


def test_a_picture_must_be_there_and_of_the_size(tmp_path: Path) -> None:
    path = str(tmp_path / "in.png")
    cv2.imwrite(path, np.zeros((32, 64, 3), np.uint8))
    assert read_picture(path, 64, 32).shape == (32, 64, 3)
    for missing, width, height in ((path, 32, 64), (path + "x", 64, 32)):
        with pytest.raises(InternalError):
            read_picture(missing, width, height)
