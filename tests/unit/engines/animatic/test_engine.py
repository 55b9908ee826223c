"""The engine as its callers see it: the frames it was asked for, made one by one, and the sound with them."""

from itertools import pairwise

import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE, Canceled, RenderRequest, load_engine
from dalang.engines.animatic import Animatic, shot_frames
from dalang.scene.plan import Camera, Place, Scene, Shot, Time, Weather


def ask(**changes) -> RenderRequest:
    fields = {
        "model": "wan2.6-t2v", "prompt": "A cat walks over a meadow at dusk.", "width": 192, "height": 112,
        "duration": 2, "fps": 5, "seed": 4, "sound": True,
    }  # fmt: skip
    return RenderRequest(**(fields | changes))


def test_a_clip_has_every_frame_and_every_sample_it_was_asked_for():
    request = ask()
    clip = Animatic().render(request, lambda part: None)
    frames = list(clip.frames)
    assert len(frames) == request.frame_count
    assert {frame.shape for frame in frames} == {(168, 192)}
    assert clip.sound is not None
    assert clip.sound.shape == (2 * SAMPLE_RATE, 2)


def test_no_sound_is_made_for_a_silent_request():
    assert Animatic().render(ask(sound=False), lambda part: None).sound is None


def test_the_table_of_engines_names_it():
    engine = load_engine("animatic")
    assert (engine.name, engine.version) == ("animatic", "3")


def test_the_same_request_gives_the_same_frames_and_another_seed_others():
    first, again, other = (
        np.stack(list(Animatic().render(ask(seed=seed, sound=False), lambda part: None).frames)) for seed in (4, 4, 5)
    )
    assert np.array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 4


def test_frames_are_drawn_as_they_are_asked_for_so_that_a_cancel_stops_the_work():
    told: list[float] = []

    def report(part: float) -> None:
        told.append(part)
        if len(told) == 4:
            raise Canceled

    clip = Animatic().render(ask(), report)
    assert told == []
    with pytest.raises(Canceled):
        list(clip.frames)
    assert told == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_the_frame_rate_changes_how_often_a_scene_is_looked_at_not_what_happens():
    slow, fast = (list(Animatic().render(ask(fps=fps, sound=False), lambda part: None).frames) for fps in (2, 4))
    assert np.array_equal(np.stack(slow), np.stack(fast[::2]))


def test_shots_follow_each_other_at_their_times():
    def shot(place: Place, duration: float) -> Shot:
        return Shot(
            place=place, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC,
            duration=duration,
        )  # fmt: skip

    scene = Scene(shots=(shot(Place.SEA, 0.8), shot(Place.SNOW, 1.2)))
    frames = [frame.astype(int) for frame in shot_frames(scene, ask(), lambda part: None)]
    assert len(frames) == 10
    steps = [np.abs(after - before).mean() for before, after in pairwise(frames)]
    assert int(np.argmax(steps)) == 3, "the cut comes between the frames at 0.6 s and 0.8 s"
    assert steps[3] > 3 * max(steps[:3] + steps[4:])
