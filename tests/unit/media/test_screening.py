"""Finished videos of other servers, looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dalang.engines import Clip, RenderRequest
from dalang.errors import InvalidFile
from dalang.media.encode import encode
from dalang.media.screening import screen

WIDTH, HEIGHT, FPS = 320, 240, 30


def film(target: Path, frames: int) -> Path:
    """That goes from black to white."""
    levels = np.linspace(16, 235, frames).astype(np.uint8)
    pictures = (np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8) for _ in levels)

    def lit() -> object:
        for picture, level in zip(pictures, levels, strict=True):
            picture[:HEIGHT] = level
            yield picture

    request = RenderRequest(
        model="m", prompt="", width=WIDTH, height=HEIGHT, duration=frames / FPS, fps=FPS, seed=0, sound=False
    )
    encode(Clip(lit(), None), request, str(target), lambda _: None)  # type: ignore[arg-type]
    return target


def test_stills_are_spread_over_the_whole(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", 60)
    assert screen(source, 4) == (WIDTH, HEIGHT)
    levels = [np.asarray(Image.open(f"{source}.{number}.jpg")).mean() for number in range(4)]
    expected = [255 * (2 * number + 1) / 8 for number in range(4)]
    assert np.allclose(levels, expected, atol=8), "the middles of four parts"


def test_one_with_fewer_frames_repeats_its_last(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", 2)
    screen(source, 8)
    assert len(list(tmp_path.glob("film.mp4.*.jpg"))) == 8


@pytest.mark.parametrize("content", [b"", b"\0\0\0\x20ftypisom" + bytes(100), b"<html>"])
def test_what_is_no_video(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    with pytest.raises(InvalidFile):
        screen(file, 8)
