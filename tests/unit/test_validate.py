"""Every served model against every boundary of size, resolution, duration, prompt, seed and image; and hostile bodies.

The single rules and their sentences are golden files under tests/wire/create/.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from dalang.errors import InvalidImage, InvalidParameter, ProtocolError
from dalang.task import VideoRequest
from dalang.validate import CreateBody, Input, Parameters, parse_body, validate

URL = "https://example.com/cat.png"

MB = 1024 * 1024

# name: tiers, seconds, characters of prompt, of image MB
TEXT = {
    "wan2.6-t2v": ("720P 1080P", range(2, 16), 1500),
    "wan2.6-t2v-us": ("720P 1080P", (5, 10, 15), 1500),
    "wan2.5-t2v-preview": ("480P 720P 1080P", (5, 10), 1500),
    "wan2.2-t2v-plus": ("480P 1080P", (5,), 800),
    "wan2.1-t2v-turbo": ("480P 720P", (5,), 800),
    "wan2.1-t2v-plus": ("720P", (5,), 800),
    "wanx2.1-t2v-turbo": ("480P 720P", (5,), 800),
    "wanx2.1-t2v-plus": ("720P", (5,), 800),
}
IMAGE = {
    "wan2.6-i2v-flash": ("720P 1080P", range(2, 16), 1500, 20),
    "wan2.6-i2v": ("720P 1080P", range(2, 16), 1500, 20),
    "wan2.6-i2v-us": ("720P 1080P", (5, 10, 15), 1500, 20),
    "wan2.5-i2v-preview": ("480P 720P 1080P", (5, 10), 1500, 20),
    "wan2.2-i2v-flash": ("480P 720P 1080P", (5,), 800, 10),
    "wan2.2-i2v-plus": ("480P 1080P", (5,), 800, 10),
    "wan2.1-i2v-turbo": ("480P 720P", (3, 4, 5), 800, 10),
    "wan2.1-i2v-plus": ("720P", (5,), 800, 10),
    "wanx2.1-i2v-turbo": ("480P 720P", (3, 4, 5), 800, 10),
    "wanx2.1-i2v-plus": ("720P", (5,), 800, 10),
}
SIZES = {
    "480P": ["832*480", "480*832", "624*624"],
    "720P": ["1280*720", "720*1280", "960*960", "1088*832", "832*1088"],
    "1080P": ["1920*1080", "1080*1920", "1440*1440", "1632*1248", "1248*1632"],
}
SECONDS = {name: row[1] for name, row in (TEXT | IMAGE).items()}
PROMPT_LIMIT = {name: row[2] for name, row in (TEXT | IMAGE).items()}


def create(model: str, *, prompt: str = "a fox", image: str = URL, **parameters: Any) -> VideoRequest:
    given = Input(prompt=prompt) if model in TEXT else Input(prompt=prompt, img_url=image)
    return validate(CreateBody(model, given, Parameters(**parameters)), draw_seed=lambda: 7)


@pytest.mark.parametrize("tier", SIZES)
@pytest.mark.parametrize("model", TEXT)
def test_text_models_take_exactly_the_sizes_of_their_tiers(model: str, tier: str) -> None:
    for name in SIZES[tier]:
        if tier in TEXT[model][0].split():
            request = create(model, size=name)
            assert (request.tier, request.size) == (tier, tuple(map(int, name.split("*"))))
        else:
            with pytest.raises(InvalidParameter, match=r"^size must be in "):
                create(model, size=name)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("step", [-1, 1])
@pytest.mark.parametrize("model", TEXT)
def test_a_size_one_pixel_off_is_refused_with_the_list_of_the_model(model: str, step: int, side: int) -> None:
    allowed = [name for tier in TEXT[model][0].split() for name in SIZES[tier]]
    sides = list(map(int, allowed[0].split("*")))
    sides[side] += step
    with pytest.raises(InvalidParameter) as refused:
        create(model, size="*".join(map(str, sides)))
    assert refused.value.message == "size must be in " + ",".join(allowed)


@pytest.mark.parametrize("tier", ["360P", "480P", "720P", "1080P", "2160P"])
@pytest.mark.parametrize("model", IMAGE)
def test_image_models_take_exactly_their_tiers(model: str, tier: str) -> None:
    if tier in IMAGE[model][0].split():
        request = create(model, resolution=tier)
        assert (request.tier, request.size) == (tier, None)
    else:
        with pytest.raises(InvalidParameter, match=r"^resolution must be in "):
            create(model, resolution=tier)


@pytest.mark.parametrize("seconds", [-5, 0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 14, 15, 16, 10**9])
@pytest.mark.parametrize("model", SECONDS)
def test_models_take_exactly_their_durations(model: str, seconds: int) -> None:
    if seconds in SECONDS[model]:
        assert create(model, duration=seconds).duration == seconds
    else:
        with pytest.raises(InvalidParameter, match=r"(?i)duration"):
            create(model, duration=seconds)


@pytest.mark.parametrize("model", SECONDS)
def test_without_a_duration_a_video_lasts_five_seconds(model: str) -> None:
    assert create(model).duration == 5


@pytest.mark.parametrize("letter", ["a", "雪", "🦊", "é"])
@pytest.mark.parametrize("model", PROMPT_LIMIT)
def test_prompts_are_cut_at_the_limit_in_characters(model: str, letter: str) -> None:
    limit = PROMPT_LIMIT[model]
    assert create(model, prompt=letter * (limit - 1)).prompt == letter * (limit - 1)
    assert create(model, prompt=letter * limit).prompt == letter * limit
    cut = create(model, prompt=letter * limit + "z")
    assert (cut.prompt, cut.warnings) == (letter * limit, ())


def test_words_after_a_thousand_blanks_are_cut_and_so_the_prompt_has_none() -> None:
    with pytest.raises(InvalidParameter, match="prompt must contain words"):
        create("wan2.1-t2v-plus", prompt=" " * 800 + "a fox")


@pytest.mark.parametrize("model", IMAGE)
def test_a_data_url_may_hold_as_many_bytes_as_the_family_takes(model: str) -> None:
    limit = IMAGE[model][3] * MB
    below, at, above = (data_url(size) for size in (limit - 1, limit, limit + 1))
    assert create(model, image=below).image == below
    assert create(model, image=at).image == at
    with pytest.raises(InvalidImage) as refused:
        create(model, image=above)
    assert refused.value.code == "InvalidImage.ImageSize"
    assert f"{IMAGE[model][3]} MB" in refused.value.message


def data_url(size: int) -> str:
    """A data URL of `size` zero bytes, as base64 writes them."""
    return "data:image/png;base64," + "AAAA" * (size // 3) + ("", "AA==", "AAA=")[size % 3]


def test_the_image_is_handed_on_without_a_copy() -> None:
    url = data_url(1000)
    assert create("wan2.6-i2v", image=url).image is url


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 2, 2**31 - 1])
def test_a_seed_that_was_sent_is_kept_and_none_is_drawn(seed: int) -> None:
    body = CreateBody("wan2.6-t2v", Input(prompt="a fox"), Parameters(seed=seed))
    assert validate(body, draw_seed=pytest.fail).seed == seed


def test_without_a_seed_one_is_drawn() -> None:
    assert create("wan2.6-t2v").seed == 7


def test_a_million_characters_are_cut() -> None:
    raw = json.dumps({"model": "wan2.6-t2v", "input": {"prompt": "雪" * 1_000_000}}).encode()
    assert validate(parse_body(raw), draw_seed=lambda: 7).prompt == "雪" * 1500


@pytest.mark.parametrize(
    "raw",
    [
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\xff"}}',
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\xed\xa0\x80"}}',
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\\ud800"}}',
        b'\xef\xbb\xbf{"model": "wan2.6-t2v", "input": {"prompt": "a fox"}}',
        b'{"model": "wan2.6-t2v", "input": {"media": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ],
    ids=["not UTF-8", "surrogate in UTF-8", "half a surrogate pair", "byte order mark", "nested too deeply"],
)
def test_a_body_that_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameter, match=r"^Required body invalid, please check the request body format"):
        parse_body(raw)


ORDINARY = {
    "model": "wan2.6-i2v",
    "input": {"prompt": "雪 a fox", "img_url": URL, "negative_prompt": "x", "audio_url": URL, "template": ""},
    "parameters": {"resolution": "720P", "size": "1*1", "duration": 5, "seed": 3, "audio": True, "shot_type": "multi"},
}


def test_mutated_bodies_are_taken_or_refused_and_nothing_else() -> None:
    dice = random.Random(20)
    raw = json.dumps(ORDINARY, ensure_ascii=False).encode()
    answers = [answer(mutated(raw, dice)) for _ in range(5000)]
    assert all(is_an_answer(each) for each in answers)
    assert answers.count("taken") > 100
    assert len(set(answers)) > 5, "the mutations reach several different refusals"


@pytest.mark.parametrize("value", [None, True, False, 0, -1, 10**30, 1.5, 1e308, "", "5", [], ["5"], {}, {"a": {}}])
@pytest.mark.parametrize("place", ["input", "parameters"])
def test_any_value_in_any_place_is_taken_or_refused(place: str, value: object) -> None:
    body: dict[str, Any] = ORDINARY | {place: value}
    assert is_an_answer(answer(json.dumps(body).encode()))
    for key in ORDINARY[place]:
        body = ORDINARY | {place: {**ORDINARY[place], key: value}}  # type: ignore[dict-item]
        assert is_an_answer(answer(json.dumps(body).encode()))


def mutated(raw: bytes, dice: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(changed))
        changed[start : start + dice.choice([0, 1, 1, 1, 8])] = dice.choice(
            [b"", b"0", b'"', b"\\", b"null", b"{", b"]", b"-", b"e9", bytes([dice.randrange(256)])]
        )
    return bytes(changed)


def answer(raw: bytes) -> str:
    try:
        validate(parse_body(raw), draw_seed=lambda: 7)
    except ProtocolError as refused:
        return f"{refused.status} {refused.code} {refused.message[:20]}"
    return "taken"


def is_an_answer(text: str) -> bool:
    return text == "taken" or text.startswith(("400 InvalidParameter ", "400 BadRequest.", "400 InvalidURL "))
