"""What each shot is told in."""

from __future__ import annotations

import msgspec
import pytest

from dalang.engines.wan.storyboard import ANGLES, CAMERAS, VIEWS, storyboard, unfollowable
from dalang.scene.cuts import COVERAGE
from dalang.scene.parse import parse
from dalang.task import RenderRequest

LIST = "A harbour at dusk. Shot 1: a boat leaves. Shot 2: gulls cry."

PLAIN = RenderRequest(model="wan2.6-t2v", prompt=LIST, width=832, height=480, duration=5, fps=30, seed=7, sound=False)


def asked(**changes: object) -> RenderRequest:
    return msgspec.structs.replace(PLAIN, **changes)


@pytest.mark.parametrize("shots", [None, "single", "multi"])
@pytest.mark.parametrize("prompt", [LIST, "a cat walks", "", "镜头一（3秒）：猫。镜头二（2秒）：狗。"])
@pytest.mark.parametrize("duration", [2, 5, 15])
def test_it_cuts_where_the_sound_does(prompt: str, shots: str | None, duration: int) -> None:
    told = storyboard(asked(prompt=prompt, shots=shots, duration=duration))
    scene = parse(prompt, duration, shots=shots)  # type: ignore[arg-type]
    assert [shot.seconds for shot in told] == [shot.duration for shot in scene.shots]


def test_each_listed_shot_has_its_own_words_and_those_of_all() -> None:
    words = [shot.words for shot in storyboard(asked())]
    assert words == ["A harbour at dusk. a boat leaves.", "A harbour at dusk. gulls cry."]


def test_one_take_is_told_everything() -> None:
    (told,) = storyboard(asked(shots="single"))
    assert "boat" in told.words
    assert "gulls" in told.words


def test_takes_of_one_scene_are_filmed_in_their_own_ways() -> None:
    words = [shot.words for shot in storyboard(asked(prompt="a cat walks", shots="multi"))]
    assert len(words) == 2
    assert len(set(words)) == 2, "a cut that changes nothing cannot be seen"
    assert all(each.endswith("a cat walks") for each in words)


def test_every_way_of_filming_has_words() -> None:
    assert {setup.view for setup in COVERAGE} <= set(VIEWS)
    assert {setup.camera for setup in COVERAGE} <= set(CAMERAS)
    assert {setup.angle for setup in COVERAGE} <= set(ANGLES)


def test_two_pictures_are_never_parted_by_a_cut() -> None:
    assert len(storyboard(asked(image="a.png", last_image="b.png", shots="multi"))) == 1


def test_times_that_cannot_be_kept_are_told() -> None:
    late = "Shot 1 [0-9s] a boat. Shot 2 [9-12s] gulls."
    assert unfollowable(asked(prompt=late))
    assert not unfollowable(asked(prompt=late, shots="single"))
    assert not unfollowable(asked())
