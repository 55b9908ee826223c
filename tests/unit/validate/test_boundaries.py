"""Every model against every boundary (below, at, above) of what it takes.

The table repeats the official pages in their own form, not the catalogue. The single rules and their sentences are
golden files under tests/wire/create/.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from dalang.errors import InvalidFile, InvalidImage, InvalidParameter
from dalang.task import VideoRequest
from dalang.validate import (
    CreateBody,
    Input,
    MediaEntry,
    MediaList,
    Parameters,
    choose_model,
    is_drawable,
    placeholder,
    validate,
)

URL = "https://example.com/cat.png"

MB = 1024 * 1024


class Row(NamedTuple):
    """A line of the pages: tiers, seconds, characters of prompt, MB of image, sound."""

    tiers: str
    seconds: str
    prompt: int
    image: int
    sound: str


TEXT = {
    "wan2.6-t2v": Row("720P 1080P", "2-15", 1500, 0, "sound"),
    "wan2.6-t2v-us": Row("720P 1080P", "5 10 15", 1500, 0, "sound"),
    "wan2.5-t2v-preview": Row("480P 720P 1080P", "5 10", 1500, 0, "sound"),
    "wan2.2-t2v-plus": Row("480P 1080P", "5", 800, 0, "silent"),
    "wan2.1-t2v-turbo": Row("480P 720P", "5", 800, 0, "silent"),
    "wan2.1-t2v-plus": Row("720P", "5", 800, 0, "silent"),
    "wanx2.1-t2v-turbo": Row("480P 720P", "5", 800, 0, "silent"),
    "wanx2.1-t2v-plus": Row("720P", "5", 800, 0, "silent"),
}
RATIO = {
    "wan2.7-t2v": Row("720P 1080P", "2-15", 5000, 0, "sound"),
    "wan2.7-t2v-2026-04-25": Row("720P 1080P", "2-15", 5000, 0, "sound"),
    "wan2.7-t2v-2026-06-12": Row("720P 1080P", "2-15", 5000, 0, "sound"),
}
IMAGE = {
    "wan2.6-i2v-flash": Row("720P 1080P", "2-15", 1500, 20, "choice"),
    "wan2.6-i2v": Row("720P 1080P", "2-15", 1500, 20, "sound"),
    "wan2.6-i2v-us": Row("720P 1080P", "5 10 15", 1500, 20, "sound"),
    "wan2.5-i2v-preview": Row("480P 720P 1080P", "5 10", 1500, 20, "sound"),
    "wan2.2-i2v-flash": Row("480P 720P 1080P", "5", 800, 10, "silent"),
    "wan2.2-i2v-plus": Row("480P 1080P", "5", 800, 10, "silent"),
    "wan2.1-i2v-turbo": Row("480P 720P", "3-5", 800, 10, "silent"),
    "wan2.1-i2v-plus": Row("720P", "5", 800, 10, "silent"),
    "wanx2.1-i2v-turbo": Row("480P 720P", "3-5", 800, 10, "silent"),
    "wanx2.1-i2v-plus": Row("720P", "5", 800, 10, "silent"),
}
MEDIA = {"wan2.7-i2v": Row("720P 1080P", "2-15", 5000, 20, "sound")}
FRAMES = {
    "wan2.2-kf2v-flash": Row("480P 720P 1080P", "5", 800, 10, "silent"),
    "wan2.1-kf2v-plus": Row("720P", "5", 800, 10, "silent"),
    "wanx2.1-kf2v-plus": Row("720P", "5", 800, 10, "silent"),
}
PICTURED = IMAGE | MEDIA | FRAMES
ROWS = TEXT | RATIO | PICTURED

SIZES = {
    "480P": ["832*480", "480*832", "624*624"],
    "720P": ["1280*720", "720*1280", "960*960", "1088*832", "832*1088"],
    "1080P": ["1920*1080", "1080*1920", "1440*1440", "1632*1248", "1248*1632"],
}
ASPECTS = ["16:9", "9:16", "1:1", "4:3", "3:4"]


def given(model: str, image: str = URL, **fields: Any) -> Input:
    """The least that a model needs, and `fields`."""
    if model in MEDIA:
        return Input(**{"prompt": "a fox", "media": MediaList(MediaEntry("first_frame", image)), **fields})
    name = "first_frame_url" if model in FRAMES else "img_url"
    return Input(**{"prompt": "a fox", **({name: image} if model in PICTURED else {}), **fields})


def made(model: str, inputs: Input, **parameters: Any) -> VideoRequest:
    body = CreateBody(model, inputs, Parameters(**parameters))
    return validate(choose_model(body), body, draw_seed=lambda: 7)


def create(model: str, **parameters: Any) -> VideoRequest:
    return made(model, given(model), **parameters)


def data_url(size: int, media_type: str = "image/png") -> str:
    """A data URL of `size` zero bytes, as base64 writes them."""
    return f"data:{media_type};base64," + "AAAA" * (size // 3) + ("", "AA==", "AAA=")[size % 3]


@pytest.mark.parametrize("tier", SIZES)
@pytest.mark.parametrize("model", TEXT)
def test_text_models_take_exactly_the_sizes_of_their_tiers(model: str, tier: str) -> None:
    for name in SIZES[tier]:
        if tier in TEXT[model].tiers.split():
            request = create(model, size=name)
            assert (request.tier, request.size) == (tier, tuple(map(int, name.split("*"))))
        else:
            with pytest.raises(InvalidParameter, match=r"^size must be in "):
                create(model, size=name)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("step", [-1, 1])
@pytest.mark.parametrize("model", TEXT)
def test_a_size_one_pixel_off_is_refused_with_the_list_of_the_model(model: str, step: int, side: int) -> None:
    allowed = [name for tier in TEXT[model].tiers.split() for name in SIZES[tier]]
    sides = list(map(int, allowed[0].split("*")))
    sides[side] += step
    with pytest.raises(InvalidParameter) as refused:
        create(model, size="*".join(map(str, sides)))
    assert refused.value.message == "size must be in " + ",".join(allowed)


@pytest.mark.parametrize("tier", ["360P", "480P", "720P", "1080P", "2160P"])
@pytest.mark.parametrize("model", PICTURED)
def test_models_with_a_picture_take_exactly_their_tiers(model: str, tier: str) -> None:
    if tier in PICTURED[model].tiers.split():
        request = create(model, resolution=tier)
        assert (request.tier, request.size) == (tier, None)
    else:
        with pytest.raises(InvalidParameter, match=r"^(resolution must be in |Input should be '1080P' or '720P')"):
            create(model, resolution=tier)


@pytest.mark.parametrize("ratio", [*ASPECTS, "16:10", "9:21", "16*9", ""])
@pytest.mark.parametrize("tier", ["480P", "720P", "1080P", "1440P"])
@pytest.mark.parametrize("model", RATIO)
def test_resolution_and_ratio_give_the_size_of_the_same_name(model: str, tier: str, ratio: str) -> None:
    if tier in RATIO[model].tiers.split() and ratio in ASPECTS:
        size = SIZES[tier][ASPECTS.index(ratio)]
        request = create(model, resolution=tier, ratio=ratio)
        assert (request.tier, request.size) == (tier, tuple(map(int, size.split("*"))))
    else:
        with pytest.raises(InvalidParameter, match=r"^Input should be '"):
            create(model, resolution=tier, ratio=ratio)


@pytest.mark.parametrize("seconds", [-5, 0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 14, 15, 16, 10**9, 4.999])
@pytest.mark.parametrize("model", ROWS)
def test_models_take_exactly_their_durations(model: str, seconds: float) -> None:
    if seconds in durations(model):
        assert create(model, duration=seconds).duration == seconds
    else:
        with pytest.raises(InvalidParameter, match=r"(?i)duration"):
            create(model, duration=seconds)


def durations(model: str) -> list[int]:
    first, dash, last = ROWS[model].seconds.partition("-")
    return list(range(int(first), int(last) + 1)) if dash else list(map(int, ROWS[model].seconds.split()))


@pytest.mark.parametrize("model", ROWS)
def test_without_a_duration_a_video_lasts_five_seconds(model: str) -> None:
    assert create(model).duration == 5


@pytest.mark.parametrize("seed", [-(2**63), -1, 0, 1, 2**31 - 2, 2**31 - 1, 2**31, 2**64, 0.5, 1e300])
def test_seeds_run_from_0_to_2147483647(seed: float) -> None:
    if seed in (0, 1, 2147483646, 2147483647):
        assert create("wan2.6-t2v", seed=seed).seed == seed
    else:
        with pytest.raises(InvalidParameter, match=r"^seed must be between 0 and 2147483647"):
            create("wan2.6-t2v", seed=seed)


def test_a_seed_is_drawn_only_if_none_was_sent() -> None:
    body = CreateBody("wan2.6-t2v", Input(prompt="a fox"), Parameters(seed=0))
    assert validate(choose_model(body), body, draw_seed=pytest.fail).seed == 0
    assert create("wan2.6-t2v").seed == 7


@pytest.mark.parametrize("model", PICTURED)
def test_a_data_url_may_hold_as_many_bytes_as_the_family_takes(model: str) -> None:
    limit = PICTURED[model].image * MB
    for image in (data_url(limit - 1), data_url(limit)):
        assert made(model, given(model, image)).image is image, "handed on without a copy"
    with pytest.raises(InvalidImage) as refused:
        made(model, given(model, data_url(limit + 1)))
    assert refused.value.code == "InvalidImage.ImageSize"
    assert f"{PICTURED[model].image} MB" in refused.value.message


@pytest.mark.parametrize("model", ["wan2.6-t2v", "wan2.5-i2v-preview", "wan2.7-t2v"])
def test_a_sound_as_data_url_may_have_15_mb(model: str) -> None:
    for sound in (data_url(15 * MB - 1, "audio/wav"), data_url(15 * MB, "audio/wav")):
        assert made(model, given(model, audio_url=sound)).audio is sound
    with pytest.raises(InvalidFile) as refused:
        made(model, given(model, audio_url=data_url(15 * MB + 1, "audio/wav")))
    assert (refused.value.code, refused.value.status) == ("InvalidFile.Size", 400)


@pytest.mark.parametrize("scheme", ["http://a.b/", "https://a.b/", "oss://"])
def test_an_address_has_8192_characters_at_most(scheme: str) -> None:
    longest = scheme + "x" * (8192 - len(scheme))
    assert made("wan2.6-i2v", given("wan2.6-i2v", longest)).image == longest
    with pytest.raises(Exception, match="at most 8192 characters"):
        made("wan2.6-i2v", given("wan2.6-i2v", longest + "x"))


@pytest.mark.parametrize("audio", [None, True, False])
@pytest.mark.parametrize("model", ROWS)
def test_sound_follows_the_model_and_only_flash_can_be_silenced(model: str, audio: bool | None) -> None:
    request = create(model, audio=audio)
    rule = ROWS[model].sound
    assert request.sound is (rule == "sound" or (rule == "choice" and audio is not False))
    asked_in_vain = audio is not None and audio != request.sound
    assert request.warnings == ((f"audio is not a parameter of {model} and was ignored.",) if asked_in_vain else ())


@pytest.mark.parametrize("extend", [None, True, False])
@pytest.mark.parametrize("shot_type", [None, "single", "multi"])
@pytest.mark.parametrize("model", ROWS)
def test_shot_type_acts_on_wan26_with_prompt_extend_only(
    model: str, shot_type: str | None, extend: bool | None
) -> None:
    request = create(model, shot_type=shot_type, prompt_extend=extend)
    acts = "wan2.6" in model and extend is not False
    assert request.shots == ((shot_type or "single") if acts else None)
    assert request.prompt_extend is (extend is not False)
    assert any("shot_type" in warning for warning in request.warnings) is (shot_type is not None and not acts)


@pytest.mark.parametrize("model", ROWS)
def test_a_task_that_was_refused_is_shown_with_defaults(model: str) -> None:
    nothing = CreateBody(model, Input(prompt="雪" * 6000, template="x"), Parameters(size="1*1", duration=99, seed=3.5))
    shown = placeholder(choose_model(nothing), nothing, draw_seed=lambda: 7)
    assert (shown.model, shown.duration, shown.seed) == (model, 5, 7)
    assert shown.prompt == "雪" * ROWS[model].prompt
    assert not is_drawable(shown)
    assert is_drawable(create(model))


@pytest.mark.parametrize(
    ("sent", "shown"), [(12, 12), (12.0, 12), (-1, 7), (2**31, 7), (0.5, 7), (None, 7), (1e300, 7)]
)
def test_a_refused_task_shows_the_seed_that_was_sent_if_it_is_one(sent: float | None, shown: int) -> None:
    body = CreateBody("wan2.6-t2v", None, Parameters(seed=sent))
    spec = choose_model(CreateBody("wan2.6-t2v", Input()))
    assert placeholder(spec, body, draw_seed=lambda: 7).seed == shown
