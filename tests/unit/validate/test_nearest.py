"""The nearest right value of a wrong one."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalang.validate.document import replaced
from dalang.validate.nearest import near_models
from dalang.validate.report import Problem, report
from tests.fuzz.mutations import spoilt_body
from tests.unit.validate.test_walk import SENT

FRAME = "https://example.com/cat.png"


def problem(model: str, *, inputs: dict[str, Any] | None = None, **parameters: Any) -> Problem:
    """The only one."""
    frames = {"prompt": "a fox", "img_url": FRAME, "media": [{"type": "first_frame", "url": FRAME}]}
    body = {"model": model, "input": frames if inputs is None else inputs, "parameters": parameters}
    (found,) = report(json.dumps(body).encode()).problems
    return found


@pytest.mark.parametrize(
    ("model", "given", "right"),
    [
        ("wan2.5-t2v-preview", 7, (5, 10)),
        ("wan2.5-t2v-preview", 11, (10,)),
        ("wan2.5-t2v-preview", "10", (10,)),
        ("wan2.6-t2v", 1, (2,)),
        ("wan2.6-t2v", 10**30, (15,)),
        ("wan2.6-t2v", 7.2, (7, 8)),
        ("wan2.6-t2v", "7s", (7,)),
        ("wan2.6-t2v", "long", (5,)),
        ("wan2.2-t2v-plus", 8, (5,)),
    ],
)
def test_a_duration_between_two_has_both(model: str, given: object, right: tuple[int, ...]) -> None:
    assert problem(model, duration=given).nearest == right


@pytest.mark.parametrize(("given", "right"), [(10**12, 2**31 - 1), (-5, 0), (3.5, 3), ("12", 12)])
def test_a_seed_is_brought_into_its_range(given: object, right: int) -> None:
    assert problem("wan2.6-t2v", seed=given).nearest == (right,)


@pytest.mark.parametrize(
    ("model", "given", "right"),
    [
        ("wan2.6-t2v", {"size": "1280x720"}, "1280*720"),
        ("wan2.6-t2v", {"size": "1280 × 720"}, "1280*720"),
        ("wan2.6-t2v", {"size": [720, 1280]}, "720*1280"),
        ("wan2.6-t2v", {"size": "720P"}, "1280*720"),
        ("wan2.6-t2v", {"size": "9:16"}, "1080*1920"),
        ("wan2.6-t2v", {"size": "1000*1000"}, "960*960"),
        ("wan2.6-t2v", {"size": "832*480"}, "1280*720"),
        ("wan2.6-t2v", {"size": ""}, "1920*1080"),
        ("wan2.6-t2v", {"resolution": "720P"}, "1280*720"),
        ("wan2.6-t2v", {"resolution": "720p", "ratio": "3:4"}, "832*1088"),
        ("wan2.6-t2v", {"ratio": "1:1"}, "1440*1440"),
        ("wan2.2-t2v-plus", {"size": "1280*720"}, "1920*1080"),
    ],
)
def test_a_size_has_the_nearest_shape_however_it_is_written(model: str, given: dict[str, Any], right: str) -> None:
    found = problem(model, **given)
    assert (found.field, found.nearest) == ("parameters.size", (right,))


@pytest.mark.parametrize(
    ("model", "given", "right"),
    [
        ("wan2.6-i2v", {"resolution": "480P"}, "720P"),
        ("wan2.6-i2v", {"resolution": 720}, "720P"),
        ("wan2.6-i2v", {"resolution": "2160p"}, "1080P"),
        ("wan2.6-i2v", {"resolution": "high"}, "1080P"),
        ("wan2.6-i2v", {"resolution": "1280*720"}, "720P"),
        ("wan2.6-i2v", {"size": "1280*720"}, "720P"),
        ("wan2.7-t2v", {"size": "960*960"}, "720P"),
    ],
)
def test_a_tier_is_the_nearest_of_the_model(model: str, given: dict[str, Any], right: str) -> None:
    found = problem(model, **given)
    assert (found.field, found.nearest) == ("parameters.resolution", (right,))


@pytest.mark.parametrize(("given", "right"), [("16/9", "16:9"), ("9x16", "9:16"), ("5:4", "4:3"), ("tall", "16:9")])
def test_a_ratio_is_the_nearest(given: str, right: str) -> None:
    assert problem("wan2.7-t2v", ratio=given).nearest == (right,)


@pytest.mark.parametrize(
    ("field", "given", "right"),
    [
        ("shot_type", "Multi", ("multi",)),
        ("shot_type", "many", ("single", "multi")),
        ("watermark", "true", (True,)),
        ("watermark", 0, (False,)),
        ("prompt_extend", "perhaps", ()),
    ],
)
def test_words_and_flags(field: str, given: object, right: tuple[Any, ...]) -> None:
    sent: dict[str, Any] = {field: given}
    assert problem("wan2.6-t2v", **sent).nearest == right


@pytest.mark.parametrize(
    ("name", "region", "right"),
    [
        ("wan2.6-t2", "local", {"wan2.6-t2v"}),
        ("WAN2.6-T2V", "local", {"wan2.6-t2v"}),
        ("wan26-t2v", "local", {"wan2.6-t2v"}),
        ("wan2.5-i2v", "local", {"wan2.5-i2v-preview"}),
        ("wan2.6", "local", {"wan2.6-t2v", "wan2.6-i2v"}),
        ("wanx2.1-t2v-turbo", "ap-southeast-1", {"wan2.1-t2v-turbo"}),
        ("wan2.6-r2v", "local", set()),
        ("sora-2", "local", set()),
        ("", "local", set()),
        ("x" * 10**6, "local", set()),
    ],
)
def test_model_names(name: str, region: str, right: set[str]) -> None:
    assert set(near_models(name, region)) == right


def test_a_picture_in_the_field_of_another_model_is_found() -> None:
    assert problem("wan2.6-i2v", inputs={"media": [{"type": "first_frame", "url": FRAME}]}).nearest == (FRAME,)
    assert problem("wan2.2-kf2v-flash", inputs={"img_url": FRAME}).nearest == (FRAME,)
    moved = [{"type": "first_frame", "url": FRAME}]
    assert problem("wan2.7-i2v", inputs={"img_url": FRAME}).nearest == (moved,)


@pytest.mark.parametrize(
    ("types", "right"),
    [
        (["first_frame", "first_clip"], ["first_frame"]),
        (["last_frame"], ["first_frame", "last_frame"]),
        (["first_frame", "first_frame"], ["first_frame"]),
        (["first_clip", "driving_audio", "last_frame"], ["first_clip", "last_frame"]),
    ],
)
def test_a_set_of_media_is_the_nearest_allowed_one(types: list[str], right: list[str]) -> None:
    entries = [{"type": type, "url": f"https://a/{place}"} for place, type in enumerate(types)]
    (found,) = problem("wan2.7-i2v", inputs={"media": entries}).nearest
    assert [entry["type"] for entry in found] == right
    assert found[0]["url"] in ("https://a/0", "https://…"), "the first of a type is kept"


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("iVBORw0KGgoAAAANSUhEUgAA", ("data:image/png;base64,iVBORw0KGgoAAAAN…",)),
        ("/9j/4AAQSkZJRgABAQAAAQ", ("data:image/jpeg;base64,/9j/4AAQSkZJRgAB…",)),
        ("www.example.com/cat.png", ("https://www.example.com/cat.png",)),
        ("./cat.png", ()),
        ("ftp://a/b", ()),
    ],
)
def test_an_address_that_was_nearly_one(url: str, right: tuple[str, ...]) -> None:
    assert problem("wan2.6-i2v", inputs={"img_url": url}).nearest == right


@given(seed=st.integers(0, 2**32), one=st.sampled_from(SENT), other=st.sampled_from(SENT))
@settings(max_examples=300, deadline=None)
def test_what_is_said_to_be_right_of_a_parameter_is_right(seed: int, one: bytes, other: bytes) -> None:
    raw = spoilt_body(Random(seed), one, other)
    found = report(raw)
    for its in found.problems:
        if its.field and its.field.startswith("parameters.") and found.problems[0].field != "model":
            for value in its.nearest:
                mended = report(replaced(raw, its.field, json.dumps(value).encode()))
                assert its.field not in [left.field for left in mended.problems]
