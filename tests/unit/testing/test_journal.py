"""What the journal's calls come to."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dalang.testbed.call import Call
from dalang.testing import contains
from dalang.testing.journal import call_lines, created, refused, sift
from tests.samples import TEXT
from tests.unit.testing import samples

CALLS = [
    samples.created(1, prompt="a red fox"),
    samples.created(2, prompt="a grey wolf", model="wan2.5-t2v-preview"),
    samples.refused(3, "a brown bear"),
    samples.queried(4, "t2"),
    samples.queried(5, "t1", status=None, faults=(1, 2)),
]


def test_requests_are_those_of_created_tasks() -> None:
    assert [request.prompt for request in created(CALLS)] == ["a red fox", "a grey wolf"]


def test_an_order_that_was_sent_twice_is_one_task() -> None:
    assert len(created([CALLS[0], CALLS[0]])) == 1


def test_an_order_that_was_sent_again_under_its_key_is_the_first_ones_request() -> None:
    again = msgspec.structs.replace(samples.created(4), task_id="t1", request=None)
    assert [request.prompt for request in created([CALLS[0], again])] == ["a red fox"]


def test_an_order_of_which_no_task_came_is_no_request() -> None:
    assert created([msgspec.structs.replace(CALLS[0], task_id=None)]) == []


def test_refused_are_creates_without_a_task() -> None:
    dropped = samples.created(6)
    assert [call.number for call in refused([*CALLS, dropped])] == [3]


@pytest.mark.parametrize(
    ("about", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"call": "query"}, [4, 5]),
        ({"method": "get"}, [4, 5]),
        ({"path": "/api/v1/tasks/*"}, [4, 5]),
        ({"path": "/api/v1/tasks/t2/"}, [4]),
        ({"task_id": "t2"}, [2, 4]),
        ({"model": "wan2.5-*"}, [2, 3, 4]),
        ({"prompt": "fox|bear"}, [1, 3, 5]),
        ({"call": "create", "model": "wan2.6-*"}, [1]),
    ],
)
def test_calls_are_sifted_by_themselves_and_by_their_tasks(about: dict[str, Any], numbers: list[int]) -> None:
    assert [call.number for call in sift(CALLS, about)] == numbers


def test_a_refused_order_in_openai_s_style_is_known_by_what_it_said() -> None:
    body = {"model": "sora-2", "prompt": "a brown bear"}
    call = msgspec.structs.replace(CALLS[2], path="/v1/videos", body=body)
    assert sift([call], {"prompt": "bear", "model": "sora-*"}) == [call]


def test_what_calls_are_not_told_apart_by_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"Calls have no colour; .* by call, method, path, model, prompt, task_id\."):
        sift(CALLS, {"colour": "red"})


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"call": "poll"}, "call must be 'create', 'query', 'events', 'list', 'cancel', 'retry', 'delete', 'policy', "),
        ({"model": contains("wan")}, "model must be text, not contains('wan')."),
        ({"prompt": "(fox"}, "prompt must be a regular expression, and '(fox' is none: "),
    ],
)
def test_what_no_call_can_be_is_an_error_even_where_there_are_none(about: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as error:
        sift([], about)
    assert str(error.value).startswith(said)


def test_a_call_is_one_line() -> None:
    assert [line.split() for line in call_lines(CALLS[2:])] == [
        ["3", "create", "429", "Throttling", samples.CREATE],
        ["4", "query", "200", "t2"],
        ["5", "query", "dropped", "t1", "(fault", "1,", "2)"],
    ]


def test_a_task_made_by_retry_counts_as_created() -> None:
    again = Call(number=3, at=0, call="retry", method="POST", path="/api/v1/tasks/t/retry", task_id="u", request=TEXT)
    assert created([again]) == [TEXT]
