"""docs/engines.md: its tables say what the data says, and its engine draws."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest

from dalang.engines import RenderRequest, load_engine
from dalang.media.encode import encode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
EXAMPLE = "examples.drift:Drift"


def request(**changes: object) -> RenderRequest:
    plain = {"model": "wan2.6-t2v", "prompt": "Slow colours", "width": 64, "height": 48, "duration": 1, "fps": 30}
    return RenderRequest(**{**plain, "seed": 7, "sound": True, **changes})  # type: ignore[arg-type]


def drawn(asked: RenderRequest) -> list[bytes]:
    clip = load_engine(EXAMPLE).render(asked, lambda _: None)
    return [frame.tobytes() for frame in clip.frames]


def test_the_example_on_the_page_is_the_file_that_is_tested() -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert shown == (ROOT / "examples" / "drift.py").read_text(encoding="utf-8")


def test_it_has_forty_lines() -> None:
    assert len((ROOT / "examples" / "drift.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("sound", [True, False])
def test_its_clip_is_one_that_can_be_encoded(tmp_path: Path, sound: bool) -> None:
    asked = request(sound=sound)
    encode(load_engine(EXAMPLE).render(asked, lambda _: None), asked, str(tmp_path / "a.mp4"), lambda _: None)
    with av.open(str(tmp_path / "a.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) == 30
        assert bool(film.streams.audio) is sound


def test_its_frames_move_and_follow_the_seed() -> None:
    first = drawn(request())
    assert first == drawn(request())
    assert first[0] != first[-1]
    assert first[0] != drawn(request(seed=8))[0]
