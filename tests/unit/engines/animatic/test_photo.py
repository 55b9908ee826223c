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
from dalang.engines.animatic.camera.camera import eased
from dalang.engines.animatic.photo.move import MOVES, Move, camera_move
from dalang.engines.animatic.photo.photo import frames
from dalang.engines.animatic.photo.relief import dome, relief_of
from dalang.engines.animatic.photo.warp import knots, look, source_of
from dalang.engines.i420 import planar, planes
from dalang.errors import InternalError
from dalang.media.encode import encode
from dalang.scene.plan import Camera, Place, Shot, Time, Weather

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


def shot(seconds: float, camera: Camera = Camera.DOLLY_IN, place: Place = Place.MEADOW) -> Shot:
    return Shot(place=place, time=Time.DAY, weather=Weather.CLEAR, camera=camera, duration=seconds)


def rendered(picture: str, camera: Camera = Camera.DOLLY_IN, **changes: object) -> list[Frame]:
    request = msgspec.structs.replace(REQUEST, **changes)
    return list(frames(picture, request, ignore, [shot(request.duration, camera)]))


def moves() -> list[Move]:
    """Every move there is: those of the cameras, and those into the picture by many seeds."""
    return [*MOVES.values(), *(camera_move(Camera.DOLLY_IN, np.random.default_rng(seed)) for seed in SEEDS)]


def ends(move: Move, size: tuple[int, int], time: float = 5.0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where the knots of a frame look at the move's end, -1..1."""
    grid = knots(*size)
    near = grid.sampled(dome(90, 160))
    across, down = move.path(near, 0.8, grid.x, grid.y)
    aside, under = move.strayed(time)
    return grid.x + across + aside, grid.y + down + under


def speed(before: Frame, after: Frame) -> NDArray[np.float32]:
    """How far the picture moves from one luma plane to the next at a grid of points, in pixels."""
    columns, rows = np.meshgrid(np.arange(40, WIDTH - 30, 40), np.arange(40, HEIGHT - 30, 40))
    points = np.stack((columns.ravel(), rows.ravel()), axis=-1).astype(np.float32)[:, None]
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, winSize=(31, 31))
    assert found.all()
    return (moved - points)[:, 0]


def test_first_decoded_frame_is_the_picture(picture: str, tmp_path: Path) -> None:
    clip = Clip(frames(picture, REQUEST, ignore, [shot(1)]), None)
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
    """A grey ramp in all three planes stays the same in all three."""
    ramp = np.linspace(20, 220, WIDTH).astype(np.uint8)
    still = np.concatenate([np.tile(ramp, (HEIGHT, 1)), np.tile(ramp[::2], (HEIGHT // 2, 2))])
    grid = knots(WIDTH, HEIGHT)
    across, down = MOVES[Camera.PAN_RIGHT].path(grid.sampled(dome(90, 160)), 0.8, grid.x, grid.y)
    luma, blue, red = planes(look(source_of(still), grid, across, down))
    inner = (slice(8, -8), slice(8, -8))
    for plane in (blue, red):
        assert np.abs(luma[::2, ::2].astype(int) - plane)[inner].max() <= 2


@pytest.mark.parametrize("size", [(1280, 720), (480, 832), (960, 960), (1104, 834)])
def test_nothing_beyond_the_picture_is_shown(size: tuple[int, int]) -> None:
    grid = knots(*size)
    within = (np.abs(grid.x) <= 1) & (np.abs(grid.y) <= 1)
    for move in moves():
        for time in (0.5, 1.3, 2.9):
            x, y = ends(move, size, time)
            assert max(np.abs(x[within]).max(), np.abs(y[within]).max()) <= 1.0001, move


def test_the_warp_has_no_folds_and_stretches_no_shape() -> None:
    size = (WIDTH, HEIGHT)
    for move in moves():
        x, y = ends(move, size)
        wide, high = np.diff(x, axis=1)[1:, :] * WIDTH / 16, np.diff(y, axis=0)[:, 1:] * HEIGHT / 16
        assert min(wide.min(), high.min()) > 0.6, move
        assert np.abs(np.log(wide / high))[4:-4, 4:-4].max() < 0.35, move


def test_heads_stay_in_the_frame() -> None:
    for seed in SEEDS:
        _, y = ends(camera_move(Camera.DOLLY_IN, np.random.default_rng(seed)), (WIDTH, HEIGHT))
        assert y[1].max() < -0.86, "at most a seventeenth is lost at the top"


ASIDE = {Camera.PAN_LEFT: (1, 0), Camera.PAN_RIGHT: (-1, 0), Camera.TILT_UP: (0, 1), Camera.TILT_DOWN: (0, -1)}
"""Where the picture's middle goes in the frame."""


@pytest.mark.parametrize(("camera", "way"), ASIDE.items())
def test_the_camera_goes_where_the_prompt_says(picture: str, camera: Camera, way: tuple[int, int]) -> None:
    luma = [planes(frame)[0] for frame in rendered(picture, camera)]
    middle = sum(speed(a, b).mean(axis=0) for a, b in pairwise(luma))
    assert np.dot(middle, way) > 6, "it goes that way"
    assert abs(middle @ np.array(way[::-1])) < np.dot(middle, way) / 2, "and not across"


def test_a_static_camera_stands(picture: str) -> None:
    first, *_, last = rendered(picture, Camera.STATIC)
    assert np.abs(first.astype(int) - last).mean() < 1


def painted(subject: bool) -> Frame:
    """A blue sky over green ground and, in front, a red figure."""
    canvas = np.zeros((360, 640, 3), np.uint8)
    canvas[:170], canvas[170:] = (230, 160, 90), (60, 150, 70)
    if subject:
        cv2.ellipse(canvas, (320, 210), (60, 110), 0, 0, 360, (40, 40, 200), -1, cv2.LINE_AA)
    noise = np.random.default_rng(1).integers(-12, 12, canvas.shape)
    noise[:170] = 0
    return planar(np.clip(canvas + noise, 0, 255).astype(np.uint8))


def test_the_subject_is_one_rigid_piece_nearer_than_what_is_behind_it() -> None:
    relief = relief_of(painted(subject=True))
    rows, columns = relief.near.shape
    inside = relief.near[round(rows * 0.35) : round(rows * 0.8), round(columns * 0.45) : round(columns * 0.55)]
    assert np.ptp(inside) < 0.01, "one plane"
    assert inside.mean() > relief.near[round(rows * 0.4), round(columns * 0.1)] + 0.1
    assert relief.subject.max() == 1
    assert not relief_of(painted(subject=False)).subject.any()


def test_the_sky_is_the_farthest_and_drifts() -> None:
    relief = relief_of(painted(subject=True))
    assert relief.sky[4].mean() > 0.6
    assert relief.near[2].mean() < relief.near[-3].mean() - 0.3
    assert not relief.sky[-20:].any()


def test_depth_changes_gently_everywhere() -> None:
    """Nowhere faster than a warp can follow without a fold."""
    near = relief_of(painted(subject=True)).near
    assert max(np.abs(np.diff(near, axis=0)).max(), np.abs(np.diff(near, axis=1)).max()) < 0.06


def test_a_move_goes_from_0_to_1_with_even_speed_in_between() -> None:
    way = np.array([eased(time) for time in np.linspace(0, 1, 101)])
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
        list(frames(picture, REQUEST, cancel, [shot(1)]))
    assert 0.5 < told[-1] < 0.54
