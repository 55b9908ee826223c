"""docs/engines.md: its tables say what the data says, and its engine draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from dalang.config import load
from dalang.engines import RenderRequest, load_engine
from dalang.media.encode import encode
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import Profile, find_profile, profile_names

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


def checkpoint_rows() -> Iterator[str]:
    """`python -m tests.unit.test_engines_page` prints all rows."""
    for name, row in checkpoints().items():
        memory = row.memory
        speeds = (
            "; ".join(f"{one.gpus} x {one.gpu}, {one.tier}: {one.seconds:g} s" for one in row.speeds) or "none found"
        )
        makes, tiers = ", ".join(row.kinds), ", ".join(row.tiers)
        held = f"{memory.full:g} | {memory.model:g} | {memory.group:g} | {memory.quantised:g}"
        yield f"| `{name}` | {makes} | {tiers} | {row.fps} | {row.gigabytes:g} | {held} | {speeds} |"


def profile_rows() -> Iterator[str]:
    for checkpoint in checkpoints().values():
        cells = (how(find_profile(name, checkpoint, {})) for name in profile_names({}))
        yield f"| `{checkpoint.name}` | {' | '.join(cells)} |"


def how(profile: Profile) -> str:
    guidance = f"{profile.guidance:g}" + (f" and {profile.guidance_2:g}" if profile.guidance_2 else "")
    said = [f"{profile.steps} steps", f"guidance {guidance}", *(f"`{alias}`" for alias in profile.loras)]
    return ", ".join([*said, *([f"cache `{profile.cache}`"] if profile.cache != "none" else [])])


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.S), ids=lambda block: block.split()[0])
def test_its_settings_are_taken(tmp_path: Path, block: str) -> None:
    (tmp_path / "dalang.toml").write_text(block, encoding="utf-8")
    config = load(tmp_path / "dalang.toml", {"CLOUD_KEY": "sk-elsewhere"})
    for name in config.profiles:
        find_profile(name, next(iter(checkpoints().values())), config.profiles)


def losses() -> set[str]:
    return {
        find_profile(name, checkpoint, {}).gives_up
        for name in profile_names({})
        for checkpoint in checkpoints().values()
    }


def test_what_profiles_give_up_is_told() -> None:
    assert [loss for loss in losses() if loss not in PAGE] == []


@pytest.mark.parametrize("rows", [checkpoint_rows, profile_rows])
def test_the_tables_say_what_the_data_says(rows: Callable[[], Iterator[str]]) -> None:
    expected = list(rows())
    columns = re.findall(r"^\| `wan2\..*\|$", PAGE, re.M)
    assert [row for row in columns if row.count("|") == expected[0].count("|")] == expected, (
        "docs/engines.md: paste what `python -m tests.unit.test_engines_page` prints"
    )


if __name__ == "__main__":
    print("\n".join((*checkpoint_rows(), "", *profile_rows())))
