"""A negative prompt excludes what it names, in three languages, and nothing by words on quality."""

from __future__ import annotations

import pytest

from dalang.scene.plan import Camera, Effect, Place, Thing, Time, Weather
from dalang.scene.subjects import SUBJECTS
from dalang.scene.unwanted import NOTHING, unwanted

BOILERPLATE = (
    "",
    "low resolution, error, worst quality, low quality, disfigured, extra fingers, bad proportions",
    "blurry, low quality, deformed hands, watermark, text, logo, signature, jpeg artifacts, ugly, bad anatomy",
    "Bright tones, overexposed, static, blurred details, subtitles, style, works, paintings, images, static, overall "
    "gray, worst quality, low quality, JPEG compression residue, ugly, incomplete, extra fingers, poorly drawn hands, "
    "poorly drawn faces, deformed, disfigured, misshapen limbs, fused fingers, still picture, messy background, three "
    "legs, many people in the background, walking backwards",
    "色调艳丽，过曝，静态，细节模糊不清，字幕，风格，作品，画作，画面，静止，整体发灰，最差质量，低质量，JPEG压缩残留，丑陋的，"
    "残缺的，多余的手指，画得不好的手部，画得不好的脸部，畸形的，毁容的，形态畸形的肢体，手指融合，静止不动的画面，杂乱的背景，"
    "三条腿，背景人很多，倒着走",
    "buram, kualitas rendah, jari berlebih, tanda air, teks, wajah jelek, orang jelek",
    "blurry trees, distorted buildings, too many flowers, clouds in the background, 模糊的树, 背景里的花",
    "depth of field, motion blur, lens flare, camera shake",
    "extra cats, deformed cat, cat food, red car on the moon-walk, two suns",
)


@pytest.mark.parametrize("negative", BOILERPLATE[:-1])
def test_words_on_quality_exclude_nothing(negative: str) -> None:
    assert unwanted(negative) == NOTHING


def test_an_attribute_or_a_fault_does_not_exclude_the_subject_itself() -> None:
    assert unwanted(BOILERPLATE[-1]).subjects == frozenset()


THINGS = (
    ("flowers", Thing.FLOWERS),
    ("No flowers.", Thing.FLOWERS),
    ("I don't want any flowers in the scene", Thing.FLOWERS),
    ("(flowers:1.3)", Thing.FLOWERS),
    ("lots of wildflowers", Thing.FLOWERS),
    ("花", Thing.FLOWERS),
    ("不要出现鲜花", Thing.FLOWERS),
    ("bunga-bunga", Thing.FLOWERS),
    ("tanpa bunga di padang", Thing.FLOWERS),
    ("blurry, trees", Thing.TREES),
    ("树木", Thing.TREES),
    ("pohon", Thing.TREES),
    ("white clouds", Thing.CLOUDS),
    ("云", Thing.CLOUDS),
    ("buildings", Thing.BUILDINGS),
    ("street lights", Thing.LAMPS),
)


@pytest.mark.parametrize(("negative", "thing"), THINGS, ids=[text for text, _ in THINGS])
def test_a_thing_is_excluded_and_only_it(negative: str, thing: Thing) -> None:
    assert unwanted(negative).things == {thing}


def test_several_things_stand_apart_by_commas_and_by_and_or() -> None:
    wanted = {Thing.FLOWERS, Thing.TREES, Thing.CLOUDS}
    for negative in ("flowers, trees, clouds", "flowers and trees or clouds", "花、树和云", "bunga, pohon dan awan"):
        assert unwanted(negative).things == wanted, negative


def test_a_word_for_many_excludes_them_all() -> None:
    assert {"man", "woman", "boy", "cyclist", "dancer"} <= unwanted("people").subjects == unwanted("人").subjects
    assert {"car", "taxi"} <= unwanted("cars").subjects
    assert {"dove", "eagle", "penguin"} <= unwanted("birds").subjects
    assert len(unwanted("animals").subjects) >= 25


def test_every_subject_is_excluded_by_its_own_words() -> None:
    for subject in SUBJECTS.values():
        for word in subject.words:
            assert unwanted(f"no {word}").subjects, word


def test_weather_times_places_and_cameras() -> None:
    wet = {Weather.RAIN, Weather.STORM}
    assert unwanted("heavy rain").weathers == unwanted("下雨").weathers == unwanted("hujan").weathers == wet
    assert unwanted("storm").weathers == unwanted("暴风雨").weathers == unwanted("badai").weathers == {Weather.STORM}
    assert unwanted("fog").weathers == unwanted("浓雾").weathers == unwanted("kabut").weathers == {Weather.FOG}
    assert unwanted("night").times == unwanted("夜晚").times == unwanted("malam").times == {Time.NIGHT}
    assert unwanted("beach").places == unwanted("沙滩").places == unwanted("pantai").places == {Place.SEA, Place.BEACH}
    assert unwanted("zoom").cameras == {Camera.DOLLY_IN, Camera.DOLLY_OUT}
    assert unwanted("camera movement").cameras == set(Camera) - {Camera.STATIC}
    assert unwanted("snow") == unwanted("雪")
    assert (unwanted("snow").weathers, unwanted("snow").places) == ({Weather.SNOW}, {Place.SNOW})


def test_odd_text_is_read_without_complaint() -> None:
    for negative in ("\x00 ''' \"((( of of - -- 和和 的的 " * 20, "，，，", "-", "of", "🐈" * 300, "不要"):
        assert unwanted(negative) == NOTHING


def test_effects_and_what_is_heard() -> None:
    assert unwanted("smoke").effects == unwanted("烟雾").effects == unwanted("asap").effects == {Effect.SMOKE}
    assert unwanted("no music").heard == unwanted("配乐").heard == unwanted("tanpa musik").heard == {"music"}
