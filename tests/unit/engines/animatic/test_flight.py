"""Birds that perch in their pictures beat their wings in the air."""

from __future__ import annotations

import numpy as np
import pytest

from dalang.engines.animatic.figures.flight import WINGS, flies, flying
from dalang.engines.animatic.figures.sprite import load
from dalang.scene.performer import Action, Performer
from dalang.scene.subjects import SUBJECTS


@pytest.mark.parametrize("name", WINGS)
def test_a_bird_on_the_wing_is_whole_and_its_wings_reach_over_and_under_it(name: str) -> None:
    flyer = Performer(subject=name, action=Action.FLY)
    assert SUBJECTS[name].kind == "birds"
    assert flies(flyer)
    frames = flying(flyer, load(name)).frames
    assert (frames[..., :3].max(axis=3) <= frames[..., 3].astype(int) + 2).all()
    tops = [int(np.flatnonzero(frame[..., 3].any(axis=1))[0]) for frame in frames]
    lows = [int(np.flatnonzero(frame[..., 3].any(axis=1))[-1]) for frame in frames]
    assert max(tops) - min(tops) > 0.03 * frames.shape[1] or max(lows) - min(lows) > 0.03 * frames.shape[1]
    edges = frames[:, 0, :, 3], frames[:, -1, :, 3], frames[:, :, 0, 3], frames[:, :, -1, 3]
    assert not any(edge.any() for edge in edges), "a wing is cut off"


def test_its_loop_is_a_beat_and_a_small_bird_beats_faster() -> None:
    owl, songbird = (flying(Performer(subject=name, action=Action.FLY), load(name)) for name in ("owl", "songbird"))
    assert songbird.subject.loop < owl.subject.loop < 1.0
    assert owl.subject.stride == 0


def test_one_that_stands_keeps_its_picture() -> None:
    assert not flies(Performer(subject="owl", action=Action.STAND))
    assert not flies(Performer(subject="eagle", action=Action.FLY))
