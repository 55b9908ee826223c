"""Texts are cut, not refused, and counted in characters."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalang.errors import InvalidParameter
from dalang.task import VideoRequest
from dalang.validate import choose_model, parse_body, validate

LIMITS = {
    "wan2.7-i2v": 5000,
    "wan2.6-i2v": 1500,
    "wan2.5-i2v-preview": 1500,
    "wan2.2-i2v-plus": 800,
    "wanx2.1-i2v-turbo": 800,
    "wan2.2-kf2v-flash": 800,
    "wan2.1-kf2v-plus": 800,
}
"""Models that need no words, so that any text will do."""

FRAME = "https://example.com/cat.png"


def create(model: str, prompt: str, negative: str = "", *, ascii: bool = False) -> VideoRequest:
    frames = {"img_url": FRAME, "first_frame_url": FRAME, "media": [{"type": "first_frame", "url": FRAME}]}
    content = {"model": model, "input": {"prompt": prompt, "negative_prompt": negative, **frames}}
    body = parse_body(json.dumps(content, ensure_ascii=ascii).encode())
    return validate(choose_model(body), body, draw_seed=lambda: 7)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
"""What JSON in UTF-8 can carry: everything but single surrogates."""


@given(model=st.sampled_from(list(LIMITS)), seed=texts, extra=st.integers(-3, 3), escaped=st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_prompt_keeps_its_beginning_up_to_the_limit(model: str, seed: str, extra: int, escaped: bool) -> None:
    limit = LIMITS[model]
    prompt = (seed * (limit + 3))[: limit + extra] if seed else ""
    request = create(model, prompt, ascii=escaped)
    assert prompt.startswith(request.prompt)
    assert len(request.prompt) == min(len(prompt), limit)


@given(length=st.integers(495, 505), letter=st.characters(exclude_categories=["Cs"]))
@settings(max_examples=200, deadline=None)
def test_a_negative_prompt_is_cut_at_500(length: int, letter: str) -> None:
    assert create("wan2.6-i2v", "", letter * length).negative_prompt == letter * min(length, 500)


@given(prompt=texts)
@settings(max_examples=200, deadline=None)
def test_a_cut_request_survives_the_database(prompt: str) -> None:
    request = create("wan2.2-i2v-plus", prompt * 100)
    assert msgspec.json.decode(msgspec.json.encode(request), type=VideoRequest) == request


def test_a_cut_prompt_gives_no_warning() -> None:
    assert create("wan2.6-i2v", "x" * 9999, "y" * 9999).warnings == (
        "first_frame_url is not a parameter of wan2.6-i2v and was ignored.",
        "media is not a parameter of wan2.6-i2v and was ignored.",
    )


def test_words_after_a_thousand_blanks_are_cut_and_so_the_prompt_has_none() -> None:
    body = parse_body(json.dumps({"model": "wan2.1-t2v-plus", "input": {"prompt": " " * 800 + "a fox"}}).encode())
    with pytest.raises(InvalidParameter, match="prompt must contain words"):
        validate(choose_model(body), body, draw_seed=lambda: 7)


def test_a_million_characters_are_cut() -> None:
    assert create("wan2.6-i2v", "雪" * 1_000_000).prompt == "雪" * 1500
