"""A word of the film trade counts where it is about the shot, and not where it describes somebody."""

from __future__ import annotations

import pytest

from dalang.scene.parse import parse
from dalang.scene.plan import Angle, Camera, Effect, Lighting, Mood, Season, Style, View, Weather

CAMERAS = (
    ("The camera slowly pans to the left", Camera.PAN_LEFT),
    ("the camera, ever so gently, tilts up", Camera.TILT_UP),
    ("The camera is following a dog", Camera.TRACKING),
    ("crane shot", Camera.CRANE_UP),
    ("the camera descends", Camera.CRANE_DOWN),
    ("the camera circles a cat", Camera.ORBIT),
    ("shaky cam", Camera.HANDHELD),
    ("The camera does not move", Camera.STATIC),
    ("镜头缓缓地向左摇", Camera.PAN_LEFT),
    ("镜头慢慢上升", Camera.CRANE_UP),
    ("镜头缓慢环绕一座城堡", Camera.ORBIT),
    ("手持镜头微微晃动", Camera.HANDHELD),
    ("镜头跟着一只狗", Camera.TRACKING),
    ("Kamera perlahan-lahan naik", Camera.CRANE_UP),
    ("Kameranya mundur pelan", Camera.DOLLY_OUT),
    ("kamera berputar mengelilingi kastil", Camera.ORBIT),
    ("kamera ikut bergoyang", Camera.HANDHELD),
)


@pytest.mark.parametrize(("prompt", "camera"), CAMERAS, ids=[prompt for prompt, _ in CAMERAS])
def test_the_camera_moves_as_it_is_told_however_slowly(prompt: str, camera: Camera) -> None:
    assert parse(prompt, 5.0).shots[0].camera is camera


MOODS = (
    ("A lonely street", Mood.LONELY),
    ("A cheerful girl in a park", None),
    ("A girl in a park. The mood is tense.", Mood.TENSE),
    ("A cheerful girl in a park, melancholy", Mood.MELANCHOLY),
    ('A girl says in a sad voice, "Bye."', None),
    ("神秘的森林", Mood.MYSTERIOUS),
    ("一个快乐的女孩在公园里", None),
    ("一个快乐的女孩在公园里，气氛紧张", Mood.TENSE),
    ("jalan yang sepi", Mood.LONELY),
    ("Seorang gadis ceria di taman, suasananya tegang", Mood.TENSE),
)


@pytest.mark.parametrize(("prompt", "mood"), MOODS, ids=[prompt for prompt, _ in MOODS])
def test_a_mood_is_the_scene_s_and_nobody_s_own(prompt: str, mood: Mood | None) -> None:
    assert parse(prompt, 5.0).shots[0].mood is mood


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("A cat crosses a wide river", "view", View.MEDIUM),
        ("a cat with wide eyes", "view", View.MEDIUM),
        ("A medium brown dog", "view", View.MEDIUM),
        ("Wide, a cat on a beach", "view", View.WIDE),
        ("Bird's eye view of a street", "angle", Angle.OVERHEAD),
        ("a room lit from above", "angle", Angle.EYE),
        ("A black and white cat", "style", None),
        ("A cat on a beach, black and white", "style", Style.BLACK_AND_WHITE),
        ("cinematic noir", "style", Style.NOIR),
        ("A hot spring", "season", None),
        ("early spring in a park", "season", Season.SPRING),
        ("a cat in clear water", "weather", Weather.CLEAR),
        ("wind and rain in a street", "weather", Weather.RAIN),
        ("by moonlight", "light", Lighting.MOONLIGHT),
        ("a fire station", "effects", frozenset()),
        ("a cat by a campfire, embers", "effects", frozenset({Effect.FIRE, Effect.SPARKS})),
    ],
)
def test_words_of_the_craft_count_where_they_are_about_the_shot(prompt: str, field: str, value: object) -> None:
    assert getattr(parse(prompt, 5.0).shots[0], field) == value


def test_what_a_preamble_says_holds_in_every_shot_and_a_shot_s_own_word_in_its_own() -> None:
    scene = parse(
        "Noir, winter, handheld, the mood is tense. Shot 1: an alley by night. Shot 2: a street, joyful mood, static.",
        6.0,
    )
    first, second = scene.shots
    assert (first.style, first.season, first.camera, first.mood) == (
        Style.NOIR,
        Season.WINTER,
        Camera.HANDHELD,
        Mood.TENSE,
    )
    assert (second.style, second.season, second.camera, second.mood) == (
        Style.NOIR,
        Season.WINTER,
        Camera.STATIC,
        Mood.JOYFUL,
    )


def test_light_does_not_follow_to_another_place() -> None:
    first, second = parse("Shot 1: an alley at night, neon light. Shot 2: a beach at noon.", 6.0).shots
    assert (first.light, second.light) == (Lighting.NEON, None)


def test_a_negative_prompt_takes_away_an_effect() -> None:
    (shot,) = parse("a campfire with smoke", 5.0, negative="smoke").shots
    assert Effect.SMOKE not in shot.effects
