"""Packed pictures are whole, tight, premultiplied and within their limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dalang.engines.animatic.figures.sprite import ART, load
from dalang.scene.subjects import SUBJECTS

PACKED = [subject.name for subject in SUBJECTS.values() if subject.body != "person"]
"""The others have a head alone."""


@pytest.mark.parametrize("name", PACKED)
def test_a_picture_is_premultiplied_fills_its_box_and_moves_unless_its_subject_stays_or_glides(name: str) -> None:
    sprite = load(name)
    frames = sprite.frames
    assert frames.dtype == np.uint8
    assert frames.flags.c_contiguous
    assert max(frames.shape[1:3]) <= 256
    assert (frames[..., :3] <= frames[..., 3:]).all(), "not premultiplied"
    seen = frames[..., 3].max(axis=0) > 0
    assert seen[0].any() and seen[-1].any() and seen[:, 0].any() and seen[:, -1].any(), "not cropped"  # noqa: PT018
    if sprite.subject.body == "beast":
        return
    if len(frames) == 1:
        assert not sprite.subject.speed or sprite.subject.medium != "ground", "a still slides over the ground"
        return
    assert len(frames) >= 12, "fewer than 12 frames do not read as motion"
    assert all((frames[k] != frames[k - 1]).any() for k in range(1, len(frames))), "a frame repeats"


def test_a_hundred_and_twenty_pictures_move() -> None:
    assert sum(frame_count(path) > 1 for path in ART.glob("*.webp")) >= 120


def frame_count(path: Path) -> int:
    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


def test_there_is_one_picture_for_each_subject() -> None:
    assert {path.stem for path in ART.glob("*.webp")} == set(PACKED)


def test_the_pack_is_small() -> None:
    sizes = [path.stat().st_size for path in ART.rglob("*.webp")]
    assert max(sizes) < 1_000_000
    assert sum(sizes) <= 30 * 1024 * 1024


def test_an_unknown_subject_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load("quokka")
