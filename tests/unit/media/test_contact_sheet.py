"""A contact sheet shows a video's frames in order, from the first to the last, with their times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dalang.engines import Clip, RenderRequest
from dalang.media.contact_sheet import GAP, save_contact_sheet, stills
from dalang.media.encode import encode


def film(folder: Path, width: int, height: int) -> Path:
    """One second that goes from black to white."""
    wish = RenderRequest(
        model="wan2.6-t2v", prompt="", width=width, height=height, duration=1, fps=30, seed=1, sound=False
    )
    greys = np.linspace(16, 235, wish.frame_count).astype(np.uint8)
    frames = (
        np.concatenate([np.full((height, width), grey, np.uint8), np.full((height // 2, width), 128, np.uint8)])
        for grey in greys
    )
    file = folder / "film.mp4"
    encode(Clip(frames, None), wish, str(file), lambda part: None)
    return file


def test_the_first_frame_and_the_last_are_among_them(tmp_path: Path) -> None:
    shown = list(stills(film(tmp_path, 320, 192), 6))
    assert [round(seconds, 2) for seconds, _ in shown] == [0.0, 0.2, 0.4, 0.57, 0.77, 0.97]
    greys = [float(np.asarray(picture.convert("L")).mean()) for _, picture in shown]
    assert greys == sorted(greys), "in the order of the film"
    assert greys[0] < 10
    assert greys[-1] > 245


@pytest.mark.parametrize(("size", "columns", "rows"), [((320, 192), 3, 2), ((192, 320), 6, 1)])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_wide_frames_stand_in_two_rows_and_upright_ones_in_one(
    tmp_path: Path, size: tuple[int, int], columns: int, rows: int, suffix: str
) -> None:
    target = tmp_path / f"sheet{suffix}"
    save_contact_sheet(film(tmp_path, *size), target)
    with Image.open(target) as sheet:
        assert sheet.size == (columns * (size[0] + GAP) + GAP, rows * (size[1] + GAP) + GAP)
