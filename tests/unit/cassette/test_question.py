"""Which requests mean the same, and how it is told in what two differ."""

from __future__ import annotations

from typing import Any

import pytest

from dalang.cassette.exchange import RecordedRequest
from dalang.cassette.question import differences, nearest, question, shortened

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"

BODY: dict[str, Any] = {"model": "m", "input": {"prompt": "a cat"}, "parameters": {"duration": 5, "watermark": True}}


def create(body: Any = None, path: str = CREATE, **query: str) -> RecordedRequest:
    return RecordedRequest(method="POST", path=path, query=query, body=BODY if body is None else body)


def changed(**parts: dict[str, Any]) -> dict[str, Any]:
    return BODY | {name: BODY[name] | part for name, part in parts.items()}


@pytest.mark.parametrize(
    "same",
    [
        create({"parameters": {"watermark": True, "duration": 5}, "input": {"prompt": "a cat"}, "model": "m"}),
        create(changed(parameters={"duration": 5.0})),
        create(changed(input={"audio_url": None})),
        create(changed(input={"extend_prompt": True, "function": "video-synthesis"}, parameters={"with_audio": False})),
        create(path="/api/v1/services/aigc/image2video/video-synthesis"),
        create(size="1280*720"),
    ],
    ids=["order", "5.0", "null", "what SDKs add", "path", "query"],
)
def test_creates_that_mean_the_same_are_equal(same: RecordedRequest) -> None:
    assert question(same).key == question(create()).key


@pytest.mark.parametrize(
    "other",
    [
        create(changed(input={"prompt": "a dog"})),
        create(changed(parameters={"watermark": 1})),
        create(changed(parameters={"duration": "5"})),
        create(changed(parameters={"duration": 5.5})),
        create(changed(input={"unknown": "field"})),
        create(path="/api/v1/services/aigc/text2image/image-synthesis"),
        create("no JSON"),
    ],
)
def test_creates_that_differ_are_not_equal(other: RecordedRequest) -> None:
    assert question(other).key != question(create()).key


def asked(method: str, path: str, **query: str) -> RecordedRequest:
    return RecordedRequest(method=method, path=path, query=query)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (asked("GET", "/api/v1/tasks/t"), asked("GET", "/api/v1/tasks/t/", wait="30")),
        (asked("POST", "/api/v1/tasks/t/cancel"), asked("GET", "/api/v1/tasks/t/cancel/")),
        (asked("GET", "/api/v1/tasks"), asked("GET", "/api/v1/tasks/", start_time="20261121000000")),
        (asked("GET", "/api/v1/models"), asked("GET", "/api/v1/models/")),
    ],
    ids=["query", "cancel", "list", "other"],
)
def test_other_calls_are_equal_but_for_what_does_not_count(one: RecordedRequest, other: RecordedRequest) -> None:
    assert question(one).key == question(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (asked("GET", "/api/v1/tasks/t"), asked("GET", "/api/v1/tasks/u")),
        (asked("GET", "/api/v1/tasks"), asked("GET", "/api/v1/tasks", page_no="2")),
        (asked("POST", "/api/v1/tasks/t/retry"), asked("POST", "/api/v1/tasks/u/retry")),
        (asked("GET", "/api/v1/uploads", model="a"), asked("GET", "/api/v1/uploads", model="b")),
    ],
    ids=["task", "page", "path", "model"],
)
def test_other_calls_differ_by_what_they_are_about(one: RecordedRequest, other: RecordedRequest) -> None:
    assert question(one).key != question(other).key


def test_differences_name_fields_with_both_values() -> None:
    ours = question(create(changed(input={"prompt": "a dog"}, parameters={"size": "832*480"})))
    assert list(map(str, differences(ours, question(create())))) == [
        'input.prompt (recorded "a cat", asked "a dog")',
        'parameters.size (recorded absent, asked "832*480")',
    ]


def test_the_nearest_has_the_fewest_differences_and_then_the_likest_text() -> None:
    near = question(create(changed(input={"prompt": "a cat that sleeps"})))
    far = [question(create(changed(input={"prompt": "the sea"}))), question(create({"model": "m"}))]
    assert nearest(question(create(changed(input={"prompt": "a cat that sleeps long"}))), [*far, near]) is near
    assert nearest(question(asked("GET", "/api/v1/tasks")), far) is None


def test_long_values_are_shown_where_they_part() -> None:
    one, other = shortened("a" * 200 + "b" + "c" * 200, "a" * 200 + "d" + "c" * 200)
    assert one == "…" + "a" * 20 + "b" + "c" * 39 + "…"
    assert other == one.replace("b", "d")
    assert shortened("short", None) == ("short", "absent")
