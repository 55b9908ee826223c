"""Hostile bodies: every one is taken or refused with a documented code, and nothing else happens."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from dalang.errors import InvalidParameter, ProtocolError
from dalang.validate import choose_model, parse_body, placeholder, validate

URL = "https://example.com/cat.png"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\xff"}}',
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\xed\xa0\x80"}}',
        b'{"model": "wan2.6-t2v", "input": {"prompt": "\\ud800"}}',
        b'\xef\xbb\xbf{"model": "wan2.6-t2v", "input": {"prompt": "a fox"}}',
        b'{"model": "wan2.6-t2v", "input": {"depth": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ],
    ids=["not UTF-8", "surrogate in UTF-8", "half a surrogate pair", "byte order mark", "nested too deeply"],
)
def test_a_body_that_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameter, match=r"^Required body invalid, please check the request body format"):
        parse_body(raw)


FRAME = {"type": "first_frame", "url": URL}

ORDINARY = {
    "model": "wan2.6-i2v",
    "input": {
        "prompt": "雪 a fox",
        "img_url": URL,
        "negative_prompt": "x",
        "audio_url": URL,
        "template": "",
        "media": [FRAME],
        "head_frame": URL,
    },
    "parameters": {
        "resolution": "720P",
        "size": "1*1",
        "ratio": "1:1",
        "duration": 5,
        "seed": 3,
        "audio": True,
        "shot_type": "multi",
    },
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
    for model in ("wan2.6-i2v", "wan2.6-t2v", "wan2.7-i2v", "wan2.7-t2v", "wan2.2-kf2v-flash"):
        for key in ORDINARY[place]:
            body = ORDINARY | {"model": model, place: {**ORDINARY[place], key: value}}  # type: ignore[dict-item]
            assert is_an_answer(answer(json.dumps(body).encode()))


@pytest.mark.parametrize(
    "entry", [None, 1, "x", [], {}, {"type": 1}, {"type": None}, {"url": {}}, {"type": "first_clip"}]
)
def test_any_entry_in_media_is_taken_or_refused(entry: object) -> None:
    body = ORDINARY | {"model": "wan2.7-i2v", "input": {"media": [FRAME, entry]}}
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
        body = parse_body(raw)
        spec = choose_model(body)
        placeholder(spec, body, draw_seed=lambda: 7)
        validate(spec, body, draw_seed=lambda: 7)
    except ProtocolError as refused:
        return f"{refused.status} {refused.code} {refused.message[:20]}"
    return "taken"


def is_an_answer(text: str) -> bool:
    return text == "taken" or text.startswith(("400 InvalidParameter ", "400 BadRequest.", "400 InvalidURL "))
