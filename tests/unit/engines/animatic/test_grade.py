"""Grades: every mood and style changes the picture, in its own way, and the same way each time."""

import cv2
import numpy as np
import pytest

from dalang.engines.animatic.grading.grade import HIGH_KEY, LOOKS, LOW_KEY, ON_TWOS, grade_for
from dalang.engines.animatic.grading.tone import BLACK, MOODS, STYLES, WHITE
from dalang.engines.i420 import planes
from dalang.scene.plan import Camera, Lighting, Mood, Place, Shot, Style, Time, Weather

SMALL = (192, 112)


def shot(**named):
    plain = Shot(place=Place.MEADOW, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, duration=5.0)
    return type(plain)(**{name: getattr(plain, name) for name in plain.__struct_fields__} | named)


@pytest.fixture(scope="module")
def frame():
    """Sky over ground with something on it, as planes."""
    picture = np.empty((SMALL[1], SMALL[0], 3), np.uint8)
    picture[:60] = np.linspace(120, 235, 60)[:, None, None].astype(np.uint8) * (1.0, 0.9, 0.7)
    picture[60:] = (50, 130, 70)
    cv2.circle(picture, (90, 66), 24, (40, 90, 220), -1)
    cv2.circle(picture, (82, 58), 4, (10, 10, 12), -1)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)


def graded(frame, time=1.0, seed=3, **named):
    return grade_for(shot(**named), *SMALL, seed).apply(frame.copy(), time)


ALL = [*({"mood": mood} for mood in Mood), *({"style": style} for style in Style)]


def test_every_mood_and_style_has_its_tone():
    assert set(MOODS) == set(Mood)
    assert set(STYLES) == set(LOOKS) == set(Style)


def test_without_mood_and_style_the_picture_stays(frame):
    assert np.array_equal(graded(frame), frame)


@pytest.mark.parametrize("named", ALL, ids=str)
def test_each_changes_the_picture_and_does_so_again(frame, named):
    once, again = graded(frame, **named), graded(frame, **named)
    assert np.array_equal(once, again)
    assert np.abs(once.astype(int) - frame).mean() > 1
    assert planes(once)[0].std() > 8, "a picture is left"


def test_no_two_look_alike(frame):
    seen = [graded(frame, **named).astype(int) for named in ALL]
    for number, one in enumerate(seen):
        for other in seen[:number]:
            assert np.abs(one - other).mean() > 0.5


def brightness(frame):
    return (planes(frame)[0].astype(float).mean() - BLACK) / (WHITE - BLACK)


@pytest.mark.parametrize(("time", "light", "least"), [(Time.NIGHT, 0.45, LOW_KEY), (Time.DAY, 0.7, HIGH_KEY)])
def test_a_dark_scene_can_be_read_when_it_is_graded(frame, time, light, least):
    dark = frame.copy()
    dark[: SMALL[1]] = BLACK + (dark[: SMALL[1]] - BLACK) * light
    night = shot(time=time, mood=Mood.TENSE, style=Style.NOIR)
    grade = grade_for(night, *SMALL, 3)
    assert brightness(grade.apply(dark.copy(), 0.0)) < 0.6 * least, "crushed as it is"
    assert brightness(grade.exposed(dark, night).apply(dark.copy(), 0.0)) > 0.8 * least


def test_a_bright_scene_is_graded_as_it_is(frame):
    grade = grade_for(shot(mood=Mood.CALM), *SMALL, 3)
    assert grade.exposed(frame, shot(mood=Mood.CALM)) == grade
    assert grade_for(shot(), *SMALL, 3).exposed(frame, shot(time=Time.NIGHT)).tones == ()


def test_a_face_by_candlelight_is_seen(frame):
    dark, candle = frame.copy(), shot(light=Lighting.CANDLE)
    dark[: SMALL[1]] = BLACK + (dark[: SMALL[1]] - BLACK) * 0.2
    grade = grade_for(candle, *SMALL, 3)
    assert brightness(grade.exposed(dark, candle).apply(dark.copy(), 0.0)) > 1.5 * brightness(dark)


@pytest.mark.parametrize("style", [Style.NOIR, Style.BLACK_AND_WHITE])
def test_black_and_white_has_no_colour(frame, style):
    _, blue, red = planes(graded(frame, style=style))
    assert np.all(blue == 128)
    assert np.all(red == 128)


@pytest.mark.parametrize("named", ALL, ids=str)
def test_luma_stays_within_its_range(frame, named):
    """Grain may reach over it by a little, as sharpening does."""
    luma = planes(graded(frame, **named))[0]
    assert luma.min() >= BLACK - 16
    assert np.percentile(luma, 99) <= WHITE + 12


def test_clay_is_shot_on_twos_and_all_else_moves_with_every_frame():
    clay, other = (grade_for(shot(style=style), *SMALL, 3) for style in (Style.CLAYMATION, Style.ANIME))
    moments = [clay.moment(frame / 24) for frame in range(24)]
    assert len(set(moments)) == ON_TWOS
    assert moments[0] == moments[1] != moments[2]
    assert other.moment(0.3) == 0.3


def test_grain_and_dust_change_from_picture_to_picture_and_paper_does_not(frame):
    for style in (Style.VINTAGE, Style.NOIR):
        assert not np.array_equal(graded(frame, 1.0, style=style), graded(frame, 1.5, style=style))
    for style in (Style.WATERCOLOUR, Style.SKETCH, Style.INK_WASH):
        assert np.array_equal(graded(frame, 1.0, style=style), graded(frame, 1.5, style=style))


@pytest.mark.parametrize("size", [(832, 480), (480, 832), (624, 624)])
def test_any_shape_of_frame_can_be_graded(size):
    frame = np.random.default_rng(1).integers(16, 235, (size[1] * 3 // 2, size[0]), np.uint8)
    for style in Style:
        assert grade_for(shot(style=style), *size, 1).apply(frame.copy(), 0.5).shape == frame.shape


def test_a_mood_acts_beside_a_style(frame):
    both = graded(frame, mood=Mood.TENSE, style=Style.CINEMATIC)
    assert not np.array_equal(both, graded(frame, style=Style.CINEMATIC))
    assert not np.array_equal(both, graded(frame, mood=Mood.TENSE))
