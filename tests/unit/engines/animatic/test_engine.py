"""The engine as its callers see it: the frames it was asked for, made one by one, and the sound with them."""

from itertools import pairwise

import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE, Canceled, RenderRequest, load_engine
from dalang.engines.animatic import Animatic, shot_frames
from dalang.engines.animatic.figures.actor import Actor
from dalang.engines.animatic.stage import build_stage, plan_set
from dalang.scene.directing import going_on
from dalang.scene.parse import parse
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
    assert (engine.name, engine.version) == ("animatic", "4")


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


def test_what_is_done_goes_on_over_a_cut_and_a_new_deed_begins_anew():
    shots = parse("Shot 1 [0-2s]: a dog runs. Shot 2 [2-5s]: the dog runs. Shot 3 [5-8s]: a cat walks.", 8.0).shots
    assert list(going_on(shots)) == [0.0, 2.0, 0.0]


def test_a_runner_is_in_the_same_step_after_a_cut_as_before_it():
    one, other = parse("A dog runs in a meadow", 6.0, shots="multi").shots
    before = next(each for each in build_stage(one, 192, 112, 7).layers if isinstance(each, Actor))
    after = next(each for each in build_stage(other, 192, 112, 7, one.duration).layers if isinstance(each, Actor))
    assert (after.phase(0.0) - before.phase(one.duration)) % 1 == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_shots_of_a_clip_keep_subject_way_and_sun(seed):
    """The 180° rule, and light from one side."""
    for prompt in ("A dog runs in a meadow", "A man walks, then sits, on a street at dusk"):
        sets = [plan_set(shot, 192, 112, seed) for shot in parse(prompt, 12.0, shots="multi").shots]
        assert len({scene.framing.stand.heading for scene in sets}) == 1
        assert len({float(np.sign(scene.sun[0])) for scene in sets}) == 1
