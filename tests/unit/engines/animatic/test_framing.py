"""Subjects: in the frame throughout, feet where they are set, no larger than their pictures allow."""

import numpy as np
import pytest

from dalang.engines.animatic.air.light import light_for
from dalang.engines.animatic.camera.framing import SHARPEST, frame_shot
from dalang.engines.animatic.figures.actor import Actor, cast
from dalang.engines.animatic.figures.costume import dressed
from dalang.engines.animatic.figures.figure import Figure
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Camera, Place, Shot, Time, Weather
from dalang.scene.subjects import SUBJECTS

SIZES = ((1280, 720), (720, 1280), (480, 832), (1920, 1080), (960, 960))


def actor(name: str, size: tuple[int, int], camera: Camera, action: Action | None, seed: int, duration: float = 5.0):
    subject = SUBJECTS[name]
    sprite = Sprite(subject, np.zeros((8, 230, 236, 4), np.uint8))
    performer = Performer(subject=name, action=action or subject.action)
    shot = Shot(
        place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=camera, cast=(performer,), duration=duration,
    )  # fmt: skip
    figure = Figure(performer, 0, sprite, subject.height, 0, 0.0)
    framing = frame_shot(np.random.default_rng(seed), shot, *size, (figure,))
    assert framing.stand is not None
    light = light_for(shot.time, shot.weather)
    costume = dressed(framing.stand, light, 1.0, 1.0)
    return framing, cast(framing.stand, costume, framing.lens, light, afloat=False)


def drawn(framing, player: Actor, time: float) -> tuple[float, float, float]:
    """Left, right and lowest pixel of the subject."""
    pose, mark = framing.path.pose(time), player.stand.way.at(time)
    near = player.stand.distance / (mark.z - pose.z)
    half = player.sprite.frames.shape[2] * player.stand.scale * near / 2
    middle = player.column(pose, time)
    lift = mark.height * framing.lens.scale(mark.z - pose.z)
    return middle - half, middle + half, framing.lens.row(mark.z - pose.z) - lift


@pytest.mark.parametrize(("number", "name"), list(enumerate(sorted(SUBJECTS))), ids=str)
def test_a_subject_is_wholly_in_the_frame_for_the_whole_shot(number, name):
    """Each subject with one of the cameras, in turn: how it is framed depends on its size, pace and medium alone."""
    camera = list(Camera)[number % len(Camera)]
    for seed, size in enumerate(SIZES):
        for duration in (2.0, 5.0, 15.0):
            framing, player = actor(name, size, camera, None, seed, duration)
            for time in np.linspace(0, duration, 7):
                left, right, foot = drawn(framing, player, time)
                assert left > 0
                assert right < size[0]
                assert foot < size[1]


@pytest.mark.parametrize("name", sorted(name for name, subject in SUBJECTS.items() if subject.stride))
def test_a_loop_of_the_feet_carries_a_subject_one_stride(name):
    subject = SUBJECTS[name]
    _, player = actor(name, (1280, 720), Camera.STATIC, Action.WALK, 1)
    moved = abs(player.stand.x(3.0) - player.stand.x(1.0))
    assert moved == pytest.approx((player.phase(3.0) - player.phase(1.0)) * subject.stride)
    assert moved > 0


def test_a_subject_moves_the_way_it_looks():
    for seed in range(6):
        _, player = actor("cat", (1280, 720), Camera.STATIC, Action.WALK, seed)
        looks = -1 if (player.sprite.subject.faces == "left") != player.costume.mirrored else 1
        assert np.sign(player.stand.x(1.0) - player.stand.x(0.0)) == looks


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_pictures_are_enlarged_no_more_than_they_bear(name):
    for size in SIZES:
        _, player = actor(name, size, Camera.DOLLY_IN, None, 2)
        assert player.stand.scale / (1 - 0.15) <= SHARPEST + 1e-6


def test_one_who_stands_stays_where_he_is_on_the_first_frame():
    _, player = actor("penguin", (1280, 720), Camera.STATIC, Action.STAND, 1)
    assert player.stand.x(4.0) == player.stand.x(0.0)
    assert player.phase(4.0) == 0


def test_what_flies_is_over_the_horizon_and_what_walks_stands_under_it():
    framing, eagle = actor("eagle", (1280, 720), Camera.STATIC, Action.FLY, 1)
    assert drawn(framing, eagle, 1.0)[2] < framing.lens.horizon + 120
    assert eagle.stand.height > 0
    framing, man = actor("man", (1280, 720), Camera.STATIC, Action.WALK, 1)
    assert drawn(framing, man, 1.0)[2] > framing.lens.horizon


def test_a_cat_and_a_whale_fill_the_frame_alike_though_one_is_far():
    (_, cat), (_, whale) = (actor(name, (1280, 720), Camera.DOLLY_IN, None, 1) for name in ("cat", "whale"))
    assert whale.stand.distance > 8 * cat.stand.distance
    assert 0.6 < cat.stand.scale / whale.stand.scale < 1.0
