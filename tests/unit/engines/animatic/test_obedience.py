"""What the engine leaves out, where it cuts, and where it arrives, seen in its frames."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE, Frame, RenderRequest
from dalang.engines.animatic import KEPT, Animatic
from dalang.engines.animatic.photo.interest import interest
from dalang.engines.animatic.photo.photo import CROPS, framed
from dalang.engines.animatic.photo.warp import WHOLE
from dalang.engines.animatic.sets import SETS
from dalang.engines.animatic.stage import build_stage
from dalang.engines.i420 import planar
from dalang.scene.parse import parse
from dalang.scene.plan import Place, Thing

WIDTH, HEIGHT, FPS = 320, 192, 10
EVERYTHING = frozenset(Thing)


def ask(**changes: object) -> RenderRequest:
    fields = {
        "model": "m", "prompt": "A cat walks over a meadow", "width": WIDTH, "height": HEIGHT, "duration": 2.0,
        "fps": FPS, "seed": 4, "sound": False,
    }  # fmt: skip
    return RenderRequest(**(fields | changes))


def drawn(**changes: object) -> list[Frame]:
    return list(Animatic().render(ask(**changes), lambda part: None).frames)


def cuts(frames: list[Frame]) -> list[int]:
    """Numbers of the frames that differ from the one before far more than the frames on either side of them do.

    A sea and a still field in one clip differ by unlike steps: no usual step is that of both.
    """
    steps = [0.0, *(float(np.abs(b.astype(int) - a).mean()) for a, b in pairwise(frames)), 0.0]
    return [at for at in range(1, len(frames)) if steps[at] > max(5, 3 * steps[at - 1], 3 * steps[at + 1])]


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[str, str]:
    """Two photographs, as it were: a warm thing on cool ground, and another light."""
    paths = []
    for number, (ground, thing) in enumerate((((180, 140, 60), (60, 90, 220)), ((70, 60, 120), (40, 200, 230)))):
        noise = np.random.default_rng(number).integers(-60, 60, (HEIGHT, WIDTH, 3))
        picture = np.clip(np.array(ground) + cv2.GaussianBlur(noise.astype(np.float32), (0, 0), 2) * 3, 0, 255)
        cv2.circle(picture, (90 + 130 * number, 110), 26, thing, -1)
        paths.append(str(tmp_path / f"{number}.png"))
        cv2.imwrite(paths[-1], picture.astype(np.uint8))
    return paths[0], paths[1]


def red(view: np.ndarray) -> int:
    """Pixels as red as the flowers of the meadow, and nothing else in it, can be."""
    r, g, b = (view[..., channel].astype(int) for channel in range(3))
    return int(((r > g + 50) & (r > b + 30)).sum())


def test_no_flowers_are_drawn_where_they_are_unwanted() -> None:
    """One of the two meadows has yellow and white flowers alone, the other red ones too."""
    for seed, some_are_red in ((0, False), (3, True)):
        with_flowers, without = (
            build_stage(parse("a meadow", 2.0, negative=negative).shots[0], 624, 352, seed).picture(1.0)
            for negative in ("", "flowers")
        )
        assert red(without) == 0
        assert (red(with_flowers) > 0) == some_are_red
        assert np.array_equal(with_flowers[:180], without[:180]), "the sky and the hills stay as they were"
        assert not np.array_equal(with_flowers[180:], without[180:])


DRAWN = (
    ("a meadow", "trees"), ("a meadow", "clouds"), ("a meadow", "sun"), ("a meadow", "mountains"),
    ("a meadow", "hills"), ("a meadow", "snow"), ("a meadow", "fog"), ("a meadow", "bushes"), ("a meadow", "rocks"),
    ("a meadow at night", "stars"), ("a meadow at night", "moon"), ("snowfield", "trees"), ("desert", "cacti"),
    ("desert", "grass"), ("the sea", "mountains"), ("a city street", "buildings"), ("a city street", "lamps"),
    ("a city street at night", "lights"), ("a city street", "flowers"), ("a meadow", "plants"),
)  # fmt: skip


@pytest.mark.parametrize(("prompt", "negative"), DRAWN)
def test_each_thing_that_a_set_paints_of_its_own_accord_can_be_left_out(prompt: str, negative: str) -> None:
    """Some seed shows a difference; a window box is not in every street."""
    for seed in range(1, 9):
        shown, spared = (
            build_stage(parse(prompt, 2.0, negative=text).shots[0], WIDTH, HEIGHT, seed).frame(1.0)
            for text in ("", negative)
        )
        if not np.array_equal(shown, spared):
            return
    pytest.fail(f"{prompt!r} without {negative!r} looks the same")


@pytest.mark.parametrize("place", list(SETS))
def test_a_set_without_anything_is_still_a_picture(place: Place) -> None:
    prompt = {Place.SKY: "above the clouds at dusk", Place.SNOW: "snowfield"}.get(place) or f"a {place} at dusk"
    shot = parse(prompt, 2.0).shots[0]
    assert shot.place is place
    bare = type(shot)(**{name: getattr(shot, name) for name in shot.__struct_fields__} | {"without": EVERYTHING})
    frame = build_stage(bare, WIDTH, HEIGHT, 2).frame(1.0)
    assert frame[:HEIGHT].std() > 4


def test_a_subject_that_is_excluded_is_not_in_the_picture() -> None:
    empty = drawn(prompt="a meadow", duration=0.2)
    assert np.array_equal(drawn(prompt="a cat in a meadow", negative_prompt="cat", duration=0.2), empty)
    assert not np.array_equal(drawn(prompt="a cat in a meadow", duration=0.2), empty)


def test_words_on_quality_change_no_pixel() -> None:
    negative = "blurry, low quality, deformed hands, watermark, text"
    assert np.array_equal(drawn(negative_prompt=negative), drawn())


@pytest.mark.parametrize("prompt", ["A cat walks over a meadow", "the sea", "A taxi in a street at night", "", "猫"])
def test_multi_cuts_and_single_does_not(prompt: str) -> None:
    assert cuts(drawn(prompt=prompt, shots="multi", duration=1.0, fps=30)) == [15]
    assert cuts(drawn(prompt=prompt, shots="single", duration=1.0, fps=30)) == []


def test_a_listed_shot_begins_at_its_second_unless_one_shot_is_wanted() -> None:
    prompt = "Shot 1 [0-0.8s]: the sea at dusk. Shot 2 [0.8-2s]: a snowfield."
    assert cuts(drawn(prompt=prompt)) == [8]
    assert cuts(drawn(prompt=prompt, shots="single")) == []


def test_a_picture_is_cut_to_its_parts_and_comes_first(pictures: tuple[str, str]) -> None:
    frames = drawn(image=pictures[0], shots="multi", duration=4.0)
    assert np.array_equal(frames[0], planar(cv2.imread(pictures[0])))
    assert cuts(frames) == [20]
    assert np.abs(frames[20].astype(int) - frames[0]).mean() > 5, "another framing, not the same one again"
    assert cuts(drawn(image=pictures[0], shots="single", duration=4.0)) == []
    assert len(frames) == 40


def test_what_interests_is_what_differs_in_colour(pictures: tuple[str, str]) -> None:
    for path, column in zip(pictures, (90, 220), strict=True):
        x, y = interest(planar(cv2.imread(path)))
        assert (x * WIDTH, y * HEIGHT) == pytest.approx((column, 110), abs=16)


def test_framings_lie_within_the_picture() -> None:
    for take in range(2 * len(CROPS)):
        for x in (0.0, 0.5, 1.0):
            crop = framed((x, 1 - x), take)
            assert min(crop.left, crop.top) >= 0
            assert max(crop.left, crop.top) + crop.side <= 1 + 1e-9
    assert framed((0.2, 0.2), 0) == WHOLE


def test_a_picture_without_zoom_sways_within_its_border_and_without_movement_stands(pictures: tuple[str, str]) -> None:
    still = planar(cv2.imread(pictures[0]))
    swayed = drawn(image=pictures[0], negative_prompt="zoom")[-1]
    assert np.abs(swayed[:2].astype(int) - still[:2]).max() <= 6, "the border stays where it is"
    assert not np.array_equal(swayed, still)
    thing = (slice(84, 136), slice(64, 116))
    for frame in drawn(image=pictures[0], negative_prompt="camera movement"):
        assert np.abs(frame[thing].astype(int) - still[thing]).mean() < 2, "the camera stands, whatever stirs about"


def test_a_negative_prompt_that_a_picture_cannot_obey_is_told(pictures: tuple[str, str]) -> None:
    for negative, told in (("flowers", (KEPT,)), ("zoom", ()), ("blurry", ())):
        assert Animatic().render(ask(image=pictures[0], negative_prompt=negative), lambda part: None).warnings == told


@pytest.mark.parametrize("duration", [2.0, 5.0, 0.1, 0.2])
def test_a_passage_begins_with_one_picture_and_ends_with_the_other(pictures: tuple[str, str], duration: float) -> None:
    frames = drawn(image=pictures[0], last_image=pictures[1], duration=duration, shots="multi")
    assert len(frames) == round(duration * FPS)
    assert np.array_equal(frames[-1], planar(cv2.imread(pictures[1])))
    assert len(frames) < 2 or np.array_equal(frames[0], planar(cv2.imread(pictures[0])))


def test_a_passage_has_no_cut_and_never_stops(pictures: tuple[str, str]) -> None:
    frames = drawn(image=pictures[0], last_image=pictures[1], fps=30)
    steps = [np.abs(b.astype(int) - a).mean() for a, b in pairwise(frames)]
    assert max(steps) < 6
    assert min(steps) > 0


@pytest.mark.parametrize(("duration", "fps"), [(3.4, 30), (1 / 30, 30), (2.7, 10), (0.7, 30)])
def test_lengths_that_are_no_whole_seconds_are_exact(duration: float, fps: int) -> None:
    clip = Animatic().render(ask(duration=duration, fps=fps, sound=True, width=64, height=48), lambda part: None)
    assert len(list(clip.frames)) == round(duration * fps)
    assert clip.sound is not None
    assert len(clip.sound) == round(duration * SAMPLE_RATE)
