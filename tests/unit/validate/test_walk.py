"""A walk through all rules says of a call what create says, and then the rest."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalang.errors import ProtocolError
from dalang.fetch import parse_data_url
from dalang.models import MODELS
from dalang.task import MEDIA, VideoRequest
from dalang.validate import choose_model, parse_body, validate
from dalang.validate.report import report
from dalang.validate.walk import UNDRAWN
from tests.fuzz.mutations import spoilt_body

GOLDEN = sorted((Path(__file__).parents[2] / "wire" / "create").glob("*.json"))

SENT = [json.dumps(case["body"]).encode() for path in GOLDEN if "body" in (case := json.loads(path.read_text("utf-8")))]

FOX: dict[str, Any] = {"model": "wan2.6-t2v", "input": {"prompt": "a fox"}}


def created(raw: bytes) -> VideoRequest | tuple[str, str]:
    """What create makes of it: a request, or a code and a sentence."""
    try:
        body = parse_body(raw)
        asked = validate(choose_model(body), body, draw_seed=lambda: UNDRAWN)
        for role in MEDIA:
            if (getattr(asked, role) or "").startswith("data:"):
                parse_data_url(getattr(asked, role))
    except ProtocolError as refusal:
        return refusal.code, refusal.message
    return asked


def looked_at(raw: bytes) -> VideoRequest | tuple[str, str] | None:
    found = report(raw)
    assert (found.request is None) is bool(found.problems)
    return (found.problems[0].code, found.problems[0].message) if found.problems else found.request


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_first_problem_is_what_create_answers_and_without_one_the_request_is_the_same(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    raw = case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()
    assert looked_at(raw) == created(raw)


@given(seed=st.integers(0, 2**32), one=st.sampled_from(SENT), other=st.sampled_from(SENT))
@settings(max_examples=600, deadline=None)
def test_of_any_body_the_first_problem_is_what_create_answers(seed: int, one: bytes, other: bytes) -> None:
    raw = spoilt_body(Random(seed), one, other)
    assert looked_at(raw) == created(raw)


@given(seed=st.integers(0, 2**32), one=st.sampled_from(SENT), other=st.sampled_from(SENT))
@settings(max_examples=200, deadline=None)
def test_no_field_has_two_problems(seed: int, one: bytes, other: bytes) -> None:
    fields = [problem.field for problem in report(spoilt_body(Random(seed), one, other)).problems]
    assert len(set(fields)) == len(fields)


def fields(body: object) -> list[str | None]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [problem.field for problem in report(raw).problems]


def test_every_broken_rule_is_told_in_the_order_of_create() -> None:
    body = {
        "model": "wan2.6-i2v-flash",
        "input": {"template": "hug", "img_url": "ftp://a/b", "audio_url": "cat"},
        "parameters": {"shot_type": "many", "resolution": "480P", "seed": -1, "duration": 99},
    }
    rules = ["input.template", "parameters.shot_type", "parameters.resolution", "input.img_url", "input.audio_url"]
    assert fields(body) == [*rules, "parameters.seed", "parameters.duration"]


def test_every_field_of_a_wrong_type_is_told_before_the_rules() -> None:
    body = {"model": "wan2.6-t2v", "input": {"prompt": 5, "audio_url": []}, "parameters": {"audio": 1, "duration": 99}}
    assert fields(body) == ["input.prompt", "input.audio_url", "parameters.audio", "parameters.duration"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"model": "wan2.6-t2v", "input": "a fox"}, ["input"]),
        ({"model": 5, "input": {}}, ["model"]),
        ({"model": "wan2.7-i2v", "input": {"media": [5]}}, ["input.media.0"]),
        ({"model": "wan2.7-i2v", "input": {"media": [{}] * 9}}, ["input.media"]),
        ({"model": "wan2.7-i2v", "input": {"media": [{"type": "x", "url": "https://a/b"}]}}, ["input.media.0.type"]),
        ({"model": "wan2.7-i2v", "input": {"media": [{}]}}, ["input.media.0.type", "input.media.0.url"]),
        ({"model": "wan2.6-i2v", "input": {"img_url": 5}}, ["input.img_url"]),
    ],
)
def test_what_only_follows_from_another_problem_is_not_told(body: object, told: list[str]) -> None:
    assert fields(body) == told


def test_a_text_that_breaks_off_is_told_after_the_wrong_types_before() -> None:
    assert fields(b'{"model": 5, "input": {') == ["model", None]


@pytest.mark.parametrize("raw", [b"", b"[]", b"5", b'"a"', b"null", b'{"a": ' + b"[" * 10**5, b'{"model": "\xff"}'])
def test_of_what_is_no_json_object_one_problem_is_told(raw: bytes) -> None:
    assert fields(raw) == [None]


def test_the_rules_of_the_model_that_must_be_meant_are_walked() -> None:
    assert fields({"model": "wan2.5-t2v", "input": {"prompt": "x"}, "parameters": {"duration": 7}}) == [
        "model",
        "parameters.duration",
    ]
    assert fields({"model": "wan2.6", "input": {"prompt": "x"}, "parameters": {"duration": 7.5}}) == ["model"], (
        "it may be text to video or image to video"
    )


def test_data_urls_are_decoded_as_at_create_unless_they_are_ignored() -> None:
    broken = "data:audio/wav;base64,AA"
    body = {"model": "wan2.6-i2v-flash", "input": {"img_url": "https://a/b", "audio_url": broken}}
    assert fields(body) == ["input.audio_url"]
    assert fields({**body, "parameters": {"audio": False}}) == []


@pytest.mark.parametrize("model", MODELS)
def test_what_must_not_be_used_there_is_a_problem_of_the_model(model: str) -> None:
    def never(spec: object) -> None:
        raise ProtocolError("No.", code="Model.AccessDenied").at("model")

    raw = msgspec.json.encode({"model": model, "input": {}, "parameters": {"seed": -1}})
    told = [problem.field for problem in report(raw, check_model=never).problems]
    assert (told[0], told[-1]) == ("model", "parameters.seed")
