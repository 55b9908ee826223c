"""A still picture set in motion: it comes first, then moves smoothly, whole, unstretched, without borders or folds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from dalang.engines import Canceled, Clip, Frame, RenderRequest
from dalang.engines.animatic.photo import camera_move, ease, frames, paths
from dalang.engines.i420 import planes
from dalang.errors import InternalError
from dalang.media.encode import encode

WIDTH, HEIGHT = 320, 192
REQUEST = RenderRequest(
    model="m", prompt="", width=WIDTH, height=HEIGHT, duration=1, fps=30, seed=3, sound=False, image="in.png"
)
SEEDS = range(40)


def ignore(_: float) -> None:
    return None


@pytest.fixture
def picture(tmp_path: Path) -> str:
    """Blurred noise: detail everywhere, so that motion can be measured anywhere."""
    noise = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    smooth = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 30, 220, cv2.NORM_MINMAX)
    cv2.imwrite(str(tmp_path / "in.png"), smooth)
    return str(tmp_path / "in.png")


def rendered(picture: str, **changes: object) -> list[Frame]:
    return list(frames(picture, msgspec.structs.replace(REQUEST, **changes), ignore))


def speed(before: Frame, after: Frame) -> NDArray[np.float32]:
    """How far the picture moves from one luma plane to the next at a grid of points, in pixels."""
    columns, rows = np.meshgrid(np.arange(40, WIDTH - 30, 40), np.arange(40, HEIGHT - 30, 40))
    points = np.stack((columns.ravel(), rows.ravel()), axis=-1).astype(np.float32)[:, None]
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, winSize=(31, 31))
    assert found.all()
    return (moved - points)[:, 0]


def test_first_decoded_frame_is_the_picture(picture: str, tmp_path: Path) -> None:
    clip = Clip(frames(picture, REQUEST, ignore), None)
    encode(clip, REQUEST, str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        first = next(file.decode(video=0)).to_ndarray()
    shown = cv2.cvtColor(first, cv2.COLOR_YUV2BGR_I420).astype(float)
    assert 10 * np.log10(255**2 / np.mean((shown - cv2.imread(picture)) ** 2)) >= 32


def test_there_are_as_many_frames_as_asked(picture: str) -> None:
    shapes = [frame.shape for frame in rendered(picture, duration=2)]
    assert shapes == [(HEIGHT * 3 // 2, WIDTH)] * 60


def test_same_seed_same_frames_and_another_seed_another_move(picture: str) -> None:
    assert np.array_equal(rendered(picture), rendered(picture))
    assert not np.array_equal(rendered(picture)[-1], rendered(picture, seed=4)[-1])


def test_move_starts_and_ends_gently_and_never_stops(picture: str) -> None:
    luma = [planes(frame)[0].astype(float) for frame in rendered(picture)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(luma)]
    middle = float(np.median(steps))
    assert steps[0] < middle / 2
    assert steps[-1] < middle / 2
    assert min(steps) > 0


def test_move_is_smooth_below_a_pixel(picture: str) -> None:
    luma = [planes(frame)[0] for frame in rendered(picture, duration=3)]
    speeds = np.array([speed(before, after) for before, after in pairwise(luma)])
    assert 0.05 < np.abs(speeds).max() < 1, "it moves, by less than a pixel a frame"
    assert np.abs(np.diff(speeds, axis=0)).max() < 0.12


def test_chroma_moves_with_luma(picture: str) -> None:
    last = rendered(picture)[-1]
    start, path = paths(WIDTH, HEIGHT, camera_move(REQUEST.seed))
    half_start, half_path = paths(WIDTH // 2, HEIGHT // 2, camera_move(REQUEST.seed))
    doubled = cv2.resize(half_start + half_path, (WIDTH, HEIGHT)) * 2 + 0.5
    inner = (slice(4, -4), slice(4, -4))
    assert np.abs(doubled - (start + path))[inner].max() < 0.05
    assert np.ptp(planes(last)[1]) > 0


@pytest.mark.parametrize("size", [(1280, 720), (480, 832), (960, 960)])
def test_nothing_beyond_the_picture_is_shown(size: tuple[int, int]) -> None:
    for seed in SEEDS:
        start, path = paths(*size, camera_move(seed))
        end = start + path
        assert end.min() >= 0
        assert (end.max(axis=(0, 1)) <= np.array(size) - 1).all()


def test_the_warp_has_no_folds_and_stretches_no_shape() -> None:
    for seed in SEEDS:
        start, path = paths(WIDTH, HEIGHT, camera_move(seed))
        end = start + path
        wide, high = np.diff(end[..., 0], axis=1)[1:, :], np.diff(end[..., 1], axis=0)[:, 1:]
        assert min(wide.min(), high.min()) > 0.75
        assert np.abs(wide / high - 1).max() < 0.12


def test_heads_stay_in_the_frame() -> None:
    for seed in SEEDS:
        start, path = paths(WIDTH, HEIGHT, camera_move(seed))
        assert (start + path)[0, :, 1].max() < 0.06 * HEIGHT, "at most a seventeenth is lost at the top"


def test_ease_goes_from_0_to_1_with_even_speed_in_between() -> None:
    way = np.array([ease(time) for time in np.linspace(0, 1, 101)])
    speed = np.diff(way)
    assert (way[0], way[-1]) == (0, 1)
    assert (speed > 0).all()
    assert np.ptp(speed[30:70]) < 1e-9
    assert np.abs(np.diff(speed)).max() < 0.001


def test_a_missing_picture_or_one_of_another_size_is_our_fault(picture: str) -> None:
    with pytest.raises(InternalError):
        rendered(picture + ".none")
    with pytest.raises(InternalError):
        rendered(picture, width=640)


def test_cancel_stops_the_drawing(picture: str) -> None:
    told = []

    def cancel(fraction: float) -> None:
        told.append(fraction)
        if fraction > 0.5:
            raise Canceled

    with pytest.raises(Canceled):
        list(frames(picture, REQUEST, cancel))
    assert 0.5 < told[-1] < 0.54
