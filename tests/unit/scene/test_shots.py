"""How many shots a plan has, how they differ, and what a negative prompt leaves of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dalang.scene.parse import parse
from dalang.scene.plan import Camera, Place, Shot, Thing, Time, Weather

LIST = (
    "A story in Tokyo at night. Shot 1 [0-2s]: a cat walks. Shot 2 [2-3s]: close-up of its eyes. Shot 3 [3-5s]: a dog."
)


def only(prompt: str, negative: str) -> Shot:
    (shot,) = parse(prompt, 5.0, negative=negative).shots
    return shot


@pytest.mark.parametrize("prompt", ["", "A cat walks", "一只猫", LIST, "static camera, one single shot of a cat"])
@pytest.mark.parametrize("duration", [1.0, 2.0, 3.4, 5.0, 15.0])
def test_multi_gives_several_shots_that_differ_and_fill_the_clip(prompt: str, duration: float) -> None:
    shots = parse(prompt, duration, shots="multi").shots
    assert len(shots) >= 2
    assert sum(shot.duration for shot in shots) == pytest.approx(duration)
    for one, other in pairwise(shots):
        assert (one.place, one.view) != (other.place, other.view), "no two neighbours look alike"


def test_a_longer_clip_has_more_shots() -> None:
    counts = [len(parse("a cat", seconds, shots="multi").shots) for seconds in (2, 5, 8, 10, 15)]
    assert counts == [2, 2, 3, 4, 5]


@pytest.mark.parametrize("prompt", ["", "A cat walks", LIST, "镜头一：猫。镜头二：狗。"])
def test_single_gives_one_shot_whatever_the_prompt_lists(prompt: str) -> None:
    assert [shot.duration for shot in parse(prompt, 5.0, shots="single").shots] == [5.0]


def test_a_list_fused_into_one_shot_keeps_its_first_place_and_subject() -> None:
    (shot,) = parse(LIST, 5.0, shots="single").shots
    assert (shot.subject, shot.place, shot.time) == ("cat", Place.STREET, Time.NIGHT)


def test_a_list_is_followed_and_goes_on_where_it_names_nothing_new() -> None:
    shots = parse(LIST, 5.0).shots
    assert [shot.duration for shot in shots] == [2.0, 1.0, 2.0]
    assert [shot.subject for shot in shots] == ["cat", "cat", "dog"], "'its' means the cat"
    assert {(shot.place, shot.time) for shot in shots} == {(Place.STREET, Time.NIGHT)}
    assert shots[1].view == "close"


@pytest.mark.parametrize(
    ("last", "place"),
    [
        ("A knight rides a horse.", "castle"),
        ("A man runs.", "castle"),
        ("An eagle flies.", "sky"),
        ("A knight rides a dragon.", "sky"),
        ("A woman smiles.", "sky"),
    ],
)
def test_who_goes_on_the_ground_does_not_stay_in_the_sky(last: str, place: str) -> None:
    shots = parse(f"Shot 1: A castle at dusk. Shot 2: A dragon flies in the sky. Shot 3: {last}", 9.0).shots
    assert [shot.place for shot in shots] == ["castle", "sky", place]


def test_takes_keep_subject_place_and_light() -> None:
    shots = parse("A dog runs on the beach at dusk in the rain", 10.0, shots="multi").shots
    assert {(s.subject, s.action, s.place, s.time, s.weather) for s in shots} == {
        ("dog", "run", "beach", "dusk", "rain")
    }


def test_the_camera_that_is_asked_for_holds_in_every_take() -> None:
    shots = parse("a cat, static camera", 10.0, shots="multi").shots
    assert {shot.camera for shot in shots} == {Camera.STATIC}


def test_nothing_is_excluded_without_a_negative_prompt() -> None:
    assert parse("a cat", 5.0) == parse("a cat", 5.0, negative="") == parse("a cat", 5.0, negative="blurry, bad hands")


def test_the_negative_prompt_wins_and_says_so() -> None:
    scene = parse("a cat", 5.0, negative="cat")
    assert scene.shots[0].subject is None
    assert scene.warnings == ("The negative prompt excludes 'cat', which the prompt names; it is left out.",)


def test_the_next_subject_takes_the_place_of_an_excluded_one() -> None:
    assert only("a cat and a dog", "cats").subject == "dog"
    assert only("a man running", "people").subject is None


def test_weather_time_place_and_camera_are_left_out() -> None:
    shot = only("A cat on the beach at night in the rain, zoom in", "rain, night, beach, zoom")
    assert shot.weather is Weather.CLEAR
    assert shot.time is not Time.NIGHT
    assert shot.place is not Place.SEA
    assert shot.camera not in (Camera.DOLLY_IN, Camera.DOLLY_OUT)


def test_the_second_choice_of_the_prompt_comes_before_the_default() -> None:
    assert only("a beach in the desert", "beach").place is Place.DESERT


def test_what_is_not_asked_for_is_left_out_without_a_word() -> None:
    scene = parse("a cat", 5.0, negative="flowers, rain, dogs, zoom in")
    assert scene.warnings == ()
    assert scene.shots[0].without == {Thing.FLOWERS}
    assert scene.shots[0].camera is not Camera.DOLLY_IN


def test_a_thing_that_is_asked_for_and_excluded_is_told() -> None:
    assert "flower" in " ".join(parse("A cat in a meadow with flowers", 5.0, negative="flowers").warnings)


def test_every_take_obeys_the_negative_prompt() -> None:
    shots = parse("a cat in the snow", 15.0, negative="zoom, snow, flowers", shots="multi").shots
    assert all(shot.camera not in (Camera.DOLLY_IN, Camera.DOLLY_OUT) for shot in shots)
    assert all(Thing.FLOWERS in shot.without and shot.place is not Place.SNOW for shot in shots)


def test_times_that_cannot_be_kept_are_told_where_the_list_is_followed() -> None:
    prompt = "Shot 1 [0-9s] A cat. Shot 2 [9-12s] A dog."
    assert any("times" in warning for warning in parse(prompt, 5.0).warnings)
    assert parse(prompt, 5.0, shots="single").warnings == ()
