"""What the engine makes of requests: the pipelines' own frames, at the size and rate that were asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from dalang.engines import SAMPLE_RATE, Canceled, Clip, Form
from dalang.engines.i420 import planar
from dalang.engines.wan import Wan
from dalang.errors import CannotRender, InternalError
from dalang.task import RenderRequest
from tests.wan.conftest import MakeRequest, MakeSetup

FROM_WORDS = ("wan2.1-t2v-1.3b", "wan2.2-t2v-a14b", "wan2.2-ti2v-5b")
FROM_PICTURES = ("wan2.1-i2v-14b-480p", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b")
BETWEEN_PICTURES = ("wan2.1-flf2v-14b-720p", "wan2.2-i2v-a14b")
ONE = FROM_WORDS[0]

Frames = NDArray[np.uint8]


@pytest.fixture(scope="module")
def wan() -> Wan:
    return Wan()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("pictures") / "first.png", 1)


@pytest.fixture(scope="module")
def other_picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("pictures") / "last.png", 2)


def written(file: Path, seed: int) -> str:
    cv2.imwrite(str(file), np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8))
    return str(file)


def drawn(wan: Wan, request: RenderRequest) -> Frames:
    return stacked(wan.render(request, lambda _: None))


def stacked(clip: Clip) -> Frames:
    return np.stack(list(clip.frames))


def bare(wan: Wan, request: RenderRequest, frames: int) -> Frames:
    """The same from the pipeline alone, as anybody would call it."""
    assert request.setup
    loaded = wan._shelf.take(request.setup)
    loaded.begin("480P" if "480P" in loaded.checkpoint.tiers else "720P")
    asked: dict[str, Any] = {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt or loaded.profile.negative_prompt,
        "height": request.height,
        "width": request.width,
        "num_frames": frames,
        "num_inference_steps": loaded.profile.steps,
        "guidance_scale": loaded.profile.guidance,
        "generator": torch.Generator("cpu").manual_seed(request.seed),
        "output_type": "pil",
    }
    if loaded.boundary_ratio is not None:
        asked["guidance_scale_2"] = loaded.profile.guidance_2
    if request.image:
        asked["image"] = Image.open(request.image)
    if request.last_image:
        asked["last_image"] = Image.open(request.last_image)
    pipeline = loaded.picture if request.image else loaded.text
    assert pipeline
    (video,) = pipeline(**asked).frames
    return np.stack([planar(np.asarray(frame)[..., ::-1].copy()) for frame in video])


@pytest.mark.parametrize("checkpoint", FROM_WORDS)
def test_from_words_the_frames_are_the_pipeline_s(
    checkpoint: str, wan: Wan, setup: MakeSetup, request_of: MakeRequest
) -> None:
    request = request_of(setup(checkpoint, native=True), negative_prompt="rain")
    found = drawn(wan, request)
    assert (found == bare(wan, request, 25 if "5b" in checkpoint else 17)[: len(found)]).all()
    assert len(found) == (24 if "5b" in checkpoint else 16)


@pytest.mark.parametrize("checkpoint", FROM_PICTURES)
def test_from_a_picture_the_frames_are_the_pipeline_s(
    checkpoint: str, wan: Wan, setup: MakeSetup, request_of: MakeRequest, picture: str
) -> None:
    request = request_of(setup(checkpoint, native=True), image=picture)
    found = drawn(wan, request)
    assert (found == bare(wan, request, 25 if "5b" in checkpoint else 17)[: len(found)]).all()


@pytest.mark.parametrize("checkpoint", BETWEEN_PICTURES)
def test_between_pictures_all_frames_are_shown_to_the_last(
    checkpoint: str, wan: Wan, setup: MakeSetup, request_of: MakeRequest, picture: str, other_picture: str
) -> None:
    request = request_of(setup(checkpoint, native=True), image=picture, last_image=other_picture)
    found, plain = drawn(wan, request), bare(wan, request, 17)
    assert (found == plain).all()
    slower = drawn(wan, request_of(setup(checkpoint), image=picture, last_image=other_picture, fps=30))
    assert len(slower) == 30
    assert (slower[-1] == plain[-1]).all(), "the last frame is the last picture's, at any rate"


def test_weights_that_want_both_pictures_reach_from_one_to_the_other_however_long(
    wan: Wan, setup: MakeSetup, request_of: MakeRequest, picture: str, other_picture: str
) -> None:
    """Slower, where they would need more than one go."""
    made = setup(BETWEEN_PICTURES[0])
    short = msgspec.structs.replace(made, checkpoint=msgspec.structs.replace(made.checkpoint, frames=17))
    clip = wan.render(request_of(short, image=picture, last_image=other_picture, duration=2), lambda _: None)
    found, plain = stacked(clip), bare(wan, request_of(made, image=picture, last_image=other_picture), 17)
    assert len(found) == 32
    assert (found[0] == plain[0]).all()
    assert (found[-1] == plain[-1]).all()
    assert "makes 17 frames between two pictures" in " ".join(clip.warnings)


def test_what_the_weights_do_not_make_is_told_before_anything_is_loaded(
    setup: MakeSetup, request_of: MakeRequest, picture: str, other_picture: str
) -> None:
    """A model that takes a last picture may be led to weights that take only the first."""
    asked = request_of(setup("wan2.2-ti2v-5b"), image=picture, last_image=other_picture)
    wan = Wan()
    with pytest.raises(CannotRender, match="make t2v and i2v only, not kf2v"):
        wan.render(asked, lambda _: None)
    assert len(wan._shelf) == 0


def test_frames_have_the_size_and_rate_that_were_asked_for(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    clip = wan.render(request_of(setup(ONE, interpolator="blend"), fps=30), lambda _: None)
    assert clip.form is None
    found = stacked(clip)
    native = drawn(wan, request_of(setup(ONE, native=True)))
    assert found.shape == (30, 96, 64)
    assert (found[::15] == native[::8]).all(), "half a second is frame 15 and frame 8"
    assert not (found[1] == native[0]).all()


def test_native_says_so(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    clip = wan.render(request_of(setup("wan2.2-ti2v-5b", native=True), width=80, fps=30, sound=True), lambda _: None)
    assert clip.form == Form(64, 64, 24, 24)
    assert clip.sound is not None
    assert len(clip.sound) == SAMPLE_RATE
    assert "64x64, 24 frames a second" in " ".join(clip.warnings)
    assert stacked(clip).shape == (24, 96, 64)


def test_the_same_request_gives_the_same_frames_whatever_came_between(
    wan: Wan, setup: MakeSetup, request_of: MakeRequest, picture: str
) -> None:
    asked = request_of(setup("wan2.2-ti2v-5b", native=True))
    first = drawn(wan, asked)
    drawn(wan, request_of(setup("wan2.2-ti2v-5b", native=True, cache="first_block"), image=picture, seed=2))
    assert (drawn(wan, asked) == first).all()
    assert not (drawn(wan, request_of(setup("wan2.2-ti2v-5b", native=True), seed=2)) == first).all()


def test_words_and_what_must_not_be_seen_count(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    made = setup(ONE, native=True)
    plain = drawn(wan, request_of(made))
    for changes in ({"prompt": "waves break on dark rocks"}, {"negative_prompt": "rain"}):
        assert not (drawn(wan, request_of(made, **changes)) == plain).all(), changes


def test_nothing_is_done_before_the_first_frame_is_asked_for(
    wan: Wan, setup: MakeSetup, request_of: MakeRequest
) -> None:
    told: list[float] = []
    wan.render(request_of(setup(ONE)), told.append)
    assert told == []


def test_progress_is_told_after_each_step(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    told: list[float] = []
    next(wan.render(request_of(setup(ONE)), told.append).frames)
    assert told == pytest.approx([0, 0.2, 0.4, 0.6])


def test_it_stops_within_one_step_and_can_go_on(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    asked = request_of(setup("wan2.2-t2v-a14b", native=True, cache="first_block"))
    whole = drawn(wan, asked)
    told: list[float] = []

    def stop(fraction: float) -> None:
        told.append(fraction)
        if len(told) == 2:
            raise Canceled

    with pytest.raises(Canceled):
        list(wan.render(asked, stop).frames)
    assert len(told) == 2, "no step more"
    assert (drawn(wan, asked) == whole).all()


def test_each_shot_is_rendered_from_its_own_words_and_cut(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    prompt = "A harbour. Shot 1 [0-1s] a boat leaves. Shot 2 [1-2s] gulls cry."
    made = setup(ONE, native=True)
    both = drawn(wan, request_of(made, prompt=prompt, duration=2))
    first = drawn(wan, request_of(made, prompt="A harbour. a boat leaves."))
    second = drawn(wan, request_of(made, prompt="A harbour. gulls cry."))
    assert (both[:16] == first).all(), "up to the frame of the cut"
    assert not (both[16:] == second).all(), "with a seed of its own"
    assert not (both[16] == both[15]).all()


def test_a_missing_picture_fails(wan: Wan, setup: MakeSetup, request_of: MakeRequest) -> None:
    with pytest.raises(InternalError, match="picture is missing"):
        next(wan.render(request_of(setup("wan2.2-i2v-a14b"), image="/nowhere.png"), lambda _: None).frames)
